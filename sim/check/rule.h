/* SPDX-License-Identifier: MIT */
/*
 * What the files that hold a device to its rules share: how a broken rule is
 * told, once a device, and where a register of a model lies.  Each such file has
 * an enum of its rules, a table of their texts, and one bit a rule for what was
 * told.
 */
#ifndef RINGSIDE_SIM_CHECK_RULE_H
#define RINGSIDE_SIM_CHECK_RULE_H

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
static inline bool rule_settled(const struct event *ev, uint64_t since)
{
	return ev->time > since && ev->time - since > RULE_SLACK_PS;
}

/* The device of *ev has broken the rule that bit `rule` of *told stands for;
 * `text` follows "the device model". */
void rule_broken(struct findings *f, const struct event *ev, uint32_t *told,
		 unsigned int rule, const char *text);

/* Nothing more is told. */
#define RULE_SILENT UINT32_MAX
/* Has the bus been made to break something, of the event's device or of all?  Then
 * what is seen on it is no longer what a device does. */
bool rule_bus_breaks(struct event_bus *bus, const struct event *ev);

/* Where a register lies: a BAR, and the place in it. */
struct rule_place {
	bool known;
	uint8_t bar, width;
	uint64_t at;
};

/* The nth (from 0) register of the model whose name begins with `name`. */
struct rule_place rule_register(const struct device_model *m, const char *name,
				unsigned int nth);
/* Is it an access of exactly this register, or of its first bytes? */
static inline bool rule_at(const struct rule_place *p, const struct event *ev)
{
	return p->known && ev->index == p->bar && ev->addr == p->at;
}

#endif
