/* SPDX-License-Identifier: MIT */
/*
 * The option table, and parsing by it through getopt_long.  Abbreviated options
 * are refused: a script that uses one breaks when another option joins.
 */
#include "sim/cli/cli.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/diag.h"

const struct cli_option cli_options[OPT_COUNT] = {
	[OPT_HELP] = { "help", 'h', ARG_NONE, NULL,
		       "print what this command does" },
	[OPT_JSON] = { "json", 0, ARG_OPTIONAL, "F",
		       "the result as JSON, to F or in place of text" },
	[OPT_TRACE] = { "trace", 0, ARG_REQUIRED, "F",
			"every event, to F: .txt or .jsonl, and .gz" },
	[OPT_HTML] = { "html", 0, ARG_REQUIRED, "F",
		       "the run as a page for a browser, to F: .html" },
	[OPT_SEED] = { "seed", 0, ARG_REQUIRED, "N",
		       "the seed, in place of the file's" },
	[OPT_SET] = { "set", 0, ARG_REQUIRED, "PATH=VALUE",
		      "change a key of the file: machine.cpus=4" },
	[OPT_INJECT] = { "inject", 0, ARG_REQUIRED, "POINT@DEVICE#N=WHAT",
			 "the N-th call fails; WHAT: error or effect" },
	[OPT_GUEST] = { "guest", 0, ARG_REQUIRED, "NAME",
			"the guest image, in place of the file's" },
	[OPT_STOP_AT] = { "stop-at", 0, ARG_REQUIRED, "EVENT",
			  "stop at this event of the trace, by its number" },
	[OPT_GDB] = { "gdb", 0, ARG_NONE, NULL,
		      "run under gdb, with a breakpoint for --stop-at" },
	[OPT_DEBUGGER] = { "debugger", 0, ARG_NONE, NULL, NULL },
	[OPT_BARE] = { "bare", 0, ARG_NONE, NULL, NULL },
	[OPT_CELLS] = { "cells", 0, ARG_NONE, NULL,
			"list scenarios: each cell, as `run` takes it" },
	[OPT_JOBS] = { "jobs", 'j', ARG_REQUIRED, "N",
		       "processes at a time; as many as processors" },
	[OPT_FILTER] = { "filter", 0, ARG_REQUIRED, "PATTERN",
			 "only cells whose FILE[cell] has it; * and ? are wild" },
	[OPT_TAG] = { "tag", 0, ARG_REQUIRED, "A,B",
		      "only cells with one of these tags" },
	[OPT_EXCLUDE_TAG] = { "exclude-tag", 0, ARG_REQUIRED, "A,B",
			      "no cells with one of these tags" },
	[OPT_COMPARE] = { "compare", 0, ARG_NONE, NULL,
			  "print what differs between guests" },
	[OPT_JUNIT] = { "junit", 0, ARG_REQUIRED, "F",
			"the results as JUnit's XML, to F" },
	[OPT_CLAUSES] = { "clauses", 0, ARG_REQUIRED, "F",
			  "what the cells did with each clause of the "
			  "specification, as CSV, to F" },
	[OPT_ONLY_FAILED] = { "only-failed", 0, ARG_NONE, NULL,
			      "print what failed, and the counts" },
	[OPT_LIST] = { "list", 0, ARG_NONE, NULL,
		       "print the cells that would run, and run none" },
	[OPT_SHARD] = { "shard", 0, ARG_REQUIRED, "I/N",
			"part I of N of the cells, from 1" },
	[OPT_TAP] = { "tap", 0, ARG_OPTIONAL, "F",
		      "the results as TAP 14, to F or in place of text" },
	[OPT_GITHUB] = { "github", 0, ARG_NONE, NULL,
			 "failures as GitHub's ::error lines, too" },
	[OPT_KNOWN] = { "known", 0, ARG_REQUIRED, "F",
			"cells that are known to fail, from F" },
	[OPT_BASELINE] = { "baseline", 0, ARG_REQUIRED, "F",
			   "fail for what is new since the --json result F" },
	[OPT_RESUME] = { "resume", 0, ARG_NONE, NULL,
			 "go on where a run with the same --json=F was cut off" },
	[OPT_LIMIT] = { "limit", 0, ARG_REQUIRED, "SECONDS",
			"wall time that a cell may take; 60" },
	[OPT_VERBOSE] = { "verbose", 'v', ARG_NONE, NULL,
			  "list guests, list faults: more of each; sweep: "
			  "each run" },
	[OPT_POINT] = { "point", 0, ARG_REQUIRED, "PATTERN",
			"only fault points that have it; * and ? are wild, "
			"commas between several" },
	[OPT_QUIRKS] = { "quirks", 0, ARG_NONE, NULL,
			 "also points of the bus, and where a device breaks "
			 "rules" },
	[OPT_ACCESS] = { "access", 0, ARG_NONE, NULL,
			 "one fault for each register read, in place of the "
			 "others" },
	[OPT_PAIRS] = { "pairs", 0, ARG_REQUIRED, "N",
			"also N runs of two faults, spread over all pairs" },
	[OPT_NO_RECHECK] = { "no-recheck", 0, ARG_NONE, NULL,
			     "do not bind again and compare" },
	[OPT_TREE] = { "tree", 0, ARG_REQUIRED, "DIR",
		       "the Linux tree whose drivers are taken" },
	[OPT_NAME] = { "name", 0, ARG_REQUIRED, "NAME",
		       "what scenarios call the image" },
	[OPT_OUT] = { "out", 0, ARG_REQUIRED, "DIR",
		      "where it is put, in place of the user's own images" },
	[OPT_RUNS] = { "runs", 0, ARG_REQUIRED, "N",
		       "fuzz: how many, from run 0; 1000; sweep: at most N "
		       "faults of a cell, spread over all" },
	[OPT_RUN] = { "run", 0, ARG_REQUIRED, "K",
		      "this run only, told in full" },
	[OPT_TIME] = { "time", 0, ARG_REQUIRED, "T",
		       "begin no run after so much time: 60s" },
	[OPT_DEVICE] = { "device", 0, ARG_REQUIRED, "ID",
			 "fuzz: the hostile device; each in turn; sweep: only "
			 "calls for it" },
	[OPT_ONLY] = { "only", 0, ARG_REQUIRED, "N,N",
		       "of the run's plan only these steps" },
	[OPT_MINIMIZE] = { "minimize", 0, ARG_NONE, NULL,
			   "leave out what a finding does not need" },
	[OPT_LABS] = { "labs", 0, ARG_REQUIRED, "DIR",
		       "a folder of labs, in place of Ringside's own" },
	[OPT_LAB] = { "lab", 0, ARG_REQUIRED, "N",
		      "which lab it is; without it the file's name tells" },
	[OPT_PASS] = { "pass", 0, ARG_OPTIONAL, "PERCENT",
		       "exit 1 below so many points; without a number as "
		       "the lab says" },
	[OPT_CSV] = { "csv", 0, ARG_REQUIRED, "F",
		      "the points as CSV, to F" },
	[OPT_GRADESCOPE] = { "gradescope", 0, ARG_REQUIRED, "F",
			     "results.json of Gradescope, to F; one folder" },
};

