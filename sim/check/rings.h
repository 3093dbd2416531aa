/* SPDX-License-Identifier: MIT */
/*
 * Invariants of the memory that a split virtqueue lies in (virtio 1.2 2.7).  The
 * driver leaves it where it is for as long as the device may use it; the device
 * writes a used element before the index that announces it, and the available
 * event only where it was negotiated.
 */
#ifndef RINGSIDE_SIM_CHECK_RINGS_H
#define RINGSIDE_SIM_CHECK_RINGS_H

#include "sim/check/finding.h"
#include "sim/observe/event.h"
#include "sim/observe/world.h"

struct ring_check;

/* Adds itself to the bus.  NULL: out of memory. */
struct ring_check *ring_check_create(const struct world *w,
				     struct event_bus *bus, struct findings *f);
void ring_check_destroy(struct ring_check *c);

#endif
