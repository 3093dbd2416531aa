/* SPDX-License-Identifier: MIT */
/*
 * What a device shows in common configuration, virtio 1.2 4.1.3.2 and 4.1.4.3.1:
 * features, the size of a queue, the halves of an address, and device_status and
 * queue_reset during and after a reset.  Held against what the driver wrote and
 * what the device has told of itself.
 */
#include "sim/check/clauses/chapters.h"

#define F_RING_RESET 40u

struct state {
	bool reset_done;     /* told by the device; device_status not written,
	                        or changed, since */
	/* A bit a queue. */
	uint64_t reset_written; /* queue_reset was, since the device's reset */
	uint64_t resetting;  /* asked for, and the device has not told its end */
	uint64_t reset_queues; /* told, and not enabled since */
};

static uint64_t selected_bit(const struct view *v)
{
	return v->queue_select < VIEW_QUEUES ? 1ull << v->queue_select : 0;
}

/* The 32 bits that a select register chooses of 64; behind them there is none. */
static uint32_t window(uint64_t all, uint32_t select)
{
	return select < 2 ? (uint32_t)(all >> 32 * select) : 0;
}

/* ---- features ---- */

/* What the scenario makes it offer is there at least; what a read has shown the
 * next ones show. */
static void read_device_feature(struct reading *r, const struct access *a)
{
	uint32_t select = r->v->device_feature_select;
	uint32_t offered = window(r->v->offered, select), known = 0;

	if (!r->v->feature_selected)
		return;
	if (select > 1 || r->v->windows_read >> select & 1)
		known = UINT32_MAX;
	offered |= window(r->v->seen_offered, select);
	clause_judge(r, CLAUSE_PCI_COM_V3,
		     !((a->value ^ offered) & (offered | known)),
		     "device_feature showed 0x%08x in window %u, and 0x%08x is "
		     "offered", (unsigned int)a->value, select, offered);
}

/* Bits that were not offered need not be shown. */
static void read_driver_feature(struct reading *r, const struct access *a)
{
	uint32_t select = r->v->driver_feature_select;
	uint32_t written = window(r->v->accepted, select);
	uint32_t valid = written & window(r->v->seen_offered, select);

	clause_judge(r, CLAUSE_PCI_COM_V4,
		     !(a->value & ~written) && !(valid & ~a->value),
		     "driver_feature showed 0x%08x in window %u, and 0x%08x "
		     "was written", (unsigned int)a->value, select, written);
}

/* ---- queues ---- */

static void read_size(struct reading *r, const struct access *a)
{
	if (r->v->num_queues && r->v->queue_select >= r->v->num_queues)
		clause_judge(r, CLAUSE_PCI_COM_V15, !a->value,
			     "queue_size of queue %u showed %u, and there are "
			     "%u queues", r->v->queue_select,
			     (unsigned int)a->value, r->v->num_queues);
}

/* 4.1.3.2: each half of the addresses for itself. */
static void read_half(struct reading *r, const struct access *a)
{
	static const char *const names[] = {
		"queue_desc", "queue_driver", "queue_device"
	};
	const struct view_queue *q = view_selected(r->v);
	unsigned int i = (a->offset - COMMON_QUEUE_DESC) / 8;
	uint32_t expected;

	if (!q || a->width != 4 || q->enabled ||
	    !(i == 0 ? q->desc_written : i == 1 ? q->driver_written
						: q->device_written))
		return;
	expected = window(i == 0 ? q->desc : i == 1 ? q->driver : q->device,
			  (a->offset - COMMON_QUEUE_DESC) / 4 % 2);
	clause_judge(r, CLAUSE_PCI_LAY_V1, a->value == expected,
		     "the half of %s at 0x%x showed 0x%08x, and holds 0x%08x",
		     names[i], a->offset, (unsigned int)a->value, expected);
}

/* ---- resets ---- */

static void read_status(struct reading *r, const struct access *a)
{
	const struct state *s = r->state;

	if (s->reset_done)
		clause_judge(r, CLAUSE_PCI_COM_V8, !a->value,
			     "device_status showed 0x%x after the reset was "
			     "done", (unsigned int)a->value);
}

