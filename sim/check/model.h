/* SPDX-License-Identifier: MIT */
/*
 * Invariant: the device model itself keeps the rules.  Judged from the events
 * alone, apart from the model's own code: no message with Bus Master or MSI-X
 * off, no INTx with MSI-X on, no DMA before DRIVER_OK, a used index that never
 * passes the available one.
 */
#ifndef RINGSIDE_SIM_CHECK_MODEL_H
#define RINGSIDE_SIM_CHECK_MODEL_H

#include "sim/check/finding.h"
#include "sim/observe/event.h"
#include "sim/observe/world.h"

/* What is posted takes its way: for this long after a register has changed, a
 * transaction may still be one from before. */
#define MODEL_CHECK_SLACK_PS 10000000ull

struct model_check;

/* Adds itself to the bus.  NULL: out of memory. */
struct model_check *model_check_create(const struct world *w,
				       struct event_bus *bus,
				       struct findings *f);
void model_check_destroy(struct model_check *c);

#endif
