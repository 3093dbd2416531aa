/* SPDX-License-Identifier: MIT */
/*
 * Reserved feature bits, virtio 1.2 6: those that a driver is to accept where they
 * are offered, and what some of them promise.
 */
#include "sim/check/clauses/chapters.h"

#include <string.h>

#define F_VERSION_1 32u
#define F_IN_ORDER 35u

/* 6.1: "accept it if it is offered". */
static const struct row {
	unsigned int bit;
	enum clause clause;
	const char *name;
} rows[] = {
	{ F_VERSION_1, CLAUSE_RFB_D1, "VERSION_1" },
	{ 33, CLAUSE_RFB_D3, "ACCESS_PLATFORM" },
	{ 34, CLAUSE_RFB_D6, "RING_PACKED" },
	{ 36, CLAUSE_RFB_D7, "ORDER_PLATFORM" },
	{ 39, CLAUSE_RFB_D13, "NOTIF_CONFIG_DATA" },
};

struct state {
	/* Of each queue: available entries, up to the last one that was used. */
	uint16_t passed[VIEW_QUEUES];
};

static void judge_accepted(struct reading *r)
{
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (r->v->seen_offered >> rows[i].bit & 1)
			clause_judge(r, rows[i].clause,
				     r->v->accepted >> rows[i].bit & 1,
				     "the driver did not accept %s, which the "
				     "device offers", rows[i].name);
}

/* What a scenario withholds from it is no device's own choice. */
static bool withheld(const struct view *v)
{
	const struct world_device *d = &v->world->devices[v->device];
	const struct device_feature *f = d->model ? d->model->features : NULL;

	if (v->offered >> F_VERSION_1 & 1)
		return false;
	while (f && f->name && f->bit != F_VERSION_1)
		f++;
	return f && f->name;
}

static void access(struct reading *r, const struct access *a)
{
	if (access_is(a, VIEW_COMMON, COMMON_DEVICE_STATUS, 1) && a->write &&
	    !(a->value & STATUS_FAILED) &&
	    a->value & ~r->v->status & STATUS_FEATURES_OK)
		judge_accepted(r);
	if (access_is(a, VIEW_COMMON, COMMON_DEVICE_FEATURE, 4) && !a->write &&
	    r->v->device_feature_select == 1 && !withheld(r->v))
		clause_judge(r, CLAUSE_RFB_V1,
			     a->value >> (F_VERSION_1 - 32) & 1,
			     "the device showed 0x%x for features 32 to 63, "
			     "without VERSION_1", (unsigned int)a->value);
}

/* The entry of the available ring at this index, as it stands in memory. */
static bool entry(const struct reading *r, const struct view_queue *q,
		  uint16_t index, uint16_t *head)
{
	const uint8_t *m = world_memory(r->v->world,
			q->driver + 4 + 2ull * (index % q->size), 2);

	if (m)
		memcpy(head, m, 2);
	return m != NULL;
}

/* With IN_ORDER an element stands for all before it too (2.7.12), so the next used
 * one is that or a later one. */
static void used(struct reading *r, struct view_queue *q, const struct chain *c,
		 uint32_t id, uint32_t len)
{
	struct state *s = r->state;
	uint16_t *passed = &s->passed[view_queue_number(r->v, q)];
	uint16_t at, head;

	(void)len;
	if (!(r->v->negotiated >> F_IN_ORDER & 1) || !c)
		return;
	if (!q->pushed)
		*passed = 0;
	for (at = *passed; at != q->looked; at++)
		if (!entry(r, q, at, &head) || head == id)
			break;
	clause_judge(r, CLAUSE_RFB_V5, at != q->looked,
		     "the device used descriptor %u of queue %u, which was made "
		     "available before one that it had used already", id,
		     view_queue_number(r->v, q));
	if (at != q->looked)
		*passed = (uint16_t)(at + 1);
}

static void reset(struct reading *r)
{
	memset(r->state, 0, sizeof(struct state));
}

const struct chapter chapter_reserved = {
	.name = "reserved",
	.state = sizeof(struct state),
	.parts = VIEW_BIT(VIEW_COMMON),
	.registers = COMMON_BIT(COMMON_DEVICE_FEATURE) |
		     COMMON_BIT(COMMON_DEVICE_STATUS),
	.access = access,
	.used = used,
	.reset = reset,
};
