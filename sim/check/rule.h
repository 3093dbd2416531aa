/* SPDX-License-Identifier: MIT */
/*
 * What the files that hold a device to its rules share: how a broken rule is
 * told, once a device.  Each such file has an enum of its rules, at most 32, and
 * a table of their texts.
 */
#ifndef RINGSIDE_SIM_CHECK_RULE_H
#define RINGSIDE_SIM_CHECK_RULE_H

#include "sim/check/clauses/clause.h"
#include "sim/check/finding.h"
#include "sim/observe/event.h"
#include "sim/observe/world.h"

/* What is posted takes its way: for this long after a register has changed, a
 * transaction may still be one from before. */
#define RULE_SLACK_PS 10000000ull

/* A value of `width` bytes that nobody answered: the device is gone, or the bus
 * has lost the read. */
static inline bool rule_all_ones(uint64_t value, uint32_t width)
{
	return width && value == UINT64_MAX >> (64 - 8 * width);
}

/* Was something set that way at `since` long enough ago for all that was posted
 * before it? */
static inline bool rule_settled(uint64_t now, uint64_t since)
{
	return now > since && now - since > RULE_SLACK_PS;
}

/* What each of these files has first of all. */
struct rules {
	struct observer observer;
	const struct world *world;
	struct findings *findings;
	const char *const *texts; /* of each rule; follows "the device model" */
	const enum clause *clauses; /* that each rule is, CLAUSE_NONE: of none */
	uint32_t *told;           /* of each device; bit n: rule n */
};

/* False: out of memory. */
bool rules_init(struct rules *r, const struct world *w, struct findings *f,
		const char *const *texts, const enum clause *clauses);
void rules_free(struct rules *r);
/* From a fault of the bus on, of one device or of all, what is seen of it is no
 * longer what a device does: nothing more is told. */
void rules_end_at_bus_faults(struct rules *r, struct event_bus *bus);
/* It applied to what has been seen, and was kept. */
void rule_kept(struct rules *r, unsigned int rule);
/* The device of *ev has broken this rule.  Cold: what is asked at every access
 * should not be arranged for it. */
void __attribute__((cold)) rule_broken(struct rules *r, const struct event *ev,
				       unsigned int rule);
/* It applied to *ev: was it kept? */
static inline void rule_judge(struct rules *r, const struct event *ev,
			      unsigned int rule, bool ok)
{
	if (ok)
		rule_kept(r, rule);
	else
		rule_broken(r, ev, rule);
}

#endif