int cli_usage(const struct cli_command *command, const char *fmt, ...)
{
	va_list ap;

	fputs("ringside: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, "\n  see: ringside help%s%s\n", command ? " " : "",
		command ? command->name : "");
	return CLI_USAGE;
}

static bool offered(const struct cli_command *command, int id)
{
	return id == OPT_HELP || command->options & CLI_OPTION(id);
}

/* Tables for getopt_long; short options return their letter, long ones 256 + id. */
static void build(const struct cli_command *command, struct option *longs,
		  char *shorts)
{
	int id;

	*shorts++ = ':';
	for (id = 0; id < OPT_COUNT; id++) {
		const struct cli_option *o = &cli_options[id];

		if (!offered(command, id))
			continue;
		*longs++ = (struct option){
			.name = o->name, .has_arg = (int)o->argument,
			.val = 256 + id,
		};
		if (o->letter)
			*shorts++ = o->letter;
		if (o->letter && o->argument == ARG_REQUIRED)
			*shorts++ = ':';
	}
	*shorts = '\0';
	memset(longs, 0, sizeof(*longs));
}

static int unknown(const struct cli_command *command, const char *word)
{
	const char *names[OPT_COUNT + 1], *close;
	char name[64];
	size_t n = 0;
	int id;

	for (id = 0; id < OPT_COUNT; id++)
		if (offered(command, id) && cli_options[id].about)
			names[n++] = cli_options[id].name;
	names[n] = NULL;
	snprintf(name, sizeof(name), "%.*s",
		 (int)strcspn(word, "="), word);
	close = strncmp(name, "--", 2) ? NULL : diag_closest(name + 2, names);
	if (close)
		return cli_usage(command, "%s: no option '%s'; did you mean "
				 "'--%s'?", command->name, name, close);
	return cli_usage(command, "%s: no option '%s'", command->name, name);
}

