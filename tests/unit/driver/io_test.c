/* SPDX-License-Identifier: MIT */
/*
 * The workload's actions: data that arrives, limits that hold, queues that are
 * used, with every combination of ring features.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "tests/shim/gtest_c.h"
#include "tests/unit/driver/rig.h"

static struct rig *booted(const struct rig_options *o)
{
	struct rig *r = rig_open(o);

	if (r)
		EXPECT_EQ(0, rig_boot(r));
	return r;
}

/* ringside counts a note for each request. */
static size_t requests(const struct rig *r)
{
	return rig_notes(r, MACHINE_NOTE_REQUEST, NULL);
}

TEST(driver_io, reads_the_whole_medium)
{
	struct rig *r = booted(NULL);

	ASSERT_TRUE(r);
	EXPECT_EQ(0, rig_do(r, "blk.read", NULL));
	EXPECT_EQ(8, requests(r));
	EXPECT_EQ(0, rig_do(r, "blk.read", "sector=63"));
	EXPECT_EQ(9, requests(r));
	EXPECT_EQ(0, rig_do(r, "blk.read", "sector=3,sectors=10,chunk=4"));
	EXPECT_EQ(12, requests(r));
	rig_close(r);
}

TEST(driver_io, a_difference_is_found)
{
	struct rig *r = booted(NULL);

	ASSERT_TRUE(r);
	r->medium[20 * 512 + 5] ^= 1;
	EXPECT_EQ(0, rig_do(r, "blk.read", "sectors=20"));
	EXPECT_EQ(-EBADMSG, rig_do(r, "blk.read", NULL));
	EXPECT_EQ(0, rig_do(r, "blk.read", "verify=false"));
	EXPECT_EQ(1, r->bad);
	r->bad = 0;
	rig_close(r);
}

TEST(driver_io, what_is_written_is_read)
{
	struct rig *r = booted(NULL);
	uint8_t before[1024];

	ASSERT_TRUE(r);
	memcpy(before, r->medium + 16 * 512, sizeof(before));
	EXPECT_EQ(0, rig_do(r, "blk.write", "sector=16,sectors=2,pattern=1"));
	EXPECT_TRUE(memcmp(before, r->medium + 16 * 512, 1024));
	EXPECT_EQ(0, rig_do(r, "blk.read", NULL));
	memcpy(before, r->medium + 16 * 512, sizeof(before));
	EXPECT_EQ(0, rig_do(r, "blk.write", "sector=16,sectors=2,pattern=2"));
	EXPECT_TRUE(memcmp(before, r->medium + 16 * 512, 1024));
	EXPECT_EQ(0, rig_do(r, "blk.write", "pattern=3,depth=3,chunk=5"));
	EXPECT_EQ(0, rig_do(r, "blk.read", "depth=8,chunk=3"));
	rig_close(r);
}

TEST(driver_io, sectors_do_not_look_alike)
{
	struct rig *r = booted(NULL);
	size_t i, k;

	ASSERT_TRUE(r);
	EXPECT_EQ(0, rig_do(r, "blk.write", "pattern=0"));
	for (i = 0; i < RIG_SECTORS; i++)
		for (k = 0; k < i; k++)
			EXPECT_TRUE(memcmp(r->medium + i * 512,
					   r->medium + k * 512, 512));
	rig_close(r);
}

TEST(driver_io, bad_ranges_and_shapes_are_refused)
{
	static const char *const bad[] = {
		"sector=65", "sector=64,sectors=1", "sector=1,sectors=64",
		"sector=-1", "sectors=-1", "sectors=9223372036854775806",
		"sector=9223372036854775806,sectors=9223372036854775806",
		"chunk=0", "chunk=-8", "chunk=2049", "depth=0", "depth=1025",
		"queue=1", "queue=-2", "queue=4294967296",
	};
	struct rig *r = booted(NULL);
	size_t i;

	ASSERT_TRUE(r);
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		TEST_ROW("%s", bad[i]);
		EXPECT_EQ(-EINVAL, rig_do(r, "blk.read", bad[i]));
		EXPECT_EQ(-EINVAL, rig_do(r, "blk.write", bad[i]));
	}
	EXPECT_EQ(0, requests(r));
	EXPECT_EQ(0, rig_do(r, "blk.read", "sector=64"));
	EXPECT_EQ(0, requests(r));
	EXPECT_EQ(-ENODEV, flat_action(r->fm, "blk.read", "device=00:09.0"));
	rig_close(r);
}

TEST(driver_io, flush_and_id)
{
	struct rig *r = booted(NULL);

	ASSERT_TRUE(r);
	EXPECT_EQ(0, rig_do(r, "blk.flush", NULL));
	EXPECT_EQ(0, rig_do(r, "blk.id", "expect=ringside-test"));
	EXPECT_TRUE(flat_logged(r->fm, "id 'ringside-test'"));
	EXPECT_EQ(-EBADMSG, rig_do(r, "blk.id", "expect=another"));
	EXPECT_EQ(-EINVAL, rig_do(r, "blk.flush", "queue=7"));
	rig_close(r);
}

