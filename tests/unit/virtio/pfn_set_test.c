/* SPDX-License-Identifier: MIT */
/*
 * The set of page frame numbers, against a plain array of flags.
 */
#include <string.h>

#include "models/virtio/pfn_set.h"
#include "tests/shim/gtest_c.h"

TEST(pfn_set, empty)
{
	struct pfn_set set = { 0 };

	EXPECT_FALSE(pfn_set_has(&set, 0));
	EXPECT_FALSE(pfn_set_remove(&set, 0));
	EXPECT_TRUE(pfn_set_reserve(&set, 1));
	EXPECT_FALSE(pfn_set_has(&set, 0));
	pfn_set_clear(&set);
}

TEST(pfn_set, the_ends_of_the_range)
{
	static const uint32_t ends[] = { 0, 1, 0x7fffffff, 0xfffffffe,
					 0xffffffff };
	struct pfn_set set = { 0 };

	pfn_set_reserve(&set, 5);
	for (size_t i = 0; i < 5; i++) {
		EXPECT_TRUE(pfn_set_add(&set, ends[i]));
		EXPECT_FALSE(pfn_set_add(&set, ends[i]));
	}
	EXPECT_EQ(5, set.count);
	for (size_t i = 0; i < 5; i++) {
		EXPECT_TRUE(pfn_set_remove(&set, ends[i]));
		EXPECT_FALSE(pfn_set_remove(&set, ends[i]));
	}
	EXPECT_EQ(0, set.count);
	pfn_set_clear(&set);
}

/* Numbers close together and far apart, put in and taken out at random; the
 * table grows several times over and stays crowded. */
TEST(pfn_set, does_what_an_array_of_flags_does)
{
	static bool in[4096];
	struct pfn_set set = { 0 };
	uint32_t state = 1;
	size_t count = 0;

	memset(in, 0, sizeof(in));
	for (int i = 0; i < 60000; i++) {
		uint32_t n, pfn;

		state = state * 1664525 + 1013904223;
		n = state >> 20;
		pfn = n & 1 ? n : n << 20 | n;
		ASSERT_TRUE(pfn_set_reserve(&set, 1));
		EXPECT_EQ(in[n], pfn_set_has(&set, pfn));
		if (state >> 8 & 1 && i < 50000) {
			EXPECT_EQ(!in[n], pfn_set_add(&set, pfn));
			count += !in[n];
			in[n] = true;
		} else {
			EXPECT_EQ(in[n], pfn_set_remove(&set, pfn));
			count -= in[n];
			in[n] = false;
		}
	}
	EXPECT_EQ(count, set.count);
	for (uint32_t n = 0; n < 4096; n++)
		EXPECT_EQ(in[n], pfn_set_has(&set, n & 1 ? n : n << 20 | n));
	pfn_set_clear(&set);
	EXPECT_EQ(0, set.count);
}

/* Many small tables as full as they get: clusters lie across their ends, and
 * every entry is found whatever was removed before it. */
TEST(pfn_set, removal_leaves_no_hole_in_a_cluster)
{
	uint32_t state = 1;

	for (int round = 0; round < 500; round++) {
		struct pfn_set set = { 0 };
		uint32_t pfns[128];

		ASSERT_TRUE(pfn_set_reserve(&set, 128));
		for (int i = 0; i < 128; i++) {
			state = state * 1664525 + 1013904223;
			pfns[i] = state;
			ASSERT_TRUE(pfn_set_add(&set, state));
		}
		for (int i = 0; i < 128; i += 2)
			ASSERT_TRUE(pfn_set_remove(&set, pfns[i]));
		for (int i = 0; i < 128; i++)
			ASSERT_EQ(i & 1, pfn_set_has(&set, pfns[i]));
		pfn_set_clear(&set);
	}
}
