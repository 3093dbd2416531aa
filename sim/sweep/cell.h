/* SPDX-License-Identifier: MIT */
/*
 * The sweep of one cell, in a process of its own: the reference, the good run with
 * its branches, and if asked for the pairs.
 */
#ifndef RINGSIDE_SIM_SWEEP_CELL_H
#define RINGSIDE_SIM_SWEEP_CELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/scenario/scenario.h"
#include "sim/suite/record.h"
#include "sim/sweep/swept.h"
#include "sim/sweep/plan.h"
#include "sim/sweep/tree.h"

struct cell_job {
	const struct scenario_file *file;
	size_t cell;               /* of the file */
	const char *guest;         /* in place of the file's, or NULL */
	bool has_seed;
	uint64_t seed;
	const char *const *inject; /* only these faults, in one run; or NULL */
	struct catalogue *catalogue;
	const struct sweep_wants *wants;
	struct sweep_progress *progress;
};

struct cell_result {
	struct record good;        /* the run without faults */
	uint64_t seed;
	bool swept;                /* the good run has passed */
	bool rechecked;
	uint64_t reach;            /* single faults up to the workload's end */
	char *fate;                /* of the good run */
	struct swept *outcomes;  /* in order */
	size_t count, capacity;
};

/* In the process; packs the result. */
void cell_run(const struct cell_job *job, struct textbuf *out);
/* False: these bytes are none, *r is empty. */
bool cell_unpack(struct cell_result *r, const char *bytes, size_t len);
void cell_free(struct cell_result *r);

#endif
