/* SPDX-License-Identifier: MIT */
/*
 * Where the queues' areas lie is learned from the driver's writes to the common
 * configuration; what is in them is not looked at, but for whether buffers are
 * outstanding, which the rule book knows.  Devices whose registers are
 * not known, and the legacy interface, are not judged.
 *
 *   descriptor table   16 * size
 *   driver area        flags 2 | idx 2 | ring 2 * size | used_event 2
 *   device area        flags 2 | idx 2 | ring 8 * size | avail_event 2
 */
#include "sim/check/queue_memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guestdrv/abi/machine.h"
#include "models/pci/function.h"
#include "sim/check/clauses/rulebook.h"
#include "sim/observe/array.h"

#define COMMAND_BUS_MASTER 0x0004u  /* PCI 3.0 6.2.2 */
#define MAX_QUEUES 1024u
#define PULLED_OUT "bus.device=gone" /* as a fault's event names it */

/* Registers of the common configuration that hold an area's address. */
enum area { AREA_DESC, AREA_DRIVER, AREA_DEVICE, AREAS };

static const struct {
	const char *reg, *what;
	uint32_t fixed, each; /* bytes: fixed + each * size */
} areas[AREAS] = {
	[AREA_DESC] = { "queue_desc", "descriptor table", 0, 16 },
	[AREA_DRIVER] = { "queue_driver", "available ring", 6, 2 },
	[AREA_DEVICE] = { "queue_device", "used ring", 6, 8 },
};

struct queue_areas {
	uint64_t at[AREAS], end[AREAS]; /* end: once it is enabled */
	uint32_t size;       /* 0: not enabled */
};

struct device_queues {
	bool known;          /* where its registers are */
	struct world_place select, areas[AREAS];
	uint32_t selected;
	uint32_t command;
	bool gone;           /* was pulled out: nothing is there to be reset */
	bool told;           /* once a device */
	size_t enabled;      /* no queue from here on is */
	uint64_t low, high;  /* all areas of all that are lie between them */
	struct queue_areas *queues; /* as far as they are used */
	size_t nqueues;
};

struct queue_memory_check {
	struct observer observer;
	const struct world *world;
	struct findings *findings;
	struct device_queues *devices;
};

/* ---- where they lie ---- */

/* Of that number; NULL: there is no such queue, or no memory. */
static struct queue_areas *areas_of(struct device_queues *d, uint32_t queue)
{
	struct queue_areas *bigger;

	if (queue < d->nqueues)
		return &d->queues[queue];
	if (queue >= MAX_QUEUES)
		return NULL;
	bigger = array_reach(d->queues, &d->nqueues, sizeof(*bigger), queue);
	if (!bigger)
		return NULL;
	d->queues = bigger;
	return &d->queues[queue];
}

static void see_write(struct device_queues *d, const struct event *ev)
{
	struct queue_areas *q;
	unsigned int a;

	if (!d->known)
		return;
	if (world_at(&d->select, ev))
		d->selected = (uint32_t)(ev->value & 0xffff);
	q = areas_of(d, d->selected);
	if (!q)
		return;
	/* What is enabled keeps its place. */
	for (a = 0; !q->size && a < AREAS; a++)
		if (world_at_half(&d->areas[a], ev))
			world_write_half(&d->areas[a], ev, &q->at[a]);
}

static void see_enable(struct device_queues *d, const struct event *ev)
{
	struct queue_areas *q;
	unsigned int a;

	q = d->known ? areas_of(d, ev->index) : NULL;
	if (!q)
		return;
	q->size = (uint32_t)ev->value;
	if (!q->size)
		return;
	if (ev->index >= d->enabled)
		d->enabled = ev->index + 1;
	for (a = 0; a < AREAS; a++) {
		q->end[a] = q->at[a] + areas[a].fixed +
			    (uint64_t)areas[a].each * q->size;
		if (q->at[a] < d->low)
			d->low = q->at[a];
		if (q->end[a] > d->high)
			d->high = q->end[a];
	}
}

static void forget(struct device_queues *d)
{
	if (d->enabled)
		memset(d->queues, 0, d->enabled * sizeof(*d->queues));
	d->enabled = 0;
	d->low = UINT64_MAX;
	d->high = 0;
}

static void see_model(struct device_queues *d, const struct event *ev)
{
	switch (ev->len) {
	case MODEL_EV_COMMAND:
		d->command = (uint32_t)ev->value;
		break;
	case MODEL_EV_QUEUE_ENABLE:
		see_enable(d, ev);
		break;
	case MODEL_EV_RESET:
		if (ev->value)
			forget(d);
		break;
	default:
		break;
	}
}

/* ---- what the driver does ---- */

/* Virtio 1.2 3.3: with the queue go the buffers that the device still has. */
static bool breaks_clause(struct queue_memory_check *c, const struct event *ev,
			  uint32_t queue)
{
	struct rulebook *b = c->findings->book;
	const struct view *v = b ? rulebook_judged(b, ev->device) : NULL;
	char text[100];

	if (!v || queue >= v->nqueues || !view_outstanding(&v->queues[queue]))
		return false;
	snprintf(text, sizeof(text), "%s: the driver took queue %" PRIu32
		 " away with %" PRIu32 " buffers in it",
		 clause_rows[CLAUSE_CLEAN_D2].id, queue,
		 view_outstanding(&v->queues[queue]));
	return rulebook_broken(b, CLAUSE_CLEAN_D2, ev, text);
}

