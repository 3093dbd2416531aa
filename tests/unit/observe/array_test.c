/* SPDX-License-Identifier: MIT */
/*
 * Arrays that grow with the numbers that turn up.
 */
#include <stdint.h>
#include <stdlib.h>

#include "sim/observe/array.h"
#include "tests/shim/gtest_c.h"

TEST(array, what_is_new_is_zero_and_what_was_there_stays)
{
	uint32_t *a = NULL;
	size_t n = 0, i;

	a = array_reach(a, &n, sizeof(*a), 0);
	ASSERT_TRUE(a != NULL);
	EXPECT_EQ(8, n);
	for (i = 0; i < n; i++)
		a[i] = 7;
	EXPECT_TRUE(a == array_reach(a, &n, sizeof(*a), 7));
	EXPECT_EQ(8, n);
	a = array_reach(a, &n, sizeof(*a), 40);
	ASSERT_TRUE(a != NULL);
	EXPECT_EQ(64, n);
	for (i = 0; i < n; i++)
		EXPECT_EQ(i < 8 ? 7 : 0, a[i]);
	free(a);
}

TEST(array, more_than_there_is_changes_nothing)
{
	size_t n = 0;

	EXPECT_TRUE(array_reach(NULL, &n, 16, SIZE_MAX - 1) == NULL);
	EXPECT_TRUE(array_reach(NULL, &n, 16, SIZE_MAX / 8) == NULL);
	EXPECT_EQ(0, n);
}
