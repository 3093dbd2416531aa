/* SPDX-License-Identifier: MIT */
/*
 * Notifications of split virtqueues: each clause broken, and nearly.  Of a queue
 * of 8 the used ring's flags are at 0 and avail_event at 4 + 8 * 8.
 */
#include "tests/unit/clauses/page.h"

#define VERSION_1 (1ull << 32)
#define EVENT_IDX (1ull << 29)
#define LONG 1000000000ull /* 1 ms */

static void up(struct page_test *p, uint64_t features)
{
	page_open(p, &chapter_split_notify, 2, VERSION_1 | features);
	page_bring_up(p);
}

static void wish(struct page_test *p, unsigned int at, uint16_t value)
{
	page_put16(p, PAGE_DEVICE + at, value);
	page_dma_write(p, PAGE_DEVICE + at, 2);
}

static void offer(struct page_test *p)
{
	page_desc(p, 0, p->avail[0] % 8u, PAGE_BUFFER, 4, 2, 0);
	page_available(p, 0, p->avail[0] % 8u);
}

/* ---- what the driver asks for ---- */

TEST(split_notify, flags_of_the_available_ring)
{
	struct page_test p;

	up(&p, 0);
	page_put16(&p, PAGE_DRIVER, 1);
	offer(&p);
	page_kick(&p, 0);
	EXPECT_KEPT(&p, CLAUSE_SQ_UNOT_D1);
	EXPECT_EQ(0, p.found.count);
	page_put16(&p, PAGE_DRIVER, 2);
	offer(&p);
	page_fetch(&p, 0);
	EXPECT_BROKEN(&p, CLAUSE_SQ_UNOT_D1);
	page_close(&p);
}

TEST(split_notify, flags_of_the_available_ring_with_event_idx)
{
	struct page_test p;

	up(&p, EVENT_IDX);
	offer(&p);
	page_kick(&p, 0);
	EXPECT_KEPT(&p, CLAUSE_SQ_UNOT_D3);
	page_put16(&p, PAGE_DRIVER, 1);
	offer(&p);
	page_fetch(&p, 0);
	EXPECT_BROKEN(&p, CLAUSE_SQ_UNOT_D3);
	page_close(&p);
}

/* ---- what the device asks for ---- */

TEST(split_notify, flags_of_the_used_ring)
{
	struct page_test p;

	up(&p, 0);
	wish(&p, 0, 1);
	wish(&p, 0, 0);
	EXPECT_KEPT(&p, CLAUSE_SQ_ANOT_V1);
	EXPECT_EQ(0, p.found.count);
	wish(&p, 0, 2);
	EXPECT_BROKEN(&p, CLAUSE_SQ_ANOT_V1);
	page_close(&p);
}

TEST(split_notify, flags_of_the_used_ring_with_event_idx)
{
	struct page_test p;

	up(&p, EVENT_IDX);
	offer(&p);
	page_kick(&p, 0);
	page_used(&p, 0, 0, 4);
	rulebook_end(p.book, 1, true);
	EXPECT_KEPT(&p, CLAUSE_SQ_ANOT_V3);
	EXPECT_EQ(0, p.found.count);
	wish(&p, 0, 1);
	EXPECT_BROKEN(&p, CLAUSE_SQ_ANOT_V3);
	page_close(&p);
}

/* ---- whether the driver notifies ---- */

