/* SPDX-License-Identifier: MIT */
/*
 * Where the queues' areas lie is learned from the driver's writes to the common
 * configuration; what is in them is never looked at, but for the used index as
 * the device writes it.  Devices whose registers are not known, and the legacy
 * interface, are not judged.
 *
 *   descriptor table   16 * size
 *   driver area        flags 2 | idx 2 | ring 2 * size | used_event 2
 *   device area        flags 2 | idx 2 | ring 8 * size | avail_event 2
 */
#include "sim/check/rings.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "guestdrv/abi/machine.h"
#include "models/pci/function.h"

#define COMMAND_BUS_MASTER 0x0004u  /* PCI 3.0 6.2.2 */
#define F_EVENT_IDX 29u             /* virtio 1.2 6 */
#define USED_IDX 2u                 /* 2.7.8 */
#define USED_RING 4u
#define USED_ELEM_BYTES 8u
#define MAX_QUEUES 1024u

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

struct queue_ring {
	uint64_t at[AREAS];
	uint32_t size;       /* 0: not enabled */
	uint16_t used;       /* index as the device wrote it last */
	uint32_t fresh;      /* elements written since */
};

struct device_rings {
	bool known;          /* where its registers are */
	uint8_t bar;
	uint64_t select_at, area_at[AREAS];
	uint32_t selected;
	uint32_t command;
	bool event_idx;
	bool freed, order, event; /* told once each */
	size_t enabled;      /* no queue from here on is */
	struct queue_ring *queues; /* MAX_QUEUES of them */
};

struct ring_check {
	struct observer observer;
	const struct world *world;
	struct findings *findings;
	struct device_rings *devices;
};

static void place(struct finding *f, const struct event *ev)
{
	f->device = ev->device;
	f->event = ev->seq;
	f->time = ev->time;
}

static uint64_t area_end(const struct queue_ring *q, enum area a)
{
	return q->at[a] + areas[a].fixed + (uint64_t)areas[a].each * q->size;
}

/* ---- where they lie ---- */

static void see_write(struct device_rings *d, const struct event *ev)
{
	uint64_t *addr, mask;
	unsigned int a;
	uint32_t shift;

	if (!d->known || ev->index != d->bar)
		return;
	if (ev->addr == d->select_at)
		d->selected = (uint32_t)(ev->value & 0xffff);
	for (a = 0; a < AREAS; a++) {
		if (ev->addr < d->area_at[a] || ev->addr >= d->area_at[a] + 8 ||
		    d->selected >= MAX_QUEUES)
			continue;
		/* What is enabled keeps its place. */
		if (d->queues[d->selected].size)
			return;
		addr = &d->queues[d->selected].at[a];
		shift = (uint32_t)(ev->addr - d->area_at[a]) * 8;
		mask = ev->len >= 8 ? UINT64_MAX : (1ull << ev->len * 8) - 1;
		*addr = (*addr & ~(mask << shift)) |
			(ev->value & mask) << shift;
	}
}

static void see_enable(struct device_rings *d, const struct event *ev)
{
	struct queue_ring *q;

	if (!d->known || ev->index >= MAX_QUEUES)
		return;
	q = &d->queues[ev->index];
	q->size = (uint32_t)ev->value;
	q->used = 0;
	q->fresh = 0;
	if (q->size && ev->index >= d->enabled)
		d->enabled = ev->index + 1;
}

static void forget(struct device_rings *d)
{
	if (d->known)
		memset(d->queues, 0, d->enabled * sizeof(*d->queues));
	d->enabled = 0;
	d->event_idx = false;
}

