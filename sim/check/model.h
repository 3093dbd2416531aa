/* SPDX-License-Identifier: MIT */
/*
 * Invariant: the device model itself keeps the rules.  Judged from the events
 * alone, apart from the model's own code: no message with Bus Master or MSI-X
 * off, no INTx with MSI-X on, no DMA before DRIVER_OK, a used index that never
 * passes the available one.
 */
#ifndef RINGSIDE_SIM_CHECK_MODEL_H
#define RINGSIDE_SIM_CHECK_MODEL_H

#include "models/pci/function.h"
#include "sim/check/finding.h"
#include "sim/observe/event.h"
#include "sim/observe/world.h"

struct model_check;

/* Adds itself to the bus.  `functions`: of each of the world's devices, once it
 * has been made.  NULL: out of memory. */
struct model_check *model_check_create(const struct world *w,
				       struct event_bus *bus,
				       struct findings *f,
				       struct pci_function *const *functions);
void model_check_destroy(struct model_check *c);
/* The run has ended at `time`; at_rest: nothing would have come any more, however
 * long it had been waited for. */
void model_check_end(struct model_check *c, uint64_t time, bool at_rest);

#endif
