/* SPDX-License-Identifier: MIT */
/* The files of `ringside lab` among themselves. */
#ifndef RINGSIDE_SIM_CLI_CMD_LAB_H
#define RINGSIDE_SIM_CLI_CMD_LAB_H

#include "sim/cli/cli.h"
#include "sim/lab/lab.h"

/* Says so, and which one may have been meant.  Returns CLI_USAGE. */
int lab_unknown(const struct cli *cli, const struct labs *labs,
		const char *name);
/* cmd_lab_grade.c */
int lab_check(const struct cli *cli, const struct labs *labs);
int lab_grade(const struct cli *cli, const struct labs *labs);

#endif
