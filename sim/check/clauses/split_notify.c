/* SPDX-License-Identifier: MIT */
/*
 * Notifications of split virtqueues, virtio 1.2 2.7.7 and 2.7.10: what each side
 * writes to ask for fewer, and whether the driver's kicks heed it.  That the
 * device's interrupts do is sim/check/queue.c's.
 *
 * A kick is posted, and the device's wish may have changed while it was on its
 * way: one that was not wanted is told only if the wish was an old one.
 */
#include "sim/check/clauses/chapters.h"

#include <string.h>

#define F_EVENT_IDX (1ull << 29)
#define F_NOTIFICATION_DATA (1ull << 38)
#define F_NOTIF_CONFIG_DATA (1ull << 39)
#define NO_NOTIFY 1u                 /* 2.7.8 */
#define OLD_PS 100000000ull          /* 100 us */

struct queue {
	uint16_t kicked;     /* available index at the last kick */
	uint16_t before;     /* when the device last wrote what it wants */
	uint16_t flags, event; /* of the used ring, as last written */
	uint64_t wished, last; /* when; and when the last kick came */
};

struct state {
	struct queue queues[VIEW_QUEUES];
};

static bool event_idx(const struct reading *r)
{
	return r->v->accepted & F_EVENT_IDX;
}

static struct queue *of(struct reading *r, const struct view_queue *q)
{
	struct state *s = r->state;

	return &s->queues[view_queue_number(r->v, q)];
}

static bool memory16(const struct reading *r, uint64_t at, uint16_t *value)
{
	const uint8_t *m = world_memory(r->v->world, at, 2);

	if (m)
		memcpy(value, m, 2);
	return m != NULL;
}

/* Does the device want to know that the index has gone from `old` to this? */
static bool wanted(const struct reading *r, const struct queue *n, uint16_t old,
		   uint16_t idx)
{
	if (!event_idx(r))
		return !(n->flags & NO_NOTIFY);
	return (uint16_t)(idx - n->event - 1) < (uint16_t)(idx - old);
}

/* ---- what the driver asks for ---- */

static void judge_flags(struct reading *r, const struct view_queue *q)
{
	uint16_t flags;

	if (!memory16(r, q->driver, &flags))
		return;
	if (event_idx(r))
		clause_judge(r, CLAUSE_SQ_UNOT_D3, !flags,
			     "the driver has 0x%x in the available ring's flags "
			     "of queue %u, with EVENT_IDX", flags,
			     view_queue_number(r->v, q));
	else
		clause_judge(r, CLAUSE_SQ_UNOT_D1, flags <= 1,
			     "the driver has 0x%x in the available ring's flags "
			     "of queue %u", flags, view_queue_number(r->v, q));
}

/* ---- kicks ---- */

static void see_kick(struct reading *r, const struct view_queue *q,
		     struct queue *n, uint16_t idx)
{
	const uint64_t now = r->ev->time;
	const bool old = now - n->wished > OLD_PS && now - n->last > OLD_PS;

	if (idx != n->kicked && wanted(r, n, n->kicked, idx))
		clause_kept(r, event_idx(r) ? CLAUSE_SQ_ANOT_D6
					    : CLAUSE_SQ_ANOT_D4);
	else if (idx != n->kicked && old && event_idx(r))
		clause_broken(r, CLAUSE_SQ_ANOT_D7,
			      "the driver notified queue %u of available index "
			      "%u, and avail_event is %u",
			      view_queue_number(r->v, q), idx, n->event);
	else if (idx != n->kicked && old)
		clause_broken(r, CLAUSE_SQ_ANOT_D3,
			      "the driver notified queue %u, whose used ring's "
			      "flags are 0x%x", view_queue_number(r->v, q),
			      n->flags);
	n->kicked = idx;
	n->last = now;
}

static void look(struct reading *r, struct view_queue *q, uint16_t idx)
{
	struct queue *n = of(r, q);

	judge_flags(r, q);
	if (r->ev->kind != EV_DMA_READ) {
		see_kick(r, q, n, idx);
		return;
	}
	if (idx != n->kicked && !wanted(r, n, n->kicked, idx))
		clause_kept(r, event_idx(r) ? CLAUSE_SQ_ANOT_D7
					    : CLAUSE_SQ_ANOT_D3);
}

/* ---- where a kick goes, and what it says: 4.1.5.2 ---- */

/* Is it what this queue is to be notified with? */
static bool value_fits(const struct reading *r, const struct view_queue *q,
		       const struct access *a)
{
	uint32_t value = (uint32_t)a->value & 0xffff;

	if (r->v->accepted & F_NOTIF_CONFIG_DATA)
		return !q->notify_data_read || value == q->notify_data;
	return value == view_queue_number(r->v, q);
}

