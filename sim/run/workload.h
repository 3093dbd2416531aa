/* SPDX-License-Identifier: MIT */
/*
 * The workload of a scenario, step by step, on guest threads.
 */
#ifndef RINGSIDE_SIM_RUN_WORKLOAD_H
#define RINGSIDE_SIM_RUN_WORKLOAD_H

#include "sim/check/check.h"
#include "sim/observe/event.h"
#include "sim/platform/platform.h"
#include "sim/scenario/scenario.h"

struct workload {
	const struct scenario *scenario;
	struct platform *platform;
	struct event_bus *bus;
	const struct facts *facts;
	struct checks *checks;
	uint32_t steps_begun;
	bool stop; /* no step begins any more */
	/* A fault that the file does not know of may have been injected: a step
	 * that answers otherwise than the file says ends the workload. */
	bool injected;
	/* One may be injected: a device's action without a limit of its own ends
	 * after a while. */
	bool impatient;
	const struct scn_step *broke; /* that step, or NULL */
	int result;                   /* what it answered */
};

/* A platform script; arg: the workload. */
void workload_script(void *arg);
/* On the calling guest thread. */
void workload_steps(struct workload *w, const struct scn_step *steps, size_t n);

#endif
