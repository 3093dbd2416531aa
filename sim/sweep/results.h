/* SPDX-License-Identifier: MIT */
/*
 * All that a sweep has found, and the forms in which it is told.  No form holds
 * wall time or the number of processes: two sweeps of one selection give the same
 * bytes.
 */
#ifndef RINGSIDE_SIM_SWEEP_RESULTS_H
#define RINGSIDE_SIM_SWEEP_RESULTS_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/observe/textbuf.h"
#include "sim/suite/select.h"
#include "sim/sweep/cell.h"

#define SWEEP_JSON_VERSION 1

struct sweep_results {
	const struct selection *selection;
	const char *const *inject;  /* as the command line gave them, or NULL */
	struct cell_result *cells;  /* by the selection's cells; empty: not run */
	bool interrupted;
};

/* What the summary counts. */
struct sweep_count {
	size_t runs, failed, simulator; /* injected ones */
	size_t swept, not_swept;        /* cells; those whose good run fails as
	                                   known or that were skipped */
	size_t broken, invalid, faults; /* cells: good runs that fail; files that
	                                   are wrong; faults of our own */
};

void sweep_results_init(struct sweep_results *r, const struct selection *s);
void sweep_results_free(struct sweep_results *r);
struct sweep_count sweep_count(const struct sweep_results *r);
/* The exit code (docs/scenario-format.md). */
int sweep_exit_code(const struct sweep_results *r);

/* For a person; `verbose`: each run on a line. */
void sweep_text(const struct sweep_results *r, bool verbose, bool colour,
		struct textbuf *out);
/* A record a line, a run each; the last line sums up. */
void sweep_json(const struct sweep_results *r, struct textbuf *out);
/* A testsuite a cell, a testcase a run. */
void sweep_junit(const struct sweep_results *r, struct textbuf *out);

/* ---- for those that write these ---- */

/* Of cell i: "scenarios/f.yaml[queues=2] --guest mine", as a shell takes it. */
void sweep_put_cell(struct textbuf *out, const struct sweep_results *r,
		    size_t cell);
/* The command that shows the run again. */
void sweep_put_again(struct textbuf *out, const struct sweep_results *r,
		     size_t cell, const struct swept *o);
/* What is otherwise than in the good run, "; " between; or "as without a fault". */
void sweep_put_fate(struct textbuf *out, const char *good, const char *fate);
/* "POINT@DEV#N=ERR", both with " and " between. */
void sweep_put_faults(struct textbuf *out, const struct swept *o);

#endif
