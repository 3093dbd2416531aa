/* SPDX-License-Identifier: MIT */
/*
 * One run of a scenario in which one of its devices is hostile: the workload for
 * so long, then the device relents, then whoever still waits is unbound.  The
 * scenario's expectations count for nothing; what counts is what no device may
 * bring about (docs/fuzzing.md).
 */
#ifndef RINGSIDE_SIM_FUZZ_TRIAL_H
#define RINGSIDE_SIM_FUZZ_TRIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/hostile/plan.h"
#include "sim/run/run.h"
#include "sim/scenario/scenario.h"

struct trial {
	/* what is wanted */
	const struct scenario *scenario;
	size_t device;                 /* the hostile one, of the scenario's */
	struct hostile_plan plan;      /* no steps: a good run */
	uint64_t limit_ps;             /* what the workload has of time, and again
	                                  once the device has relented */
	bool relents_early;            /* before the unbind, not after it */
	bool trace;                    /* keep the events */
	const char *overrides;         /* as run_options */
	/* what came of it */
	uint32_t chances[HOSTILE_KINDS];
	uint32_t met;                  /* steps that came to pass */
	struct run *run;               /* the caller's to destroy */
};

/* False: the machine cannot be made; *error is a phrase. */
bool trial_run(struct trial *t, const char **error);

#endif
