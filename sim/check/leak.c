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

/* Something held.  In its bucket's chain, and in the list by age. */
struct held {
	struct held *chain;
	struct held *older, *newer;
	uint64_t id, seq, time;
	int64_t amount;
	uint32_t kind;
	uint32_t device;
	bool reported;
	uint8_t nframes;
	uintptr_t frames[FINDING_FRAMES];
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
	struct held **buckets;
	size_t nbuckets, count; /* nbuckets: a power of two */
	struct held *oldest, *newest, *spare;
	struct drivers *drivers; /* by device */
	uint64_t totals[MACHINE_RES_COUNT];
};

static size_t bucket_of(const struct leak_check *c, uint32_t kind, uint64_t id)
{
	uint64_t h = (id ^ (uint64_t)kind << 56) * 0x9e3779b97f4a7c15u;

	return (size_t)(h >> 32) & (c->nbuckets - 1);
}

static struct held **find(struct leak_check *c, uint32_t kind, uint64_t id)
{
	struct held **at = &c->buckets[bucket_of(c, kind, id)];

	while (*at && ((*at)->kind != kind || (*at)->id != id))
		at = &(*at)->chain;
	return at;
}

static void grow_buckets(struct leak_check *c)
{
	struct held **old = c->buckets, *h;
	size_t n = c->nbuckets;

	if (c->count < n * 2)
		return;
	c->buckets = calloc(n * 4, sizeof(*c->buckets));
	if (!c->buckets) {
		c->buckets = old; /* longer chains are only slower */
		return;
	}
	free(old);
	c->nbuckets = n * 4;
	for (h = c->oldest; h; h = h->newer) {
		struct held **at = &c->buckets[bucket_of(c, h->kind, h->id)];

		h->chain = *at;
		*at = h;
	}
}

/* A mapping is made for every buffer of a request: its taker is told by what a
 * report prints. */
static size_t frames_of(uint32_t kind)
{
	return kind == MACHINE_RES_DMA_MAPPING ? MAPPING_FRAMES :
						 FINDING_FRAMES;
}

static void take(struct leak_check *c, const struct event *ev, struct held **at)
{
	struct held *h = c->spare;

	if (h)
		c->spare = h->chain;
	else
		h = malloc(sizeof(*h));
	if (!h)
		return;
	h->chain = NULL;
	h->kind = ev->index;
	h->id = ev->addr;
	h->seq = ev->seq;
	h->time = ev->time;
	h->amount = (int64_t)ev->value;
	h->device = ev->device;
	h->reported = false;
	h->nframes = (uint8_t)world_callers(c->world, h->frames,
					    frames_of(ev->index));
	*at = h;
	h->newer = NULL;
	h->older = c->newest;
	if (c->newest)
		c->newest->newer = h;
	else
		c->oldest = h;
	c->newest = h;
	c->count++;
	grow_buckets(c);
}

static void drop(struct leak_check *c, struct held **at)
{
	struct held *h = *at;

	*at = h->chain;
	if (h->older)
		h->older->newer = h->newer;
	else
		c->oldest = h->newer;
	if (h->newer)
		h->newer->older = h->older;
	else
		c->newest = h->older;
	h->chain = c->spare;
	c->spare = h;
	c->count--;
}

static void returned_too_much(struct leak_check *c, const struct event *ev,
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

static void see_account(struct observer *o, struct event_bus *bus,
			const struct event *ev)
{
	struct leak_check *c = (struct leak_check *)o;
	int64_t amount = (int64_t)ev->value, sum;
	struct held **at;

	(void)bus;
	if (ev->index >= MACHINE_RES_COUNT || !amount)
		return;
	at = find(c, ev->index, ev->addr);
	if (amount > 0)
		c->totals[ev->index] += (uint64_t)amount;
	if (amount > 0 && !*at) {
		take(c, ev, at);
		return;
	}
	if (!*at) {
		returned_too_much(c, ev, "was returned and is not held");
		return;
	}
	if (__builtin_add_overflow((*at)->amount, amount, &sum) || sum < 0) {
		returned_too_much(c, ev, "was returned in a larger amount than "
					 "was taken");
		sum = 0;
	}
	if (amount < 0)
		c->totals[ev->index] -= (uint64_t)((*at)->amount - sum);
	(*at)->amount = sum;
	if (!sum)
		drop(c, at);
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

static void see_note(struct observer *o, struct event_bus *bus,
		     const struct event *ev)
{
	struct leak_check *c = (struct leak_check *)o;
	struct drivers *d;

	(void)bus;
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
	event_bus_add_kind(bus, &c->observer, EV_ACCOUNT, see_account);
	event_bus_add_kind(bus, &c->observer, EV_NOTE, see_note);
	return c;
}

void leak_check_destroy(struct leak_check *c)
{
	struct held *h, *next;

	if (!c)
		return;
	for (h = c->oldest; h; h = next) {
		next = h->newer;
		free(h);
	}
	for (h = c->spare; h; h = next) {
		next = h->chain;
		free(h);
	}
	free(c->buckets);
	free(c->drivers);
	free(c);
}
