/* SPDX-License-Identifier: MIT */
/*
 * `order: [event, event]` of expectations: follows the run and remembers how far
 * each list has come.  The items are patterns of sim/observe/pattern.h.
 */
#ifndef RINGSIDE_SIM_CHECK_ORDER_H
#define RINGSIDE_SIM_CHECK_ORDER_H

#include "sim/check/finding.h"
#include "sim/observe/event.h"
#include "sim/observe/textbuf.h"
#include "sim/observe/world.h"
#include "sim/scenario/scenario.h"

struct order_check;

/* Finds every `order` of the scenario and adds itself to the bus if there is
 * one.  An item that names no event becomes a finding.  NULL: out of memory. */
struct order_check *order_check_create(const struct scenario *s,
				       const struct world *w,
				       struct event_bus *bus,
				       struct findings *f);
void order_check_destroy(struct order_check *c);
/* Has all of the list occurred?  If not, *missing is the first item that has
 * not, and *seen how many have. */
bool order_check_met(const struct order_check *c, const struct scn_check *check,
		     const char **missing, size_t *seen);

#endif
