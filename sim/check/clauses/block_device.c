/* SPDX-License-Identifier: MIT */
/*
 * Block device, virtio 1.2 5.2: what binds the device.  The medium is judged by
 * what the driver is given of it.
 */
#include "sim/check/clauses/block.h"

#include <inttypes.h>
#include <string.h>

#define CONFIG_SOURCE 0xffffu /* MODEL_EV_NOTIFY: a configuration change */
/* A reset so soon after a change comes before its announcement. */
#define ANNOUNCED_PS 1000000000ull

/* ---- what it shows, 5.2.5.2 ---- */

static void show_features(struct reading *r, uint32_t low)
{
	clause_judge(r, CLAUSE_BLK_INIT_V1, low & BLK_F_FLUSH,
		     "the device offered the features 0x%" PRIx32
		     ", without FLUSH", low);
	if (low & BLK_F_CONFIG_WCE)
		clause_judge(r, CLAUSE_BLK_INIT_V2, low & BLK_F_FLUSH,
			     "the device offered the features 0x%" PRIx32
			     ", CONFIG_WCE without FLUSH", low);
}

static uint8_t byte_of(const struct access *a, uint32_t offset)
{
	return (uint8_t)(a->value >> 8 * (offset - a->offset));
}

static void show_writeback(struct reading *r, const struct access *a)
{
	const struct block *b = r->state;

	if ((r->v->negotiated & (BLK_F_CONFIG_WCE | BLK_F_FLUSH)) !=
		    BLK_F_CONFIG_WCE || b->written[BLK_WRITEBACK])
		return;
	clause_judge(r, CLAUSE_BLK_INIT_V3, !byte_of(a, BLK_WRITEBACK),
		     "the device showed %u in writeback, which nobody has "
		     "written, without FLUSH", byte_of(a, BLK_WRITEBACK));
}

static void show_padding(struct reading *r, const struct access *a)
{
	static const uint8_t padding[] = {
		BLK_UNUSED0, BLK_UNUSED1, BLK_UNUSED1 + 1, BLK_UNUSED1 + 2
	};
	const struct block *b = r->state;
	size_t i;

	for (i = 0; i < sizeof(padding); i++)
		if (access_touches(a, VIEW_DEVICE, padding[i], 1) &&
		    !b->written[padding[i]])
			clause_judge(r, CLAUSE_BLK_INIT_V4,
				     !byte_of(a, padding[i]),
				     "the device showed 0x%x in the padding at "
				     "0x%x of its configuration",
				     byte_of(a, padding[i]), padding[i]);
}

/* 5.2.6.2: a change is announced.  It may be that the driver looked between the
 * change and the announcement. */
static void show_may_unmap(struct reading *r, const struct access *a)
{
	struct block *b = r->state;
	uint64_t was;

	if (block_field(b, BLK_WRITE_ZEROES_MAY_UNMAP, 1, &was) &&
	    was != byte_of(a, BLK_WRITE_ZEROES_MAY_UNMAP)) {
		if (b->announced == b->announced_at_read)
			b->unannounced = a->ev->time;
		else
			clause_kept(r, CLAUSE_BLK_OP_V10);
	}
	b->announced_at_read = b->announced;
}

void block_device_access(struct reading *r, const struct access *a)
{
	if (a->write || access_unanswered(a))
		return;
	if (access_is(a, VIEW_COMMON, COMMON_DEVICE_FEATURE, 4) &&
	    !r->v->device_feature_select)
		show_features(r, (uint32_t)a->value);
	if (access_touches(a, VIEW_DEVICE, BLK_WRITEBACK, 1))
		show_writeback(r, a);
	if (access_touches(a, VIEW_DEVICE, BLK_UNUSED0, BLK_CONFIG_BYTES))
		show_padding(r, a);
	if (access_touches(a, VIEW_DEVICE, BLK_WRITE_ZEROES_MAY_UNMAP, 1))
		show_may_unmap(r, a);
}

void block_device_event(struct reading *r)
{
	struct block *b = r->state;

	if (r->ev->index != CONFIG_SOURCE)
		return;
	b->announced++;
	if (b->unannounced)
		clause_kept(r, CLAUSE_BLK_OP_V10);
	b->unannounced = 0;
}

static void not_announced(struct reading *r)
{
	clause_broken(r, CLAUSE_BLK_OP_V10, "the device changed "
		      "write_zeroes_may_unmap and announced no change of its "
		      "configuration");
}

void block_device_reset(struct reading *r)
{
	const struct block *b = r->state;

	if (b->unannounced && r->ev->time - b->unannounced > ANNOUNCED_PS)
		not_announced(r);
}

