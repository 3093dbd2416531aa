/* SPDX-License-Identifier: MIT */
/*
 * A block request's way to the device and back (virtio 1.2, 5.2.6): taken from
 * the queue's pool, added and kicked by a thread; finished by an interrupt, or
 * when the driver gives the device up; returned to the pool by the thread.
 */
#include <linux/errno.h>
#include <linux/kernel.h>

#include "guestdrv/drivers/virtio_blk.h"
#include "guestdrv/virtio/virtio_config.h"
#include "guestdrv/virtio/virtio_ring.h"

/* A status byte that the device has not written. */
#define VIRTBLK_S_NONE 0xffu

/* ---- a request's way back ---- */

void virtblk_stream_init(struct virtblk_stream *stream)
{
	spin_lock_init(&stream->lock);
	INIT_LIST_HEAD(&stream->done);
	init_waitqueue_head(&stream->wait);
	stream->in_flight = 0;
}

static void virtblk_finish(struct virtblk_req *req, int result)
{
	struct virtblk_stream *stream = req->stream;
	unsigned long flags;

	req->result = result;
	spin_lock_irqsave(&stream->lock, flags);
	list_add_tail(&req->list, &stream->done);
	spin_unlock_irqrestore(&stream->lock, flags);
	wake_up(&stream->wait);
}

/* 5.2.6: the last byte that the device writes.  A request that it calls good
 * was written to the end: 2.7.8.2, nothing beyond `len` is to be believed. */
static int virtblk_result(const struct virtblk_req *req, unsigned int len)
{
	u32 writes = virtblk_is_out(req->type) ? 1 : req->len + 1;

	switch (READ_ONCE(req->status)) {
	case VIRTIO_BLK_S_OK:
		return len < writes ? -EIO : 0;
	case VIRTIO_BLK_S_UNSUPP:
		return -EOPNOTSUPP;
	default:
		return -EIO;
	}
}

void virtblk_done(struct virtqueue *vq)
{
	struct virtio_blk *vblk = vq->vdev->priv;
	struct virtblk_queue *queue = &vblk->queues[vq->index];
	struct virtblk_req *req;
	unsigned long flags;
	unsigned int len;

	spin_lock_irqsave(&queue->lock, flags);
	do {
		virtqueue_disable_cb(vq);
		while ((req = virtqueue_get_buf(vq, &len)) != NULL)
			virtblk_finish(req, virtblk_result(req, len));
	} while (!virtqueue_enable_cb(vq));
	spin_unlock_irqrestore(&queue->lock, flags);
	if (virtqueue_is_broken(vq) && vblk->ready)
		schedule_work(&vblk->fail_work);
}

void virtblk_fail_outstanding(struct virtio_blk *vblk)
{
	struct virtblk_req *req;
	unsigned long flags;
	unsigned int i;

	for (i = 0; i < vblk->nqueues; i++) {
		struct virtblk_queue *queue = &vblk->queues[i];

		spin_lock_irqsave(&queue->lock, flags);
		while ((req = virtqueue_detach_unused_buf(queue->vq)) != NULL)
			virtblk_finish(req, -EIO);
		spin_unlock_irqrestore(&queue->lock, flags);
		wake_up_all(&queue->space);
	}
}

struct virtblk_req *virtblk_wait(struct virtblk_stream *stream)
{
	struct virtblk_req *req;
	unsigned long flags;

	wait_event(stream->wait, !list_empty(&stream->done));
	spin_lock_irqsave(&stream->lock, flags);
	req = list_first_entry(&stream->done, struct virtblk_req, list);
	list_del(&req->list);
	spin_unlock_irqrestore(&stream->lock, flags);
	stream->in_flight--;
	return req;
}

void virtblk_free(struct virtblk_req *req)
{
	struct virtblk_queue *queue = req->queue;
	unsigned long flags;

	spin_lock_irqsave(&queue->lock, flags);
	list_add(&req->list, &queue->free);
	spin_unlock_irqrestore(&queue->lock, flags);
	wake_up(&queue->space);
}

/* ---- a request's way out ---- */

/* Cuts the data into segments of at most size_max bytes (5.2.4). */
static unsigned int virtblk_map_data(const struct virtio_blk *vblk,
				     const struct virtblk_req *req,
				     struct scatterlist *segs)
{
	unsigned int n = 1 + (req->len - 1) / vblk->size_max, i;
	u32 left = req->len;
	u8 *p = req->data;

	sg_init_table(segs, n);
	for (i = 0; i < n; i++) {
		u32 len = min(left, vblk->size_max);

		sg_set_buf(&segs[i], p, len);
		p += len;
		left -= len;
	}
	return n;
}

/* 5.2.6: header, data, status; what the device reads before what it writes. */
static int virtblk_add(struct virtblk_queue *queue, struct virtblk_req *req)
{
	struct scatterlist hdr, status, segs[VIRTBLK_MAX_SEGS];
	struct scatterlist *sgs[3];
	unsigned int out = 0, in = 0;
	int err;

	sg_init_one(&hdr, &req->hdr, sizeof(req->hdr));
	sgs[out++] = &hdr;
	if (req->len) {
		virtblk_map_data(queue->vblk, req, segs);
		if (virtblk_is_out(req->type))
			sgs[out++] = segs;
		else
			sgs[out + in++] = segs;
	}
	sg_init_one(&status, &req->status, sizeof(req->status));
	sgs[out + in++] = &status;
	err = virtqueue_add_sgs(queue->vq, sgs, out, in, req, GFP_ATOMIC);
	req->sent = !err;
	return err;
}

