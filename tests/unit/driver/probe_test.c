/* SPDX-License-Identifier: MIT */
/*
 * Bringing the device up: the order of virtio 1.2, 3.1.1 and 4.1.5.1 as the
 * device sees it, and probes that fail.
 */
#include <errno.h>
#include <string.h>

#include "tests/shim/gtest_c.h"
#include "tests/unit/driver/rig.h"

#define F_INDIRECT (1ull << 28)
#define F_EVENT_IDX (1ull << 29)
#define F_VERSION_1 (1ull << 32)

/* 3.1.1: reset, ACKNOWLEDGE 1, DRIVER 2, FEATURES_OK 8, DRIVER_OK 4. */
TEST(driver_probe, status_goes_up_in_the_order_of_the_specification)
{
	static const uint64_t steps[] = { 0, 1, 3, 0xb, 0xf };
	struct rig *r = rig_open(NULL);
	uint64_t v[16] = { 0 };

	ASSERT_TRUE(r);
	EXPECT_EQ(0, rig_boot(r));
	EXPECT_EQ(5, rig_writes(r, 0x14, v, 16));
	EXPECT_MEMEQ(steps, v, sizeof(steps));
	EXPECT_TRUE(flat_logged(r->fm, "64 sectors, 1 queue"));
	rig_close(r);
}

TEST(driver_probe, both_halves_of_the_features_are_written_once)
{
	struct rig *r = rig_open(NULL);
	uint64_t select[4], bits[4];

	ASSERT_TRUE(r);
	EXPECT_EQ(0, rig_boot(r));
	EXPECT_EQ(2, rig_writes(r, 0x08, select, 4));
	EXPECT_EQ(2, rig_writes(r, 0x0c, bits, 4));
	EXPECT_EQ(0, select[0]);
	EXPECT_EQ(1, select[1]);
	EXPECT_EQ(F_INDIRECT | F_EVENT_IDX, bits[0] & 0x30000000);
	EXPECT_EQ(0x101, bits[1]); /* VERSION_1, RING_RESET */
	rig_close(r);
}

/* 2.2.1: bits that nobody here understands are not accepted. */
static uint64_t offer_everything(struct meddler *m, uint32_t bar,
				 uint64_t offset, uint32_t width,
				 uint64_t value)
{
	(void)m;
	(void)width;
	return bar == 4 && offset == 0x04 ? 0xffffffff : value;
}

TEST(driver_probe, accepts_only_what_it_understands)
{
	struct rig *r = rig_open(NULL);
	uint64_t bits[4] = { 0 };

	ASSERT_TRUE(r);
	r->dev->on_bar_read = offer_everything;
	rig_boot(r);
	EXPECT_EQ(2, rig_writes(r, 0x0c, bits, 4));
	/* SIZE_MAX, SEG_MAX, RO, BLK_SIZE, FLUSH, MQ, DISCARD, WRITE_ZEROES,
	 * LIFETIME, SECURE_ERASE, INDIRECT, EVENT_IDX */
	EXPECT_EQ(0x3001f266, bits[0]);
	/* VERSION_1, ACCESS_PLATFORM, IN_ORDER, ORDER_PLATFORM,
	 * NOTIFICATION_DATA, NOTIF_CONFIG_DATA, RING_RESET */
	EXPECT_EQ(0x1db, bits[1]);
	rig_close(r);
}

/* 4.1.5.2: with NOTIF_CONFIG_DATA (39) a kick says what queue_notify_data reads,
 * which is 0x4000 for queue 0 of this device. */
TEST(driver_probe, kicks_say_what_the_device_wants)
{
	struct rig_options o = RIG_DEFAULTS;
	struct rig *r;
	uint64_t kick = 0;

	o.offer = 1ull << 39;
	r = rig_open(&o);
	ASSERT_TRUE(r);
	EXPECT_EQ(0, rig_boot(r));
	EXPECT_EQ(0, rig_do(r, "blk.read", NULL));
	EXPECT_GT(rig_writes(r, 0x3000, &kick, 1), 0);
	EXPECT_EQ(0x4000, kick);
	rig_close(r);
}

/* 2.9: with NOTIFICATION_DATA (38) the upper half says where the next available
 * entry will be; the lower one is what it is without. */
TEST(driver_probe, kicks_say_how_far_the_ring_is)
{
	struct rig_options o = RIG_DEFAULTS;
	struct rig *r;
	uint64_t kicks[2] = { 0 };

	o.offer = 1ull << 38 | 1ull << 39;
	r = rig_open(&o);
	ASSERT_TRUE(r);
	EXPECT_EQ(0, rig_boot(r));
	EXPECT_EQ(0, rig_do(r, "blk.read", "sectors=1"));
	EXPECT_EQ(0, rig_do(r, "blk.read", "sectors=1"));
	EXPECT_EQ(2, rig_writes(r, 0x3000, kicks, 2));
	EXPECT_EQ(0x14000, kicks[0]);
	EXPECT_EQ(0x24000, kicks[1]);
	rig_close(r);
}

