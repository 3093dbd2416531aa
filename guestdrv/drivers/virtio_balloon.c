/* SPDX-License-Identifier: MIT */
/*
 * The balloon driver (virtio 1.2, 5.5): which features make sense together, the
 * queues that follow from them, and how the device comes and goes.  What it does
 * meanwhile starts with a configuration change or a used buffer and is done by
 * work: virtio_balloon_size.c, virtio_balloon_stats.c, virtio_balloon_free.c.
 */
#include "guestdrv/drivers/virtio_balloon.h"

#include <linux/errno.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/poison.h>
#include <linux/slab.h>
#include <linux/string.h>

/* How long an unbind waits for an answer of the device before it gives up. */
#define VIRTBALLOON_QUIESCE (5 * HZ)
/* Asked before others that have less to give. */
#define VIRTBALLOON_OOM_PRIORITY 80

/* ---- talking to the device ---- */

bool virtballoon_dead(const struct virtio_balloon *vb,
		      enum virtballoon_queue queue)
{
	return vb->stopping || virtqueue_is_broken(vb->vqs[queue]);
}

/* Until the device has used the buffer; false: it never will.  An unbind does
 * not wait forever. */
static bool virtballoon_wait(struct virtio_balloon *vb, struct virtqueue *vq)
{
	long limit = vb->stopping ? VIRTBALLOON_QUIESCE : MAX_SCHEDULE_TIMEOUT;
	bool used = false;
	unsigned int len;

	vb->waiting++;
	wait_event_timeout(vb->acked,
			   (used = virtqueue_get_buf(vq, &len) != NULL) ||
				   virtqueue_is_broken(vq),
			   limit);
	vb->waiting--;
	wake_up_all(&vb->acked);
	if (!used)
		virtio_break_device(vb->vdev);
	return used;
}

int virtballoon_tell(struct virtio_balloon *vb, enum virtballoon_queue queue,
		     struct scatterlist *sg, bool device_writes)
{
	struct virtqueue *vq = vb->vqs[queue];
	struct scatterlist *sgs[] = { sg };
	int err;

	err = virtqueue_add_sgs(vq, sgs, !device_writes, device_writes, vb,
				GFP_ATOMIC);
	if (err)
		return err;
	virtqueue_kick(vq);
	return virtballoon_wait(vb, vq) ? 0 : -EIO;
}

static void virtballoon_acked(struct virtqueue *vq)
{
	struct virtio_balloon *vb = vq->vdev->priv;

	wake_up_all(&vb->acked);
}

void virtballoon_queue_work(struct virtio_balloon *vb,
			    struct work_struct *work)
{
	unsigned long flags;

	spin_lock_irqsave(&vb->stop_lock, flags);
	if (!vb->stopping)
		schedule_work(work);
	spin_unlock_irqrestore(&vb->stop_lock, flags);
}

static void virtballoon_config_changed(struct virtio_device *vdev)
{
	struct virtio_balloon *vb = vdev->priv;

	virtballoon_size_changed(vb);
	virtballoon_hint_changed(vb);
}

/* The queues are broken already; what waits for them shall see it.  The pages
 * stay in the balloon until the device is unbound. */
static void virtballoon_needs_reset(struct virtio_device *vdev)
{
	struct virtio_balloon *vb = vdev->priv;

	wake_up_all(&vb->acked);
}

/* ---- what is negotiated ---- */

/*
 * 5.5.3.1: PAGE_POISON is for a driver whose free pages hold a value.  If they
 * do and the device does not know of it, it must not be given any to change.
 */
static void virtballoon_choose_features(struct virtio_device *vdev)
{
	if (!page_poisoning_enabled_static())
		vdev->features &= ~(1ull << VIRTIO_BALLOON_F_PAGE_POISON);
	else if (!virtio_has_feature(vdev, VIRTIO_BALLOON_F_PAGE_POISON))
		vdev->features &= ~(1ull << VIRTIO_BALLOON_F_PAGE_REPORTING);
}

