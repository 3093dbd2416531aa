/* SPDX-License-Identifier: MIT */
/*
 * Split virtqueues, seen from the bus.  Where the areas of a queue are is learnt
 * from the driver's register writes, so a queue of the legacy interface is not
 * looked at.  Sizes in bytes:
 *
 *   driver area   flags 2 | idx 2 | ring 2 * size | used_event 2
 *   device area   flags 2 | idx 2 | ring 8 * size | avail_event 2
 *
 * An event shows the first eight bytes of an access: of a longer read of the
 * available ring not all heads are known, and then none is judged.
 */
#include "sim/check/queue.h"

#include <stdlib.h>
#include <string.h>

#include "models/pci/function.h"
#include "sim/check/queue_rules.h"
#include "sim/check/queue_wish.h"

#define STATUS_DRIVER_OK 0x4u        /* virtio 1.2 2.1 */
#define COMMAND_BUS_MASTER 0x0004u   /* PCI 3.0 6.2.2 */
#define F_EVENT_IDX (1ull << 29)     /* virtio 1.2 6 */
#define MAX_QUEUES 64u
#define MAX_SIZE 32768u              /* 2.7 */

struct queue {
	uint32_t size;             /* 0: not enabled */
	uint64_t driver, device;   /* areas; 0: not known */
	uint16_t used, decided;    /* used index: now, at the last decision */
	bool avail_known;
	uint16_t avail;            /* available index that the device knows of */
	uint64_t touched;          /* when it last had to do with the areas */
	uint16_t written;          /* used index on the bus */
	uint32_t elements;         /* written since that */
	uint8_t *heads;            /* a bit each: available; NULL: none is known */
	bool heads_lost;           /* a read was too long to be seen */
	bool kicked, rearmed;      /* and not looked since */
	struct wish wish;
	struct moment { uint64_t time, seq; } kick, rearm;
};

struct state {
	struct world_place select, driver, device;
	uint32_t selected;
	uint64_t driver_areas[MAX_QUEUES], device_areas[MAX_QUEUES];
	struct queue queues[MAX_QUEUES];
	uint32_t enabled;          /* no queue from here on is */
	/* The areas of the enabled queues lie between these: what is elsewhere,
	 * as most is, needs no look at each queue. */
	struct span { uint64_t low, high; } drivers, devices;
	bool event_idx, master, driver_ok;
	uint64_t bytes_written, bytes_claimed;
};

struct queue_check {
	struct rules rules;
	struct state *devices;
};

/* It was broken by an event that has gone by. */
static void __attribute__((cold))
broken_at(struct queue_check *c, struct state *d, const struct moment *when,
	  enum rule rule)
{
	const struct event ev = { .time = when->time, .seq = when->seq,
				  .device = (uint16_t)(d - c->devices) };

	rule_broken(&c->rules, &ev, rule);
}

/* ---- where the queues are ---- */

static void see_register(struct state *d, const struct event *ev)
{
	if (world_at(&d->select, ev))
		d->selected = (uint32_t)ev->value & 0xffff;
	else if (d->selected >= MAX_QUEUES)
		return;
	else if (world_at_half(&d->driver, ev))
		world_write_half(&d->driver, ev, &d->driver_areas[d->selected]);
	else if (world_at_half(&d->device, ev))
		world_write_half(&d->device, ev, &d->device_areas[d->selected]);
}

static void widen(struct span *s, uint64_t at, uint64_t bytes)
{
	if (s->low == s->high)
		*s = (struct span){ at, at };
	if (at < s->low)
		s->low = at;
	if (at + bytes > s->high)
		s->high = at + bytes;
}

static bool within(const struct span *s, const struct event *ev)
{
	return ev->addr >= s->low && ev->addr < s->high;
}

