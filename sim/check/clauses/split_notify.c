/* SPDX-License-Identifier: MIT */
/*
 * Notifications of split virtqueues, virtio 1.2 2.7.7 and 2.7.10: what each side
 * writes to ask for fewer, and whether the driver's kicks heed it.  That the
 * device's interrupts do is sim/check/queue.c's.
 *
 * A kick is posted, and the device's wish may have changed while it was on its
 * way: one that was not wanted is told only if the wish was an old one.
 *
 * One of the two fields by which a device asks is to be ignored: avail_event
 * without EVENT_IDX, flags with it.  A kick that it alone would have suppressed
 * shows that it is.  One that is missing is laid to it only if it would have
 * suppressed that kick and no other was ever sent against it.
 */
#include "sim/check/clauses/chapters.h"

#include <string.h>

#define F_EVENT_IDX (1ull << 29)
#define F_NOTIFICATION_DATA (1ull << 38)
#define F_NOTIF_CONFIG_DATA (1ull << 39)
#define NO_NOTIFY 1u                 /* 2.7.8 */
#define OLD_PS 100000000ull          /* 100 us */
/* Events from a kick to what the device makes of it: it tells of the kick, reads
 * the available index, tells what is wrong, and breaks down. */
#define AT_ONCE 4u

struct queue {
	uint16_t kicked;     /* available index at the last kick */
	uint16_t before;     /* when the device last wrote what it wants */
	uint16_t flags, event; /* of the used ring, as last written */
	uint64_t wished, last; /* when; and when the last kick came */
	bool ignoring;       /* what is to be ignored may ask for no kick, and
	                        none was seen in spite of it */
	bool idle;           /* one came without new buffers: */
	uint16_t idle_used;  /* used index then */
	uint32_t idle_seq;   /* low bits of its event */
};

