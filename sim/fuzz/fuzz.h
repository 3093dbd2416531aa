/* SPDX-License-Identifier: MIT */
/*
 * `ringside fuzz`: runs 0 to runs - 1 of a seed, each with one hostile device and
 * a plan of its own, in processes forked from one that has loaded the scenario.
 * A first, good run of each device counts the chances of which plans are drawn.
 */
#ifndef RINGSIDE_SIM_FUZZ_FUZZ_H
#define RINGSIDE_SIM_FUZZ_FUZZ_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/fuzz/outcome.h"

#define FUZZ_LIMIT_MS 60000u /* wall time of a run */
#define FUZZ_ALL_STEPS UINT32_MAX

struct fuzz {
	const struct scenario *scenario;
	uint64_t seed;
	uint64_t runs;
	uint64_t time_ms;            /* of wall time, then no run begins; 0: no end */
	size_t device;               /* the hostile one; ndevices: in turn */
	unsigned int workers;
	bool colour;
	const char *overrides;       /* for `again:`, or "" */
	const volatile sig_atomic_t *stop;
	void (*tick)(void *arg, uint64_t done, uint64_t findings);
	void *arg;
};

/* Runs that are alike. */
struct fuzz_group {
	struct outcome first;        /* of the smallest run number */
	uint64_t run, count;
	uint32_t steps;              /* which of its plan, after minimizing */
};

struct fuzz_result {
	uint64_t done;
	uint64_t unmet;              /* of whose plan nothing came to pass */
	bool interrupted;
	struct fuzz_group *groups;   /* findings and faults, in order of runs, */
	size_t ngroups;
	struct fuzz_group *courses;  /* and the others, the most frequent first */
	size_t ncourses;
	uint32_t (*chances)[HOSTILE_KINDS]; /* of each device's good run, */
	uint64_t good_ps;                   /* and the longest of them */
	char *error;                 /* the machine cannot be made; or NULL */
};

/* False: a good run already fails; r->error says how. */
bool fuzz_run(const struct fuzz *f, struct fuzz_result *r);
/* The plan and the device of a run.  Needs r->chances: fuzz_count. */
void fuzz_plan(const struct fuzz *f, const struct fuzz_result *r, uint64_t run,
	       uint32_t steps, struct trial *t);
/* Fills r->chances only; as fuzz_run. */
bool fuzz_count(const struct fuzz *f, struct fuzz_result *r);
/* Trials, side by side; done is called in the parent, *o is the callee's. */
struct fuzz_batch {
	const struct fuzz *fuzz;
	void (*make)(void *arg, size_t job, struct trial *t);
	/* In the trial's process, after it.  NULL, or false: it has told on
	 * standard error what is wrong. */
	bool (*seen)(void *arg, const struct trial *t);
	void (*done)(void *arg, size_t job, struct outcome *o);
	void (*tick)(void *arg);
	const volatile sig_atomic_t *stop;
	void *arg;
};
bool fuzz_batch(const struct fuzz_batch *b, size_t njobs);
/* minimize.c: leaves out steps of each group's plan as long as what is found
 * stays the same. */
void fuzz_minimize(const struct fuzz *f, struct fuzz_result *r);
/* text.c */
void fuzz_text(const struct fuzz *f, const struct fuzz_result *r,
	       struct textbuf *out);
void fuzz_json(const struct fuzz *f, const struct fuzz_result *r,
	       struct textbuf *out);
void fuzz_plan_text(const struct fuzz *f, const struct fuzz_result *r,
		    uint64_t run, uint32_t steps, uint32_t met,
		    struct textbuf *out);
void fuzz_result_free(struct fuzz_result *r, const struct fuzz *f);

#endif
