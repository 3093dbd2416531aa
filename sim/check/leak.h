/* SPDX-License-Identifier: MIT */
/*
 * Invariant: nothing leaked, nothing returned twice.  Follows the guest's
 * account() calls; balanced after each failed probe, each remove, and at the end.
 */
#ifndef RINGSIDE_SIM_CHECK_LEAK_H
#define RINGSIDE_SIM_CHECK_LEAK_H

#include "sim/check/finding.h"
#include "sim/observe/event.h"
#include "sim/observe/world.h"

struct leak_check;

/* Adds itself to the bus.  NULL: out of memory. */
struct leak_check *leak_check_create(const struct world *w,
				     struct event_bus *bus, struct findings *f);
void leak_check_destroy(struct leak_check *c);
/* The run has ended by itself: whatever is still held is a leak. */
void leak_check_end(struct leak_check *c);
/* How much of a kind (enum machine_resource) is held now. */
uint64_t leak_check_held(const struct leak_check *c, uint32_t kind);

#endif
