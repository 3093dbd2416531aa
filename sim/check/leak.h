/* SPDX-License-Identifier: MIT */
/*
 * Invariant: nothing leaked, nothing returned twice.  Follows the guest's
 * account() calls; balanced after each failed probe, each remove, and at the end.
 */
#ifndef RINGSIDE_SIM_CHECK_LEAK_H
#define RINGSIDE_SIM_CHECK_LEAK_H

#include "sim/check/finding.h"
#include "sim/observe/event.h"
#include "sim/observe/world.h"

struct leak_check;

/* Something held.  In the list by age. */
struct held {
	struct held *older, *newer;
	uint64_t id, seq, time;
	int64_t amount;
	uint32_t kind;
	uint32_t device;
	bool reported;
	uint8_t nframes;
	uintptr_t frames[FINDING_FRAMES];
};

/* Adds itself to the bus, but for the account: that is shown to it by the DMA
 * check (sim/check/dma.h).  NULL: out of memory. */
struct leak_check *leak_check_create(const struct world *w,
				     struct event_bus *bus, struct findings *f);
void leak_check_destroy(struct leak_check *c);

/* The account, but for what is kept in a table of its own. */
void leak_check_account(struct leak_check *c, const struct event *ev);
/* For that table.  Held from now on, taken by whoever makes the present machine
 * call. */
void leak_check_take(struct leak_check *c, struct held *h,
		     const struct event *ev);
void leak_check_drop(struct leak_check *c, struct held *h);
/* The same where only a part was returned: the rest is held on, in the leak
 * check's own table. */
void leak_check_keep(struct leak_check *c, struct held *h, int64_t rest);
/* Reports a return of what is not held, or of too much. */
#define LEAK_NOT_HELD "was returned and is not held"
#define LEAK_TOO_MUCH "was returned in a larger amount than was taken"
void leak_check_excess(struct leak_check *c, const struct event *ev,
		       const char *what);

/* The run has ended by itself: whatever is still held is a leak. */
void leak_check_end(struct leak_check *c);
/* How much of a kind (enum machine_resource) is held now. */
uint64_t leak_check_held(const struct leak_check *c, uint32_t kind);

#endif