TEST(driver_io, no_flush_without_the_feature)
{
	struct rig_options o = RIG_DEFAULTS;
	struct rig *r;

	o.withhold = 1ull << 9 | 1ull << 11; /* CONFIG_WCE needs it */
	r = booted(&o);
	ASSERT_TRUE(r);
	EXPECT_EQ(-EOPNOTSUPP, rig_do(r, "blk.flush", NULL));
	EXPECT_EQ(0, requests(r));
	rig_close(r);
}

TEST(driver_io, read_only_device_is_not_written)
{
	struct rig_options o = RIG_DEFAULTS;
	struct rig *r;

	o.read_only = true;
	o.offer = 1ull << 5;
	r = booted(&o);
	ASSERT_TRUE(r);
	EXPECT_TRUE(flat_logged(r->fm, "read-only"));
	EXPECT_EQ(-EROFS, rig_do(r, "blk.write", "sectors=1"));
	EXPECT_EQ(0, requests(r));
	EXPECT_EQ(0, rig_do(r, "blk.read", NULL));
	rig_close(r);
}

static size_t kicks(const struct rig *r, uint32_t queue)
{
	size_t i, n = 0;

	for (i = 0; i < flat_records(r->fm); i++) {
		const struct flat_record *rec = flat_record(r->fm, i);

		if (rec->kind == FLAT_REC_MODEL && rec->event == MODEL_EV_KICK &&
		    rec->index == queue)
			n++;
	}
	return n;
}

TEST(driver_io, queues_take_turns_or_the_one_that_is_named)
{
	struct rig_options o = RIG_DEFAULTS;
	struct rig *r;

	o.queues = 4;
	r = booted(&o);
	ASSERT_TRUE(r);
	flat_records_clear(r->fm);
	EXPECT_EQ(0, rig_do(r, "blk.read", "chunk=16"));
	EXPECT_EQ(1, kicks(r, 0));
	EXPECT_EQ(1, kicks(r, 1));
	EXPECT_EQ(1, kicks(r, 2));
	EXPECT_EQ(1, kicks(r, 3));
	EXPECT_EQ(0, rig_do(r, "blk.read", "chunk=32,queue=2"));
	EXPECT_EQ(3, kicks(r, 2));
	EXPECT_EQ(1, kicks(r, 3));
	rig_close(r);
}

TEST(driver_io, max_queues_limits_what_is_used)
{
	static const struct machine_option two[] = {
		{ "max_queues", "2" }, { NULL, NULL }
	};
	struct rig_options o = RIG_DEFAULTS;
	struct rig *r;

	o.queues = 4;
	o.guest = two;
	r = booted(&o);
	ASSERT_TRUE(r);
	EXPECT_TRUE(flat_logged(r->fm, "2 queues"));
	EXPECT_EQ(3, flat_live(r->fm, MACHINE_RES_IRQ_VECTOR));
	EXPECT_EQ(-EINVAL, rig_do(r, "blk.read", "queue=2"));
	EXPECT_EQ(0, rig_do(r, "blk.read", "depth=8"));
	rig_close(r);
}

/* EVENT_IDX and INDIRECT_DESC, each with and without, on a ring so small that
 * requests wait for room, until its 16-bit indices have gone round: with a
 * device that serves each at once, and with one that finds many together. */
static void lap(uint64_t withhold, int64_t queue_size, unsigned int laps,
		uint64_t delay)
{
	struct rig_options o = RIG_DEFAULTS;
	struct rig *r;
	unsigned int i;

	o.withhold = withhold;
	o.queue_size = queue_size;
	r = booted(&o);
	ASSERT_TRUE(r);
	r->dev->lane_delay = delay;
	for (i = 0; i < laps; i++) {
		int err = rig_do(r, "blk.read", "chunk=1,depth=7");

		EXPECT_EQ(0, err);
		if (err)
			break;
	}
	EXPECT_EQ(laps * 64,
		  flat_counters(r->fm)->model_events[MODEL_EV_USED]);
	rig_close(r);
}

static void go_round(uint64_t withhold, int64_t queue_size)
{
	lap(withhold, queue_size, 1030, 0);
	lap(withhold, queue_size, 1030, 1000000);
}

#define INDIRECT (1ull << 28)
#define EVENT_IDX (1ull << 29)

TEST(driver_io, ring_with_both_features_goes_round)
{
	go_round(0, 8);
}

TEST(driver_io, ring_without_event_idx_goes_round)
{
	go_round(EVENT_IDX, 8);
}

TEST(driver_io, ring_without_indirect_goes_round)
{
	go_round(INDIRECT, 8);
}

