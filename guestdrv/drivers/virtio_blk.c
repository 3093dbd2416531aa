/* SPDX-License-Identifier: MIT */
/*
 * The virtio block driver (virtio 1.2, 5.2): what a device is asked when it
 * comes, its request queues with a pool of requests each, and how it goes: by
 * unbind, by being pulled out, or because it broke a rule or wants a reset.
 * Requests themselves are in virtio_blk_request.c.
 */
#include "guestdrv/drivers/virtio_blk.h"

#include <linux/errno.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <ringside/image.h>
#include <ringside/note.h>

#include "guestdrv/virtio/virtio_config.h"
#include "guestdrv/virtio/virtio_ring.h"

/* How long an unbind waits for what is in flight before it resets. */
#define VIRTBLK_QUIESCE (5 * HZ)

static LIST_HEAD(virtblk_devices);
static DEFINE_SPINLOCK(virtblk_devices_lock);

/* A queue is broken, or the device wants a reset: it is one, and stays down
 * until it is bound again. */
static void virtblk_fail_work(struct work_struct *work)
{
	struct virtio_blk *vblk = container_of(work, struct virtio_blk,
					       fail_work);

	mutex_lock(&vblk->reset_lock);
	if (!vblk->dead)
		vblk->dead = -EIO;
	virtio_break_device(vblk->vdev);
	virtio_reset_device(vblk->vdev);
	virtblk_fail_outstanding(vblk);
	mutex_unlock(&vblk->reset_lock);
}

static void virtblk_needs_reset(struct virtio_device *vdev)
{
	struct virtio_blk *vblk = vdev->priv;

	schedule_work(&vblk->fail_work);
}

/* ---- coming and going ---- */

struct virtio_blk *virtblk_get(u32 bdf)
{
	struct virtio_blk *vblk, *found = NULL;
	unsigned long flags;

	spin_lock_irqsave(&virtblk_devices_lock, flags);
	list_for_each_entry(vblk, &virtblk_devices, list)
		if (vblk->bdf == bdf)
			found = vblk;
	if (found)
		found->users++;
	spin_unlock_irqrestore(&virtblk_devices_lock, flags);
	return found;
}

void virtblk_put(struct virtio_blk *vblk)
{
	unsigned long flags;
	bool idle;

	spin_lock_irqsave(&virtblk_devices_lock, flags);
	idle = !--vblk->users;
	spin_unlock_irqrestore(&virtblk_devices_lock, flags);
	if (idle)
		wake_up_all(&vblk->idle);
}

static void virtblk_publish(struct virtio_blk *vblk, bool there)
{
	unsigned long flags;

	spin_lock_irqsave(&virtblk_devices_lock, flags);
	if (there)
		list_add_tail(&vblk->list, &virtblk_devices);
	else
		list_del(&vblk->list);
	spin_unlock_irqrestore(&virtblk_devices_lock, flags);
}

static u64 virtblk_read_capacity(struct virtio_device *vdev)
{
	return virtio_cread(vdev, VIRTIO_BLK_CFG_CAPACITY, 8);
}

static void virtblk_config_work(struct work_struct *work)
{
	struct virtio_blk *vblk = container_of(work, struct virtio_blk,
					       config_work);
	u64 capacity = virtblk_read_capacity(vblk->vdev);

	if (capacity == vblk->capacity)
		return;
	dev_info(&vblk->vdev->dev, "capacity changed from %llu to %llu sectors\n",
		 vblk->capacity, capacity);
	vblk->capacity = capacity;
}

static void virtblk_config_changed(struct virtio_device *vdev)
{
	struct virtio_blk *vblk = vdev->priv;

	schedule_work(&vblk->config_work);
}

/* 5.2.5: what the device says about itself; fields without their feature are
 * not touched (2.5.1). */
static int virtblk_read_config(struct virtio_blk *vblk)
{
	struct virtio_device *vdev = vblk->vdev;
	u64 segs, queues;
	long limit;

	if (vdev->config->config_len(vdev) < sizeof(u64))
		return -EINVAL;
	vblk->capacity = virtblk_read_capacity(vdev);
	vblk->read_only = virtio_has_feature(vdev, VIRTIO_BLK_F_RO);
	vblk->flush = virtio_has_feature(vdev, VIRTIO_BLK_F_FLUSH);
	vblk->size_max = (u32)virtio_cread_feature(vdev, VIRTIO_BLK_F_SIZE_MAX,
						   VIRTIO_BLK_CFG_SIZE_MAX, 4,
						   U32_MAX);
	segs = virtio_cread_feature(vdev, VIRTIO_BLK_F_SEG_MAX,
				    VIRTIO_BLK_CFG_SEG_MAX, 4,
				    VIRTBLK_MAX_SEGS);
	/* Memory is contiguous: one segment, unless they have to be short. */
	vblk->max_segs = vblk->size_max == U32_MAX ? 1 :
			 (u32)clamp(segs, 1ull, (u64)VIRTBLK_MAX_SEGS);

	queues = virtio_cread_feature(vdev, VIRTIO_BLK_F_MQ,
				      VIRTIO_BLK_CFG_NUM_QUEUES, 2, 1);
	vblk->notify_locked = guest_option_bool("notify_locked", false);
	limit = guest_option_int("max_queues", 0);
	if (limit > 0)
		queues = min(queues, (u64)limit);
	vblk->nqueues = queues ? (unsigned int)queues : 1;
	return 0;
}

