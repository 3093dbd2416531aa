/* SPDX-License-Identifier: MIT */
/*
 * The command line: one table of options and one of commands.  Parsing, help,
 * the man page and shell completion all read them.
 */
#ifndef RINGSIDE_SIM_CLI_CLI_H
#define RINGSIDE_SIM_CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/observe/textbuf.h"

/* The contract's exit codes (docs/scenario-format.md). */
enum cli_exit {
	CLI_OK = 0,
	CLI_FAILED = 1,      /* an expectation, an invariant, the guest */
	CLI_USAGE = 2,       /* wrong usage, an invalid file, nothing selected */
	CLI_SIMULATOR = 3,   /* our own fault, or a result that cannot be written */
	CLI_SKIPPED = 77,    /* the guest is not built */
	CLI_INTERRUPTED = 130
};

enum cli_option_id {
	OPT_HELP,
	OPT_JSON,
	OPT_TRACE,
	OPT_HTML,
	OPT_SEED,
	OPT_SET,
	OPT_INJECT,
	OPT_GUEST,
	OPT_STOP_AT,
	OPT_GDB,
	OPT_DEBUGGER,
	OPT_BARE,
	OPT_CELLS,
	OPT_JOBS,
	OPT_FILTER,
	OPT_TAG,
	OPT_EXCLUDE_TAG,
	OPT_COMPARE,
	OPT_JUNIT,
	OPT_CLAUSES,
	OPT_ONLY_FAILED,
	OPT_LIST,
	OPT_SHARD,
	OPT_TAP,
	OPT_GITHUB,
	OPT_KNOWN,
	OPT_BASELINE,
	OPT_RESUME,
	OPT_LIMIT,
	OPT_VERBOSE,
	OPT_POINT,
	OPT_QUIRKS,
	OPT_ACCESS,
	OPT_PAIRS,
	OPT_NO_RECHECK,
	OPT_TREE,
	OPT_NAME,
	OPT_OUT,
	OPT_RUNS,
	OPT_RUN,
	OPT_TIME,
	OPT_DEVICE,
	OPT_ONLY,
	OPT_MINIMIZE,
	OPT_LABS,
	OPT_LAB,
	OPT_PASS,
	OPT_CSV,
	OPT_GRADESCOPE,
	OPT_COUNT
};

enum cli_argument { ARG_NONE, ARG_REQUIRED, ARG_OPTIONAL };

struct cli_option {
	const char *name;
	char letter;         /* short form, or 0 */
	enum cli_argument argument;
	const char *value;   /* what the argument is called */
	const char *about;   /* NULL: not shown */
};

#define CLI_OPTION(id) (UINT64_C(1) << (id))

struct cli {
	const struct cli_command *command;
	bool given[OPT_COUNT];
	const char *value[OPT_COUNT]; /* the last one given */
	const char **sets, **injects; /* all given; end with NULL */
	size_t nsets, ninjects;
	char **args;                  /* what is no option; ends with NULL */
	size_t nargs;
	char *const *argv;            /* as the program got them */
};

struct cli_command {
	const char *name;
	const char *args;    /* "FILE[cell]" */
	const char *about;   /* one line */
	const char *details; /* paragraphs for help and man page, or NULL */
	uint64_t options;    /* CLI_OPTION bits; help is always one */
	int (*run)(const struct cli *cli);
	const char *const *words; /* that completion offers, or NULL */
	bool hidden;
};

extern const struct cli_option cli_options[OPT_COUNT];
extern const struct cli_command cli_commands[]; /* ends with a NULL name */
const struct cli_command *cli_command_find(const char *name);

/* Fills *cli from the words after the command; CLI_OK, or CLI_USAGE after a
 * message.  cli_free afterwards in either case. */
int cli_parse(struct cli *cli, const struct cli_command *command, int argc,
	      char **argv);
void cli_free(struct cli *cli);
/* "ringside: ..." on stderr, then where to read more.  Returns CLI_USAGE. */
int cli_usage(const struct cli_command *command, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* The same for a word that is no command. */
int cli_no_command(const char *name);

/* help.c, man.c, completion.c */
void cli_help(const struct cli_command *command, struct textbuf *out);
void cli_help_all(struct textbuf *out);
int cmd_help(const struct cli *cli);
int cmd_man(const struct cli *cli);
int cmd_completion(const struct cli *cli);
int cmd_version(const struct cli *cli);

int cmd_run(const struct cli *cli);
int cmd_check(const struct cli *cli);
int cmd_suite(const struct cli *cli);
int cmd_merge(const struct cli *cli);
int cmd_fuzz(const struct cli *cli);
int cmd_sweep(const struct cli *cli);
int cmd_list(const struct cli *cli);
int cmd_explain(const struct cli *cli);
int cmd_guest(const struct cli *cli);
int cmd_lab(const struct cli *cli);
int cmd_test(const struct cli *cli);

extern const char *const list_topics[], *const lab_words[]; /* end with NULL */

#endif
