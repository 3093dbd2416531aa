/* SPDX-License-Identifier: MIT */
/*
 * Between the two halves of the facts: facts.c holds them and answers, and
 * facts_collect.c fills them from events.
 */
#ifndef RINGSIDE_SIM_OBSERVE_FACTS_COLLECT_H
#define RINGSIDE_SIM_OBSERVE_FACTS_COLLECT_H

#include "sim/observe/facts.h"

/* The state that the device's registers show now. */
struct facts_state facts_state_of(const struct facts *f,
				  const struct facts_device *d);
/* Has the bus show what changes a fact. */
void facts_listen(struct facts *f, struct event_bus *bus);

#endif