struct state {
	bool ignores;        /* the driver was seen to, what it is to ignore */
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

/* Has the index, on its way from `old`, passed avail_event? */
static bool passes(uint16_t event, uint16_t old, uint16_t idx)
{
	return (uint16_t)(idx - event - 1) < (uint16_t)(idx - old);
}

/* Does the device want to know that the index has gone from `old` to this? */
static bool wanted(const struct reading *r, const struct queue *n, uint16_t old,
		   uint16_t idx)
{
	if (!event_idx(r))
		return !(n->flags & NO_NOTIFY);
	return passes(n->event, old, idx);
}

/* And would the field that is to be ignored say so too?  Without EVENT_IDX no
 * device writes avail_event: what it is, is there from before. */
static bool wanted_by_ignored(const struct reading *r,
			      const struct view_queue *q, const struct queue *n,
			      uint16_t old, uint16_t idx)
{
	uint16_t event;

	if (event_idx(r))
		return !(n->flags & NO_NOTIFY);
	return !memory16(r, q->device + 4 + 8ull * q->size, &event) ||
	       passes(event, old, idx);
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

static void __attribute__((noinline))
see_ignoring(struct reading *r, const struct view_queue *q,
	     struct queue *n, uint16_t idx)
{
	struct state *s = r->state;

	if (wanted_by_ignored(r, q, n, n->kicked, idx))
		return;
	clause_kept(r, event_idx(r) ? CLAUSE_SQ_ANOT_D5 : CLAUSE_SQ_ANOT_D2);
	s->ignores = true;
	n->ignoring = false;
}

static void see_wanted(struct reading *r, const struct view_queue *q,
		       struct queue *n, uint16_t idx)
{
	clause_kept(r, event_idx(r) ? CLAUSE_SQ_ANOT_D6 : CLAUSE_SQ_ANOT_D4);
	if (n->ignoring)
		see_ignoring(r, q, n, idx);
}

/* After one without new buffers a buffer was used: the device lives. */
static void settle_idle_kick(struct reading *r, const struct view_queue *q,
			     struct queue *n)
{
	if (n->idle && n->idle_used != q->used)
		clause_kept(r, CLAUSE_SQ_ANOT_V5);
	n->idle = false;
}

/* The device has looked at all that there is, so that this tells it nothing. */
static void __attribute__((noinline))
see_idle_kick(struct reading *r, const struct view_queue *q, struct queue *n)
{
	settle_idle_kick(r, q, n);
	if ((uint16_t)r->ev->value != view_queue_number(r->v, q))
		return; /* that is another thing to break down over */
	n->idle = true;
	n->idle_used = q->used;
	n->idle_seq = (uint32_t)r->ev->seq;
}

static void see_kick(struct reading *r, const struct view_queue *q,
		     struct queue *n, uint16_t idx)
{
	const uint64_t now = r->ev->time;
	const bool old = now - n->wished > OLD_PS && now - n->last > OLD_PS;

	if (idx == q->seen)
		see_idle_kick(r, q, n);
	if (idx != n->kicked && wanted(r, n, n->kicked, idx))
		see_wanted(r, q, n, idx);
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
		*of(r, q) = (struct queue){ .ignoring = !event_idx(r) };
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
	n->ignoring |= event_idx(r) && value & NO_NOTIFY;
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

/* It has broken down.  Is it nothing but a kick without new buffers that has
 * happened?  Not after a fault, nor with a buffer in its hands, nor where the
 * kick says more than the queue's number. */
static void event(struct reading *r)
{
	const struct view *v = r->v;
	const struct queue *kicked = NULL;
	unsigned int i, queue = 0;

	if (reading_disturbed(r) || !(v->status & STATUS_DRIVER_OK) ||
	    v->accepted & (F_NOTIFICATION_DATA | F_NOTIF_CONFIG_DATA))
		return;
	for (i = 0; i < v->nqueues; i++) {
		const struct queue *n = of(r, &v->queues[i]);

		if (v->queues[i].looked != v->queues[i].used)
			return;
		if (!n->idle || (uint32_t)r->ev->seq - n->idle_seq > AT_ONCE)
			continue;
		kicked = n;
		queue = i;
	}
	if (kicked)
		clause_broken(r, CLAUSE_SQ_ANOT_V5,
			      "the device broke down when it was notified of "
			      "queue %u, with no new buffer in it", queue);
}

/* ---- at the end ---- */

/* Of a device that waits for a kick, at rest.  For what was available before the
 * device asked, the driver need not have seen that it asked. */
static void judge_missing(struct reading *r, const struct view_queue *q)
{
	const struct queue *n = of(r, q);
	const struct state *s = r->state;
	bool asked_later = (uint16_t)(n->before - n->kicked) <= q->size;
	uint16_t old = asked_later ? n->before : n->kicked, idx;
	bool heeds;

	if (!memory16(r, q->driver + 2, &idx) || idx == old ||
	    idx == q->seen || !wanted(r, n, old, idx))
		return;
	heeds = !s->ignores && n->last && !wanted_by_ignored(r, q, n, old, idx);
	if (heeds)
		clause_broken(r, event_idx(r) ? CLAUSE_SQ_ANOT_D5
					      : CLAUSE_SQ_ANOT_D2,
			      "the driver moved the available index of queue %u "
			      "to %u and did not notify the device, as if by %s",
			      view_queue_number(r->v, q), idx,
			      event_idx(r) ? "flags" : "avail_event");
	else
		clause_broken(r, event_idx(r) ? CLAUSE_SQ_ANOT_D6
					      : CLAUSE_SQ_ANOT_D4,
			      "the driver moved the available index of queue %u "
			      "to %u and did not notify the device",
			      view_queue_number(r->v, q), idx);
}

static void leave(struct reading *r)
{
	unsigned int i;

	for (i = 0; i < r->v->nqueues; i++) {
		struct view_queue *q = &r->v->queues[i];

		settle_idle_kick(r, q, of(r, q));
		if (q->pushed)
			clause_kept(r, event_idx(r) ? CLAUSE_SQ_ANOT_V3
						    : CLAUSE_SQ_ANOT_V1);
	}
}

static void reset(struct reading *r)
{
	struct state *s = r->state;
	const bool ignores = s->ignores;

	leave(r);
	*s = (struct state){ .ignores = ignores };
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
	.models = 1ull << MODEL_EV_NEEDS_RESET,
	.event = event,
	.reset = reset,
	.end = end,
};