static void judge_kick(struct reading *r, const struct access *a)
{
	const uint32_t width = r->v->accepted & F_NOTIFICATION_DATA ? 4 : 2;
	bool place = false, value = false;
	unsigned int i;

	/* Before that none is to go anywhere: INIT-D15. */
	if (!(r->v->status & STATUS_DRIVER_OK))
		return;
	for (i = 0; i < r->v->nqueues; i++) {
		const struct view_queue *q = &r->v->queues[i];

		if (q->enabled && !q->notify_off_read)
			return; /* where it is to go is not known */
		if (!q->enabled || a->offset !=
				(uint64_t)q->notify_off * r->v->multiplier)
			continue;
		place = true;
		value |= value_fits(r, q, a);
	}
	clause_judge(r, CLAUSE_IMP_D1, place,
		     "the driver wrote 0x%x to byte 0x%x of the notification "
		     "structure, where no enabled queue is notified",
		     (unsigned int)a->value, a->offset);
	if (!place)
		return;
	clause_judge(r, CLAUSE_IMP_D2, a->width == width,
		     "the driver notified a queue by %u bytes", a->width);
	clause_judge(r, CLAUSE_IMP_D3, value,
		     "the driver wrote 0x%x to byte 0x%x of the notification "
		     "structure, where another queue is notified",
		     (unsigned int)a->value, a->offset);
}

static void enable(struct reading *r)
{
	const struct view_queue *q = view_selected(r->v);

	if (q && !q->enabled)
		*of(r, q) = (struct queue){ .kicked = 0 };
}

static void access(struct reading *r, const struct access *a)
{
	if (a->part == VIEW_NOTIFY && a->write)
		judge_kick(r, a);
	else if (a->write && a->value == 1 &&
		 access_is(a, VIEW_COMMON, COMMON_QUEUE_ENABLE, 2))
		enable(r);
}

/* ---- what the device asks for ---- */

static void wish(struct reading *r, struct view_queue *q, uint64_t at,
		 uint16_t value)
{
	struct queue *n = of(r, q);

	n->wished = r->ev->time;
	memory16(r, q->driver + 2, &n->before);
	if (at) {
		n->event = value;
		return;
	}
	n->flags = value;
	if (event_idx(r))
		clause_judge(r, CLAUSE_SQ_ANOT_V3, !value,
			     "the device wrote 0x%x to the used ring's flags of "
			     "queue %u, with EVENT_IDX", value,
			     view_queue_number(r->v, q));
	else
		clause_judge(r, CLAUSE_SQ_ANOT_V1, value <= 1,
			     "the device wrote 0x%x to the used ring's flags of "
			     "queue %u", value, view_queue_number(r->v, q));
}

/* ---- at the end ---- */

/* Of a device that waits for a kick, at rest.  For what was available before the
 * device asked, the driver need not have seen that it asked. */
static void judge_missing(struct reading *r, const struct view_queue *q)
{
	const struct queue *n = of(r, q);
	bool asked_later = (uint16_t)(n->before - n->kicked) <= q->size;
	uint16_t old = asked_later ? n->before : n->kicked, idx;

	if (!memory16(r, q->driver + 2, &idx) || idx == old ||
	    idx == q->seen || !wanted(r, n, old, idx))
		return;
	clause_broken(r, event_idx(r) ? CLAUSE_SQ_ANOT_D6 : CLAUSE_SQ_ANOT_D4,
		      "the driver moved the available index of queue %u to %u "
		      "and did not notify the device",
		      view_queue_number(r->v, q), idx);
}

static void leave(struct reading *r)
{
	unsigned int i;

	for (i = 0; i < r->v->nqueues; i++)
		if (r->v->queues[i].pushed)
			clause_kept(r, event_idx(r) ? CLAUSE_SQ_ANOT_V3
						    : CLAUSE_SQ_ANOT_V1);
}

static void reset(struct reading *r)
{
	leave(r);
	memset(r->state, 0, sizeof(struct state));
}

static void end(struct reading *r, bool rest)
{
	unsigned int i;

	leave(r);
	if (!rest || !(r->v->status & STATUS_DRIVER_OK) ||
	    r->v->shown & STATUS_NEEDS_RESET)
		return;
	for (i = 0; i < r->v->nqueues; i++)
		if (r->v->queues[i].enabled)
			judge_missing(r, &r->v->queues[i]);
}

const struct chapter chapter_split_notify = {
	.name = "split notify",
	.state = sizeof(struct state),
	.parts = VIEW_BIT(VIEW_NOTIFY) | VIEW_BIT(VIEW_COMMON),
	.registers = COMMON_BIT(COMMON_QUEUE_ENABLE),
	.access = access,
	.look = look,
	.wish = wish,
	.reset = reset,
	.end = end,
};
