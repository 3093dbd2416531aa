/* SPDX-License-Identifier: MIT */
/*
 * Split virtqueues, virtio 1.2 2.7: where a driver puts them, and the requests
 * that it makes available.
 */
#include "sim/check/clauses/chapters.h"

#include <string.h>

#define F_IN_ORDER (1ull << 35)

/* What is odd about a chain, and which clause that breaks. */
static const struct row {
	uint32_t odd;
	enum clause clause;
	bool indirect;       /* of chains with an indirect table only */
	bool in_order;       /* with IN_ORDER only */
	const char *text;
} rows[] = {
	{ CHAIN_READ_AFTER_WRITE, CLAUSE_SQ_MSG_D1, false, false,
	  "with a buffer that the device reads behind one that it writes" },
	{ CHAIN_EMPTY_PART, CLAUSE_SQ_MSG_D2, false, false,
	  "with a descriptor of no bytes" },
	{ CHAIN_LOOP | CHAIN_OVER_4G, CLAUSE_SQ_DESC_D1, false, false,
	  "that loops, or is of more than 2^32 bytes" },
	{ CHAIN_TOO_LONG, CLAUSE_SQ_IND_D3, false, false,
	  "of more buffers than the queue's size" },
	{ CHAIN_INDIRECT_OFF, CLAUSE_SQ_IND_D1, true, false,
	  "with an indirect descriptor and without INDIRECT_DESC" },
	{ CHAIN_NESTED, CLAUSE_SQ_IND_D2, true, false,
	  "with INDIRECT inside of an indirect table" },
	{ CHAIN_INDIRECT_NEXT, CLAUSE_SQ_IND_D4, true, false,
	  "with INDIRECT and NEXT in one descriptor" },
	{ CHAIN_JUMPS, CLAUSE_SQ_DESC_D2, false, true,
	  "whose next is not the following descriptor, in spite of IN_ORDER" },
	{ CHAIN_INDIRECT_JUMPS, CLAUSE_SQ_IND_D5, true, true,
	  "whose indirect table is not in sequence, in spite of IN_ORDER" },
	{ CHAIN_HEAD_BEYOND | CHAIN_NEXT_BEYOND, CLAUSE_IMP_D6, false, false,
	  "that leads beyond its table" },
	{ CHAIN_OUTSTANDING, CLAUSE_IMP_D7, false, false,
	  "that the device had not used yet" },
};

struct state {
	/* Chains with nothing odd were seen: direct and indirect ones. */
	bool sound[2];
};

/* ---- where a queue is ---- */

static void judge_place(struct reading *r, const struct view_queue *q)
{
	const uint8_t *used = world_memory(r->v->world, q->device, 2);

	clause_judge(r, CLAUSE_SQ_LAY_D1,
		     !(q->desc & 15) && !(q->driver & 1) && !(q->device & 3),
		     "the driver enabled queue %u with rings at 0x%llx, 0x%llx "
		     "and 0x%llx, not aligned to 16, 2 and 4 bytes",
		     view_queue_number(r->v, q), (unsigned long long)q->desc,
		     (unsigned long long)q->driver,
		     (unsigned long long)q->device);
	if (q->largest && q->size)
		clause_judge(r, CLAUSE_IMP_D4, q->size <= q->largest,
			     "the driver enabled queue %u with a size of %u, of "
			     "which the device offers %u",
			     view_queue_number(r->v, q), q->size, q->largest);
	if (used)
		clause_judge(r, CLAUSE_SQ_ANOT_D1, !used[0] && !used[1],
			     "the driver enabled queue %u with 0x%x in the used "
			     "ring's flags", view_queue_number(r->v, q),
			     used[0] | used[1] << 8);
}

static void access(struct reading *r, const struct access *a)
{
	const struct view_queue *q = view_selected(r->v);

	if (a->write && a->value == 1 && q && !q->enabled &&
	    access_is(a, VIEW_COMMON, COMMON_QUEUE_ENABLE, 2))
		judge_place(r, q);
}

