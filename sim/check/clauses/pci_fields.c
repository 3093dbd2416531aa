/* SPDX-License-Identifier: MIT */
/*
 * How a driver uses the common configuration structure, virtio 1.2 4.1.3.1 and
 * 4.1.4.3.2: which fields it may write, with what, how wide, and when.
 */
#include "sim/check/clauses/chapters.h"

#define F_RING_PACKED 34u
#define F_RING_RESET 40u

/* 4.1.4.3, by offset.  A field of 64 bits is accessed by halves. */
static const struct field {
	uint8_t width;       /* 0: inside of the field before */
	bool read_only;
	const char *name;
} fields[COMMON_BYTES] = {
	[0x00] = { 4, false, "device_feature_select" },
	[0x04] = { 4, true, "device_feature" },
	[0x08] = { 4, false, "driver_feature_select" },
	[0x0c] = { 4, false, "driver_feature" },
	[0x10] = { 2, false, "config_msix_vector" },
	[0x12] = { 2, true, "num_queues" },
	[0x14] = { 1, false, "device_status" },
	[0x15] = { 1, true, "config_generation" },
	[0x16] = { 2, false, "queue_select" },
	[0x18] = { 2, false, "queue_size" },
	[0x1a] = { 2, false, "queue_msix_vector" },
	[0x1c] = { 2, false, "queue_enable" },
	[0x1e] = { 2, true, "queue_notify_off" },
	[0x20] = { 4, false, "queue_desc" },
	[0x24] = { 4, false, "queue_desc's upper half" },
	[0x28] = { 4, false, "queue_driver" },
	[0x2c] = { 4, false, "queue_driver's upper half" },
	[0x30] = { 4, false, "queue_device" },
	[0x34] = { 4, false, "queue_device's upper half" },
	[0x38] = { 2, true, "queue_notify_data" },
	[0x3a] = { 2, false, "queue_reset" },
};

struct state {
	uint64_t reset;      /* bit n: queue n was reset on its own */
};

/* The field that an access of common configuration begins in; NULL: it lies
 * behind what this version of the specification knows. */
static const struct field *field_of(const struct access *a)
{
	const struct field *f;

	if (a->offset >= COMMON_BYTES)
		return NULL;
	f = &fields[a->offset];
	while (!f->width)
		f--;
	return f;
}

static const char *verb(const struct access *a)
{
	return a->write ? "wrote" : "read";
}

/* ---- 4.1.3.1 ---- */

static void judge_width(struct reading *r, const struct access *a,
			const struct field *f)
{
	clause_judge(r, CLAUSE_PCI_LAY_D1,
		     f == &fields[a->offset] && a->width == f->width,
		     "the driver %s %u bytes at 0x%x of common configuration, "
		     "where %s has %u at 0x%x", verb(a), a->width, a->offset,
		     f->name, f->width, (unsigned int)(f - fields));
}

/* What the device's own fields are is not this chapter's; none is wider than a
 * driver may access at once, and all are aligned. */
static void judge_device_width(struct reading *r, const struct access *a)
{
	clause_judge(r, CLAUSE_PCI_LAY_D1,
		     (a->width == 1 || a->width == 2 || a->width == 4) &&
			     a->offset % a->width == 0,
		     "the driver %s %u bytes at 0x%x of the device's "
		     "configuration", verb(a), a->width, a->offset);
}

/* ---- 4.1.4.3.2 ---- */

/* Until 0 is read the device is not ready for a new beginning. */
static void write_status(struct reading *r, const struct access *a)
{
	if (a->value && r->v->was_reset)
		clause_judge(r, CLAUSE_PCI_COM_D5, !r->v->resetting,
			     "the driver wrote 0x%x to device_status after a "
			     "reset before it had read 0 there",
			     (unsigned int)a->value);
}

static void write_size(struct reading *r, const struct access *a)
{
	uint64_t size = a->value;

	if (r->v->accepted >> F_RING_PACKED & 1)
		return;
	clause_judge(r, CLAUSE_PCI_COM_D3, size && !(size & (size - 1)),
		     "the driver wrote %u to queue_size of queue %u, which is "
		     "no power of two", (unsigned int)size, r->v->queue_select);
}

/* Vectors may be mapped anew at any time. */
static bool is_setup(const struct access *a)
{
	return a->offset == COMMON_QUEUE_SIZE ||
	       (a->offset >= COMMON_QUEUE_DESC &&
		a->offset < COMMON_QUEUE_NOTIFY_DATA);
}

static void write_enable(struct reading *r, const struct access *a,
			 const struct view_queue *q)
{
	clause_judge(r, CLAUSE_PCI_COM_D6, a->value,
		     "the driver wrote 0 to queue_enable of queue %u",
		     r->v->queue_select);
	if (a->value == 1 && !q->enabled)
		clause_judge(r, CLAUSE_PCI_COM_D4,
			     q->desc_written && q->driver_written &&
				     q->device_written,
			     "the driver enabled queue %u before it had written "
			     "%s", r->v->queue_select,
			     !q->desc_written ? "queue_desc" :
			     !q->driver_written ? "queue_driver"
						: "queue_device");
}

/* A queue that is being reset is not set up again before that is over. */
static void judge_queue_reset(struct reading *r, const struct view_queue *q,
			      const char *what)
{
	const struct state *s = r->state;
	unsigned int n = view_queue_number(r->v, q);

	if (s->reset >> n & 1)
		clause_judge(r, CLAUSE_PCI_COM_D7, !q->resetting,
			     "the driver wrote %s of queue %u, which it had "
			     "reset, before it had read 0 in queue_reset", what,
			     n);
}

static void write_queue(struct reading *r, const struct access *a,
			const struct field *f)
{
	const struct view_queue *q = view_selected(r->v);
	struct state *s = r->state;

	if (!q)
		return;
	if (a->offset == COMMON_QUEUE_RESET && a->value == 1 &&
	    r->v->negotiated >> F_RING_RESET & 1)
		s->reset |= 1ull << r->v->queue_select;
	if (a->offset == COMMON_QUEUE_ENABLE || is_setup(a))
		judge_queue_reset(r, q, f->name);
	if (a->offset == COMMON_QUEUE_SIZE)
		write_size(r, a);
	if (a->offset == COMMON_QUEUE_ENABLE)
		write_enable(r, a, q);
	else if (is_setup(a) && q->enabled)
		clause_broken(r, CLAUSE_PCI_COM_D4, "the driver wrote %s of "
			      "queue %u after it had enabled it", f->name,
			      r->v->queue_select);
}

static void access(struct reading *r, const struct access *a)
{
	const struct field *f;

	if (a->part == VIEW_DEVICE)
		judge_device_width(r, a);
	if (a->part != VIEW_COMMON)
		return;
	f = field_of(a);
	if (!f)
		return;
	judge_width(r, a, f);
	if (!a->write)
		return;
	clause_judge(r, CLAUSE_PCI_COM_D1, !f->read_only,
		     "the driver wrote 0x%llx to %s",
		     (unsigned long long)a->value, f->name);
	if (a->offset == COMMON_DEVICE_STATUS)
		write_status(r, a);
	else if (a->offset >= COMMON_QUEUE_SIZE)
		write_queue(r, a, f);
}

static void reset(struct reading *r)
{
	struct state *s = r->state;

	s->reset = 0;
}

const struct chapter chapter_pci_fields = {
	.name = "pci_fields",
	.state = sizeof(struct state),
	.parts = VIEW_BIT(VIEW_COMMON) | VIEW_BIT(VIEW_DEVICE),
	.access = access,
	.reset = reset,
};