/* 5.5.2: a row a queue; those without their feature do not exist. */
static const struct virtballoon_queue_row {
	const char *name;
	void (*callback)(struct virtqueue *vq);
	int feature; /* -1: always there */
} virtballoon_queues[VIRTBALLOON_QUEUES] = {
	[VIRTBALLOON_INFLATE] = { "inflate", virtballoon_acked, -1 },
	[VIRTBALLOON_DEFLATE] = { "deflate", virtballoon_acked, -1 },
	[VIRTBALLOON_STATS] = { "stats", virtballoon_stats_wanted,
				VIRTIO_BALLOON_F_STATS_VQ },
	[VIRTBALLOON_FREE_PAGE] = { "free_page", virtballoon_hint_used,
				    VIRTIO_BALLOON_F_FREE_PAGE_HINT },
	[VIRTBALLOON_REPORTING] = { "reporting", virtballoon_acked,
				    VIRTIO_BALLOON_F_PAGE_REPORTING },
};

static int virtballoon_find_vqs(struct virtio_balloon *vb)
{
	struct virtqueue_info infos[VIRTBALLOON_QUEUES] = { { 0 } };
	unsigned int i;

	for (i = 0; i < VIRTBALLOON_QUEUES; i++) {
		const struct virtballoon_queue_row *row = &virtballoon_queues[i];

		if (row->feature >= 0 &&
		    !virtballoon_has(vb, (unsigned int)row->feature))
			continue;
		infos[i].name = row->name;
		infos[i].callback = row->callback;
	}
	return virtio_find_vqs(vb->vdev, VIRTBALLOON_QUEUES, vb->vqs, infos);
}

/* 5.5.6.5.1: before DRIVER_OK, and not again. */
static void virtballoon_write_poison(struct virtio_balloon *vb)
{
	u32 poison;

	if (!virtballoon_has(vb, VIRTIO_BALLOON_F_PAGE_POISON))
		return;
	memset(&poison, PAGE_POISON, sizeof(poison));
	vb->vdev->config->set(vb->vdev, VIRTIO_BALLOON_CFG_POISON_VAL, 4,
			      poison);
}

/* ---- coming and going ---- */

static struct virtio_balloon *virtballoon_alloc(struct virtio_device *vdev)
{
	struct virtio_balloon *vb = kzalloc(sizeof(*vb), GFP_KERNEL);

	if (!vb)
		return NULL;
	vb->vdev = vdev;
	init_waitqueue_head(&vb->acked);
	spin_lock_init(&vb->stop_lock);
	virtballoon_size_init(vb);
	virtballoon_hint_init(vb);
	vb->oom.priority = VIRTBALLOON_OOM_PRIORITY;
	vb->reporting.report = virtballoon_report;
	vb->pfns = kcalloc(VIRTBALLOON_BATCH, sizeof(*vb->pfns), GFP_KERNEL);
	if (!vb->pfns) {
		kfree(vb);
		return NULL;
	}
	vdev->priv = vb;
	return vb;
}

/* Whoever might call the driver on its own account. */
static int virtballoon_register(struct virtio_balloon *vb)
{
	int err = 0;

	if (virtballoon_has(vb, VIRTIO_BALLOON_F_DEFLATE_ON_OOM))
		err = register_oom_notifier(&vb->oom);
	if (err || !virtballoon_has(vb, VIRTIO_BALLOON_F_PAGE_REPORTING))
		return err;
	err = page_reporting_register(&vb->reporting);
	if (err && virtballoon_has(vb, VIRTIO_BALLOON_F_DEFLATE_ON_OOM))
		unregister_oom_notifier(&vb->oom);
	return err;
}

static void virtballoon_unregister(struct virtio_balloon *vb)
{
	if (virtballoon_has(vb, VIRTIO_BALLOON_F_PAGE_REPORTING))
		page_reporting_unregister(&vb->reporting);
	if (virtballoon_has(vb, VIRTIO_BALLOON_F_DEFLATE_ON_OOM))
		unregister_oom_notifier(&vb->oom);
}

/* No work is queued and none runs.  One that waits for a device which does not
 * answer is not waited for longer than VIRTBALLOON_QUIESCE. */