static void begin_queue(struct state *d, const struct event *ev)
{
	struct queue *q = &d->queues[ev->index];

	free(q->heads);
	*q = (struct queue){
		.size = ev->value > MAX_SIZE ? 0 : (uint32_t)ev->value,
		.driver = d->driver_areas[ev->index],
		.device = d->device_areas[ev->index],
	};
	if (!q->driver || !q->device)
		q->size = 0;
	if (!q->size)
		return;
	q->heads = calloc(1, MAX_SIZE / 8);
	widen(&d->drivers, q->driver, 6 + 2ull * q->size);
	widen(&d->devices, q->device, 6 + 8ull * q->size);
	if (ev->index >= d->enabled)
		d->enabled = ev->index + 1;
}

static void forget(struct state *d)
{
	uint32_t i;

	for (i = 0; i < d->enabled; i++) {
		free(d->queues[i].heads);
		d->queues[i] = (struct queue){ .size = 0 };
	}
	memset(d->driver_areas, 0, sizeof(d->driver_areas));
	memset(d->device_areas, 0, sizeof(d->device_areas));
	d->drivers = d->devices = (struct span){ 0, 0 };
	d->enabled = 0;
	d->driver_ok = false;
	d->event_idx = false;
}

/* ---- what the device decides ---- */

static void see_used(struct queue_check *c, struct queue *q,
		     const struct event *ev)
{
	q->used = (uint16_t)ev->value;
	if (q->size && q->avail_known)
		rule_judge(&c->rules, ev, RULE_AHEAD,
			   (uint16_t)(q->avail - q->used) <= q->size);
}

static bool ignored_suppresses(const struct queue_check *c,
			       const struct queue *q)
{
	return wish_ignored_suppresses(&q->wish, c->rules.world,
				       q->driver + 4 + 2ull * q->size,
				       q->decided, q->used);
}

static void __attribute__((noinline))
see_ignoring(struct queue_check *c, struct queue *q)
{
	if (!ignored_suppresses(c, q))
		return;
	rule_kept(&c->rules, q->wish.by == WISH_EVENT ? RULE_HEEDED_FLAGS
						      : RULE_HEEDED_EVENT);
	q->wish.ignores = true;
}

/* The rule that a missing interrupt breaks, which is `rule` unless what is to be
 * ignored explains it. */
static enum rule __attribute__((noinline, cold))
why_missed(const struct queue_check *c, const struct queue *q, enum rule rule)
{
	if (!q->wish.ignored_read || q->wish.ignores ||
	    !ignored_suppresses(c, q))
		return rule;
	return q->wish.by == WISH_EVENT ? RULE_HEEDED_FLAGS : RULE_HEEDED_EVENT;
}

/* Against what the driver has asked for. */
static void judge_notify(struct queue_check *c, struct queue *q,
			 const struct event *ev)
{
	bool suppressed = ev->value == MODEL_NOTIFY_SUPPRESSED;
	bool interrupts = ev->value == MODEL_NOTIFY_SENT ||
			  ev->value == MODEL_NOTIFY_PENDING ||
			  ev->value == MODEL_NOTIFY_INTX;
	bool event = q->wish.by == WISH_EVENT;
	bool wanted = wish_asks(q->wish.by, q->wish.value, q->decided, q->used);
	enum rule rule = wanted ? (event ? RULE_MISSED_EVENT : RULE_MISSED)
				: (event ? RULE_UNWANTED_EVENT : RULE_UNWANTED);

	if (wanted ? suppressed : interrupts)
		rule_broken(&c->rules, ev,
			    wanted ? why_missed(c, q, rule) : rule);
	else if (suppressed || interrupts)
		rule_kept(&c->rules, rule);
	if (interrupts && wanted && !q->wish.ignores &&
	    (!event || q->wish.ignored_read))
		see_ignoring(c, q);
}

static void see_notify(struct queue_check *c, struct state *d,
		       const struct event *ev)
{
	struct queue *q = &d->queues[ev->index];

	if (q->size && q->wish.by != WISH_UNKNOWN && q->used != q->decided)
		judge_notify(c, q, ev);
	q->wish.by = WISH_UNKNOWN;
	q->wish.ignored_read = false;
	q->decided = q->used;
}

