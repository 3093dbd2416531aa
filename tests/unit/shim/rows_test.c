/* SPDX-License-Identifier: MIT */
/*
 * A second file of the same program and the same suite: both files' cases must
 * be there (known-counts.txt), and rows nest and end with their blocks.
 */
#include "tests/shim/gtest_c.h"

TEST(shim, rows_nest)
{
	for (int i = 0; i < 3; i++) {
		TEST_ROW("outer %d", i);
		for (int j = 0; j < 3; j++) {
			TEST_ROW("inner %d", j);
			EXPECT_LE(0, i + j);
		}
	}
}
