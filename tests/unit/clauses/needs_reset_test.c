/* SPDX-License-Identifier: MIT */
/*
 * DEVICE_NEEDS_RESET: each clause broken, and nearly.
 */
#include "tests/unit/clauses/page.h"

#define VERSION_1 (1ull << 32)
#define NEXT 1u
#define WRITE 2u

static void up(struct page_test *p, uint16_t type)
{
	page_open(p, &chapter_needs_reset, type, VERSION_1);
	page_config_write(p, 0x04, 2, 0x0006); /* Bus Master */
	page_bring_up(p);
}

static void offer(struct page_test *p, unsigned int head, unsigned int flags,
		  unsigned int next)
{
	page_desc(p, 0, head, PAGE_BUFFER, 16, flags, next);
	page_available(p, 0, head);
	page_kick(p, 0);
	page_fetch(p, 0);
}

static void break_down(struct page_test *p)
{
	page_model(p, MODEL_EV_NEEDS_RESET, 0xffff, 0x4f);
}

/* ---- the driver waits ---- */

/* It has a buffer, breaks down, and the driver is told. */
static void down(struct page_test *p, uint16_t type)
{
	up(p, type);
	offer(p, 0, WRITE, 0);
	feed_fault(&p->f, 0, "device.needs_reset", 1, 1);
	break_down(p);
	page_read(p, 0x14, 1, 0x4f);
}

static void hang(struct page_test *p)
{
	rulebook_hang(p->book);
	rulebook_end(p->book, p->f.now, true);
}

TEST(needs_reset, the_driver_resets)
{
	struct page_test p;

	down(&p, 2);
	page_write(&p, 0x14, 1, 0);
	page_reset_done(&p);
	EXPECT_KEPT(&p, CLAUSE_STAT_D4);
	hang(&p);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(needs_reset, the_driver_waits)
{
	struct page_test p;

	down(&p, 2);
	hang(&p);
	EXPECT_BROKEN(&p, CLAUSE_STAT_D4);
	EXPECT_SUBSTR(p.found.items[0].text, "has read as 0x4f");
	page_close(&p);
}

/* The run comes to its end; the device is of another type; it had given the buffer
 * back; there was another fault. */
TEST(needs_reset, nobody_waits_for_it)
{
	struct page_test p;

	down(&p, 2);
	rulebook_end(p.book, p.f.now, true);
	EXPECT_UNTOUCHED(&p, CLAUSE_STAT_D4);
	page_close(&p);
	down(&p, 4);
	hang(&p);
	EXPECT_UNTOUCHED(&p, CLAUSE_STAT_D4);
	page_close(&p);
	down(&p, 2);
	page_used(&p, 0, 0, 16);
	hang(&p);
	EXPECT_UNTOUCHED(&p, CLAUSE_STAT_D4);
	page_close(&p);
	down(&p, 2);
	feed_fault(&p.f, 1, "device.msix.unsent", 1, 1);
	hang(&p);
	EXPECT_UNTOUCHED(&p, CLAUSE_STAT_D4);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(needs_reset, the_driver_has_not_looked)
{
	struct page_test p;

	up(&p, 2);
	offer(&p, 0, WRITE, 0);
	break_down(&p);
	hang(&p);
	EXPECT_UNTOUCHED(&p, CLAUSE_STAT_D4);
	page_close(&p);
}

/* ---- the device says so ---- */

/* Descriptor 0 goes on at 9, of 8; 1 is sound. */
static void wrong(struct page_test *p)
{
	up(p, 2);
	offer(p, 0, NEXT, 9);
}

TEST(needs_reset, the_device_says_so)
{
	struct page_test p;

	wrong(&p);
	break_down(&p);
	EXPECT_KEPT(&p, CLAUSE_STAT_V3);
	rulebook_end(p.book, p.f.now, true);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(needs_reset, the_device_is_silent)
{
	struct page_test p;

	wrong(&p);
	offer(&p, 1, WRITE, 0);
	rulebook_end(p.book, p.f.now, true);
	EXPECT_BROKEN(&p, CLAUSE_STAT_V3);
	page_close(&p);
}

/* It has not looked at the second one; which is wrong as well. */
TEST(needs_reset, the_device_has_none_that_is_sound)
{
	struct page_test p;

	wrong(&p);
	page_desc(&p, 0, 1, PAGE_BUFFER, 16, WRITE, 0);
	page_available(&p, 0, 1);
	page_kick(&p, 0);
	rulebook_end(p.book, p.f.now, true);
	EXPECT_UNTOUCHED(&p, CLAUSE_STAT_V3);
	page_close(&p);
	wrong(&p);
	offer(&p, 1, NEXT, 9);
	rulebook_end(p.book, p.f.now, true);
	EXPECT_UNTOUCHED(&p, CLAUSE_STAT_V3);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

/* It passes over what is wrong and serves the next; nothing is wrong; it was sent
 * none after it; a fault has lost what it did. */
TEST(needs_reset, the_device_goes_on)
{
	struct page_test p;

	wrong(&p);
	offer(&p, 1, WRITE, 0);
	page_used(&p, 0, 1, 16);
	rulebook_end(p.book, p.f.now, true);
	EXPECT_UNTOUCHED(&p, CLAUSE_STAT_V3);
	page_close(&p);
	up(&p, 2);
	offer(&p, 0, WRITE, 0);
	offer(&p, 1, WRITE, 0);
	rulebook_end(p.book, p.f.now, true);
	EXPECT_UNTOUCHED(&p, CLAUSE_STAT_V3);
	page_close(&p);
	wrong(&p);
	rulebook_end(p.book, p.f.now, true);
	EXPECT_UNTOUCHED(&p, CLAUSE_STAT_V3);
	page_close(&p);
	wrong(&p);
	offer(&p, 1, WRITE, 0);
	feed_fault(&p.f, 0, "device.kick.lost", 1, 1);
	rulebook_end(p.book, p.f.now, true);
	EXPECT_UNTOUCHED(&p, CLAUSE_STAT_V3);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}
