/* SPDX-License-Identifier: MIT */
/*
 * Device initialization, virtio 1.2 3.1.1.  Its eight steps: reset, ACKNOWLEDGE,
 * DRIVER, features, FEATURES_OK, reading it back, setting up, DRIVER_OK.  A step
 * that is left out or comes too early is told where it is missed.
 */
#include "sim/check/clauses/chapters.h"


struct state {
	/* Since the last reset. */
	uint8_t bits;        /* that were ever set in device_status */
	uint32_t windows;    /* bit n: device_feature with select n was read */
	uint32_t written;    /* the same of driver_feature, of other than 0 */
	bool set;            /* the driver has set FEATURES_OK, */
	bool asked, held;    /* read it back, and it was set */
	bool set_up;         /* a queue was enabled */
	bool early;          /* a queue was notified before DRIVER_OK */
	/* Whatever resets there were. */
	bool trying;         /* DRIVER came, neither DRIVER_OK nor FAILED yet */
};

/* ---- device_status ---- */

/* Bits that begin to be set, and what must be by then. */
static const struct step {
	uint8_t bit, needs;
	enum clause clause;
	const char *text;
} steps[] = {
	{ STATUS_DRIVER, STATUS_ACKNOWLEDGE, CLAUSE_INIT_D3,
	  "the driver set DRIVER in device_status without ACKNOWLEDGE" },
	{ STATUS_FEATURES_OK, STATUS_DRIVER, CLAUSE_INIT_D4,
	  "the driver set FEATURES_OK in device_status without DRIVER" },
	{ STATUS_DRIVER_OK, STATUS_FEATURES_OK, CLAUSE_INIT_D8,
	  "the driver set DRIVER_OK in device_status without FEATURES_OK" },
};

static void features_ok(struct reading *r, struct state *s)
{
	clause_judge(r, CLAUSE_INIT_D5, s->windows && !(s->written & ~s->windows),
		     "the driver set FEATURES_OK, and of the features that it "
		     "accepted it had not read whether they are offered");
	clause_kept(r, CLAUSE_INIT_D7);
	s->set = true;
}

/* It goes on behind step 6. */
static void judge_read_back(struct reading *r, const struct state *s,
			    const char *what)
{
	if (s->set)
		clause_judge(r, CLAUSE_INIT_D10, s->held,
			     "the driver %s and had not seen FEATURES_OK set",
			     what);
}

static void driver_ok(struct reading *r, struct state *s)
{
	judge_read_back(r, s, "set DRIVER_OK");
	clause_kept(r, CLAUSE_INIT_D1);
	clause_kept(r, CLAUSE_INIT_D9);
	clause_kept(r, CLAUSE_INIT_D12);
	if (s->set_up)
		clause_kept(r, CLAUSE_INIT_D11);
	s->trying = s->early = false;
}

static void fail(struct reading *r, struct state *s)
{
	if (s->trying)
		clause_kept(r, CLAUSE_INIT_D13);
	s->trying = false;
}

static void write_status(struct reading *r, struct state *s, uint8_t now)
{
	const uint8_t before = r->v->status, added = now & (uint8_t)~before;
	size_t i;

	if (now & STATUS_FAILED) {
		fail(r, s);
		return;
	}
	if (!before)
		clause_judge(r, CLAUSE_INIT_D2, r->v->was_reset,
			     "the driver wrote 0x%x to device_status of a "
			     "device that it had not reset", now);
	/* A bit that was dropped is STAT-D2's: the step was done. */
	s->bits |= now;
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		if (added & steps[i].bit)
			clause_judge(r, steps[i].clause,
				     s->bits & steps[i].needs,
				     "%s", steps[i].text);
	if (added & STATUS_DRIVER)
		s->trying = true;
	if (added & STATUS_FEATURES_OK)
		features_ok(r, s);
	if (added & STATUS_DRIVER_OK)
		driver_ok(r, s);
}

/* ---- the other steps ---- */

/* Of what initialization consists of beside device_status. */
static void judge_after_failed(struct reading *r, const char *what)
{
	if (r->v->status & STATUS_FAILED)
		clause_broken(r, CLAUSE_INIT_D14,
			      "the driver %s after it had written FAILED", what);
}

static void write_features(struct reading *r, struct state *s, uint32_t value)
{
	const uint8_t status = r->v->status;

	judge_after_failed(r, "wrote driver_feature");
	if (value && r->v->driver_feature_select < 32)
		s->written |= 1u << r->v->driver_feature_select;
	if (s->set)
		clause_broken(r, CLAUSE_INIT_D9,
			      "the driver wrote 0x%x to driver_feature after "
			      "FEATURES_OK", value);
	else if (!(status & (STATUS_DRIVER | STATUS_FAILED)))
		clause_broken(r, CLAUSE_INIT_D1,
			      "the driver wrote 0x%x to driver_feature before "
			      "it had set DRIVER", value);
}

