/* SPDX-License-Identifier: MIT */
/*
 * Runs cells of scenario files, each in a process forked from this one after
 * everything that they share has been loaded: the files, the guests' images, and
 * once a cell has failed the names of their functions.  A process that dies costs
 * its own cell.
 */
#ifndef RINGSIDE_SIM_SUITE_SUITE_H
#define RINGSIDE_SIM_SUITE_SUITE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/scenario/scenario.h"
#include "sim/suite/record.h"

/* Wall time for a cell.  A guest that spins is found after 2 s of its own time;
 * this is for what nobody has thought of. */
#define SUITE_LIMIT_MS 60000u

/* A cell as record.h wants to know it; guest: in place of the file's, or NULL. */
struct record_cell suite_cell(const struct scenario_file *file, size_t cell,
			      const char *guest);

struct suite_job {
	const struct scenario_file *file;
	size_t cell;              /* of the file */
	const char *guest;        /* in place of the file's, or NULL */
	const char *const *sets;  /* "machine.cpus=4", end with NULL; or NULL */
	const char *known;        /* fails for this reason, as with the file's own
	                             `known:`; or NULL */
};

struct suite {
	const struct suite_job *jobs;
	size_t njobs;
	unsigned int workers;
	unsigned int limit_ms;    /* 0: SUITE_LIMIT_MS */
	bool has_seed;
	uint64_t seed;            /* in place of the files' */
	struct record_wants wants;
	/* As cells end, in any order; *r is the callee's to keep or to free. */
	void (*done)(void *arg, size_t job, struct record *r);
	void (*tick)(void *arg);  /* several times a second; may be NULL */
	const volatile sig_atomic_t *stop; /* may be NULL */
	int keep_out;             /* a descriptor that is closed in the processes
	                             of cells; 0: none */
	void *arg;
};

/* False: stopped before all were done. */
bool suite_run(const struct suite *s);

#endif
