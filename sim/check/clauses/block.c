/* SPDX-License-Identifier: MIT */
/*
 * Block device, virtio 1.2 5.2: what binds its driver.  What binds the device is
 * in block_device.c and block_framing.c.
 */
#include "sim/check/clauses/block.h"

#include <inttypes.h>
#include <string.h>

#include "sim/check/clauses/chapters.h"

/* ---- registers, 5.2.5.1 ---- */

/* What nobody answers is no value of a field. */
static void remember(struct block *b, const struct access *a)
{
	uint32_t i;

	if (access_unanswered(a))
		return;
	for (i = 0; i < a->width && a->offset + i < BLK_CONFIG_BYTES; i++) {
		b->config[a->offset + i] = (uint8_t)(a->value >> 8 * i);
		b->known[a->offset + i] = 1;
	}
}

static void remember_write(struct block *b, const struct access *a)
{
	uint32_t i;

	for (i = 0; i < a->width && a->offset + i < BLK_CONFIG_BYTES; i++) {
		b->known[a->offset + i] = 0;
		b->written[a->offset + i] = true;
	}
}

static void read_writeback(struct reading *r)
{
	clause_judge(r, CLAUSE_BLK_INIT_D4, r->v->status & STATUS_FEATURES_OK,
		     "the driver read writeback with 0x%x in device_status, "
		     "before FEATURES_OK", r->v->status);
}

static void accept_features(struct reading *r)
{
	const struct view *v = r->v;

	if (view_offers(v, BLK_F_RO))
		clause_judge(r, CLAUSE_BLK_OP_D2, v->accepted & BLK_F_RO,
			     "the driver accepted the features 0x%" PRIx64
			     " of a device that offers RO", v->accepted);
}

static void access(struct reading *r, const struct access *a)
{
	block_device_access(r, a);
	if (a->part == VIEW_DEVICE && a->write)
		remember_write(r->state, a);
	else if (a->part == VIEW_DEVICE)
		remember(r->state, a);
	if (access_touches(a, VIEW_DEVICE, BLK_WRITEBACK, 1) && !a->write)
		read_writeback(r);
	if (access_sets_status(r->v, a, STATUS_FEATURES_OK))
		accept_features(r);
}

/* The disk may be another one after it. */
static void reset(struct reading *r)
{
	block_device_reset(r);
	memset(r->state, 0, sizeof(struct block));
}

/* ---- requests, 5.2.6.1 ---- */

/* A clause of length: `bytes` of data, a whole multiple of `unit`. */
static void judge_multiple(struct reading *r, enum clause c, const char *name,
			   uint64_t bytes, uint32_t unit)
{
	clause_judge(r, c, bytes % unit == 0,
		     "the driver sent %s with %" PRIu64 " bytes of data, no "
		     "multiple of %" PRIu32, name, bytes, unit);
}

static void judge_capacity(struct reading *r, const char *name, uint64_t sector,
			   uint64_t count)
{
	uint64_t capacity;

	if (!block_field(r->state, BLK_CAPACITY, 8, &capacity))
		return;
	clause_judge(r, CLAUSE_BLK_OP_D1,
		     sector <= capacity && count <= capacity - sector,
		     "the driver sent %s for %" PRIu64 " sectors from %" PRIu64
		     " on, of a disk of %" PRIu64, name, count, sector,
		     capacity);
}

static void send_data(struct reading *r, const struct block_request *q)
{
	const char *name = q->type == BLK_T_IN ? "an IN" : "an OUT";
	uint64_t bytes = q->type == BLK_T_IN ? q->in : q->out;

	judge_multiple(r, CLAUSE_BLK_OP_D5, name, bytes, BLK_SECTOR);
	judge_capacity(r, name, q->sector, bytes / BLK_SECTOR);
}

static void send_flush(struct reading *r, const struct block_request *q)
{
	clause_judge(r, CLAUSE_BLK_OP_D3, !q->sector,
		     "the driver sent a FLUSH with sector %" PRIu64, q->sector);
	clause_judge(r, CLAUSE_BLK_OP_D4, !q->out && !q->in,
		     "the driver sent a FLUSH with %" PRIu64 " bytes of data",
		     q->out + q->in);
}

