/* SPDX-License-Identifier: MIT */
/*
 * Virtqueues as drivers and transports see them (virtio 1.2, 2.6).  A driver
 * adds buffers, kicks, and takes back what the device has used; the ring is
 * split (2.7), with indirect descriptors and event indices when negotiated.
 * One caller at a time: drivers hold a lock of their own around each call but
 * virtqueue_notify.
 */
#ifndef RINGSIDE_GUESTDRV_VIRTIO_VIRTIO_RING_H
#define RINGSIDE_GUESTDRV_VIRTIO_VIRTIO_RING_H

#include <linux/gfp.h>
#include <linux/interrupt.h>
#include <linux/scatterlist.h>
#include <linux/types.h>

#include "guestdrv/virtio/virtio_config.h"

/* What drivers may look at; the ring itself is behind it. */
struct virtqueue {
	struct list_head list;      /* in vdev->vqs */
	void (*callback)(struct virtqueue *vq);
	const char *name;
	struct virtio_device *vdev;
	unsigned int index;
	void *priv;                 /* the transport's: where a kick goes, */
	u16 kick;                   /* and what it says */
};

/* ---- for drivers ---- */

/*
 * Adds one buffer of out_sgs + in_sgs scatterlists, each an element of its own:
 * first those that the device reads, then those that it writes.  `data` comes
 * back from virtqueue_get_buf and must not be NULL.
 * -ENOSPC: no room; -EIO: the queue is broken; -ENOMEM: a mapping failed.
 */
int virtqueue_add_sgs(struct virtqueue *vq, struct scatterlist *sgs[],
		      unsigned int out_sgs, unsigned int in_sgs, void *data,
		      gfp_t gfp);
/* Does the device want to be told of what was added since the last time? */
bool virtqueue_kick_prepare(struct virtqueue *vq);
/* Tells it.  False: the queue is broken. */
bool virtqueue_notify(struct virtqueue *vq);
bool virtqueue_kick(struct virtqueue *vq);
/* The next used buffer's data, or NULL; *len: bytes that the device says it
 * wrote, never more than the buffer had room for. */
void *virtqueue_get_buf(struct virtqueue *vq, unsigned int *len);
/* A hint: callbacks may still come. */
void virtqueue_disable_cb(struct virtqueue *vq);
/* False: used buffers are waiting already, no callback will come for them. */
bool virtqueue_enable_cb(struct virtqueue *vq);
/* Takes back a buffer that the device has not used.  After a reset only. */
void *virtqueue_detach_unused_buf(struct virtqueue *vq);
/*
 * Takes the queue back from the device and gives it back with `num` entries, at
 * most as many as it was made with; the kick is the caller's.  The callback takes
 * what was used, recycle() gets what was not.  The caller holds no lock, and lets
 * nobody else use the queue meanwhile but the callback.
 * -EINVAL, -EOPNOTSUPP (no RING_RESET): nothing was done.  Other errors: the
 * queue is broken, and the device may still have it.
 */
int virtqueue_resize(struct virtqueue *vq, unsigned int num,
		     void (*recycle)(struct virtqueue *vq, void *data));
/* The device broke a rule or is gone.  Ends with the next find_vqs only. */
bool virtqueue_is_broken(const struct virtqueue *vq);
unsigned int virtqueue_get_vring_size(const struct virtqueue *vq);
unsigned int virtqueue_num_free(const struct virtqueue *vq);

/* ---- for transports ---- */

/*
 * Makes a split ring of `num` elements, a power of two up to 32768, and links
 * it into vdev->vqs.  notify() writes the kick and answers false if the device
 * is gone.
 */
struct virtqueue *vring_create_virtqueue(struct virtio_device *vdev,
					 unsigned int index, unsigned int num,
					 const struct virtqueue_info *info,
					 bool (*notify)(struct virtqueue *vq),
					 int *err);
void vring_del_virtqueue(struct virtqueue *vq);
/* The available index: where the next buffer goes. */
u16 virtqueue_get_avail_idx(const struct virtqueue *vq);
/* Bus addresses of the three areas (2.7). */
dma_addr_t virtqueue_get_desc_addr(const struct virtqueue *vq);
dma_addr_t virtqueue_get_avail_addr(const struct virtqueue *vq);
dma_addr_t virtqueue_get_used_addr(const struct virtqueue *vq);
/* Runs the callback if there is anything used.  `dev_id` is the virtqueue. */
irqreturn_t vring_interrupt(int irq, void *dev_id);
void virtqueue_break(struct virtqueue *vq);
/* The bits of `features` that this ring and any transport can do, and all bits
 * that belong to a device type. */
u64 vring_transport_features(u64 features);

#endif
