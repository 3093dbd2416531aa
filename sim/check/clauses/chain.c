/* SPDX-License-Identifier: MIT */
/*
 * Follows descriptor chains in the guest's memory.
 *
 *   descriptor   addr 8 | len 4 | flags 2 | next 2
 */
#include "sim/check/clauses/chain.h"

#include <stdlib.h>
#include <string.h>

#include "sim/check/clauses/view.h"

#define DESC_BYTES 16u
#define F_INDIRECT_DESC (1ull << 28) /* virtio 1.2 6 */
#define F_IN_ORDER (1ull << 35)

_Static_assert(sizeof(struct chain_part) == DESC_BYTES,
	       "a part is a descriptor as it lies in memory");

/* A table of descriptors: the queue's, or an indirect one. */
struct table {
	const struct view *v;
	uint64_t at;
	uint32_t size;
};

static bool fetch(const struct table *t, uint32_t i, struct chain_part *d)
{
	const uint8_t *p = world_memory(t->v->world, t->at + i * DESC_BYTES,
					DESC_BYTES);

	if (p)
		memcpy(d, p, DESC_BYTES);
	return p != NULL;
}

static bool add_part(struct chain *c, uint64_t at, const struct chain_part *d)
{
	struct chain_part *bigger;

	if (!c->nparts)
		c->at = at;
	else if (at != c->at + (uint64_t)c->nparts * DESC_BYTES)
		c->at = 0;
	if (c->nparts == c->capacity) {
		bigger = realloc(c->parts, (c->capacity + 4ull) * 2 *
						   sizeof(*bigger));
		if (!bigger)
			return false;
		c->parts = bigger;
		c->capacity = (c->capacity + 4) * 2;
	}
	c->parts[c->nparts++] = *d;
	if (!d->len)
		c->odd |= CHAIN_EMPTY_PART;
	if (chain_part_writable(d)) {
		c->writable += d->len;
	} else {
		c->readable += d->len;
		if (c->writable)
			c->odd |= CHAIN_READ_AFTER_WRITE;
	}
	return true;
}

static bool follow(struct chain *c, const struct table *t, uint32_t i,
		   bool inside);

static bool follow_indirect(struct chain *c, const struct view *v,
			    const struct chain_part *d)
{
	const struct table t = { v, d->addr, d->len / DESC_BYTES };

	c->indirect = true;
	if (d->flags & DESC_NEXT)
		c->odd |= CHAIN_INDIRECT_NEXT;
	if (d->flags & DESC_WRITE)
		c->odd |= CHAIN_INDIRECT_WRITE;
	if (!(v->accepted & F_INDIRECT_DESC))
		c->odd |= CHAIN_INDIRECT_OFF;
	if (!d->len || d->len % DESC_BYTES)
		c->odd |= CHAIN_INDIRECT_LENGTH;
	return !t.size || follow(c, &t, 0, true);
}

static bool follow(struct chain *c, const struct table *t, uint32_t i,
		   bool inside)
{
	uint32_t n;
	struct chain_part d;

	for (n = 0; n < t->size; n++) {
		if (!fetch(t, i, &d)) {
			c->odd |= CHAIN_NO_MEMORY;
			return true;
		}
		if (!inside)
			c->descriptors++;
		if (d.flags & ~(DESC_NEXT | DESC_WRITE | DESC_INDIRECT))
			c->odd |= CHAIN_UNKNOWN_FLAGS;
		if (d.flags & DESC_INDIRECT && inside)
			c->odd |= CHAIN_NESTED;
		else if (d.flags & DESC_INDIRECT)
			return follow_indirect(c, t->v, &d);
		if (!add_part(c, t->at + i * DESC_BYTES, &d))
			return false;
		if (!(d.flags & DESC_NEXT))
			return true;
		if (t->v->accepted & F_IN_ORDER &&
		    d.next != (inside ? i + 1 : (i + 1) % t->size))
			c->odd |= inside ? CHAIN_INDIRECT_JUMPS : CHAIN_JUMPS;
		if (d.next >= t->size) {
			c->odd |= CHAIN_NEXT_BEYOND;
			return true;
		}
		i = d.next;
	}
	c->odd |= CHAIN_LOOP;
	return true;
}

bool chain_follow(struct chain *c, const struct view *v,
		  const struct view_queue *q, uint16_t head)
{
	const struct table t = { v, q->desc, q->size };

	*c = (struct chain){ .outstanding = true, .head = head,
			     .odd = c->outstanding ? CHAIN_OUTSTANDING : 0,
			     .parts = c->parts, .capacity = c->capacity };
	if (!follow(c, &t, head, false))
		return false;
	if (c->nparts > q->size)
		c->odd |= CHAIN_TOO_LONG;
	if (c->readable + c->writable > 1ull << 32)
		c->odd |= CHAIN_OVER_4G;
	return true;
}

static bool same(const struct chain_part *a, const struct chain_part *b)
{
	return a->addr == b->addr && a->len == b->len &&
	       a->flags == b->flags &&
	       (a->next == b->next || !(a->flags & DESC_NEXT));
}

/* Descriptor by descriptor. */
static bool stands(const struct chain *c, struct table t, uint32_t i)
{
	struct chain_part d;
	uint32_t n = 0;

	do {
		if (i >= t.size || n == c->nparts || !fetch(&t, i, &d) ||
		    !same(&c->parts[n++], &d))
			return false;
		i = d.next;
	} while (d.flags & DESC_NEXT);
	return n == c->nparts;
}

bool chain_stands(const struct chain *c, const struct view *v,
		  const struct view_queue *q)
{
	const uint64_t bytes = (uint64_t)c->nparts * DESC_BYTES;
	struct table t = { v, q->desc, q->size };
	uint32_t i = c->head;
	struct chain_part d;
	const uint8_t *m;

	if (i >= t.size || !fetch(&t, i, &d))
		return false;
	if (d.flags & DESC_INDIRECT) {
		t = (struct table){ v, d.addr, d.len / DESC_BYTES };
		i = 0;
	}
	m = c->at == t.at + i * DESC_BYTES ?
		    world_memory(v->world, c->at, bytes) : NULL;
	return (m && !memcmp(m, c->parts, bytes)) || stands(c, t, i);
}

void chain_free(struct chain *c)
{
	free(c->parts);
	*c = (struct chain){ .parts = NULL };
}

uint32_t chain_gather(const struct chain *c, const struct world *w,
		      bool writable, uint64_t at, void *buf, uint32_t len)
{
	uint32_t i, n, got = 0;
	const void *p;

	for (i = 0; i < c->nparts && got < len; i++) {
		const struct chain_part *part = &c->parts[i];

		if (chain_part_writable(part) != writable)
			continue;
		if (at >= part->len) {
			at -= part->len;
			continue;
		}
		n = part->len - (uint32_t)at;
		if (n > len - got)
			n = len - got;
		p = world_memory(w, part->addr + at, n);
		if (!p)
			break;
		memcpy((char *)buf + got, p, n);
		got += n;
		at = 0;
	}
	return got;
}
