/* SPDX-License-Identifier: MIT */
/*
 * The device's configuration space, at 0x2000: each clause broken, and nearly.
 * Of a block device capacity is at 0, blk_size, with feature 6, at 20.
 */
#include "tests/unit/clauses/page.h"

#define BLK_SIZE (1ull << 6)

static void up(struct page_test *p, uint64_t features)
{
	page_open(p, &chapter_config_space, 2, 1ull << 32 | features);
	page_negotiate(p, 0);
}

static void generation(struct page_test *p, uint64_t value)
{
	page_read(p, 0x15, 1, value);
}

static void capacity(struct page_test *p)
{
	page_bar_read(p, 0x2000, 4, 64);
	page_bar_read(p, 0x2004, 4, 0);
}

TEST(config_space, between_two_generations)
{
	struct page_test p;

	up(&p, 0);
	generation(&p, 5);
	capacity(&p);
	generation(&p, 5);
	page_driver_ok(&p);
	rulebook_end(p.book, 1, true);
	EXPECT_KEPT(&p, CLAUSE_CFG_D2);
	EXPECT_UNTOUCHED(&p, CLAUSE_CFG_D1);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(config_space, no_generation_before)
{
	struct page_test p;

	up(&p, 0);
	capacity(&p);
	generation(&p, 5);
	EXPECT_BROKEN(&p, CLAUSE_CFG_D2);
	page_close(&p);
}

TEST(config_space, no_generation_after)
{
	struct page_test p;

	up(&p, 0);
	generation(&p, 5);
	capacity(&p);
	page_driver_ok(&p);
	EXPECT_BROKEN(&p, CLAUSE_CFG_D2);
	page_close(&p);
}

/* A part of it is of 32 bits, and in one piece. */
static void read_half(struct page_test *p)
{
	up(p, 0);
	page_bar_read(p, 0x2000, 4, 64);
	page_driver_ok(p);
}

TEST(config_space, one_half)
{
	struct page_test p;

	read_half(&p);
	EXPECT_UNTOUCHED(&p, CLAUSE_CFG_D2);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(config_space, torn_and_read_again)
{
	struct page_test p;

	up(&p, 0);
	generation(&p, 5);
	capacity(&p);
	generation(&p, 6);
	capacity(&p);
	generation(&p, 6);
	page_driver_ok(&p);
	EXPECT_KEPT(&p, CLAUSE_CFG_D1);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(config_space, torn_and_believed)
{
	struct page_test p;

	up(&p, 0);
	generation(&p, 5);
	capacity(&p);
	generation(&p, 6);
	page_driver_ok(&p);
	EXPECT_BROKEN(&p, CLAUSE_CFG_D1);
	page_close(&p);
}

TEST(config_space, a_field_that_is_there)
{
	struct page_test p;

	up(&p, BLK_SIZE);
	page_bar_read(&p, 0x2014, 4, 512);
	EXPECT_KEPT(&p, CLAUSE_CFG_D3);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(config_space, a_field_that_is_not_there)
{
	struct page_test p;

	up(&p, 0);
	page_bar_read(&p, 0x2014, 4, 0);
	EXPECT_BROKEN(&p, CLAUSE_CFG_D3);
	EXPECT_SUBSTR(p.found.items[0].text, "the driver accessed blk_size");
	page_close(&p);
}

/* Read while features are chosen, and once more. */
static void early(struct page_test *p, uint64_t value)
{
	page_open(p, &chapter_config_space, 2, 1ull << 32 | BLK_SIZE);
	page_write(p, 0x14, 1, 3);
	page_bar_read(p, 0x2014, 4, value);
	page_write(p, 0x14, 1, 0xb);
}

TEST(config_space, early_is_as_late)
{
	struct page_test p;

	early(&p, 512);
	page_bar_read(&p, 0x2014, 4, 512);
	EXPECT_KEPT(&p, CLAUSE_CFG_V1);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(config_space, not_to_be_read_early)
{
	struct page_test p;

	early(&p, 0);
	page_bar_read(&p, 0x2014, 4, 512);
	EXPECT_BROKEN(&p, CLAUSE_CFG_V1);
	page_close(&p);
}

TEST(config_space, changed_meanwhile)
{
	struct page_test p;

	early(&p, 512);
	page_model(&p, MODEL_EV_CONFIG, 0xffff, 1);
	page_bar_read(&p, 0x2014, 4, 4096);
	EXPECT_UNTOUCHED(&p, CLAUSE_CFG_V1);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}
