/* SPDX-License-Identifier: MIT */
/*
 * Growing texts and their formats.
 */
#include <string.h>

#include "sim/observe/textbuf.h"
#include "tests/shim/gtest_c.h"

TEST(textbuf, grows_and_stays_a_string)
{
	struct textbuf t;
	unsigned int i;

	textbuf_init(&t);
	for (i = 0; i < 1000; i++)
		textbuf_printf(&t, "%u,", i);
	EXPECT_EQ(3890, t.len);
	EXPECT_EQ(3890, strlen(t.data));
	EXPECT_SUBSTR(t.data, ",998,999,");
	EXPECT_FALSE(t.failed);
	textbuf_free(&t);
}

TEST(textbuf, numbers)
{
	struct textbuf t;

	textbuf_init(&t);
	textbuf_dec(&t, 0);
	textbuf_char(&t, ' ');
	textbuf_dec(&t, UINT64_MAX);
	textbuf_char(&t, ' ');
	textbuf_hex(&t, 0);
	textbuf_char(&t, ' ');
	textbuf_hex(&t, UINT64_MAX);
	textbuf_pad(&t, '.', 3);
	EXPECT_STREQ("0 18446744073709551615 0x0 0xffffffffffffffff...",
		     t.data);
	textbuf_free(&t);
}

TEST(textbuf, times_are_cut_not_rounded)
{
	static const struct {
		uint64_t ps;
		const char *text;
	} rows[] = {
		{ 0, "0 ps" }, { 999, "999 ps" }, { 1000, "1.0 ns" },
		{ 8199, "8.1 ns" }, { 128000, "128 ns" },
		{ 12490000, "12.4 us" }, { 999999999, "999 us" },
		{ 1240000000, "1.2 ms" }, { 10000000000000, "10.0 s" },
	};
	struct textbuf t;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		textbuf_init(&t);
		textbuf_time(&t, rows[i].ps);
		EXPECT_STREQ(rows[i].text, t.data);
		textbuf_free(&t);
	}
}

TEST(textbuf, json_escapes)
{
	struct textbuf t;

	textbuf_init(&t);
	textbuf_json(&t, "a\"b\\c\n\t\x01\x7f");
	EXPECT_STREQ("\"a\\\"b\\\\c\\n\\t\\u0001\\u007f\"", t.data);
	textbuf_free(&t);
}

TEST(textbuf, json_keeps_utf8_and_replaces_what_is_none)
{
	static const struct {
		const char *in, *out;
	} rows[] = {
		{ "\xc3\xa4", "\"\xc3\xa4\"" },
		{ "\xe2\x82\xac", "\"\xe2\x82\xac\"" },
		{ "\xf0\x9f\x98\x80", "\"\xf0\x9f\x98\x80\"" },
		{ "\xff", "\"\\ufffd\"" },
		{ "\xc3", "\"\\ufffd\"" },               /* cut off */
		{ "\xc0\xaf", "\"\\ufffd\\ufffd\"" },    /* overlong */
		{ "\xed\xa0\x80", "\"\\ufffd\\ufffd\\ufffd\"" }, /* surrogate */
		{ "\xe0\x80\x80", "\"\\ufffd\\ufffd\\ufffd\"" },
		{ "\xf4\x90\x80\x80", "\"\\ufffd\\ufffd\\ufffd\\ufffd\"" },
		{ "\xe2\x82", "\"\\ufffd\\ufffd\"" },
	};
	struct textbuf t;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		TEST_ROW("row %zu", i);
		textbuf_init(&t);
		textbuf_json(&t, rows[i].in);
		EXPECT_STREQ(rows[i].out, t.data);
		textbuf_free(&t);
	}
}

TEST(textbuf, a_cell_is_in_quotes_where_a_shell_needs_them)
{
	struct textbuf t;

	textbuf_init(&t);
	textbuf_shell_cell(&t, "a/b-1.yaml", NULL);
	textbuf_char(&t, ' ');
	textbuf_shell_cell(&t, "a/b.yaml", "n=1");
	textbuf_char(&t, ' ');
	textbuf_shell_cell(&t, "it's mine.yaml", "");
	textbuf_shell_option(&t, "set", "a b");
	EXPECT_STREQ("a/b-1.yaml 'a/b.yaml[n=1]' 'it'\\''s mine.yaml' "
		     "--set 'a b'", t.data);
	textbuf_free(&t);
}
