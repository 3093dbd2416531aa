/* SPDX-License-Identifier: MIT */
/*
 * Values of options that several commands take, checked in one way and with one
 * wording.  False: reported, as a wrong usage of the command.
 */
#ifndef RINGSIDE_SIM_CLI_VALUES_H
#define RINGSIDE_SIM_CLI_VALUES_H

#include "sim/cli/cli.h"
#include "sim/suite/select.h"

#define VALUES_MAX_JOBS 1024u /* --jobs */

/* A number from min to max; *value stays as it is where the option was not
 * given. */
bool value_number(const struct cli *cli, int id, uint64_t min, uint64_t max,
		  uint64_t *value);
/* --jobs; as many as processors where it was not given. */
bool value_jobs(const struct cli *cli, unsigned int *workers);
/* None of these options has an empty value. */
bool values_not_empty(const struct cli *cli, const int *ids, size_t count);
/* Results that go to files go to different ones: two in one would be none. */
bool values_differ(const struct cli *cli);
/* A guest that was asked for is one that there is, or might be. */
bool value_guests(const struct cli *cli, const struct selection *s);

#endif
