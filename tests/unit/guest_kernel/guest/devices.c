/* SPDX-License-Identifier: MIT */
/* Cases of buses, drivers, devices (device.c, driver.c), initcalls. */
#include <linux/device.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "tests/unit/guest_kernel/guest/cases.h"
#include "tests/unit/guest_kernel/guest/toy.h"

/* ---- a bus of our own below the toy ---- */

static int released, probed, removed, probe_answer;

static int match_name(struct device *dev, struct device_driver *drv)
{
	return !strncmp(dev_name(dev), drv->name, strlen(drv->name));
}

static int probe(struct device *dev)
{
	probed++;
	dev_set_drvdata(dev, &probed);
	return probe_answer;
}

static void remove(struct device *dev)
{
	removed += dev_get_drvdata(dev) == &probed;
}

static const struct bus_type leaf_bus = {
	.name = "leaf",
	.match = match_name,
	.probe = probe,
	.remove = remove,
};

static struct device_driver leaf_driver = { .name = "leaf",
					    .bus = &leaf_bus };

static void release(struct device *dev)
{
	released++;
	kfree(dev);
}

static struct device *new_leaf(const char *name)
{
	struct device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);

	device_initialize(dev);
	dev_set_name(dev, "%s", name);
	dev->bus = &leaf_bus;
	dev->parent = &toy_dev()->dev;
	dev->release = release;
	return dev;
}

static int set_up(void)
{
	released = probed = removed = probe_answer = 0;
	return bus_register(&leaf_bus);
}

GUEST_CASE(device_meets_driver_either_way)
{
	struct device *a, *b, *c;

	CHECK(!set_up());
	CHECK(bus_register(&leaf_bus) == -EEXIST);
	a = new_leaf("leaf0");
	CHECK(!device_add(a) && !a->driver && probed == 0);
	CHECK(!driver_register(&leaf_driver));
	CHECK(a->driver == &leaf_driver && probed == 1);
	b = new_leaf("leaf1");
	CHECK(!device_add(b) && b->driver == &leaf_driver && probed == 2);
	c = new_leaf("other");
	CHECK(!device_add(c) && !c->driver && probed == 2);
	/* The device of the notes is the PCI function above. */
	CHECK(guest_spy.last[MACHINE_NOTE_PROBE_END].device == 0x18);
	/* The first was the toy's own, at boot. */
	CHECK(guest_spy.notes[MACHINE_NOTE_PROBE_BEGIN] == 3);
	device_release_driver(a);
	CHECK(!a->driver && !dev_get_drvdata(a) && removed == 1);
	CHECK(device_attach(a) == 1 && probed == 3);
	device_unregister(b);
	CHECK(removed == 2 && released == 1);
	driver_unregister(&leaf_driver);
	CHECK(removed == 3 && !a->driver);
	get_device(a);
	device_unregister(a);
	CHECK(released == 1);
	put_device(a);
	device_unregister(c);
	CHECK(released == 3);
	CHECK(guest_spy.notes[MACHINE_NOTE_REMOVE_END] == 3);
	bus_unregister(&leaf_bus);
	CHECK(driver_register(&leaf_driver) == -EINVAL);
	return 0;
}

GUEST_CASE(failed_probe_leaves_no_trace)
{
	struct device *a;

	CHECK(!set_up());
	CHECK(!driver_register(&leaf_driver));
	probe_answer = -EIO;
	a = new_leaf("leaf0");
	CHECK(!device_add(a));
	CHECK(!a->driver && !dev_get_drvdata(a) && probed == 1);
	CHECK(guest_spy.last[MACHINE_NOTE_PROBE_END].result == -EIO);
	CHECK(device_attach(a) == 0);
	probe_answer = 0;
	CHECK(device_attach(a) == 1);
	device_unregister(a);
	driver_unregister(&leaf_driver);
	bus_unregister(&leaf_bus);
	return 0;
}

GUEST_CASE(device_without_name_or_bus)
{
	struct device *a;

	CHECK(!set_up());
	a = new_leaf("");
	CHECK(device_add(a) == -EINVAL);
	put_device(a);
	CHECK(released == 1);
	bus_unregister(&leaf_bus);
	a = new_leaf("leaf0");
	CHECK(device_add(a) == -EINVAL);
	put_device(a);
	CHECK(released == 2);
	return 0;
}

/* ---- a PCI driver for the toy, there from boot ---- */

static int toy_probe_answer;
module_param(toy_probe_answer, int, 0);
static int child_answer;
module_param(child_answer, int, 0);
static int toy_failures; /* probes that fail before one succeeds */
module_param(toy_failures, int, 0);
static bool toy_leaks;
module_param(toy_leaks, bool, 0);
static struct device *child;

static int toy_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	int err;

	if (!id || id->driver_data != 42)
		return -EINVAL;
	if (toy_leaks && !kmalloc(32, GFP_KERNEL))
		return -ENOMEM;
	if (toy_failures && toy_failures--)
		return -EIO;
	if (toy_probe_answer)
		return toy_probe_answer;
	if (!child_answer)
		return 0;
	err = set_up();
	if (err)
		return err;
	probe_answer = child_answer;
	err = driver_register(&leaf_driver);
	child = new_leaf("leaf0");
	pci_set_drvdata(pdev, child);
	return err ? err : device_add(child);
}

static void toy_remove(struct pci_dev *pdev)
{
	if (!pci_get_drvdata(pdev))
		return;
	device_unregister(pci_get_drvdata(pdev));
	driver_unregister(&leaf_driver);
	bus_unregister(&leaf_bus);
}

static const struct pci_device_id toy_ids[] = {
	{ PCI_DEVICE(0x1234, 0x7006), .driver_data = 41 },
	{ PCI_DEVICE(0x1234, 0x7007), .driver_data = 42 },
	{ 0 }
};

static struct pci_driver toy_driver = {
	.name = "toy",
	.id_table = toy_ids,
	.probe = toy_probe,
	.remove = toy_remove,
};

module_pci_driver(toy_driver);

GUEST_CASE(toy_is_bound)
{
	CHECK(toy_dev()->driver == &toy_driver);
	CHECK(!strcmp(guest_spy.last_text[MACHINE_NOTE_PROBE_END], "toy"));
	return 0;
}

/* The image's boot has filled them with another machine's numbers. */
GUEST_CASE(fault_sites_start_anew)
{
	kfree(kmalloc(10, GFP_KERNEL));
	CHECK(guest_spy.fault_calls >= 2 && guest_spy.stale_handles == 0);
	return 0;
}

/* ---- initcalls ---- */

static char order[16];
static int places;

#define ORDERED(name, how, letter)                                \
	static int __init name(void)                              \
	{                                                         \
		order[places++] = letter;                         \
		return 0;                                         \
	}                                                         \
	how(name)

ORDERED(init_late, late_initcall, 'l');
ORDERED(init_device_a, device_initcall, 'd');
ORDERED(init_core, core_initcall, 'c');
ORDERED(init_device_b, device_initcall, 'e');
ORDERED(init_subsys, subsys_initcall, 's');

GUEST_CASE(initcalls_ran_by_level)
{
	CHECK(!strcmp(order, "csdel"));
	return 0;
}
