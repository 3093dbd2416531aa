/* SPDX-License-Identifier: MIT */
/*
 * A folder of the test's own to be in, with the scenario files that it writes
 * there, and a selection of them whose results are made up.
 */
#ifndef RINGSIDE_TESTS_UNIT_SUITE_FOLDER_H
#define RINGSIDE_TESTS_UNIT_SUITE_FOLDER_H

#include "sim/suite/results.h"

#define FOLDER_MACHINE "schema: 1\nmachine: {guest: reference}\n"
#define FOLDER_ON_GUESTS "schema: 1\nmachine:\n  guest: ${guest}\n"

void folder_enter(void);
void folder_leave(void);
/* Makes the folders on the way too. */
void folder_file(const char *name, const char *text);

/* The results of `path`, none of which is known yet. */
void folder_results(struct results *r, struct selection *s, const char *path);
/* With texts that stand for what a run would have. */
void folder_put(struct results *r, size_t cell, enum record_status status,
		const char *reason, const char *text, const char *course);

#endif
