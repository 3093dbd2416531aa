/* SPDX-License-Identifier: MIT */
/*
 * Telling results as the options of the command line ask: --json, --junit, --tap,
 * --github, --baseline, --only-failed, --compare.  For every command that has
 * results of many runs.
 */
#ifndef RINGSIDE_SIM_CLI_TELL_H
#define RINGSIDE_SIM_CLI_TELL_H

#include <stdbool.h>

#include "sim/cli/cli.h"
#include "sim/suite/reread.h"
#include "sim/suite/results.h"

#define TELL_OPTIONS                                                           \
	(CLI_OPTION(OPT_JSON) | CLI_OPTION(OPT_JUNIT) | CLI_OPTION(OPT_TAP) |  \
	 CLI_OPTION(OPT_GITHUB) | CLI_OPTION(OPT_BASELINE) |                   \
	 CLI_OPTION(OPT_ONLY_FAILED) | CLI_OPTION(OPT_COMPARE))

struct tell {
	const struct cli *cli;
	struct reread earlier; /* of --baseline */
};

/* Before anything is run: do the options fit together, is the baseline one?
 * False: told.  tell_end() in either case. */
bool tell_begin(struct tell *t, const struct cli *cli);
void tell_end(struct tell *t);
/* What records have to hold for what is asked. */
struct record_wants tell_wants(const struct cli *cli);
/* Writes all that is asked for, and returns the exit code.  *json: the results
 * are in the file of --json; may be NULL. */
int tell(struct tell *t, struct results *r, bool *json);

#endif
