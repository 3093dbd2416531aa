/* SPDX-License-Identifier: MIT */
/*
 * --trace and --html: all that has happened in a run, for commands that have one
 * run to tell of.
 */
#ifndef RINGSIDE_SIM_CLI_RECORD_H
#define RINGSIDE_SIM_CLI_RECORD_H

#include <stdbool.h>

#include "sim/cli/cli.h"
#include "sim/run/run.h"

/* Must the run keep its events? */
bool record_wanted(const struct cli *cli);
/* Before the run: do the names say what to write?  False: reported. */
bool record_check(const struct cli *cli);
/* After it.  False: reported. */
bool record_write(const struct cli *cli, const struct run *run);

#endif
