/* SPDX-License-Identifier: MIT */
/*
 * Split virtqueue, second half: taking back what the device has used, and when
 * it shall interrupt (virtio 1.2, 2.7.14, 2.7.7, 2.7.10).  Nothing that the
 * device writes is believed before it was checked.
 */
#include <linux/device.h>
#include <linux/errno.h>

#include "guestdrv/virtio/vring_split.h"

void virtqueue_break(struct virtqueue *vq)
{
	WRITE_ONCE(to_vvq(vq)->broken, true);
}

bool virtqueue_is_broken(const struct virtqueue *vq)
{
	return READ_ONCE(to_vvq(vq)->broken);
}

void vring_bad(struct vring_virtqueue *v, const char *what, u32 value)
{
	dev_err(&v->vq.vdev->dev, "%s: %s (%u); queue given up\n", v->vq.name,
		what, value);
	virtqueue_break(&v->vq);
}

/* How many entries of the used ring are new.  The device uses each buffer once,
 * so it cannot be ahead by more than it owns. */
static u16 vring_fresh(struct vring_virtqueue *v)
{
	u16 fresh = (u16)(vring_used_idx(v) - v->last_used);

	if (fresh <= v->outstanding)
		return fresh;
	vring_bad(v, "used index runs ahead", fresh);
	return 0;
}

/* Tells the device to interrupt for the entry that comes next (2.7.10). */
static void vring_wish_event(struct vring_virtqueue *v)
{
	WRITE_ONCE(*v->used_event, cpu_to_le16(v->last_used));
	/* The wish is visible before the used index is looked at again. */
	dma_mb();
}

/* IN_ORDER: an element stands for all buffers up to its own (2.7.12.1), and takes
 * as many entries of the ring.  How much was written into those before it is not
 * said.  What is no outstanding id is left to the caller. */
static void vring_pick_oldest(struct vring_virtqueue *v, u32 *id, u32 *written)
{
	const struct vring_slot *head = &v->slots[v->oldest];

	if (!v->batch) {
		if (*id >= v->num || !v->slots[*id].data)
			return;
		v->batch = true;
		v->batch_id = *id;
		v->batch_len = *written;
	}
	*written = v->batch_len;
	if (v->batch_id == v->oldest)
		v->batch = false;
	else
		*written = head->writable;
	*id = v->oldest;
	v->oldest = (u16)((v->oldest + head->descs) & (v->num - 1));
}

void *virtqueue_get_buf(struct virtqueue *vq, unsigned int *len)
{
	struct vring_virtqueue *v = to_vvq(vq);
	struct virtq_used_elem *entry;
	struct vring_slot *head;
	u32 id, written;
	void *data;

	*len = 0;
	if (v->broken || !vring_fresh(v))
		return NULL;
	/* The entry is read after the index that announced it. */
	dma_rmb();
	entry = &v->used->ring[v->last_used & (v->num - 1)];
	id = le32_to_cpu(READ_ONCE(entry->id));
	written = le32_to_cpu(READ_ONCE(entry->len));
	if (v->in_order)
		vring_pick_oldest(v, &id, &written);
	if (id >= v->num) {
		vring_bad(v, "used id beyond the queue", id);
		return NULL;
	}
	head = &v->slots[id];
	if (!head->data) {
		vring_bad(v, "used id is not outstanding", id);
		return NULL;
	}
	*len = min(written, head->writable);
	data = head->data;
	vring_free_chain(v, (u16)id);
	v->last_used++;
	/* Only if callbacks are wanted: after virtqueue_disable_cb this would
	 * bring an interrupt for each buffer. */
	if (v->event_idx && !v->cb_off)
		vring_wish_event(v);
	return data;
}

void virtqueue_disable_cb(struct virtqueue *vq)
{
	struct vring_virtqueue *v = to_vvq(vq);

	if (v->cb_off)
		return;
	v->cb_off = true;
	/* 2.7.7.1: with event indices the flag stays 0; an index that was
	 * passed just now is met again after 65535 more buffers. */
	if (v->event_idx)
		WRITE_ONCE(*v->used_event,
			   cpu_to_le16((u16)(v->last_used - 1)));
	else
		WRITE_ONCE(v->avail->flags,
			   cpu_to_le16(VIRTQ_AVAIL_F_NO_INTERRUPT));
}

