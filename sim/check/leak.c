/* SPDX-License-Identifier: MIT */
/*
 * The guest's account: what is held, since when, and who took it.
 */
#include "sim/check/leak.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "guestdrv/abi/machine.h"
#include "sim/observe/pattern.h"

#define FIRST_BUCKETS 1024u
#define MAPPING_FRAMES 7u

/* In its bucket's chain. */
struct entry {
	struct held held;
	struct entry *chain;
};

/* The drivers that are bound to a device, or being bound: they sit on each other,
 * the lowest first. */
#define MAX_LAYERS 8u

struct drivers {
	uint32_t count;
	uint32_t names[MAX_LAYERS];  /* texts */
	uint64_t begun[MAX_LAYERS];  /* event of the probe's begin */
};

struct leak_check {
	struct observer observer;
	const struct world *world;
	struct findings *findings;
	struct entry **buckets;
	size_t nbuckets, count; /* nbuckets: a power of two */
	struct entry *spare;
	struct held *oldest, *newest;
	struct drivers *drivers; /* by device */
	uint64_t totals[MACHINE_RES_COUNT];
};

static size_t bucket_of(const struct leak_check *c, uint32_t kind, uint64_t id)
{
	uint64_t h = (id ^ (uint64_t)kind << 56) * 0x9e3779b97f4a7c15u;

	return (size_t)(h >> 32) & (c->nbuckets - 1);
}

static struct entry **find(struct leak_check *c, uint32_t kind, uint64_t id)
{
	struct entry **at = &c->buckets[bucket_of(c, kind, id)];

	while (*at && ((*at)->held.kind != kind || (*at)->held.id != id))
		at = &(*at)->chain;
	return at;
}

static void grow_buckets(struct leak_check *c)
{
	struct entry **old = c->buckets, *e;
	size_t n = c->nbuckets, i;

	if (c->count < n * 2)
		return;
	c->buckets = calloc(n * 4, sizeof(*c->buckets));
	if (!c->buckets) {
		c->buckets = old; /* longer chains are only slower */
		return;
	}
	c->nbuckets = n * 4;
	for (i = 0; i < n; i++) {
		while ((e = old[i])) {
			struct entry **at = &c->buckets[bucket_of(
				c, e->held.kind, e->held.id)];

			old[i] = e->chain;
			e->chain = *at;
			*at = e;
		}
	}
	free(old);
}

/* A mapping is made for every buffer of a request: its taker is told by what a
 * report prints. */
static size_t frames_of(uint32_t kind)
{
	return kind == MACHINE_RES_DMA_MAPPING ? MAPPING_FRAMES :
						 FINDING_FRAMES;
}

/* Makes its neighbours in the list point to it; NULL: to each other. */
static void relink(struct leak_check *c, const struct held *at, struct held *h)
{
	*(at->older ? &at->older->newer : &c->oldest) = h ? h : at->newer;
	*(at->newer ? &at->newer->older : &c->newest) = h ? h : at->older;
}

void leak_check_take(struct leak_check *c, struct held *h,
		     const struct event *ev)
{
	h->kind = ev->index;
	h->id = ev->addr;
	h->seq = ev->seq;
	h->time = ev->time;
	h->amount = (int64_t)ev->value;
	h->device = ev->device;
	h->reported = false;
	h->nframes = (uint8_t)world_callers(c->world, h->frames,
					    frames_of(ev->index));
	c->totals[ev->index] += ev->value;
	h->newer = NULL;
	h->older = c->newest;
	relink(c, h, h);
}

void leak_check_drop(struct leak_check *c, struct held *h)
{
	relink(c, h, NULL);
	c->totals[h->kind] -= (uint64_t)h->amount;
}

/* NULL: out of memory. */
static struct entry *add_entry(struct leak_check *c, struct entry **at)
{
	struct entry *e = c->spare;

	if (e)
		c->spare = e->chain;
	else
		e = malloc(sizeof(*e));
	if (!e)
		return NULL;
	e->chain = NULL;
	*at = e;
	c->count++;
	return e;
}

static void take_entry(struct leak_check *c, const struct event *ev,
		       struct entry **at)
{
	struct entry *e = add_entry(c, at);

	if (!e)
		return;
	leak_check_take(c, &e->held, ev);
	grow_buckets(c);
}

static void drop_entry(struct leak_check *c, struct entry **at)
{
	struct entry *e = *at;

	*at = e->chain;
	leak_check_drop(c, &e->held);
	e->chain = c->spare;
	c->spare = e;
	c->count--;
}

void leak_check_keep(struct leak_check *c, struct held *h, int64_t rest)
{
	struct entry **at = find(c, h->kind, h->id), *e = *at;

	if (e || !(e = add_entry(c, at))) {
		leak_check_drop(c, h);
		if (!*at)
			return;
		e->held.amount += rest;
		c->totals[h->kind] += (uint64_t)rest;
		return;
	}
	e->held = *h;
	e->held.amount = rest;
	c->totals[h->kind] -= (uint64_t)(h->amount - rest);
	relink(c, h, &e->held);
	grow_buckets(c);
}

void leak_check_excess(struct leak_check *c, const struct event *ev,
		       const char *what)
{
	struct finding *f;

	f = findings_add(c->findings, "double-return", "%s 0x%" PRIx64 " %s",
			 resource_name(ev->index), ev->addr, what);
	f->device = ev->device;
	f->event = ev->seq;
	f->time = ev->time;
	f->nframes = (uint32_t)world_callers(c->world, f->frames,
					     FINDING_FRAMES);
}

