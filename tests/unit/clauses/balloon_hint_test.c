/* SPDX-License-Identifier: MIT */
/*
 * Memory balloon: free page hinting; each clause broken, and nearly.
 */
#include "tests/unit/clauses/balloon_page.h"

static void send_id(struct page_test *p, unsigned int head, uint32_t id)
{
	balloon_send(p, 2, head, &id, 4);
	page_used(p, 2, head, 0);
}

static void hint(struct page_test *p, unsigned int head, uint64_t addr)
{
	balloon_lend(p, 2, head, addr, 4096);
	page_used(p, 2, head, 0);
}

/* The device asks with ID 2, and the driver has sent it. */
static void open_round(struct page_test *p)
{
	balloon_open(p, HINT, true);
	balloon_read(p, CMD_ID, 2);
	send_id(p, 0, 2);
}

TEST(balloon_hint, a_round)
{
	struct page_test p;

	open_round(&p);
	hint(&p, 1, PAGE_A);
	balloon_read(&p, CMD_ID, 2);
	hint(&p, 2, PAGE_B);
	send_id(&p, 3, 0);
	balloon_read(&p, CMD_ID, 1);
	balloon_read(&p, CMD_ID, 3);
	send_id(&p, 0, 3);
	send_id(&p, 3, 0);
	balloon_end(&p);
	EXPECT_KEPT(&p, CLAUSE_BAL_HINT_D1);
	EXPECT_KEPT(&p, CLAUSE_BAL_HINT_D2);
	EXPECT_KEPT(&p, CLAUSE_BAL_HINT_D3);
	EXPECT_KEPT(&p, CLAUSE_BAL_HINT_D4);
	EXPECT_KEPT(&p, CLAUSE_BAL_HINT_D5);
	EXPECT_KEPT(&p, CLAUSE_BAL_HINT_D6);
	EXPECT_KEPT(&p, CLAUSE_BAL_HINT_V2);
	EXPECT_KEPT(&p, CLAUSE_BAL_HINT_V5);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(balloon_hint, an_id_of_8_bytes)
{
	const uint64_t id = 2;
	struct page_test p;

	balloon_open(&p, HINT, true);
	balloon_read(&p, CMD_ID, 2);
	balloon_send(&p, 2, 0, &id, 8);
	EXPECT_BROKEN(&p, CLAUSE_BAL_HINT_D1);
	EXPECT_SUBSTR(p.found.items[0].text,
		      "BAL-HINT-D1: the driver sent 8 bytes as a command ID");
	page_close(&p);
}

TEST(balloon_hint, without_an_id)
{
	struct page_test p;

	balloon_open(&p, HINT, true);
	balloon_read(&p, CMD_ID, 2);
	hint(&p, 1, PAGE_A);
	EXPECT_BROKEN(&p, CLAUSE_BAL_HINT_D2);
	page_close(&p);
}

TEST(balloon_hint, another_id)
{
	struct page_test p;

	balloon_open(&p, HINT, true);
	balloon_read(&p, CMD_ID, 2);
	send_id(&p, 0, 3);
	EXPECT_BROKEN(&p, CLAUSE_BAL_HINT_D2);
	page_close(&p);
}

TEST(balloon_hint, an_id_twice)
{
	struct page_test p;

	open_round(&p);
	EXPECT_KEPT(&p, CLAUSE_BAL_HINT_D3);
	send_id(&p, 0, 2);
	EXPECT_BROKEN(&p, CLAUSE_BAL_HINT_D3);
	page_close(&p);
}

/* The device has asked for something else in between. */
TEST(balloon_hint, an_id_that_comes_again)
{
	struct page_test p;

	open_round(&p);
	send_id(&p, 0, 0);
	balloon_read(&p, CMD_ID, 0);
	balloon_read(&p, CMD_ID, 2);
	send_id(&p, 0, 2);
	EXPECT_KEPT(&p, CLAUSE_BAL_HINT_D3);
	EXPECT_KEPT(&p, CLAUSE_BAL_HINT_V2);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(balloon_hint, nothing_is_hinted)
{
	struct page_test p;

	balloon_open(&p, HINT, true);
	balloon_read(&p, CMD_ID, 2);
	balloon_end(&p);
	EXPECT_BROKEN(&p, CLAUSE_BAL_HINT_D4);
	page_close(&p);
	balloon_open(&p, HINT, true);
	balloon_read(&p, CMD_ID, 1);
	balloon_end(&p);
	EXPECT_UNTOUCHED(&p, CLAUSE_BAL_HINT_D4);
	page_close(&p);
}

TEST(balloon_hint, on_after_stop)
{
	struct page_test p;

	open_round(&p);
	hint(&p, 1, PAGE_A);
	balloon_read(&p, CMD_ID, 0);
	hint(&p, 2, PAGE_B);
	EXPECT_BROKEN(&p, CLAUSE_BAL_HINT_D5);
	EXPECT_SUBSTR(p.found.items[0].text,
		      "hinted 4096 bytes after it had read 0");
	page_close(&p);
}

/* In the ring before the driver looked; the device sees it later. */
TEST(balloon_hint, on_before_stop)
{
	struct page_test p;

	open_round(&p);
	page_desc(&p, 2, 1, PAGE_A, 4096, 2, 0);
	page_available(&p, 2, 1);
	balloon_read(&p, CMD_ID, 0);
	page_fetch(&p, 2);
	EXPECT_KEPT(&p, CLAUSE_BAL_HINT_D5);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(balloon_hint, no_stop)
{
	struct page_test p;

	open_round(&p);
	balloon_end(&p);
	EXPECT_BROKEN(&p, CLAUSE_BAL_HINT_D6);
	page_close(&p);
}

TEST(balloon_hint, the_device_asks_again_too_soon)
{
	struct page_test p;

	open_round(&p);
	balloon_read(&p, CMD_ID, 0);
	balloon_read(&p, CMD_ID, 2);
	EXPECT_BROKEN(&p, CLAUSE_BAL_HINT_V2);
	EXPECT_STREQ("device-rule", p.found.items[0].code);
	page_close(&p);
}

TEST(balloon_hint, the_device_writes_after_done)
{
	struct page_test p;

	open_round(&p);
	hint(&p, 1, PAGE_A);
	page_dma_write(&p, PAGE_A + 8, 8);
	EXPECT_UNTOUCHED(&p, CLAUSE_BAL_HINT_V5);
	send_id(&p, 3, 0);
	balloon_read(&p, CMD_ID, 1);
	page_dma_write(&p, PAGE_B, 8);
	EXPECT_KEPT(&p, CLAUSE_BAL_HINT_V5);
	page_dma_write(&p, PAGE_A + 8, 8);
	EXPECT_BROKEN(&p, CLAUSE_BAL_HINT_V5);
	page_close(&p);
}

/* The driver uses the page for something else then. */
TEST(balloon_hint, the_device_writes_what_it_was_given_again)
{
	struct page_test p;

	open_round(&p);
	hint(&p, 1, PAGE_A);
	send_id(&p, 3, 0);
	balloon_read(&p, CMD_ID, 1);
	balloon_send_page(&p, 0, 0, PFN_A);
	page_dma_write(&p, PAGE_A, 4096);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}
