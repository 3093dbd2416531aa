/* SPDX-License-Identifier: MIT */
/*
 * Memory balloon: statistics; each clause broken, and nearly.
 */
#include "tests/unit/clauses/balloon_page.h"

#include <string.h>

/* A buffer of these tags, each with a value of 8 bytes. */
static void send_stats(struct page_test *p, unsigned int head,
		       const uint16_t *tags, unsigned int n)
{
	uint8_t bytes[80] = { 0 };
	unsigned int i;

	for (i = 0; i < n; i++)
		memcpy(bytes + 10ull * i, &tags[i], 2);
	balloon_send(p, 2, head, bytes, 10 * n);
}

static const uint16_t three[] = { 4, 5, 2 };
static const uint16_t others[] = { 4, 5, 3 };
static const uint16_t twice[] = { 4, 5, 4 };
static const uint16_t seven[] = { 0, 1, 2, 3, 4, 5, 6 };

TEST(balloon_stats, one_buffer_after_the_other)
{
	struct page_test p;

	balloon_open(&p, STATS, true);
	send_stats(&p, 0, three, 3);
	EXPECT_KEPT(&p, CLAUSE_BAL_STAT_D2);
	EXPECT_UNTOUCHED(&p, CLAUSE_BAL_STAT_D3);
	page_used(&p, 2, 0, 0);
	send_stats(&p, 1, three, 3);
	balloon_end(&p);
	EXPECT_KEPT(&p, CLAUSE_BAL_STAT_D1);
	EXPECT_KEPT(&p, CLAUSE_BAL_STAT_D3);
	EXPECT_KEPT(&p, CLAUSE_BAL_STAT_D4);
	EXPECT_KEPT(&p, CLAUSE_BAL_STAT_D5);
	EXPECT_KEPT(&p, CLAUSE_BAL_STAT_D8);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(balloon_stats, two_at_a_time)
{
	struct page_test p;

	balloon_open(&p, STATS, true);
	send_stats(&p, 0, three, 3);
	send_stats(&p, 1, three, 3);
	EXPECT_BROKEN(&p, CLAUSE_BAL_STAT_D1);
	EXPECT_SUBSTR(p.found.items[0].text,
		      "BAL-STAT-D1: the driver made a statistics buffer "
		      "available while the device had 1");
	page_close(&p);
}

TEST(balloon_stats, none_at_all)
{
	struct page_test p;

	balloon_open(&p, STATS, true);
	balloon_end(&p);
	EXPECT_BROKEN(&p, CLAUSE_BAL_STAT_D2);
	page_close(&p);
	balloon_open(&p, 0, true);
	balloon_end(&p);
	EXPECT_UNTOUCHED(&p, CLAUSE_BAL_STAT_D2);
	page_close(&p);
}

TEST(balloon_stats, none_after_the_first)
{
	struct page_test p;

	balloon_open(&p, STATS, true);
	send_stats(&p, 0, three, 3);
	page_used(&p, 2, 0, 0);
	balloon_end(&p);
	EXPECT_BROKEN(&p, CLAUSE_BAL_STAT_D3);
	page_close(&p);
}

TEST(balloon_stats, entries)
{
	struct page_test p;

	balloon_open(&p, STATS, true);
	send_stats(&p, 0, twice, 3);
	EXPECT_BROKEN(&p, CLAUSE_BAL_STAT_D4);
	EXPECT_SUBSTR(p.found.items[0].text, "with tag 4 in it twice");
	page_close(&p);
	balloon_open(&p, STATS, true);
	send_stats(&p, 0, three, 0);
	EXPECT_BROKEN(&p, CLAUSE_BAL_STAT_D4);
	page_close(&p);
}

TEST(balloon_stats, length)
{
	struct page_test p;

	balloon_open(&p, STATS, true);
	send_stats(&p, 0, seven, 7);
	EXPECT_BROKEN(&p, CLAUSE_BAL_STAT_D5);
	EXPECT_SUBSTR(p.found.items[0].text, "a statistics buffer of 70 bytes");
	page_close(&p);
}

TEST(balloon_stats, another_subset)
{
	struct page_test p;

	balloon_open(&p, STATS, true);
	send_stats(&p, 0, three, 3);
	EXPECT_UNTOUCHED(&p, CLAUSE_BAL_STAT_D8);
	page_used(&p, 2, 0, 0);
	send_stats(&p, 0, others, 3);
	EXPECT_BROKEN(&p, CLAUSE_BAL_STAT_D8);
	page_close(&p);
}

/* After a reset it may be another one. */
TEST(balloon_stats, another_subset_after_a_reset)
{
	struct page_test p;

	balloon_open(&p, STATS, true);
	send_stats(&p, 0, three, 3);
	page_negotiate(&p, 0);
	page_queue(&p, 2, 8);
	page_driver_ok(&p);
	p.avail[2] = p.used[2] = 0;
	send_stats(&p, 0, others, 3);
	EXPECT_UNTOUCHED(&p, CLAUSE_BAL_STAT_D8);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

/* ---- what the device puts up with ---- */

static const uint16_t unknown[] = { 4, 5, 10 };
static const uint16_t rising[] = { 2, 4, 9 };

static void breaks_down(struct page_test *p)
{
	page_model(p, MODEL_EV_NEEDS_RESET, 0xffff, 0x4f);
}

TEST(balloon_stats, the_device_takes_them)
{
	struct page_test p;

	balloon_open(&p, STATS, true);
	send_stats(&p, 0, unknown, 3);
	EXPECT_UNTOUCHED(&p, CLAUSE_BAL_STAT_V1);
	page_used(&p, 2, 0, 0);
	EXPECT_KEPT(&p, CLAUSE_BAL_STAT_V1);
	EXPECT_UNTOUCHED(&p, CLAUSE_BAL_STAT_V2);
	page_close(&p);
	balloon_open(&p, STATS, true);
	send_stats(&p, 0, three, 3);
	page_used(&p, 2, 0, 0);
	EXPECT_UNTOUCHED(&p, CLAUSE_BAL_STAT_V1);
	EXPECT_KEPT(&p, CLAUSE_BAL_STAT_V2);
	page_close(&p);
	balloon_open(&p, STATS, true);
	send_stats(&p, 0, rising, 3);
	page_used(&p, 2, 0, 0);
	EXPECT_UNTOUCHED(&p, CLAUSE_BAL_STAT_V2);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(balloon_stats, the_device_breaks_down)
{
	struct page_test p;

	balloon_open(&p, STATS, true);
	send_stats(&p, 0, unknown, 3);
	page_fetch(&p, 2);
	breaks_down(&p);
	EXPECT_BROKEN(&p, CLAUSE_BAL_STAT_V1);
	page_close(&p);
	balloon_open(&p, STATS, true);
	send_stats(&p, 0, three, 3);
	page_fetch(&p, 2);
	breaks_down(&p);
	EXPECT_BROKEN(&p, CLAUSE_BAL_STAT_V2);
	page_close(&p);
}

/* It is a sound one; the device has another buffer; it has held this one for
 * long. */
TEST(balloon_stats, the_device_breaks_down_for_another_reason)
{
	struct page_test p;
	int i;

	balloon_open(&p, STATS, true);
	send_stats(&p, 0, rising, 3);
	breaks_down(&p);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
	balloon_open(&p, STATS, true);
	balloon_send_page(&p, 0, 0, PFN_A);
	send_stats(&p, 0, unknown, 3);
	breaks_down(&p);
	EXPECT_UNTOUCHED(&p, CLAUSE_BAL_STAT_V1);
	page_close(&p);
	balloon_open(&p, STATS, true);
	send_stats(&p, 0, unknown, 3);
	for (i = 0; i < 12; i++)
		balloon_read(&p, NUM_PAGES, 0);
	breaks_down(&p);
	EXPECT_UNTOUCHED(&p, CLAUSE_BAL_STAT_V1);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}
