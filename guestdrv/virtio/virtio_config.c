/* SPDX-License-Identifier: MIT */
/*
 * The device configuration space: reading it (virtio 1.2, 2.5) and hearing of
 * its changes (2.3), among them DEVICE_NEEDS_RESET (2.1.2).
 */
#include "guestdrv/virtio/virtio_config.h"

#include <linux/errno.h>
#include <linux/slab.h>

#include "guestdrv/virtio/virtio_ring.h"

/* A device whose generation never rests is not waited for. */
#define VIRTIO_CONFIG_TRIES 100

/* A register that reads all ones belongs to a device that is gone. */
#define VIRTIO_STATUS_GONE 0xffu

void virtio_cread_atomic(struct virtio_device *vdev,
			 void (*fn)(struct virtio_device *vdev, void *arg),
			 void *arg)
{
	u32 before, after = vdev->config->generation(vdev);
	int tries = VIRTIO_CONFIG_TRIES;

	do {
		before = after;
		fn(vdev, arg);
		after = vdev->config->generation(vdev);
	} while (after != before && --tries);
	if (after != before)
		dev_warn(&vdev->dev, "configuration does not come to rest\n");
}

struct virtio_field {
	u32 offset;
	unsigned int width;
	u64 value;
};

static void virtio_read_field(struct virtio_device *vdev, void *arg)
{
	struct virtio_field *field = arg;

	field->value = vdev->config->get(vdev, field->offset, field->width);
}

u64 virtio_cread(struct virtio_device *vdev, u32 offset, unsigned int width)
{
	struct virtio_field field = { .offset = offset, .width = width };

	if (width > sizeof(u32))
		virtio_cread_atomic(vdev, virtio_read_field, &field);
	else
		virtio_read_field(vdev, &field);
	return field.value;
}

u64 virtio_cread_feature(struct virtio_device *vdev, unsigned int feature,
			 u32 offset, unsigned int width, u64 deflt)
{
	if (!virtio_has_feature(vdev, feature))
		return deflt;
	return virtio_cread(vdev, offset, width);
}

/* The queues that are there, one after the other, as the device counts them. */
static int virtio_find_named(struct virtio_device *vdev, unsigned int nvqs,
			     struct virtqueue *vqs[],
			     const struct virtqueue_info infos[],
			     struct virtqueue_info *named)
{
	unsigned int i, n = 0;
	int err;

	for (i = 0; i < nvqs; i++)
		if (infos[i].name)
			named[n++] = infos[i];
	err = vdev->config->find_vqs(vdev, n, vqs, named);
	/* From the end, so that none is overwritten before it has moved. */
	for (i = nvqs; !err && i-- > 0;)
		vqs[i] = infos[i].name ? vqs[--n] : NULL;
	return err;
}

int virtio_find_vqs(struct virtio_device *vdev, unsigned int nvqs,
		    struct virtqueue *vqs[],
		    const struct virtqueue_info infos[])
{
	struct virtqueue_info *named;
	unsigned int i;
	int err;

	for (i = 0; i < nvqs && infos[i].name; i++)
		;
	if (i == nvqs)
		return vdev->config->find_vqs(vdev, nvqs, vqs, infos);
	named = kcalloc(nvqs, sizeof(*named), GFP_KERNEL);
	if (!named)
		return -ENOMEM;
	err = virtio_find_named(vdev, nvqs, vqs, infos, named);
	kfree(named);
	return err;
}

void virtio_break_device(struct virtio_device *vdev)
{
	struct virtqueue *vq;

	list_for_each_entry(vq, &vdev->vqs, list)
		virtqueue_break(vq);
}

/* The driver hears what the interrupt was about.  Called with the lock held,
 * so that no driver goes away meanwhile. */
static void virtio_tell_driver(struct virtio_device *vdev)
{
	u8 status = vdev->config->get_status(vdev);
	struct virtio_driver *drv;

	if (!vdev->dev.driver || status == VIRTIO_STATUS_GONE)
		return;
	drv = drv_to_virtio(vdev->dev.driver);
	if (status & VIRTIO_CONFIG_S_NEEDS_RESET) {
		dev_err(&vdev->dev, "device needs a reset\n");
		virtio_break_device(vdev);
		if (drv->needs_reset)
			drv->needs_reset(vdev);
		return;
	}
	if (drv->config_changed)
		drv->config_changed(vdev);
}

void virtio_config_changed(struct virtio_device *vdev)
{
	unsigned long flags;

	spin_lock_irqsave(&vdev->config_lock, flags);
	if (vdev->config_enabled)
		virtio_tell_driver(vdev);
	else
		vdev->config_pending = true;
	spin_unlock_irqrestore(&vdev->config_lock, flags);
}

void virtio_config_enable(struct virtio_device *vdev)
{
	unsigned long flags;

	spin_lock_irqsave(&vdev->config_lock, flags);
	vdev->config_enabled = true;
	if (vdev->config_pending)
		virtio_tell_driver(vdev);
	vdev->config_pending = false;
	spin_unlock_irqrestore(&vdev->config_lock, flags);
}

void virtio_config_disable(struct virtio_device *vdev)
{
	unsigned long flags;

	spin_lock_irqsave(&vdev->config_lock, flags);
	vdev->config_enabled = false;
	spin_unlock_irqrestore(&vdev->config_lock, flags);
}
