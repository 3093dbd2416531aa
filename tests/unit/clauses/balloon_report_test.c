/* SPDX-License-Identifier: MIT */
/*
 * Memory balloon: page poison and free page reporting; each clause broken, and
 * nearly.
 */
#include "tests/unit/clauses/balloon_page.h"

#include <string.h>

/* ---- poison_val ---- */

TEST(balloon_poison, written_before_driver_ok)
{
	struct page_test p;

	page_open(&p, &chapter_balloon, 5, V1 | POISON);
	page_negotiate(&p, 0);
	balloon_write(&p, POISON_VAL, 0xaaaaaaaa);
	page_driver_ok(&p);
	EXPECT_KEPT(&p, CLAUSE_BAL_PSN_D2);
	EXPECT_KEPT(&p, CLAUSE_BAL_PSN_D3);
	EXPECT_EQ(0, p.found.count);
	balloon_write(&p, POISON_VAL, 0xaaaaaaaa);
	EXPECT_BROKEN(&p, CLAUSE_BAL_PSN_D3);
	page_close(&p);
}

TEST(balloon_poison, not_written)
{
	struct page_test p;

	balloon_open(&p, POISON, false);
	EXPECT_BROKEN(&p, CLAUSE_BAL_PSN_D2);
	EXPECT_SUBSTR(p.found.items[0].text,
		      "BAL-PSN-D2: the driver set DRIVER_OK and had not written "
		      "poison_val");
	page_close(&p);
	balloon_open(&p, 0, false);
	EXPECT_UNTOUCHED(&p, CLAUSE_BAL_PSN_D2);
	page_close(&p);
}

/* ---- reports ---- */

static void report(struct page_test *p, uint8_t poison)
{
	page_open(p, &chapter_balloon, 5, V1 | POISON | REPORTING);
	page_negotiate(p, 0);
	balloon_write(p, POISON_VAL, 0xaaaaaaaa);
	page_queue(p, 2, 8);
	page_driver_ok(p);
	memset(page_bytes(p, PAGE_A), 0xaa, 4096);
	*(uint8_t *)page_bytes(p, PAGE_A + 0x400) = poison;
	balloon_lend(p, 2, 0, PAGE_A, 4096);
}

TEST(balloon_report, a_report)
{
	struct page_test p;

	report(&p, 0xaa);
	page_dma_write(&p, PAGE_A, 64);
	page_used(&p, 2, 0, 0);
	EXPECT_KEPT(&p, CLAUSE_BAL_REP_D2);
	EXPECT_KEPT(&p, CLAUSE_BAL_REP_V2);
	EXPECT_EQ(0, p.found.count);
	balloon_touch(&p, PAGE_A);
	page_dma_write(&p, PAGE_A + 0x40, 8);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(balloon_report, without_poison_in_it)
{
	struct page_test p;

	report(&p, 0);
	EXPECT_BROKEN(&p, CLAUSE_BAL_REP_D2);
	EXPECT_SUBSTR(p.found.items[0].text,
		      "reported 0x4000e400, which does not hold poison_val");
	page_close(&p);
}

TEST(balloon_report, used_before_it_is_acknowledged)
{
	struct page_test p;

	balloon_open(&p, REPORTING, true);
	balloon_lend(&p, 2, 0, PAGE_A, 4096);
	balloon_lend(&p, 2, 1, PAGE_B, 4096);
	page_used(&p, 2, 0, 0);
	balloon_touch(&p, PAGE_A);
	EXPECT_KEPT(&p, CLAUSE_BAL_REP_D3);
	balloon_touch(&p, PAGE_B);
	page_used(&p, 2, 1, 0);
	EXPECT_BROKEN(&p, CLAUSE_BAL_REP_D3);
	page_close(&p);
}

/* What the device does to it is not the driver's use. */
TEST(balloon_report, discarded)
{
	struct page_test p;

	balloon_open(&p, REPORTING, true);
	balloon_lend(&p, 2, 0, PAGE_A, 4096);
	balloon_touch(&p, PAGE_A);
	page_dma_write(&p, PAGE_A, 4096);
	page_used(&p, 2, 0, 4096);
	EXPECT_UNTOUCHED(&p, CLAUSE_BAL_REP_D3);
	EXPECT_UNTOUCHED(&p, CLAUSE_BAL_REP_V2);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(balloon_report, discarded_with_poison)
{
	struct page_test p;

	report(&p, 0xaa);
	*(uint8_t *)page_bytes(&p, PAGE_A + 1) = 0;
	page_dma_write(&p, PAGE_A, 64);
	EXPECT_BROKEN(&p, CLAUSE_BAL_REP_V2);
	EXPECT_STREQ("device-rule", p.found.items[0].code);
	page_close(&p);
}