static void see_kick(struct queue_check *c, struct state *d,
		     const struct event *ev)
{
	struct queue *q = &d->queues[ev->index];

	if (q->rearmed && rule_settled(ev->time, q->rearm.time))
		broken_at(c, d, &q->rearm, RULE_LAST_LOOK);
	if (!q->kicked)
		q->kick = (struct moment){ ev->time, ev->seq };
	q->kicked = q->size != 0;
}

/* A device that still has buffers to serve, or has been at it until now, looks at
 * the queue when it is through. */
static bool at_work(const struct queue *q, uint64_t now)
{
	return q->avail != q->used || !rule_settled(now, q->touched);
}

/* What was to be looked at must have been by now. */
static void end_queues(struct queue_check *c, struct state *d,
		       const struct event *now)
{
	uint32_t i;

	for (i = 0; d->driver_ok && d->master && i < d->enabled; i++) {
		struct queue *q = &d->queues[i];

		if (q->kicked && rule_settled(now->time, q->kick.time) &&
		    !at_work(q, now->time))
			broken_at(c, d, &q->kick, RULE_KICK);
		if (q->rearmed && rule_settled(now->time, q->rearm.time))
			broken_at(c, d, &q->rearm, RULE_LAST_LOOK);
	}
}

/* A device that has broken down, or may not write, looks at nothing. */
static void excuse_all(struct state *d)
{
	uint32_t i;

	for (i = 0; i < d->enabled; i++)
		d->queues[i].kicked = d->queues[i].rearmed = false;
}

/* What no request has. */
static void see_state(struct queue_check *c, struct state *d,
		      const struct event *ev)
{
	switch (ev->len) {
	case MODEL_EV_COMMAND:
		d->master = ev->value & COMMAND_BUS_MASTER;
		excuse_all(d);
		break;
	case MODEL_EV_STATUS:
		d->driver_ok = ev->value & STATUS_DRIVER_OK;
		break;
	case MODEL_EV_FEATURES:
		d->event_idx = ev->value & F_EVENT_IDX;
		break;
	case MODEL_EV_NEEDS_RESET:
		d->driver_ok = false;
		excuse_all(d);
		break;
	case MODEL_EV_RESET:
		end_queues(c, d, ev);
		forget(d);
		break;
	case MODEL_EV_QUEUE_ENABLE:
		if (ev->index < MAX_QUEUES)
			begin_queue(d, ev);
		break;
	default:
		break;
	}
}

/* ---- what it reads ---- */

static void see_heads(struct queue *q, const struct event *ev)
{
	uint32_t n = ev->len / 2, i;

	if (n > 4 || !q->heads)
		q->heads_lost = true;
	for (i = 0; i < n && !q->heads_lost; i++) {
		uint32_t head = (uint32_t)(ev->value >> 16 * i) & 0xffff;

		if (head < q->size)
			q->heads[head / 8] |= (uint8_t)(1u << head % 8);
	}
}

/* What it was to look at, it has looked at. */
static void see_look(struct queue_check *c, struct queue *q)
{
	if (q->kicked)
		rule_kept(&c->rules, RULE_KICK);
	if (q->rearmed)
		rule_kept(&c->rules, RULE_LAST_LOOK);
	q->kicked = q->rearmed = false;
}

static void __attribute__((noinline))
see_ignored(struct queue *q, const struct event *ev)
{
	q->wish.ignored_read = true;
	q->wish.ignored = (uint16_t)ev->value;
}

static void see_driver_area(struct queue_check *c, struct state *d,
			    struct queue *q, const struct event *ev)
{
	uint64_t at = ev->addr - q->driver, event = 4 + 2ull * q->size;

	if (at >= 4 && at < event) {
		see_heads(q, ev);
		return;
	}
	if (at <= 2 && at + ev->len >= 4) {
		q->avail = (uint16_t)(ev->value >> 8 * (2 - at));
		q->avail_known = true;
		see_look(c, q);
	}
	if (ev->len != 2 || at != (d->event_idx ? event : 0)) {
		if (at == (d->event_idx ? 0 : event))
			see_ignored(q, ev);
		return;
	}
	q->wish.by = d->event_idx ? WISH_EVENT : WISH_FLAGS;
	q->wish.value = (uint16_t)ev->value;
}

