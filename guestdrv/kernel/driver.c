/* SPDX-License-Identifier: MIT */
/*
 * Buses and drivers: which driver matches which device, probe and remove.  Both
 * are told to the machine, which checks at their end that nothing was left
 * behind.
 */
#include "guestdrv/kernel/driver.h"

#include <linux/slab.h>
#include <ringside/fault.h>
#include <ringside/note.h>

GUEST_FAULT_SITE(site_bus, "guest.bus.register");
GUEST_FAULT_SITE(site_driver, "guest.driver.register");

static LIST_HEAD(buses);

int guest_device_boot(void)
{
	INIT_LIST_HEAD(&buses);
	return 0;
}

void guest_device_shutdown(void)
{
	struct guest_bus *bus, *n;

	list_for_each_entry_safe(bus, n, &buses, node) {
		list_del(&bus->node);
		kfree(bus);
	}
}

struct guest_bus *guest_bus_find(const struct bus_type *type)
{
	struct guest_bus *bus;

	list_for_each_entry(bus, &buses, node)
		if (bus->type == type)
			return bus;
	return NULL;
}

int bus_register(const struct bus_type *type)
{
	struct guest_bus *bus;
	int err = guest_fault(&site_bus, NULL, ~0u);

	if (err)
		return err;
	if (guest_bus_find(type))
		return -EEXIST;
	bus = guest_alloc(sizeof(*bus));
	if (!bus)
		return -ENOMEM;
	bus->type = type;
	INIT_LIST_HEAD(&bus->devices);
	INIT_LIST_HEAD(&bus->drivers);
	list_add_tail(&bus->node, &buses);
	return 0;
}

void bus_unregister(const struct bus_type *type)
{
	struct guest_bus *bus = guest_bus_find(type);

	if (!bus)
		return;
	list_del(&bus->node);
	kfree(bus);
}

int bus_for_each_dev(const struct bus_type *type, struct device *start,
		     void *data, int (*fn)(struct device *dev, void *data))
{
	struct guest_bus *bus = guest_bus_find(type);
	struct device *dev, *n;
	bool on = !start;
	int ret;

	if (!bus)
		return -EINVAL;
	list_for_each_entry_safe(dev, n, &bus->devices, bus_node) {
		ret = on ? fn(dev, data) : 0;
		if (ret)
			return ret;
		on |= dev == start;
	}
	return 0;
}

/* ---- probe and remove ---- */

static void note(const struct device *dev, enum machine_note_kind kind,
		 const char *driver, s64 result)
{
	gk.calls->note(gk.m, &(struct machine_note){
		.kind = kind,
		.device = guest_device_bdf(dev),
		.text = driver,
		.result = result,
	});
}

static int call_probe(struct device *dev, struct device_driver *drv)
{
	if (dev->bus->probe)
		return dev->bus->probe(dev);
	return drv->probe ? drv->probe(dev) : 0;
}

/* The device and those above it remember, for driver.bind. */
static void remember_error(struct device *dev, int err)
{
	for (; dev; dev = dev->parent)
		if (!dev->probe_error)
			dev->probe_error = err;
}

/* With the device's mutex held. */
static int probe(struct device *dev, struct device_driver *drv)
{
	u32 was = guest_context_device(guest_device_bdf(dev));
	int err;

	note(dev, MACHINE_NOTE_PROBE_BEGIN, drv->name, 0);
	dev->driver = drv;
	err = call_probe(dev, drv);
	if (err) {
		dev->driver = NULL;
		dev_set_drvdata(dev, NULL);
		remember_error(dev, err);
		if (err != -ENODEV && err != -ENXIO)
			printk(KERN_WARNING "%s: probe of %s failed with error %d\n",
			       drv->name, dev_name(dev), err);
	}
	note(dev, MACHINE_NOTE_PROBE_END, drv->name, err);
	guest_context_device(was);
	return err;
}

static bool matches(struct device *dev, struct device_driver *drv)
{
	return !dev->bus->match || dev->bus->match(dev, drv) > 0;
}

static int attach_locked(struct device *dev)
{
	struct guest_bus *bus = dev->bus ? guest_bus_find(dev->bus) : NULL;
	struct device_driver *drv;

	if (dev->driver)
		return 1;
	if (!bus)
		return 0;
	list_for_each_entry(drv, &bus->drivers, bus_node)
		if (matches(dev, drv) && !probe(dev, drv))
			return 1;
	return 0;
}

int device_attach(struct device *dev)
{
	int ret;

	device_lock(dev);
	ret = attach_locked(dev);
	device_unlock(dev);
	return ret;
}

void guest_device_probe(struct device *dev)
{
	int bound = device_attach(dev);

	/* A device without a driver is as good as any. */
	(void)bound;
}

void device_release_driver(struct device *dev)
{
	struct device_driver *drv;
	u32 was;

	device_lock(dev);
	drv = dev->driver;
	if (drv) {
		was = guest_context_device(guest_device_bdf(dev));
		note(dev, MACHINE_NOTE_REMOVE_BEGIN, drv->name, 0);
		if (dev->bus && dev->bus->remove)
			dev->bus->remove(dev);
		else if (drv->remove)
			drv->remove(dev);
		dev->driver = NULL;
		dev_set_drvdata(dev, NULL);
		note(dev, MACHINE_NOTE_REMOVE_END, drv->name, 0);
		guest_context_device(was);
	}
	device_unlock(dev);
}

/* ---- drivers ---- */

int driver_register(struct device_driver *drv)
{
	struct guest_bus *bus = guest_bus_find(drv->bus);
	struct device *dev, *n;
	int err;

	if (!bus)
		return -EINVAL;
	err = guest_fault(&site_driver, NULL, ~0u);
	if (err)
		return err;
	list_add_tail(&drv->bus_node, &bus->drivers);
	list_for_each_entry_safe(dev, n, &bus->devices, bus_node) {
		device_lock(dev);
		if (!dev->driver && matches(dev, drv))
			probe(dev, drv);
		device_unlock(dev);
	}
	return 0;
}

void driver_unregister(struct device_driver *drv)
{
	struct guest_bus *bus = guest_bus_find(drv->bus);
	struct device *dev, *n;

	if (!bus)
		return;
	list_for_each_entry_safe(dev, n, &bus->devices, bus_node)
		if (dev->driver == drv)
			device_release_driver(dev);
	list_del(&drv->bus_node);
}
