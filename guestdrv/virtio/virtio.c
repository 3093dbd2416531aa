/* SPDX-License-Identifier: MIT */
/*
 * The virtio bus: devices, drivers, and which of them belong together.  What
 * happens once they have met is in virtio_probe.c.
 */
#include "guestdrv/virtio/virtio.h"

#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/module.h>

#include "guestdrv/virtio/virtio_config.h"
#include "guestdrv/virtio/virtio_ring.h"

/* Numbers of "virtio<n>": the lowest free one, so that a device which comes
 * back has the name it had. */
#define VIRTIO_MAX_DEVICES 256u
static u64 virtio_numbers[VIRTIO_MAX_DEVICES / 64];
static DEFINE_SPINLOCK(virtio_numbers_lock);

static int virtio_number_get(void)
{
	unsigned long flags;
	int number = -ENOSPC;
	unsigned int i;

	spin_lock_irqsave(&virtio_numbers_lock, flags);
	for (i = 0; i < ARRAY_SIZE(virtio_numbers); i++) {
		if (virtio_numbers[i] == ~0ull)
			continue;
		number = __builtin_ctzll(~virtio_numbers[i]);
		virtio_numbers[i] |= 1ull << number;
		number += (int)i * 64;
		break;
	}
	spin_unlock_irqrestore(&virtio_numbers_lock, flags);
	return number;
}

static void virtio_number_put(int number)
{
	unsigned long flags;

	spin_lock_irqsave(&virtio_numbers_lock, flags);
	virtio_numbers[number / 64] &= ~(1ull << (number % 64));
	spin_unlock_irqrestore(&virtio_numbers_lock, flags);
}

static bool virtio_id_match(const struct virtio_device *vdev,
			    const struct virtio_device_id *id)
{
	return (id->device == vdev->id.device ||
		id->device == VIRTIO_DEV_ANY_ID) &&
	       (id->vendor == vdev->id.vendor ||
		id->vendor == VIRTIO_DEV_ANY_ID);
}

static int virtio_dev_match(struct device *dev, struct device_driver *drv)
{
	const struct virtio_device_id *id = drv_to_virtio(drv)->id_table;

	for (; id->device; id++)
		if (virtio_id_match(dev_to_virtio(dev), id))
			return 1;
	return 0;
}

static void virtio_dev_remove(struct device *dev)
{
	struct virtio_device *vdev = dev_to_virtio(dev);

	virtio_config_disable(vdev);
	drv_to_virtio(dev->driver)->remove(vdev);
	WARN_ON(!list_empty(&vdev->vqs));
}

static struct bus_type virtio_bus = {
	.name = "virtio",
	.match = virtio_dev_match,
	.probe = virtio_dev_probe,
	.remove = virtio_dev_remove,
};

int register_virtio_driver(struct virtio_driver *drv)
{
	drv->driver.bus = &virtio_bus;
	return driver_register(&drv->driver);
}

void unregister_virtio_driver(struct virtio_driver *drv)
{
	driver_unregister(&drv->driver);
}

int register_virtio_device(struct virtio_device *vdev)
{
	int err;

	INIT_LIST_HEAD(&vdev->vqs);
	spin_lock_init(&vdev->config_lock);
	vdev->config_enabled = false;
	vdev->config_pending = false;
	device_initialize(&vdev->dev);
	vdev->dev.bus = &virtio_bus;

	vdev->index = virtio_number_get();
	if (vdev->index < 0)
		return vdev->index;
	err = dev_set_name(&vdev->dev, "virtio%d", vdev->index);
	if (err)
		goto put_number;
	err = device_add(&vdev->dev);
	if (err)
		goto put_number;
	return 0;

put_number:
	virtio_number_put(vdev->index);
	return err;
}

void unregister_virtio_device(struct virtio_device *vdev)
{
	/* The device may be freed before this returns; its number is not. */
	int number = vdev->index;

	device_unregister(&vdev->dev);
	virtio_number_put(number);
}

static int virtio_init(void)
{
	return bus_register(&virtio_bus);
}
core_initcall(virtio_init);

static void virtio_exit(void)
{
	bus_unregister(&virtio_bus);
}
module_exit(virtio_exit);

MODULE_LICENSE("MIT");
