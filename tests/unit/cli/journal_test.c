/* SPDX-License-Identifier: MIT */
/*
 * Lines of results beside a file that is not there yet.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/cli/journal.h"
#include "tests/shim/gtest_c.h"

#define HEAD "{\"ringside_partial\": 1, \"version\": \"0.1.0\", \"total\": 2}\n"
#define LINE(n) "{\"suite\": {\"program\": \"0x00000007\", \"number\": " n "}}\n"

static char folder[64], path[128], partial[160];
static struct results results;
static struct journal journal;

static void enter(void)
{
	const struct record_wants wants = { .json = false };
	const struct result_label label = { .path = "x.yaml", .cell = "" };
	size_t i;

	strcpy(folder, "/tmp/ringside-journal.XXXXXX");
	if (!mkdtemp(folder))
		abort();
	snprintf(path, sizeof(path), "%s/json", folder);
	snprintf(partial, sizeof(partial), "%s.partial", path);
	results_init(&results);
	results.program = 7;
	for (i = 0; i < 2; i++) {
		struct record r = { .json = strdup("{}\n") };

		results_add(&results, &label, &wants);
		results_put(&results, i, &r);
	}
}

static void leave(void)
{
	results_free(&results);
	unlink(partial);
	rmdir(folder);
}

static void put(const char *text)
{
	FILE *f = fopen(partial, "w");

	fputs(text, f);
	fclose(f);
}

static const char *got(void)
{
	static char text[1024];
	FILE *f = fopen(partial, "r");
	size_t n = f ? fread(text, 1, sizeof(text) - 1, f) : 0;

	text[n] = '\0';
	if (f)
		fclose(f);
	return f ? text : "(none)";
}

TEST(journal, a_line_as_it_is_found)
{
	enter();
	ASSERT_TRUE(journal_open(&journal, path, false, &results));
	EXPECT_GE(journal.fd, 3);
	EXPECT_STREQ(HEAD, got());
	journal_add(&journal, &results, 1);
	EXPECT_STREQ(HEAD LINE("1"), got());
	journal_add(&journal, &results, 0);
	EXPECT_STREQ(HEAD LINE("1") LINE("0"), got());
	EXPECT_TRUE(journal_close(&journal, true));
	EXPECT_STREQ("(none)", got());
	leave();
}

/* The line that a kill has cut off would swallow the next one. */
TEST(journal, goes_on_behind_the_last_whole_line)
{
	enter();
	put(HEAD LINE("0") "{\"suite\": {");
	ASSERT_TRUE(journal_open(&journal, path, true, &results));
	journal_add(&journal, &results, 1);
	EXPECT_TRUE(journal_close(&journal, false));
	EXPECT_STREQ(HEAD LINE("0") LINE("1"), got());
	leave();
}

TEST(journal, of_nothing_whole_begins_anew)
{
	enter();
	put("{\"ringside_par");
	ASSERT_TRUE(journal_open(&journal, path, true, &results));
	EXPECT_TRUE(journal_close(&journal, false));
	EXPECT_STREQ(HEAD, got());
	leave();
}

TEST(journal, another_runs_lines_are_not_kept_unasked)
{
	enter();
	put(HEAD LINE("0"));
	ASSERT_TRUE(journal_open(&journal, path, false, &results));
	EXPECT_TRUE(journal_close(&journal, false));
	EXPECT_STREQ(HEAD, got());
	leave();
}

TEST(journal, is_beside_what_a_link_leads_to)
{
	char link[160], *name;

	enter();
	snprintf(link, sizeof(link), "%s/link", folder);
	fclose(fopen(path, "w"));
	EXPECT_EQ(0, symlink(path, link));
	name = journal_name(link);
	EXPECT_STREQ(partial, name);
	free(name);
	unlink(link);
	unlink(path);
	leave();
}

TEST(journal, what_is_no_file_has_none)
{
	enter();
	EXPECT_TRUE(journal_open(&journal, "/dev/null", false, &results));
	EXPECT_TRUE(!journal.path);
	journal_add(&journal, &results, 0);
	EXPECT_TRUE(journal_close(&journal, true));
	leave();
}

TEST(journal, where_it_cannot_be_the_run_goes_on)
{
	enter();
	EXPECT_FALSE(journal_open(&journal, "/none/json", false, &results));
	journal_add(&journal, &results, 0);
	EXPECT_FALSE(journal_close(&journal, false));
	leave();
}
