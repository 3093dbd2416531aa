/* SPDX-License-Identifier: MIT */
/*
 * One run: from a loaded scenario to everything that is to be told about it.
 * Makes the machine, plugs in the devices, joins fault points, observers and
 * checks, boots the guest and drives the workload.  One run a process: SystemC
 * elaborates once.
 */
#ifndef RINGSIDE_SIM_RUN_RUN_H
#define RINGSIDE_SIM_RUN_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/report/report.h"
#include "sim/scenario/catalogue.h"
#include "sim/scenario/scenario.h"
#include "sim/trace/trace.h"

struct run_options {
	bool trace;         /* keep every event for a trace file */
	uint64_t stop_at;   /* number of the event to stop at; 0: none */
	bool debugger;      /* stop_at only calls run_stop_point, and goes on */
	const char *overrides; /* for the report's `again:`, or NULL */
};

struct run;

/* NULL: the machine cannot be made; *error is a phrase (static). */
struct run *run_create(const struct scenario *s, const struct run_options *o,
		       const char **error);
/* To its end, however it ends.  Once. */
void run_execute(struct run *r);
/* What the run has to tell; valid as long as r. */
const struct report *run_report(const struct run *r);
const struct trace *run_trace(const struct run *r); /* NULL unless kept */
void run_destroy(struct run *r);

/* Where a debugger breaks for --stop-at. */
void run_stop_point(uint64_t event);

#endif
