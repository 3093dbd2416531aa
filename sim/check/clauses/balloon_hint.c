/* SPDX-License-Identifier: MIT */
/*
 * Memory balloon: free page hinting, virtio 1.2 5.5.6.4.  The device asks with an
 * ID in free_page_hint_cmd_id; the driver sends the ID in a buffer that the
 * device reads, then free memory as buffers that it may write, then STOP.
 */
#include <inttypes.h>
#include <string.h>

#include "sim/check/clauses/balloon.h"

#define CMD_ID_STOP 0u
#define CMD_ID_DONE 1u
#define CMD_ID_MIN 2u

static struct balloon_hints *hints_of(struct reading *r)
{
	struct balloon *b = r->state;

	return &b->hints;
}

/* ---- the command ---- */

/* What is in the ring now was put there before the driver knew. */
static uint16_t available_index(const struct reading *r)
{
	const struct view_queue *q =
		&r->v->queues[balloon_has(r, BAL_F_STATS_VQ) ? 3 : 2];
	const uint8_t *p = q->driver
		? world_memory(r->v->world, q->driver + 2, 2) : NULL;
	uint16_t idx = q->looked;

	if (p)
		memcpy(&idx, p, 2);
	return idx;
}

static void see_done(struct reading *r)
{
	struct balloon_hints *h = hints_of(r);
	unsigned int i;

	for (i = 0; i < BAL_BLOCKS; i++) {
		if (h->blocks[i].len)
			clause_kept(r, CLAUSE_BAL_HINT_V5);
		h->blocks[i].done = true;
	}
}

static void read_id(struct reading *r, uint32_t id)
{
	struct balloon_hints *h = hints_of(r);

	if (id == CMD_ID_DONE)
		see_done(r);
	if (h->id_read && h->id == id)
		return;
	if (id >= CMD_ID_MIN && h->sent)
		clause_judge(r, CLAUSE_BAL_HINT_V2,
			     !h->open || id != h->round,
			     "the device asked with command ID %" PRIu32
			     " again, for which the driver has sent no STOP yet",
			     id);
	h->id_before = h->id_read ? h->id : id;
	h->id = id;
	h->id_read = true;
	h->read_at = r->ev->time;
	h->avail = available_index(r);
	h->moved |= id != h->round;
}

void balloon_hint_access(struct reading *r, const struct access *a)
{
	if (!a->write && access_is(a, VIEW_DEVICE, BAL_CMD_ID, 4) &&
	    balloon_has(r, BAL_F_FREE_PAGE_HINT))
		read_id(r, (uint32_t)a->value);
}

/* ---- what the driver sends ---- */

static void begin(struct reading *r, uint32_t id)
{
	struct balloon_hints *h = hints_of(r);

	clause_judge(r, CLAUSE_BAL_HINT_D2,
		     h->id_read && (id == h->id || id == h->id_before),
		     "the driver began to hint for command ID %" PRIu32
		     "; free_page_hint_cmd_id was %" PRIu32, id, h->id);
	clause_judge(r, CLAUSE_BAL_HINT_D3,
		     !h->sent || id != h->round || h->moved,
		     "the driver sent command ID %" PRIu32 " a second time",
		     id);
	h->sent = h->open = true;
	h->moved = false;
	h->round = id;
	h->opened_at = r->ev->time;
}

static void send_id(struct reading *r, const struct chain *c)
{
	struct balloon_hints *h = hints_of(r);
	uint32_t id;

	clause_judge(r, CLAUSE_BAL_HINT_D1, c->readable == 4,
		     "the driver sent %" PRIu64 " bytes as a command ID",
		     c->readable);
	if (c->readable != 4 ||
	    chain_read(c, r->v->world, false, 0, &id, 4) < 4)
		return;
	if (id >= CMD_ID_MIN) {
		begin(r, id);
		return;
	}
	if (h->open) {
		clause_kept(r, CLAUSE_BAL_HINT_D6);
		clause_kept(r, CLAUSE_BAL_HINT_D4);
	}
	h->open = false;
}

static void keep_blocks(struct reading *r, const struct chain *c)
{
	struct balloon_hints *h = hints_of(r);
	uint32_t i;

	for (i = 0; i < c->nparts; i++)
		if (chain_part_writable(&c->parts[i]))
			h->blocks[h->next++ % BAL_BLOCKS] =
				(struct balloon_block){
					.addr = c->parts[i].addr,
					.len = c->parts[i].len,
				};
}

static void hint(struct reading *r, const struct view_queue *q,
		 const struct chain *c)
{
	struct balloon_hints *h = hints_of(r);
	bool after = (int16_t)(uint16_t)(q->looked - h->avail) >= 0;

	if (!h->open)
		clause_broken(r, CLAUSE_BAL_HINT_D2, "the driver hinted %" PRIu64
			      " bytes without a command ID before them",
			      c->writable);
	else
		clause_kept(r, CLAUSE_BAL_HINT_D4);
	clause_judge(r, CLAUSE_BAL_HINT_D5,
		     !h->id_read || h->id >= CMD_ID_MIN || !after,
		     "the driver hinted %" PRIu64 " bytes after it had read %"
		     PRIu32 " in free_page_hint_cmd_id", c->writable, h->id);
	keep_blocks(r, c);
}

void balloon_hint_available(struct reading *r, const struct view_queue *q,
			    const struct chain *c)
{
	uint32_t i;

	for (i = 0; i < c->nparts; i++)
		balloon_hint_forget(r, c->parts[i].addr, c->parts[i].len);
	if (c->readable)
		send_id(r, c);
	if (c->writable)
		hint(r, q, c);
}

/* ---- what the device writes ---- */

void balloon_hint_forget(struct reading *r, uint64_t addr, uint64_t len)
{
	struct balloon_hints *h = hints_of(r);
	unsigned int i;

	for (i = 0; i < BAL_BLOCKS; i++)
		if (balloon_hits(&h->blocks[i], addr, len))
			h->blocks[i].len = 0;
}

void balloon_hint_write(struct reading *r, uint64_t addr, uint32_t len)
{
	const struct balloon_hints *h = hints_of(r);
	unsigned int i;

	for (i = 0; i < BAL_BLOCKS; i++)
		if (balloon_hits(&h->blocks[i], addr, len) && h->blocks[i].done)
			clause_broken(r, CLAUSE_BAL_HINT_V5, "the device wrote "
				      "to 0x%" PRIx64 ", which had been hinted, "
				      "after DONE", addr);
}

/* ---- what is left undone ---- */

void balloon_hint_undone(struct reading *r, bool rest)
{
	const struct balloon_hints *h = hints_of(r);
	bool asked = h->id_read && h->id >= CMD_ID_MIN;

	if (asked && !(h->sent && h->round == h->id) &&
	    balloon_overdue(r, h->read_at, rest))
		clause_broken(r, CLAUSE_BAL_HINT_D4, "the driver read %" PRIu32
			      " in free_page_hint_cmd_id and hinted nothing",
			      h->id);
	if (asked && h->open && h->round == h->id &&
	    balloon_overdue(r, h->opened_at, rest))
		clause_broken(r, CLAUSE_BAL_HINT_D6, "the driver has begun to "
			      "hint for command ID %" PRIu32 " and sent no STOP",
			      h->id);
}
