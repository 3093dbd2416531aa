/* SPDX-License-Identifier: MIT */
/*
 * Cases that fail on purpose, one of each kind.  shim-test.sh compares the
 * output with failing.txt, which holds the line numbers of this file.
 */
#include "tests/shim/gtest_c.h"

TEST(failing, integers)
{
	int one = 1;

	EXPECT_EQ(2, one);
	EXPECT_EQ(-1, 0xffffffffu);
	EXPECT_NE(1, one);
	EXPECT_LT(1, one);
	EXPECT_LE(2, one);
	EXPECT_GT(one, 1);
	EXPECT_GE(one, 2);
}

TEST(failing, truths)
{
	EXPECT_TRUE(1 > 2);
	EXPECT_FALSE(2 > 1);
}

TEST(failing, strings)
{
	const char *none = NULL;

	EXPECT_STREQ("intx", "msix");
	EXPECT_STREQ("intx", none);
	EXPECT_STREQ(none, "intx");
	EXPECT_SUBSTR("haystack", "needle");
	EXPECT_SUBSTR(none, "needle");
}

TEST(failing, memory)
{
	EXPECT_MEMEQ("0123456789", "01234x6789", 10);
	EXPECT_MEMEQ(NULL, "a", 1);
}

TEST(failing, rows)
{
	for (int i = 0; i < 2; i++) {
		TEST_ROW("row %d", i);
		EXPECT_EQ(0, i);
	}
	ADD_FAILURE("outside of %s row", "any");
}

static void helper(void)
{
	ASSERT_TRUE(false);
	ADD_FAILURE("never reached");
}

TEST(failing, assert_ends_its_function)
{
	helper();
	ADD_FAILURE("the caller goes on");
	ASSERT_EQ(1, 2);
	ADD_FAILURE("never reached");
}

TEST(failing, fail_ends_its_function)
{
	TEST_ROW("a row that an early return leaves");
	FAIL("%d of %d", 1, 2);
	ADD_FAILURE("never reached");
}

TEST(failing, passes)
{
	EXPECT_TRUE(true);
}
