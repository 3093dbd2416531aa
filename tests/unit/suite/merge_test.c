/* SPDX-License-Identifier: MIT */
/*
 * Results read back from their lines, joined, and held against earlier ones.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/suite/reread.h"
#include "tests/shim/gtest_c.h"
#include "tests/unit/suite/folder.h"

#define RUN(path, cell, crc, verdict)                                          \
	"{\"ringside_result\": 1, \"version\": \"0.1.0\", \"verdict\": \""     \
	verdict "\", \"exit\": 0, \"scenario\": {\"path\": \"" path            \
	"\", \"cell\": \"" cell "\", \"crc32\": \"" crc "\"}, \"guest\": "     \
	"{\"name\": \"reference\", \"crc32\": \"0x2\"}, "                      \
	"\"simulated_ps\": 1234"
#define SUITE(number) ", \"suite\": {\"program\": \"0x00000009\", "            \
		      "\"number\": " number ", \"group\": \"g\"}}\n"
#define A RUN("x.yaml", "q=1", "0x1", "pass") SUITE("0")
#define B RUN("x.yaml", "q=2", "0x1", "pass") SUITE("1")
#define C RUN("y.yaml", "", "0x3", "fail")                                     \
	", \"reason\": \"why\", \"text\": \"FAIL\\n\", \"failure\": {"         \
	"\"check\": \"leak\", \"function\": \"f\", \"file\": \"y.yaml\", "     \
	"\"line\": 3, \"column\": 4}, \"course\": \"d  intx\\n\"" SUITE("2")
#define SUM(shard) "{\"ringside_suite\": 1, \"total\": 3" shard "}\n"

static struct reread reread;
static struct results results;
static struct textbuf error;

static void enter(void)
{
	folder_enter();
	reread_init(&reread);
	results_init(&results);
	textbuf_init(&error);
}

static void leave(void)
{
	reread_free(&reread);
	results_free(&results);
	textbuf_free(&error);
	folder_leave();
}

static void file(const char *name, const char *text)
{
	folder_file(name, text);
	EXPECT_TRUE(reread_file(&reread, name));
}

static bool merge(void)
{
	return reread_merge(&reread, &results, &error);
}

static const char *json(void)
{
	static char got[8192];
	struct textbuf out;

	textbuf_init(&out);
	results_json(&results, &out);
	strcpy(got, out.data);
	textbuf_free(&out);
	return got;
}

TEST(reread, a_line_has_all_of_a_record)
{
	struct reread_item i;

	ASSERT_TRUE(reread_line(&i, C, strlen(C) - 1));
	EXPECT_EQ(RECORD_FAILED, i.record.status);
	EXPECT_EQ(1234, i.record.time_ps);
	EXPECT_STREQ("why", i.record.reason);
	EXPECT_STREQ("FAIL\n", i.record.text);
	EXPECT_STREQ("d  intx\n", i.record.course);
	EXPECT_STREQ("leak", i.record.check);
	EXPECT_STREQ("f", i.record.function);
	EXPECT_STREQ("y.yaml", i.record.file);
	EXPECT_EQ(3, i.record.line);
	EXPECT_EQ(4, i.record.column);
	EXPECT_STREQ("y.yaml", i.label.path);
	EXPECT_STREQ("", i.label.cell);
	EXPECT_STREQ("reference", i.label.runs_on);
	EXPECT_TRUE(!i.label.guest && !i.label.known && !i.label.has_seed);
	EXPECT_EQ(2, i.number);
	EXPECT_STREQ("0x3", i.scenario_crc);
	EXPECT_STREQ("0x2", i.guest_crc);
	EXPECT_TRUE(!strstr(i.record.json, "\"suite\""));
	EXPECT_SUBSTR(i.record.json, "\"course\": \"d  intx\\n\"}\n");
	reread_item_free(&i);
}

TEST(reread, lines_that_are_no_result)
{
	static const char *const lines[] = {
		"", "x", "{}", "[]", "1",
		"{\"ringside_result\": 1, \"verdict\": \"pass\"}",
		/* No place in a suite; a version of the format to come; no such
		 * verdict; no scenario; something behind `suite`. */
		RUN("x.yaml", "", "0x1", "pass") "}",
		"{\"ringside_result\": 2, \"verdict\": \"pass\", \"scenario\": "
		"{\"path\": \"x\"}" SUITE("1"),
		RUN("x.yaml", "", "0x1", "great") SUITE("1"),
		"{\"ringside_result\": 1, \"verdict\": \"pass\"" SUITE("1"),
		RUN("x.yaml", "", "0x1", "pass")
		", \"suite\": {\"number\": 1}, \"more\": 1}",
		RUN("x.yaml", "", "0x1", "pass") ", \"suite\": {}}",
	};
	struct reread_item i;
	size_t k;

	for (k = 0; k < sizeof(lines) / sizeof(lines[0]); k++)
		EXPECT_FALSE(reread_line(&i, lines[k], strlen(lines[k])));
}

