/* SPDX-License-Identifier: MIT */
/*
 * Feature bits, virtio 1.2 2.2: what a driver accepts, what a device offers, and
 * its answer to FEATURES_OK.
 */
#include "sim/check/clauses/chapters.h"

#include <inttypes.h>
#include <string.h>

#define BIT(n) (1ull << (n))
/* 6: without one of these that it offers, a device may stop working. */
#define MAY_INSIST (BIT(32) | BIT(33) | BIT(36))

/* A feature and those of which it needs one. */
struct need {
	uint16_t type;
	uint64_t feature, one_of;
};

/* 5.1.3.1, the only list of this kind for devices that are seen here. */
static const struct need needs[] = {
	{ 1, BIT(7), BIT(1) },   /* GUEST_TSO4: GUEST_CSUM */
	{ 1, BIT(8), BIT(1) },   /* GUEST_TSO6 */
	{ 1, BIT(9), BIT(7) | BIT(8) }, /* GUEST_ECN: GUEST_TSO4 or 6 */
	{ 1, BIT(10), BIT(1) },  /* GUEST_UFO */
	{ 1, BIT(11), BIT(0) },  /* HOST_TSO4: CSUM */
	{ 1, BIT(12), BIT(0) },  /* HOST_TSO6 */
	{ 1, BIT(13), BIT(11) | BIT(12) }, /* HOST_ECN: HOST_TSO4 or 6 */
	{ 1, BIT(14), BIT(0) },  /* HOST_UFO */
	{ 1, BIT(18), BIT(17) }, /* CTRL_RX: CTRL_VQ */
	{ 1, BIT(19), BIT(17) }, /* CTRL_VLAN */
	{ 1, BIT(21), BIT(17) }, /* GUEST_ANNOUNCE */
	{ 1, BIT(22), BIT(17) }, /* MQ */
	{ 1, BIT(23), BIT(17) }, /* CTRL_MAC_ADDR */
	{ 1, BIT(60), BIT(17) }, /* RSS */
};

struct state {
	bool asked;          /* FEATURES_OK written, the answer not yet read, */
	uint64_t set;        /* with this accepted */
	bool told_to;        /* the scenario wants it to be refused */
	bool refused;        /* read as not set, and the driver has not reacted */
	bool once;           /* a set was accepted before, ever: */
	uint64_t accepted_once;
};

/* What the driver has read, and where it has not, what there was to read. */
static uint64_t offered(const struct view *v)
{
	uint64_t known = (v->windows_read & 1 ? 0xffffffffull : 0) |
			 (v->windows_read & 2 ? 0xffffffffull << 32 : 0);

	return (v->seen_offered & known) | (v->offered & ~known);
}

/* The first feature of the set that lacks what it needs, or NULL. */
static const struct need *lacking(const struct view *v, uint64_t set,
				  bool *any)
{
	size_t i;

	*any = false;
	for (i = 0; i < sizeof(needs) / sizeof(needs[0]); i++) {
		if (needs[i].type != v->type || !(set & needs[i].feature))
			continue;
		*any = true;
		if (!(set & needs[i].one_of))
			return &needs[i];
	}
	return NULL;
}

static void judge_needs(struct reading *r, enum clause c, uint64_t set,
			const char *who)
{
	bool any;
	const struct need *n = lacking(r->v, set, &any);

	if (any)
		clause_judge(r, c, !n, "%s feature 0x%" PRIx64 " without 0x%"
			     PRIx64 ", which it needs", who, n->feature,
			     n->one_of);
}

static void ask(struct reading *r)
{
	const uint64_t accepted = r->v->accepted;
	struct state *s = r->state;

	clause_judge(r, CLAUSE_FEAT_D1, !(accepted & ~offered(r->v)),
		     "the driver accepted features 0x%" PRIx64
		     ", which the device does not offer",
		     accepted & ~offered(r->v));
	judge_needs(r, CLAUSE_FEAT_V1, offered(r->v), "the device offers");
	judge_needs(r, CLAUSE_FEAT_D2, accepted, "the driver accepted");
	s->asked = true;
	s->set = accepted;
}

static void answer(struct reading *r, bool stuck)
{
	struct state *s = r->state;
	const uint64_t accepted = s->set, of = offered(r->v);
	bool known = s->once && s->accepted_once == accepted;
	bool any;

	if (!stuck || accepted & ~of)
		clause_judge(r, CLAUSE_FEAT_V3, !stuck,
			     "the device let FEATURES_OK stay set although it "
			     "does not offer features 0x%" PRIx64,
			     accepted & ~of);
	/* What it took before is told as that, and not as FEAT-V2 too. */
	if (s->told_to)
		s->told_to = false;
	else if (known)
		clause_judge(r, CLAUSE_FEAT_V4, stuck,
			     "the device refused features 0x%" PRIx64
			     ", which it had accepted before a reset", accepted);
	else if (!(accepted & ~of) && !lacking(r->v, accepted, &any) &&
		 !(of & ~accepted & MAY_INSIST))
		clause_judge(r, CLAUSE_FEAT_V2, stuck,
			     "the device refused features 0x%" PRIx64
			     ", all of which it offers", accepted);
	if (stuck) {
		s->once = true;
		s->accepted_once = accepted;
	}
	s->asked = false;
	s->refused = !stuck;
}

static void access(struct reading *r, const struct access *a)
{
	struct state *s = r->state;

	if (!access_is(a, VIEW_COMMON, COMMON_DEVICE_STATUS, 1))
		return;
	if (!a->write) {
		if (s->asked && a->value & STATUS_DRIVER)
			answer(r, a->value & STATUS_FEATURES_OK);
		return;
	}
	if (s->refused && a->value & STATUS_FAILED)
		clause_kept(r, CLAUSE_FEAT_D4);
	if (a->value & STATUS_FAILED)
		s->refused = false;
	else if (a->value & ~r->v->status & STATUS_FEATURES_OK)
		ask(r);
}

static void event(struct reading *r)
{
	const char *point = reading_text(r);
	struct state *s = r->state;

	s->told_to |= point && !strcmp(point, "device.features_ok");
}

static void reset(struct reading *r)
{
	struct state *s = r->state;

	s->asked = s->refused = false;
}

static void end(struct reading *r, bool rest)
{
	const struct state *s = r->state;

	if (rest && s->refused)
		clause_broken(r, CLAUSE_FEAT_D4,
			      "the device had refused features 0x%" PRIx64
			      ", and the driver neither tried others nor wrote "
			      "FAILED", s->set);
}

const struct chapter chapter_features = {
	.name = "features",
	.state = sizeof(struct state),
	.parts = VIEW_BIT(VIEW_COMMON),
	.registers = COMMON_BIT(COMMON_DEVICE_STATUS),
	.access = access,
	.kinds = 1ull << EV_FAULT,
	.event = event,
	.reset = reset,
	.end = end,
};
