/* SPDX-License-Identifier: MIT */
/*
 * Coming and going: unbind and bind, configuration changes, surprise removal,
 * a device that asks for a reset.
 */
#include <errno.h>

#include "tests/shim/gtest_c.h"
#include "tests/unit/driver/rig.h"

TEST(driver_life, bound_and_unbound_ten_times)
{
	struct rig *r = rig_open(NULL);
	size_t before, after;
	int i;

	ASSERT_TRUE(r);
	EXPECT_EQ(0, rig_boot(r));
	before = flat_live(r->fm, MACHINE_RES_COUNT);
	for (i = 0; i < 10; i++) {
		TEST_ROW("round %d", i);
		EXPECT_EQ(0, rig_do(r, "blk.read", NULL));
		EXPECT_EQ(0, rig_do(r, "driver.unbind", NULL));
		EXPECT_EQ(0, flat_live(r->fm, MACHINE_RES_IRQ_HANDLER));
		EXPECT_EQ(0, flat_live(r->fm, MACHINE_RES_DMA_MAPPING));
		EXPECT_EQ(0, flat_live(r->fm, MACHINE_RES_ENABLE));
		EXPECT_EQ(-ENODEV, rig_do(r, "blk.read", NULL));
		EXPECT_EQ(0, rig_do(r, "driver.bind", NULL));
		EXPECT_STREQ("msix-per-queue", rig_rung(r));
	}
	after = flat_live(r->fm, MACHINE_RES_COUNT);
	EXPECT_EQ(before, after);
	EXPECT_EQ(0, rig_do(r, "blk.read", NULL));
	rig_close(r);
}

/* A rung lost at one bind is there again at the next. */
TEST(driver_life, the_ladder_starts_anew_with_each_bind)
{
	struct rig *r = rig_open(NULL);

	ASSERT_TRUE(r);
	flat_fault(r->fm, "guest.pci.alloc_irq_vectors", RIG_BDF, 1, 2,
		   ENOSPC);
	EXPECT_EQ(0, rig_boot(r));
	EXPECT_STREQ("intx", rig_rung(r));
	EXPECT_EQ(0, rig_do(r, "driver.unbind", NULL));
	EXPECT_EQ(0, rig_do(r, "driver.bind", NULL));
	EXPECT_STREQ("msix-per-queue", rig_rung(r));
	EXPECT_EQ(0, rig_do(r, "blk.read", NULL));
	rig_close(r);
}

TEST(driver_life, device_is_reset_when_the_driver_leaves)
{
	struct rig *r = rig_open(NULL);
	uint64_t v[32] = { 0 };
	size_t n, accesses;

	ASSERT_TRUE(r);
	EXPECT_EQ(0, rig_boot(r));
	EXPECT_EQ(0, rig_do(r, "blk.read", NULL));
	EXPECT_EQ(0, rig_do(r, "driver.unbind", NULL));
	n = rig_writes(r, 0x14, v, 32);
	EXPECT_EQ(6, n);
	EXPECT_EQ(0, v[5]);
	accesses = r->dev->dma_accesses;
	EXPECT_EQ(0, flat_settle(r->fm));
	EXPECT_EQ(accesses, r->dev->dma_accesses);
	rig_close(r);
}

TEST(driver_life, pulled_out_and_unbound)
{
	struct rig *r = rig_open(NULL);

	ASSERT_TRUE(r);
	EXPECT_EQ(0, rig_boot(r));
	EXPECT_EQ(0, rig_do(r, "blk.read", NULL));
	flat_unplug(r->fm, RIG_BDF);
	EXPECT_EQ(0, rig_do(r, "driver.unbind", NULL));
	EXPECT_EQ(0, flat_live(r->fm, MACHINE_RES_IRQ_HANDLER));
	rig_close(r);
}

TEST(driver_life, pulled_out_and_shut_down)
{
	struct rig *r = rig_open(NULL);

	ASSERT_TRUE(r);
	EXPECT_EQ(0, rig_boot(r));
	flat_unplug(r->fm, RIG_BDF);
	rig_close(r);
}

/* ---- configuration changes ---- */

static uint64_t shown_capacity, shown_status;
static bool isr_config;

static uint64_t show_change(struct meddler *m, uint32_t bar, uint64_t offset,
			    uint32_t width, uint64_t value)
{
	(void)width;
	if (bar != 4)
		return value;
	if (offset == 0x2000 && shown_capacity)
		return shown_capacity;
	if (offset == 0x14 && value)
		return value | shown_status;
	if (offset != 0x1000 || !isr_config)
		return value;
	isr_config = false;
	m->outer->ops->intx(m->outer, 1, false);
	return value | 2;
}