static void send_get_id(struct reading *r, const struct block_request *q)
{
	clause_judge(r, CLAUSE_BLK_OP_D7, q->in == 20,
		     "the driver sent a GET_ID with %" PRIu64 " bytes of data",
		     q->in);
}

/* How many ranges one request may have, by what the driver has read of it. */
static const struct range_row {
	uint32_t type;
	const char *name, *field;
	uint32_t offset;
	enum clause most;
} range_rows[] = {
	{ BLK_T_DISCARD, "a DISCARD", "max_discard_seg", BLK_MAX_DISCARD_SEG,
	  CLAUSE_BLK_OP_D8 },
	{ BLK_T_SECURE_ERASE, "a SECURE_ERASE", "max_secure_erase_seg",
	  BLK_MAX_SECURE_ERASE_SEG, CLAUSE_BLK_OP_D9 },
	{ BLK_T_WRITE_ZEROES, "a WRITE_ZEROES", "max_write_zeroes_seg",
	  BLK_MAX_WRITE_ZEROES_SEG, CLAUSE_BLK_OP_D10 },
};

static void send_range(struct reading *r, const struct range_row *row,
		       const struct block_range *range)
{
	judge_capacity(r, row->name, range->sector, range->count);
	if (row->type == BLK_T_DISCARD)
		clause_judge(r, CLAUSE_BLK_OP_D13,
			     !(range->flags & BLK_RANGE_UNMAP),
			     "the driver sent a DISCARD with the flags 0x%"
			     PRIx32 ", unmap among them", range->flags);
}

static void send_ranges(struct reading *r, const struct range_row *row,
			const struct chain *c, const struct block_request *q)
{
	struct block_range range;
	uint64_t most, i;

	judge_multiple(r, CLAUSE_BLK_OP_D6, row->name, q->out, BLK_RANGE_BYTES);
	if (block_field(r->state, row->offset, 4, &most))
		clause_judge(r, row->most, block_ranges(q) <= most,
			     "the driver sent %s of %" PRIu64 " segments; %s is "
			     "%" PRIu64, row->name, block_ranges(q), row->field,
			     most);
	for (i = 0; i < block_ranges(q) &&
		    block_range(c, r->v->world, i, &range); i++)
		send_range(r, row, &range);
}

static void available(struct reading *r, struct view_queue *queue,
		      const struct chain *c)
{
	struct block_request q;
	size_t i;

	(void)queue;
	if (!block_request(c, r->v->world, &q))
		return;
	if (q.type == BLK_T_IN || q.type == BLK_T_OUT)
		send_data(r, &q);
	else if (q.type == BLK_T_FLUSH)
		send_flush(r, &q);
	else if (q.type == BLK_T_GET_ID)
		send_get_id(r, &q);
	for (i = 0; i < sizeof(range_rows) / sizeof(range_rows[0]); i++)
		if (range_rows[i].type == q.type)
			send_ranges(r, &range_rows[i], c, &q);
	block_device_available(r, c, &q);
}

static void used(struct reading *r, struct view_queue *queue,
		 const struct chain *c, uint32_t id, uint32_t len)
{
	(void)queue;
	(void)id;
	(void)len;
	if (c)
		block_device_used(r, c);
}

static void event(struct reading *r)
{
	if (r->ev->len == MODEL_EV_NEEDS_RESET)
		block_framing_broke_down(r);
	else
		block_device_event(r);
}

const struct chapter chapter_block = {
	.name = "block",
	.type = 2,
	.state = sizeof(struct block),
	.parts = VIEW_BIT(VIEW_COMMON) | VIEW_BIT(VIEW_DEVICE),
	.registers = COMMON_BIT(COMMON_DEVICE_FEATURE) |
		     COMMON_BIT(COMMON_DEVICE_STATUS),
	.access = access,
	.available = available,
	.used = used,
	.models = 1ull << MODEL_EV_NOTIFY | 1ull << MODEL_EV_NEEDS_RESET,
	.event = event,
	.reset = reset,
	.end = block_device_end,
};
