/* SPDX-License-Identifier: MIT */
/*
 * What of an earlier, unfinished run of a suite need not be run again.
 */
#ifndef RINGSIDE_SIM_SUITE_RESUME_H
#define RINGSIDE_SIM_SUITE_RESUME_H

#include <stddef.h>

#include "sim/suite/reread.h"

/* Puts those of what was read that are of this program, this guest, this scenario,
 * this seed and this knowledge, and where the guest had its say: one that was
 * skipped, invalid, interrupted, or a fault of the simulator's, is tried again.
 * Returns how many. */
size_t resume(struct results *r, const struct selection *s,
	      struct reread *earlier);

#endif
