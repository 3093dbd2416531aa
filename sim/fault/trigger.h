/* SPDX-License-Identifier: MIT */
/*
 * Events that arm and disarm rules: `from:` and `until:` of a scenario's faults.
 * One observer for all of a run's rules; a run without triggers has none.
 */
#ifndef RINGSIDE_SIM_FAULT_TRIGGER_H
#define RINGSIDE_SIM_FAULT_TRIGGER_H

#include <stddef.h>

#include "sim/fault/fault.h"
#include "sim/observe/event.h"
#include "sim/observe/pattern.h"

struct fault_trigger {
	size_t rule;                 /* of the engine */
	const struct pattern *from;  /* arms it; NULL: it is from the start */
	const struct pattern *until; /* disarms it; NULL: nothing does */
};

struct fault_triggers;

/* Copies the array; engine, bus and patterns must live on.  An event that is both
 * `until` and `from` of a rule leaves it armed.  NULL: out of memory. */
struct fault_triggers *fault_triggers_create(struct fault_engine *e,
					     struct event_bus *bus,
					     const struct fault_trigger *list,
					     size_t count);
void fault_triggers_destroy(struct fault_triggers *t);

#endif
