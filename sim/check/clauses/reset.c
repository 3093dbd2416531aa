/* SPDX-License-Identifier: MIT */
/*
 * Device reset, virtio 1.2 2.4.  That no DMA follows it is sim/check/model.c's.
 */
#include "sim/check/clauses/chapters.h"

struct state {
	bool done;           /* the device has come to the end of a reset */
	bool lived;          /* DRIVER_OK was set before the last reset */
};

static void access(struct reading *r, const struct access *a)
{
	struct state *s = r->state;

	if (!access_is(a, VIEW_COMMON, COMMON_DEVICE_STATUS, 1))
		return;
	if (!a->write) {
		if (s->done)
			clause_judge(r, CLAUSE_RST_V1, !a->value,
				     "the device showed device_status 0x%x "
				     "after a reset", (unsigned int)a->value);
		return;
	}
	s->done = false;
	if (!a->value || r->v->status || !r->v->was_reset)
		return;
	clause_judge(r, CLAUSE_RST_D1, !r->v->resetting,
		     "the driver wrote 0x%x to device_status after a reset of "
		     "which it had not seen the end", (unsigned int)a->value);
	if (s->lived && !r->v->resetting)
		clause_kept(r, CLAUSE_RST_V2);
	s->lived = false;
}

static void event(struct reading *r)
{
	struct state *s = r->state;

	if (r->ev->len == MODEL_EV_RESET)
		s->done = r->ev->value != 0;
	else if (s->lived && !r->v->status && !r->v->resetting &&
		 notify_interrupts(r->ev->value))
		clause_broken(r, CLAUSE_RST_V2, "the device sent a notification "
			      "after device_status had read 0");
}

static void reset(struct reading *r)
{
	struct state *s = r->state;

	s->lived |= (r->v->status & STATUS_DRIVER_OK) != 0;
}

static void end(struct reading *r, bool rest)
{
	const struct state *s = r->state;

	(void)rest;
	if (s->lived && !r->v->status && !r->v->resetting)
		clause_kept(r, CLAUSE_RST_V2);
}

const struct chapter chapter_reset = {
	.name = "reset",
	.state = sizeof(struct state),
	.parts = VIEW_BIT(VIEW_COMMON),
	.registers = COMMON_BIT(COMMON_DEVICE_STATUS),
	.access = access,
	.models = 1ull << MODEL_EV_RESET | 1ull << MODEL_EV_NOTIFY,
	.event = event,
	.reset = reset,
	.end = end,
};