/* 2.7.5.3.1: no chain longer than the queue; header and status are two. */
static int virtblk_limit_segs(struct virtio_blk *vblk)
{
	unsigned int num = virtqueue_get_vring_size(vblk->queues[0].vq), i;
	u64 bytes;

	for (i = 1; i < vblk->nqueues; i++)
		num = min(num, virtqueue_get_vring_size(vblk->queues[i].vq));
	if (num < 3) {
		dev_err(&vblk->vdev->dev, "a request does not fit a queue of %u\n",
			num);
		return -EINVAL;
	}
	vblk->max_segs = min(vblk->max_segs, num - 2);
	bytes = (u64)vblk->max_segs * vblk->size_max;
	vblk->max_sectors = (u32)min(bytes / VIRTIO_BLK_SECTOR,
				     KMALLOC_MAX_SIZE / VIRTIO_BLK_SECTOR);
	if (vblk->max_sectors)
		return 0;
	dev_err(&vblk->vdev->dev, "a sector does not fit %u segments of %u\n",
		vblk->max_segs, vblk->size_max);
	return -EINVAL;
}

/* As many requests as the queue holds at once: an indirect one takes one
 * descriptor, a direct one all of its elements. */
static int virtblk_make_pool(struct virtblk_queue *queue)
{
	struct virtio_blk *vblk = queue->vblk;
	unsigned int n = virtqueue_get_vring_size(queue->vq), i;

	if (!virtio_has_feature(vblk->vdev, VIRTIO_F_INDIRECT_DESC))
		n /= vblk->max_segs + 2;
	n = min(n, VIRTBLK_QUEUE_DEPTH);
	queue->reqs = kcalloc(n, sizeof(*queue->reqs), GFP_KERNEL);
	if (!queue->reqs)
		return -ENOMEM;
	queue->nreqs = n;
	for (i = 0; i < n; i++) {
		queue->reqs[i].queue = queue;
		list_add_tail(&queue->reqs[i].list, &queue->free);
	}
	return 0;
}

static int virtblk_find_vqs(struct virtio_blk *vblk)
{
	struct virtqueue_info *infos;
	struct virtqueue **vqs;
	int err = -ENOMEM;
	unsigned int i;

	infos = kcalloc(vblk->nqueues, sizeof(*infos), GFP_KERNEL);
	vqs = kcalloc(vblk->nqueues, sizeof(struct virtqueue *), GFP_KERNEL);
	if (!infos || !vqs)
		goto out;
	for (i = 0; i < vblk->nqueues; i++) {
		infos[i].name = vblk->queues[i].name;
		infos[i].callback = virtblk_done;
		infos[i].max_sgs = vblk->max_segs + 2;
	}
	err = virtio_find_vqs(vblk->vdev, vblk->nqueues, vqs, infos);
	for (i = 0; !err && i < vblk->nqueues; i++)
		vblk->queues[i].vq = vqs[i];
out:
	kfree(vqs);
	kfree(infos);
	return err;
}

static int virtblk_alloc_queues(struct virtio_blk *vblk)
{
	unsigned int i;

	vblk->queues = kcalloc(vblk->nqueues, sizeof(*vblk->queues),
			       GFP_KERNEL);
	if (!vblk->queues)
		return -ENOMEM;
	for (i = 0; i < vblk->nqueues; i++) {
		struct virtblk_queue *queue = &vblk->queues[i];

		queue->vblk = vblk;
		spin_lock_init(&queue->lock);
		INIT_LIST_HEAD(&queue->free);
		INIT_LIST_HEAD(&queue->parked);
		init_waitqueue_head(&queue->space);
		snprintf(queue->name, sizeof(queue->name), "req.%u", i);
	}
	return 0;
}