void block_device_end(struct reading *r, bool rest)
{
	const struct block *b = r->state;

	if (rest && b->unannounced)
		not_announced(r);
}

/* ---- sectors that are zeroes, 5.2.6.2 ---- */

static bool overlap(uint64_t a, uint64_t na, uint64_t b, uint64_t nb)
{
	return a < b + nb && b < a + na;
}

static void forget_zeroed(struct block *b, uint64_t sector, uint64_t count)
{
	unsigned int i;

	for (i = 0; i < BLK_ZEROED; i++)
		if (overlap(b->zeroed[i].sector, b->zeroed[i].count, sector,
			    count))
			b->zeroed[i].count = 0;
}

/* Forgets what the request may put something else into. */
static void forget_written(struct block *b, const struct world *w,
			   const struct chain *c, const struct block_request *q)
{
	struct block_range range;
	uint64_t i;

	if (q->type == BLK_T_OUT)
		forget_zeroed(b, q->sector, q->out / BLK_SECTOR + 1);
	if (q->type != BLK_T_DISCARD && q->type != BLK_T_SECURE_ERASE)
		return;
	for (i = 0; i < block_ranges(q) && block_range(c, w, i, &range); i++)
		forget_zeroed(b, range.sector, range.count);
}

/* Requests that were on their way together may be served in any order. */
static void forget_outstanding(struct reading *r)
{
	const struct view *v = r->v;
	struct block_request q;
	unsigned int i;
	uint32_t k;

	for (i = 0; i < v->nqueues; i++)
		for (k = 0; v->queues[i].chains && k < v->queues[i].size; k++) {
			const struct chain *c = &v->queues[i].chains[k];

			if (c->outstanding && block_request(c, v->world, &q))
				forget_written(r->state, v->world, c, &q);
		}
}

static void zeroed(struct reading *r, const struct chain *c,
		   const struct block_request *q)
{
	struct block *b = r->state;
	struct block_range range;
	uint64_t i;

	for (i = 0; i < block_ranges(q) &&
		    block_range(c, r->v->world, i, &range); i++)
		b->zeroed[b->next_zeroed++ % BLK_ZEROED] = (struct block_zeroed){
			range.sector, range.count, r->ev->seq
		};
	forget_outstanding(r);
}

/* Of `count` sectors from `at` on in what the request has read. */
static bool all_zero(struct reading *r, const struct chain *c, uint64_t at,
		     uint64_t count)
{
	static const uint8_t zeroes[BLK_SECTOR];
	uint8_t data[BLK_SECTOR];

	for (; count; count--, at++)
		if (chain_read(c, r->v->world, true, at * BLK_SECTOR, data,
			       BLK_SECTOR) == BLK_SECTOR &&
		    memcmp(data, zeroes, BLK_SECTOR))
			return false;
	return true;
}

static void judge_zeroes(struct reading *r, const struct chain *c,
			 const struct block_request *q)
{
	const struct block *b = r->state;
	uint64_t count = q->in / BLK_SECTOR, from, to;
	unsigned int i;

	for (i = 0; i < BLK_ZEROED; i++) {
		const struct block_zeroed *z = &b->zeroed[i];

		if (!z->count || c->seen <= z->since ||
		    !overlap(z->sector, z->count, q->sector, count))
			continue;
		from = z->sector > q->sector ? z->sector : q->sector;
		to = z->sector + z->count < q->sector + count
			     ? z->sector + z->count : q->sector + count;
		clause_judge(r, CLAUSE_BLK_OP_V7,
			     all_zero(r, c, from - q->sector, to - from),
			     "the device read other than zeroes from sectors "
			     "%" PRIu64 " to %" PRIu64 ", which it had zeroed",
			     from, to - 1);
	}
}

/* ---- a read-only disk, 5.2.6.2 ---- */

static uint64_t sum_of(const struct chain *c, const struct world *w,
		       bool writable, uint64_t at)
{
	uint64_t words[BLK_SECTOR / 8], sum = 1;
	size_t i;

	memset(words, 0, sizeof(words));
	chain_read(c, w, writable, at, words, sizeof(words));
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		sum = (sum ^ words[i]) * 0x100000001b3ull + (sum >> 47);
	return sum;
}

static void try_to_write(struct reading *r, const struct chain *c,
			 const struct block_request *q)
{
	struct block *b = r->state;
	uint64_t i;

	for (i = 0; i < q->out / BLK_SECTOR; i++) {
		struct block_sector *s =
			&b->sectors[(q->sector + i) % BLK_SECTORS];

		if (!s->known || s->sector != q->sector + i)
			continue;
		s->tried = true;
		s->attempt = sum_of(c, r->v->world, false,
				    16 + i * BLK_SECTOR);
	}
}

