/* SPDX-License-Identifier: MIT */
/*
 * Evaluates expectations against the facts: one getter for each key of
 * sim/scenario/expect_keys.c, one comparison for all.
 */
#ifndef RINGSIDE_SIM_CHECK_EXPECT_H
#define RINGSIDE_SIM_CHECK_EXPECT_H

#include "sim/check/finding.h"
#include "sim/check/order.h"
#include "sim/fault/fault.h"
#include "sim/observe/event.h"
#include "sim/observe/facts.h"
#include "sim/observe/world.h"
#include "sim/scenario/scenario.h"

struct expect_context {
	const struct scenario *scenario;
	const struct world *world;
	const struct event_bus *bus;
	const struct facts *facts;
	const struct fault_engine *faults;
	const size_t *rules;
	struct pci_function *const *functions;
	const struct order_check *order;
	struct findings *findings;
};

/* Is the entry for this run's guest? */
bool expect_applies(const struct expect_context *c, const struct scn_expect *e);
/* False: a finding was added for each check that was not met. */
bool expect_evaluate(const struct expect_context *c,
		     const struct scn_expect *expects, size_t count);
/* Is there a getter for the key?  For the test that holds both tables together. */
bool expect_knows(enum scn_subject subject, const char *key);

#endif
