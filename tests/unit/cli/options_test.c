/* SPDX-License-Identifier: MIT */
/*
 * Parsing by the option table, and what is made from the tables.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "tests/shim/gtest_c.h"

#define MAX_ARGS 12

/* Splits the words, parses them after the command. */
static int parse(struct cli *cli, const char *words)
{
	static char text[256];
	static char *argv[MAX_ARGS + 1];
	int argc = 0;
	char *word;

	snprintf(text, sizeof(text), "%s", words);
	for (word = strtok(text, " "); word && argc < MAX_ARGS;
	     word = strtok(NULL, " "))
		argv[argc++] = word;
	argv[argc] = NULL;
	return cli_parse(cli, cli_command_find(argv[0]), argc, argv);
}

TEST(options, values_flags_and_arguments)
{
	struct cli cli;

	ASSERT_EQ(0, parse(&cli, "run a.yaml --seed 7 --trace=x.txt --gdb"));
	EXPECT_EQ(1, cli.nargs);
	EXPECT_STREQ("a.yaml", cli.args[0]);
	EXPECT_STREQ("7", cli.value[OPT_SEED]);
	EXPECT_STREQ("x.txt", cli.value[OPT_TRACE]);
	EXPECT_TRUE(cli.given[OPT_GDB]);
	EXPECT_FALSE(cli.given[OPT_JSON]);
	cli_free(&cli);
}

TEST(options, an_optional_value_is_only_after_an_equals_sign)
{
	struct cli cli;

	ASSERT_EQ(0, parse(&cli, "run --json a.yaml"));
	EXPECT_TRUE(cli.given[OPT_JSON]);
	EXPECT_EQ(NULL, cli.value[OPT_JSON]);
	EXPECT_STREQ("a.yaml", cli.args[0]);
	cli_free(&cli);
	ASSERT_EQ(0, parse(&cli, "run --json=r.json a.yaml"));
	EXPECT_STREQ("r.json", cli.value[OPT_JSON]);
	cli_free(&cli);
}

TEST(options, that_repeat_are_all_kept)
{
	struct cli cli;

	ASSERT_EQ(0, parse(&cli, "run --set a=1 f --set b=2 --inject x@y#1=E"));
	EXPECT_EQ(2, cli.nsets);
	EXPECT_STREQ("a=1", cli.sets[0]);
	EXPECT_STREQ("b=2", cli.sets[1]);
	EXPECT_EQ(NULL, cli.sets[2]);
	EXPECT_EQ(1, cli.ninjects);
	EXPECT_STREQ("x@y#1=E", cli.injects[0]);
	EXPECT_EQ(NULL, cli.injects[1]);
	cli_free(&cli);
}

TEST(options, two_dashes_end_them)
{
	struct cli cli;

	ASSERT_EQ(0, parse(&cli, "check -- --json"));
	EXPECT_EQ(1, cli.nargs);
	EXPECT_STREQ("--json", cli.args[0]);
	cli_free(&cli);
}

TEST(options, mistakes_are_wrong_usage)
{
	static const char *const rows[] = {
		"run --see 7 a",   /* abbreviated */
		"run --see=7 a",
		"run --js a",
		"run --nonsense a",
		"run -x a",
		"run --seed",      /* no value */
		"run --gdb=yes a", /* takes none */
		"list --json",     /* another command's */
		"version --seed 1",
	};
	struct cli cli;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		TEST_ROW("%s", rows[i]);
		EXPECT_EQ(2, parse(&cli, rows[i]));
		cli_free(&cli);
	}
}

TEST(options, help_is_known_to_every_command)
{
	const struct cli_command *c;
	struct cli cli;
	char words[64];

	for (c = cli_commands; c->name; c++) {
		TEST_ROW("%s", c->name);
		snprintf(words, sizeof(words), "%s --help", c->name);
		EXPECT_EQ(0, parse(&cli, words));
		EXPECT_TRUE(cli.given[OPT_HELP]);
		cli_free(&cli);
		snprintf(words, sizeof(words), "%s -h", c->name);
		EXPECT_EQ(0, parse(&cli, words));
		EXPECT_TRUE(cli.given[OPT_HELP]);
		cli_free(&cli);
	}
}

TEST(commands, of_the_contract_and_no_others)
{
	static const char *const there[] = { "run", "suite", "check", "list",
					     "explain", "fuzz", "guest", "lab",
					     "merge", "sweep", "test", "version", "help" };
	static const char *const others[] = { "labs", "" };
	size_t i;

	for (i = 0; i < sizeof(there) / sizeof(there[0]); i++)
		EXPECT_NE(NULL, cli_command_find(there[i]));
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		EXPECT_EQ(NULL, cli_command_find(others[i]));
}

TEST(help, tells_every_command_and_option_that_is_not_hidden)
{
	const struct cli_command *c;
	struct textbuf all, one;
	char form[64];
	int id;

	textbuf_init(&all);
	cli_help_all(&all);
	for (c = cli_commands; c->name; c++) {
		TEST_ROW("%s", c->name);
		if (!c->hidden)
			EXPECT_SUBSTR(all.data, c->about);
		textbuf_init(&one);
		cli_help(c, &one);
		for (id = 0; id < OPT_COUNT; id++) {
			snprintf(form, sizeof(form), "--%s",
				 cli_options[id].name);
			if (c->options >> id & 1 && cli_options[id].about)
				EXPECT_SUBSTR(one.data, form);
		}
		EXPECT_EQ(NULL, strstr(one.data, "--debugger"));
		textbuf_free(&one);
	}
	EXPECT_EQ(NULL, strstr(all.data, "\n  man"));
	textbuf_free(&all);
}

/* Terminals are 80 columns wide. */
TEST(help, fits_a_terminal)
{
	const struct cli_command *c = cli_command_find("run");
	struct textbuf out;
	const char *line;

	textbuf_init(&out);
	cli_help(c, &out);
	for (line = out.data; *line; line += strcspn(line, "\n") + 1)
		EXPECT_LE(strcspn(line, "\n"), 80);
	textbuf_free(&out);
}
