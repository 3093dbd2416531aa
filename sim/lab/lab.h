/* SPDX-License-Identifier: MIT */
/*
 * A lab: a sheet, a starter, and checks with points, in a folder of its own
 * (docs/labs.md).  lab.yaml says what belongs together; it is read by tables, and
 * all its mistakes are told at once.
 */
#ifndef RINGSIDE_SIM_LAB_LAB_H
#define RINGSIDE_SIM_LAB_LAB_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/scenario/diag.h"

struct scn_arena;

struct lab_check {
	const char *file; /* "checks/sizing.yaml", below the lab's folder */
};

/* One good run of a scenario, and one for every fault in reach of it (docs/sweep.md):
 * none of them may end with a finding. */
struct lab_sweep {
	const char *file;   /* below the lab's folder */
	const char *path;   /* with it */
	const char *points; /* patterns with commas between; NULL: all */
	bool rebind;        /* after each the driver is bound once more */
};

/* Its points are given whole, when all cells of all its checks pass, and its
 * sweep finds nothing. */
struct lab_task {
	const char *id, *title;
	const char *hint; /* or NULL */
	unsigned int points;
	struct lab_check *checks;
	size_t nchecks;
	const struct lab_sweep *sweep; /* or NULL */
};

struct lab {
	struct lab *next;     /* in order of name */
	const char *name;     /* "01-find-the-device", its folder's */
	const char *dir;      /* the folder */
	const char *title, *about;
	const char *file;     /* the student's file: "find.c" */
	unsigned int pass;    /* percent of the points */
	unsigned int points;  /* of all tasks */
	struct lab_task *tasks;
	size_t ntasks;
};

/* All labs of a folder. */
struct labs {
	struct scn_arena *a;
	char dir[4096];
	struct lab *first;
};

/* Those of `dir`, or where NULL of the program.  Folders that hold a lab.yaml.
 * False: mistakes are in *d.  labs_free in either case. */
bool labs_read(struct labs *l, const char *dir, struct diag *d);
void labs_free(struct labs *l);
/* "1", "01", "01-find-the-device", "find-the-device"; NULL: no such lab. */
const struct lab *labs_find(const struct labs *l, const char *name);
/* By the name of the student's file, "find.c". */
const struct lab *labs_of_file(const struct labs *l, const char *file);

/* read.c: one lab, NULL: mistakes are in *d. */
struct lab *lab_read(struct scn_arena *a, const char *dir, const char *name,
		     struct diag *d);

/* A path below the program's prefix ("share/ringside/labs"), as it lies in the
 * build folder and when installed; false: unknown, or too long. */
bool lab_place(char *path, size_t size, const char *below);

#endif
