/* SPDX-License-Identifier: MIT */
/*
 * The split virtqueue, device side (virtio 1.2 section 2.7): indirect
 * descriptors, event index, and every way in which a driver can build a chain
 * wrongly.  A wrong chain breaks the device (DEVICE_NEEDS_RESET) with a phrase
 * that says what was wrong.  Read by who follows a request through the trace.
 *
 * Fewer DMA reads make a faster device, so what lies side by side is read in one
 * go where that is safe: entries of the available ring up to the index that was
 * read (the driver may not change them any more); four descriptors of the table
 * from the head on (one 64-byte line; only those that the chain reaches are
 * used, and these are fixed while the chain is available); an indirect table,
 * whose length is known, 32 descriptors at a time.  The available index is read
 * on its own, since ring entries may only be read after it.
 */
#include "models/virtio/vq.h"

#include <assert.h>
#include <stdlib.h>

#include "models/virtio/le.h"
#include "models/virtio/virtio.h"

/* struct virtq_desc
 *   0        8       12     14     16
 *   +--------+--------+------+------+
 *   | addr   | len    | flags| next |
 *   +--------+--------+------+------+
 */
#define DESC_BYTES 16u
#define VIRTQ_DESC_F_NEXT 1u
#define VIRTQ_DESC_F_WRITE 2u
#define VIRTQ_DESC_F_INDIRECT 4u

/* struct virtq_avail, written by the driver
 *   0      2      4            4 + 2 * size
 *   +------+------+---...------+------------+
 *   | flags| idx  | ring[size] | used_event |
 *   +------+------+---...------+------------+
 */
#define AVAIL_FLAGS 0u
#define AVAIL_IDX 2u
#define AVAIL_RING 4u
#define VIRTQ_AVAIL_F_NO_INTERRUPT 1u

/* struct virtq_used, written by the device; an element is le32 id, le32 len
 *   0      2      4            4 + 8 * size
 *   +------+------+---...------+-------------+
 *   | flags| idx  | ring[size] | avail_event |
 *   +------+------+---...------+-------------+
 */
#define USED_FLAGS 0u
#define USED_IDX 2u
#define USED_RING 4u
#define USED_ELEM_BYTES 8u
#define VIRTQ_USED_F_NO_NOTIFY 1u

/* Descriptors of the table that are read together. */
#define DIRECT_WINDOW 4u

bool vq_init(struct vq *vq, struct virtio_device *vdev, uint16_t index,
	     uint16_t max_size)
{
	assert(max_size && max_size <= VQ_SIZE_MAX &&
	       !(max_size & (max_size - 1)));
	vq->chain.bufs = calloc(VQ_CHAIN_MAX, sizeof(*vq->chain.bufs));
	if (!vq->chain.bufs)
		return false;
	vq->vdev = vdev;
	vq->index = index;
	vq->max_size = max_size;
	vq_reset(vq);
	return true;
}

void vq_fini(struct vq *vq)
{
	free(vq->chain.bufs);
	vq->chain.bufs = NULL;
}

void vq_reset(struct vq *vq)
{
	vq->enabled = false;
	vq->desc = vq->avail = vq->used = 0;
	vq->last_avail = vq->avail_idx = 0;
	vq->last_used = vq->signalled = 0;
	vq->avail_event_known = false;
	vq->no_notify = false;
	vq->nheads = 0;
}

static enum vq_result broken(struct vq *vq, const char *rule)
{
	virtio_guest_error(vq->vdev, vq->index, rule);
	virtio_needs_reset(vq->vdev, vq->index, rule);
	return VQ_BROKEN;
}

static enum dma_result dma_read(struct vq *vq, uint64_t addr, void *buf,
				uint32_t len)
{
	struct pci_host *h = vq->vdev->host;

	return h->ops->dma_read(h, addr, buf, len);
}

static enum dma_result dma_write(struct vq *vq, uint64_t addr, const void *buf,
				 uint32_t len)
{
	struct pci_host *h = vq->vdev->host;

	return h->ops->dma_write(h, addr, buf, len);
}

