/* SPDX-License-Identifier: MIT */
/*
 * Loading scenarios as the command line asks: the catalogue, the overrides that
 * options make, and the diagnostics, printed at the end.
 */
#ifndef RINGSIDE_SIM_CLI_SCENARIOS_H
#define RINGSIDE_SIM_CLI_SCENARIOS_H

#include "sim/cli/cli.h"
#include "sim/scenario/catalogue.h"
#include "sim/scenario/diag.h"
#include "sim/scenario/scenario.h"

struct scenarios {
	struct catalogue *catalogue;
	struct scn_overrides overrides;
	struct diag diag;
};

/* False: a message was printed. */
bool scenarios_init(struct scenarios *set, const struct cli *cli);
/* What of the command line changes the scenario, as words of a shell that say it
 * again; the seed is left out. */
void scenarios_again(const struct cli *cli, struct textbuf *again);
void scenarios_free(struct scenarios *set);
/* NULL: the mistakes are in set->diag. */
struct scenario *scenarios_load(struct scenarios *set, const char *file);
/* Prints the mistakes; the exit code that they make: CLI_SKIPPED where nothing is
 * wrong but a guest that is not built. */
int scenarios_report(struct scenarios *set);

#endif
