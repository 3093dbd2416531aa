/* SPDX-License-Identifier: MIT */
/*
 * The modern transport: the registers of virtio 1.2, 4.1.4.3 to 4.1.4.6, read
 * and written by the width that they have (4.1.3.1), 64-bit ones as two halves.
 */
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/io.h>
#include <linux/kernel.h>

#include "guestdrv/virtio/virtio_pci.h"

/* A reset that takes longer than a look or two is waited for in sleeps; one
 * that takes longer than this never ends. */
#define VP_RESET_SPINS 32
#define VP_RESET_MS 5000

/* What of the common registers must be there for queue_notify_data, and for
 * queue_reset. */
#define VP_NOTIFY_DATA_END 58u
#define VP_QUEUE_RESET_END 60u

/* All ones: nobody answers any more. */
#define VP_STATUS_GONE 0xffu

static struct virtio_pci_common_cfg __iomem *vp_common(struct vp_device *vp)
{
	return vp->common.base;
}

static void vp_write64(u64 value, __le64 __iomem *reg)
{
	__le32 __iomem *half = (__le32 __iomem *)reg;

	iowrite32((u32)value, &half[0]);
	iowrite32((u32)(value >> 32), &half[1]);
}

/* ---- status and reset ---- */

static u8 vp_get_status(struct virtio_device *vdev)
{
	return ioread8(&vp_common(to_vp(vdev))->device_status);
}

static void vp_set_status(struct virtio_device *vdev, u8 status)
{
	iowrite8(status, &vp_common(to_vp(vdev))->device_status);
}

/* Between two looks at a reset that goes on. */
static void vp_pause(unsigned int tries)
{
	if (tries < VP_RESET_SPINS)
		cpu_relax();
	else
		msleep(1);
}

/* 4.1.4.3.2: reset is complete when status reads 0.  The read also pushes the
 * posted write, and every interrupt that the device had sent, ahead of it. */
static int vp_wait_reset(struct vp_device *vp)
{
	unsigned int tries;

	for (tries = 0; tries < VP_RESET_SPINS + VP_RESET_MS; tries++) {
		u8 status = vp_get_status(&vp->vdev);

		if (!status)
			return 0;
		if (status == VP_STATUS_GONE &&
		    !pci_device_is_present(vp->pdev))
			return -ENODEV;
		vp_pause(tries);
	}
	return -ETIMEDOUT;
}

/* Afterwards the device touches no memory, whatever it answered: one that does
 * not let go is cut off the bus. */
static int vp_reset(struct virtio_device *vdev)
{
	struct vp_device *vp = to_vp(vdev);
	int err;

	vp_set_status(vdev, 0);
	err = vp_wait_reset(vp);
	if (err == -ETIMEDOUT) {
		dev_err(&vdev->dev, "reset does not end; Bus Master off\n");
		pci_clear_master(vp->pdev);
	}
	return err;
}

/* ---- features ---- */

/* 4.1.4.3: 64 feature bits through a window of 32. */
static u64 vp_get_features(struct virtio_device *vdev)
{
	struct virtio_pci_common_cfg __iomem *cfg = vp_common(to_vp(vdev));
	u64 features;

	iowrite32(0, &cfg->device_feature_select);
	features = ioread32(&cfg->device_feature);
	iowrite32(1, &cfg->device_feature_select);
	features |= (u64)ioread32(&cfg->device_feature) << 32;
	/* Of no use without the register that it is about. */
	if (to_vp(vdev)->common.len < VP_NOTIFY_DATA_END)
		features &= ~(1ull << VIRTIO_F_NOTIF_CONFIG_DATA);
	if (to_vp(vdev)->common.len < VP_QUEUE_RESET_END)
		features &= ~(1ull << VIRTIO_F_RING_RESET);
	return features;
}

static int vp_finalize_features(struct virtio_device *vdev)
{
	struct virtio_pci_common_cfg __iomem *cfg = vp_common(to_vp(vdev));

	if (!virtio_has_feature(vdev, VIRTIO_F_VERSION_1)) {
		dev_err(&vdev->dev,
			"modern device does not offer VIRTIO_F_VERSION_1\n");
		return -EINVAL;
	}
	iowrite32(0, &cfg->driver_feature_select);
	iowrite32((u32)vdev->features, &cfg->driver_feature);
	iowrite32(1, &cfg->driver_feature_select);
	iowrite32((u32)(vdev->features >> 32), &cfg->driver_feature);
	return 0;
}

/* ---- device configuration ---- */

static u32 vp_config_len(struct virtio_device *vdev)
{
	struct vp_device *vp = to_vp(vdev);

	return vp->config.base ? vp->config.len : 0;
}

static u32 vp_config_read(struct vp_device *vp, u32 offset, unsigned int width)
{
	u8 __iomem *p = (u8 __iomem *)vp->config.base + offset;

	if (vp->window)
		return vp_window_read(vp, &vp->config, offset, width);
	switch (width) {
	case 1:
		return ioread8(p);
	case 2:
		return ioread16(p);
	default:
		return ioread32(p);
	}
}