TEST(split_notify, wanted_by_flags)
{
	struct page_test p;

	up(&p, 0);
	offer(&p);
	page_kick(&p, 0);
	rulebook_end(p.book, 1, true);
	EXPECT_KEPT(&p, CLAUSE_SQ_ANOT_D4);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(split_notify, wanted_by_flags_and_missing)
{
	struct page_test p;

	up(&p, 0);
	offer(&p);
	rulebook_end(p.book, 1, true);
	EXPECT_BROKEN(&p, CLAUSE_SQ_ANOT_D4);
	page_close(&p);
}

/* The device has looked of its own accord. */
TEST(split_notify, missing_and_seen)
{
	struct page_test p;

	up(&p, 0);
	wish(&p, 0, 1);
	offer(&p);
	page_fetch(&p, 0);
	wish(&p, 0, 0);
	rulebook_end(p.book, 1, true);
	EXPECT_KEPT(&p, CLAUSE_SQ_ANOT_D3);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

/* Available before the device asked for it, whatever that does then. */
TEST(split_notify, asked_for_too_late)
{
	struct page_test p;

	up(&p, 0);
	wish(&p, 0, 1);
	offer(&p);
	wish(&p, 0, 0);
	rulebook_end(p.book, 1, true);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(split_notify, not_wanted_by_flags)
{
	struct page_test p;

	up(&p, 0);
	wish(&p, 0, 1);
	p.f.now += LONG;
	offer(&p);
	page_kick(&p, 0);
	EXPECT_BROKEN(&p, CLAUSE_SQ_ANOT_D3);
	page_close(&p);
}

/* It was on its way when the device changed its mind. */
TEST(split_notify, not_wanted_for_a_moment)
{
	struct page_test p;

	up(&p, 0);
	offer(&p);
	wish(&p, 0, 1);
	page_kick(&p, 0);
	EXPECT_UNTOUCHED(&p, CLAUSE_SQ_ANOT_D3);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(split_notify, wanted_by_avail_event)
{
	struct page_test p;

	up(&p, EVENT_IDX);
	offer(&p);
	page_kick(&p, 0);
	EXPECT_KEPT(&p, CLAUSE_SQ_ANOT_D6);
	page_fetch(&p, 0);
	p.f.now += LONG;
	/* avail_event is still 0. */
	offer(&p);
	page_fetch(&p, 0);
	EXPECT_KEPT(&p, CLAUSE_SQ_ANOT_D7);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(split_notify, wanted_by_avail_event_and_missing)
{
	struct page_test p;

	up(&p, EVENT_IDX);
	offer(&p);
	page_kick(&p, 0);
	page_fetch(&p, 0);
	wish(&p, 4 + 8 * 8, 1);
	offer(&p);
	rulebook_end(p.book, 1, true);
	EXPECT_BROKEN(&p, CLAUSE_SQ_ANOT_D6);
	page_close(&p);
}

TEST(split_notify, not_wanted_by_avail_event)
{
	struct page_test p;

	up(&p, EVENT_IDX);
	offer(&p);
	page_kick(&p, 0);
	p.f.now += LONG;
	offer(&p);
	page_kick(&p, 0);
	EXPECT_BROKEN(&p, CLAUSE_SQ_ANOT_D7);
	page_close(&p);
}

/* ---- the field that is to be ignored ---- */

/* avail_event stays 0, which asks for the first kick alone. */
TEST(split_notify, avail_event_without_event_idx)
{
	struct page_test p;

	up(&p, 0);
	offer(&p);
	page_kick(&p, 0);
	page_fetch(&p, 0);
	EXPECT_UNTOUCHED(&p, CLAUSE_SQ_ANOT_D2);
	offer(&p);
	page_kick(&p, 0);
	EXPECT_KEPT(&p, CLAUSE_SQ_ANOT_D2);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(split_notify, avail_event_without_event_idx_and_missing)
{
	struct page_test p;

	up(&p, 0);
	offer(&p);
	page_kick(&p, 0);
	page_fetch(&p, 0);
	offer(&p);
	rulebook_end(p.book, 1, true);
	EXPECT_BROKEN(&p, CLAUSE_SQ_ANOT_D2);
	page_close(&p);
}

/* A driver that has sent one in spite of it forgets this one. */
TEST(split_notify, missing_for_another_reason)
{
	struct page_test p;
	int i;

	up(&p, 0);
	for (i = 0; i < 2; i++) {
		offer(&p);
		page_kick(&p, 0);
		page_fetch(&p, 0);
	}
	offer(&p);
	rulebook_end(p.book, 1, true);
	EXPECT_BROKEN(&p, CLAUSE_SQ_ANOT_D4);
	page_close(&p);
}

/* It has never sent any. */
TEST(split_notify, missing_from_the_first_on)
{
	struct page_test p;

	up(&p, 0);
	page_put16(&p, PAGE_DEVICE + 4 + 8 * 8, 5);
	offer(&p);
	rulebook_end(p.book, 1, true);
	EXPECT_BROKEN(&p, CLAUSE_SQ_ANOT_D4);
	page_close(&p);
}

/* The device is not to set flags with EVENT_IDX: ANOT-V3. */
static void flagged(struct page_test *p)
{
	up(p, EVENT_IDX);
	rulebook_waive(p->book, CLAUSE_SQ_ANOT_V3, 0);
	offer(p);
	page_kick(p, 0);
	page_fetch(p, 0);
	wish(p, 4 + 8 * 8, 1);
	wish(p, 0, 1);
	offer(p);
}

TEST(split_notify, flags_with_event_idx)
{
	struct page_test p;

	flagged(&p);
	page_kick(&p, 0);
	EXPECT_KEPT(&p, CLAUSE_SQ_ANOT_D5);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(split_notify, flags_with_event_idx_and_missing)
{
	struct page_test p;

	flagged(&p);
	rulebook_end(p.book, 1, true);
	EXPECT_BROKEN(&p, CLAUSE_SQ_ANOT_D5);
	page_close(&p);
}

/* ---- a kick without new buffers ---- */

static void idle_kick(struct page_test *p)
{
	up(p, 0);
	offer(p);
	page_kick(p, 0);
	page_fetch(p, 0);
	page_used(p, 0, 0, 4);
	page_kick(p, 0);
}

TEST(split_notify, idle_kick_and_the_next_request)
{
	struct page_test p;

	idle_kick(&p);
	EXPECT_UNTOUCHED(&p, CLAUSE_SQ_ANOT_V5);
	offer(&p);
	page_kick(&p, 0);
	page_fetch(&p, 0);
	page_used(&p, 0, 1, 4);
	rulebook_end(p.book, 1, true);
	EXPECT_KEPT(&p, CLAUSE_SQ_ANOT_V5);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(split_notify, idle_kick_breaks_the_device)
{
	struct page_test p;

	idle_kick(&p);
	page_dma_read(&p, PAGE_DRIVER + 2, 2);
	page_model(&p, MODEL_EV_NEEDS_RESET, 0, 0x4f);
	EXPECT_BROKEN(&p, CLAUSE_SQ_ANOT_V5);
	page_close(&p);
}

/* Something else has happened in between. */
TEST(split_notify, idle_kick_and_a_device_that_breaks_down)
{
	struct page_test p;
	int i;

	idle_kick(&p);
	for (i = 0; i < 4; i++)
		page_read(&p, 0x14, 1, 0xf);
	page_model(&p, MODEL_EV_NEEDS_RESET, 0, 0x4f);
	EXPECT_UNTOUCHED(&p, CLAUSE_SQ_ANOT_V5);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

/* The device has not given back what it has: that may be what is wrong. */
TEST(split_notify, idle_kick_with_a_buffer_in_flight)
{
	struct page_test p;

	up(&p, 0);
	offer(&p);
	page_kick(&p, 0);
	page_fetch(&p, 0);
	page_kick(&p, 0);
	page_model(&p, MODEL_EV_NEEDS_RESET, 0, 0x4f);
	EXPECT_UNTOUCHED(&p, CLAUSE_SQ_ANOT_V5);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

/* What it says is wrong too: of queue 3. */
TEST(split_notify, idle_kick_of_another_value)
{
	struct page_test p;

	idle_kick(&p);
	rulebook_waive(p.book, CLAUSE_IMP_D3, 0);
	page_read(&p, 0x14, 1, 0xf);
	page_bar_write(&p, 0x3000, 2, 3);
	page_read(&p, 0x14, 1, 0xf);
	page_read(&p, 0x14, 1, 0xf);
	page_model(&p, MODEL_EV_NEEDS_RESET, 0, 0x4f);
	EXPECT_UNTOUCHED(&p, CLAUSE_SQ_ANOT_V5);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(split_notify, idle_kick_after_a_fault)
{
	struct page_test p;

	idle_kick(&p);
	feed_fault(&p.f, 0, "device.needs_reset", 1, 1);
	page_model(&p, MODEL_EV_NEEDS_RESET, 0, 0x4f);
	EXPECT_UNTOUCHED(&p, CLAUSE_SQ_ANOT_V5);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

/* ---- where to, and with what ---- */

/* Queues 0 and 1, at byte 0 and 4. */
static void two(struct page_test *p, uint64_t features)
{
	page_open(p, &chapter_split_notify, 2, VERSION_1 | features);
	page_negotiate(p, 0);
	page_queue(p, 0, 8);
	page_queue(p, 1, 8);
	page_driver_ok(p);
}

TEST(split_notify, each_queue_at_its_place)
{
	struct page_test p;

	two(&p, 0);
	page_bar_write(&p, 0x3000, 2, 0);
	page_bar_write(&p, 0x3004, 2, 1);
	EXPECT_KEPT(&p, CLAUSE_IMP_D1);
	EXPECT_KEPT(&p, CLAUSE_IMP_D2);
	EXPECT_KEPT(&p, CLAUSE_IMP_D3);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(split_notify, at_no_place)
{
	struct page_test p;

	two(&p, 0);
	page_bar_write(&p, 0x3002, 2, 1);
	EXPECT_BROKEN(&p, CLAUSE_IMP_D1);
	page_close(&p);
}

TEST(split_notify, of_another_width)
{
	struct page_test p;

	two(&p, 0);
	page_bar_write(&p, 0x3000, 4, 0);
	EXPECT_BROKEN(&p, CLAUSE_IMP_D2);
	page_close(&p);
}

TEST(split_notify, of_another_queue)
{
	struct page_test p;

	two(&p, 0);
	page_bar_write(&p, 0x3004, 2, 0);
	EXPECT_BROKEN(&p, CLAUSE_IMP_D3);
	page_close(&p);
}

/* NOTIFICATION_DATA (38): the index of the ring in the upper half. */
TEST(split_notify, with_notification_data)
{
	struct page_test p;

	two(&p, 1ull << 38);
	page_bar_write(&p, 0x3004, 4, 5u << 16 | 1);
	EXPECT_KEPT(&p, CLAUSE_IMP_D2);
	EXPECT_KEPT(&p, CLAUSE_IMP_D3);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}
