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
