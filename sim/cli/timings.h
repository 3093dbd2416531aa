/* SPDX-License-Identifier: MIT */
/*
 * Timing profiles as text: their figures, and what these come to for the
 * accesses that every driver and device makes.
 */
#ifndef RINGSIDE_SIM_CLI_TIMINGS_H
#define RINGSIDE_SIM_CLI_TIMINGS_H

#include "sim/observe/textbuf.h"
#include "sim/platform/timing.h"

/* Source, every figure, examples, what is left out; a line each. */
void timings_figures(struct textbuf *out, const struct timing_profile *t);
/* The examples in one line, without a newline. */
void timings_examples(struct textbuf *out, const struct timing_profile *t);

#endif
