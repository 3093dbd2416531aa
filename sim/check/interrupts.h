/* SPDX-License-Identifier: MIT */
/*
 * Invariant: interrupts are conserved.  Every event that a device was to
 * announce is delivered, pending, suppressed by rule, or reported lost; what the
 * interrupt controller raised was taken.  One object for all devices.
 */
#ifndef RINGSIDE_SIM_CHECK_INTERRUPTS_H
#define RINGSIDE_SIM_CHECK_INTERRUPTS_H

#include "sim/check/finding.h"
#include "sim/observe/event.h"
#include "sim/observe/world.h"

struct interrupt_check;

/* Adds itself to the bus.  NULL: out of memory. */
struct interrupt_check *interrupt_check_create(const struct world *w,
					       struct event_bus *bus,
					       struct findings *f);
void interrupt_check_destroy(struct interrupt_check *c);
/* The run has ended by itself at `time`. */
void interrupt_check_end(struct interrupt_check *c, uint64_t time);

#endif
