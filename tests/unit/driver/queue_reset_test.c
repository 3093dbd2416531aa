/* SPDX-License-Identifier: MIT */
/*
 * A queue that the driver resets on its own (virtio 1.2, 2.6.1): it comes back
 * with as many entries or fewer, and what goes wrong takes the device down.
 */
#include <errno.h>

#include "tests/shim/gtest_c.h"
#include "tests/unit/driver/rig.h"

#define F_RING_RESET (1ull << 40)

static struct rig *booted(const struct rig_options *o)
{
	struct rig *r = rig_open(o);

	if (r)
		EXPECT_EQ(0, rig_boot(r));
	return r;
}

static uint64_t last_write(const struct rig *r, uint64_t offset)
{
	uint64_t values[64];
	size_t n = rig_writes(r, offset, values, 64);

	return n && n <= 64 ? values[n - 1] : UINT64_MAX;
}

TEST(driver_queue_reset, comes_back_as_it_was)
{
	struct rig *r = booted(NULL);
	uint64_t enables[8];

	ASSERT_TRUE(r);
	EXPECT_EQ(0, rig_do(r, "blk.read", "depth=5"));
	EXPECT_EQ(0, rig_do(r, "blk.reset-queue", "queue=0"));
	EXPECT_EQ(1, last_write(r, 0x3a));
	EXPECT_EQ(64, last_write(r, 0x18));
	EXPECT_EQ(1, last_write(r, 0x1a));
	EXPECT_EQ(2, rig_writes(r, 0x1c, enables, 8));
	EXPECT_EQ(2, rig_writes(r, 0x20, enables, 8));
	EXPECT_EQ(0, rig_do(r, "blk.write", "pattern=3,depth=5"));
	EXPECT_EQ(0, rig_do(r, "blk.read", "depth=5"));
	rig_close(r);
}

TEST(driver_queue_reset, and_smaller_and_larger_again)
{
	struct rig_options o = RIG_DEFAULTS;
	static const char *const sizes[] = {
		"queue=1,entries=64", "queue=1,entries=256", "queue=1,entries=128"
	};
	struct rig *r;
	size_t i;

	o.queues = 2;
	o.queue_size = 256;
	r = booted(&o);
	ASSERT_TRUE(r);
	for (i = 0; i < 3; i++) {
		TEST_ROW("%s", sizes[i]);
		EXPECT_EQ(0, rig_do(r, "blk.reset-queue", sizes[i]));
		EXPECT_EQ(i == 0 ? 64 : i == 1 ? 256 : 128,
			  last_write(r, 0x18));
		EXPECT_EQ(0, rig_do(r, "blk.read", "chunk=1,depth=64"));
	}
	rig_close(r);
}

/* Each row: nothing has happened to the queue. */
TEST(driver_queue_reset, what_cannot_be_is_refused)
{
	static const struct {
		const char *args;
		uint64_t withhold;
		int error;
	} rows[] = {
		{ "queue=1", 0, -EINVAL },
		{ "queue=-1", 0, -EINVAL },
		{ "queue=0,entries=32", 0, -EINVAL },  /* 64 requests */
		{ "queue=0,entries=128", 0, -EINVAL },
		{ "queue=0,entries=96", 0, -EINVAL },
		{ "queue=0,entries=-1", 0, -EINVAL },
		{ "queue=0,entries=65600", 0, -EINVAL },
		{ "queue=0", F_RING_RESET, -EOPNOTSUPP },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct rig_options o = RIG_DEFAULTS;
		struct rig *r;
		uint64_t value;

		TEST_ROW("%s", rows[i].args);
		o.withhold = rows[i].withhold;
		r = booted(&o);
		ASSERT_TRUE(r);
		EXPECT_EQ(rows[i].error,
			  rig_do(r, "blk.reset-queue", rows[i].args));
		EXPECT_EQ(0, rig_writes(r, 0x3a, &value, 1));
		EXPECT_EQ(0, rig_do(r, "blk.read", NULL));
		rig_close(r);
	}
}

/* ---- the device does not do it ---- */

static uint64_t never_ends(struct meddler *m, uint32_t bar, uint64_t offset,
			   uint32_t width, uint64_t value)
{
	(void)m;
	(void)width;
	return bar == RIG_BAR && offset == 0x3a ? 1 : value;
}

static uint64_t stays_enabled(struct meddler *m, uint32_t bar, uint64_t offset,
			      uint32_t width, uint64_t value)
{
	(void)m;
	(void)width;
	return bar == RIG_BAR && offset == 0x1c ? 1 : value;
}

static uint64_t refuses_vector(struct meddler *m, uint32_t bar, uint64_t offset,
			       uint32_t width, uint64_t value)
{
	(void)m;
	(void)width;
	return bar == RIG_BAR && offset == 0x1a ? 0xffff : value;
}

static uint64_t is_slow(struct meddler *m, uint32_t bar, uint64_t offset,
			uint32_t width, uint64_t value)
{
	unsigned int *reads = m->arg;

	(void)width;
	return bar == RIG_BAR && offset == 0x3a && ++*reads < 40 ? 1 : value;
}

TEST(driver_queue_reset, one_that_takes_its_time_is_waited_for)
{
	struct rig *r = booted(NULL);
	unsigned int reads = 0;

	ASSERT_TRUE(r);
	r->dev->on_bar_read = is_slow;
	r->dev->arg = &reads;
	EXPECT_EQ(0, rig_do(r, "blk.reset-queue", "queue=0"));
	EXPECT_EQ(40, reads);
	EXPECT_EQ(0, rig_do(r, "blk.read", NULL));
	rig_close(r);
}

TEST(driver_queue_reset, an_error_takes_the_device_down_until_it_is_bound_again)
{
	static const struct {
		uint64_t (*how)(struct meddler *m, uint32_t bar,
				uint64_t offset, uint32_t width,
				uint64_t value);
		int error;
	} rows[] = {
		{ never_ends, -ETIMEDOUT },
		{ stays_enabled, -EIO },
		{ refuses_vector, -EBUSY },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct rig *r = booted(NULL);

		TEST_ROW("%d", rows[i].error);
		ASSERT_TRUE(r);
		r->dev->on_bar_read = rows[i].how;
		EXPECT_EQ(rows[i].error,
			  rig_do(r, "blk.reset-queue", "queue=0"));
		EXPECT_EQ(rows[i].error, rig_do(r, "blk.read", NULL));
		EXPECT_EQ(rows[i].error,
			  rig_do(r, "blk.reset-queue", "queue=0"));
		r->dev->on_bar_read = NULL;
		EXPECT_EQ(0, rig_do(r, "driver.unbind", NULL));
		EXPECT_EQ(0, rig_do(r, "driver.bind", NULL));
		EXPECT_EQ(0, rig_do(r, "blk.read", NULL));
		rig_close(r);
	}
}
