/* SPDX-License-Identifier: MIT */
/*
 * Invariant: the driver leaves the memory of a queue where it is for as long as
 * the device may use it (virtio 1.2 2.4.1, 2.6.1).  It goes after a reset, of
 * the device or of the queue, that is over, or with Bus Master off.
 */
#ifndef RINGSIDE_SIM_CHECK_QUEUE_MEMORY_H
#define RINGSIDE_SIM_CHECK_QUEUE_MEMORY_H

#include "sim/check/finding.h"
#include "sim/observe/event.h"
#include "sim/observe/world.h"

struct queue_memory_check;

/* Adds itself to the bus.  NULL: out of memory. */
struct queue_memory_check *queue_memory_create(const struct world *w,
					       struct event_bus *bus,
					       struct findings *f);
void queue_memory_destroy(struct queue_memory_check *c);

#endif
