/* SPDX-License-Identifier: MIT */
/*
 * A copy of each function's vector table, made of the guest's writes, and what it
 * allows.  An entry is the dwords address, upper address, data and Vector
 * Control, bit 0 of which masks it (PCI 3.0 6.8.2.6 to 6.8.2.9).
 *
 * A guest's write is seen before what it causes, and all that it causes at once
 * before any other access of the device: that is when a pending bit that nothing
 * holds back any more must have been delivered.
 */
#include "sim/check/msix.h"

#include <stdlib.h>
#include <string.h>

#define COMMAND_BUS_MASTER 0x0004u   /* PCI 3.0 6.2.2 */
#define STATUS_CAPABILITIES 0x0010u  /* 6.2.3 */
#define CAPABILITY_MSIX 0x11u        /* 6.8.2.1 */
#define MSIX_ENABLE 0x8000u          /* 6.8.2.3 */
#define MSIX_FUNCTION_MASK 0x4000u
#define MSIX_SETTINGS (MSIX_ENABLE | MSIX_FUNCTION_MASK)
#define VECTOR_MASK 0x1u
#define NO_VECTOR 0xffffu            /* virtio 1.2 4.1.5.1.2 */
#define CONFIG_SOURCE 0xffffu        /* MODEL_EV_NOTIFY: a config event */
#define MAX_QUEUES 64u

enum rule {
	RULE_MASKED,
	RULE_MESSAGE,
	RULE_PENDING_LOST,
	RULE_PENDING_DROPPED,
	RULE_CONTROL,
	RULE_PBA
};

static const char *const texts[] = {
	[RULE_MASKED] =
		"sent a message of a vector that is masked (PCI 3.0 6.8.2.9)",
	[RULE_MESSAGE] =
		"sent a message that is not what its MSI-X table holds (PCI 3.0 "
		"6.8.2.7)",
	[RULE_PENDING_LOST] =
		"kept an interrupt back for a mask, and did not send it when the "
		"mask was gone (PCI 3.0 6.8.3.5)",
	[RULE_PENDING_DROPPED] =
		"dropped a pending interrupt without a reset (PCI 3.0 6.8.2.10)",
	[RULE_CONTROL] =
		"did not take a write of MSI-X Message Control (PCI 3.0 6.8.2.3)",
	[RULE_PBA] =
		"did not show a pending interrupt in the pending bit array (PCI "
		"3.0 6.8.2.10)",
};

static const enum clause clauses[sizeof(texts) / sizeof(texts[0])] = {
	/* The function is to be one as PCI asks. */
	[RULE_MASKED] = CLAUSE_PCI_BUS_V1,
	[RULE_MESSAGE] = CLAUSE_PCI_BUS_V1,
	[RULE_PENDING_LOST] = CLAUSE_PCI_BUS_V1,
	[RULE_PENDING_DROPPED] = CLAUSE_PCI_BUS_V1,
	[RULE_CONTROL] = CLAUSE_PCI_BUS_V1,
	[RULE_PBA] = CLAUSE_PCI_BUS_V1,
};

struct entry {
	uint32_t now[4];     /* dwords, as the guest has written them */
	uint64_t changed;    /* when the message was last written */
	bool written, pending;
};

struct state {
	bool looked;         /* for the capability */
	uint32_t cap;        /* 0: has none */
	uint8_t table_bar, pba_bar;
	uint32_t table, pba, count;
	struct entry *entries;
	uint32_t control, command;
	bool resetting;
	bool wrote_control;
	uint32_t wanted;     /* of Message Control's settings */
	bool released;       /* a mask may have gone */
	uint16_t config_vector, vectors[MAX_QUEUES];
};

struct msix_check {
	struct rules rules;
	struct pci_function *const *functions;
	struct state *devices;
};

/* ---- where the table is ---- */

static uint32_t config_read(struct pci_function *fn, uint32_t at, uint32_t width)
{
	return fn->ops->config_read(fn, at, width);
}