/* ---- what is made available ---- */

static void look(struct reading *r, struct view_queue *q, uint16_t idx)
{
	const uint16_t moved = (uint16_t)(idx - q->looked);
	/* More than the ring holds, but hardly: backwards. */
	const bool back = moved > q->size && moved >= 0x8000;

	clause_judge(r, CLAUSE_SQ_AVAIL_D1, !back,
		     "the driver moved the available index of queue %u from %u "
		     "back to %u", view_queue_number(r->v, q), q->looked, idx);
	if (!back)
		clause_judge(r, CLAUSE_IMP_D5,
			     (uint16_t)(idx - q->used) <= q->size,
			     "the driver moved the available index of queue %u "
			     "to %u while the used index is %u: more than its "
			     "%u entries", view_queue_number(r->v, q), idx,
			     q->used, q->size);
}

static bool row_applies(const struct row *row, const struct view *v,
			const struct chain *c)
{
	return (!row->indirect || c->indirect) &&
	       (!row->in_order || v->negotiated & F_IN_ORDER);
}

static void available(struct reading *r, struct view_queue *q,
		      const struct chain *c)
{
	struct state *s = r->state;
	size_t i;

	/* Most are like one that was judged. */
	if (!c->odd && s->sound[c->indirect])
		return;
	s->sound[c->indirect] |= !c->odd;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (row_applies(&rows[i], r->v, c))
			clause_judge(r, rows[i].clause, !(c->odd & rows[i].odd),
				     "the driver made descriptor %u of queue %u "
				     "available, a chain %s", c->head,
				     view_queue_number(r->v, q), rows[i].text);
}

/* ---- what comes back, and what the device leaves alone ---- */

/* The index has not moved yet: the driver does not know. */
static void used(struct reading *r, struct view_queue *q, const struct chain *c,
		 uint32_t id, uint32_t len)
{
	(void)len;
	if (c && !c->odd)
		clause_judge(r, CLAUSE_CLEAN_D1, chain_stands(c, r->v, q),
			     "the driver changed the chain of descriptor %u of "
			     "queue %u before the device had used it", id,
			     view_queue_number(r->v, q));
}

/* Where a driver gives it its own table for a buffer, the device can't help it.  A
 * queue from before the device was driven by its legacy registers is none. */
static void table(struct reading *r, struct view_queue *q)
{
	if (!r->v->legacy && !(view_parts_at(r->v, r->ev->addr) & VIEW_WRITABLE))
		clause_broken(r, CLAUSE_SQ_DESC_V4,
			      "the device wrote %u bytes at 0x%llx, in the "
			      "descriptor table of queue %u", r->ev->len,
			      (unsigned long long)r->ev->addr,
			      view_queue_number(r->v, q));
}

static void leave(struct reading *r)
{
	unsigned int i;

	for (i = 0; i < r->v->nqueues; i++)
		if (r->v->queues[i].pushed)
			clause_kept(r, CLAUSE_SQ_DESC_V4);
}

/* That it takes buffers away without that is sim/check/queue_memory.c's. */
static void reset(struct reading *r)
{
	unsigned int i;

	leave(r);
	for (i = 0; i < r->v->nqueues; i++)
		if (view_outstanding(&r->v->queues[i]))
			clause_kept(r, CLAUSE_CLEAN_D2);
	memset(r->state, 0, sizeof(struct state));
}

static void end(struct reading *r, bool rest)
{
	(void)rest;
	leave(r);
}

const struct chapter chapter_split_ring = {
	.name = "split ring",
	.state = sizeof(struct state),
	.parts = VIEW_BIT(VIEW_COMMON),
	.registers = COMMON_BIT(COMMON_QUEUE_ENABLE),
	.access = access,
	.look = look,
	.available = available,
	.used = used,
	.table = table,
	.reset = reset,
	.end = end,
};
