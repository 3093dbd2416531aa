/* SPDX-License-Identifier: MIT */
/*
 * Invariant: a device serves its virtqueues by the rules (virtio 1.2 2.7): looks
 * when it is notified, gives back what it was given, writes an element before
 * the index, claims no more than it wrote, and interrupts as the driver asked.
 * Judged from its DMA.  What a driver owes a queue's memory is in
 * queue_memory.h.
 */
#ifndef RINGSIDE_SIM_CHECK_QUEUE_H
#define RINGSIDE_SIM_CHECK_QUEUE_H

#include "sim/check/rule.h"

struct queue_check;

/* Adds itself to the bus.  NULL: out of memory. */
struct queue_check *queue_check_create(const struct world *w,
				     struct event_bus *bus, struct findings *f);
void queue_check_destroy(struct queue_check *c);
/* The run has ended at `time`. */
void queue_check_end(struct queue_check *c, uint64_t time);

#endif