/* Walks the capability list, which may be odd: 48 is all that there is room for. */
static uint32_t find_capability(struct pci_function *fn)
{
	uint32_t at, header, steps = 48;

	if (!(config_read(fn, 0x06, 2) & STATUS_CAPABILITIES))
		return 0;
	at = config_read(fn, 0x34, 1);
	for (; at >= 0x40 && steps--; at = header >> 8) {
		header = config_read(fn, at & 0xfc, 2);
		if ((header & 0xff) == CAPABILITY_MSIX)
			return at & 0xfc;
	}
	return 0;
}

static void __attribute__((cold)) look(struct msix_check *c,
				       struct state *d, uint32_t device)
{
	struct pci_function *fn = c->functions ? c->functions[device] : NULL;
	uint32_t table, pba;

	d->looked = fn != NULL;
	if (!fn)
		return;
	d->cap = find_capability(fn);
	if (!d->cap)
		return;
	d->control = config_read(fn, d->cap + 2, 2);
	table = config_read(fn, d->cap + 4, 4);
	pba = config_read(fn, d->cap + 8, 4);
	d->table_bar = table & 7;
	d->table = table & ~7u;
	d->pba_bar = pba & 7;
	d->pba = pba & ~7u;
	d->count = (d->control & 0x7ff) + 1;
	d->entries = calloc(d->count, sizeof(*d->entries));
	if (!d->entries)
		d->cap = 0;
}

/* ---- what may be sent ---- */

static bool masked(const struct entry *e)
{
	return e->written && e->now[3] & VECTOR_MASK;
}

/* The table's entry of what an event's index means; NULL: it has none. */
static struct entry *source_entry(struct state *d, uint32_t source)
{
	uint32_t vector = source == CONFIG_SOURCE ? d->config_vector :
			  source < MAX_QUEUES ? d->vectors[source] : NO_VECTOR;

	return vector < d->count ? &d->entries[vector] : NULL;
}

static bool mapped(const struct state *d, uint32_t vector)
{
	uint32_t q;

	for (q = 0; q < MAX_QUEUES; q++)
		if (d->vectors[q] == vector)
			return true;
	return d->config_vector == vector;
}

static void see_notify(struct msix_check *c, struct state *d,
		       const struct event *ev)
{
	struct entry *e = source_entry(d, ev->index);

	if (!e)
		return;
	if (ev->value == MODEL_NOTIFY_SENT && masked(e))
		rule_broken(&c->rules, ev, RULE_MASKED);
	if (ev->value == MODEL_NOTIFY_PENDING)
		e->pending = true;
}

/* A pending bit is set, or what it stood for is sent. */
static void see_pending(struct msix_check *c, struct state *d,
			const struct event *ev)
{
	if (ev->index >= d->count || ev->value)
		return;
	d->entries[ev->index].pending = false;
	if (masked(&d->entries[ev->index]))
		rule_broken(&c->rules, ev, RULE_MASKED);
}

static void see_dropped(struct msix_check *c, struct state *d,
			const struct event *ev)
{
	if (ev->index >= d->count || !d->entries[ev->index].pending)
		return;
	d->entries[ev->index].pending = false;
	if (!d->resetting && d->command & COMMAND_BUS_MASTER &&
	    mapped(d, ev->index))
		rule_broken(&c->rules, ev, RULE_PENDING_DROPPED);
}

static void see_reset(struct state *d, bool complete)
{
	uint32_t i;

	d->resetting = !complete;
	for (i = 0; complete && i < d->count; i++)
		d->entries[i].pending = false;
}

static void see_model(struct msix_check *c, struct state *d,
		      const struct event *ev)
{
	switch (ev->len) {
	case MODEL_EV_COMMAND:
		d->command = (uint32_t)ev->value;
		d->released = true;
		break;
	case MODEL_EV_MSIX_CONTROL:
		d->control = (uint32_t)ev->value;
		d->released = true;
		break;
	case MODEL_EV_MSIX_PENDING:
		see_pending(c, d, ev);
		break;
	case MODEL_EV_MSIX_DROPPED:
		see_dropped(c, d, ev);
		break;
	case MODEL_EV_CONFIG_VECTOR:
		d->config_vector = (uint16_t)ev->value;
		break;
	case MODEL_EV_QUEUE_VECTOR:
		if (ev->index < MAX_QUEUES)
			d->vectors[ev->index] = (uint16_t)ev->value;
		break;
	case MODEL_EV_RESET:
		see_reset(d, ev->value != 0);
		break;
	default:
		break;
	}
}