static void virtblk_fill(struct virtblk_req *req,
			 struct virtblk_stream *stream,
			 const struct virtblk_what *what)
{
	req->hdr.type = cpu_to_le32(what->type);
	req->hdr.reserved = 0;
	req->hdr.sector = cpu_to_le64(what->sector);
	req->status = VIRTBLK_S_NONE;
	req->stream = stream;
	req->type = what->type;
	req->sector = what->sector;
	req->data = what->data;
	req->len = what->len;
	req->sent = false;
}

/* Is there a request that could be sent? */
static bool virtblk_open(const struct virtblk_queue *queue)
{
	return !list_empty(&queue->free) && !queue->stopped;
}

/* A free request; NULL if there is none now. */
static struct virtblk_req *virtblk_take(struct virtblk_queue *queue)
{
	struct virtblk_req *req;

	if (!virtblk_open(queue))
		return NULL;
	req = list_first_entry(&queue->free, struct virtblk_req, list);
	list_del(&req->list);
	return req;
}

/* The option notify_locked: others wait for the lock until the notification has
 * reached the device, since a read goes behind it. */
static void virtblk_notify_locked(struct virtblk_queue *queue)
{
	struct virtio_device *vdev = queue->vblk->vdev;

	virtqueue_notify(queue->vq);
	vdev->config->get_status(vdev);
}

int virtblk_start(struct virtblk_queue *queue, struct virtblk_stream *stream,
		  const struct virtblk_what *what)
{
	struct virtblk_req *req;
	unsigned long flags;
	bool kick = false;
	int err;

	spin_lock_irqsave(&queue->lock, flags);
	while ((req = virtblk_take(queue)) == NULL) {
		spin_unlock_irqrestore(&queue->lock, flags);
		if (stream->in_flight)
			return -EAGAIN;
		wait_event(queue->space, virtblk_open(queue));
		spin_lock_irqsave(&queue->lock, flags);
	}
	virtblk_fill(req, stream, what);
	err = queue->vblk->dead;
	if (!err)
		err = virtblk_add(queue, req);
	if (!err)
		kick = virtqueue_kick_prepare(queue->vq);
	if (kick && queue->vblk->notify_locked) {
		virtblk_notify_locked(queue);
		kick = false;
	}
	spin_unlock_irqrestore(&queue->lock, flags);

	stream->in_flight++;
	if (err)
		virtblk_finish(req, err);
	else if (kick)
		virtqueue_notify(queue->vq);
	return 0;
}

/* ---- a queue's own reset ---- */

static void virtblk_park(struct virtqueue *vq, void *data)
{
	struct virtio_blk *vblk = vq->vdev->priv;
	struct virtblk_req *req = data;

	list_add_tail(&req->list, &vblk->queues[vq->index].parked);
}

/* What was in flight is sent again, or it ends with the error. */
static void virtblk_unpark(struct virtblk_queue *queue, int err)
{
	struct virtblk_req *req, *next;
	unsigned long flags;

	spin_lock_irqsave(&queue->lock, flags);
	list_for_each_entry_safe(req, next, &queue->parked, list) {
		list_del(&req->list);
		req->status = VIRTBLK_S_NONE;
		if (err || virtblk_add(queue, req))
			virtblk_finish(req, -EIO);
	}
	queue->stopped = false;
	if (!err && virtqueue_kick_prepare(queue->vq))
		virtqueue_notify(queue->vq);
	spin_unlock_irqrestore(&queue->lock, flags);
	wake_up_all(&queue->space);
}

/* So many entries hold all of the queue's requests, and each of them alone. */
static bool virtblk_fits(const struct virtblk_queue *queue,
			 unsigned int entries)
{
	const struct virtio_blk *vblk = queue->vblk;
	unsigned int chain = vblk->max_segs + 2;

	if (entries < chain)
		return false;
	if (virtio_has_feature(vblk->vdev, VIRTIO_F_INDIRECT_DESC))
		return entries >= queue->nreqs;
	return entries / chain >= queue->nreqs;
}

static int virtblk_resize(struct virtblk_queue *queue, unsigned int entries)
{
	struct virtio_blk *vblk = queue->vblk;
	unsigned long flags;
	int err;

	spin_lock_irqsave(&queue->lock, flags);
	queue->stopped = true;
	spin_unlock_irqrestore(&queue->lock, flags);
	err = virtqueue_resize(queue->vq, entries, virtblk_park);
	if (err && err != -EINVAL && err != -EOPNOTSUPP) {
		vblk->dead = err;
		schedule_work(&vblk->fail_work);
	}
	virtblk_unpark(queue, err);
	return err;
}

int virtblk_reset_queue(struct virtblk_queue *queue, unsigned int entries)
{
	struct virtio_blk *vblk = queue->vblk;
	int err;

	if (!entries)
		entries = virtqueue_get_vring_size(queue->vq);
	if (!virtblk_fits(queue, entries))
		return -EINVAL;
	mutex_lock(&vblk->reset_lock);
	err = vblk->dead ? vblk->dead : virtblk_resize(queue, entries);
	mutex_unlock(&vblk->reset_lock);
	return err;
}