static void read_queue_reset(struct reading *r, const struct access *a)
{
	const struct state *s = r->state;
	const struct view_queue *q = view_selected(r->v);
	uint64_t bit = selected_bit(r->v);
	unsigned int n = r->v->queue_select, value = (unsigned int)a->value;

	if (!q || r->v->resetting || !(r->v->offered >> F_RING_RESET & 1))
		return;
	if (s->resetting & bit)
		clause_judge(r, CLAUSE_PCI_COM_V13, value == 1,
			     "queue_reset of queue %u showed %u while the reset "
			     "was going on", n, value);
	else if (s->reset_queues & bit)
		clause_judge(r, CLAUSE_PCI_COM_V14, !value,
			     "queue_reset of queue %u showed %u after the reset "
			     "of the queue was done", n, value);
	else if (q->enabled)
		clause_judge(r, CLAUSE_PCI_COM_V11, !value,
			     "queue_reset of queue %u showed %u after the queue "
			     "was enabled", n, value);
	else if (r->v->was_reset && !(s->reset_written & bit))
		clause_judge(r, CLAUSE_PCI_COM_V10, !value,
			     "queue_reset of queue %u showed %u after the "
			     "device's reset", n, value);
}

static void read_enable(struct reading *r, const struct access *a)
{
	const struct state *s = r->state;

	if (s->reset_queues & selected_bit(r->v))
		clause_judge(r, CLAUSE_PCI_COM_V14, !a->value,
			     "queue_enable of queue %u showed %u after the reset "
			     "of the queue was done", r->v->queue_select,
			     (unsigned int)a->value);
}

static void write(struct reading *r, const struct access *a)
{
	struct state *s = r->state;
	const struct view_queue *q = view_selected(r->v);

	if (a->offset == COMMON_DEVICE_STATUS)
		s->reset_done = false;
	if (a->offset != COMMON_QUEUE_RESET)
		return;
	s->reset_written |= selected_bit(r->v);
	if (a->value == 1 && q && q->enabled &&
	    r->v->negotiated >> F_RING_RESET & 1)
		s->resetting |= selected_bit(r->v);
}

static void access(struct reading *r, const struct access *a)
{
	if (a->write) {
		write(r, a);
		return;
	}
	if (access_unanswered(a))
		return;
	switch (a->offset) {
	case COMMON_DEVICE_FEATURE:
		read_device_feature(r, a);
		break;
	case COMMON_DRIVER_FEATURE:
		read_driver_feature(r, a);
		break;
	case COMMON_DEVICE_STATUS:
		read_status(r, a);
		break;
	case COMMON_QUEUE_SIZE:
		read_size(r, a);
		break;
	case COMMON_QUEUE_ENABLE:
		read_enable(r, a);
		break;
	case COMMON_QUEUE_RESET:
		read_queue_reset(r, a);
		break;
	default:
		if (a->offset >= COMMON_QUEUE_DESC &&
		    a->offset < COMMON_QUEUE_NOTIFY_DATA)
			read_half(r, a);
		break;
	}
}

/* ---- what the device tells ---- */

static void see_queue_enable(struct reading *r)
{
	struct state *s = r->state;
	uint64_t bit = r->ev->index < VIEW_QUEUES ? 1ull << r->ev->index : 0;

	if (r->ev->value) {
		s->reset_queues &= ~bit;
	} else if (s->resetting & bit) {
		s->resetting &= ~bit;
		s->reset_queues |= bit;
		clause_kept(r, CLAUSE_PCI_COM_V12);
	}
}

static void event(struct reading *r)
{
	struct state *s = r->state;

	switch (r->ev->len) {
	case MODEL_EV_QUEUE_ENABLE:
		see_queue_enable(r);
		break;
	case MODEL_EV_RESET:
		s->reset_done = r->ev->value != 0;
		s->reset_written = s->resetting = s->reset_queues = 0;
		break;
	default: /* it has broken down, which device_status shows */
		s->reset_done = false;
		break;
	}
}

static void end(struct reading *r, bool rest)
{
	const struct state *s = r->state;

	if (rest && s->resetting)
		clause_broken(r, CLAUSE_PCI_COM_V12, "the device did not reset a "
			      "queue after 1 was written to queue_reset");
}

const struct chapter chapter_pci_common = {
	.name = "pci_common",
	.state = sizeof(struct state),
	.parts = VIEW_BIT(VIEW_COMMON),
	.registers = COMMON_BIT(COMMON_DEVICE_FEATURE) |
		     COMMON_BIT(COMMON_DRIVER_FEATURE) |
		     COMMON_BIT(COMMON_DEVICE_STATUS) |
		     COMMON_FROM(COMMON_QUEUE_SIZE),
	.access = access,
	.models = 1ull << MODEL_EV_QUEUE_ENABLE | 1ull << MODEL_EV_RESET |
		  1ull << MODEL_EV_NEEDS_RESET,
	.event = event,
	.end = end,
};
