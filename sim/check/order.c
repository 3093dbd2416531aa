/* SPDX-License-Identifier: MIT */
/*
 * Lists of events that must occur in their order; others may lie between.
 */
#include "sim/check/order.h"

#include <stdlib.h>
#include <string.h>

#include "sim/observe/pattern.h"

struct order_list {
	const struct scn_check *check;
	struct pattern *items;
	size_t count, at;
};

struct order_check {
	struct observer observer;
	struct order_list *lists;
	size_t count, capacity;
	bool failed;         /* out of memory */
};

static void see(struct observer *o, const struct event *ev)
{
	struct order_check *c = (struct order_check *)o;
	size_t i;

	for (i = 0; i < c->count; i++) {
		struct order_list *l = &c->lists[i];

		if (l->at < l->count &&
		    pattern_matches(&l->items[l->at], o->bus, ev))
			l->at++;
	}
}

static void add_list(struct order_check *c, const struct scn_check *check,
		     const struct world *w, struct findings *f)
{
	const struct scn_value *v = &check->match.value;
	size_t n = c->capacity ? c->capacity * 2 : 4, i;
	struct order_list *l;
	const char *error;

	if (c->count == c->capacity) {
		l = realloc(c->lists, n * sizeof(*l));
		if (!l) {
			c->failed = true;
			return;
		}
		c->lists = l;
		c->capacity = n;
	}
	l = &c->lists[c->count];
	memset(l, 0, sizeof(*l));
	l->check = check;
	l->items = calloc(v->count ? v->count : 1, sizeof(*l->items));
	if (!l->items) {
		c->failed = true;
		return;
	}
	c->count++;
	for (i = 0; i < v->count; i++) {
		if (!pattern_parse(&l->items[i], v->items[i].s, w, &error)) {
			findings_add(f, "expectation", "order: '%s': %s",
				     v->items[i].s, error)->pos =
				v->items[i].pos;
			continue;
		}
		c->observer.kinds |= 1ull << l->items[i].kind;
	}
	l->count = v->count;
}

static void add_expects(struct order_check *c, const struct scn_expect *e,
			size_t count, const struct world *w, struct findings *f)
{
	size_t i, k;

	for (i = 0; i < count; i++)
		for (k = 0; e[i].subject == SUBJECT_ORDER && k < e[i].nchecks;
		     k++)
			add_list(c, &e[i].checks[k], w, f);
}

static void add_steps(struct order_check *c, const struct scn_step *steps,
		      size_t count, const struct world *w, struct findings *f)
{
	size_t i;

	for (i = 0; i < count; i++) {
		add_expects(c, steps[i].expects, steps[i].nexpects, w, f);
		add_steps(c, steps[i].steps, steps[i].nsteps, w, f);
	}
}

struct order_check *order_check_create(const struct scenario *s,
				       const struct world *w,
				       struct event_bus *bus,
				       struct findings *f)
{
	struct order_check *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	add_steps(c, s->steps, s->nsteps, w, f);
	add_expects(c, s->expects, s->nexpects, w, f);
	if (c->failed) {
		order_check_destroy(c);
		return NULL;
	}
	c->observer.see = see;
	if (c->count)
		event_bus_add(bus, &c->observer);
	return c;
}

void order_check_destroy(struct order_check *c)
{
	size_t i;

	if (!c)
		return;
	for (i = 0; i < c->count; i++)
		free(c->lists[i].items);
	free(c->lists);
	free(c);
}

bool order_check_met(const struct order_check *c, const struct scn_check *check,
		     const char **missing, size_t *seen)
{
	const struct order_list *l;
	size_t i;

	for (i = 0; i < c->count; i++) {
		l = &c->lists[i];
		if (l->check != check)
			continue;
		*seen = l->at;
		if (l->at == l->count)
			return true;
		*missing = check->match.value.items[l->at].s;
		return false;
	}
	return true;
}
