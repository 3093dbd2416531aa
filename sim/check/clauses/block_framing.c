/* SPDX-License-Identifier: MIT */
/*
 * Requests of virtio-blk that are cut into buffers as hardly any driver does it,
 * virtio 1.2 2.7.4.1 and 2.7.5.3.2: the answer tells that the device understood
 * them.  Of other devices it is not known which answer that would be.
 *
 * One that succeeds keeps the clause.  What breaks it is an answer that no IN or
 * OUT can get but by a misread header, or that the device breaks down with
 * nothing else in its hands; not after a fault, and only where one thing is odd.
 */
#include "sim/check/clauses/block.h"

#define HEADER_BYTES 16u

/* The ways in which one can be odd. */
static const struct way {
	enum clause clause;
	const char *text;
} ways[] = {
	{ CLAUSE_SQ_IND_V1, "whose indirect descriptor has WRITE set" },
	{ CLAUSE_SQ_IND_V2, "whose chain ends in an indirect descriptor" },
	{ CLAUSE_SQ_MSG_V1, "whose header or status is not alone in a buffer" },
};

/* A bit of each; 0: it is as any other, or is wrong. */
static unsigned int ways_of(const struct chain *c)
{
	const bool plain = c->parts[0].len == HEADER_BYTES &&
			   c->parts[c->nparts - 1].len == 1;

	if (c->odd & ~(uint32_t)CHAIN_INDIRECT_WRITE)
		return 0;
	return (c->odd ? 1u : 0) |
	       (c->indirect && c->descriptors > 1 ? 2u : 0) | (plain ? 0 : 4u);
}

/* NULL: none, or several. */
static const struct way *only_way(const struct chain *c)
{
	const unsigned int odd = ways_of(c);

	return odd && !(odd & (odd - 1)) ? &ways[__builtin_ctz(odd)] : NULL;
}

/* Is it one that every device can serve? */
static bool can_be_served(const struct block_request *q)
{
	return (q->type == BLK_T_IN && !q->out && q->in &&
		q->in % BLK_SECTOR == 0) ||
	       (q->type == BLK_T_OUT && !q->in && q->out &&
		q->out % BLK_SECTOR == 0);
}

void block_framing_used(struct reading *r, const struct chain *c,
			const struct block_request *q, uint8_t status)
{
	const unsigned int odd = ways_of(c);
	const struct way *way = only_way(c);
	unsigned int i;

	for (i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (odd >> i & 1 && status == BLK_S_OK)
			clause_kept(r, ways[i].clause);
	if (way && status > BLK_S_IOERR && can_be_served(q) &&
	    !reading_disturbed(r))
		clause_broken(r, way->clause, "the device answered %s %s with "
			      "status %u", q->type == BLK_T_IN ? "an IN"
							       : "an OUT",
			      way->text, status);
}

/* NULL: the device has none in its hands, or several. */
static const struct chain *only_outstanding(const struct view *v)
{
	const struct chain *found = NULL;
	unsigned int i;
	uint32_t k;

	for (i = 0; i < v->nqueues; i++)
		for (k = 0; v->queues[i].chains && k < v->queues[i].size; k++) {
			if (!v->queues[i].chains[k].outstanding)
				continue;
			if (found)
				return NULL;
			found = &v->queues[i].chains[k];
		}
	return found;
}

void block_framing_broke_down(struct reading *r)
{
	const struct chain *c = only_outstanding(r->v);
	const struct way *way;
	struct block_request q;

	if (!c || reading_disturbed(r) || !block_request(c, r->v->world, &q) ||
	    !can_be_served(&q))
		return;
	way = only_way(c);
	if (way)
		clause_broken(r, way->clause, "the device broke down over %s %s",
			      q.type == BLK_T_IN ? "an IN" : "an OUT",
			      way->text);
}
