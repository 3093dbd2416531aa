/* SPDX-License-Identifier: MIT */
/*
 * How diagnostics are collected, sorted and printed; "did you mean"; the table
 * of codes.
 */
#define _GNU_SOURCE /* open_memstream */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/diag.h"
#include "sim/scenario/diag_codes.h"
#include "tests/shim/gtest_c.h"

static char *print(const struct diag *d)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	diag_print(d, out);
	fclose(out);
	return text;
}

static struct scn_pos at(const char *file, int line, int column)
{
	return (struct scn_pos){ file, line, column };
}

static void expect_print(struct diag *d, const char *expected)
{
	char *text = print(d);

	EXPECT_STREQ(expected, text);
	free(text);
	diag_free(d);
}

TEST(diag, looks_as_documented)
{
	struct diag d;

	diag_init(&d);
	diag_add(&d, at("file.yaml", 4, 3), "unknown-key",
		 "did you mean 'seed'?", "  sede: 1", "unknown key '%s'",
		 "sede");
	expect_print(&d, "file.yaml:4:3: error: unknown key 'sede'"
			 " [unknown-key]\n"
			 "    4 |   sede: 1\n"
			 "      |   ^~~~\n"
			 "  hint: did you mean 'seed'?\n");
}

TEST(diag, without_source_hint_or_place)
{
	struct diag d;

	diag_init(&d);
	diag_add(&d, at(NULL, 0, 0), "bad-option", NULL, NULL, "one");
	diag_add(&d, at("f", 0, 0), "cannot-read", NULL, NULL, "two");
	diag_add(&d, at("f", 3, 0), "syntax", NULL, "text", "three");
	expect_print(&d, "command line: error: one [bad-option]\n"
			 "f: error: two [cannot-read]\n"
			 "f:3:0: error: three [syntax]\n"
			 "    3 | text\n");
}

TEST(diag, sorted_by_file_line_and_column)
{
	struct diag d;

	diag_init(&d);
	diag_add(&d, at("b", 9, 1), "c", NULL, NULL, "1");
	diag_add(&d, at("a", 1, 1), "c", NULL, NULL, "2");
	diag_add(&d, at("b", 2, 7), "c", NULL, NULL, "3");
	diag_add(&d, at("b", 2, 3), "c", NULL, NULL, "4");
	diag_add(&d, at("b", 2, 3), "c", NULL, NULL, "5");
	expect_print(&d, "b:2:3: error: 4 [c]\n"
			 "b:2:3: error: 5 [c]\n"
			 "b:2:7: error: 3 [c]\n"
			 "b:9:1: error: 1 [c]\n"
			 "a:1:1: error: 2 [c]\n");
}

TEST(diag, the_same_is_told_once)
{
	struct diag d;

	diag_init(&d);
	diag_add(&d, at("a", 1, 1), "c", NULL, NULL, "x");
	diag_add(&d, at("a", 1, 1), "c", "hint", NULL, "x");
	diag_add(&d, at("a", 1, 1), "c", NULL, NULL, "y");
	diag_add(&d, at("a", 1, 2), "c", NULL, NULL, "x");
	EXPECT_EQ(3, d.count);
	diag_free(&d);
}

TEST(diag, outlives_what_it_was_told)
{
	struct diag d;
	char *file = strdup("gone.yaml"), *hint = strdup("hint");

	diag_init(&d);
	diag_add(&d, at(file, 1, 1), "c", hint, NULL, "x");
	memset(file, 'z', 4);
	free(file);
	free(hint);
	expect_print(&d, "gone.yaml:1:1: error: x [c]\n  hint: hint\n");
}

TEST(diag, keeps_a_thousand)
{
	struct diag d;

	diag_init(&d);
	for (int i = 1; i <= 1200; i++)
		diag_add(&d, at("a", i, 1), "c", NULL, NULL, "x");
	EXPECT_EQ(1000, d.count);
	diag_free(&d);
}

/* ---- carets ---- */

static void expect_caret(const char *source, int column, const char *shown,
			 const char *marks)
{
	struct diag d;
	char expected[512];

	snprintf(expected, sizeof(expected),
		 "f:7:%d: error: x [c]\n    7 | %s\n      | %s\n", column,
		 shown, marks);
	diag_init(&d);
	diag_add(&d, at("f", 7, column), "c", NULL, source, "x");
	expect_print(&d, expected);
}

TEST(diag, caret_marks_words_quotes_and_templates)
{
	expect_caret("a: word, b", 4, "a: word, b", "   ^~~~");
	expect_caret("a: b.c-d_e/f g", 4, "a: b.c-d_e/f g", "   ^~~~~~~~~");
	expect_caret("a: \"two words\" c", 4, "a: \"two words\" c",
		     "   ^~~~~~~~~~~");
	expect_caret("a: 'x' c", 4, "a: 'x' c", "   ^~~");
	expect_caret("a: ${one two} c", 4, "a: ${one two} c", "   ^~~~~~~~~~");
	expect_caret("s: 00:01.0", 4, "s: 00:01.0", "   ^~~~~~~");
	expect_caret("key: v", 1, "key: v", "^~~");
	expect_caret("[a, b]", 1, "[a, b]", "^");
	expect_caret("a: \"open", 4, "a: \"open", "   ^~~~~");
	expect_caret("ab", 3, "ab", "  ^");
	expect_caret("", 1, "", "^");
}

