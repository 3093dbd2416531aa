/* SPDX-License-Identifier: MIT */
/*
 * Invariant: what a virtio device shows in its registers, and what it says of its
 * state, is what the specification allows (virtio 1.2 2.1, 2.4, 2.5, 4.1.4.3,
 * 4.1.5.1.2).
 */
#ifndef RINGSIDE_SIM_CHECK_SETUP_H
#define RINGSIDE_SIM_CHECK_SETUP_H

#include "sim/check/rule.h"

struct setup_check;

/* Adds itself to the bus.  NULL: out of memory. */
struct setup_check *setup_check_create(const struct world *w,
				       struct event_bus *bus,
				       struct findings *f);
void setup_check_destroy(struct setup_check *c);
/* The run has ended at `time`. */
void setup_check_end(struct setup_check *c, uint64_t time);

#endif