/* A ring that cannot be reached breaks the device. */
static enum vq_result ring_result(struct vq *vq, enum dma_result result,
				  const char *rule)
{
	if (result == DMA_OK)
		return VQ_OK;
	if (result == DMA_CANCELED)
		return VQ_CANCELED;
	return broken(vq, rule);
}

static enum vq_result read_avail(struct vq *vq, uint64_t offset, uint16_t *value)
{
	uint8_t raw[2];
	enum dma_result result = dma_read(vq, vq->avail + offset, raw, 2);

	if (result == DMA_OK)
		*value = load_le16(raw);
	return ring_result(vq, result,
			   "the available ring's address is answered by nobody");
}

static enum vq_result write_used(struct vq *vq, uint64_t offset,
				 uint16_t value)
{
	uint8_t raw[2];

	save_le16(raw, value);
	return ring_result(vq, dma_write(vq, vq->used + offset, raw, 2),
			   "the used ring's address is answered by nobody");
}

/* ---- taking a chain ---- */

static enum vq_result refresh_avail_idx(struct vq *vq)
{
	uint16_t idx = 0;
	enum vq_result result = read_avail(vq, AVAIL_IDX, &idx);

	if (result != VQ_OK)
		return result;
	if ((uint16_t)(idx - vq->last_avail) > vq->size)
		return broken(vq, "the available index is more than a ring ahead, or went back (2.7.6.1)");
	vq->avail_idx = idx;
	return VQ_OK;
}

/* The first two, by a quirk. */
static void swap_heads(struct vq *vq)
{
	uint16_t first = load_le16(vq->heads);

	if (!virtio_has(vq->vdev, VIRTIO_F_IN_ORDER) ||
	    !virtio_quirk(vq->vdev, VIRTIO_QUIRK_USED_IN_ORDER, vq->index))
		return;
	save_le16(vq->heads, load_le16(vq->heads + 2));
	save_le16(vq->heads + 2, first);
}

/* Fills heads[] with what is available, up to the end of the ring. */
static enum vq_result fetch_heads(struct vq *vq)
{
	uint32_t slot = vq->last_avail & (vq->size - 1u);
	uint32_t n = (uint16_t)(vq->avail_idx - vq->last_avail);
	enum dma_result result;

	if (n > vq->size - slot)
		n = vq->size - slot;
	if (n > VQ_HEADS)
		n = VQ_HEADS;
	result = dma_read(vq, vq->avail + AVAIL_RING + 2ull * slot,
			  vq->heads, 2 * n);
	if (result == DMA_OK) {
		if (n > 1)
			swap_heads(vq);
		vq->heads_at = vq->last_avail;
		vq->nheads = (uint16_t)n;
	}
	return ring_result(vq, result,
			   "the available ring's address is answered by nobody");
}

/* Nothing is left of the ring entries that were fetched together. */
static bool heads_used_up(const struct vq *vq)
{
	return (uint16_t)(vq->last_avail - vq->heads_at) >= vq->nheads;
}

static enum vq_result take_head(struct vq *vq)
{
	enum vq_result result;
	size_t at;

	if (vq->avail_idx == vq->last_avail) {
		result = refresh_avail_idx(vq);
		if (result != VQ_OK)
			return result;
		if (vq->avail_idx == vq->last_avail)
			return VQ_EMPTY;
	}
	if (heads_used_up(vq)) {
		result = fetch_heads(vq);
		if (result != VQ_OK)
			return result;
	}
	at = (uint16_t)(vq->last_avail - vq->heads_at);
	vq->chain.head = load_le16(&vq->heads[2 * at]);
	if (vq->chain.head >= vq->size)
		return broken(vq, "the available ring names a descriptor beyond the table (2.7.6)");
	vq->last_avail++;
	return VQ_OK;
}

/* A descriptor table: the queue's own, or an indirect one. */
struct table {
	uint64_t addr;
	uint32_t count;
	uint32_t window; /* descriptors to read in one go */
	bool indirect;
};

struct desc {
	uint64_t addr;
	uint32_t len;
	uint16_t flags, next;
};

