/* SPDX-License-Identifier: MIT */
/*
 * The tree of a sweep's runs.  The trunk is the good run; at each call of each
 * point a branch is forked for each way in which it can go wrong, which is told
 * that it does and goes on to the end of its run; the trunk waits for a slot and
 * goes on as if nothing had been.  A branch costs what is left of the run.
 */
#ifndef RINGSIDE_SIM_SWEEP_TREE_H
#define RINGSIDE_SIM_SWEEP_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/observe/textbuf.h"
#include "sim/run/run.h"
#include "sim/sweep/swept.h"
#include "sim/sweep/plan.h"
#include "sim/sweep/sequence.h"

/* Shared with the process at the terminal. */
struct sweep_progress {
	volatile uint64_t total, done, failed;
};

enum tree_kind {
	TREE_GOOD,      /* as the file says; counts the faults in reach */
	TREE_REFERENCE, /* the same, bound again: how that looks without a fault */
	TREE_SINGLES,   /* a branch for each fault */
	TREE_PAIRS,     /* a branch for each fault, and on it one for each second */
	TREE_CHOSEN     /* one run, whose faults are among the scenario's rules */
};

struct tree_config {
	enum tree_kind kind;
	const struct sweep_wants *wants;
	struct sweep_progress *progress;
	/* From the good run: how many faults there are, what it came to. */
	uint64_t total;
	const char *fate;
	/* From the reference: its accesses, and what was found in it. */
	const struct sequence_entry *expected;
	size_t nexpected;
	const struct swept *known;
	/* Of the pairs: how many there are before those of the first fault with
	 * this number, of the singles' order; one more at the end. */
	const uint64_t *before;
	const char *const *chosen; /* --inject, ends with NULL */
	bool recheck;              /* bind again, where the faults allow it */
	bool broken;               /* hardware, by the file's own faults */
};

/* Runs the scenario in this process.  In a branch it does not return.  The trunk
 * gets the branches' outcomes, packed, in *out.  NULL: all is well; else a phrase. */
struct tree;
struct tree *tree_run(const struct tree_config *cfg, const struct scenario *s,
		      struct textbuf *out, const char **error);
void tree_free(struct tree *t);

/* Of a good run or a reference. */
const struct report *tree_report(const struct tree *t);
void tree_outcome(struct tree *t, struct swept *o);
const struct sequence *tree_sequence(const struct tree *t);
const char *tree_fate(const struct tree *t);
uint64_t tree_asked(const struct tree *t);

#endif
