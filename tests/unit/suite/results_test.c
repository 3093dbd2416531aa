/* SPDX-License-Identifier: MIT */
/*
 * Results: their order, counts, exit code, text and JSON.
 */
#include <string.h>

#include "tests/shim/gtest_c.h"
#include "tests/unit/suite/folder.h"

static struct selection selection;
static struct results results;

/* x.yaml of three cells, none of which has run. */
static void enter(void)
{
	folder_enter();
	folder_file("x.yaml", FOLDER_MACHINE
		    "matrix: {q: [1, 2, 3]}\nname: ${q}\n");
	folder_results(&results, &selection, "x.yaml");
}

static void leave(void)
{
	results_free(&results);
	selection_free(&selection);
	folder_leave();
}

static void put(size_t i, enum record_status status)
{
	folder_put(&results, i, status, "why", "TEXT\n", "");
}

static void put_all(enum record_status a, enum record_status b,
		    enum record_status c)
{
	put(2, c);
	put(0, a);
	put(1, b);
}

static const char *text(bool only_failed)
{
	const struct results_text how = { .only_failed = only_failed };
	static char got[4096];
	struct textbuf out;

	textbuf_init(&out);
	results_text(&results, &how, &out);
	strcpy(got, out.data);
	textbuf_free(&out);
	return got;
}

TEST(results, exit_code_is_the_worst)
{
	static const struct {
		enum record_status a, b, c;
		int code;
	} rows[] = {
		{ RECORD_PASSED, RECORD_PASSED, RECORD_PASSED, 0 },
		{ RECORD_PASSED, RECORD_KNOWN, RECORD_SKIPPED, 0 },
		{ RECORD_SKIPPED, RECORD_SKIPPED, RECORD_SKIPPED, 77 },
		{ RECORD_PASSED, RECORD_FAILED, RECORD_SKIPPED, 1 },
		{ RECORD_FAILED, RECORD_INVALID, RECORD_PASSED, 2 },
		{ RECORD_FAULT, RECORD_INVALID, RECORD_FAILED, 3 },
	};
	size_t i;

	enter();
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		put_all(rows[i].a, rows[i].b, rows[i].c);
		EXPECT_EQ(rows[i].code, results_exit_code(&results));
	}
	results.interrupted = true;
	EXPECT_EQ(130, results_exit_code(&results));
	leave();
}

TEST(results, text_of_what_passed)
{
	enter();
	put_all(RECORD_PASSED, RECORD_PASSED, RECORD_PASSED);
	EXPECT_STREQ("x.yaml  3 passed\n3 passed, 0 failed, 0 skipped\n",
		     text(false));
	EXPECT_STREQ("3 passed, 0 failed, 0 skipped\n", text(true));
	leave();
}

TEST(results, text_of_all_sorts)
{
	enter();
	put_all(RECORD_KNOWN, RECORD_FAULT, RECORD_SKIPPED);
	EXPECT_STREQ("x.yaml  1 failed as known, 1 simulator fault, 1 skipped\n"
		     "TEXT\n"
		     "skipped: why: 1 cell\n"
		     "1 passed, 1 failed, 1 skipped\n", text(false));
	EXPECT_STREQ("TEXT\n1 passed, 1 failed, 1 skipped\n", text(true));
	leave();
}

TEST(results, each_reason_for_skipping_is_told_once)
{
	enter();
	put_all(RECORD_SKIPPED, RECORD_SKIPPED, RECORD_SKIPPED);
	folder_put(&results, 1, RECORD_SKIPPED, "other", "", "");
	EXPECT_STREQ("x.yaml  3 skipped\n"
		     "skipped: why: 2 cells\n"
		     "skipped: other: 1 cell\n"
		     "0 passed, 0 failed, 3 skipped\n", text(false));
	leave();
}

TEST(results, failures_are_in_the_order_of_cells)
{
	enter();
	folder_put(&results, 2, RECORD_FAILED, "", "three\n", "");
	folder_put(&results, 0, RECORD_FAILED, "", "one\n", "");
	folder_put(&results, 1, RECORD_FAILED, "", "two\n", "");
	EXPECT_SUBSTR(text(true), "one\ntwo\n  like x.yaml[q=1]: \nthree\n");
	leave();
}

TEST(results, text_when_interrupted)
{
	enter();
	put(1, RECORD_PASSED);
	results.interrupted = true;
	EXPECT_STREQ("x.yaml  1 passed\n"
		     "interrupted: 2 not run\n"
		     "1 passed, 0 failed, 0 skipped\n", text(false));
	leave();
}

TEST(results, file_that_cannot_be_read_has_failed)
{
	folder_enter();
	folder_results(&results, &selection, "none.yaml");
	EXPECT_EQ(1, results.count);
	EXPECT_EQ(2, results_exit_code(&results));
	EXPECT_SUBSTR(text(false), "none.yaml  1 invalid\nINVALID none\n"
				   "none.yaml: error: cannot be read");
	EXPECT_SUBSTR(text(false), "0 passed, 1 failed, 0 skipped\n");
	leave();
}

