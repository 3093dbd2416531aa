/* SPDX-License-Identifier: MIT */
/*
 * Bringing a device up (virtio 1.2, 3.1.1): the eight steps, in the
 * specification's order and by its numbers.  Read by whoever wonders why a
 * probe failed.
 */
#include <linux/errno.h>

#include "guestdrv/virtio/virtio.h"
#include "guestdrv/virtio/virtio_config.h"
#include "guestdrv/virtio/virtio_ring.h"

/* 2.1.1: bits are added to those that are set, never dropped. */
void virtio_add_status(struct virtio_device *vdev, unsigned int status)
{
	const struct virtio_config_ops *config = vdev->config;

	config->set_status(vdev, (u8)(config->get_status(vdev) | status));
}

int virtio_reset_device(struct virtio_device *vdev)
{
	int err = vdev->config->reset(vdev);

	/* A callback that has begun on another CPU ends before anything that it
	 * uses goes, whatever the device answered. */
	vdev->config->synchronize_cbs(vdev);
	return err;
}

static u64 virtio_driver_features(const struct virtio_driver *drv)
{
	u64 features = 0;
	unsigned int i;

	for (i = 0; i < drv->feature_table_size; i++)
		features |= 1ull << drv->feature_table[i];
	return features;
}

/* Step 4: the subset of what is offered that the driver, and below it ring and
 * transport, understand (2.2.1). */
static int virtio_negotiate(struct virtio_device *vdev,
			    const struct virtio_driver *drv)
{
	u64 offered = vdev->config->get_features(vdev);
	u64 below = 0;
	unsigned int i;

	for (i = VIRTIO_TRANSPORT_F_START; i < VIRTIO_TRANSPORT_F_END; i++)
		below |= 1ull << i;
	vdev->features = offered & (virtio_driver_features(drv) |
				    vring_transport_features(below));
	if (drv->choose_features)
		drv->choose_features(vdev);
	return vdev->config->finalize_features(vdev);
}

/* Steps 5 and 6: after FEATURES_OK no feature changes any more; the device may
 * still refuse the whole set, by not letting the bit stick. */
static int virtio_features_ok(struct virtio_device *vdev)
{
	virtio_add_status(vdev, VIRTIO_CONFIG_S_FEATURES_OK);
	if (vdev->config->get_status(vdev) & VIRTIO_CONFIG_S_FEATURES_OK)
		return 0;
	dev_err(&vdev->dev, "device refuses the features 0x%llx\n",
		vdev->features);
	return -ENODEV;
}

void virtio_device_ready(struct virtio_device *vdev)
{
	virtio_add_status(vdev, VIRTIO_CONFIG_S_DRIVER_OK);
}

int virtio_dev_probe(struct device *dev)
{
	struct virtio_device *vdev = dev_to_virtio(dev);
	struct virtio_driver *drv = drv_to_virtio(dev->driver);
	int err;

	/* 1. Reset the device. */
	err = virtio_reset_device(vdev);
	if (err)
		return err;

	/* 2. Set ACKNOWLEDGE: the guest has noticed the device. */
	virtio_add_status(vdev, VIRTIO_CONFIG_S_ACKNOWLEDGE);

	/* 3. Set DRIVER: the guest knows how to drive it. */
	virtio_add_status(vdev, VIRTIO_CONFIG_S_DRIVER);

	/* 4. Read the features, write the subset that is understood. */
	err = virtio_negotiate(vdev, drv);
	if (err)
		goto failed;

	/* 5. Set FEATURES_OK, 6. and see whether it has stayed set. */
	err = virtio_features_ok(vdev);
	if (err)
		goto failed;

	/* 7. What the type of device needs: virtqueues, configuration... */
	err = drv->probe(vdev);
	if (err)
		goto failed;

	/* 8. Set DRIVER_OK, if the driver was in no hurry to use its queues. */
	if (!(vdev->config->get_status(vdev) & VIRTIO_CONFIG_S_DRIVER_OK))
		virtio_device_ready(vdev);
	virtio_config_enable(vdev);
	return 0;

failed:
	/* 3.1.1: given up; only a reset leads on from here. */
	virtio_add_status(vdev, VIRTIO_CONFIG_S_FAILED);
	return err;
}
