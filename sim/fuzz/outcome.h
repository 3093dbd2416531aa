/* SPDX-License-Identifier: MIT */
/*
 * What came of a trial: nothing to blame the driver for, and then what became of
 * it; or a finding, with a signature by which those that are alike are told once.
 */
#ifndef RINGSIDE_SIM_FUZZ_OUTCOME_H
#define RINGSIDE_SIM_FUZZ_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/fuzz/trial.h"
#include "sim/observe/textbuf.h"

enum outcome_kind {
	OUTCOME_GOOD,    /* the driver stood it */
	OUTCOME_FINDING,
	OUTCOME_FAULT    /* the simulator's own */
};

struct outcome {
	enum outcome_kind kind;
	uint32_t met;              /* steps of the plan */
	uint32_t chances[HOSTILE_KINDS];
	uint64_t time_ps;          /* simulated */
	char *course;              /* what became of the devices, a line each */
	char *signature;           /* "use-after-free in virtqueue_get_buf" */
	char *text;                /* for a person */
};

void outcome_of_trial(struct outcome *to, const struct trial *t, bool colour);
/* Of a process that did not give back what it should. */
void outcome_of_fault(struct outcome *to, const char *reason, const char *said,
		      size_t said_len);
void outcome_pack(const struct outcome *o, struct textbuf *out);
/* False: these bytes are no outcome; *o is empty then. */
bool outcome_unpack(struct outcome *o, const char *bytes, size_t len);
void outcome_free(struct outcome *o);

#endif
