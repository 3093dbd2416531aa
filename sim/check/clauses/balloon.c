/* SPDX-License-Identifier: MIT */
/*
 * Traditional memory balloon device, virtio 1.2 5.5: features, and which part of
 * the chapter what happens belongs to.
 */
#include "sim/check/clauses/balloon.h"

#include <inttypes.h>
#include <string.h>

#include "sim/check/clauses/chapters.h"

/* A reset so soon comes before what would have been done. */
#define OVERDUE_PS 20000000000ull

bool balloon_overdue(const struct reading *r, uint64_t since, bool rest)
{
	const uint8_t failed = STATUS_FAILED | STATUS_NEEDS_RESET;

	return since && !reading_disturbed(r) &&
	       r->v->status & STATUS_DRIVER_OK &&
	       !((r->v->status | r->v->shown) & failed) &&
	       (rest || r->ev->time - since > OVERDUE_PS);
}

uint64_t balloon_sum(const struct world *w, uint64_t addr, uint64_t len)
{
	uint64_t sum = 1, at, word;
	const uint8_t *page = NULL;

	for (at = 0; at + 8 <= len; at += 64) {
		if (at % BAL_PAGE == 0)
			page = world_memory(w, addr + at, len - at < BAL_PAGE
						? len - at : BAL_PAGE);
		if (!page)
			return 0;
		memcpy(&word, page + at % BAL_PAGE, 8);
		sum = (sum ^ word) * 0x100000001b3ull + (sum >> 47);
	}
	return sum;
}

/* BAL_ROLES: none. */
static enum balloon_role role_of(const struct reading *r,
				 const struct view_queue *q)
{
	static const uint64_t needs[BAL_ROLES] = {
		[BAL_STATS] = BAL_F_STATS_VQ,
		[BAL_FREE_PAGE] = BAL_F_FREE_PAGE_HINT,
		[BAL_REPORTING] = BAL_F_PAGE_REPORTING,
	};
	unsigned int number = view_queue_number(r->v, q), role;

	for (role = 0; role < BAL_ROLES; role++)
		if ((r->v->negotiated & needs[role]) == needs[role] &&
		    !number--)
			break;
	return role;
}

static void accept_features(struct reading *r)
{
	const struct view *v = r->v;

	if (view_offers(v, BAL_F_MUST_TELL_HOST))
		clause_judge(r, CLAUSE_BAL_FEAT_D1,
			     v->accepted & BAL_F_MUST_TELL_HOST,
			     "the driver accepted the features 0x%" PRIx64
			     " of a device that offers MUST_TELL_HOST",
			     v->accepted);
}

static void access(struct reading *r, const struct access *a)
{
	if (access_sets_status(r->v, a, STATUS_FEATURES_OK))
		accept_features(r);
	if (access_unanswered(a))
		return;
	balloon_pages_access(r, a);
	balloon_stats_access(r, a);
	balloon_hint_access(r, a);
	balloon_report_access(r, a);
}

static void available(struct reading *r, struct view_queue *q,
		      const struct chain *c)
{
	enum balloon_role role = role_of(r, q);

	if (c->odd & CHAIN_UNSOUND)
		return;
	switch (role) {
	case BAL_INFLATE:
	case BAL_DEFLATE:
		balloon_pages_available(r, role, c);
		break;
	case BAL_STATS:
		balloon_stats_available(r, q, c);
		break;
	case BAL_FREE_PAGE:
		balloon_hint_available(r, q, c);
		break;
	case BAL_REPORTING:
		balloon_report_available(r, c);
		break;
	default:
		break;
	}
}

static void used(struct reading *r, struct view_queue *q, const struct chain *c,
		 uint32_t id, uint32_t len)
{
	enum balloon_role role = role_of(r, q);

	(void)id;
	(void)len;
	if (role == BAL_STATS)
		balloon_stats_used(r);
	if (!c || c->odd & CHAIN_UNSOUND)
		return;
	if (role == BAL_INFLATE || role == BAL_DEFLATE)
		balloon_pages_used(r, role, c);
	else if (role == BAL_REPORTING)
		balloon_report_used(r, c);
}

static void broke_down(struct reading *r)
{
	unsigned int i;

	for (i = 0; i < r->v->nqueues; i++)
		if (role_of(r, &r->v->queues[i]) == BAL_STATS)
			balloon_stats_broke_down(r, &r->v->queues[i]);
}

/* The device writes into the guest's memory, or has broken down. */
static void event(struct reading *r)
{
	if (r->ev->kind == EV_MODEL) {
		broke_down(r);
		return;
	}
	balloon_pages_write(r, r->ev->addr, r->ev->len);
	balloon_hint_write(r, r->ev->addr, r->ev->len);
	balloon_report_write(r, r->ev);
}

/* What was still to be done. */
static void undone(struct reading *r, bool rest)
{
	balloon_pages_undone(r, rest);
	balloon_stats_undone(r, rest);
	balloon_hint_undone(r, rest);
}

static void reset(struct reading *r)
{
	struct balloon *b = r->state;

	undone(r, false);
	balloon_pages_reset(&b->pages);
	memset(&b->stats, 0, sizeof(b->stats));
	memset(&b->hints, 0, sizeof(b->hints));
	memset(&b->reports, 0, sizeof(b->reports));
}

static void end(struct reading *r, bool rest)
{
	if (rest)
		undone(r, rest);
}

const struct chapter chapter_balloon = {
	.name = "balloon",
	.type = 5,
	.state = sizeof(struct balloon),
	.parts = VIEW_BIT(VIEW_COMMON) | VIEW_BIT(VIEW_DEVICE),
	.registers = COMMON_BIT(COMMON_DEVICE_STATUS),
	.access = access,
	.available = available,
	.used = used,
	.kinds = 1ull << EV_DMA_WRITE,
	.models = 1ull << MODEL_EV_NEEDS_RESET,
	.event = event,
	.reset = reset,
	.end = end,
};
