/* SPDX-License-Identifier: MIT */
/*
 * Failures that are alike, and the forms that tell of each: text, TAP, GitHub.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/shim/gtest_c.h"
#include "tests/unit/suite/folder.h"

static struct selection selection;
static struct results results;

/* x.yaml of four cells. */
static void enter(void)
{
	folder_enter();
	folder_file("x.yaml", FOLDER_MACHINE
		    "matrix: {q: [1, 2, 3, 4]}\nname: ${q}\n");
	folder_results(&results, &selection, "x.yaml");
}

static void leave(void)
{
	results_free(&results);
	selection_free(&selection);
	folder_leave();
}

static void fail(size_t cell, const char *check, const char *function,
		 const char *way, uint64_t time_ps)
{
	struct record r = {
		.status = RECORD_FAILED, .time_ps = time_ps,
		.reason = strdup("too many, or #1"), .text = strdup("FAIL x\n  a\n"),
		.course = strdup(""), .json = strdup("{}\n"),
		.check = strdup(check), .function = strdup(function),
		.way = strdup(way), .file = strdup("x.yaml"), .line = 7,
		.column = 3,
	};

	results_put(&results, cell, &r);
}

static const char *made(void (*form)(const struct results *r,
				     struct textbuf *out))
{
	static char got[8192];
	struct textbuf out;

	textbuf_init(&out);
	form(&results, &out);
	strcpy(got, out.data ? out.data : "");
	textbuf_free(&out);
	return got;
}

static void only_failed(const struct results *r, struct textbuf *out)
{
	const struct results_text how = { .only_failed = true };

	results_text(r, &how, out);
}

TEST(kinds, the_smallest_stands_for_all)
{
	enter();
	fail(0, "leak", "f", "", 30);
	fail(1, "expectation vectors", "f < g", "msix-shared > intx", 20);
	fail(2, "expectation vectors", "f < g", "msix-shared > intx", 10);
	fail(3, "expectation vectors", "f < g", "msix-shared > intx", 10);
	EXPECT_STREQ("FAIL x\n  a\n"
		     "FAIL x\n  like x.yaml[q=3]: too many, or #1\n"
		     "FAIL x\n  a\n"
		     "FAIL x\n  like x.yaml[q=3]: too many, or #1\n"
		     "4 failures, 2 kinds:\n"
		     "    3  expectation vectors, in f < g, msix-shared > intx\n"
		     "       x.yaml[q=3], line 7\n"
		     "    1  leak, in f\n"
		     "       x.yaml[q=1], line 7\n"
		     "0 passed, 4 failed, 0 skipped\n", made(only_failed));
	leave();
}

TEST(kinds, each_part_tells_them_apart)
{
	static const char *const parts[][3] = {
		{ "a", "f", "w" }, { "b", "f", "w" }, { "a", "g", "w" },
		{ "a", "f", "v" },
	};
	struct kinds k;
	size_t i;

	enter();
	for (i = 0; i < 4; i++)
		fail(i, parts[i][0], parts[i][1], parts[i][2], 1);
	kinds_find(&k, &results);
	EXPECT_EQ(4, k.count);
	kinds_free(&k);
	leave();
}

TEST(kinds, one_failure_needs_no_table)
{
	enter();
	fail(0, "leak", "f", "", 30);
	EXPECT_STREQ("FAIL x\n  a\n0 passed, 1 failed, 0 skipped\n",
		     made(only_failed));
	leave();
}

TEST(kinds, what_failed_before_is_of_none)
{
	enter();
	fail(0, "leak", "f", "", 1);
	fail(1, "leak", "f", "", 2);
	results.items[0].against = AGAINST_STILL;
	results.items[1].against = AGAINST_NEW;
	results.items[2].against = AGAINST_FIXED;
	results.baseline = "old.json";
	EXPECT_STREQ("still failing: x.yaml[q=1]\n"
		     "FAIL x\n  a\n"
		     "fixed: x.yaml[q=3]\n"
		     "against old.json: 1 new, 1 fixed, 1 still failing\n"
		     "0 passed, 2 failed, 0 skipped\n", made(only_failed));
	EXPECT_EQ(1, results_exit_code(&results));
	results.items[1].against = AGAINST_STILL;
	EXPECT_EQ(0, results_exit_code(&results));
	leave();
}

