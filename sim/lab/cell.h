/* SPDX-License-Identifier: MIT */
/*
 * One cell of a check, run on a student's image in a process of its own.  That
 * process gives back what was observed, as a list of reasons against the driver;
 * whether the cell has passed, the one that asked for it decides: only when the
 * list came whole, and is empty.
 */
#ifndef RINGSIDE_SIM_LAB_CELL_H
#define RINGSIDE_SIM_LAB_CELL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/observe/textbuf.h"
#include "sim/suite/brood.h"

struct diag;
struct lab_sweep;
struct scenario_file;

/* Wall time for a cell, and simulated time where its file says nothing. */
#define LAB_CELL_LIMIT_MS 30000u
#define LAB_CELL_BUDGET_PS UINT64_C(100000000000)

enum lab_cell_state {
	LAB_CELL_NOT_RUN,
	LAB_CELL_PASSED,
	LAB_CELL_FAILED,
	LAB_CELL_INVALID /* the check is wrong, not the driver */
};

/* What speaks against the driver: what it did, and where. */
struct lab_reason {
	const char *text;
	const char *place; /* "find.c:42 in size_bar < find", or "" */
};

struct lab_cell {
	enum lab_cell_state state;
	const char *about;   /* the check's, in words for a student */
	const char *log;     /* the last words of the guest's log, a line each */
	const char *report;  /* as `ringside run` prints it */
	struct lab_reason *reasons;
	size_t nreasons;
	char *bytes;         /* all of the above lies here */
};

/* What the child has to run. */
struct lab_job {
	const struct scenario_file *file;
	size_t cell;
	const char *image_dir; /* holds lab.so */
	const char *source;    /* the student's file, as they named it */
	const struct lab_sweep *sweep; /* in place of file and cell; or NULL */
};

/* In the child. */
void lab_cell_work(const struct lab_job *job, struct textbuf *out);
/* sweep.c: the same for a sweep. */
void lab_sweep_work(const struct lab_job *job, struct textbuf *out);
/* In the parent. */
void lab_cell_take(struct lab_cell *c, const struct brood_result *r);
void lab_cell_free(struct lab_cell *c);

/* For what the child sends: a field; the same, and the text is freed. */
void lab_field(struct textbuf *out, char letter, const char *text);
void lab_field_free(struct textbuf *out, char letter, struct textbuf *text);
void lab_put_mistakes(struct textbuf *out, const struct diag *d);
const char *lab_base_name(const char *path);
/* Is this the student's file, and none of the kernel's? */
bool lab_is_theirs(const char *file, const char *source);

/* words.c: one finding of a run as a reason, in words about the driver. */
struct report;
struct finding;
void lab_say(struct textbuf *out, const struct report *r,
	       const struct finding *f);
/* Values that the driver has reported and that contradict each other, of those
 * that the check asks for: the name of the first, or NULL. */
char *lab_contradiction(const struct report *r);

#endif
