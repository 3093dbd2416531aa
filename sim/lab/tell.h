/* SPDX-License-Identifier: MIT */
/*
 * What came of attempts, told: to a student in full, to an instructor a line
 * each, as CSV, and as Gradescope's results.json.  All are in the order of names
 * and tasks, and hold no time of the wall and no path of the machine.
 */
#ifndef RINGSIDE_SIM_LAB_TELL_H
#define RINGSIDE_SIM_LAB_TELL_H

#include <stdbool.h>

#include "sim/lab/attempt.h"
#include "sim/observe/textbuf.h"

struct tell_how {
	bool colour;
	bool whole;        /* with the report of each run that failed */
	unsigned int pass; /* percent; 0: each lab's own */
};

/* `lab check`: points a task, and for each that failed what the driver did. */
void tell_attempt(struct textbuf *out, const struct attempt *a,
		  const struct tell_how *how);
/* `lab grade`: a line each, then the counts. */
void tell_grading(struct textbuf *out, const struct grading *g,
		  const struct tell_how *how);
/* Has it the percent that are asked for? */
bool tell_passed(const struct attempt *a, const struct tell_how *how);

/* csv.c: name,lab,points,max,percent,passed,lost,remark (RFC 4180). */
void tell_csv(struct textbuf *out, const struct grading *g,
	      const struct tell_how *how);
/* gradescope.c: of one attempt. */
void tell_gradescope(struct textbuf *out, const struct attempt *a);

/* Shared by these files. */
/* Ids of the tasks that failed, with blanks between; "" if none. */
void tell_lost(struct textbuf *out, const struct attempt *a);
/* "does not compile: find.c:3:1: error: ..."; "" of one that was graded. */
void tell_remark(struct textbuf *out, const struct attempt *a);
/* What went wrong in the t-th task, a line each, `indent` before it.  Of what an
 * earlier task has told only where it was. */
void tell_task(struct textbuf *out, const struct attempt *a, size_t t,
	       const char *indent, bool whole);

#endif
