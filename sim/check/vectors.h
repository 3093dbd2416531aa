/* SPDX-License-Identifier: MIT */
/*
 * Invariant: no event of a device is left mapped to an MSI-X vector when the
 * driver gives the vectors up (virtio 1.2 4.1.5.1.2.2).  With MSI-X on again, on
 * a lower rung or in the next bind, the device would interrupt by a vector that
 * belongs to something else.
 */
#ifndef RINGSIDE_SIM_CHECK_VECTORS_H
#define RINGSIDE_SIM_CHECK_VECTORS_H

#include "sim/check/finding.h"
#include "sim/observe/event.h"
#include "sim/observe/world.h"

struct vector_check;

/* Adds itself to the bus.  NULL: out of memory. */
struct vector_check *vector_check_create(const struct world *w,
					 struct event_bus *bus,
					 struct findings *f);
void vector_check_destroy(struct vector_check *c);

#endif
