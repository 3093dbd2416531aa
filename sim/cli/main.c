/* SPDX-License-Identifier: MIT */
/*
 * The program `ringside`: finds the command, parses its options, runs it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/cli/cli.h"
#include "sim/cli/output.h"

static int run_command(const struct cli_command *command, int argc, char **argv)
{
	struct textbuf out;
	struct cli cli;
	int code;

	code = cli_parse(&cli, command, argc, argv);
	if (code == CLI_OK && cli.given[OPT_HELP]) {
		textbuf_init(&out);
		cli_help(command, &out);
		code = output_stdout(&out) ? CLI_OK : CLI_SIMULATOR;
	} else if (code == CLI_OK && cli.nargs && !command->args[0]) {
		code = cli_usage(command, "%s: takes no '%s'", command->name,
				 cli.args[0]);
	} else if (code == CLI_OK) {
		code = command->run(&cli);
	}
	cli_free(&cli);
	return code;
}

/* `ringside --help` and `--version`, as people try them first. */
static const char *command_name(const char *word)
{
	if (!strcmp(word, "--help") || !strcmp(word, "-h"))
		return "help";
	if (!strcmp(word, "--version") || !strcmp(word, "-V"))
		return "version";
	return word;
}

/*
 * The end, without what only a program that goes on would need: SystemC's and
 * the guests' teardown costs a good part of a short run.  Under sanitizers and
 * for coverage the long way, which is theirs to report on.
 */
static int leave(int code)
{
#if !defined(__SANITIZE_ADDRESS__) && !defined(RINGSIDE_COVERAGE)
	fflush(NULL);
	_exit(code);
#endif
	return code;
}

int main(int argc, char **argv)
{
	const struct cli_command *command;
	struct textbuf out;

	output_init();
	if (argc < 2) {
		textbuf_init(&out);
		cli_help_all(&out);
		fputs(out.failed ? "" : out.data, stderr);
		textbuf_free(&out);
		return CLI_USAGE;
	}
	command = cli_command_find(command_name(argv[1]));
	if (!command)
		return cli_no_command(argv[1]);
	return leave(run_command(command, argc - 1, argv + 1));
}
