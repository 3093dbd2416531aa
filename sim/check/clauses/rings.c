/* SPDX-License-Identifier: MIT */
/*
 * Shows the chapters the requests in split virtqueues: what the driver makes
 * available, what the device gives back.
 */
#include "sim/check/clauses/book.h"

#include <stdlib.h>
#include <string.h>

/* A little-endian 16-bit field of a ring; false: there is no memory. */
static bool ring_read(const struct rulebook *b, uint64_t at, uint16_t *value)
{
	const uint8_t *p = world_memory(b->world, at, 2);

	if (p)
		memcpy(value, p, 2);
	return p != NULL;
}

static void show_available(struct rulebook *b, struct page *p,
			   struct view_queue *q, struct chain *c,
			   const struct event *ev)
{
	struct turns t = turns_of(b, p, p->hooks[HOOK_AVAILABLE], ev);

	c->seen = ev->seq;
	while (turns_next(&t))
		t.chapter->available(&t.reading, q, c);
}

static void see_entry(struct rulebook *b, struct page *p, struct view_queue *q,
		      uint16_t head, const struct event *ev)
{
	struct chain beyond = { .head = head, .odd = CHAIN_HEAD_BEYOND };

	if (head >= q->size)
		show_available(b, p, q, &beyond, ev);
	else if (chain_follow(&q->chains[head], &p->view, q, head))
		show_available(b, p, q, &q->chains[head], ev);
}

static void show_look(struct rulebook *b, struct page *p, struct view_queue *q,
		      uint16_t idx, const struct event *ev)
{
	struct turns t = turns_of(b, p, p->hooks[HOOK_LOOK], ev);

	while (turns_next(&t))
		t.chapter->look(&t.reading, q, idx);
}

void rings_look(struct rulebook *b, struct page *p, struct view_queue *q,
		const struct event *ev)
{
	uint16_t idx, head, moved;

	if (!q->size || !q->driver || !ring_read(b, q->driver + 2, &idx))
		return;
	if (!q->chains)
		q->chains = calloc(q->size, sizeof(*q->chains));
	if (!q->chains)
		return;
	show_look(b, p, q, idx, ev);
	/* More than there is room for: the ring no longer has what they were.
	 * Backwards: what it has was seen. */
	moved = (uint16_t)(idx - q->looked);
	if (moved > q->size)
		q->looked = moved >= 0x8000 ? idx : (uint16_t)(idx - q->size);
	for (; q->looked != idx; q->looked++) {
		if (!ring_read(b, q->driver + 4 + 2ull * (q->looked % q->size),
			       &head))
			return;
		see_entry(b, p, q, head, ev);
	}
}

static void see_element(struct rulebook *b, struct page *p,
			struct view_queue *q, uint64_t element,
			const struct event *ev)
{
	struct turns t = turns_of(b, p, p->hooks[HOOK_USED], ev);
	uint32_t id = (uint32_t)element, len = (uint32_t)(element >> 32);
	struct chain *c = q->chains && id < q->size && q->chains[id].outstanding
			  ? &q->chains[id] : NULL;

	while (turns_next(&t))
		t.chapter->used(&t.reading, q, c, id, len);
	if (c)
		c->outstanding = false;
	q->pushed++;
}

static void show_wish(struct rulebook *b, struct page *p, struct view_queue *q,
		      uint64_t at, const struct event *ev)
{
	struct turns t = turns_of(b, p, p->hooks[HOOK_WISH], ev);

	while (turns_next(&t))
		t.chapter->wish(&t.reading, q, at, (uint16_t)ev->value);
}

/*
 * The used ring, 2.7.8:
 *   flags 2 | idx 2 | { id 4 | len 4 } ... | avail_event 2
 */
static void see_used(struct rulebook *b, struct page *p, struct view_queue *q,
		     const struct event *ev)
{
	uint64_t at = ev->addr - q->device, end = at + ev->len, element;
	const uint8_t *m;

	if (at == 2)
		q->used = (uint16_t)ev->value;
	if (!at || at == 4 + 8ull * q->size)
		show_wish(b, p, q, at, ev);
	for (; at >= 4 && at + 8 <= end && at + 8 <= 4 + 8ull * q->size; at += 8) {
		element = ev->value;
		m = at + q->device == ev->addr
			? NULL : world_memory(b->world, q->device + at, 8);
		if (m)
			memcpy(&element, m, 8);
		see_element(b, p, q, element, ev);
	}
}

static bool within(const struct span *s, const struct event *ev)
{
	return ev->addr >= s->low && ev->addr < s->high;
}

static void widen(struct span *s, uint64_t at, uint64_t bytes)
{
	if (!s->high || at < s->low)
		s->low = at;
	if (at + bytes > s->high)
		s->high = at + bytes;
}

void rings_find(struct page *p)
{
	unsigned int i;

	p->drivers = p->devices = (struct span){ 0, 0 };
	for (i = 0; i < p->view.nqueues; i++) {
		const struct view_queue *q = &p->view.queues[i];

		if (!q->enabled || !q->size)
			continue;
		widen(&p->drivers, q->driver, 6 + 2ull * q->size);
		widen(&p->devices, q->device, 6 + 8ull * q->size);
		/* Beside it, mostly; and there is nothing to be written. */
		widen(&p->devices, q->desc, 16ull * q->size);
	}
}

/* The available ring's flags and idx (2.7.6), 2 bytes each.  A device looks more
 * often than there is news. */
static void see_index(struct rulebook *b, struct page *p, struct view_queue *q,
		      const struct event *ev)
{
	const uint64_t at = ev->addr - q->driver;

	if (at > 2 || at + ev->len < 4)
		return;
	q->seen = (uint16_t)(ev->value >> 8 * (2 - at));
	if (q->seen != q->looked)
		rings_look(b, p, q, ev);
}

/* Most DMA is of data. */
void rings_on_read(struct observer *o, const struct event *ev)
{
	struct rulebook *b = (struct rulebook *)o;
	struct page *p;
	unsigned int i;

	if (ev->device >= b->world->ndevices ||
	    !within(&b->pages[ev->device].drivers, ev) ||
	    !(p = book_page(b, ev)))
		return;
	for (i = 0; i < p->view.nqueues; i++) {
		struct view_queue *q = &p->view.queues[i];

		if (q->enabled && ev->addr - q->driver < 4) {
			see_index(b, p, q, ev);
			return;
		}
	}
}

static void __attribute__((noinline))
see_table(struct rulebook *b, struct page *p, const struct event *ev)
{
	unsigned int i;

	for (i = 0; i < p->view.nqueues; i++) {
		struct view_queue *q = &p->view.queues[i];
		struct turns t = turns_of(b, p, p->hooks[HOOK_TABLE], ev);

		if (!q->enabled || ev->addr >= q->desc + 16ull * q->size ||
		    ev->addr + ev->len <= q->desc)
			continue;
		while (turns_next(&t))
			t.chapter->table(&t.reading, q);
	}
}

void rings_on_write(struct observer *o, const struct event *ev)
{
	struct rulebook *b = (struct rulebook *)o;
	struct page *p = NULL;
	unsigned int i;

	if (ev->device >= b->world->ndevices ||
	    !within(&b->pages[ev->device].devices, ev) ||
	    !(p = book_page(b, ev)))
		return;
	for (i = 0; i < p->view.nqueues; i++) {
		struct view_queue *q = &p->view.queues[i];

		if (q->enabled && ev->addr - q->device < 6 + 8ull * q->size) {
			see_used(b, p, q, ev);
			return;
		}
	}
	see_table(b, p, ev);
}
