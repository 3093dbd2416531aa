/* SPDX-License-Identifier: MIT */
/*
 * See rule.h.
 */
#include "sim/check/rule.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/check/clauses/rulebook.h"

bool rules_init(struct rules *r, const struct world *w, struct findings *f,
		const char *const *texts, const enum clause *clauses)
{
	r->world = w;
	r->findings = f;
	r->texts = texts;
	r->clauses = clauses;
	r->told = calloc(w->ndevices ? w->ndevices : 1, sizeof(*r->told));
	return r->told != NULL;
}

void rules_free(struct rules *r)
{
	free(r->told);
}

static void on_fault(struct observer *o, const struct event *ev)
{
	struct rules *r = (struct rules *)o;
	const char *point = event_text(o->bus, ev->text);
	size_t i;

	if (!point || strncmp(point, "bus.", 4))
		return;
	for (i = 0; i < r->world->ndevices; i++)
		if (ev->device == i || ev->device == EVENT_NO_DEVICE)
			r->told[i] = UINT32_MAX;
}

void rules_end_at_bus_faults(struct rules *r, struct event_bus *bus)
{
	event_bus_add_kind(bus, &r->observer, EV_FAULT, on_fault);
}

void rule_kept(struct rules *r, unsigned int rule)
{
	if (r->findings->book && r->clauses[rule])
		rulebook_kept(r->findings->book, r->clauses[rule]);
}

/* False: the clause is waived. */
static bool tell_book(struct rules *r, const struct event *ev,
		      enum clause clause, const char *what)
{
	char text[200];

	if (!r->findings->book || !clause)
		return true;
	snprintf(text, sizeof(text), "%s: the device model %s",
		 clause_rows[clause].id, what);
	rulebook_broken(r->findings->book, clause, ev, text);
	/* Several rules may be of one clause: each is told. */
	return !rulebook_waived(r->findings->book, clause, ev->device);
}

void rule_broken(struct rules *r, const struct event *ev, unsigned int rule)
{
	uint32_t *told = &r->told[ev->device];
	const enum clause clause = r->clauses[rule];
	struct finding *f;

	if (*told >> rule & 1)
		return;
	*told |= 1u << rule;
	if (!tell_book(r, ev, clause, r->texts[rule]))
		return;
	f = findings_add(r->findings, "device-rule", "the device model %s",
			 r->texts[rule]);
	if (clause)
		f->clause = clause_rows[clause].id;
	f->device = ev->device;
	f->event = ev->seq;
	f->time = ev->time;
}
