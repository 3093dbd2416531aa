/* SPDX-License-Identifier: MIT */
/*
 * A virtqueue that is taken back from the device on its own and given to it anew,
 * with as many entries or fewer (virtio 1.2, 2.6.1), while the device's other
 * queues go on.
 */
#include <linux/errno.h>
#include <linux/string.h>

#include "guestdrv/virtio/vring_split.h"

/* What has been used before the reset is still in the ring: the callback takes
 * it; what has not goes back to the driver. */
static void virtqueue_take_back(struct virtqueue *vq,
				void (*recycle)(struct virtqueue *vq,
						void *data))
{
	void *data;

	if (vq->callback)
		vq->callback(vq);
	while ((data = virtqueue_detach_unused_buf(vq)) != NULL)
		recycle(vq, data);
}

int virtqueue_resize(struct virtqueue *vq, unsigned int num,
		     void (*recycle)(struct virtqueue *vq, void *data))
{
	const struct virtio_config_ops *config = vq->vdev->config;
	int err;

	if (!num || num & (num - 1) || num > to_vvq(vq)->made)
		return -EINVAL;
	if (!virtio_has_feature(vq->vdev, VIRTIO_F_RING_RESET) ||
	    !config->reset_vq)
		return -EOPNOTSUPP;
	err = config->reset_vq(vq);
	if (err)
		goto broken;
	/* A callback that had begun on another CPU is over. */
	config->synchronize_cbs(vq->vdev);
	virtqueue_take_back(vq, recycle);
	vring_restart(to_vvq(vq), num);
	err = config->enable_vq(vq);
	if (err)
		goto broken;
	return 0;

broken:
	virtqueue_break(vq);
	return err;
}