static void see_model(struct device_rings *d, const struct event *ev)
{
	switch (ev->len) {
	case MODEL_EV_COMMAND:
		d->command = (uint32_t)ev->value;
		break;
	case MODEL_EV_FEATURES:
		d->event_idx = ev->value >> F_EVENT_IDX & 1;
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

static void tell_freed(struct ring_check *c, const struct event *ev,
		       uint32_t queue, enum area a)
{
	struct finding *f;

	f = findings_add(c->findings, "ring-freed",
			 "the %s of queue %" PRIu32 ", at 0x%" PRIx64 ", is "
			 "taken away while the queue is enabled",
			 areas[a].what, queue,
			 c->devices[ev->device].queues[queue].at[a]);
	place(f, ev);
	f->nframes = (uint32_t)world_callers(c->world, f->frames,
					     FINDING_FRAMES);
}

/* A device that may not touch memory needs no reset first. */
static void see_unmap(struct ring_check *c, struct device_rings *d,
		      const struct event *ev)
{
	uint64_t end = ev->addr - ev->value; /* the amount is negative */
	unsigned int a;
	uint32_t i;

	if (d->freed || !(d->command & COMMAND_BUS_MASTER))
		return;
	for (i = 0; i < d->enabled && !d->freed; i++) {
		const struct queue_ring *q = &d->queues[i];

		for (a = 0; q->size && a < AREAS && !d->freed; a++) {
			d->freed = ev->addr < area_end(q, a) && end > q->at[a];
			if (d->freed)
				tell_freed(c, ev, i, a);
		}
	}
}

/* ---- what the device does ---- */

static void broken(struct ring_check *c, const struct event *ev, bool *told,
		   const char *text)
{
	if (!*told)
		place(findings_add(c->findings, "device-rule",
				   "the device model %s", text), ev);
	*told = true;
}

/* 2.7.8.2: the element is there before the index that announces it. */
static void see_used_idx(struct ring_check *c, struct device_rings *d,
			 struct queue_ring *q, const struct event *ev)
{
	uint64_t idx_at = q->at[AREA_DEVICE] + USED_IDX;
	uint16_t idx = (uint16_t)(ev->value >> (idx_at - ev->addr) * 8);

	if ((uint16_t)(idx - q->used) > q->fresh)
		broken(c, ev, &d->order,
		       "moved a used index before it wrote the element (virtio 1.2 2.7.8.2)");
	q->used = idx;
	q->fresh = 0;
}

static void see_used_area(struct ring_check *c, struct device_rings *d,
			  struct queue_ring *q, const struct event *ev)
{
	uint64_t at = q->at[AREA_DEVICE], ring = at + USED_RING;
	uint64_t ring_end = ring + (uint64_t)USED_ELEM_BYTES * q->size;
	uint64_t end = ev->addr + ev->len;
	uint64_t from = ev->addr > ring ? ev->addr : ring;
	uint64_t to = end < ring_end ? end : ring_end;

	if (to > from)
		q->fresh += (uint32_t)((to - from) / USED_ELEM_BYTES);
	/* A write is recorded with its first eight bytes. */
	if (ev->addr <= at + USED_IDX && end >= at + USED_RING)
		see_used_idx(c, d, q, ev);
	if (end > ring_end && !d->event_idx)
		broken(c, ev, &d->event,
		       "wrote an available event although EVENT_IDX was not negotiated (virtio 1.2 2.7.10)");
}

static void see_dma(struct ring_check *c, struct device_rings *d,
		    const struct event *ev)
{
	size_t i;

	for (i = 0; i < d->enabled; i++) {
		struct queue_ring *q = &d->queues[i];

		if (q->size && ev->addr >= q->at[AREA_DEVICE] &&
		    ev->addr < area_end(q, AREA_DEVICE))
			see_used_area(c, d, q, ev);
	}
}

/* ---- the observer ---- */

static void on_event(struct observer *o, struct event_bus *bus,
		     const struct event *ev)
{
	struct ring_check *c = (struct ring_check *)o;
	struct device_rings *d;

	(void)bus;
	if (ev->device >= c->world->ndevices)
		return;
	d = &c->devices[ev->device];
	switch (ev->kind) {
	case EV_MMIO_WRITE:
		see_write(d, ev);
		break;
	case EV_MODEL:
		see_model(d, ev);
		break;
	case EV_DMA_WRITE:
		see_dma(c, d, ev);
		break;
	default:
		if (ev->index == MACHINE_RES_DMA_MAPPING &&
		    (int64_t)ev->value < 0)
			see_unmap(c, d, ev);
		break;
	}
}

/* The fields of the common configuration, as virtio 1.2 4.1.4.3 names them. */
static bool find_registers(struct device_rings *d, const struct world *w,
			   uint32_t device)
{
	uint8_t bar;
	unsigned int a;

	if (!world_register(w, device, "queue_select", &d->bar, &d->select_at))
		return false;
	for (a = 0; a < AREAS; a++)
		if (!world_register(w, device, areas[a].reg, &bar,
				    &d->area_at[a]) || bar != d->bar)
			return false;
	return true;
}

static bool start(struct device_rings *d, const struct world *w,
		  uint32_t device)
{
	if (!find_registers(d, w, device))
		return true;
	d->queues = calloc(MAX_QUEUES, sizeof(*d->queues));
	d->known = d->queues != NULL;
	return d->known;
}

struct ring_check *ring_check_create(const struct world *w,
				     struct event_bus *bus, struct findings *f)
{
	static const enum event_kind kinds[] = {
		EV_MMIO_WRITE, EV_MODEL, EV_DMA_WRITE, EV_ACCOUNT,
	};
	struct ring_check *c = calloc(1, sizeof(*c));
	bool ok = c != NULL;
	size_t i;

	if (!c)
		return NULL;
	c->world = w;
	c->findings = f;
	c->devices = calloc(w->ndevices ? w->ndevices : 1, sizeof(*c->devices));
	ok = c->devices != NULL;
	for (i = 0; ok && i < w->ndevices; i++)
		ok = start(&c->devices[i], w, (uint32_t)i);
	if (!ok) {
		ring_check_destroy(c);
		return NULL;
	}
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		event_bus_add_kind(bus, &c->observer, kinds[i], on_event);
	return c;
}

void ring_check_destroy(struct ring_check *c)
{
	size_t i;

	if (!c)
		return;
	for (i = 0; c->devices && i < c->world->ndevices; i++)
		free(c->devices[i].queues);
	free(c->devices);
	free(c);
}
