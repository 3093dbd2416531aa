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
	struct checks *checks;
	uint32_t steps_begun;
	bool stop; /* no step begins any more */
};

/* A platform script; arg: the workload. */
void workload_script(void *arg);

#endif