TEST(diag, caret_counts_code_points)
{
	expect_caret("größe: äöü x", 8, "größe: äöü x", "       ^~~");
}

TEST(diag, nothing_that_a_terminal_obeys_is_printed)
{
	expect_caret("a\x1b[31mb c", 2, "a?[31mb c", " ^");
	expect_caret("a\tb", 3, "a b", "  ^");
	expect_caret("\xff\x80z", 3, "??z", "  ^");
	expect_caret("a\xc2\x9b" "31m", 1, "a?31m", "^~~~~");
}

TEST(diag, long_lines_are_shown_around_the_caret)
{
	char line[401];

	memset(line, 'x', 400);
	line[400] = '\0';
	line[299] = ' ';
	/* Columns 241 to 340: 59 x, the space, 40 x. */
	expect_caret(line, 301,
		     "...xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
		     " xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx...",
		     "                                                               "
		     "^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~");
}

/* ---- did you mean ---- */

TEST(diag, closest)
{
	static const char *const names[] = {
		"seed", "schema", "machine", "queues", "guest_options",
		"VIRTIO_BLK_F_FLUSH", "a_b_c_d", NULL
	};
	static const char *const none[] = { NULL };

	EXPECT_STREQ("seed", diag_closest("sede", names));
	EXPECT_STREQ("seed", diag_closest("seeds", names));
	EXPECT_STREQ("seed", diag_closest("SEED", names));
	EXPECT_STREQ("machine", diag_closest("mahcine", names));
	EXPECT_STREQ("machine", diag_closest("machin", names));
	EXPECT_STREQ("queues", diag_closest("quues", names));
	EXPECT_STREQ("guest_options", diag_closest("guest-option", names));
	EXPECT_STREQ("VIRTIO_BLK_F_FLUSH",
		     diag_closest("VIRTIO_BLK_F_FLSUH", names));
	EXPECT_STREQ("a_b_c_d", diag_closest("a-b-c-d", names));
	EXPECT_FALSE(diag_closest("elephant", names));
	EXPECT_FALSE(diag_closest("x", names));
	EXPECT_FALSE(diag_closest("", names));
	EXPECT_FALSE(diag_closest("seed", none));
}

TEST(diag, closest_of_very_long_words)
{
	char word[300];
	const char *const names[] = { word, "seed", NULL };

	memset(word, 'a', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	EXPECT_FALSE(diag_closest(word, names));
	EXPECT_STREQ("seed", diag_closest("sed", names));
}

/* ---- codes ---- */

TEST(diag_codes, each_is_explained_once)
{
	size_t n = 0;

	for (const struct diag_code *c = diag_codes; c->code; c++, n++) {
		TEST_ROW("%s", c->code);
		EXPECT_EQ(c, diag_code_find(c->code));
		EXPECT_TRUE(c->brief && *c->brief);
		EXPECT_FALSE(strchr(c->brief, '\n'));
		EXPECT_GE(strlen(c->text), 20);
		EXPECT_EQ('.', c->text[strlen(c->text) - 1]);
		EXPECT_LE(strlen(c->code), 31);
		EXPECT_EQ(strlen(c->code),
			  strspn(c->code, "abcdefghijklmnopqrstuvwxyz0123456789-"));
	}
	EXPECT_GE(n, 80);
	EXPECT_FALSE(diag_code_find("no-such-code"));
}

TEST(diag_codes, those_of_guests_and_runs)
{
	static const struct {
		const char *code;
		enum diag_blame blame;
	} rows[] = {
		{ "unknown-key", DIAG_BLAME_FILE },
		{ "expectation", DIAG_BLAME_RUN },
		{ "unreached-fault", DIAG_BLAME_RUN },
		{ "leak", DIAG_BLAME_RUN },
		{ "interrupt-lost", DIAG_BLAME_RUN },
		{ "null-pointer", DIAG_BLAME_GUEST },
		{ "stack-overflow", DIAG_BLAME_GUEST },
		{ "stack-smashed", DIAG_BLAME_GUEST },
		{ "endless-loop", DIAG_BLAME_GUEST },
		{ "sleep-in-atomic", DIAG_BLAME_GUEST },
		{ "wait-never-ends", DIAG_BLAME_GUEST },
		{ "lock-recursion", DIAG_BLAME_GUEST },
		{ "double-free", DIAG_BLAME_GUEST },
		{ "use-after-free", DIAG_BLAME_GUEST },
		{ "redzone", DIAG_BLAME_GUEST },
		{ "dma-not-able", DIAG_BLAME_GUEST },
		{ "budget", DIAG_BLAME_GUEST },
		{ "crash", DIAG_BLAME_GUEST },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct diag_code *c = diag_code_find(rows[i].code);

		TEST_ROW("%s", rows[i].code);
		ASSERT_TRUE(c);
		EXPECT_EQ(rows[i].blame, c->blame);
	}
}
