/* SPDX-License-Identifier: MIT */
/*
 * By which names labs are found.
 */
#include "sim/lab/lab.h"
#include "tests/shim/gtest_c.h"

static struct lab second = { .name = "12-second-lab", .file = "two.c" };
static struct lab first = {
	.next = &second, .name = "01-find-the-device", .file = "find.c",
};
static const struct labs two_labs = { .first = &first };

TEST(labs, are_found_by_number_and_by_name)
{
	static const struct {
		const char *name;
		const struct lab *lab;
	} rows[] = {
		{ "1", &first }, { "01", &first }, { "001", &first },
		{ "01-find-the-device", &first },
		{ "find-the-device", &first },
		{ "12", &second }, { "second-lab", &second },
		{ "2", NULL }, { "", NULL }, { "find", NULL }, { "-1", NULL },
		{ "1x", NULL }, { "01-", NULL },
		{ "99999999999999999999999999", NULL },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		TEST_ROW("'%s'", rows[i].name);
		EXPECT_EQ(rows[i].lab, labs_find(&two_labs, rows[i].name));
	}
}

TEST(labs, are_found_by_the_name_of_their_file)
{
	EXPECT_EQ(&second, labs_of_file(&two_labs, "two.c"));
	EXPECT_EQ(NULL, labs_of_file(&two_labs, "three.c"));
}
