/* SPDX-License-Identifier: MIT */
/*
 * What a suite knows of one cell: everything that its outputs are made from, text
 * formatted already.  Made in the process that ran the cell, sent as bytes to the
 * one that gathers them.
 */
#ifndef RINGSIDE_SIM_SUITE_RECORD_H
#define RINGSIDE_SIM_SUITE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/observe/textbuf.h"
#include "sim/report/report.h"
#include "sim/scenario/diag.h"

enum record_status {
	RECORD_NOT_RUN,  /* interrupted before it was done */
	RECORD_PASSED,
	RECORD_KNOWN,    /* failed, as `known:` says it does */
	RECORD_SKIPPED,  /* its guest is not built */
	RECORD_FAILED,   /* also: passed although `known:` says that it fails */
	RECORD_INVALID,  /* the file is wrong */
	RECORD_FAULT,    /* the simulator's own */
	RECORD_STATUSES
};

struct record {
	enum record_status status;
	uint64_t time_ps;  /* simulated */
	char *reason;      /* one line: the first thing found; "" when passed */
	char *text;        /* for a person, as `run` prints it; "" when passed */
	char *course;      /* a line a device: what came of it, for comparing */
	char *json;        /* the result as `run --json` gives it and what is
	                      above, on one line, where asked for; else "" */
	char *clauses;     /* of each clause from CLAUSE_NONE on a digit, its
	                      enum clause_fate, where asked for; else "" */
	/* Of a failure: what it has in common with others, and where the user
	 * has written what does not hold.  NULL is as good as "". */
	char *check;       /* what found it: "leak", "expectation interrupts" */
	char *function;    /* of the guest: "request_irq < vp_find_vqs" */
	char *way;         /* of the device that it is about, as in `course` */
	char *file;
	int line, column;  /* of `file`; 0: unknown */
};

/* What of a run is wanted beside its status. */
struct record_wants {
	bool colour, json, clauses;
};

/* Which cell, for one that was not run to its end. */
struct record_cell {
	const char *path, *cell;
	const char *guest; /* its name, as the file or the command line says */
	bool replaced;     /* by the command line */
};

void record_of_run(struct record *to, const struct report *r,
		   const struct record_wants *w);
/* Of a cell that cannot be loaded: RECORD_SKIPPED where nothing is wrong but a
 * guest that is not built, or one that took the place of the file's and has not
 * got what the file asks of it; else RECORD_INVALID. */
void record_of_mistakes(struct record *to, const struct record_cell *c,
			const struct diag *d, const struct record_wants *w);
/* Of a process that did not give back what it should; `said` is what it wrote. */
void record_of_fault(struct record *to, const struct record_cell *c,
		     const char *reason, const char *said, size_t said_len,
		     const struct record_wants *w);
/* Of one that was never begun, or not let end. */
void record_of_nothing(struct record *to, const struct record_cell *c,
		       const struct record_wants *w);
void record_free(struct record *r);

/* The exit code that this cell alone would have (docs/scenario-format.md). */
int record_exit_code(enum record_status status);
/* "pass", as in the JSON result. */
const char *record_status_name(enum record_status status);
/* The other way round; false: no such verdict. */
bool record_status_find(const char *verdict, enum record_status *status);

void record_pack(const struct record *r, struct textbuf *out);
/* False: these bytes are no record; *r is empty then. */
bool record_unpack(struct record *r, const char *bytes, size_t len);

/* sim/suite/kind.c: fills in check, function, way and place from the run's first
 * finding; r->course is there already. */
void record_kind(struct record *to, const struct report *r);

/* sim/suite/course.c: "disk0  msix-per-queue ENOSPC > msix-shared", a line a
 * device, each bind with the rungs that it left; then how the run ended where it
 * broke off. */
void course_text(struct textbuf *out, const struct report *r);

#endif