static struct rig *open_for_change(void)
{
	struct rig_options o = RIG_DEFAULTS;
	struct rig *r;

	o.msix_entries = 0;
	r = rig_open(&o);
	shown_capacity = 0;
	shown_status = 0;
	isr_config = false;
	if (r) {
		r->dev->on_bar_read = show_change;
		EXPECT_EQ(0, rig_boot(r));
	}
	return r;
}

static void change(struct rig *r)
{
	isr_config = true;
	r->dev->outer->ops->intx(r->dev->outer, 1, true);
	EXPECT_EQ(0, flat_settle(r->fm));
	EXPECT_TRUE(!isr_config);
}

TEST(driver_life, new_capacity_is_heard_of)
{
	struct rig *r = open_for_change();

	ASSERT_TRUE(r);
	EXPECT_EQ(0, rig_do(r, "blk.read", NULL));
	shown_capacity = 40;
	change(r);
	EXPECT_TRUE(flat_logged(r->fm,
				"capacity changed from 64 to 40 sectors"));
	EXPECT_EQ(0, rig_do(r, "blk.read", "chunk=40"));
	EXPECT_EQ(-EINVAL, rig_do(r, "blk.read", "sector=40,sectors=1"));
	rig_close(r);
}

TEST(driver_life, needs_reset_fails_what_comes_and_heals_by_a_new_bind)
{
	struct rig *r = open_for_change();

	ASSERT_TRUE(r);
	EXPECT_EQ(0, rig_do(r, "blk.read", NULL));
	shown_status = 0x40;
	change(r);
	EXPECT_TRUE(flat_logged(r->fm, "device needs a reset"));
	EXPECT_EQ(-EIO, rig_do(r, "blk.read", NULL));
	EXPECT_EQ(-EIO, rig_do(r, "blk.flush", NULL));
	shown_status = 0;
	EXPECT_EQ(0, rig_do(r, "driver.unbind", NULL));
	EXPECT_EQ(0, rig_do(r, "driver.bind", NULL));
	EXPECT_EQ(0, rig_do(r, "blk.read", NULL));
	rig_close(r);
}

/* 4.1.5.3: one interrupt may mean a configuration change and used buffers. */
static uint64_t both_bits(struct meddler *m, uint32_t bar, uint64_t offset,
			  uint32_t width, uint64_t value)
{
	(void)m;
	(void)width;
	return bar == 4 && offset == 0x1000 && value ? value | 2 : value;
}

TEST(driver_life, both_bits_of_isr_count)
{
	struct rig_options o = RIG_DEFAULTS;
	struct rig *r;

	o.msix_entries = 0;
	r = rig_open(&o);
	ASSERT_TRUE(r);
	r->dev->on_bar_read = both_bits;
	EXPECT_EQ(0, rig_boot(r));
	EXPECT_EQ(0, rig_do(r, "blk.read", NULL));
	rig_close(r);
}

/* A generation that never rests does not hold the driver up. */
static uint8_t generation;

static uint64_t restless(struct meddler *m, uint32_t bar, uint64_t offset,
			 uint32_t width, uint64_t value)
{
	(void)m;
	(void)width;
	return bar == 4 && offset == 0x15 ? generation++ : value;
}

TEST(driver_life, restless_configuration_is_given_up_on)
{
	struct rig *r = rig_open(NULL);

	ASSERT_TRUE(r);
	r->dev->on_bar_read = restless;
	EXPECT_EQ(0, rig_boot(r));
	EXPECT_TRUE(flat_logged(r->fm, "does not come to rest"));
	rig_close(r);
}

/* 2.5.1: a change between the halves of the capacity is read over. */
static unsigned int halves;

static uint64_t torn(struct meddler *m, uint32_t bar, uint64_t offset,
		     uint32_t width, uint64_t value)
{
	(void)m;
	(void)width;
	if (bar != 4)
		return value;
	if (offset == 0x2000)
		return halves++ ? value : 0xffffffff;
	return offset == 0x15 ? halves : value;
}

TEST(driver_life, torn_capacity_is_read_again)
{
	struct rig *r = rig_open(NULL);

	ASSERT_TRUE(r);
	halves = 0;
	r->dev->on_bar_read = torn;
	EXPECT_EQ(0, rig_boot(r));
	EXPECT_TRUE(flat_logged(r->fm, "64 sectors"));
	EXPECT_GE(halves, 2);
	rig_close(r);
}
