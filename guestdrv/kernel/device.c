/* SPDX-License-Identifier: MIT */
/*
 * Devices: names, references, adding to and leaving a bus.  Matching and
 * probing is in driver.c.
 */
#include "guestdrv/kernel/driver.h"

#include <linux/bug.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <ringside/fault.h>

GUEST_FAULT_SITE(site_add, "guest.device.add");

void device_initialize(struct device *dev)
{
	kref_init(&dev->kobj.kref);
	INIT_LIST_HEAD(&dev->bus_node);
	mutex_init(&dev->mutex);
	dev->added = false;
	dev->probe_error = 0;
}

int dev_set_name(struct device *dev, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vscnprintf(dev->kobj.name, sizeof(dev->kobj.name), fmt, args);
	va_end(args);
	dev->init_name = NULL;
	return 0;
}

static void device_release(struct kref *kref)
{
	struct device *dev = container_of(kref, struct device, kobj.kref);

	if (dev->release)
		dev->release(dev);
}

struct device *get_device(struct device *dev)
{
	if (dev)
		kref_get(&dev->kobj.kref);
	return dev;
}

void put_device(struct device *dev)
{
	if (dev)
		kref_put(&dev->kobj.kref, device_release);
}

int device_add(struct device *dev)
{
	struct guest_bus *bus = dev->bus ? guest_bus_find(dev->bus) : NULL;
	int err;

	if (!dev_name(dev)[0] || (dev->bus && !bus))
		return -EINVAL;
	err = guest_fault(&site_add, dev, ~0u);
	if (err)
		return err;
	/* Both until device_del. */
	get_device(dev->parent);
	get_device(dev);
	if (bus)
		list_add_tail(&dev->bus_node, &bus->devices);
	dev->added = true;
	guest_device_probe(dev);
	return 0;
}

void device_del(struct device *dev)
{
	struct device *parent = dev->parent;

	if (WARN_ON(!dev->added))
		return;
	dev->added = false;
	device_release_driver(dev);
	list_del_init(&dev->bus_node);
	put_device(dev);
	put_device(parent);
}

int device_register(struct device *dev)
{
	device_initialize(dev);
	return device_add(dev);
}

void device_unregister(struct device *dev)
{
	device_del(dev);
	put_device(dev);
}
