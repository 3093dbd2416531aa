/* SPDX-License-Identifier: MIT */
/*
 * Requests of virtio-blk as they lie in memory, virtio 1.2 5.2.6, however they
 * are cut into buffers.
 *
 *   device-readable                          device-writable
 *   type 4 | reserved 4 | sector 8 | data    data | status 1
 */
#include "sim/check/clauses/block.h"

#include <string.h>

#define HEADER_BYTES 16u

bool block_request(const struct chain *c, const struct world *w,
		   struct block_request *q)
{
	uint8_t header[HEADER_BYTES];

	if (c->odd & CHAIN_UNSOUND || c->readable < HEADER_BYTES ||
	    !c->writable ||
	    chain_read(c, w, false, 0, header, HEADER_BYTES) < HEADER_BYTES)
		return false;
	memcpy(&q->type, header, 4);
	memcpy(&q->sector, header + 8, 8);
	q->out = c->readable - HEADER_BYTES;
	q->in = c->writable - 1;
	return true;
}

bool block_has_ranges(const struct block_request *q)
{
	return q->type == BLK_T_DISCARD || q->type == BLK_T_WRITE_ZEROES ||
	       q->type == BLK_T_SECURE_ERASE;
}

/* struct virtio_blk_discard_write_zeroes: sector 8 | num_sectors 4 | flags 4 */
bool block_range(const struct chain *c, const struct world *w, uint64_t i,
		 struct block_range *range)
{
	uint8_t raw[BLK_RANGE_BYTES];

	if (chain_read(c, w, false, HEADER_BYTES + BLK_RANGE_BYTES * i, raw,
		       sizeof(raw)) < sizeof(raw))
		return false;
	memcpy(&range->sector, raw, 8);
	memcpy(&range->count, raw + 8, 4);
	memcpy(&range->flags, raw + 12, 4);
	return true;
}

/* A byte is 1 where it is known. */
bool block_field(const struct block *b, uint32_t offset, uint32_t bytes,
		 uint64_t *value)
{
	const uint64_t mask = UINT64_MAX >> (64 - 8 * bytes);
	const uint64_t all = 0x0101010101010101ull & mask;
	uint64_t known;

	memcpy(&known, b->known + offset, 8);
	memcpy(value, b->config + offset, 8);
	*value &= mask;
	return (known & all) == all;
}
