/* SPDX-License-Identifier: MIT */
/*
 * What students have handed in, graded: their files become images, each cell of
 * each check runs on each image in a process of its own, some at a time, and what
 * came of it is put together in the order of names and tasks.
 */
#ifndef RINGSIDE_SIM_LAB_ATTEMPT_H
#define RINGSIDE_SIM_LAB_ATTEMPT_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "sim/lab/cell.h"
#include "sim/lab/lab.h"

/* One cell of a check of a task. */
struct attempt_cell {
	const char *check;      /* "sizing", its file without folder and ending */
	const char *name;       /* the cell's, or "" */
	struct lab_cell result;
};

struct attempt_task {
	const struct lab_task *task;
	struct attempt_cell *cells;
	size_t ncells;
	bool passed;
};

enum attempt_state {
	ATTEMPT_GRADED,
	ATTEMPT_NOT_COMPILED, /* `said` is the compiler's; no points */
	ATTEMPT_MISSING,      /* the file is not there; no points */
	ATTEMPT_TROUBLE       /* could not be graded; `said` tells why */
};

struct attempt {
	const char *name;       /* what it is called in results */
	char *path;             /* as it was named on the command line */
	const struct lab *lab;
	char *source;           /* the C file, or NULL */
	enum attempt_state state;
	char *said;             /* compiler, warnings too; "" */
	struct attempt_task *tasks; /* as lab->tasks */
	unsigned int points;
};

struct grading {
	struct attempt *attempts;
	size_t count;
	unsigned int workers;
	const volatile sig_atomic_t *stop; /* may be NULL */
	/* A check that is wrong itself: its first mistake, or NULL. */
	char *invalid;
};

/* All of them.  False: stopped, or there is no place to work in (*error). */
bool grading_run(struct grading *g, const char **error);
void grading_free(struct grading *g);
/* 100 only for all points. */
unsigned int attempt_percent(const struct attempt *a);

#endif
