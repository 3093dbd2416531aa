/* SPDX-License-Identifier: MIT */
/*
 * Every file of tests/scenario-errors/ against the text beside it: NAME.yaml
 * holds mistakes, NAME.txt what is printed about them.  With
 * RINGSIDE_UPDATE_GOLDEN=1 the texts are written anew; read the difference.
 */
#define _GNU_SOURCE /* scandir, open_memstream */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/scenario/diag_codes.h"
#include "tests/shim/gtest_c.h"
#include "tests/unit/scenario/fakes.h"

static char *slurp(const char *name)
{
	FILE *f = fopen(name, "rb");
	char *text = calloc(1, 65536);

	if (f && text)
		text[fread(text, 1, 65535, f)] = '\0';
	if (f)
		fclose(f);
	return text;
}

static char *load_and_print(struct catalogue *c, const char *name,
			    bool *loaded)
{
	struct scenario *s;
	struct diag d;
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	diag_init(&d);
	s = scenario_load(name, NULL, c, &d);
	*loaded = s != NULL;
	diag_print(&d, out);
	fclose(out);
	diag_free(&d);
	scenario_free(s);
	return text;
}

static void compare(const char *expected_name, const char *printed)
{
	char *expected;
	FILE *f;

	if (getenv("RINGSIDE_UPDATE_GOLDEN")) {
		f = fopen(expected_name, "wb");
		if (f) {
			fputs(printed, f);
			fclose(f);
		}
	}
	expected = slurp(expected_name);
	EXPECT_STREQ(expected, printed);
	free(expected);
}

static int is_yaml(const struct dirent *e)
{
	size_t len = strlen(e->d_name);

	return len > 5 && strcmp(e->d_name + len - 5, ".yaml") == 0;
}

/* Calls once for each file, in order of name, from within the folder. */
static int each_file(void (*call)(struct catalogue *c, const char *name))
{
	struct dirent **files;
	struct catalogue *c = fake_catalogue();
	char before[4096];
	int n = -1;

	if (getcwd(before, sizeof(before)) &&
	    chdir(RINGSIDE_SOURCE_DIR "/tests/scenario-errors") == 0)
		n = scandir(".", &files, is_yaml, alphasort);
	for (int i = 0; i < n; i++) {
		call(c, files[i]->d_name);
		free(files[i]);
	}
	if (n >= 0)
		free(files);
	catalogue_destroy(c);
	if (chdir(before) != 0)
		return -1;
	return n;
}

static void check_file(struct catalogue *c, const char *name)
{
	char expected[256];
	bool loaded;
	char *printed = load_and_print(c, name, &loaded);

	TEST_ROW("%s", name);
	EXPECT_FALSE(loaded);
	EXPECT_NE(0, strlen(printed));
	snprintf(expected, sizeof(expected), "%.*s.txt",
		 (int)strlen(name) - 5, name);
	compare(expected, printed);
	free(printed);
}

TEST(scenario_errors, each_file_prints_what_stands_beside_it)
{
	EXPECT_GE(each_file(check_file), 80);
}

/* ---- every code occurs ---- */

static bool occurred[256];

static void note_codes(struct catalogue *c, const char *name)
{
	bool loaded;
	char *printed = load_and_print(c, name, &loaded);
	char mark[64];

	for (size_t i = 0; diag_codes[i].code; i++) {
		snprintf(mark, sizeof(mark), " [%s]\n", diag_codes[i].code);
		if (strstr(printed, mark))
			occurred[i] = true;
	}
	free(printed);
}

/* Those that no scenario can show: load_test.c, overrides_test.c and the suite's
 * known_test.c do. */
static bool shown_elsewhere(const char *code)
{
	return strcmp(code, "too-large") == 0 ||
	       strcmp(code, "unknown-cell") == 0 ||
	       strcmp(code, "bad-option") == 0 ||
	       strcmp(code, "known-line") == 0;
}

TEST(scenario_errors, each_code_has_a_file_that_shows_it)
{
	each_file(note_codes);
	for (size_t i = 0; diag_codes[i].code; i++) {
		TEST_ROW("%s", diag_codes[i].code);
		if (diag_codes[i].blame == DIAG_BLAME_FILE &&
		    !shown_elsewhere(diag_codes[i].code))
			EXPECT_TRUE(occurred[i]);
	}
}

static void check_codes(struct catalogue *c, const char *name)
{
	struct diag d;

	TEST_ROW("%s", name);
	diag_init(&d);
	scenario_free(scenario_load(name, NULL, c, &d));
	for (size_t i = 0; i < d.count; i++) {
		const struct diag_code *code = diag_code_find(d.items[i].code);

		EXPECT_TRUE(code);
		EXPECT_TRUE(code && code->blame == DIAG_BLAME_FILE);
		EXPECT_FALSE(strchr(d.items[i].text, '\n'));
	}
	diag_free(&d);
}

TEST(scenario_errors, each_code_that_is_printed_can_be_explained)
{
	each_file(check_codes);
}
