/* SPDX-License-Identifier: MIT */
/*
 * What came of one injected run, text formatted already; and how it gets from the
 * process that ran it to the one that folds.
 */
#ifndef RINGSIDE_SIM_SWEEP_SWEPT_H
#define RINGSIDE_SIM_SWEEP_SWEPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/observe/textbuf.h"
#include "sim/report/report.h"
#include "sim/run/workload.h"

#define SWEPT_FAULTS 2u

/* A fault in the words of --inject, and the numbers that order it. */
struct swept_fault {
	uint64_t point, device, occurrence, choice;
	char *spec;       /* "guest.irq.request@disk0#1=EBUSY" */
	char *name;       /* "guest.irq.request" */
};

struct swept_finding {
	char *code;
	char *where;      /* functions, by which like findings are known; or "" */
	char *text;       /* a line and, where there is one, the functions */
	char *lines;      /* "FILE:LINE FUNCTION", a line each, innermost first */
};

struct swept {
	uint64_t number;  /* of the first fault, in the order of the good run */
	uint64_t reach;   /* faults that might have come after it */
	uint64_t time_ps;
	struct swept_fault faults[SWEPT_FAULTS];
	size_t nfaults;
	char *fate;       /* "disk0 msix-shared", a line a device; then what broke
	                     the workload off */
	struct swept_finding *findings;
	size_t nfindings;
	bool simulator;   /* the process did not give back what it should */
};

/* Texts of *o are its own from here on; abort without memory. */
void swept_init(struct swept *o);
void swept_free(struct swept *o);
void swept_fault(struct swept *o, const struct swept_fault *f);
struct swept_finding *swept_finding(struct swept *o, const char *code,
					const char *where, const char *text);
/* What the devices came to, at the workload's end or where the run broke off. */
void swept_fate(struct textbuf *out, const struct world *w,
		  const struct facts *f, const struct workload *work);
bool swept_has_failed_probe(const char *fate);
/* All that a run's checks have found. */
void swept_take_findings(struct swept *o, const struct report *r);

/* Takes out those that are among the other's too. */
void swept_drop_findings(struct swept *o, const struct swept *known);

/* Those of a code. */
void swept_drop_code(struct swept *o, const char *code);

/* As bytes, one behind the other; *at moves on.  False: these are none. */
void swept_pack(const struct swept *o, struct textbuf *out);
bool swept_unpack(struct swept *o, const char *bytes, size_t len,
		    size_t *at);
/* The order in which they are told. */
int swept_compare(const struct swept *a, const struct swept *b);

#endif
