/* SPDX-License-Identifier: MIT */
/*
 * The entropy driver (virtio 1.2, 5.4): one queue, on which the device fills a
 * buffer with random bytes.  It is asked when somebody reads, never before; the
 * used length says how many bytes came (5.4.6.1).
 */
#include <linux/errno.h>
#include <linux/hw_random.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/wait.h>

#include "guestdrv/virtio/virtio_config.h"
#include "guestdrv/virtio/virtio_ring.h"

/* Bytes that are asked for at once. */
#define VIRTRNG_BYTES 64u

struct virtio_rng {
	struct virtio_device *vdev;
	struct virtqueue *vq;
	struct hwrng hwrng;
	char name[24];
	spinlock_t lock;         /* the queue, and what follows */
	wait_queue_head_t wait;
	u8 *data;                /* the device writes here while `asked` */
	unsigned int from, to;   /* what of it nobody has read yet */
	bool asked;
	int err;                 /* no more to be had: -EIO, -ENODEV */
};

/* The device has filled the buffer.  It MUST be at least one byte (5.4.6.2):
 * one that sends none would be asked forever. */
static void virtrng_done(struct virtqueue *vq)
{
	struct virtio_rng *vr = vq->vdev->priv;
	unsigned int len;
	unsigned long flags;

	spin_lock_irqsave(&vr->lock, flags);
	if (virtqueue_get_buf(vq, &len)) {
		vr->asked = false;
		vr->from = 0;
		vr->to = len;
		if (!len)
			vr->err = -EIO;
	}
	if (virtqueue_is_broken(vq) && !vr->err)
		vr->err = -EIO;
	spin_unlock_irqrestore(&vr->lock, flags);
	wake_up_all(&vr->wait);
}

/* Nothing more comes, and whoever waits shall know. */
static void virtrng_end(struct virtio_rng *vr, int err)
{
	unsigned long flags;

	spin_lock_irqsave(&vr->lock, flags);
	vr->err = err;
	spin_unlock_irqrestore(&vr->lock, flags);
	wake_up_all(&vr->wait);
}

static void virtrng_needs_reset(struct virtio_device *vdev)
{
	virtrng_end(vdev->priv, -EIO);
}

/* With the lock held: the device gets the empty buffer. */
static int virtrng_ask(struct virtio_rng *vr)
{
	struct scatterlist sg, *sgs[] = { &sg };
	int err;

	sg_init_one(&sg, vr->data, VIRTRNG_BYTES);
	err = virtqueue_add_sgs(vr->vq, sgs, 0, 1, vr->data, GFP_ATOMIC);
	if (err)
		return err;
	vr->asked = true;
	return virtqueue_kick(vr->vq) ? 0 : -EIO;
}

/* Bytes that are there; if there are none the device is asked for some. */
static int virtrng_take(struct virtio_rng *vr, void *buf, size_t max)
{
	unsigned long flags;
	unsigned int n;
	int ret;

	spin_lock_irqsave(&vr->lock, flags);
	n = (unsigned int)min_t(size_t, max, vr->to - vr->from);
	memcpy(buf, vr->data + vr->from, n);
	vr->from += n;
	ret = vr->err && !n ? vr->err : (int)n;
	if (!ret && !vr->asked)
		ret = virtrng_ask(vr);
	spin_unlock_irqrestore(&vr->lock, flags);
	return ret;
}

static int virtrng_read(struct hwrng *rng, void *buf, size_t max, bool wait)
{
	struct virtio_rng *vr = container_of(rng, struct virtio_rng, hwrng);
	int n = virtrng_take(vr, buf, max);

	while (!n && wait && max) {
		wait_event(vr->wait, !READ_ONCE(vr->asked) ||
					     READ_ONCE(vr->err));
		n = virtrng_take(vr, buf, max);
	}
	return n;
}

static struct virtio_rng *virtrng_alloc(struct virtio_device *vdev)
{
	struct virtio_rng *vr = kzalloc(sizeof(*vr), GFP_KERNEL);

	if (!vr)
		return NULL;
	/* A piece of memory of its own: the device writes to it. */
	vr->data = kmalloc(VIRTRNG_BYTES, GFP_KERNEL);
	if (!vr->data) {
		kfree(vr);
		return NULL;
	}
	vr->vdev = vdev;
	spin_lock_init(&vr->lock);
	init_waitqueue_head(&vr->wait);
	snprintf(vr->name, sizeof(vr->name), "virtio_rng.%d", vdev->index);
	vr->hwrng.name = vr->name;
	vr->hwrng.read = virtrng_read;
	vdev->priv = vr;
	return vr;
}

static void virtrng_free(struct virtio_rng *vr)
{
	virtio_reset_device(vr->vdev);
	while (vr->vq && virtqueue_detach_unused_buf(vr->vq))
		;
	vr->vdev->config->del_vqs(vr->vdev);
	kfree(vr->data);
	kfree(vr);
}

static int virtrng_probe(struct virtio_device *vdev)
{
	const struct virtqueue_info info = { .name = "requests",
					     .callback = virtrng_done };
	struct virtio_rng *vr = virtrng_alloc(vdev);
	int err;

	if (!vr)
		return -ENOMEM;
	err = virtio_find_vqs(vdev, 1, &vr->vq, &info);
	if (err)
		goto free;
	virtio_device_ready(vdev);
	err = hwrng_register(&vr->hwrng);
	if (err)
		goto free;
	return 0;

free:
	virtrng_free(vr);
	return err;
}

static void virtrng_remove(struct virtio_device *vdev)
{
	struct virtio_rng *vr = vdev->priv;

	virtrng_end(vr, -ENODEV);
	hwrng_unregister(&vr->hwrng);
	virtrng_free(vr);
}

static const struct virtio_device_id virtrng_ids[] = {
	{ VIRTIO_ID_ENTROPY, VIRTIO_DEV_ANY_ID },
	{ 0 }
};

static struct virtio_driver virtrng_driver = {
	.driver = { .name = "virtio_rng" },
	.id_table = virtrng_ids,
	.probe = virtrng_probe,
	.remove = virtrng_remove,
	.needs_reset = virtrng_needs_reset,
};

static int virtrng_init(void)
{
	return register_virtio_driver(&virtrng_driver);
}
module_init(virtrng_init);

static void virtrng_exit(void)
{
	unregister_virtio_driver(&virtrng_driver);
}
module_exit(virtrng_exit);

MODULE_LICENSE("MIT");
