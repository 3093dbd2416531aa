/* SPDX-License-Identifier: MIT */
/*
 * Invariant: devices reach what the driver has mapped for them, and in the
 * direction in which it is mapped; nothing that is mapped is freed, or mapped
 * again where a device may write.  Follows the guest's account() calls; a device
 * for which the guest never accounted for a DMA mapping is not judged.
 */
#ifndef RINGSIDE_SIM_CHECK_DMA_H
#define RINGSIDE_SIM_CHECK_DMA_H

#include "sim/check/finding.h"
#include "sim/check/leak.h"
#include "sim/observe/event.h"
#include "sim/observe/world.h"

struct dma_check;

/* Adds itself to the bus.  It keeps the mappings also for the leak check, which
 * it shows the rest of the account.  NULL: out of memory. */
struct dma_check *dma_check_create(const struct world *w, struct event_bus *bus,
				   struct findings *f, struct leak_check *leak);
/* The run has ended. */
void dma_check_end(struct dma_check *c);
void dma_check_destroy(struct dma_check *c);

#endif
