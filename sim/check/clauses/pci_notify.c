/* SPDX-License-Identifier: MIT */
/*
 * Available buffer notifications: the address that the device names for each
 * queue lies inside of its structure (virtio 1.2 4.1.4.4.1), and the driver sends
 * there what the device wants (4.1.5.2.1).
 */
#include "sim/check/clauses/chapters.h"

#define F_NOTIFICATION_DATA 38u
#define F_NOTIF_CONFIG_DATA 39u

/* ---- where, by the device ---- */

static void read_notify_off(struct reading *r, const struct access *a)
{
	bool data = r->v->offered >> F_NOTIFICATION_DATA & 1;
	uint64_t at = a->value * r->v->multiplier;
	uint64_t length = r->v->parts[VIEW_NOTIFY].length;

	clause_judge(r, data ? CLAUSE_PCI_NTF_V11 : CLAUSE_PCI_NTF_V6,
		     at + (data ? 4 : 2) <= length,
		     "queue %u is notified at 0x%llx of a structure of 0x%llx "
		     "bytes", r->v->queue_select, (unsigned long long)at,
		     (unsigned long long)length);
}

/* ---- with what, by the driver ---- */

/* A queue that is notified at this offset, and how many there are. */
static const struct view_queue *queue_at(const struct view *v, uint32_t offset,
					 unsigned int *count)
{
	const struct view_queue *found = NULL;
	unsigned int i;

	*count = 0;
	for (i = 0; i < v->nqueues; i++) {
		const struct view_queue *q = &v->queues[i];

		if (!q->enabled || !q->notify_off_read ||
		    (uint64_t)q->notify_off * v->multiplier != offset)
			continue;
		++*count;
		found = q;
	}
	return found;
}

static void notify(struct reading *r, const struct access *a)
{
	bool data = r->v->negotiated >> F_NOTIFICATION_DATA & 1;
	uint32_t sent = (uint32_t)a->value & 0xffff;
	const struct view_queue *q;
	unsigned int count;

	if (!(r->v->negotiated >> F_NOTIF_CONFIG_DATA & 1))
		return;
	q = queue_at(r->v, a->offset, &count);
	/* Of several queues at one address it cannot be told which was meant. */
	if (count != 1)
		return;
	clause_judge(r, data ? CLAUSE_PCI_AVN_D2 : CLAUSE_PCI_AVN_D1,
		     q->notify_data_read && sent == q->notify_data,
		     "the driver notified queue %u with 0x%x, %s 0x%x",
		     view_queue_number(r->v, q), sent,
		     q->notify_data_read ? "and its queue_notify_data is"
					 : "and never read its queue_notify_data:",
		     q->notify_data);
}

static void access(struct reading *r, const struct access *a)
{
	if (a->part == VIEW_NOTIFY && a->write)
		notify(r, a);
	else if (!a->write && r->v->parts[VIEW_NOTIFY].known &&
		 access_is(a, VIEW_COMMON, COMMON_QUEUE_NOTIFY_OFF, 2) &&
		 !access_unanswered(a))
		read_notify_off(r, a);
}

const struct chapter chapter_pci_notify = {
	.name = "pci_notify",
	.parts = VIEW_BIT(VIEW_NOTIFY) | VIEW_BIT(VIEW_COMMON),
	.registers = COMMON_BIT(COMMON_QUEUE_NOTIFY_OFF),
	.access = access,
};