void leak_check_account(struct leak_check *c, const struct event *ev)
{
	int64_t amount = (int64_t)ev->value, sum;
	struct entry **at;
	struct held *h;

	if (ev->index >= MACHINE_RES_COUNT || !amount)
		return;
	at = find(c, ev->index, ev->addr);
	if (!*at && amount > 0) {
		take_entry(c, ev, at);
		return;
	}
	if (!*at) {
		leak_check_excess(c, ev, LEAK_NOT_HELD);
		return;
	}
	h = &(*at)->held;
	if (__builtin_add_overflow(h->amount, amount, &sum) || sum < 0) {
		leak_check_excess(c, ev, LEAK_TOO_MUCH);
		sum = 0;
	}
	c->totals[ev->index] += (uint64_t)(sum - h->amount);
	h->amount = sum;
	if (!sum)
		drop_entry(c, at);
}

static bool same_taker(const struct held *a, const struct held *b)
{
	return a->kind == b->kind && a->device == b->device &&
	       a->nframes == b->nframes &&
	       !memcmp(a->frames, b->frames,
		       a->nframes * sizeof(a->frames[0]));
}

/* Memory and DMA mappings are counted in bytes, the rest in pieces. */
static struct finding *add_leak(struct findings *f, uint32_t kind,
				uint64_t pieces, uint64_t amount,
				const char *when)
{
	const char *name = resource_name(kind);

	if (kind == MACHINE_RES_MEMORY)
		return findings_add(f, "leak", "%s: %" PRIu64 " bytes of memory"
				    " still held, in %" PRIu64 " piece%s",
				    when, amount, pieces,
				    pieces == 1 ? "" : "s");
	if (kind == MACHINE_RES_DMA_MAPPING)
		return findings_add(f, "leak", "%s: %" PRIu64 " %s%s of %"
				    PRIu64 " bytes still held", when, pieces,
				    name, pieces == 1 ? "" : "s", amount);
	return findings_add(f, "leak", "%s: %" PRIu64 " %s%s still held", when,
			    amount, name, amount == 1 ? "" : "s");
}

/* One finding for all that one taker left, beginning with `first`. */
static void report(struct leak_check *c, struct held *first, const char *when)
{
	uint64_t pieces = 0, amount = 0;
	struct finding *f;
	struct held *h;

	for (h = first; h; h = h->newer) {
		if (h->reported || !same_taker(first, h))
			continue;
		h->reported = true;
		pieces++;
		amount += (uint64_t)h->amount;
	}
	f = add_leak(c->findings, first->kind, pieces, amount, when);
	f->device = first->device;
	f->event = first->seq;
	f->time = first->time;
	f->nframes = first->nframes;
	memcpy(f->frames, first->frames,
	       first->nframes * sizeof(first->frames[0]));
}

static void push_driver(struct drivers *d, const struct event *ev)
{
	if (d->count == MAX_LAYERS)
		d->count--;
	d->names[d->count] = ev->text;
	d->begun[d->count] = ev->seq;
	d->count++;
}

/* The event with which the driver's probe began: by its name, where the note
 * tells it, else the topmost driver's. */
static uint64_t pop_driver(struct drivers *d, const struct event *ev)
{
	uint32_t i;

	for (i = d->count; ev->text && i-- > 0;) {
		if (d->names[i] == ev->text) {
			d->count = i;
			return d->begun[i];
		}
	}
	return d->count ? d->begun[--d->count] : ev->seq;
}

/* What the device took since that event and still holds. */
static void check_since(struct leak_check *c, uint32_t device, uint64_t since,
			const char *when)
{
	struct held *h = c->newest;

	while (h && h->older && h->older->seq > since)
		h = h->older;
	for (; h; h = h->newer)
		if (!h->reported && h->device == device && h->seq > since)
			report(c, h, when);
}

static void see_note(struct observer *o, const struct event *ev)
{
	struct leak_check *c = (struct leak_check *)o;
	struct drivers *d;

	if (ev->device >= c->world->ndevices)
		return;
	d = &c->drivers[ev->device];
	if (ev->index == MACHINE_NOTE_PROBE_BEGIN)
		push_driver(d, ev);
	else if (ev->index == MACHINE_NOTE_PROBE_END && (int32_t)ev->len < 0)
		check_since(c, ev->device, pop_driver(d, ev),
			    "after the failed probe");
	else if (ev->index == MACHINE_NOTE_REMOVE_END)
		check_since(c, ev->device, pop_driver(d, ev),
			    "after the remove");
}

void leak_check_end(struct leak_check *c)
{
	struct held *h;

	for (h = c->oldest; h; h = h->newer)
		if (!h->reported)
			report(c, h, "at the end");
}

uint64_t leak_check_held(const struct leak_check *c, uint32_t kind)
{
	return kind < MACHINE_RES_COUNT ? c->totals[kind] : 0;
}

struct leak_check *leak_check_create(const struct world *w,
				     struct event_bus *bus, struct findings *f)
{
	struct leak_check *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->nbuckets = FIRST_BUCKETS;
	c->buckets = calloc(c->nbuckets, sizeof(*c->buckets));
	c->drivers = calloc(w->ndevices ? w->ndevices : 1,
			    sizeof(*c->drivers));
	if (!c->buckets || !c->drivers) {
		leak_check_destroy(c);
		return NULL;
	}
	c->world = w;
	c->findings = f;
	event_bus_add_kind(bus, &c->observer, EV_NOTE, see_note);
	return c;
}

static void free_chain(struct entry *e)
{
	struct entry *next;

	for (; e; e = next) {
		next = e->chain;
		free(e);
	}
}

void leak_check_destroy(struct leak_check *c)
{
	size_t i;

	if (!c)
		return;
	for (i = 0; c->buckets && i < c->nbuckets; i++)
		free_chain(c->buckets[i]);
	free_chain(c->spare);
	free(c->buckets);
	free(c->drivers);
	free(c);
}