static void see_read(struct queue_check *c, struct state *d,
		     const struct event *ev)
{
	uint32_t i;

	for (i = 0; i < d->enabled; i++) {
		struct queue *q = &d->queues[i];

		if (q->size && ev->addr >= q->driver &&
		    ev->addr < q->driver + 6 + 2ull * q->size) {
			q->touched = ev->time;
			see_driver_area(c, d, q, ev);
			return;
		}
	}
}

/* ---- what it writes ---- */

static void see_element(struct queue_check *c, struct state *d, struct queue *q,
			const struct event *ev)
{
	uint32_t id = (uint32_t)ev->value;

	q->elements += ev->len / 8;
	d->bytes_claimed += ev->value >> 32;
	if (d->bytes_claimed > d->bytes_written) {
		d->bytes_claimed = d->bytes_written;
		rule_broken(&c->rules, ev, RULE_LENGTH);
	} else {
		rule_kept(&c->rules, RULE_LENGTH);
	}
	if (id >= q->size) {
		rule_broken(&c->rules, ev, RULE_ID);
		return;
	}
	if (q->heads_lost || !q->heads)
		return;
	if (!(q->heads[id / 8] >> id % 8 & 1))
		rule_broken(&c->rules, ev, RULE_HEAD);
	else
		rule_kept(&c->rules, RULE_HEAD);
	q->heads[id / 8] &= (uint8_t)~(1u << id % 8);
}

static void see_index(struct queue_check *c, struct queue *q,
		      const struct event *ev, uint16_t index)
{
	if (q->elements < (uint16_t)(index - q->written))
		rule_broken(&c->rules, ev, RULE_ORDER);
	else
		rule_kept(&c->rules, RULE_ORDER);
	q->elements = 0;
	q->written = index;
}

static void rearmed(struct queue *q, const struct event *ev)
{
	q->rearmed = true;
	q->rearm = (struct moment){ ev->time, ev->seq };
}

static void see_device_area(struct queue_check *c, struct state *d,
			    struct queue *q, const struct event *ev)
{
	uint64_t at = ev->addr - q->device, ring = 4 + 8ull * q->size;

	if (at >= 4 && at < ring) {
		see_element(c, d, q, ev);
	} else if (at >= ring) {
		if (d->event_idx)
			rearmed(q, ev);
		else
			rule_broken(&c->rules, ev, RULE_AVAIL_EVENT);
	} else if (at + ev->len > 2) {
		see_index(c, q, ev, (uint16_t)(ev->value >> 8 * (2 - at)));
	} else if (!ev->value) {
		rearmed(q, ev);
	}
}

/* Apart, for the data that goes elsewhere to be passed over at once. */
static void __attribute__((noinline))
see_write(struct queue_check *c, struct state *d, const struct event *ev)
{
	uint32_t i;

	for (i = 0; i < d->enabled; i++) {
		struct queue *q = &d->queues[i];

		if (q->size && ev->addr >= q->device &&
		    ev->addr < q->device + 6 + 8ull * q->size) {
			q->touched = ev->time;
			see_device_area(c, d, q, ev);
			return;
		}
	}
	d->bytes_written += ev->len;
}

/* ---- the observer: a function for each kind of event ---- */

/* NULL: of no device that is looked at. */
static struct state *state_of(struct observer *o, const struct event *ev)
{
	struct queue_check *c = (struct queue_check *)o;
	struct state *d;

	if (ev->device >= c->rules.world->ndevices)
		return NULL;
	d = &c->devices[ev->device];
	return d->select.known ? d : NULL;
}

static void on_read(struct observer *o, const struct event *ev)
{
	struct state *d = state_of(o, ev);

	if (d && within(&d->drivers, ev))
		see_read((struct queue_check *)o, d, ev);
}