TEST(driver_io, ring_without_either_goes_round)
{
	go_round(INDIRECT | EVENT_IDX, 4);
}

/* More in flight than the queue holds: the rest waits its turn. */
TEST(driver_io, deeper_than_the_queue)
{
	struct rig_options o = RIG_DEFAULTS;
	struct rig *r;

	o.withhold = INDIRECT;
	o.queue_size = 4;
	r = booted(&o);
	ASSERT_TRUE(r);
	r->dev->lane_delay = 1000000;
	EXPECT_EQ(0, rig_do(r, "blk.read", "chunk=1,depth=64"));
	EXPECT_EQ(64, requests(r));
	rig_close(r);
}

/* 5.2.3: SIZE_MAX, which the model does not have, offered in its place: data in
 * segments of at most 300 bytes, 5 of them. */
static uint32_t device_select, driver_select;

static uint64_t offer_size_max(struct meddler *m, uint32_t bar,
			       uint64_t offset, uint32_t width, uint64_t value)
{
	(void)m;
	(void)width;
	if (bar != 4)
		return value;
	if (offset == 0x04 && !device_select)
		return value | 2;
	if (offset == 0x2008)
		return 300;
	return offset == 0x200c ? 5 : value;
}

static bool hide_size_max(struct meddler *m, uint32_t bar, uint64_t offset,
			  uint32_t width, uint64_t *value)
{
	(void)m;
	(void)width;
	if (bar != 4)
		return true;
	if (offset == 0x00)
		device_select = (uint32_t)*value;
	if (offset == 0x08)
		driver_select = (uint32_t)*value;
	if (offset == 0x0c && !driver_select)
		*value &= ~2ull;
	return true;
}

static struct rig *with_size_max(uint64_t withhold, int64_t queue_size)
{
	struct rig_options o = RIG_DEFAULTS;
	struct rig *r;

	o.withhold = withhold;
	o.queue_size = queue_size;
	r = rig_open(&o);
	if (!r)
		return NULL;
	r->dev->on_bar_read = offer_size_max;
	r->dev->on_bar_write = hide_size_max;
	EXPECT_EQ(0, rig_boot(r));
	return r;
}

TEST(driver_io, segments_are_cut_to_size_max)
{
	static const struct {
		uint64_t withhold;
		int64_t queue_size;
		size_t sectors; /* of a request */
	} rows[] = {
		/* 5 segments of 300 bytes hold 2 sectors; a queue of 4 holds
		 * 2 segments beside header and status, and they hold one. */
		{ 0, 64, 2 }, { INDIRECT, 64, 2 },
		{ 0, 4, 1 }, { INDIRECT, 4, 1 },
	};
	size_t i;

	for (i = 0; i < 4; i++) {
		struct rig *r = with_size_max(rows[i].withhold,
					      rows[i].queue_size);

		TEST_ROW("row %d", (int)i);
		ASSERT_TRUE(r);
		EXPECT_EQ(0, rig_do(r, "blk.read", "chunk=8,depth=20"));
		EXPECT_EQ(64 / rows[i].sectors, requests(r));
		EXPECT_EQ(0, rig_do(r, "blk.write", "chunk=8,pattern=9"));
		EXPECT_EQ(0, rig_do(r, "blk.read", "chunk=8"));
		rig_close(r);
	}
}

TEST(driver_io, bounced_buffers_carry_the_data_too)
{
	static const struct machine_option bounce[] = {
		{ "dma", "bounce" }, { NULL, NULL }
	};
	struct rig_options o = RIG_DEFAULTS;
	struct rig *r;

	o.guest = bounce;
	r = booted(&o);
	ASSERT_TRUE(r);
	EXPECT_EQ(0, rig_do(r, "blk.read", NULL));
	EXPECT_EQ(0, rig_do(r, "blk.write", "pattern=5,depth=4"));
	EXPECT_EQ(0, rig_do(r, "blk.read", "depth=4"));
	EXPECT_EQ(0, rig_do(r, "blk.id", "expect=ringside-test"));
	rig_close(r);
}

/* Every mapping of a request refused in turn: that request fails, those around
 * it do not. */
TEST(driver_io, refused_mapping_fails_one_request)
{
	uint64_t nth;

	for (nth = 1; nth <= 6; nth++) {
		struct rig *r = booted(NULL);
		size_t rule;

		ASSERT_TRUE(r);
		TEST_ROW("mapping %d", (int)nth);
		EXPECT_EQ(0, rig_do(r, "blk.read", "sectors=8"));
		rule = flat_fault(r->fm, "guest.dma.map", RIG_BDF, nth, 1,
				  ENOMEM);
		EXPECT_EQ(-ENOMEM, rig_do(r, "blk.read", NULL));
		EXPECT_EQ(1, flat_fault_hits(r->fm, rule));
		EXPECT_EQ(0, rig_do(r, "blk.read", NULL));
		rig_close(r);
	}
}
