/* SPDX-License-Identifier: MIT */
/*
 * Entropy device, virtio 1.2 5.4.
 */
#include <inttypes.h>

#include "sim/check/clauses/chapters.h"

static void available(struct reading *r, struct view_queue *q,
		      const struct chain *c)
{
	(void)q;
	if (!(c->odd & CHAIN_UNSOUND))
		clause_judge(r, CLAUSE_RNG_OP_D1, !c->readable,
			     "the driver put %" PRIu64 " device-readable bytes "
			     "into the entropy queue", c->readable);
}

/* A buffer that lies in no memory cannot be filled. */
static void used(struct reading *r, struct view_queue *q, const struct chain *c,
		 uint32_t id, uint32_t len)
{
	uint8_t byte;

	(void)q;
	if (c && !(c->odd & CHAIN_UNSOUND) &&
	    chain_read(c, r->v->world, true, 0, &byte, 1))
		clause_judge(r, CLAUSE_RNG_OP_V1, len,
			     "the device used buffer %" PRIu32 " of %" PRIu64
			     " bytes with length 0", id, c->writable);
}

const struct chapter chapter_entropy = {
	.name = "entropy",
	.type = 4,
	.available = available,
	.used = used,
};