TEST(results, json_has_a_line_a_cell_and_a_sum)
{
	struct textbuf out;

	enter();
	put_all(RECORD_PASSED, RECORD_FAILED, RECORD_SKIPPED);
	textbuf_init(&out);
	results.program = 5;
	results_json(&results, &out);
	EXPECT_STREQ("{\"suite\": {\"program\": \"0x00000005\", "
		     "\"number\": 0, \"group\": \"x.yaml[q=1]\"}}\n"
		     "{\"suite\": {\"program\": \"0x00000005\", "
		     "\"number\": 1, \"group\": \"x.yaml[q=2]\"}}\n"
		     "{\"suite\": {\"program\": \"0x00000005\", "
		     "\"number\": 2, \"group\": \"x.yaml[q=3]\"}}\n"
		     "{\"ringside_suite\": 1, \"version\": \"0.1.0\", "
		     "\"exit\": 1, \"passed\": 1, \"failed\": 1, "
		     "\"skipped\": 1, \"verdicts\": {\"pass\": 1, "
		     "\"skipped\": 1, \"fail\": 1}, \"total\": 3}\n",
		     out.data);
	textbuf_free(&out);
	leave();
}

TEST(results, json_of_hostile_names)
{
	struct textbuf out;

	folder_enter();
	folder_results(&results, &selection, "a\"b\\c\n\x01\xff.yaml");
	textbuf_init(&out);
	results_json(&results, &out);
	EXPECT_SUBSTR(out.data,
		      "\"path\": \"a\\\"b\\\\c\\n\\u0001\\ufffd.yaml\"");
	/* One record and the sum, whatever the name holds. */
	EXPECT_TRUE(strchr(strchr(out.data, '\n') + 1, '\n') ==
		    out.data + out.len - 1);
	textbuf_free(&out);
	leave();
}

/* ---- shards ---- */

/* The numbers of the results that the shard has. */
static const char *shard(unsigned int index, unsigned int of)
{
	const struct record_wants wants = { .json = false };
	const struct shard s = { index, of };
	static char got[256];
	struct textbuf out;
	struct results r;
	size_t i;

	results_init(&r);
	results_select(&r, &selection, &s, &wants);
	textbuf_init(&out);
	for (i = 0; i < r.count; i++)
		textbuf_printf(&out, "%zu ", r.items[i].number);
	textbuf_printf(&out, "of %zu", r.total);
	strcpy(got, out.data);
	textbuf_free(&out);
	results_free(&r);
	return got;
}

TEST(shard, deals_one_after_the_other)
{
	folder_enter();
	folder_file("x.yaml", FOLDER_MACHINE
		    "matrix: {q: [1, 2, 3]}\nname: ${q}\n");
	folder_file("y.yaml", "schema: [\n");
	folder_file("z.yaml", FOLDER_MACHINE);
	folder_results(&results, &selection, ".");
	EXPECT_STREQ("0 2 4 of 5", shard(1, 2));
	EXPECT_STREQ("1 3 of 5", shard(2, 2));
	EXPECT_STREQ("0 1 2 3 4 of 5", shard(1, 1));
	EXPECT_STREQ("4 of 5", shard(5, 5));
	EXPECT_STREQ("of 5", shard(6, 6));
	leave();
}

/* What is compared with one another is in one shard. */
TEST(shard, does_not_divide_a_group)
{
	folder_enter();
	folder_file("f.yaml", FOLDER_ON_GUESTS
		    "matrix: {guest: [x, other], q: [1, 2, 3]}\nname: ${q}\n");
	folder_results(&results, &selection, "f.yaml");
	EXPECT_STREQ("0 2 3 5 of 6", shard(1, 2));
	EXPECT_STREQ("1 4 of 6", shard(2, 2));
	leave();
}

TEST(shard, is_in_text_and_json)
{
	const struct record_wants wants = { .json = false };
	const struct shard s = { 2, 3 };
	struct results r;
	struct textbuf out;

	enter();
	results_init(&r);
	results_select(&r, &selection, &s, &wants);
	EXPECT_EQ(0, results_exit_code(&r));
	textbuf_init(&out);
	results_text(&r, &(struct results_text){ .only_failed = true }, &out);
	EXPECT_STREQ("shard 2/3: 1 of 3\n0 passed, 0 failed, 0 skipped\n",
		     out.data);
	textbuf_free(&out);
	results_json_head(&r, &out);
	EXPECT_STREQ("{\"ringside_partial\": 1, \"version\": \"0.1.0\", "
		     "\"total\": 3, \"shard\": \"2/3\"}\n", out.data);
	textbuf_free(&out);
	results_free(&r);
	leave();
}

/* A part without anything is no mistake of who divides. */
TEST(shard, an_empty_one_passes)
{
	const struct record_wants wants = { .json = false };
	const struct shard s = { 4, 4 };
	struct results r;

	enter();
	results_init(&r);
	results_select(&r, &selection, &s, &wants);
	EXPECT_EQ(0, r.count);
	EXPECT_EQ(0, results_exit_code(&r));
	results_free(&r);
	leave();
}