static void virtballoon_stop(struct virtio_balloon *vb)
{
	unsigned long flags;

	spin_lock_irqsave(&vb->stop_lock, flags);
	vb->stopping = true;
	spin_unlock_irqrestore(&vb->stop_lock, flags);
	wake_up_all(&vb->acked);
	wait_event_timeout(vb->acked, !vb->waiting, VIRTBALLOON_QUIESCE);
	if (vb->waiting) {
		dev_err(&vb->vdev->dev, "the device does not answer\n");
		virtio_break_device(vb->vdev);
		wake_up_all(&vb->acked);
	}
	cancel_delayed_work_sync(&vb->size_work);
	cancel_delayed_work_sync(&vb->stats_work);
	cancel_work_sync(&vb->hint_work);
}

/* The rest, with nobody left who might use it. */
static void virtballoon_free(struct virtio_balloon *vb)
{
	unsigned int i;

	virtballoon_hint_exit(vb);
	virtio_reset_device(vb->vdev);
	virtballoon_hint_release(vb);
	for (i = 0; i < VIRTBALLOON_QUEUES; i++)
		while (vb->vqs[i] && virtqueue_detach_unused_buf(vb->vqs[i]))
			;
	virtballoon_release_all(vb);
	vb->vdev->config->del_vqs(vb->vdev);
	kfree(vb->stats);
	kfree(vb->pfns);
	kfree(vb);
}

static int virtballoon_setup(struct virtio_balloon *vb)
{
	int err = virtballoon_stats_init(vb);

	if (!err)
		err = virtballoon_find_vqs(vb);
	if (!err)
		err = virtballoon_hint_start(vb);
	return err;
}

static int virtballoon_probe(struct virtio_device *vdev)
{
	struct virtio_balloon *vb = virtballoon_alloc(vdev);
	int err;

	if (!vb)
		return -ENOMEM;
	err = virtballoon_setup(vb);
	if (err)
		goto free;
	virtballoon_write_poison(vb);
	virtio_device_ready(vdev);
	err = virtballoon_register(vb);
	if (err)
		goto free;
	if (vb->vqs[VIRTBALLOON_STATS])
		virtballoon_stats_start(vb);
	/* What the device wants already has made no change. */
	virtballoon_config_changed(vdev);
	return 0;

free:
	virtballoon_free(vb);
	return err;
}

static void virtballoon_remove(struct virtio_device *vdev)
{
	struct virtio_balloon *vb = vdev->priv;

	virtballoon_stop(vb);
	virtballoon_unregister(vb);
	virtballoon_deflate_all(vb);
	virtballoon_free(vb);
}

static const struct virtio_device_id virtballoon_ids[] = {
	{ VIRTIO_ID_BALLOON, VIRTIO_DEV_ANY_ID },
	{ 0 }
};

static const unsigned int virtballoon_features[] = {
	VIRTIO_BALLOON_F_MUST_TELL_HOST, VIRTIO_BALLOON_F_STATS_VQ,
	VIRTIO_BALLOON_F_DEFLATE_ON_OOM, VIRTIO_BALLOON_F_FREE_PAGE_HINT,
	VIRTIO_BALLOON_F_PAGE_POISON, VIRTIO_BALLOON_F_PAGE_REPORTING,
};

static struct virtio_driver virtballoon_driver = {
	.driver = { .name = "virtio_balloon" },
	.id_table = virtballoon_ids,
	.feature_table = virtballoon_features,
	.feature_table_size = ARRAY_SIZE(virtballoon_features),
	.choose_features = virtballoon_choose_features,
	.probe = virtballoon_probe,
	.remove = virtballoon_remove,
	.config_changed = virtballoon_config_changed,
	.needs_reset = virtballoon_needs_reset,
};

static int virtballoon_init(void)
{
	return register_virtio_driver(&virtballoon_driver);
}
module_init(virtballoon_init);

static void virtballoon_exit(void)
{
	unregister_virtio_driver(&virtballoon_driver);
}
module_exit(virtballoon_exit);

MODULE_LICENSE("MIT");