static void enable_queue(struct reading *r, struct state *s)
{
	const struct view *v = r->v;
	const struct view_queue *q = view_selected(r->v);

	judge_after_failed(r, "enabled a queue");
	judge_read_back(r, s, "enabled a queue");
	s->set_up = true;
	if (!s->set && !(v->status & STATUS_FAILED))
		clause_broken(r, CLAUSE_INIT_D11,
			      "the driver enabled queue %u before FEATURES_OK",
			      v->queue_select);
	else if (v->status & STATUS_DRIVER_OK && q && !q->was_reset)
		clause_broken(r, CLAUSE_INIT_D11,
			      "the driver enabled queue %u after DRIVER_OK",
			      v->queue_select);
}

static void write_config(struct reading *r, const struct state *s,
			 const struct access *a)
{
	if (!s->set)
		clause_broken(r, CLAUSE_INIT_D7,
			      "the driver wrote to byte %u of the device's "
			      "configuration before FEATURES_OK", a->offset);
}

static void notify(struct reading *r, struct state *s)
{
	const bool ok = r->v->status & STATUS_DRIVER_OK;

	clause_judge(r, CLAUSE_INIT_D15, ok,
		     "the driver notified a queue while device_status was 0x%x",
		     r->v->status);
	s->early |= !ok;
}

/* ---- accesses ---- */

static void write_common(struct reading *r, struct state *s,
			 const struct access *a)
{
	if (a->offset == COMMON_DEVICE_STATUS && a->value)
		write_status(r, s, (uint8_t)a->value);
	else if (a->offset == COMMON_DRIVER_FEATURE)
		write_features(r, s, (uint32_t)a->value);
	else if (a->offset == COMMON_QUEUE_ENABLE && a->value == 1)
		enable_queue(r, s);
}

static void read_common(struct reading *r, struct state *s,
			const struct access *a)
{
	if (a->offset == COMMON_DEVICE_FEATURE &&
	    r->v->device_feature_select < 32)
		s->windows |= 1u << r->v->device_feature_select;
	else if (a->offset == COMMON_DEVICE_STATUS &&
		 s->set) {
		s->asked = true;
		s->held = a->value & STATUS_FEATURES_OK;
	}
}

static void access(struct reading *r, const struct access *a)
{
	struct state *s = r->state;

	if (r->v->legacy)
		return;
	if (a->part == VIEW_NOTIFY && a->write)
		notify(r, s);
	else if (a->part == VIEW_DEVICE && a->write)
		write_config(r, s, a);
	else if (a->part == VIEW_COMMON && a->write)
		write_common(r, s, a);
	else if (a->part == VIEW_COMMON)
		read_common(r, s, a);
}

static void reset(struct reading *r)
{
	struct state *s = r->state;
	const bool trying = s->trying;

	if (r->v->status & STATUS_FAILED)
		clause_kept(r, CLAUSE_INIT_D14);
	*s = (struct state){ .trying = trying };
}

/* What the device refused is FEAT-D4's. */
static void judge_unfinished(struct reading *r, const struct state *s)
{
	if (s->early)
		clause_broken(r, CLAUSE_INIT_D12,
			      "the driver notified a queue and never set "
			      "DRIVER_OK");
	else if (s->held || !s->asked)
		clause_broken(r, CLAUSE_INIT_D13,
			      "the driver began to initialize the device, came "
			      "to no end, and did not write FAILED");
}

static void end(struct reading *r, bool rest)
{
	const struct state *s = r->state;

	if (!rest)
		return;
	if (r->v->status & STATUS_FAILED)
		clause_kept(r, CLAUSE_INIT_D14);
	if (s->trying)
		judge_unfinished(r, s);
}

const struct chapter chapter_initialization = {
	.name = "initialization",
	.state = sizeof(struct state),
	.parts = VIEW_BIT(VIEW_COMMON) | VIEW_BIT(VIEW_NOTIFY) |
		 VIEW_BIT(VIEW_DEVICE),
	.registers = COMMON_BIT(COMMON_DEVICE_FEATURE) |
		     COMMON_BIT(COMMON_DRIVER_FEATURE) |
		     COMMON_BIT(COMMON_DEVICE_STATUS) |
		     COMMON_BIT(COMMON_QUEUE_ENABLE),
	.access = access,
	.reset = reset,
	.end = end,
};