bool virtqueue_enable_cb(struct virtqueue *vq)
{
	struct vring_virtqueue *v = to_vvq(vq);

	v->cb_off = false;
	if (v->event_idx) {
		vring_wish_event(v);
	} else {
		WRITE_ONCE(v->avail->flags, 0);
		dma_mb();
	}
	/* A broken ring has nothing to say any more. */
	return v->broken || vring_used_idx(v) == v->last_used;
}

void *virtqueue_detach_unused_buf(struct virtqueue *vq)
{
	struct vring_virtqueue *v = to_vvq(vq);
	unsigned int i;

	for (i = 0; i < v->num; i++) {
		void *data = v->slots[i].data;

		if (!data)
			continue;
		vring_free_chain(v, (u16)i);
		return data;
	}
	return NULL;
}

irqreturn_t vring_interrupt(int irq, void *dev_id)
{
	struct virtqueue *vq = dev_id;
	struct vring_virtqueue *v = to_vvq(vq);
	u16 used = vring_used_idx(v), told = v->told_used;

	(void)irq;
	/* 2.7.7.1: an interrupt without news is no mistake. */
	if (v->broken || used == v->last_used)
		return IRQ_NONE;
	v->told_used = used;
	if (vq->callback)
		vq->callback(vq);
	/* Old news that nobody has fetched yet is no reason for another
	 * interrupt: a line that stays up for nothing must be found out. */
	return used == told ? IRQ_NONE : IRQ_HANDLED;
}

unsigned int virtqueue_get_vring_size(const struct virtqueue *vq)
{
	return to_vvq(vq)->num;
}

unsigned int virtqueue_num_free(const struct virtqueue *vq)
{
	return to_vvq(vq)->num_free;
}

u16 virtqueue_get_avail_idx(const struct virtqueue *vq)
{
	return to_vvq(vq)->avail_idx;
}

dma_addr_t virtqueue_get_desc_addr(const struct virtqueue *vq)
{
	return to_vvq(vq)->area_dma;
}

static dma_addr_t vring_bus_addr(const struct vring_virtqueue *v, const void *p)
{
	return v->area_dma + (dma_addr_t)((const u8 *)p - (const u8 *)v->area);
}

dma_addr_t virtqueue_get_avail_addr(const struct virtqueue *vq)
{
	return vring_bus_addr(to_vvq(vq), to_vvq(vq)->avail);
}

dma_addr_t virtqueue_get_used_addr(const struct virtqueue *vq)
{
	return vring_bus_addr(to_vvq(vq), to_vvq(vq)->used);
}

/* Ring features that this file and virtio_ring.c can do, and the transports. */
static const unsigned int vring_features[] = {
	VIRTIO_F_INDIRECT_DESC,
	VIRTIO_F_EVENT_IDX,
	VIRTIO_F_VERSION_1,
	VIRTIO_F_ACCESS_PLATFORM, /* every address comes from the DMA API */
	VIRTIO_F_ORDER_PLATFORM,  /* every barrier is the bus's */
	VIRTIO_F_NOTIF_CONFIG_DATA, /* the modern one's; no other has it */
	VIRTIO_F_RING_RESET,        /* as that */
	VIRTIO_F_NOTIFICATION_DATA, /* as that */
	VIRTIO_F_IN_ORDER,
};

u64 vring_transport_features(u64 features)
{
	u64 ours = ~0ull;
	unsigned int i;

	for (i = VIRTIO_TRANSPORT_F_START; i < VIRTIO_TRANSPORT_F_END; i++)
		ours &= ~(1ull << i);
	for (i = 0; i < ARRAY_SIZE(vring_features); i++)
		ours |= 1ull << vring_features[i];
	return features & ours;
}