static enum vq_result read_desc(struct vq *vq, const struct table *t,
				uint32_t i, struct desc *d)
{
	const uint8_t *raw;

	if (i - vq->descs_at >= vq->ndescs) {
		uint32_t n = t->count - i < t->window ? t->count - i
						      : t->window;
		enum dma_result result =
			dma_read(vq, t->addr + (uint64_t)i * DESC_BYTES,
				 vq->descs, n * DESC_BYTES);

		if (result != DMA_OK)
			return ring_result(vq, result, t->indirect ?
				"an indirect table's address is answered by nobody" :
				"the descriptor table's address is answered by nobody");
		vq->descs_at = i;
		vq->ndescs = n;
	}
	raw = &vq->descs[(size_t)(i - vq->descs_at) * DESC_BYTES];
	d->addr = load_le64(raw);
	d->len = load_le32(raw + 8);
	d->flags = load_le16(raw + 12);
	d->next = load_le16(raw + 14);
	return VQ_OK;
}

static enum vq_result add_buf(struct vq *vq, const struct desc *d)
{
	struct vq_chain *c = &vq->chain;
	bool writable = d->flags & VIRTQ_DESC_F_WRITE;

	if (c->nout + c->nin == VQ_CHAIN_MAX)
		return broken(vq, "a chain of more than 1024 buffers, the device's limit (2.7.4.1)");
	if (!writable && c->nin)
		return broken(vq, "a device-readable buffer behind a device-writable one (2.7.4.2)");
	c->bufs[c->nout + c->nin] = (struct vq_buf){ d->addr, d->len };
	if (writable) {
		c->nin++;
		c->in_len += d->len;
	} else {
		c->nout++;
		c->out_len += d->len;
	}
	if (c->out_len + c->in_len > 1ull << 32)
		return broken(vq, "a chain of more than 2^32 bytes (2.7.5.2)");
	return VQ_OK;
}

/* Turns to the indirect table that *d points at. */
static enum vq_result enter_indirect(struct vq *vq, struct table *t,
				     const struct desc *d)
{
	if (!virtio_has(vq->vdev, VIRTIO_F_INDIRECT_DESC))
		return broken(vq, "an indirect descriptor although INDIRECT_DESC was not negotiated (2.7.5.3.1)");
	if (t->indirect)
		return broken(vq, "an indirect descriptor inside an indirect table (2.7.5.3.1)");
	if (d->flags & VIRTQ_DESC_F_NEXT)
		return broken(vq, "INDIRECT and NEXT in one descriptor (2.7.5.3.1)");
	if (!d->len || d->len % DESC_BYTES)
		return broken(vq, "an indirect table whose length is no multiple of 16, or 0 (2.7.5.3)");
	*t = (struct table){ d->addr, d->len / DESC_BYTES, VQ_DESCS, true };
	vq->ndescs = 0;
	return VQ_OK;
}

/* Linux builds indirect tables of more buffers than the queue has entries, and
 * devices serve them; so it is said, and done. */
static void check_length(struct vq *vq)
{
	if (vq->chain.nout + vq->chain.nin > vq->size)
		virtio_guest_error(vq->vdev, vq->index,
			"a chain of more buffers than the queue's size: served (2.7.5.3.1)");
}

static enum vq_result walk_chain(struct vq *vq)
{
	struct table t = { vq->desc, vq->size, DIRECT_WINDOW, false };
	uint32_t i = vq->chain.head, steps = 0;
	enum vq_result result;
	struct desc d;

	for (;;) {
		result = read_desc(vq, &t, i, &d);
		if (result != VQ_OK)
			return result;
		if (d.flags & VIRTQ_DESC_F_INDIRECT) {
			result = enter_indirect(vq, &t, &d);
			i = steps = 0;
		} else {
			result = add_buf(vq, &d);
			if (!(d.flags & VIRTQ_DESC_F_NEXT))
				return result;
			i = d.next;
			steps++;
		}
		if (result != VQ_OK)
			return result;
		if (i >= t.count)
			return broken(vq, "a descriptor's next points beyond its table (2.7.5)");
		if (steps >= t.count)
			return broken(vq, "a chain that loops (2.7.5.2)");
	}
}

enum vq_result vq_pop(struct vq *vq)
{
	struct vq_chain *c = &vq->chain;
	enum vq_result result = take_head(vq);

