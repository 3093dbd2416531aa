/* SPDX-License-Identifier: MIT */
/*
 * A device that writes nonsense into the used ring or the status byte: the
 * driver fails requests, gives the queue up and stays alive; nothing crashes
 * and nothing is waited for in vain.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tests/shim/gtest_c.h"
#include "tests/unit/driver/rig.h"

/* The used ring's bus address, from what the driver wrote (4.1.4.3). */
static uint64_t used_ring(struct rig *r)
{
	uint64_t low[4], high[4];
	size_t n = rig_writes(r, 0x30, low, 4);

	if (!n || rig_writes(r, 0x34, high, 4) != n)
		return 0;
	return low[n - 1] | high[n - 1] << 32;
}

static struct {
	uint64_t used;
	bool on;
	uint32_t field;   /* 0: idx; 4: id; 8: len of an element; 1: status */
	uint32_t add;     /* to the value */
	bool set;         /* or the value itself */
} lie;

static uint32_t twist(uint32_t value)
{
	return lie.set ? lie.add : value + lie.add;
}

/* The model writes elements of 8 bytes, then the index of 2, and before them a
 * status byte. */
static bool twist_used(struct meddler *m, uint64_t addr, uint8_t *buf,
		       uint32_t len)
{
	uint32_t word;
	uint16_t idx;

	(void)m;
	if (!lie.on)
		return true;
	if (lie.field == 0 && addr == lie.used + 2 && len == 2) {
		memcpy(&idx, buf, 2);
		idx = (uint16_t)twist(idx);
		memcpy(buf, &idx, 2);
	} else if (lie.field >= 4 && addr >= lie.used + 4 && len == 8) {
		memcpy(&word, buf + lie.field - 4, 4);
		word = twist(word);
		memcpy(buf + lie.field - 4, &word, 4);
	} else if (lie.field == 1 && len == 1) {
		buf[0] = (uint8_t)twist(buf[0]);
	}
	return true;
}

static struct rig *lying(uint32_t field, bool set, uint32_t add)
{
	struct rig *r = rig_open(NULL);

	if (!r)
		return NULL;
	memset(&lie, 0, sizeof(lie));
	r->dev->on_dma_write = twist_used;
	EXPECT_EQ(0, rig_boot(r));
	EXPECT_EQ(0, rig_do(r, "blk.read", "sectors=8"));
	lie.used = used_ring(r);
	lie.field = field;
	lie.set = set;
	lie.add = add;
	lie.on = true;
	return r;
}

/* What a broken queue means: everything fails, until the device is bound anew
 * and behaves. */
static void expect_broken(struct rig *r, const char *logged)
{
	EXPECT_EQ(-EIO, rig_do(r, "blk.read", "depth=4"));
	EXPECT_TRUE(flat_logged(r->fm, logged));
	EXPECT_EQ(-EIO, rig_do(r, "blk.read", NULL));
	lie.on = false;
	EXPECT_EQ(0, rig_do(r, "driver.unbind", NULL));
	EXPECT_EQ(0, rig_do(r, "driver.bind", NULL));
	EXPECT_EQ(0, rig_do(r, "blk.read", NULL));
	rig_close(r);
}

TEST(driver_hostile, used_id_beyond_the_queue)
{
	struct rig *r = lying(4, true, 64);

	ASSERT_TRUE(r);
	expect_broken(r, "req.0: used id beyond the queue (64)");
}

TEST(driver_hostile, used_id_huge)
{
	struct rig *r = lying(4, true, 0xffffffff);

	ASSERT_TRUE(r);
	expect_broken(r, "used id beyond the queue");
}

TEST(driver_hostile, used_id_not_outstanding)
{
	struct rig *r = lying(4, true, 63);

	ASSERT_TRUE(r);
	expect_broken(r, "used id is not outstanding (63)");
}

TEST(driver_hostile, used_index_runs_ahead)
{
	struct rig *r = lying(0, false, 40);

	ASSERT_TRUE(r);
	expect_broken(r, "used index runs ahead");
}

