/* SPDX-License-Identifier: MIT */
/*
 * Invariant: ISR status tells what there is to tell, until it is read, and the
 * pin is a level that follows it (virtio 1.2 4.1.4.5, PCI 3.0 2.2.6).
 */
#ifndef RINGSIDE_SIM_CHECK_ISR_H
#define RINGSIDE_SIM_CHECK_ISR_H

#include "sim/check/rule.h"

struct isr_check;

/* Adds itself to the bus.  NULL: out of memory. */
struct isr_check *isr_check_create(const struct world *w, struct event_bus *bus,
				   struct findings *f);
void isr_check_destroy(struct isr_check *c);
/* The run has ended. */
void isr_check_end(struct isr_check *c);

#endif
