/* SPDX-License-Identifier: MIT */
/*
 * Feature bits: each clause broken, and nearly.
 */
#include "tests/unit/clauses/page.h"

#define VERSION_1 (1ull << 32)

static void begin(struct page_test *p, uint16_t type, uint64_t features)
{
	page_open(p, &chapter_features, type, features);
}

/* Of these features, FEATURES_OK set; the device shows `status`. */
static void accept(struct page_test *p, uint64_t features, unsigned int status)
{
	const uint64_t offered = p->f.devices[0].offered;
	uint32_t window;

	page_write(p, 0x14, 1, 0);
	page_reset_done(p);
	page_read(p, 0x14, 1, 0);
	page_write(p, 0x14, 1, 1);
	page_write(p, 0x14, 1, 3);
	for (window = 0; window < 2; window++) {
		page_write(p, 0x00, 4, window);
		page_read(p, 0x04, 4, (uint32_t)(offered >> 32 * window));
		page_write(p, 0x08, 4, window);
		page_write(p, 0x0c, 4, (uint32_t)(features >> 32 * window));
	}
	page_write(p, 0x14, 1, 0xb);
	page_read(p, 0x14, 1, status);
}

TEST(features, a_subset)
{
	struct page_test p;

	begin(&p, 2, VERSION_1 | 1 << 9 | 1 << 6);
	accept(&p, VERSION_1 | 1 << 9, 0xb);
	EXPECT_KEPT(&p, CLAUSE_FEAT_D1);
	EXPECT_KEPT(&p, CLAUSE_FEAT_V2);
	EXPECT_UNTOUCHED(&p, CLAUSE_FEAT_V3);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(features, accepted_and_not_offered)
{
	struct page_test p;

	begin(&p, 2, VERSION_1);
	accept(&p, VERSION_1 | 1 << 9, 0x3);
	EXPECT_BROKEN(&p, CLAUSE_FEAT_D1);
	EXPECT_SUBSTR(p.found.items[0].text, "features 0x200,");
	EXPECT_KEPT(&p, CLAUSE_FEAT_V3);
	page_close(&p);
}

/* What counts is what the device has shown. */
TEST(features, accepted_as_shown)
{
	struct page_test p;

	begin(&p, 2, VERSION_1 | 1 << 9);
	page_write(&p, 0x14, 1, 3);
	page_write(&p, 0x00, 4, 0);
	page_read(&p, 0x04, 4, 0);
	page_write(&p, 0x08, 4, 0);
	page_write(&p, 0x0c, 4, 1 << 9);
	page_write(&p, 0x14, 1, 0xb);
	EXPECT_BROKEN(&p, CLAUSE_FEAT_D1);
	page_close(&p);
}

TEST(features, a_set_of_others_is_taken)
{
	struct page_test p;

	begin(&p, 2, VERSION_1);
	rulebook_waive(p.book, CLAUSE_FEAT_D1, 0);
	accept(&p, VERSION_1 | 1 << 9, 0xb);
	EXPECT_BROKEN(&p, CLAUSE_FEAT_V3);
	page_close(&p);
}

/* A network device: GUEST_TSO4 (7) needs GUEST_CSUM (1), 5.1.3.1. */
TEST(features, what_a_feature_needs)
{
	struct page_test p;

	begin(&p, 1, VERSION_1 | 1 << 7 | 1 << 1);
	accept(&p, VERSION_1 | 1 << 7 | 1 << 1, 0xb);
	EXPECT_KEPT(&p, CLAUSE_FEAT_D2);
	EXPECT_KEPT(&p, CLAUSE_FEAT_V1);
	page_close(&p);
}

TEST(features, accepted_without_what_it_needs)
{
	struct page_test p;

	begin(&p, 1, VERSION_1 | 1 << 7 | 1 << 1);
	accept(&p, VERSION_1 | 1 << 7, 0x3);
	EXPECT_BROKEN(&p, CLAUSE_FEAT_D2);
	page_close(&p);
}

TEST(features, offered_without_what_it_needs)
{
	struct page_test p;

	begin(&p, 1, VERSION_1 | 1 << 7);
	accept(&p, VERSION_1, 0xb);
	EXPECT_BROKEN(&p, CLAUSE_FEAT_V1);
	page_close(&p);
}

/* ECN needs one of two, whichever. */
TEST(features, one_of_two_is_enough)
{
	struct page_test p;

	begin(&p, 1, VERSION_1 | 1 << 9 | 1 << 8 | 1 << 1);
	accept(&p, VERSION_1 | 1 << 9 | 1 << 8 | 1 << 1, 0xb);
	EXPECT_KEPT(&p, CLAUSE_FEAT_D2);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(features, a_good_subset_is_refused)
{
	struct page_test p;

	begin(&p, 2, VERSION_1 | 1 << 9);
	accept(&p, VERSION_1, 0x3);
	EXPECT_BROKEN(&p, CLAUSE_FEAT_V2);
	page_close(&p);
}

/* 6.2: a device may stop working without VERSION_1. */
TEST(features, a_device_may_insist_on_version_1)
{
	struct page_test p;

	begin(&p, 2, VERSION_1 | 1 << 9);
	accept(&p, 1 << 9, 0x3);
	EXPECT_UNTOUCHED(&p, CLAUSE_FEAT_V2);
	EXPECT_KEPT(&p, CLAUSE_FEAT_V3);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(features, a_good_subset_is_refused_as_the_scenario_wants)
{
	struct page_test p;

	begin(&p, 2, VERSION_1);
	feed_fault(&p.f, 0, "device.features_ok", 0, 1);
	accept(&p, VERSION_1, 0x3);
	EXPECT_UNTOUCHED(&p, CLAUSE_FEAT_V2);
	EXPECT_EQ(0, p.found.count);
	accept(&p, VERSION_1, 0x3);
	EXPECT_BROKEN(&p, CLAUSE_FEAT_V2);
	page_close(&p);
}

/* What is written behind FEATURES_OK is no part of what was asked for. */
TEST(features, accepted_behind_the_question)
{
	struct page_test p;

	begin(&p, 2, VERSION_1);
	page_write(&p, 0x14, 1, 3);
	page_write(&p, 0x14, 1, 0xb);
	page_write(&p, 0x08, 4, 1);
	page_write(&p, 0x0c, 4, 1);
	page_read(&p, 0x14, 1, 0x3);
	EXPECT_UNTOUCHED(&p, CLAUSE_FEAT_V2);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}

TEST(features, refused_after_a_reset)
{
	struct page_test p;

	begin(&p, 2, VERSION_1);
	accept(&p, VERSION_1, 0xb);
	accept(&p, VERSION_1, 0x3);
	EXPECT_BROKEN(&p, CLAUSE_FEAT_V4);
	page_close(&p);
}

TEST(features, taken_after_a_reset)
{
	struct page_test p;

	begin(&p, 2, VERSION_1);
	accept(&p, VERSION_1, 0xb);
	EXPECT_UNTOUCHED(&p, CLAUSE_FEAT_V4);
	accept(&p, VERSION_1, 0xb);
	EXPECT_KEPT(&p, CLAUSE_FEAT_V4);
	page_close(&p);
}

static void be_refused(struct page_test *p)
{
	begin(p, 2, VERSION_1);
	rulebook_waive(p->book, CLAUSE_FEAT_V2, 0);
	accept(p, VERSION_1, 0x3);
}

TEST(features, no_reaction_to_a_refusal)
{
	struct page_test p;

	be_refused(&p);
	rulebook_end(p.book, 1, true);
	EXPECT_BROKEN(&p, CLAUSE_FEAT_D4);
	page_close(&p);
}

TEST(features, failed_after_a_refusal)
{
	struct page_test p;

	be_refused(&p);
	page_write(&p, 0x14, 1, 0x83);
	rulebook_end(p.book, 1, true);
	EXPECT_KEPT(&p, CLAUSE_FEAT_D4);
	EXPECT_EQ(0, p.found.count);
	page_close(&p);
}