TEST(driver_hostile, used_index_goes_back)
{
	struct rig *r = lying(0, false, 0xfff0);

	ASSERT_TRUE(r);
	expect_broken(r, "used index runs ahead");
}

/* A length beyond the buffer is cut: the data is there. */
TEST(driver_hostile, used_length_too_long)
{
	struct rig *r = lying(8, true, 0xffffffff);

	ASSERT_TRUE(r);
	EXPECT_EQ(0, rig_do(r, "blk.read", NULL));
	rig_close(r);
}

/* 2.7.8.2: what lies beyond the length is not to be believed, the status byte
 * included. */
TEST(driver_hostile, used_length_too_short)
{
	struct rig *r = lying(8, true, 0);

	ASSERT_TRUE(r);
	EXPECT_EQ(-EIO, rig_do(r, "blk.read", "sectors=8"));
	lie.on = false;
	EXPECT_EQ(0, rig_do(r, "blk.read", NULL));
	rig_close(r);
}

/* 5.2.6: 0 OK, 1 IOERR, 2 UNSUPP; no other is known. */
TEST(driver_hostile, status_bytes)
{
	static const struct {
		uint32_t status;
		int result;
	} rows[] = {
		{ 1, -EIO }, { 2, -EOPNOTSUPP }, { 3, -EIO }, { 255, -EIO },
	};
	size_t i;

	for (i = 0; i < 4; i++) {
		struct rig *r = lying(1, true, rows[i].status);

		TEST_ROW("status %u", rows[i].status);
		ASSERT_TRUE(r);
		EXPECT_EQ(rows[i].result,
			  rig_do(r, "blk.read", "sectors=8"));
		EXPECT_EQ(rows[i].result,
			  rig_do(r, "blk.write", "sectors=8"));
		/* What a failed write has done is unknown. */
		lie.on = false;
		EXPECT_EQ(0, rig_do(r, "blk.read", "sector=8"));
		rig_close(r);
	}
}

/* A status byte that is never written is no success. */
static bool lose_status(struct meddler *m, uint64_t addr, uint8_t *buf,
			uint32_t len)
{
	(void)m;
	(void)addr;
	(void)buf;
	return !(lie.on && len == 1);
}

TEST(driver_hostile, status_not_written)
{
	struct rig *r = lying(1, true, 0);

	ASSERT_TRUE(r);
	r->dev->on_dma_write = lose_status;
	EXPECT_EQ(-EIO, rig_do(r, "blk.read", "sectors=8"));
	rig_close(r);
}

/* An interrupt without news (2.7.7.1) is nothing. */
TEST(driver_hostile, interrupts_without_news)
{
	struct rig_options o = RIG_DEFAULTS;
	struct rig *r;
	int i;

	o.msix_entries = 0;
	r = rig_open(&o);
	ASSERT_TRUE(r);
	EXPECT_EQ(0, rig_boot(r));
	for (i = 0; i < 20; i++) {
		r->dev->outer->ops->intx(r->dev->outer, 1, true);
		r->dev->outer->ops->intx(r->dev->outer, 1, false);
		EXPECT_EQ(0, flat_settle(r->fm));
	}
	EXPECT_EQ(0, rig_do(r, "blk.read", NULL));
	rig_close(r);
}

/* A message that gets lost leaves the driver waiting for ever, which the machine
 * notices: the driver has no clock of its own. */
static bool lose_queue_messages(struct meddler *m, uint32_t vector)
{
	(void)m;
	return vector == 0;
}

TEST(driver_hostile, lost_message_is_a_hang_that_is_found)
{
	struct rig *r = rig_open(NULL);

	ASSERT_TRUE(r);
	EXPECT_EQ(0, rig_boot(r));
	r->dev->on_msi = lose_queue_messages;
	EXPECT_EQ(FLAT_HANG, rig_do(r, "blk.read", NULL));
	flat_destroy(r->fm);
	free(r);
}
