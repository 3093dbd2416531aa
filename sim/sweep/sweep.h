/* SPDX-License-Identifier: MIT */
/*
 * `ringside sweep`: what SQLite's malloc test does, for a driver.  One good run of
 * each cell, then one run for every fault in reach of it: each call of each fault
 * point, in each way in which it can go wrong.
 *
 *   plan     which points, which ways
 *   tree     the runs, forked from the good one at the fault
 *   recheck  what each does after its workload: bound again, is all as it was?
 *   cell     reference, branches and pairs of one cell, in a process of its own
 *   swept    what a run came to; results, fold, text, json, junit tell it
 */
#ifndef RINGSIDE_SIM_SWEEP_SWEEP_H
#define RINGSIDE_SIM_SWEEP_SWEEP_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/sweep/plan.h"
#include "sim/sweep/results.h"

struct sweep {
	const struct selection *selection;
	const struct sweep_wants *wants;
	const char *const *inject; /* only these faults, in one run a cell; ends
	                              with NULL; or NULL */
	bool has_seed;
	uint64_t seed;             /* in place of the files' */
	/* Several times a second; may be NULL. */
	void (*tick)(void *arg, const struct sweep_progress *p);
	const volatile sig_atomic_t *stop; /* may be NULL */
	void *arg;
};

/* Fills r, which has been made for the selection. */
void sweep_run(const struct sweep *s, struct sweep_results *r);

#endif