/* 3.1.1, 4.1.4.3.2: no kick before DRIVER_OK; size, vector and addresses before
 * queue_enable, which is never written 0. */
TEST(driver_probe, queue_is_described_before_it_is_enabled)
{
	static const uint64_t described[] = { 0x18, 0x1a, 0x20, 0x24, 0x28,
					      0x2c, 0x30, 0x34 };
	struct rig *r = rig_open(NULL);
	size_t i, k, seen = 0, enabled = 0;
	bool driver_ok = false;

	ASSERT_TRUE(r);
	EXPECT_EQ(0, rig_boot(r));
	EXPECT_EQ(0, rig_do(r, "blk.read", "sectors=1"));
	for (i = 0; i < r->dev->nwrites; i++) {
		const struct meddler_write *w = &r->dev->writes[i];

		if (w->bar != 4)
			continue;
		for (k = 0; k < 8; k++)
			seen += w->offset == described[k];
		if (w->offset == 0x1c) {
			EXPECT_EQ(1, w->value);
			EXPECT_EQ(8, seen);
			EXPECT_TRUE(!driver_ok);
			enabled++;
		}
		driver_ok |= w->offset == 0x14 && (w->value & 4);
		if (w->offset >= 0x3000)
			EXPECT_TRUE(driver_ok);
	}
	EXPECT_EQ(1, enabled);
	rig_close(r);
}

/* 4.1.3.1: each field by its own width, 64-bit ones as two halves. */
TEST(driver_probe, registers_are_written_by_their_width)
{
	struct rig *r = rig_open(NULL);
	size_t i;

	ASSERT_TRUE(r);
	EXPECT_EQ(0, rig_boot(r));
	for (i = 0; i < r->dev->nwrites; i++) {
		const struct meddler_write *w = &r->dev->writes[i];

		if (w->bar != 4)
			continue;
		if (w->offset == 0x14)
			EXPECT_EQ(1, w->width);
		else if (w->offset < 0x10 ||
			 (w->offset >= 0x20 && w->offset < 0x38))
			EXPECT_EQ(4, w->width);
		else
			EXPECT_EQ(2, w->width);
	}
	rig_close(r);
}

TEST(driver_probe, refused_features_end_in_failed)
{
	struct rig *r = rig_open(NULL);
	uint64_t v[16] = { 0 };

	ASSERT_TRUE(r);
	flat_fault(r->fm, "device.features_ok", RIG_BDF, 1, 1, 0);
	EXPECT_EQ(-ENODEV, rig_boot(r));
	EXPECT_EQ(5, rig_writes(r, 0x14, v, 16));
	EXPECT_EQ(0x0b, v[3]);
	EXPECT_EQ(0x83, v[4]);
	EXPECT_EQ(0, flat_live(r->fm, MACHINE_RES_IRQ_VECTOR));
	rig_close(r);
}

TEST(driver_probe, modern_device_without_version_1_is_refused)
{
	struct rig_options o = RIG_DEFAULTS;
	struct rig *r;

	o.withhold = F_VERSION_1;
	r = rig_open(&o);
	ASSERT_TRUE(r);
	EXPECT_EQ(-EINVAL, rig_boot(r));
	EXPECT_TRUE(flat_logged(r->fm, "VIRTIO_F_VERSION_1"));
	rig_close(r);
}

static bool hold_reset;

static uint64_t reset_hangs(struct meddler *m, uint32_t bar, uint64_t offset,
			    uint32_t width, uint64_t value)
{
	(void)m;
	(void)width;
	return hold_reset && bar == 4 && offset == 0x14 ? value | 1 : value;
}

/* 2.4.2: the driver waits for 0; one that never comes does not hang it, and the
 * device is kept off the bus. */
TEST(driver_probe, reset_that_never_ends_times_out)
{
	struct rig *r = rig_open(NULL);
	uint32_t command;

	ASSERT_TRUE(r);
	hold_reset = true;
	r->dev->on_bar_read = reset_hangs;
	EXPECT_EQ(-ETIMEDOUT, rig_boot(r));
	command = r->dev->inner->ops->config_read(r->dev->inner, 4, 2);
	EXPECT_EQ(0, command & 4);
	EXPECT_TRUE(flat_logged(r->fm, "reset does not end"));
	rig_close(r);
}