static void tell_freed(struct queue_memory_check *c, const struct event *ev,
		       uint32_t queue, enum area a)
{
	struct finding *f;

	f = findings_add(c->findings, "ring-freed",
			 "the %s of queue %" PRIu32 ", at 0x%" PRIx64 ", is "
			 "taken away while the queue is enabled",
			 areas[a].what, queue,
			 c->devices[ev->device].queues[queue].at[a]);
	f->device = ev->device;
	f->event = ev->seq;
	f->time = ev->time;
	f->nframes = (uint32_t)world_callers(c->world, f->frames,
					     FINDING_FRAMES);
	if (breaks_clause(c, ev, queue))
		f->clause = clause_rows[CLAUSE_CLEAN_D2].id;
}

/* A device that may not touch memory needs no reset first. */
static void __attribute__((noinline, cold))
see_unmap(struct queue_memory_check *c, struct device_queues *d,
	  const struct event *ev)
{
	uint64_t end = ev->addr - ev->value; /* the amount is negative */
	unsigned int a;
	uint32_t i;

	if (d->told || d->gone || !(d->command & COMMAND_BUS_MASTER))
		return;
	for (i = 0; i < d->enabled; i++) {
		const struct queue_areas *q = &d->queues[i];

		for (a = 0; q->size && a < AREAS; a++) {
			if (ev->addr >= q->end[a] || end <= q->at[a])
				continue;
			d->told = true;
			tell_freed(c, ev, i, a);
			return;
		}
	}
}

/* ---- the observer ---- */

/* NULL: of no device. */
static struct device_queues *queues_of(struct observer *o,
				       const struct event *ev)
{
	struct queue_memory_check *c = (struct queue_memory_check *)o;

	return ev->device < c->world->ndevices ? &c->devices[ev->device] : NULL;
}

static void on_write(struct observer *o, const struct event *ev)
{
	struct device_queues *d = queues_of(o, ev);

	if (d)
		see_write(d, ev);
}

static void on_model(struct observer *o, const struct event *ev)
{
	struct device_queues *d = queues_of(o, ev);

	if (d)
		see_model(d, ev);
}

static void on_fault(struct observer *o, const struct event *ev)
{
	struct device_queues *d = queues_of(o, ev);
	const char *text = event_text(o->bus, ev->text);

	if (d && text && !strcmp(text, PULLED_OUT))
		d->gone = true;
}

/* Mostly a buffer of a request, nowhere near the queues. */
static void on_account(struct observer *o, const struct event *ev)
{
	struct device_queues *d;

	if ((int64_t)ev->value >= 0 || ev->index != MACHINE_RES_DMA_MAPPING)
		return;
	d = queues_of(o, ev);
	if (d && ev->addr < d->high && ev->addr - ev->value > d->low)
		see_unmap((struct queue_memory_check *)o, d, ev);
}

/* The fields of the common configuration, as virtio 1.2 4.1.4.3 names them. */
static bool find_registers(struct device_queues *d, const struct world *w,
			   uint32_t device)
{
	bool known;
	unsigned int a;

	d->select = world_register(w, device, "queue_select", 0);
	known = d->select.known;
	for (a = 0; a < AREAS; a++) {
		d->areas[a] = world_register(w, device, areas[a].reg, 0);
		known = known && d->areas[a].known;
	}
	return known;
}

struct queue_memory_check *queue_memory_create(const struct world *w,
				     struct event_bus *bus, struct findings *f)
{
	struct queue_memory_check *c = calloc(1, sizeof(*c));
	size_t i;

	if (!c)
		return NULL;
	c->world = w;
	c->findings = f;
	c->devices = calloc(w->ndevices ? w->ndevices : 1, sizeof(*c->devices));
	if (!c->devices) {
		queue_memory_destroy(c);
		return NULL;
	}
	for (i = 0; i < w->ndevices; i++) {
		c->devices[i].known = find_registers(&c->devices[i], w,
						     (uint32_t)i);
		forget(&c->devices[i]);
	}
	event_bus_add_kind(bus, &c->observer, EV_MMIO_WRITE, on_write);
	event_bus_add_model(bus, &c->observer,
			    1ull << MODEL_EV_COMMAND |
			    1ull << MODEL_EV_QUEUE_ENABLE |
			    1ull << MODEL_EV_RESET, on_model);
	event_bus_add_kind(bus, &c->observer, EV_FAULT, on_fault);
	event_bus_add_kind(bus, &c->observer, EV_ACCOUNT, on_account);
	return c;
}

void queue_memory_destroy(struct queue_memory_check *c)
{
	size_t i;

	if (!c)
		return;
	for (i = 0; c->devices && i < c->world->ndevices; i++)
		free(c->devices[i].queues);
	free(c->devices);
	free(c);
}