static int id_of(int got)
{
	int id;

	if (got >= 256)
		return got - 256;
	for (id = 0; id < OPT_COUNT; id++)
		if (cli_options[id].letter == got)
			return id;
	return OPT_HELP;
}

/* The word in which the option stands; its value may be the next one. */
static const char *option_word(int id, char **argv)
{
	return cli_options[id].argument == ARG_REQUIRED &&
	       optarg == argv[optind - 1] ? argv[optind - 2] :
					    argv[optind - 1];
}

/* Was the long option written out?  getopt_long takes any unique beginning. */
static bool abbreviated(int id, const char *word)
{
	return strcspn(word + 2, "=") != strlen(cli_options[id].name);
}

/* getopt tells by optopt whether it knows the option and minds its value. */
static int refused(const struct cli_command *command, const char *word)
{
	if (optopt >= 256)
		return cli_usage(command, "%s: '--%s' takes no value",
				 command->name, cli_options[optopt - 256].name);
	return unknown(command, word);
}

static void keep(struct cli *cli, int id)
{
	cli->given[id] = true;
	cli->value[id] = optarg;
	if (id == OPT_SET)
		cli->sets[cli->nsets++] = optarg;
	if (id == OPT_INJECT)
		cli->injects[cli->ninjects++] = optarg;
}

static int parse_options(struct cli *cli, int argc, char **argv)
{
	struct option longs[OPT_COUNT + 1];
	char shorts[2 * OPT_COUNT + 2];
	int got, id;

	build(cli->command, longs, shorts);
	opterr = 0;
	optind = 0;
	while ((got = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (got == '?')
			return refused(cli->command, argv[optind - 1]);
		if (got == ':')
			return cli_usage(cli->command, "%s: '%s' needs a value",
					 cli->command->name, argv[optind - 1]);
		id = id_of(got);
		if (got >= 256 && abbreviated(id, option_word(id, argv)))
			return unknown(cli->command, option_word(id, argv));
		keep(cli, id);
	}
	cli->args = argv + optind;
	cli->nargs = (size_t)(argc - optind);
	return CLI_OK;
}

int cli_parse(struct cli *cli, const struct cli_command *command, int argc,
	      char **argv)
{
	memset(cli, 0, sizeof(*cli));
	cli->command = command;
	cli->argv = argv;
	cli->sets = calloc((size_t)argc + 1, sizeof(*cli->sets));
	cli->injects = calloc((size_t)argc + 1, sizeof(*cli->injects));
	if (!cli->sets || !cli->injects) {
		fputs("ringside: out of memory\n", stderr);
		return CLI_SIMULATOR;
	}
	return parse_options(cli, argc, argv);
}

void cli_free(struct cli *cli)
{
	free(cli->sets);
	free(cli->injects);
}