/* A slow reset is only slow. */
static unsigned int slow_reads;

static uint64_t reset_is_slow(struct meddler *m, uint32_t bar, uint64_t offset,
			      uint32_t width, uint64_t value)
{
	(void)m;
	(void)width;
	if (bar != 4 || offset != 0x14 || value || !slow_reads)
		return value;
	slow_reads--;
	return 0x0f;
}

TEST(driver_probe, slow_reset_is_waited_for)
{
	struct rig *r = rig_open(NULL);

	ASSERT_TRUE(r);
	slow_reads = 200;
	r->dev->on_bar_read = reset_is_slow;
	EXPECT_EQ(0, rig_boot(r));
	EXPECT_EQ(0, slow_reads);
	EXPECT_EQ(0, rig_do(r, "blk.read", NULL));
	rig_close(r);
}

/* ---- queues as the device should not offer them ---- */

static uint64_t odd_register, odd_value;

static uint64_t show_odd(struct meddler *m, uint32_t bar, uint64_t offset,
			 uint32_t width, uint64_t value)
{
	(void)m;
	(void)width;
	return bar == 4 && offset == odd_register ? odd_value : value;
}

static const struct {
	const char *name;
	uint64_t offset, value;
	int result;
} odd_registers[] = {
	{ "queue_size 0", 0x18, 0, -ENOENT },
	{ "queue_size 3", 0x18, 3, -EINVAL },
	{ "queue_size 65535", 0x18, 65535, -EINVAL },
	{ "queue_size 2", 0x18, 2, -EINVAL },
	{ "queue_size 1", 0x18, 1, -EINVAL },
	{ "queue_enable 1", 0x1c, 1, -ENOENT },
	{ "num_queues 0", 0x12, 0, -ENOENT },
	{ "queue_notify_off 65535", 0x1e, 65535, -EINVAL },
};

TEST(driver_probe, impossible_queue_fails_the_probe)
{
	size_t i;

	for (i = 0; i < sizeof(odd_registers) / sizeof(odd_registers[0]);
	     i++) {
		struct rig *r = rig_open(NULL);

		TEST_ROW("%s", odd_registers[i].name);
		ASSERT_TRUE(r);
		odd_register = odd_registers[i].offset;
		odd_value = odd_registers[i].value;
		r->dev->on_bar_read = show_odd;
		EXPECT_EQ(odd_registers[i].result, rig_boot(r));
		EXPECT_EQ(0, flat_live(r->fm, MACHINE_RES_IRQ_VECTOR));
		EXPECT_EQ(0, flat_live(r->fm, MACHINE_RES_DMA_MAPPING));
		rig_close(r);
	}
}

/* ---- memory refused, call by call ---- */

/* Every allocation that boot makes after the nth fails in turn: the device is
 * bound or not, nothing is lost (rig_close looks), nothing crashes. */
TEST(driver_probe, each_refused_allocation_is_survived)
{
	struct rig_options o = RIG_DEFAULTS;
	uint64_t nth, failed = 0, bound = 0;
	size_t rule;

	o.queues = 2;
	for (nth = 1; nth < 1000; nth++) {
		struct rig *r = rig_open(&o);
		uint64_t hits;

		ASSERT_TRUE(r);
		TEST_ROW("allocation %d", (int)nth);
		rule = flat_fault(r->fm, "guest.mem.alloc", RIG_BDF, nth, 1,
				  ENOMEM);
		if (rig_boot(r))
			failed++;
		else
			bound++;
		hits = flat_fault_hits(r->fm, rule);
		rig_close(r);
		if (!hits)
			break;
	}
	EXPECT_GT(nth, 8);
	EXPECT_LT(nth, 1000);
	EXPECT_GT(failed, 0);
	EXPECT_GT(bound, 1);
}

/* The same for each DMA mapping and each register window. */
TEST(driver_probe, each_refused_service_is_survived)
{
	static const char *const points[] = {
		"guest.pci.enable_device", "guest.pci.request_region",
		"guest.pci.iomap",
	};
	size_t i;

	for (i = 0; i < 3; i++) {
		uint64_t nth;

		TEST_ROW("%s", points[i]);
		for (nth = 1; nth < 100; nth++) {
			struct rig *r = rig_open(NULL);
			size_t rule;
			int err;

			ASSERT_TRUE(r);
			rule = flat_fault(r->fm, points[i], RIG_BDF, nth, 1,
					  ENOMEM);
			err = rig_boot(r);
			if (flat_fault_hits(r->fm, rule))
				EXPECT_EQ(-ENOMEM, err);
			else
				nth = 100;
			rig_close(r);
		}
		EXPECT_EQ(101, nth);
	}
}