TEST(reread, no_part_of_a_line_is_a_result)
{
	struct reread_item i;
	size_t len;

	for (len = 0; len < strlen(C) - 1; len++)
		EXPECT_FALSE(reread_line(&i, C, len));
}

/* What is damaged is refused or read, and nothing worse. */
TEST(reread, every_byte_damaged_in_some_ways)
{
	static const char bytes[] = "\0\"\\{}[],:x0-\xff";
	const size_t len = strlen(C) - 1;
	size_t at, k, refused = 0;

	for (at = 0; at < len; at++)
		for (k = 0; k < sizeof(bytes) - 1; k++) {
			char *line = malloc(len);
			struct reread_item i;

			memcpy(line, C, len);
			line[at] = bytes[k];
			if (reread_line(&i, line, len))
				reread_item_free(&i);
			else
				refused++;
			free(line);
		}
	EXPECT_GT(refused, len);
}

TEST(reread, other_blanks_are_as_good)
{
	static const char line[] =
		"{\"ringside_result\":1,\"verdict\":\"fixed\",\"scenario\":"
		"{\"path\":\"x\"},\"suite\":{\"number\":1}}";
	struct reread_item i;

	ASSERT_TRUE(reread_line(&i, line, strlen(line)));
	EXPECT_EQ(RECORD_FAILED, i.record.status);
	EXPECT_STREQ("{\"ringside_result\":1,\"verdict\":\"fixed\","
		     "\"scenario\":{\"path\":\"x\"}}\n", i.record.json);
	reread_item_free(&i);
}

TEST(merge, shards_in_any_order)
{
	enter();
	file("2", B SUM(", \"shard\": \"2/2\""));
	file("1", A C SUM(", \"shard\": \"1/2\""));
	ASSERT_TRUE(merge());
	EXPECT_EQ(3, results.count);
	EXPECT_TRUE(!results.missing);
	EXPECT_EQ(1, results_exit_code(&results));
	EXPECT_STREQ(A B C "{\"ringside_suite\": 1, \"version\": \"0.1.0\", "
		     "\"exit\": 1, \"passed\": 2, \"failed\": 1, "
		     "\"skipped\": 0, \"verdicts\": {\"pass\": 2, \"fail\": 1}, "
		     "\"total\": 3}\n", json());
	leave();
}

TEST(merge, others_one_behind_the_other)
{
	enter();
	file("1", RUN("y.yaml", "", "0x3", "pass") SUITE("0")
	     "{\"ringside_suite\": 1, \"total\": 1}\n");
	file("2", A B "{\"ringside_suite\": 1, \"total\": 2}\n");
	ASSERT_TRUE(merge());
	EXPECT_EQ(3, results.count);
	EXPECT_STREQ("y.yaml", results.items[0].label.path);
	EXPECT_EQ(2, results.items[2].number);
	EXPECT_EQ(3, results.total);
	leave();
}

TEST(merge, missing_shards_are_told)
{
	enter();
	file("1", A C SUM(", \"shard\": \"1/3\""));
	file("3", "{\"ringside_partial\": 1, \"total\": 3, "
		  "\"shard\": \"3/3\"}\n{\"ringside_res");
	ASSERT_TRUE(merge());
	EXPECT_STREQ("shard 2/3, shard 3/3 is cut off", results.missing);
	EXPECT_EQ(1, results.missing_count);
	/* Worse than the failure in it. */
	EXPECT_EQ(2, results_exit_code(&results));
	leave();
}

TEST(merge, many_missing_shards_are_counted)
{
	enter();
	file("1", A SUM(", \"shard\": \"1/100000\""));
	ASSERT_TRUE(merge());
	EXPECT_SUBSTR(results.missing, "shard 2/100000, shard 3/100000, ");
	EXPECT_SUBSTR(results.missing, ", shard 21/100000, and 99979 more");
	leave();
	/* No division that this program makes. */
	enter();
	file("1", A B SUM(", \"shard\": \"1/4294967295\""));
	ASSERT_TRUE(merge());
	EXPECT_STREQ("a file is cut off", results.missing);
	leave();
}

static void expect_refused(const char *one, const char *two, const char *why)
{
	enter();
	file("one", one);
	file("two", two);
	EXPECT_FALSE(merge());
	EXPECT_STREQ(why, error.data ? error.data : "");
	leave();
}

