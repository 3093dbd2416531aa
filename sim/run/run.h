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

#include "models/pci/function.h"
#include "sim/check/check.h"
#include "sim/report/report.h"
#include "sim/scenario/catalogue.h"
#include "sim/scenario/scenario.h"
#include "sim/run/workload.h"
#include "sim/trace/trace.h"

/* The parts of a run, for those who look into it while it runs. */
struct run_parts {
	const struct scenario *scenario;
	struct event_bus *bus;
	struct world *world;
	struct facts *facts;
	struct fault_engine *faults;
	struct checks *checks;
	struct platform *platform;
	struct workload *workload; /* `stop` ends it at its next step */
};

/*
 * For whoever puts something between the machine and a device, or between the
 * machine and the workload.  Each function may be NULL.
 */
struct run_hooks {
	void *arg;
	/* The host with which the model of device i is made, */
	struct pci_host *(*host)(void *arg, size_t device,
				 struct pci_host *slot);
	/* and what the machine gets in its place; owns it from then on. */
	struct pci_function *(*front)(void *arg, size_t device,
				      struct pci_function *fn);
	/* Everything is there and nothing runs yet. */
	void (*ready)(void *arg, const struct run_parts *parts);
	/* On the guest's first thread, in place of the workload alone. */
	void (*script)(void *arg, const struct run_parts *parts);
};

struct run_options {
	const struct run_hooks *hooks; /* or NULL */
	uint64_t budget_ps; /* simulated; 0: the scenario's */
	bool trace;         /* keep every event for a trace or a page */
	uint64_t stop_at;   /* number of the event to stop at; 0: none */
	bool bare;          /* no invariant is checked */
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
