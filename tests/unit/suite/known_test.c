/* SPDX-License-Identifier: MIT */
/*
 * The file of cells that are known to fail.
 */
#include <string.h>

#include "sim/suite/known.h"
#include "tests/shim/gtest_c.h"
#include "tests/unit/suite/folder.h"

static const char *of(struct known *k, const char *path, const char *cell,
		      const char *guest)
{
	const struct result_label label = { .path = path, .cell = cell,
					    .guest = guest };

	return known_of(k, &label);
}

TEST(known, the_first_line_that_fits_all_of_the_name)
{
	struct known k;
	struct diag d;

	folder_enter();
	folder_file("known", "# cells\n\n"
		    "d/x.yaml[q=1]: bug 1: twice\r\n"
		    "  d/x*: \t bug 2  \n"
		    "*--guest mine: bug 3\n"
		    "d/?.yaml: bug 4\n"
		    "d/gone.yaml: bug 5");
	diag_init(&d);
	ASSERT_TRUE(known_read(&k, "known", &d));
	EXPECT_EQ(5, k.count);
	EXPECT_STREQ("bug 1: twice", of(&k, "d/x.yaml", "q=1", NULL));
	EXPECT_STREQ("bug 2", of(&k, "d/x.yaml", "q=11", NULL));
	EXPECT_STREQ("bug 2", of(&k, "d/x.yaml", "q=1", "mine"));
	EXPECT_STREQ("bug 3", of(&k, "d/y.yaml", "q=1", "mine"));
	EXPECT_STREQ("bug 4", of(&k, "d/y.yaml", "", NULL));
	EXPECT_TRUE(!of(&k, "d/y.yaml", "q=1", NULL));
	EXPECT_TRUE(!of(&k, "ad/x.yaml", "q=1", NULL));
	EXPECT_TRUE(k.lines[0].fits && k.lines[3].fits && !k.lines[4].fits);
	EXPECT_EQ(3, k.lines[0].line);
	EXPECT_EQ(7, k.lines[4].line);
	known_free(&k);
	folder_leave();
}

TEST(known, every_mistake_is_told)
{
	struct known k;
	struct diag d;

	folder_enter();
	folder_file("known", "good: 1\nno reference\n  x.yaml: \n: bug\n");
	diag_init(&d);
	EXPECT_FALSE(known_read(&k, "known", &d));
	ASSERT_EQ(3, d.count);
	EXPECT_EQ(2, d.items[0].pos.line);
	EXPECT_EQ(1, d.items[0].pos.column);
	EXPECT_EQ(3, d.items[1].pos.line);
	EXPECT_EQ(3, d.items[1].pos.column);
	EXPECT_STREQ("  x.yaml:", d.items[1].source);
	EXPECT_STREQ("known-line", d.items[2].code);
	diag_free(&d);
	known_free(&k);
	folder_leave();
}

TEST(known, files_that_are_none_or_empty)
{
	struct known k;
	struct diag d;

	folder_enter();
	folder_file("empty", "");
	diag_init(&d);
	EXPECT_TRUE(known_read(&k, "empty", &d));
	EXPECT_EQ(0, k.count);
	known_free(&k);
	EXPECT_FALSE(known_read(&k, "none", &d));
	known_free(&k);
	EXPECT_FALSE(known_read(&k, ".", &d));
	known_free(&k);
	EXPECT_EQ(2, d.count);
	EXPECT_STREQ("cannot-read", d.items[1].code);
	diag_free(&d);
	folder_leave();
}
