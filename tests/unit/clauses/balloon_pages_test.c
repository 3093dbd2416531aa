/* SPDX-License-Identifier: MIT */
/*
 * Memory balloon: features, pages in and out; each clause broken, and nearly.
 */
#include "tests/unit/clauses/balloon_page.h"

TEST(balloon, must_tell_host)
{
	struct page_test p;

	page_open(&p, &chapter_balloon, 5, V1 | TELL | STATS);
	page_negotiate(&p, STATS);
	EXPECT_KEPT(&p, CLAUSE_BAL_FEAT_D1);
	page_close(&p);
	page_open(&p, &chapter_balloon, 5, V1 | TELL);
	page_negotiate(&p, TELL);
	EXPECT_BROKEN(&p, CLAUSE_BAL_FEAT_D1);
	EXPECT_SUBSTR(p.found.items[0].text,
		      "BAL-FEAT-D1: the driver accepted the features "
		      "0x100000000 of a device that offers MUST_TELL_HOST");
	page_close(&p);
}

/* ---- one page's way ---- */

static void give(struct page_test *p)
{
	balloon_send_page(p, 0, 0, PFN_A);
	page_used(p, 0, 0, 0);
}

TEST(balloon, in_and_out)
{
	struct page_test p;

	balloon_open(&p, TELL, false);
	balloon_touch(&p, PAGE_A);
	give(&p);
	balloon_write(&p, ACTUAL, 1);
	balloon_send_page(&p, 1, 0, PFN_A);
	page_used(&p, 1, 0, 0);
	balloon_write(&p, ACTUAL, 0);
	balloon_touch(&p, PAGE_A);
	give(&p);
	balloon_write(&p, ACTUAL, 1);
	balloon_end(&p);
	EXPECT_KEPT(&p, CLAUSE_BAL_OP_D6);
	EXPECT_KEPT(&p, CLAUSE_BAL_OP_D7);
	EXPECT_KEPT(&p, CLAUSE_BAL_OP_D9);
	EXPECT_KEPT(&p, CLAUSE_BAL_OP_D10);
	EXPECT_KEPT(&p, CLAUSE_BAL_OP_D11);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(balloon, given_twice)
{
	struct page_test p;

	balloon_open(&p, TELL, false);
	give(&p);
	balloon_send_page(&p, 0, 1, PFN_A);
	EXPECT_BROKEN(&p, CLAUSE_BAL_OP_D6);
	EXPECT_SUBSTR(p.found.items[0].text,
		      "the driver gave page 0x4000e while it was in the balloon");
	page_close(&p);
}

TEST(balloon, used_while_it_is_in_the_balloon)
{
	struct page_test p;

	balloon_open(&p, TELL, false);
	give(&p);
	balloon_touch(&p, PAGE_A);
	balloon_send_page(&p, 1, 0, PFN_A);
	EXPECT_BROKEN(&p, CLAUSE_BAL_OP_D6);
	page_close(&p);
}

/* Without MUST_TELL_HOST a page may be used before that is said. */
TEST(balloon, used_before_the_host_is_told)
{
	struct page_test p;

	balloon_open(&p, 0, false);
	give(&p);
	balloon_touch(&p, PAGE_A);
	balloon_send_page(&p, 1, 0, PFN_A);
	balloon_touch(&p, PAGE_A);
	page_used(&p, 1, 0, 0);
	EXPECT_KEPT(&p, CLAUSE_BAL_OP_D6);
	EXPECT_UNTOUCHED(&p, CLAUSE_BAL_OP_D7);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(balloon, used_before_the_host_has_heard)
{
	struct page_test p;

	balloon_open(&p, TELL, false);
	give(&p);
	balloon_send_page(&p, 1, 0, PFN_A);
	balloon_touch(&p, PAGE_A);
	page_used(&p, 1, 0, 0);
	EXPECT_BROKEN(&p, CLAUSE_BAL_OP_D7);
	page_close(&p);
}

TEST(balloon, used_while_it_is_given)
{
	struct page_test p;

	balloon_open(&p, TELL, false);
	balloon_send_page(&p, 0, 0, PFN_A);
	balloon_touch(&p, PAGE_A);
	page_used(&p, 0, 0, 0);
	EXPECT_BROKEN(&p, CLAUSE_BAL_OP_D9);
	page_close(&p);
}

/* Contents that the device takes away are nobody's doing. */
TEST(balloon, written_by_the_device)
{
	struct page_test p;

	balloon_open(&p, TELL, false);
	balloon_send_page(&p, 0, 0, PFN_A);
	balloon_touch(&p, PAGE_A);
	page_dma_write(&p, PAGE_A, 4096);
	page_used(&p, 0, 0, 0);
	balloon_touch(&p, PAGE_A);
	page_dma_write(&p, PAGE_A, 4096);
	balloon_send_page(&p, 1, 0, PFN_A);
	balloon_touch(&p, PAGE_A);
	page_dma_write(&p, PAGE_A, 4096);
	page_used(&p, 1, 0, 0);
	EXPECT_UNTOUCHED(&p, CLAUSE_BAL_OP_D9);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(balloon, taken_back_before_it_is_given)
{
	struct page_test p;

	balloon_open(&p, TELL, false);
	balloon_send_page(&p, 0, 0, PFN_A);
	balloon_send_page(&p, 1, 0, PFN_B);
	EXPECT_KEPT(&p, CLAUSE_BAL_OP_D10);
	balloon_send_page(&p, 1, 1, PFN_A);
	EXPECT_BROKEN(&p, CLAUSE_BAL_OP_D10);
	page_close(&p);
}

/* ---- the size ---- */

TEST(balloon, actual_is_not_written)
{
	struct page_test p;

	balloon_open(&p, TELL, false);
	balloon_write(&p, ACTUAL, 1);
	EXPECT_UNTOUCHED(&p, CLAUSE_BAL_OP_D11);
	give(&p);
	balloon_end(&p);
	EXPECT_BROKEN(&p, CLAUSE_BAL_OP_D11);
	page_close(&p);
}

/* A reset at once comes before it could be, one much later does not. */
TEST(balloon, actual_is_not_written_before_a_reset)
{
	struct page_test p;

	balloon_open(&p, TELL, false);
	give(&p);
	page_write(&p, 0x14, 1, 0);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
	balloon_open(&p, TELL, false);
	give(&p);
	p.f.now += 100 * MS;
	page_write(&p, 0x14, 1, 0);
	EXPECT_BROKEN(&p, CLAUSE_BAL_OP_D11);
	page_close(&p);
}

/* Why it was not can then be anything. */
TEST(balloon, actual_is_not_written_after_a_fault)
{
	struct page_test p;

	balloon_open(&p, TELL, false);
	give(&p);
	feed_fault(&p.f, 0xffff, "guest.memory.alloc", 12, 1);
	balloon_end(&p);
	EXPECT_UNTOUCHED(&p, CLAUSE_BAL_OP_D11);
	page_close(&p);
	balloon_open(&p, TELL, false);
	give(&p);
	page_read(&p, 0x14, 1, 0x4f);
	balloon_end(&p);
	EXPECT_UNTOUCHED(&p, CLAUSE_BAL_OP_D11);
	page_close(&p);
}

TEST(balloon, more_is_wanted)
{
	struct page_test p;

	balloon_open(&p, TELL, false);
	balloon_read(&p, NUM_PAGES, 2);
	balloon_send_page(&p, 0, 0, PFN_A);
	EXPECT_KEPT(&p, CLAUSE_BAL_OP_D1);
	balloon_end(&p);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

/* To say how many there are is an answer too: memory may be short. */
TEST(balloon, more_is_wanted_than_there_is)
{
	struct page_test p;

	balloon_open(&p, TELL, false);
	balloon_read(&p, NUM_PAGES, 2);
	balloon_write(&p, ACTUAL, 0);
	balloon_end(&p);
	EXPECT_UNTOUCHED(&p, CLAUSE_BAL_OP_D1);
	page_close(&p);
}

TEST(balloon, more_is_wanted_and_nothing_given)
{
	struct page_test p;

	balloon_open(&p, TELL, false);
	balloon_read(&p, NUM_PAGES, 2);
	balloon_end(&p);
	EXPECT_BROKEN(&p, CLAUSE_BAL_OP_D1);
	EXPECT_SUBSTR(p.found.items[0].text,
		      "read 2 in num_pages with 0 pages in the balloon, and "
		      "gave none");
	page_close(&p);
}
