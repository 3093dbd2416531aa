/* SPDX-License-Identifier: MIT */
/*
 * See rule.h.
 */
#include "sim/check/rule.h"

#include <stdlib.h>
#include <string.h>

bool rules_init(struct rules *r, const struct world *w, struct findings *f,
		const char *const *texts)
{
	r->world = w;
	r->findings = f;
	r->texts = texts;
	r->told = calloc(w->ndevices ? w->ndevices : 1, sizeof(*r->told));
	return r->told != NULL;
}

void rules_free(struct rules *r)
{
	free(r->told);
}

static void on_fault(struct observer *o, struct event_bus *bus,
		     const struct event *ev)
{
	struct rules *r = (struct rules *)o;
	const char *point = event_text(bus, ev->text);
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

void rule_broken(struct rules *r, const struct event *ev, unsigned int rule)
{
	uint32_t *told = &r->told[ev->device];
	struct finding *f;

	if (*told >> rule & 1)
		return;
	*told |= 1u << rule;
	f = findings_add(r->findings, "device-rule", "the device model %s",
			 r->texts[rule]);
	f->device = ev->device;
	f->event = ev->seq;
	f->time = ev->time;
}
