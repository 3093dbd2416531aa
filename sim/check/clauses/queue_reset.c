/* SPDX-License-Identifier: MIT */
/*
 * Virtqueue reset, virtio 1.2 2.6.1 with 4.1.4.3: a queue that is reset on its
 * own, and enabled again.
 */
#include "sim/check/clauses/chapters.h"

#include <string.h>

struct state {
	/* Of each queue: was reset, and read to be; enabled again, and nothing
	 * was used since. */
	bool idle[VIEW_QUEUES], again[VIEW_QUEUES];
};

static bool *idle(struct reading *r)
{
	struct state *s = r->state;

	return r->v->queue_select < VIEW_QUEUES ? &s->idle[r->v->queue_select]
						: NULL;
}

/* What a queue is made of: written before it was seen to be reset? */
static bool sets_up(const struct access *a)
{
	return access_touches(a, VIEW_COMMON, COMMON_QUEUE_SIZE, 6) ||
	       access_touches(a, VIEW_COMMON, COMMON_QUEUE_DESC, 24);
}

static void enable(struct reading *r, const struct view_queue *q)
{
	struct state *s = r->state;
	const unsigned int n = view_queue_number(r->v, q);

	if (!s->idle[n])
		return;
	clause_judge(r, CLAUSE_VQR_REEN_D1,
		     q->desc_written && q->driver_written && q->device_written,
		     "the driver enabled queue %u again after its reset and did "
		     "not say where its rings are", n);
	clause_kept(r, CLAUSE_VQR_RST_V1);
	clause_kept(r, CLAUSE_VQR_RST_V2);
	s->idle[n] = false;
	s->again[n] = true;
}

static void write(struct reading *r, const struct view_queue *q,
		  const struct access *a)
{
	if (q->resetting && sets_up(a))
		clause_broken(r, CLAUSE_VQR_RST_D1,
			      "the driver set up queue %u after it had written "
			      "queue_reset, and had not read that it is reset",
			      view_queue_number(r->v, q));
	if (a->value == 1 && access_is(a, VIEW_COMMON, COMMON_QUEUE_ENABLE, 2))
		enable(r, q);
	if (a->value == 1 && access_is(a, VIEW_COMMON, COMMON_QUEUE_RESET, 2))
		reading_ask(r);
}

/* Registers of a queue that was reset and not written to since. */
static void read(struct reading *r, const struct view_queue *q,
		 const struct access *a)
{
	if (access_is(a, VIEW_COMMON, COMMON_QUEUE_RESET, 2) && !a->value &&
	    q->resetting) {
		*idle(r) = true;
		clause_kept(r, CLAUSE_VQR_RST_D1);
	} else if (*idle(r) && access_is(a, VIEW_COMMON, COMMON_QUEUE_ENABLE, 2))
		clause_judge(r, CLAUSE_VQR_RST_V3, !a->value,
			     "the device showed queue_enable %u for queue %u, "
			     "which was reset", (unsigned int)a->value,
			     view_queue_number(r->v, q));
}

static void access(struct reading *r, const struct access *a)
{
	const struct view_queue *q = view_selected(r->v);

	if (!q)
		return;
	if (a->write)
		write(r, q, a);
	else
		read(r, q, a);
}

/* ---- what the device does ---- */

static void see_used(struct reading *r, struct state *s, uint32_t n)
{
	const struct view_queue *q = &r->v->queues[n];
	const uint16_t idx = (uint16_t)r->ev->value;

	if (s->idle[n])
		clause_broken(r, CLAUSE_VQR_RST_V1,
			      "the device used a buffer of queue %u, which was "
			      "reset", n);
	else if (s->again[n])
		clause_judge(r, CLAUSE_VQR_RST_V3, idx && idx <= q->size,
			     "the device went on with used index %u in queue "
			     "%u, which was reset", idx, n);
	s->again[n] = false;
}

static void event(struct reading *r)
{
	struct state *s = r->state;
	const uint32_t n = r->ev->index;

	if (n >= VIEW_QUEUES)
		return;
	if (r->ev->len == MODEL_EV_USED)
		see_used(r, s, n);
	else if (r->ev->len == MODEL_EV_NOTIFY && s->idle[n] &&
		 notify_interrupts(r->ev->value))
		clause_broken(r, CLAUSE_VQR_RST_V2,
			      "the device sent a notification for queue %u, "
			      "which was reset", n);
	else if (r->ev->len == MODEL_EV_QUEUE_ENABLE && r->ev->value &&
		 s->again[n] && r->v->queues[n].size)
		clause_judge(r, CLAUSE_VQR_REEN_V1,
			     r->ev->value == r->v->queues[n].size,
			     "the device uses a size of %u for queue %u, which "
			     "was enabled again with %u",
			     (unsigned int)r->ev->value, n,
			     r->v->queues[n].size);
}

static void reset(struct reading *r)
{
	memset(r->state, 0, sizeof(struct state));
}

const struct chapter chapter_queue_reset = {
	.name = "queue reset",
	.state = sizeof(struct state),
	.parts = VIEW_BIT(VIEW_COMMON),
	.registers = COMMON_FROM(COMMON_QUEUE_SELECT),
	.access = access,
	.models = 1ull << MODEL_EV_QUEUE_ENABLE,
	.later = 1ull << MODEL_EV_USED | 1ull << MODEL_EV_NOTIFY,
	.event = event,
	.reset = reset,
};
