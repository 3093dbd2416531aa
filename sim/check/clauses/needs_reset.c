/* SPDX-License-Identifier: MIT */
/*
 * DEVICE_NEEDS_RESET, virtio 1.2 2.1.1 and 2.1.2: the device sets it when it can
 * not go on, and the driver then waits for nothing.  Both are judged in part.
 *
 * That the driver waits shows at the end of a run that hangs: it was told, has not
 * reset the device, and no other device has a buffer that could be waited for.  A
 * fault other than this device's breakdown may be why, and silences it.  That the
 * device can not go on shows where a chain that is wrong, and a sound one behind
 * it, are never used; not after any fault.  Both of block devices only: others may
 * keep buffers for as long as they like.
 */
#include "sim/check/clauses/chapters.h"

#include <string.h>

#define BLOCK 2u
#define BREAKDOWN "device.needs_reset" /* a fault point */
#define COMMAND_BUS_MASTER 0x0004u     /* PCI 3.0 6.2.2 */

struct state {
	bool down;           /* since the last reset */
	uint32_t breakdowns; /* faults that were injected to that end */
};

static bool is_wrong(const struct chain *c)
{
	return c->outstanding && c->odd & CHAIN_UNSOUND;
}

/* NULL: there is none. */
static const struct chain *wrong_chain(const struct view_queue *q)
{
	uint32_t i;

	for (i = 0; q->chains && i < q->size; i++)
		if (is_wrong(&q->chains[i]))
			return &q->chains[i];
	return NULL;
}

static bool has_buffers(const struct view *v)
{
	unsigned int i;

	for (i = 0; i < v->nqueues; i++)
		if (view_outstanding(&v->queues[i]))
			return true;
	return false;
}

/* ---- the device ---- */

static void break_down(struct reading *r)
{
	struct state *s = r->state;
	unsigned int i;

	s->down = true;
	for (i = 0; i < r->v->nqueues; i++)
		if (wrong_chain(&r->v->queues[i]))
			clause_kept(r, CLAUSE_STAT_V3);
}

static bool has_sound_one_behind(const struct view_queue *q,
				 const struct chain *wrong)
{
	uint32_t i;

	for (i = 0; i < q->size; i++)
		if (q->chains[i].outstanding && !is_wrong(&q->chains[i]) &&
		    q->chains[i].seen > wrong->seen)
			return true;
	return false;
}

static void judge_silence(struct reading *r, const struct view_queue *q)
{
	const struct chain *wrong = wrong_chain(q);

	if (wrong && q->seen == q->looked && has_sound_one_behind(q, wrong))
		clause_broken(r, CLAUSE_STAT_V3, "the device got descriptor %u "
			      "of queue %u, a chain that is wrong, serves the "
			      "queue no more, and did not set DEVICE_NEEDS_RESET",
			      wrong->head, view_queue_number(r->v, q));
}

/* ---- the driver ---- */

static bool is_the_one_waited_for(const struct reading *r)
{
	uint32_t i;

	for (i = 0; i < r->v->world->ndevices; i++)
		if (i != r->v->device && has_buffers(rulebook_view(r->book, i)))
			return false;
	return has_buffers(r->v);
}

static void judge_waiting(struct reading *r)
{
	const struct state *s = r->state;

	if (reading_hangs(r) && r->v->shown & STATUS_NEEDS_RESET &&
	    reading_faults(r) == s->breakdowns && is_the_one_waited_for(r))
		clause_broken(r, CLAUSE_STAT_D4, "the driver waits for a device "
			      "whose device_status it has read as 0x%x",
			      r->v->shown);
}

/* ---- the chapter ---- */

static void event(struct reading *r)
{
	struct state *s = r->state;
	const char *point;

	if (r->ev->kind == EV_MODEL) {
		break_down(r);
		return;
	}
	point = reading_text(r);
	s->breakdowns += point && !strcmp(point, BREAKDOWN);
}

static void reset(struct reading *r)
{
	struct state *s = r->state;

	if (s->down && r->v->shown & STATUS_NEEDS_RESET && has_buffers(r->v))
		clause_kept(r, CLAUSE_STAT_D4);
	s->down = false;
}

static void end(struct reading *r, bool rest)
{
	const struct state *s = r->state;
	unsigned int i;

	if (!rest || r->v->type != BLOCK || r->v->resetting ||
	    !(r->v->status & STATUS_DRIVER_OK))
		return;
	if (s->down)
		judge_waiting(r);
	else if (!reading_disturbed(r) && r->v->command & COMMAND_BUS_MASTER)
		for (i = 0; i < r->v->nqueues; i++)
			judge_silence(r, &r->v->queues[i]);
}

const struct chapter chapter_needs_reset = {
	.name = "needs reset",
	.state = sizeof(struct state),
	.kinds = 1ull << EV_FAULT,
	.models = 1ull << MODEL_EV_NEEDS_RESET,
	.event = event,
	.reset = reset,
	.end = end,
};