/* What the last access has caused is over. */
static void settle_now(struct msix_check *c, struct state *d,
		       const struct event *ev)
{
	bool held = !(d->control & MSIX_ENABLE) ||
		    d->control & MSIX_FUNCTION_MASK ||
		    !(d->command & COMMAND_BUS_MASTER);
	uint32_t i;

	if (d->wrote_control && (d->control & MSIX_SETTINGS) != d->wanted)
		rule_broken(&c->rules, ev, RULE_CONTROL);
	d->wrote_control = false;
	for (i = 0; d->released && !held && i < d->count; i++) {
		if (!d->entries[i].pending || masked(&d->entries[i]))
			continue;
		d->entries[i].pending = false;
		rule_broken(&c->rules, ev, RULE_PENDING_LOST);
	}
	d->released = false;
}

static void settle(struct msix_check *c, struct state *d, const struct event *ev)
{
	if (d->wrote_control || d->released)
		settle_now(c, d, ev);
}

/* ---- what the guest does ---- */

/* Message Control has its settings in the byte at cap + 3. */
static void see_config_write(struct state *d, const struct event *ev)
{
	uint64_t at = d->cap + 3;

	if (ev->addr > at || ev->addr + ev->len <= at)
		return;
	d->wrote_control = true;
	d->wanted = (uint32_t)(ev->value >> (at - ev->addr) * 8 << 8) &
		    MSIX_SETTINGS;
}

static void see_table_write(struct state *d, const struct event *ev)
{
	uint64_t at = ev->addr - d->table;
	struct entry *e = &d->entries[at / 16];
	uint32_t dword = at % 16 / 4, i;

	if (ev->len < 4)
		return;
	for (i = 0; i < ev->len / 4; i++)
		e->now[dword + i] = (uint32_t)(ev->value >> 32 * i);
	e->now[0] &= ~3u;
	if (dword < 3)
		e->changed = ev->time;
	if (dword + ev->len / 4 == 4) {
		e->written = true;
		d->released = true;
	}
}

static bool same_message(const struct entry *e, const struct event *ev)
{
	return (uint32_t)ev->addr == e->now[0] &&
	       ev->addr >> 32 == e->now[1] && (uint32_t)ev->value == e->now[2];
}

/* An entry is written in several accesses: what is on its way while that goes on
 * may be anything in between. */
static void see_message(struct msix_check *c, struct state *d,
			const struct event *ev)
{
	const struct entry *e;

	if (ev->index >= d->count)
		return;
	e = &d->entries[ev->index];
	if (e->written && rule_settled(ev->time, e->changed))
		rule_judge(&c->rules, ev, RULE_MESSAGE, same_message(e, ev));
}

static void see_pba_read(struct msix_check *c, struct state *d,
			 const struct event *ev)
{
	uint64_t first = (ev->addr - d->pba) * 8;
	uint32_t i;

	for (i = 0; i < ev->len * 8 && first + i < d->count; i++)
		if (d->entries[first + i].pending && !(ev->value >> i & 1))
			rule_broken(&c->rules, ev, RULE_PBA);
}

static bool inside(const struct event *ev, uint32_t bar, uint32_t at,
		   uint32_t bytes)
{
	return ev->index == bar && ev->addr >= at && ev->addr < at + bytes;
}

/* ---- the observer: a function for each kind of event ---- */

/* NULL: of no device that is known to have the capability. */
static struct state *state_of(struct observer *o, const struct event *ev)
{
	struct msix_check *c = (struct msix_check *)o;
	struct state *d;

	if (ev->device >= c->rules.world->ndevices)
		return NULL;
	d = &c->devices[ev->device];
	return d->cap ? d : NULL;
}

/* The same at an access or a message, which ends what the one before caused. */
static struct state *settled(struct observer *o, const struct event *ev)
{
	struct msix_check *c = (struct msix_check *)o;
	struct state *d;