static void vp_config_write(struct vp_device *vp, u32 offset,
			    unsigned int width, u32 value)
{
	u8 __iomem *p = (u8 __iomem *)vp->config.base + offset;

	if (vp->window) {
		vp_window_write(vp, &vp->config, offset, width, value);
		return;
	}
	switch (width) {
	case 1:
		iowrite8((u8)value, p);
		break;
	case 2:
		iowrite16((u16)value, p);
		break;
	default:
		iowrite32(value, p);
	}
}

static bool vp_config_has(struct virtio_device *vdev, u32 offset,
			  unsigned int width)
{
	u32 len = vp_config_len(vdev);

	return width <= len && offset <= len - width;
}

/* Fields beyond what the device has read as 0. */
static u64 vp_get(struct virtio_device *vdev, u32 offset, unsigned int width)
{
	struct vp_device *vp = to_vp(vdev);
	u32 low;

	if (!vp_config_has(vdev, offset, width))
		return 0;
	if (width <= sizeof(u32))
		return vp_config_read(vp, offset, width);
	low = vp_config_read(vp, offset, 4);
	return low | (u64)vp_config_read(vp, offset + 4, 4) << 32;
}

static void vp_set(struct virtio_device *vdev, u32 offset, unsigned int width,
		   u64 value)
{
	struct vp_device *vp = to_vp(vdev);

	if (!vp_config_has(vdev, offset, width))
		return;
	if (width <= sizeof(u32)) {
		vp_config_write(vp, offset, width, (u32)value);
		return;
	}
	vp_config_write(vp, offset, 4, (u32)value);
	vp_config_write(vp, offset + 4, 4, (u32)(value >> 32));
}

static u32 vp_generation(struct virtio_device *vdev)
{
	return ioread8(&vp_common(to_vp(vdev))->config_generation);
}

/* ---- vectors ---- */

static u16 vp_set_config_vector(struct vp_device *vp, u16 vector)
{
	struct virtio_pci_common_cfg __iomem *cfg = vp_common(vp);

	iowrite16(vector, &cfg->config_msix_vector);
	return ioread16(&cfg->config_msix_vector);
}

static u16 vp_set_queue_vector(struct vp_device *vp, unsigned int queue,
			       u16 vector)
{
	struct virtio_pci_common_cfg __iomem *cfg = vp_common(vp);

	iowrite16((u16)queue, &cfg->queue_select);
	iowrite16(vector, &cfg->queue_msix_vector);
	return ioread16(&cfg->queue_msix_vector);
}

static u8 vp_read_isr(struct vp_device *vp)
{
	return ioread8(vp->isr.base);
}

/* ---- queues ---- */

static bool vp_notify(struct virtqueue *vq)
{
	iowrite16(vq->kick, vq->priv);
	return true;
}

/* 2.9, with NOTIFICATION_DATA: where the next available entry will be, too. */
static bool vp_notify_with_data(struct virtqueue *vq)
{
	iowrite32((u32)virtqueue_get_avail_idx(vq) << 16 | vq->kick, vq->priv);
	return true;
}

/* 4.1.5.2: a kick says the number of the queue, or what the device wants in its
 * place. */
static u16 vp_kick_value(struct vp_device *vp, unsigned int queue)
{
	if (virtio_has_feature(&vp->vdev, VIRTIO_F_NOTIF_CONFIG_DATA))
		return ioread16(&vp_common(vp)->queue_notify_data);
	return (u16)queue;
}

/* 4.1.4.4: where the selected queue is kicked; NULL if outside. */
static void __iomem *vp_notify_addr(struct vp_device *vp)
{
	u64 offset = ioread16(&vp_common(vp)->queue_notify_off);
	unsigned int width = sizeof(u16);

	if (virtio_has_feature(&vp->vdev, VIRTIO_F_NOTIFICATION_DATA))
		width = sizeof(u32);
	offset *= vp->notify_off_multiplier;
	if (offset + width > vp->notify.len || offset % width) {
		dev_err(&vp->vdev.dev,
			"kick address 0x%llx lies outside its structure\n",
			(unsigned long long)offset);
		return NULL;
	}
	return (u8 __iomem *)vp->notify.base + offset;
}

/* Of the queue that is selected: how large, where, and how it is kicked. */
static void vp_place_queue(struct vp_device *vp, struct virtqueue *vq,
			   void __iomem *kick)
{
	struct virtio_pci_common_cfg __iomem *cfg = vp_common(vp);

	vq->priv = kick;
	vq->kick = vp_kick_value(vp, vq->index);
	iowrite16((u16)virtqueue_get_vring_size(vq), &cfg->queue_size);
	vp_write64(virtqueue_get_desc_addr(vq), &cfg->queue_desc);
	vp_write64(virtqueue_get_avail_addr(vq), &cfg->queue_driver);
	vp_write64(virtqueue_get_used_addr(vq), &cfg->queue_device);
}

