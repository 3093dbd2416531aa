/* SPDX-License-Identifier: MIT */
/*
 * Memory balloon: page poison and free page reporting, virtio 1.2 5.5.6.5 and
 * 5.5.6.6.  A report's buffers, which the device may write, are free memory.
 */
#include <inttypes.h>
#include <string.h>

#include "sim/check/clauses/balloon.h"

#define LOOK_BYTES 512u /* a word in so many is looked at */

static struct balloon_reports *reports_of(struct reading *r)
{
	struct balloon *b = r->state;

	return &b->reports;
}

/* ---- poison_val ---- */

static void write_poison(struct reading *r, const struct access *a)
{
	struct balloon_reports *p = reports_of(r);

	clause_judge(r, CLAUSE_BAL_PSN_D3, !(r->v->status & STATUS_DRIVER_OK),
		     "the driver wrote 0x%" PRIx64 " to poison_val after "
		     "DRIVER_OK", a->value);
	p->poison = (uint32_t)a->value;
	p->poisoned = a->width == 4;
}

void balloon_report_access(struct reading *r, const struct access *a)
{
	if (a->write && access_touches(a, VIEW_DEVICE, BAL_POISON_VAL, 4))
		write_poison(r, a);
	if (access_sets_status(r->v, a, STATUS_DRIVER_OK) &&
	    balloon_has(r, BAL_F_PAGE_POISON))
		clause_judge(r, CLAUSE_BAL_PSN_D2, reports_of(r)->poisoned,
			     "the driver set DRIVER_OK and had not written "
			     "poison_val");
}

/* ---- reports ---- */

/* The first place in a part that is not filled with poison_val, or UINT64_MAX. */
static uint64_t unpoisoned(const struct world *w, const struct chain_part *part,
			   uint32_t poison)
{
	uint64_t at;
	uint32_t word;
	const uint8_t *p;

	for (at = 0; at + 4 <= part->len; at += LOOK_BYTES) {
		p = world_memory(w, part->addr + at, 4);
		if (!p)
			break;
		memcpy(&word, p, 4);
		if (word != poison)
			return part->addr + at;
	}
	return UINT64_MAX;
}

static void judge_poison(struct reading *r, const struct chain_part *part)
{
	const struct balloon_reports *p = reports_of(r);
	uint64_t at;

	if (!p->poisoned)
		return;
	at = unpoisoned(r->v->world, part, p->poison);
	clause_judge(r, CLAUSE_BAL_REP_D2, at == UINT64_MAX,
		     "the driver reported 0x%" PRIx64 ", which does not hold "
		     "poison_val", at);
}

static struct balloon_block *free_block(struct balloon_reports *p)
{
	unsigned int i;

	for (i = 0; i < BAL_BLOCKS; i++)
		if (!p->blocks[i].len)
			return &p->blocks[i];
	return NULL;
}

void balloon_report_available(struct reading *r, const struct chain *c)
{
	struct balloon_block *b;
	uint32_t i;

	for (i = 0; i < c->nparts; i++) {
		const struct chain_part *part = &c->parts[i];

		balloon_hint_forget(r, part->addr, part->len);
		if (!chain_part_writable(part))
			continue;
		if (balloon_has(r, BAL_F_PAGE_POISON))
			judge_poison(r, part);
		b = free_block(reports_of(r));
		if (b)
			*b = (struct balloon_block){
				.addr = part->addr, .len = part->len,
				.head = c->head,
				.sum = balloon_sum(r->v->world, part->addr,
						   part->len),
			};
	}
}

static void acknowledged(struct reading *r, struct balloon_block *b)
{
	if (!b->written)
		clause_judge(r, CLAUSE_BAL_REP_D3,
			     balloon_sum(r->v->world, b->addr, b->len) == b->sum,
			     "the driver used the %" PRIu64 " bytes at 0x%"
			     PRIx64 ", which it had reported, before the device "
			     "acknowledged that", b->len, b->addr);
	if (balloon_has(r, BAL_F_PAGE_POISON))
		clause_kept(r, CLAUSE_BAL_REP_V2);
	b->len = 0;
}

void balloon_report_used(struct reading *r, const struct chain *c)
{
	struct balloon_reports *p = reports_of(r);
	unsigned int i;

	for (i = 0; i < BAL_BLOCKS; i++)
		if (p->blocks[i].len && p->blocks[i].head == c->head)
			acknowledged(r, &p->blocks[i]);
}

/* ---- what the device writes ---- */

/* Is it poison_val, over and over? */
static bool is_poison(const struct event *ev, uint32_t poison)
{
	uint32_t i;

	for (i = 0; i < ev->len && i < 8; i++)
		if ((uint8_t)(ev->value >> 8 * i) !=
		    (uint8_t)(poison >> 8 * ((ev->addr + i) % 4)))
			return false;
	return true;
}

void balloon_report_write(struct reading *r, const struct event *ev)
{
	struct balloon_reports *p = reports_of(r);
	unsigned int i;

	for (i = 0; i < BAL_BLOCKS; i++) {
		if (!balloon_hits(&p->blocks[i], ev->addr, ev->len))
			continue;
		p->blocks[i].written = true;
		if (balloon_has(r, BAL_F_PAGE_POISON) && p->poisoned)
			clause_judge(r, CLAUSE_BAL_REP_V2,
				     is_poison(ev, p->poison),
				     "the device wrote 0x%" PRIx64 " to 0x%"
				     PRIx64 ", which was reported with poison_val"
				     " 0x%" PRIx32, ev->value, ev->addr,
				     p->poison);
	}
}
