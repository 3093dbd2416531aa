/* SPDX-License-Identifier: MIT */
/*
 * What differs between guests.
 */
#include <string.h>

#include "tests/shim/gtest_c.h"
#include "tests/unit/suite/folder.h"

static struct selection selection;
static struct results results;

/* Two cells, [q=1] and [q=2], on x and on other: in this order. */
static void enter(void)
{
	folder_enter();
	folder_file("f.yaml", FOLDER_ON_GUESTS
		    "matrix: {q: [1, 2], guest: [x, other]}\nname: ${q}\n");
	folder_results(&results, &selection, "f.yaml");
}

static void leave(void)
{
	results_free(&results);
	selection_free(&selection);
	folder_leave();
}

static const char *compare(void)
{
	static char got[4096];
	struct textbuf out;

	textbuf_init(&out);
	results_compare(&results, &out);
	strcpy(got, out.data);
	textbuf_free(&out);
	return got;
}

static void put(size_t cell, const char *course)
{
	folder_put(&results, cell, RECORD_PASSED, "", "", course);
}

TEST(compare, only_what_differs)
{
	enter();
	put(0, "disk0  intx\nnet0  msix-shared\n");
	put(1, "disk0  msix-shared ENOSPC > intx\nnet0  msix-shared\n");
	put(2, "disk0  intx\n");
	put(3, "disk0  intx\n");
	EXPECT_STREQ("f.yaml[q=1]\n"
		     "  disk0  x      intx\n"
		     "         other  msix-shared ENOSPC > intx\n"
		     "\n"
		     "1 of 2 cells differ\n", compare());
	leave();
}

TEST(compare, nothing_differs)
{
	enter();
	put(0, "disk0  intx\n");
	put(1, "disk0  intx\n");
	put(2, "disk0  none\n");
	put(3, "disk0  none\n");
	EXPECT_STREQ("0 of 2 cells differ\n", compare());
	leave();
}

TEST(compare, a_longer_name_is_another_device)
{
	enter();
	put(0, "disk01  a\ndisk0  b\n");
	put(1, "disk0  b\ndisk01  a\n");
	put(2, "disk0  b\n");
	put(3, "disk0  b\n");
	EXPECT_STREQ("0 of 2 cells differ\n", compare());
	leave();
}

TEST(compare, a_line_that_one_lacks)
{
	enter();
	put(0, "disk0  intx\n");
	put(1, "disk0  intx\nrun  breaks off: null-pointer\n");
	put(2, "disk0  a\n");
	put(3, "disk0  b\n");
	EXPECT_STREQ("f.yaml[q=1]\n"
		     "  run  x      -\n"
		     "       other  breaks off: null-pointer\n"
		     "\n"
		     "f.yaml[q=2]\n"
		     "  disk0  x      a\n"
		     "         other  b\n"
		     "\n"
		     "2 of 2 cells differ\n", compare());
	leave();
}

TEST(compare, verdicts_differ_too)
{
	enter();
	put(0, "disk0  intx\n");
	folder_put(&results, 1, RECORD_FAILED, "too many vectors", "FAIL\n",
		   "disk0  intx\n");
	put(2, "");
	put(3, "");
	EXPECT_STREQ("f.yaml[q=1]\n"
		     "  result  x      pass\n"
		     "          other  fail: too many vectors\n"
		     "\n"
		     "1 of 2 cells differ\n", compare());
	leave();
}

TEST(compare, guests_that_the_file_does_not_fit_are_left_out)
{
	size_t i;

	enter();
	for (i = 0; i < 4; i++)
		put(i, "disk0  intx\n");
	folder_put(&results, 3, RECORD_INVALID, "unknown action", "", "");
	EXPECT_STREQ("0 of 1 cell differs\n"
		     "not compared, with one guest or none: 1\n", compare());
	leave();
}

TEST(compare, skipped_guests_are_left_out)
{
	enter();
	put(0, "disk0  intx\n");
	folder_put(&results, 1, RECORD_SKIPPED, "not built", "SKIP\n", "");
	put(2, "disk0  intx\n");
	put(3, "disk0  none\n");
	EXPECT_SUBSTR(compare(), "f.yaml[q=2]\n");
	EXPECT_SUBSTR(compare(), "1 of 1 cell differs\n"
				 "not compared, with one guest or none: 1\n");
	leave();
}