	if (ev->device >= c->rules.world->ndevices)
		return NULL;
	d = &c->devices[ev->device];
	if (!d->looked)
		look(c, d, ev->device);
	if (!d->cap)
		return NULL;
	settle(c, d, ev);
	return d;
}

static void on_model(struct observer *o, const struct event *ev)
{
	struct state *d = state_of(o, ev);

	if (d)
		see_model((struct msix_check *)o, d, ev);
}

static void on_notify(struct observer *o, const struct event *ev)
{
	struct state *d = state_of(o, ev);

	if (d)
		see_notify((struct msix_check *)o, d, ev);
}

static void on_message(struct observer *o, const struct event *ev)
{
	struct state *d = settled(o, ev);

	if (d)
		see_message((struct msix_check *)o, d, ev);
}

static void on_config_read(struct observer *o, const struct event *ev)
{
	settled(o, ev);
}

static void on_config_write(struct observer *o, const struct event *ev)
{
	struct state *d = settled(o, ev);

	if (d)
		see_config_write(d, ev);
}

static void on_read(struct observer *o, const struct event *ev)
{
	struct state *d = settled(o, ev);

	if (d && ev->len >= 4 &&
	    inside(ev, d->pba_bar, d->pba, (d->count + 63) / 64 * 8))
		see_pba_read((struct msix_check *)o, d, ev);
}

static void on_write(struct observer *o, const struct event *ev)
{
	struct state *d = settled(o, ev);

	if (d && inside(ev, d->table_bar, d->table, d->count * 16))
		see_table_write(d, ev);
}

static void listen(struct msix_check *c, struct event_bus *bus)
{
	struct observer *o = &c->rules.observer;

	rules_end_at_bus_faults(&c->rules, bus);
	event_bus_add_kind(bus, o, EV_MSI, on_message);
	event_bus_add_kind(bus, o, EV_CONFIG_READ, on_config_read);
	event_bus_add_kind(bus, o, EV_CONFIG_WRITE, on_config_write);
	event_bus_add_kind(bus, o, EV_MMIO_READ, on_read);
	event_bus_add_kind(bus, o, EV_MMIO_WRITE, on_write);
	event_bus_add_model(bus, o, 1ull << MODEL_EV_NOTIFY, on_notify);
	event_bus_add_model(bus, o,
			    1ull << MODEL_EV_COMMAND |
			    1ull << MODEL_EV_MSIX_CONTROL |
			    1ull << MODEL_EV_MSIX_PENDING |
			    1ull << MODEL_EV_MSIX_DROPPED |
			    1ull << MODEL_EV_CONFIG_VECTOR |
			    1ull << MODEL_EV_QUEUE_VECTOR |
			    1ull << MODEL_EV_RESET, on_model);
}

struct msix_check *msix_check_create(const struct world *w,
				     struct event_bus *bus, struct findings *f,
				     struct pci_function *const *functions)
{
	struct msix_check *c = calloc(1, sizeof(*c));
	size_t i;

	if (!c)
		return NULL;
	c->devices = calloc(w->ndevices ? w->ndevices : 1, sizeof(*c->devices));
	if (!rules_init(&c->rules, w, f, texts, clauses) || !c->devices) {
		msix_check_destroy(c);
		return NULL;
	}
	c->functions = functions;
	for (i = 0; i < w->ndevices; i++) {
		c->devices[i].config_vector = NO_VECTOR;
		memset(c->devices[i].vectors, 0xff,
		       sizeof(c->devices[i].vectors));
	}
	listen(c, bus);
	return c;
}

void msix_check_destroy(struct msix_check *c)
{
	size_t i;

	if (!c)
		return;
	for (i = 0; c->devices && i < c->rules.world->ndevices; i++)
		free(c->devices[i].entries);
	free(c->devices);
	rules_free(&c->rules);
	free(c);
}

void msix_check_end(struct msix_check *c, uint64_t time)
{
	struct event end = { .time = time };
	size_t i;

	for (i = 0; i < c->rules.world->ndevices; i++) {
		end.device = (uint16_t)i;
		if (c->devices[i].cap)
			settle(c, &c->devices[i], &end);
	}
}
