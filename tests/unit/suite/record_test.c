/* SPDX-License-Identifier: MIT */
/*
 * Records: packed and unpacked, and those of cells that did not run.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/suite/record.h"
#include "tests/shim/gtest_c.h"

static const struct record_wants plain, with_json = { .json = true };
static const struct record_cell cell = { "d/x.yaml", "guest=linux-6.1",
					 "linux-6.1", false };

static void pack(struct textbuf *bytes)
{
	struct record r = { .status = RECORD_FAILED, .time_ps = 12,
			    .reason = (char *)"why", .text = (char *)"text\n",
			    .json = (char *)"{}", .check = (char *)"leak",
			    .function = (char *)"f < g", .way = (char *)"intx",
			    .file = (char *)"x.yaml", .line = 3, .column = 5 };

	textbuf_init(bytes);
	record_pack(&r, bytes);
}

TEST(record, comes_back_as_it_was)
{
	struct textbuf bytes;
	struct record r;

	pack(&bytes);
	ASSERT_TRUE(record_unpack(&r, bytes.data, bytes.len));
	EXPECT_EQ(RECORD_FAILED, r.status);
	EXPECT_EQ(12, r.time_ps);
	EXPECT_STREQ("why", r.reason);
	EXPECT_STREQ("text\n", r.text);
	EXPECT_STREQ("", r.course);
	EXPECT_STREQ("{}", r.json);
	EXPECT_STREQ("leak", r.check);
	EXPECT_STREQ("f < g", r.function);
	EXPECT_STREQ("intx", r.way);
	EXPECT_STREQ("x.yaml", r.file);
	EXPECT_EQ(3, r.line);
	EXPECT_EQ(5, r.column);
	record_free(&r);
	textbuf_free(&bytes);
}

TEST(record, bytes_that_are_none)
{
	struct textbuf bytes;
	struct record r;
	size_t i;

	pack(&bytes);
	for (i = 0; i < bytes.len; i++)
		EXPECT_FALSE(record_unpack(&r, bytes.data, i));
	textbuf_char(&bytes, 'x');
	EXPECT_FALSE(record_unpack(&r, bytes.data, bytes.len));
	/* A status that is none; a length beyond all bounds. */
	bytes.data[0] = 100;
	EXPECT_FALSE(record_unpack(&r, bytes.data, bytes.len - 1));
	bytes.data[0] = RECORD_FAILED;
	memset(bytes.data + 32, 0xff, 8);
	EXPECT_FALSE(record_unpack(&r, bytes.data, bytes.len - 1));
	textbuf_free(&bytes);
}

static void add(struct diag *d, const char *code, const char *text)
{
	const struct scn_pos pos = { .file = "d/x.yaml", .line = 3,
				     .column = 1 };

	diag_add(d, pos, code, NULL, NULL, "%s", text);
}

TEST(record, guest_that_is_not_built_is_skipped)
{
	struct record r;
	struct diag d;

	diag_init(&d);
	add(&d, "guest-not-built", "the guest is not built (in cell [x])");
	record_of_mistakes(&r, &cell, &d, &with_json);
	EXPECT_EQ(RECORD_SKIPPED, r.status);
	EXPECT_STREQ("the guest 'linux-6.1' is not built here", r.reason);
	EXPECT_STREQ("SKIP d/x[guest=linux-6.1]   "
		     "the guest 'linux-6.1' is not built here\n", r.text);
	EXPECT_SUBSTR(r.json, "\"verdict\": \"skipped\", \"exit\": 77");
	EXPECT_SUBSTR(r.json, "\"guest\": {\"name\": \"linux-6.1\"}");
	record_free(&r);
	diag_free(&d);
}

TEST(record, guest_that_lacks_something_is_skipped_in_the_place_of_another)
{
	struct record_cell c = cell;
	struct record r;
	struct diag d;

	diag_init(&d);
	add(&d, "unknown-action", "unknown action 'blk.read' (in cell [q=1])");
	record_of_mistakes(&r, &c, &d, &plain);
	EXPECT_EQ(RECORD_INVALID, r.status);
	record_free(&r);
	c.replaced = true;
	record_of_mistakes(&r, &c, &d, &plain);
	EXPECT_EQ(RECORD_SKIPPED, r.status);
	EXPECT_STREQ("the guest 'linux-6.1' lacks what it takes: "
		     "unknown action 'blk.read'", r.reason);
	record_free(&r);
	add(&d, "unknown-key", "unknown key 'sede'");
	record_of_mistakes(&r, &c, &d, &plain);
	EXPECT_EQ(RECORD_INVALID, r.status);
	record_free(&r);
	diag_free(&d);
}

TEST(record, any_other_mistake_makes_it_invalid)
{
	struct record r;
	struct diag d;

	diag_init(&d);
	add(&d, "unknown-key", "unknown key 'sede'");
	add(&d, "guest-not-built", "the guest is not built");
	record_of_mistakes(&r, &cell, &d, &plain);
	EXPECT_EQ(RECORD_INVALID, r.status);
	EXPECT_STREQ("unknown key 'sede'", r.reason);
	EXPECT_SUBSTR(r.text, "INVALID d/x[guest=linux-6.1]\n"
			      "d/x.yaml:3:1: error: unknown key 'sede'");
	EXPECT_STREQ("", r.json);
	record_free(&r);
	diag_free(&d);
}

TEST(record, fault_has_the_last_words)
{
	static const char said[] = "x.c:1: assertion failed\nAborted";
	struct record r;

	record_of_fault(&r, &cell, "its process died: Aborted", said,
			sizeof(said) - 1, &plain);
	EXPECT_EQ(RECORD_FAULT, r.status);
	EXPECT_STREQ("SIMULATOR FAULT d/x[guest=linux-6.1]\n"
		     "  its process died: Aborted\n"
		     "  x.c:1: assertion failed\n"
		     "  Aborted\n", r.text);
	record_free(&r);
}

/* JSON cannot hold others: a result that was read back would differ. */
TEST(record, texts_are_utf8)
{
	static const char said[] = "a\xff\xc3\xa9\0\xe2\x82";
	struct record r;

	record_of_fault(&r, &cell, "why\x80", said, sizeof(said) - 1, &plain);
	EXPECT_STREQ("why\xef\xbf\xbd", r.reason);
	EXPECT_STREQ("SIMULATOR FAULT d/x[guest=linux-6.1]\n"
		     "  why\xef\xbf\xbd\n"
		     "  a\xef\xbf\xbd\xc3\xa9?\xef\xbf\xbd\xef\xbf\xbd\n",
		     r.text);
	record_free(&r);
}

TEST(record, last_words_without_end_are_cut)
{
	char *said = malloc(1000000);
	struct record r;

	memset(said, 'x', 1000000);
	record_of_fault(&r, &cell, "died", said, 1000000, &plain);
	EXPECT_LT(strlen(r.text), 20000u);
	record_free(&r);
	free(said);
}

TEST(record, exit_codes_are_the_contracts)
{
	EXPECT_EQ(0, record_exit_code(RECORD_PASSED));
	EXPECT_EQ(0, record_exit_code(RECORD_KNOWN));
	EXPECT_EQ(1, record_exit_code(RECORD_FAILED));
	EXPECT_EQ(2, record_exit_code(RECORD_INVALID));
	EXPECT_EQ(3, record_exit_code(RECORD_FAULT));
	EXPECT_EQ(77, record_exit_code(RECORD_SKIPPED));
	EXPECT_EQ(130, record_exit_code(RECORD_NOT_RUN));
}
