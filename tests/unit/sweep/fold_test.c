/* SPDX-License-Identifier: MIT */
/*
 * Like things together; and what of a fate is told.
 */
#include <string.h>

#include "sim/sweep/fold.h"
#include "sim/sweep/results.h"
#include "tests/shim/gtest_c.h"

TEST(fold, like_keys_are_one_group)
{
	struct fold f = { 0 };

	fold_add(&f, "intx", 1, 2);
	fold_add(&f, "shared", 3, 4);
	fold_add(&f, "intx", 5, 6);
	ASSERT_EQ(2, f.count);
	EXPECT_STREQ("intx", f.groups[0].key);
	EXPECT_EQ(2, f.groups[0].count);
	EXPECT_EQ(1, f.groups[0].a);
	EXPECT_EQ(2, f.groups[0].b);
	EXPECT_EQ(1, f.groups[1].count);
	fold_free(&f);
	EXPECT_EQ(0, f.count);
}

TEST(fold, most_frequent_first_and_equals_in_order)
{
	static const char *const keys[] = { "a", "b", "c", "c", "d", "c", "d" };
	struct fold f = { 0 };
	size_t i;

	for (i = 0; i < 7; i++)
		fold_add(&f, keys[i], i, 0);
	fold_sort(&f);
	EXPECT_STREQ("c", f.groups[0].key);
	EXPECT_STREQ("d", f.groups[1].key);
	EXPECT_STREQ("a", f.groups[2].key);
	EXPECT_STREQ("b", f.groups[3].key);
	fold_free(&f);
}

static const char *fate(const char *good, const char *now)
{
	static char got[256];
	struct textbuf out;

	textbuf_init(&out);
	sweep_put_fate(&out, good, now);
	strcpy(got, out.data);
	textbuf_free(&out);
	return got;
}

TEST(fate, only_what_is_otherwise)
{
	const char *good = "disk0 msix-per-queue\nrng0 msix-per-queue\n";

	EXPECT_STREQ("as without a fault", fate(good, good));
	EXPECT_STREQ("rng0 intx",
		     fate(good, "disk0 msix-per-queue\nrng0 intx\n"));
	EXPECT_STREQ("disk0 intx; rng0 intx",
		     fate(good, "disk0 intx\nrng0 intx\n"));
}

TEST(fate, a_step_that_broke_the_workload_off_comes_last)
{
	EXPECT_STREQ("blk.read fails EIO",
		     fate("disk0 intx\n", "disk0 intx\nblk.read fails EIO\n"));
	EXPECT_STREQ("disk0 probe fails ENOMEM; blk.read fails ENODEV",
		     fate("disk0 intx\n", "disk0 probe fails ENOMEM\n"
			  "blk.read fails ENODEV\n"));
}