/* 4.1.5.1.3, in its order: select, read the size, make the ring, tell where it
 * lies.  queue_enable comes later, for all of them. */
static struct virtqueue *vp_setup_queue(struct vp_device *vp,
					unsigned int queue,
					const struct virtqueue_info *info,
					int *err)
{
	struct virtio_pci_common_cfg __iomem *cfg = vp_common(vp);
	struct virtqueue *vq;
	void __iomem *kick;
	bool data;
	u16 num;

	*err = -ENOENT;
	if (queue >= ioread16(&cfg->num_queues))
		return NULL;
	iowrite16((u16)queue, &cfg->queue_select);
	num = ioread16(&cfg->queue_size);
	if (!num || ioread16(&cfg->queue_enable))
		return NULL;
	*err = -EINVAL;
	kick = vp_notify_addr(vp);
	if (!kick)
		return NULL;
	data = virtio_has_feature(&vp->vdev, VIRTIO_F_NOTIFICATION_DATA);
	vq = vring_create_virtqueue(&vp->vdev, queue, num, info,
				    data ? vp_notify_with_data : vp_notify,
				    err);
	if (vq)
		vp_place_queue(vp, vq, kick);
	return vq;
}

static void vp_enable_queues(struct vp_device *vp)
{
	struct virtio_pci_common_cfg __iomem *cfg = vp_common(vp);
	unsigned int i;

	for (i = 0; i < vp->nqueues; i++) {
		iowrite16((u16)i, &cfg->queue_select);
		iowrite16(1, &cfg->queue_enable);
	}
}

/* ---- a queue's own reset ---- */

/* 4.1.4.3.1: 1 while it goes on, then 0, and queue_enable is 0 too. */
static int vp_wait_queue_reset(struct vp_device *vp)
{
	struct virtio_pci_common_cfg __iomem *cfg = vp_common(vp);
	unsigned int tries;

	for (tries = 0; tries < VP_RESET_SPINS + VP_RESET_MS; tries++) {
		if (!ioread16(&cfg->queue_reset))
			return ioread16(&cfg->queue_enable) ? -EIO : 0;
		if (!pci_device_is_present(vp->pdev))
			return -ENODEV;
		vp_pause(tries);
	}
	return -ETIMEDOUT;
}

static int vp_reset_vq(struct virtqueue *vq)
{
	struct vp_device *vp = to_vp(vq->vdev);
	struct virtio_pci_common_cfg __iomem *cfg = vp_common(vp);
	int err;

	iowrite16((u16)vq->index, &cfg->queue_select);
	iowrite16(1, &cfg->queue_reset);
	err = vp_wait_queue_reset(vp);
	if (err)
		dev_err(&vq->vdev->dev, "%s: reset of the queue: error %d\n",
			vq->name, err);
	return err;
}

/* 2.6.1.2: everything that setting up a queue consists of, its vector too. */
static int vp_enable_vq(struct virtqueue *vq)
{
	struct vp_device *vp = to_vp(vq->vdev);
	struct virtio_pci_common_cfg __iomem *cfg = vp_common(vp);
	u16 vector = vp->queues[vq->index].vector;
	void __iomem *kick;

	iowrite16((u16)vq->index, &cfg->queue_select);
	kick = vp_notify_addr(vp);
	if (!kick)
		return -EINVAL;
	vp_place_queue(vp, vq, kick);
	if (vp->vectors &&
	    vp_set_queue_vector(vp, vq->index, vector) != vector)
		return -EBUSY;
	iowrite16(1, &cfg->queue_enable);
	return 0;
}

static const struct virtio_config_ops vp_modern_config = {
	.get = vp_get,
	.set = vp_set,
	.config_len = vp_config_len,
	.generation = vp_generation,
	.get_status = vp_get_status,
	.set_status = vp_set_status,
	.reset = vp_reset,
	.find_vqs = vp_find_vqs,
	.reset_vq = vp_reset_vq,
	.enable_vq = vp_enable_vq,
	.del_vqs = vp_del_vqs,
	.get_features = vp_get_features,
	.finalize_features = vp_finalize_features,
	.synchronize_cbs = vp_synchronize_cbs,
	.set_vq_affinity = vp_set_vq_affinity,
	.get_vq_affinity = vp_get_vq_affinity,
};

const struct vp_transport vp_modern_transport = {
	.name = "modern",
	.config = &vp_modern_config,
	.probe = vp_map_regions,
	.remove = vp_unmap_regions,
	.set_config_vector = vp_set_config_vector,
	.set_queue_vector = vp_set_queue_vector,
	.setup_queue = vp_setup_queue,
	.enable_queues = vp_enable_queues,
	.read_isr = vp_read_isr,
};
