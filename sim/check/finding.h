/* SPDX-License-Identifier: MIT */
/*
 * What a check has to say: one finding a mistake, in the order found.  A run that
 * ends with any finding has failed, but for those that the scenario expects.
 */
#ifndef RINGSIDE_SIM_CHECK_FINDING_H
#define RINGSIDE_SIM_CHECK_FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/scenario/diag.h"

#define FINDING_FRAMES 12u
#define FINDINGS_KEPT 200u /* more are only counted */

struct finding {
	char code[32];       /* `ringside explain CODE` */
	const char *clause;  /* id of the one that was broken, or NULL */
	struct scn_pos pos;  /* of the expectation or fault; line 0: none */
	char *text;          /* one phrase, reason before data */
	uint32_t device;     /* index, or EVENT_NO_DEVICE */
	uint64_t event;      /* number in the run, 0: none */
	uint64_t time;       /* of that event */
	uintptr_t frames[FINDING_FRAMES]; /* guest functions, innermost first */
	uint32_t nframes;
	bool expected;       /* a `finds:` names it */
};

struct rulebook;

struct findings {
	struct rulebook *book; /* of the same run, or NULL */
	struct finding *items; /* count that nobody expected; behind them those */
	size_t count;          /* that were expected, once findings_part has */
	size_t nexpected;      /* been called */
	size_t capacity;
	uint64_t dropped;    /* beyond FINDINGS_KEPT, or out of memory */
};

void findings_init(struct findings *f);
void findings_free(struct findings *f);
/* Returns the new finding for further fields, never NULL (an overflow slot when
 * nothing more is kept). */
struct finding *findings_add(struct findings *f, const char *code,
			     const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Puts the expected ones behind the others, each in the order found. */
void findings_part(struct findings *f);
/* The i-th of the expected. */
const struct finding *findings_expected(const struct findings *f, size_t i);
/* Does any carry this code? */
bool findings_has(const struct findings *f, const char *code);

#endif
