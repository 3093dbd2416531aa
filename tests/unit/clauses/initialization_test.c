/* SPDX-License-Identifier: MIT */
/*
 * Device initialization: each step left out or done too early, and nearly.
 */
#include "tests/unit/clauses/page.h"

#define VERSION_1 (1ull << 32)

static void begin(struct page_test *p, uint64_t features)
{
	page_open(p, &chapter_initialization, 2, VERSION_1 | features);
}

TEST(initialization, all_eight_steps)
{
	static const enum clause kept[] = {
		CLAUSE_INIT_D1, CLAUSE_INIT_D2, CLAUSE_INIT_D3, CLAUSE_INIT_D4,
		CLAUSE_INIT_D5, CLAUSE_INIT_D7, CLAUSE_INIT_D8, CLAUSE_INIT_D9,
		CLAUSE_INIT_D10, CLAUSE_INIT_D11, CLAUSE_INIT_D12,
		CLAUSE_INIT_D15,
	};
	struct page_test p;
	size_t i;

	begin(&p, 0);
	page_bring_up(&p);
	page_kick(&p, 0);
	/* Reading is free at any time, writing from FEATURES_OK on. */
	page_bar_write(&p, 0x2020, 1, 1);
	rulebook_end(p.book, 1, true);
	for (i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		EXPECT_KEPT(&p, kept[i]);
	EXPECT_KEPT(&p, CLAUSE_INIT_D7);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(initialization, no_reset)
{
	struct page_test p;

	begin(&p, 0);
	page_write(&p, 0x14, 1, 1);
	EXPECT_BROKEN(&p, CLAUSE_INIT_D2);
	page_close(&p);
}

static void after_reset(struct page_test *p)
{
	begin(p, 0);
	page_write(p, 0x14, 1, 0);
	page_read(p, 0x14, 1, 0);
}

TEST(initialization, no_acknowledge)
{
	struct page_test p;

	after_reset(&p);
	page_write(&p, 0x14, 1, 2);
	EXPECT_BROKEN(&p, CLAUSE_INIT_D3);
	EXPECT_KEPT(&p, CLAUSE_INIT_D2);
	page_close(&p);
}

TEST(initialization, an_acknowledge_that_was_dropped_was_there)
{
	struct page_test p;

	after_reset(&p);
	page_write(&p, 0x14, 1, 1);
	page_write(&p, 0x14, 1, 2);
	EXPECT_KEPT(&p, CLAUSE_INIT_D3);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

static void accept(struct page_test *p)
{
	page_write(p, 0x00, 4, 1);
	page_read(p, 0x04, 4, 1);
	page_write(p, 0x08, 4, 1);
	page_write(p, 0x0c, 4, 1);
}

TEST(initialization, no_driver)
{
	struct page_test p;

	after_reset(&p);
	rulebook_waive(p.book, CLAUSE_INIT_D1, 0);
	page_write(&p, 0x14, 1, 1);
	accept(&p);
	page_write(&p, 0x14, 1, 0x9);
	EXPECT_BROKEN(&p, CLAUSE_INIT_D4);
	page_close(&p);
}

TEST(initialization, features_before_driver)
{
	struct page_test p;

	after_reset(&p);
	page_write(&p, 0x14, 1, 1);
	accept(&p);
	EXPECT_BROKEN(&p, CLAUSE_INIT_D1);
	page_close(&p);
}

TEST(initialization, features_that_were_not_read)
{
	struct page_test p;

	after_reset(&p);
	page_write(&p, 0x14, 1, 3);
	page_write(&p, 0x00, 4, 0);
	page_read(&p, 0x04, 4, 0);
	page_write(&p, 0x08, 4, 1);
	page_write(&p, 0x0c, 4, 1);
	page_write(&p, 0x14, 1, 0xb);
	EXPECT_BROKEN(&p, CLAUSE_INIT_D5);
	page_close(&p);
}

/* A window of which nothing is accepted need not be read. */
TEST(initialization, features_of_one_window)
{
	struct page_test p;

	after_reset(&p);
	page_write(&p, 0x14, 1, 3);
	accept(&p);
	page_write(&p, 0x08, 4, 0);
	page_write(&p, 0x0c, 4, 0);
	page_write(&p, 0x14, 1, 0xb);
	EXPECT_KEPT(&p, CLAUSE_INIT_D5);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(initialization, configuration_written_too_early)
{
	struct page_test p;

	after_reset(&p);
	page_write(&p, 0x14, 1, 3);
	page_bar_read(&p, 0x2020, 1, 0);
	EXPECT_EQ(0, p.found.count);
	page_bar_write(&p, 0x2020, 1, 0);
	EXPECT_BROKEN(&p, CLAUSE_INIT_D7);
	page_close(&p);
}

TEST(initialization, no_features_ok)
{
	struct page_test p;

	after_reset(&p);
	page_write(&p, 0x14, 1, 3);
	accept(&p);
	page_write(&p, 0x14, 1, 7);
	EXPECT_BROKEN(&p, CLAUSE_INIT_D8);
	page_close(&p);
}

TEST(initialization, features_after_features_ok)
{
	struct page_test p;

	begin(&p, 0);
	page_negotiate(&p, 0);
	page_write(&p, 0x0c, 4, 1);
	EXPECT_BROKEN(&p, CLAUSE_INIT_D9);
	page_close(&p);
}

TEST(initialization, features_ok_not_read_back)
{
	struct page_test p;

	after_reset(&p);
	page_write(&p, 0x14, 1, 3);
	accept(&p);
	page_write(&p, 0x14, 1, 0xb);
	page_queue(&p, 0, 8);
	EXPECT_BROKEN(&p, CLAUSE_INIT_D10);
	page_close(&p);
}

TEST(initialization, features_ok_read_as_not_set)
{
	struct page_test p;

	after_reset(&p);
	page_write(&p, 0x14, 1, 3);
	accept(&p);
	page_write(&p, 0x14, 1, 0xb);
	page_read(&p, 0x14, 1, 0x3);
	EXPECT_EQ(0, p.found.count);
	page_write(&p, 0x14, 1, 0xf);
	EXPECT_BROKEN(&p, CLAUSE_INIT_D10);
	page_close(&p);
}

TEST(initialization, a_queue_before_features_ok)
{
	struct page_test p;

	after_reset(&p);
	page_write(&p, 0x14, 1, 3);
	page_queue(&p, 0, 8);
	EXPECT_BROKEN(&p, CLAUSE_INIT_D11);
	page_close(&p);
}

TEST(initialization, a_queue_after_driver_ok)
{
	struct page_test p;

	begin(&p, 0);
	page_bring_up(&p);
	page_queue(&p, 1, 8);
	EXPECT_BROKEN(&p, CLAUSE_INIT_D11);
	page_close(&p);
}

/* With RING_RESET (40) a queue comes and goes. */
TEST(initialization, a_queue_after_driver_ok_with_ring_reset)
{
	struct page_test p;

	begin(&p, 1ull << 40);
	page_bring_up(&p);
	page_write(&p, 0x3a, 2, 1);
	page_read(&p, 0x3a, 2, 0);
	page_queue(&p, 0, 8);
	EXPECT_KEPT(&p, CLAUSE_INIT_D11);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(initialization, a_queue_after_driver_ok_that_was_not_reset)
{
	struct page_test p;

	begin(&p, 1ull << 40);
	page_bring_up(&p);
	page_queue(&p, 1, 8);
	EXPECT_BROKEN(&p, CLAUSE_INIT_D11);
	page_close(&p);
}

TEST(initialization, a_kick_before_driver_ok)
{
	struct page_test p;

	begin(&p, 0);
	page_negotiate(&p, 0);
	page_queue(&p, 0, 8);
	page_kick(&p, 0);
	EXPECT_BROKEN(&p, CLAUSE_INIT_D15);
	page_close(&p);
}

TEST(initialization, never_driver_ok)
{
	struct page_test p;

	begin(&p, 0);
	rulebook_waive(p.book, CLAUSE_INIT_D15, 0);
	page_negotiate(&p, 0);
	page_queue(&p, 0, 8);
	page_kick(&p, 0);
	EXPECT_EQ(0, p.found.count);
	rulebook_end(p.book, 1, true);
	EXPECT_BROKEN(&p, CLAUSE_INIT_D12);
	page_close(&p);
}

TEST(initialization, given_up_in_silence)
{
	struct page_test p;

	begin(&p, 0);
	page_negotiate(&p, 0);
	page_write(&p, 0x14, 1, 0);
	rulebook_end(p.book, 1, true);
	EXPECT_BROKEN(&p, CLAUSE_INIT_D13);
	page_close(&p);
}

TEST(initialization, cut_off_is_not_given_up)
{
	struct page_test p;

	begin(&p, 0);
	page_negotiate(&p, 0);
	rulebook_end(p.book, 1, false);
	EXPECT_UNTOUCHED(&p, CLAUSE_INIT_D13);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(initialization, given_up_with_failed)
{
	struct page_test p;

	begin(&p, 0);
	page_negotiate(&p, 0);
	page_write(&p, 0x14, 1, 0x8b);
	page_write(&p, 0x14, 1, 0);
	rulebook_end(p.book, 1, true);
	EXPECT_KEPT(&p, CLAUSE_INIT_D13);
	EXPECT_KEPT(&p, CLAUSE_INIT_D14);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(initialization, on_after_failed)
{
	struct page_test p;

	begin(&p, 0);
	page_negotiate(&p, 0);
	page_write(&p, 0x14, 1, 0x8b);
	page_queue(&p, 0, 8);
	EXPECT_BROKEN(&p, CLAUSE_INIT_D14);
	page_close(&p);
}
