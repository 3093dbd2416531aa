/* SPDX-License-Identifier: MIT */
/*
 * The observer behind trigger.h.
 */
#include "sim/fault/trigger.h"

#include <stdlib.h>
#include <string.h>

struct fault_triggers {
	struct observer observer;
	struct fault_engine *engine;
	size_t count;
	struct fault_trigger list[];
};

static bool is(const struct pattern *p, const struct event_bus *bus,
	       const struct event *ev)
{
	return p && pattern_matches(p, bus, ev);
}

static void see(struct observer *o, const struct event *ev)
{
	const struct fault_triggers *t = (struct fault_triggers *)o;
	size_t i;

	for (i = 0; i < t->count; i++) {
		if (is(t->list[i].until, o->bus, ev))
			fault_rule_disarm(t->engine, t->list[i].rule);
		if (is(t->list[i].from, o->bus, ev))
			fault_rule_arm(t->engine, t->list[i].rule, ev->time);
	}
}

struct fault_triggers *fault_triggers_create(struct fault_engine *e,
					     struct event_bus *bus,
					     const struct fault_trigger *list,
					     size_t count)
{
	struct fault_triggers *t =
		calloc(1, sizeof(*t) + count * sizeof(t->list[0]));
	size_t i;

	if (!t)
		return NULL;
	t->engine = e;
	t->count = count;
	t->observer.see = see;
	for (i = 0; i < count; i++) {
		t->list[i] = list[i];
		if (list[i].from)
			t->observer.kinds |= 1ull << list[i].from->kind;
		if (list[i].until)
			t->observer.kinds |= 1ull << list[i].until->kind;
	}
	if (count)
		event_bus_add(bus, &t->observer);
	return t;
}

void fault_triggers_destroy(struct fault_triggers *t)
{
	free(t);
}