TEST(tap, all_verdicts)
{
	enter();
	folder_put(&results, 0, RECORD_PASSED, "", "", "");
	folder_put(&results, 1, RECORD_SKIPPED, "no #1 \\ guest", "SKIP\n", "");
	folder_put(&results, 2, RECORD_KNOWN, "as told", "KNOWN\n", "");
	fail(3, "leak", "f < g", "intx", 1);
	EXPECT_STREQ("TAP version 14\n"
		     "1..4\n"
		     "ok 1 - x.yaml[q=1]\n"
		     "ok 2 - x.yaml[q=2] # SKIP no \\#1 \\\\ guest\n"
		     "not ok 3 - x.yaml[q=3] # TO" "DO as told\n"
		     "  ---\n"
		     "  message: \"as told\"\n"
		     "  severity: \"known\"\n"
		     "  text: |\n"
		     "    KNOWN\n"
		     "  ...\n"
		     "not ok 4 - x.yaml[q=4]\n"
		     "  ---\n"
		     "  message: \"too many, or #1\"\n"
		     "  severity: \"fail\"\n"
		     "  check: \"leak\"\n"
		     "  function: \"f < g\"\n"
		     "  way: \"intx\"\n"
		     "  at: {file: \"x.yaml\", line: 7, column: 3}\n"
		     "  text: |\n"
		     "    FAIL x\n"
		     "      a\n"
		     "  ...\n", made(results_tap));
	leave();
}

/* What YAML's literal block cannot hold is a quoted scalar. */
TEST(tap, texts_that_yaml_has_trouble_with)
{
	static const char *const texts[] = {
		" begins with a blank\n", "\nwith a line end\n", "a\x01" "b\n",
		"tab\there\n", "\xff\n", "\xc2\x85\n", "\xef\xbb\xbf\n", "\x7f\n",
	};
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		enter();
		folder_put(&results, 0, RECORD_FAILED, "r", texts[i], "");
		EXPECT_SUBSTR(made(results_tap), "  text: \"");
		EXPECT_TRUE(!strstr(made(results_tap), "|"));
		leave();
	}
}

TEST(tap, interrupted)
{
	enter();
	results.interrupted = true;
	EXPECT_SUBSTR(made(results_tap), "\nBail out! interrupted\n");
	leave();
}

TEST(github, one_of_each_kind_comes_first)
{
	enter();
	fail(0, "leak", "f", "", 2);
	fail(1, "leak", "f", "", 1);
	folder_put(&results, 2, RECORD_PASSED, "", "", "");
	fail(3, "spin", "f", "", 3);
	EXPECT_STREQ(
"::error file=x.yaml,line=7,col=3,title=x.yaml[q=2]::too many, or #1%0AFAIL x%0A  a%0A\n"
"::error file=x.yaml,line=7,col=3,title=x.yaml[q=4]::too many, or #1%0AFAIL x%0A  a%0A\n"
"::error file=x.yaml,line=7,col=3,title=x.yaml[q=1]::too many, or #1%0AFAIL x%0A  a%0A\n",
		     made(results_github));
	leave();
}

TEST(github, what_would_end_a_command_is_escaped)
{
	folder_enter();
	folder_results(&results, &selection, "a,b:c%d.yaml");
	EXPECT_SUBSTR(made(results_github),
		      "::error file=a%2Cb%3Ac%25d.yaml,"
		      "title=a%2Cb%3Ac%25d.yaml::cannot be read: No such file "
		      "or directory%0AINVALID a,b:c%25d%0A");
	leave();
}