	if (result != VQ_OK)
		return result;
	vq->ndescs = 0;
	c->nout = c->nin = 0;
	c->out_len = c->in_len = c->written = 0;
	result = walk_chain(vq);
	if (result != VQ_OK)
		return result;
	c->out = (struct vq_pos){ 0, 0 };
	c->in = (struct vq_pos){ c->nout, 0 };
	check_length(vq);
	return VQ_OK;
}

/* ---- giving it back ---- */

/* The id and the length that go into the element; a quirk may have its own. */
static uint32_t used_id(struct vq *vq)
{
	enum { OTHER = 1, BEYOND };

	switch (virtio_quirk(vq->vdev, VIRTIO_QUIRK_USED_ID, vq->index)) {
	case OTHER:
		return (vq->chain.head + 1u) & (vq->size - 1u);
	case BEYOND:
		return vq->size;
	default:
		return vq->chain.head;
	}
}

static uint32_t used_length(struct vq *vq, uint32_t len)
{
	enum { WHOLE = 1, LONG, ZERO };

	switch (virtio_quirk(vq->vdev, VIRTIO_QUIRK_USED_LENGTH, vq->index)) {
	case WHOLE:
		return (uint32_t)vq->chain.in_len;
	case LONG:
		return (uint32_t)vq->chain.in_len + 1;
	case ZERO:
		return 0;
	default:
		return len;
	}
}

static enum vq_result write_element(struct vq *vq, uint32_t len)
{
	uint64_t slot = vq->last_used & (vq->size - 1u);
	uint64_t addr = vq->used + USED_RING + USED_ELEM_BYTES * slot;
	uint8_t elem[USED_ELEM_BYTES];

	save_le32(elem, used_id(vq));
	save_le32(elem + 4, used_length(vq, len));
	return ring_result(vq, dma_write(vq, addr, elem, sizeof(elem)),
			   "the used ring's address is answered by nobody");
}

static enum vq_result write_index(struct vq *vq)
{
	return write_used(vq, USED_IDX, (uint16_t)(vq->last_used + 1));
}

/* The driver looks at the element only once the index has moved, so the element
 * goes first, in a write of its own (2.7.8.2). */
enum vq_result vq_push(struct vq *vq, uint32_t len)
{
	bool swapped = virtio_quirk(vq->vdev, VIRTIO_QUIRK_USED_ORDER,
				    vq->index);
	enum vq_result result = swapped ? write_index(vq)
					: write_element(vq, len);

	if (result == VQ_OK)
		result = swapped ? write_element(vq, len) : write_index(vq);
	if (result != VQ_OK)
		return result;
	vq->last_used++;
	virtio_event(vq->vdev, MODEL_EV_USED, vq->index, vq->last_used, NULL);
	return VQ_OK;
}

/* Does the driver want an interrupt for what was pushed? (2.7.7) */
static enum vq_result interrupt_wanted(struct vq *vq, bool *wanted)
{
	bool event_idx = virtio_has(vq->vdev, VIRTIO_F_EVENT_IDX);
	uint64_t at = event_idx ? AVAIL_RING + 2ull * vq->size : AVAIL_FLAGS;
	enum { EQUALITY = 1, NEVER, ALWAYS };
	uint16_t value = 0;
	enum vq_result result = read_avail(vq, at, &value);

	if (result != VQ_OK)
		return result;
	*wanted = event_idx ? vq_need_event(value, vq->last_used, vq->signalled)
			    : !(value & VIRTQ_AVAIL_F_NO_INTERRUPT);
	switch (virtio_quirk(vq->vdev, VIRTIO_QUIRK_USED_EVENT, vq->index)) {
	case EQUALITY:
		*wanted = !event_idx || vq->last_used == (uint16_t)(value + 1);
		break;
	case NEVER:
		*wanted = false;
		break;
	case ALWAYS:
		*wanted = true;
		break;
	default:
		break;
	}
	return VQ_OK;
}

enum vq_result vq_notify(struct vq *vq)
{
	const struct virtio_transport_ops *to = vq->vdev->transport_ops;
	enum model_notify what = MODEL_NOTIFY_SUPPRESSED;
	enum vq_result result;
	bool wanted;

