/* SPDX-License-Identifier: MIT */
/*
 * What a sweep injects: which points are in reach of what was asked for, and what
 * may go wrong at each.
 */
#ifndef RINGSIDE_SIM_SWEEP_PLAN_H
#define RINGSIDE_SIM_SWEEP_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/fault/fault.h"
#include "sim/observe/textbuf.h"

/* All but `workers` may be left 0. */
struct sweep_wants {
	const char *point;    /* patterns of selection_fits() with commas
	                         between, or NULL: all */
	const char *device;   /* id, or NULL: all */
	bool quirks;          /* also those that make the hardware break rules */
	bool access;          /* the points of register reads alone */
	bool no_recheck;
	uint64_t runs;        /* injected runs of a cell; 0: all */
	uint64_t pairs;       /* and as many of two faults */
	unsigned int workers; /* processes at a time, at least 1 */
};

/* One way in which a call can go wrong. */
struct sweep_choice {
	int error;       /* positive errno, or 0 */
	uint32_t effect; /* from 1, or 0 */
	char name[FAULT_EFFECT_NAME]; /* "ENOSPC", "flip"; "" */
};

struct plan_point {
	struct sweep_choice *choices;
	size_t count;    /* 0: the point is not swept */
};

struct plan {
	struct plan_point *points; /* by the engine's number */
	size_t count;
};

/* For the points that the engine has.  Aborts without memory. */
void plan_make(struct plan *p, const struct fault_engine *e,
	       const struct sweep_wants *w);
void plan_free(struct plan *p);

/* One fault of one run. */
struct sweep_fault {
	uint32_t point;      /* the engine's number */
	uint32_t device;     /* FAULT_ANY: the call was for none */
	uint32_t choice;
	uint64_t occurrence; /* the call's number, of that device's, from 1 */
};

/* Is the `number`-th of about `total` one of `bound` that are spread evenly over
 * them?  A bound of 0 takes all. */
bool plan_takes(uint64_t number, uint64_t total, uint64_t bound);

#endif