static void on_write(struct observer *o, const struct event *ev)
{
	struct state *d = state_of(o, ev);

	if (!d)
		return;
	if (within(&d->devices, ev))
		see_write((struct queue_check *)o, d, ev);
	else
		d->bytes_written += ev->len;
}

static void on_register(struct observer *o, const struct event *ev)
{
	struct state *d = state_of(o, ev);

	if (d)
		see_register(d, ev);
}

static void on_state(struct observer *o, const struct event *ev)
{
	struct state *d = state_of(o, ev);

	if (d)
		see_state((struct queue_check *)o, d, ev);
}

static void on_used(struct observer *o, const struct event *ev)
{
	struct state *d = state_of(o, ev);

	if (d && ev->index < MAX_QUEUES)
		see_used((struct queue_check *)o, &d->queues[ev->index], ev);
}

static void on_notify(struct observer *o, const struct event *ev)
{
	struct state *d = state_of(o, ev);

	if (d && ev->index < MAX_QUEUES)
		see_notify((struct queue_check *)o, d, ev);
}

static void on_kick(struct observer *o, const struct event *ev)
{
	struct state *d = state_of(o, ev);

	if (d && ev->index < MAX_QUEUES)
		see_kick((struct queue_check *)o, d, ev);
}

/* Common configuration's fields as virtio 1.2 4.1.4.3 names them; an address may
 * be one register of 64 bits or two of 32. */
static void find_registers(struct state *d, const struct world *w,
			   uint32_t device)
{
	d->select = world_register(w, device, "queue_select", 0);
	d->driver = world_register(w, device, "queue_driver", 0);
	d->device = world_register(w, device, "queue_device", 0);
	if (!d->driver.known || !d->device.known)
		d->select.known = false;
}

static void listen(struct queue_check *c, struct event_bus *bus)
{
	struct observer *o = &c->rules.observer;

	rules_end_at_bus_faults(&c->rules, bus);
	event_bus_add_kind(bus, o, EV_MMIO_WRITE, on_register);
	event_bus_add_kind(bus, o, EV_DMA_READ, on_read);
	event_bus_add_kind(bus, o, EV_DMA_WRITE, on_write);
	event_bus_add_model(bus, o, 1ull << MODEL_EV_USED, on_used);
	event_bus_add_model(bus, o, 1ull << MODEL_EV_NOTIFY, on_notify);
	event_bus_add_model(bus, o, 1ull << MODEL_EV_KICK, on_kick);
	event_bus_add_model(bus, o,
			    1ull << MODEL_EV_COMMAND | 1ull << MODEL_EV_STATUS |
			    1ull << MODEL_EV_FEATURES |
			    1ull << MODEL_EV_NEEDS_RESET |
			    1ull << MODEL_EV_QUEUE_ENABLE |
			    1ull << MODEL_EV_RESET, on_state);
}

struct queue_check *queue_check_create(const struct world *w,
				     struct event_bus *bus, struct findings *f)
{
	struct queue_check *c = calloc(1, sizeof(*c));
	size_t i;

	if (!c)
		return NULL;
	c->devices = calloc(w->ndevices ? w->ndevices : 1, sizeof(*c->devices));
	if (!rules_init(&c->rules, w, f, texts, clauses) || !c->devices) {
		queue_check_destroy(c);
		return NULL;
	}
	for (i = 0; i < w->ndevices; i++)
		find_registers(&c->devices[i], w, (uint32_t)i);
	listen(c, bus);
	return c;
}

void queue_check_destroy(struct queue_check *c)
{
	size_t i;

	if (!c)
		return;
	for (i = 0; c->devices && i < c->rules.world->ndevices; i++)
		forget(&c->devices[i]);
	free(c->devices);
	rules_free(&c->rules);
	free(c);
}

void queue_check_end(struct queue_check *c, uint64_t time)
{
	const struct event end = { .time = time };
	size_t i;

	for (i = 0; i < c->rules.world->ndevices; i++)
		end_queues(c, &c->devices[i], &end);
}