TEST(merge, what_does_not_belong_together)
{
	expect_refused(A, B "x\n" C, "two:2: this line is no result");
	expect_refused(A, "", "two: no result in it");
	expect_refused(A, A, "x.yaml[q=1] is in one and in two");
	expect_refused(A SUM(", \"shard\": \"1/2\""), B SUM(""),
		       "one is a shard's, two is not");
	expect_refused(A SUM(", \"shard\": \"1/2\""),
		       B SUM(", \"shard\": \"2/3\""),
		       "one is of 2 shards of 3 results, two of 3 of 3");
	expect_refused(A SUM(", \"shard\": \"1/2\""),
		       RUN("x.yaml", "q=9", "0x1", "pass") SUITE("0")
		       SUM(", \"shard\": \"2/2\""),
		       "one and two are of different selections");
	expect_refused(A, RUN("x.yaml", "q=2", "0x7", "pass") SUITE("1"),
		       "the scenario x.yaml is 0x1 in one, 0x7 in two");
	expect_refused(A, RUN("x.yaml", "q=2", "0x1", "pass")
		       ", \"suite\": {\"program\": \"0x8\", \"number\": 1}}\n",
		       "program is 0x00000009 in one, 0x8 in two");
	expect_refused(A, RUN("x.yaml", "q=2", "0x1", "pass")
		       ", \"suite\": {\"program\": \"0x00000009\", "
		       "\"number\": 1, \"seed\": 4}}\n",
		       "one and two were run with different --seed");
}

TEST(merge, a_guest_without_a_name)
{
	static const char line[] =
		"{\"ringside_result\": 1, \"verdict\": \"pass\", \"scenario\": "
		"{\"path\": \"%d\"}, \"guest\": {\"crc32\": \"0x%d\"}, "
		"\"suite\": {\"number\": %d}}\n";
	char one[256], two[256];

	snprintf(one, sizeof(one), line, 1, 1, 0);
	snprintf(two, sizeof(two), line, 2, 2, 1);
	expect_refused(one, two, "the guest is 0x1 in one, 0x2 in two");
}

/* What was not run tells nothing of what it was of. */
TEST(merge, no_hash_is_no_other_hash)
{
	enter();
	file("1", A);
	file("2", "{\"ringside_result\": 1, \"version\": \"0.1.0\", \"verdict\": "
		  "\"simulator\", \"scenario\": {\"path\": \"x.yaml\", \"cell\": "
		  "\"q=0\"}" SUITE("1"));
	file("3", B);
	EXPECT_TRUE(merge());
	EXPECT_EQ(3, results_exit_code(&results));
	leave();
}

TEST(merge, a_file_that_cannot_be_read_has_no_seed)
{
	enter();
	file("1", "{\"ringside_result\": 1, \"version\": \"0.1.0\", \"verdict\": "
		  "\"invalid\", \"scenario\": {\"path\": \"x.yaml\"}"
		  SUITE("0"));
	file("2", RUN("y.yaml", "", "0x1", "pass")
	     ", \"suite\": {\"number\": 1, \"seed\": 7}}\n");
	EXPECT_TRUE(merge());
	EXPECT_EQ(2, results.count);
	leave();
}

TEST(merge, interrupted_stays_interrupted)
{
	enter();
	file("1", A "{\"ringside_result\": 1, \"version\": \"0.1.0\", \"verdict\": "
		  "\"not-run\", \"scenario\": {\"path\": \"x.yaml\", \"cell\": "
		  "\"q=2\"}" SUITE("1"));
	EXPECT_TRUE(merge());
	EXPECT_EQ(130, results_exit_code(&results));
	leave();
}

TEST(baseline, new_still_and_fixed)
{
	struct reread before;

	enter();
	folder_file("before", RUN("x.yaml", "q=1", "0x1", "fail") SUITE("0")
		    RUN("x.yaml", "q=2", "0x1", "pass") SUITE("1")
		    RUN("y.yaml", "", "0x1", "fail") SUITE("2"));
	file("now", A RUN("x.yaml", "q=2", "0x1", "fail") SUITE("1") C);
	EXPECT_TRUE(merge());
	reread_init(&before);
	EXPECT_TRUE(reread_file(&before, "before"));
	reread_baseline(&before, &results);
	EXPECT_EQ(AGAINST_FIXED, results.items[0].against);
	EXPECT_EQ(AGAINST_NEW, results.items[1].against);
	EXPECT_EQ(AGAINST_STILL, results.items[2].against);
	EXPECT_EQ(1, results_exit_code(&results));
	EXPECT_SUBSTR(json(), "\"baseline\": {\"new\": 1, \"still\": 1, "
			      "\"fixed\": 1}}\n");
	reread_free(&before);
	leave();
}

/* One that gets worse is new; one that is not there before, too. */
TEST(baseline, another_verdict_is_new)
{
	struct reread before;

	enter();
	folder_file("before", RUN("x.yaml", "q=1", "0x1", "fail") SUITE("0"));
	file("now", RUN("x.yaml", "q=1", "0x1", "simulator") SUITE("0") C);
	EXPECT_TRUE(merge());
	reread_init(&before);
	EXPECT_TRUE(reread_file(&before, "before"));
	reread_baseline(&before, &results);
	EXPECT_EQ(AGAINST_NEW, results.items[0].against);
	EXPECT_EQ(AGAINST_NEW, results.items[1].against);
	EXPECT_EQ(3, results_exit_code(&results));
	reread_free(&before);
	leave();
}
