/* SPDX-License-Identifier: MIT */
/*
 * The shim's expectations where they hold.  Where they fail is failing.c,
 * whose output shim-test.sh compares.
 */
#include "tests/shim/gtest_c.h"

struct narrow {
	unsigned int three : 3;
	int four : 4;
	bool flag;
	uint8_t byte;
	uint16_t half;
};

enum colour { RED, GREEN = 300 };

TEST(shim, integers_of_any_width_compare)
{
	struct narrow n = { 5, -2, true, 0xff, 0xffff };
	enum colour c = GREEN;

	EXPECT_EQ(5, n.three);
	EXPECT_EQ(-2, n.four);
	EXPECT_EQ(1, n.flag);
	EXPECT_EQ(255, n.byte);
	EXPECT_EQ(65535, n.half);
	EXPECT_EQ(300, c);
	EXPECT_EQ('a', "abc"[0]);
	EXPECT_EQ(0x8000000000000000u, UINT64_C(1) << 63);
	EXPECT_EQ(INT64_MIN, -INT64_MAX - 1);
}

TEST(shim, signs_are_compared_by_value)
{
	EXPECT_NE(-1, 0xffffffffu);
	EXPECT_NE(-1, UINT64_MAX);
	EXPECT_LT(-1, 0u);
	EXPECT_LT(INT64_MIN, UINT64_C(0));
	EXPECT_GT(UINT64_MAX, INT64_MAX);
	EXPECT_GE(0u, -1);
	EXPECT_LT(-2, -1);
	EXPECT_LE(-2L, (short)-2);
}

TEST(shim, pointers_compare)
{
	int a[2];
	int *none = NULL;

	EXPECT_EQ(NULL, none);
	EXPECT_NE(NULL, &a[0]);
	EXPECT_EQ(&a[1], a + 1);
	EXPECT_LT(&a[0], &a[1]);
}

TEST(shim, strings_and_memory_compare)
{
	char text[] = "msix-shared";

	EXPECT_STREQ("msix-shared", text);
	EXPECT_STREQ(NULL, NULL);
	EXPECT_SUBSTR(text, "shared");
	EXPECT_SUBSTR(text, "");
	EXPECT_MEMEQ("abcd", "abce", 3);
	EXPECT_MEMEQ(NULL, NULL, 0);
}

static int calls;

static int counted(int value)
{
	calls++;
	return value;
}

TEST(shim, each_argument_is_evaluated_once)
{
	calls = 0;
	EXPECT_EQ(1, counted(1));
	EXPECT_EQ(counted(2), 2);
	EXPECT_TRUE(counted(1));
	EXPECT_FALSE(counted(0));
	EXPECT_STREQ("ab" + counted(1), "b");
	EXPECT_EQ(5, calls);
}

TEST(shim, expectations_are_statements)
{
	if (calls < 0)
		EXPECT_TRUE(false);
	else
		EXPECT_TRUE(true);
	if (calls < 0)
		ASSERT_EQ(1, 2);
	else
		ASSERT_EQ(2, 2);
}