	if (vq->signalled == vq->last_used)
		return VQ_OK;
	result = interrupt_wanted(vq, &wanted);
	if (result != VQ_OK)
		return result;
	vq->signalled = vq->last_used;
	if (wanted)
		what = to->notify_queue(vq->vdev->transport, vq->index);
	virtio_event(vq->vdev, MODEL_EV_NOTIFY, vq->index, what, NULL);
	return VQ_OK;
}

/* ---- available buffer notifications, 2.7.10 ---- */

/* While several requests wait, kicks tell nothing new.  With the event index an
 * old avail_event says so already. */
static enum vq_result suppress_kicks(struct vq *vq)
{
	enum vq_result result;

	if (vq->no_notify || vq->avail_idx == vq->last_avail ||
	    virtio_has(vq->vdev, VIRTIO_F_EVENT_IDX))
		return VQ_OK;
	result = write_used(vq, USED_FLAGS, VIRTQ_USED_F_NO_NOTIFY);
	if (result == VQ_OK)
		vq->no_notify = true;
	return result;
}

static enum vq_result write_avail_event(struct vq *vq)
{
	return write_used(vq, USED_RING + USED_ELEM_BYTES * (uint64_t)vq->size,
			  vq->last_avail);
}

/* Buffers that became available before the driver saw this came without a kick:
 * look once more.  A DMA read drains what was written before it.  Where kicks
 * were on all the time, the next one runs the lane again. */
enum vq_result vq_rearm(struct vq *vq)
{
	enum vq_result result;

	if (virtio_has(vq->vdev, VIRTIO_F_EVENT_IDX)) {
		if (vq->avail_event_known && vq->avail_event == vq->last_avail)
			return VQ_EMPTY;
		result = write_avail_event(vq);
		if (result != VQ_OK)
			return result;
		vq->avail_event = vq->last_avail;
		vq->avail_event_known = true;
	} else {
		if (virtio_quirk(vq->vdev, VIRTIO_QUIRK_AVAIL_EVENT,
				 vq->index))
			write_avail_event(vq);
		if (!vq->no_notify)
			return VQ_EMPTY;
		result = write_used(vq, USED_FLAGS, 0);
		if (result != VQ_OK)
			return result;
		vq->no_notify = false;
	}
	if (virtio_quirk(vq->vdev, VIRTIO_QUIRK_AVAIL_REARM, vq->index))
		return VQ_EMPTY;
	result = refresh_avail_idx(vq);
	if (result != VQ_OK)
		return result;
	return vq->avail_idx == vq->last_avail ? VQ_EMPTY : VQ_OK;
}

/* ---- the loop ---- */

static enum vq_result serve_one(struct vq *vq, vq_request_fn *request)
{
	uint32_t len = 0;
	enum vq_result result = suppress_kicks(vq);

	if (result == VQ_OK)
		result = request(vq->vdev, vq, &len);
	if (result == VQ_OK)
		result = vq_push(vq, len);
	if (result == VQ_OK && vq->pushed)
		vq->pushed(vq);
	return result;
}

void vq_serve(struct vq *vq, vq_request_fn *request)
{
	const struct virtio_device *vdev = vq->vdev;
	enum vq_result result;

	/* What an earlier run was cut off from: a request that was taken and not
	 * given back, an interrupt not yet decided. */
	vq->last_avail = vq->last_used;
	result = vq_notify(vq);
	while (result == VQ_OK &&
	       !(vdev->status & VIRTIO_STATUS_DEVICE_NEEDS_RESET)) {
		result = vq_pop(vq);
		if (result == VQ_OK)
			result = serve_one(vq, request);
		if (result == VQ_OK && (!vq->batched || heads_used_up(vq)))
			result = vq_notify(vq);
		if (result == VQ_EMPTY ||
		    (result == VQ_OK && vq->avail_idx == vq->last_avail))
			result = vq_rearm(vq);
	}
	/* What was good before a chain that broke the device is announced. */
	if (result == VQ_BROKEN)
		vq_notify(vq);
}
