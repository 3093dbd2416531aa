/* SPDX-License-Identifier: MIT */
/*
 * The mappings are the device's own word for them; a reset ends them all.
 */
#include "sim/check/vectors.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/pci/function.h"

#define MSIX_ENABLE 0x8000u          /* PCI 3.0 6.8.2.3 */
#define NO_VECTOR 0xffffu            /* virtio 1.2 4.1.5.1.2 */
#define MAX_QUEUES 64u
#define SOURCES (MAX_QUEUES + 1)     /* the last: configuration changes */

struct state {
	bool on;             /* MSI-X */
	bool excused;        /* a fault keeps the driver from unmapping */
	bool told;           /* once a device */
	uint16_t vectors[SOURCES];
};

struct vector_check {
	struct observer observer;
	const struct world *world;
	struct findings *findings;
	struct state *devices;
};

/* Names of fault points of which the driver's write does not arrive, or is not
 * heeded. */
static const char *const excuses[] = { "bus.", "device.vector." };

static void tell(struct vector_check *c, const struct event *ev,
		 uint32_t source, uint16_t vector)
{
	char what[40] = "configuration changes";
	struct finding *f;

	if (source < MAX_QUEUES)
		snprintf(what, sizeof(what), "queue %" PRIu32, source);
	f = findings_add(c->findings, "vector-left-mapped",
			 "MSI-X is turned off while vector %u is mapped to %s",
			 (unsigned int)vector, what);
	f->device = ev->device;
	f->event = ev->seq;
	f->time = ev->time;
	f->nframes = (uint32_t)world_callers(c->world, f->frames,
					     FINDING_FRAMES);
}

static void see_control(struct vector_check *c, struct state *d,
			const struct event *ev)
{
	bool off = d->on && !(ev->value & MSIX_ENABLE);
	uint32_t i;

	d->on = ev->value & MSIX_ENABLE;
	for (i = 0; off && !d->excused && !d->told && i < SOURCES; i++) {
		if (d->vectors[i] == NO_VECTOR)
			continue;
		d->told = true;
		tell(c, ev, i, d->vectors[i]);
	}
}

static void see_reset(struct state *d)
{
	memset(d->vectors, 0xff, sizeof(d->vectors));
}

static void on_model(struct observer *o, const struct event *ev)
{
	struct vector_check *c = (struct vector_check *)o;
	struct state *d;

	if (ev->device >= c->world->ndevices)
		return;
	d = &c->devices[ev->device];
	switch (ev->len) {
	case MODEL_EV_MSIX_CONTROL:
		see_control(c, d, ev);
		break;
	case MODEL_EV_CONFIG_VECTOR:
		d->vectors[MAX_QUEUES] = (uint16_t)ev->value;
		break;
	case MODEL_EV_QUEUE_VECTOR:
		if (ev->index < MAX_QUEUES)
			d->vectors[ev->index] = (uint16_t)ev->value;
		break;
	default:
		see_reset(d);
		break;
	}
}

static void on_fault(struct observer *o, const struct event *ev)
{
	struct vector_check *c = (struct vector_check *)o;
	const char *text = event_text(o->bus, ev->text);
	size_t i;

	if (ev->device >= c->world->ndevices || !text)
		return;
	for (i = 0; i < sizeof(excuses) / sizeof(excuses[0]); i++)
		if (!strncmp(text, excuses[i], strlen(excuses[i])))
			c->devices[ev->device].excused = true;
}

struct vector_check *vector_check_create(const struct world *w,
					 struct event_bus *bus,
					 struct findings *f)
{
	struct vector_check *c = calloc(1, sizeof(*c));
	size_t i;

	if (!c)
		return NULL;
	c->world = w;
	c->findings = f;
	c->devices = calloc(w->ndevices ? w->ndevices : 1, sizeof(*c->devices));
	if (!c->devices) {
		vector_check_destroy(c);
		return NULL;
	}
	for (i = 0; i < w->ndevices; i++)
		see_reset(&c->devices[i]);
	event_bus_add_model(bus, &c->observer,
			    1ull << MODEL_EV_MSIX_CONTROL |
			    1ull << MODEL_EV_CONFIG_VECTOR |
			    1ull << MODEL_EV_QUEUE_VECTOR |
			    1ull << MODEL_EV_RESET, on_model);
	event_bus_add_kind(bus, &c->observer, EV_FAULT, on_fault);
	return c;
}

void vector_check_destroy(struct vector_check *c)
{
	if (!c)
		return;
	free(c->devices);
	free(c);
}