static void virtblk_free_queues(struct virtio_blk *vblk)
{
	unsigned int i;

	for (i = 0; vblk->queues && i < vblk->nqueues; i++)
		kfree(vblk->queues[i].reqs);
	kfree(vblk->queues);
}

static int virtblk_make_queues(struct virtio_blk *vblk)
{
	unsigned int i;
	int err;

	err = virtblk_alloc_queues(vblk);
	if (err)
		return err;
	err = virtblk_find_vqs(vblk);
	if (err)
		return err;
	err = virtblk_limit_segs(vblk);
	for (i = 0; !err && i < vblk->nqueues; i++)
		err = virtblk_make_pool(&vblk->queues[i]);
	return err;
}

static struct virtio_blk *virtblk_alloc(struct virtio_device *vdev)
{
	struct virtio_blk *vblk = kzalloc(sizeof(*vblk), GFP_KERNEL);

	if (!vblk)
		return NULL;
	vblk->vdev = vdev;
	vblk->bdf = guest_device_bdf(&vdev->dev);
	init_waitqueue_head(&vblk->idle);
	mutex_init(&vblk->reset_lock);
	INIT_WORK(&vblk->config_work, virtblk_config_work);
	INIT_WORK(&vblk->fail_work, virtblk_fail_work);
	vdev->priv = vblk;
	return vblk;
}

static int virtblk_probe(struct virtio_device *vdev)
{
	struct virtio_blk *vblk = virtblk_alloc(vdev);
	int err;

	if (!vblk)
		return -ENOMEM;
	err = virtblk_read_config(vblk);
	if (err)
		goto free;
	err = virtblk_make_queues(vblk);
	if (err)
		goto free_queues;
	vblk->ready = true;
	virtio_device_ready(vdev);
	virtblk_publish(vblk, true);
	dev_info(&vdev->dev, "%llu sectors%s, %u queue%s\n", vblk->capacity,
		 vblk->read_only ? ", read-only" : "", vblk->nqueues,
		 vblk->nqueues == 1 ? "" : "s");
	return 0;

free_queues:
	virtio_reset_device(vdev);
	vdev->config->del_vqs(vdev);
	virtblk_free_queues(vblk);
free:
	kfree(vblk);
	return err;
}

static void virtblk_remove(struct virtio_device *vdev)
{
	struct virtio_blk *vblk = vdev->priv;

	/* No new action finds it, and those that hold it send nothing more;
	 * what is in flight may end, unless the device is gone. */
	virtblk_publish(vblk, false);
	vblk->dead = -ENODEV;
	if (!virtqueue_is_broken(vblk->queues[0].vq))
		wait_event_timeout(vblk->idle, !vblk->users, VIRTBLK_QUIESCE);
	vblk->ready = false;
	cancel_work_sync(&vblk->config_work);
	cancel_work_sync(&vblk->fail_work);

	mutex_lock(&vblk->reset_lock);
	virtio_reset_device(vdev);
	virtblk_fail_outstanding(vblk);
	mutex_unlock(&vblk->reset_lock);
	wait_event(vblk->idle, !vblk->users);
	vdev->config->del_vqs(vdev);
	virtblk_free_queues(vblk);
	kfree(vblk);
}

static const struct virtio_device_id virtblk_ids[] = {
	{ VIRTIO_ID_BLOCK, VIRTIO_DEV_ANY_ID },
	{ 0 }
};

static const unsigned int virtblk_features[] = {
	VIRTIO_BLK_F_SIZE_MAX, VIRTIO_BLK_F_SEG_MAX, VIRTIO_BLK_F_RO,
	VIRTIO_BLK_F_BLK_SIZE, VIRTIO_BLK_F_FLUSH, VIRTIO_BLK_F_MQ,
	VIRTIO_BLK_F_DISCARD, VIRTIO_BLK_F_WRITE_ZEROES, VIRTIO_BLK_F_LIFETIME,
	VIRTIO_BLK_F_SECURE_ERASE,
};

static struct virtio_driver virtblk_driver = {
	.driver = { .name = "virtio_blk" },
	.id_table = virtblk_ids,
	.feature_table = virtblk_features,
	.feature_table_size = ARRAY_SIZE(virtblk_features),
	.probe = virtblk_probe,
	.remove = virtblk_remove,
	.config_changed = virtblk_config_changed,
	.needs_reset = virtblk_needs_reset,
};

static int virtblk_init(void)
{
	return register_virtio_driver(&virtblk_driver);
}
module_init(virtblk_init);

static void virtblk_exit(void)
{
	unregister_virtio_driver(&virtblk_driver);
}
module_exit(virtblk_exit);

MODULE_LICENSE("MIT");
