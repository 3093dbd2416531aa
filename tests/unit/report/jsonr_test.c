/* SPDX-License-Identifier: MIT */
/*
 * Reading JSON: what is refused as a whole, and what is found in the rest.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/report/jsonr.h"
#include "tests/shim/gtest_c.h"

/* From a place of its own size, so that a byte read too far is seen. */
static bool parses(const char *text)
{
	size_t len = strlen(text);
	char *exact = malloc(len ? len : 1);
	struct jsonr v;
	bool ok;

	memcpy(exact, text, len);
	ok = jsonr_parse(&v, exact, len);
	free(exact);
	return ok;
}

TEST(jsonr, what_is_json)
{
	static const char *const good[] = {
		"{}", "[]", " [ ] ", "\t{\r}\n", "0", "-0", "10.5e+3", "1E9",
		"\"\"", "true", "false", "null", "[1, [2], {\"a\": []}]",
		"{\"a\": 1, \"a\": 2}", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"",
		"\"\xff\"",
	};
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		EXPECT_TRUE(parses(good[i]));
}

TEST(jsonr, what_is_not)
{
	static const char *const bad[] = {
		"", " ", "{", "}", "[1", "[1,", "[1,]", "[,]", "[1 2]", "{1: 2}",
		"{\"a\"}", "{\"a\": }", "{\"a\": 1,}", "{\"a\" 1}", "01", "1.",
		".5", "+1", "-", "1e", "1e+", "tru", "True", "nul", "\"", "\"\\",
		"\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\n\"", "1 2", "{} x",
		"'a'", "NaN", "\"\\u", "[\"", "{\"a\":",
	};
	size_t i;

	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		EXPECT_FALSE(parses(bad[i]));
}

/* A line of a result that is cut off anywhere is none. */
TEST(jsonr, every_part_of_a_text_is_refused)
{
	static const char text[] =
		"{\"a\": [1, -2.5e3, \"x\\u00e9\\n\"], \"b\": {\"c\": true}}";
	char part[sizeof(text)];
	size_t i;

	for (i = 0; i < sizeof(text) - 1; i++) {
		memcpy(part, text, i);
		part[i] = '\0';
		EXPECT_FALSE(parses(part));
	}
	EXPECT_TRUE(parses(text));
}

TEST(jsonr, depth_has_a_bound)
{
	char text[2 * 65 + 1] = "";
	unsigned int depth;

	for (depth = 64; depth <= 65; depth++) {
		memset(text, '[', depth);
		memset(text + depth, ']', depth);
		text[2 * depth] = '\0';
		EXPECT_EQ(depth == 64, parses(text));
	}
}

TEST(jsonr, depth_is_not_length)
{
	char text[3 * 100 + 2] = "[";
	unsigned int i;

	for (i = 0; i < 100; i++)
		strcat(text, i ? ",[]" : "[]");
	strcat(text, "]");
	EXPECT_TRUE(parses(text));
}

static struct jsonr member(const char *text, const char *name)
{
	struct jsonr whole = { 0 }, v;

	EXPECT_TRUE(jsonr_parse(&whole, text, strlen(text)));
	jsonr_members(&whole, &name, &v, 1);
	return v;
}

TEST(jsonr, members)
{
	static const char text[] = " {\"a\" : {\"b\": 1}, \"b\":[2,{}] ,"
				   "\"ab\": \"}\", \"b\": 3, \"c\": 44 } ";
	struct jsonr v = member(text, "b");

	EXPECT_EQ(6, v.len);
	EXPECT_TRUE(!memcmp(v.at, "[2,{}]", 6));
	v = member(text, "ab");
	EXPECT_TRUE(jsonr_is(&v, "}"));
	EXPECT_FALSE(jsonr_is(&v, ""));
	v = member(text, "c");
	EXPECT_EQ(2, v.len);
	v = member(text, "none");
	EXPECT_TRUE(!v.at);
	v = member("[1]", "a");
	EXPECT_TRUE(!v.at);
	v = member("{}", "a");
	EXPECT_TRUE(!v.at);
}

static void expect_string(const char *json, const char *want)
{
	struct jsonr v = { 0 };
	char *got;

	EXPECT_TRUE(jsonr_parse(&v, json, strlen(json)));
	got = jsonr_string(&v);
	if (want)
		EXPECT_STREQ(want, got ? got : "(none)");
	else
		EXPECT_TRUE(!got);
	free(got);
}

TEST(jsonr, strings)
{
	expect_string("\"\"", "");
	expect_string("\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "a\"\\/\b\f\n\r\t");
	expect_string("\"\\u0041\\u00e9\\u20AC\\ud83d\\ude00\"",
		      "A\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80");
	/* Halves of pairs. */
	expect_string("\"\\ud83d\"", "\xef\xbf\xbd");
	expect_string("\"\\ud83dx\\ude00\"", "\xef\xbf\xbdx\xef\xbf\xbd");
	expect_string("\"\\ud83d\\u0041\"", "\xef\xbf\xbd""A");
	expect_string("\"\\ud83d\\ue000\"", "\xef\xbf\xbd\xee\x80\x80");
	expect_string("\"\\udfff\\udfff\"", "\xef\xbf\xbd\xef\xbf\xbd");
	/* No C string holds it. */
	expect_string("\"a\\u0000b\"", NULL);
	expect_string("1", NULL);
	expect_string("null", NULL);
}

static bool is_uint(const char *json, uint64_t *n)
{
	struct jsonr v = { 0 };

	return jsonr_parse(&v, json, strlen(json)) && jsonr_uint(&v, n);
}

TEST(jsonr, numbers)
{
	uint64_t n = 7;

	EXPECT_TRUE(is_uint("0", &n) && n == 0);
	EXPECT_TRUE(is_uint("18446744073709551615", &n) && n == UINT64_MAX);
	n = 7;
	EXPECT_FALSE(is_uint("18446744073709551616", &n));
	EXPECT_FALSE(is_uint("-1", &n));
	EXPECT_FALSE(is_uint("1.0", &n));
	EXPECT_FALSE(is_uint("\"1\"", &n));
	EXPECT_FALSE(is_uint("true", &n));
	EXPECT_EQ(7, n);
	EXPECT_FALSE(jsonr_uint(&(struct jsonr){ 0 }, &n));
}