/* Only what a write has brought is judged: what is behind the device may change
 * for other reasons. */
static void judge_unmodified(struct reading *r, const struct chain *c,
			     const struct block_request *q)
{
	struct block *b = r->state;
	uint64_t i, sum;

	for (i = 0; i < q->in / BLK_SECTOR; i++) {
		struct block_sector *s =
			&b->sectors[(q->sector + i) % BLK_SECTORS];

		sum = sum_of(c, r->v->world, true, i * BLK_SECTOR);
		if (s->known && s->tried && s->sector == q->sector + i &&
		    s->attempt != s->sum)
			clause_judge(r, CLAUSE_BLK_OP_V2, sum != s->attempt,
				     "the device has written sector %" PRIu64
				     " of a read-only disk", s->sector);
		else
			*s = (struct block_sector){ .known = true, .sum = sum,
						    .sector = q->sector + i };
	}
}

/* ---- what becomes of requests ---- */

void block_device_available(struct reading *r, const struct chain *c,
			    const struct block_request *q)
{
	forget_written(r->state, r->v->world, c, q);
	if (q->type == BLK_T_OUT && view_offers(r->v, BLK_F_RO))
		try_to_write(r, c, q);
}

static bool within_disk(struct reading *r, const struct block_range *range)
{
	uint64_t capacity;

	return block_field(r->state, BLK_CAPACITY, 8, &capacity) &&
	       range->sector <= capacity &&
	       range->count <= capacity - range->sector;
}

/* A flag that the request does not have; other reasons to refuse it are left
 * alone. */
static void judge_flags(struct reading *r, const struct chain *c,
			const struct block_request *q, uint8_t status)
{
	struct block_range range;
	bool unknown, unmap;

	if (view_offers(r->v, BLK_F_RO) || q->out != BLK_RANGE_BYTES ||
	    !block_range(c, r->v->world, 0, &range) || !within_disk(r, &range))
		return;
	unknown = range.flags & ~BLK_RANGE_UNMAP;
	unmap = q->type == BLK_T_DISCARD && range.flags & BLK_RANGE_UNMAP;
	if (unknown)
		clause_judge(r, CLAUSE_BLK_OP_V3, status == BLK_S_UNSUPP,
			     "the device answered a segment with the flags 0x%"
			     PRIx32 " with status %u", range.flags, status);
	if (unmap)
		clause_judge(r, CLAUSE_BLK_OP_V4, status == BLK_S_UNSUPP,
			     "the device answered a DISCARD with unmap set with "
			     "status %u", status);
}

/* struct virtio_blk_lifetime: pre_eol_info 2 | est_typ_a 2 | est_typ_b 2 */
static void judge_lifetime(struct reading *r, const struct chain *c)
{
	uint16_t info[3];

	if (chain_read(c, r->v->world, true, 0, info, sizeof(info)) <
	    sizeof(info))
		return;
	clause_judge(r, CLAUSE_BLK_OP_V17,
		     info[0] <= 3 && info[1] <= 0xb && info[2] <= 0xb,
		     "the device answered a GET_LIFETIME with 0x%x, 0x%x, 0x%x",
		     info[0], info[1], info[2]);
}

static void served(struct reading *r, const struct chain *c,
		   const struct block_request *q)
{
	switch (q->type) {
	case BLK_T_IN:
		judge_zeroes(r, c, q);
		if (view_offers(r->v, BLK_F_RO))
			judge_unmodified(r, c, q);
		break;
	case BLK_T_WRITE_ZEROES:
		zeroed(r, c, q);
		break;
	case BLK_T_GET_LIFETIME:
		judge_lifetime(r, c);
		break;
	default:
		break;
	}
}

void block_device_used(struct reading *r, const struct chain *c)
{
	struct block_request q;
	uint8_t status;

	if (!block_request(c, r->v->world, &q) ||
	    chain_read(c, r->v->world, true, c->writable - 1, &status, 1) < 1)
		return;
	if (q.type == BLK_T_OUT && view_offers(r->v, BLK_F_RO))
		clause_judge(r, CLAUSE_BLK_OP_V1, status == BLK_S_IOERR,
			     "the device answered a write to a read-only disk "
			     "with status %u", status);
	if (block_has_ranges(&q))
		judge_flags(r, c, &q, status);
	if (!block_framing_usual(c))
		block_framing_used(r, c, &q, status);
	if (status == BLK_S_OK)
		served(r, c, &q);
}
