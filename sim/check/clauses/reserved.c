/* SPDX-License-Identifier: MIT */
/*
 * Reserved feature bits, virtio 1.2 6: those that a driver is to accept where they
 * are offered, and what some of them promise.
 *
 * That a driver which was not offered ACCESS_PLATFORM passes physical addresses is
 * judged in part: what lies in no memory is none.
 */
#include "sim/check/clauses/chapters.h"

#include <string.h>

#define F_VERSION_1 32u
#define F_ACCESS_PLATFORM (1ull << 33)
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

/* ---- addresses, without ACCESS_PLATFORM ---- */

/* The rings of a queue that is being enabled: in memory, or not. */
static void judge_rings(struct reading *r, const struct view_queue *q)
{
	const struct world *w = r->v->world;
	const unsigned int n = view_queue_number(r->v, q);

	if (!q->size || view_offers(r->v, F_ACCESS_PLATFORM))
		return;
	clause_judge(r, CLAUSE_RFB_D5,
		     world_memory(w, q->desc, 16ull * q->size) &&
		     world_memory(w, q->driver, 6 + 2ull * q->size) &&
		     world_memory(w, q->device, 6 + 8ull * q->size),
		     "the driver enabled queue %u with rings at 0x%llx, 0x%llx "
		     "and 0x%llx, not all of them in memory", n,
		     (unsigned long long)q->desc, (unsigned long long)q->driver,
		     (unsigned long long)q->device);
}

/* The device has found nobody at an address.  Was it given it in a descriptor?
 * After a fault that may be the fault's doing. */
static void event(struct reading *r)
{
	if (!reading_disturbed(r) && !view_offers(r->v, F_ACCESS_PLATFORM) &&
	    view_parts_at(r->v, r->ev->addr))
		clause_broken(r, CLAUSE_RFB_D5,
			      "the driver gave the device a buffer around "
			      "0x%llx, where no memory is",
			      (unsigned long long)r->ev->addr);
}

/* ---- */

static void access(struct reading *r, const struct access *a)
{
	const struct view_queue *q = view_selected(r->v);

	if (access_is(a, VIEW_COMMON, COMMON_QUEUE_ENABLE, 2) && a->write &&
	    a->value == 1 && q && !q->enabled)
		judge_rings(r, q);
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
		     COMMON_BIT(COMMON_DEVICE_STATUS) |
		     COMMON_BIT(COMMON_QUEUE_ENABLE),
	.access = access,
	.used = used,
	.kinds = 1ull << EV_DMA_ERROR,
	.event = event,
	.reset = reset,
};
