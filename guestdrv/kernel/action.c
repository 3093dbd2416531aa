/* SPDX-License-Identifier: MIT */
/*
 * Actions enter the kernel here, on a thread of the machine's; and those that
 * every image of this kernel has: driver.bind, driver.unbind, irq.affinity.
 */
#include "guestdrv/kernel/kernel.h"

#include <linux/device.h>
#include <linux/interrupt.h>
#include <linux/pci.h>
#include <ringside/image.h>
#include <ringside/note.h>

static u32 device_of(const struct guest_param *params,
		     const struct guest_value *values)
{
	for (; params && params->name; params++, values++)
		if (params->type == GUEST_PARAM_DEVICE && values->given)
			return (u32)values->i;
	return GUEST_NO_DEVICE;
}

int guest_action_run(int (*fn)(const struct guest_value *values),
		     const struct guest_param *params,
		     const struct guest_value *values)
{
	struct guest_context *ctx;
	u32 was;
	int ret;

	/* Whatever ran last here need not be this thread. */
	guest_context_now = NULL;
	ctx = guest_current_context();
	was = guest_context_device(device_of(params, values));
	ret = fn(values);
	if (guest_context_atomic(ctx))
		guest_sleep_in_atomic("the end of an action");
	guest_context_device(was);
	guest_context_now = NULL;
	return ret;
}

const struct guest_param guest_driver_action_params[] = {
	{ "device", GUEST_PARAM_DEVICE, true, 0, "which device" },
	{ NULL, GUEST_PARAM_INT, false, 0, NULL }
};

static int driver_bind(const struct guest_value *v)
{
	struct device *dev = guest_device_find((u32)v[0].i);
	int bound;

	if (!dev)
		return -ENODEV;
	if (dev->driver)
		return -EBUSY;
	dev->probe_error = 0;
	bound = device_attach(dev);
	/* Also a failure further down: of the device that the driver made. */
	if (dev->probe_error)
		return dev->probe_error;
	return bound ? 0 : -ENODEV;
}

static int driver_unbind(const struct guest_value *v)
{
	struct device *dev = guest_device_find((u32)v[0].i);

	if (!dev || !dev->driver)
		return -ENODEV;
	device_release_driver(dev);
	return 0;
}

int guest_action_driver_bind(const struct guest_value *values)
{
	return guest_action_run(driver_bind, guest_driver_action_params,
				values);
}

int guest_action_driver_unbind(const struct guest_value *values)
{
	return guest_action_run(driver_unbind, guest_driver_action_params,
				values);
}

enum { AFFINITY_DEVICE, AFFINITY_VECTOR, AFFINITY_CPU };

const struct guest_param guest_irq_affinity_params[] = {
	{ "device", GUEST_PARAM_DEVICE, true, 0, "which device" },
	{ "vector", GUEST_PARAM_INT, false, 0,
	  "of its MSI-X table; 0 is the line where it has none" },
	{ "cpu", GUEST_PARAM_INT, true, 0, "where it shall go" },
	{ NULL, GUEST_PARAM_INT, false, 0, NULL }
};

static int irq_affinity(const struct guest_value *v)
{
	struct device *dev = guest_device_find((u32)v[AFFINITY_DEVICE].i);
	s64 vector = v[AFFINITY_VECTOR].i, cpu = v[AFFINITY_CPU].i;
	int irq;

	if (!dev)
		return -ENODEV;
	if (cpu < 0 || cpu >= (s64)num_online_cpus() || vector < 0 ||
	    vector > U16_MAX)
		return -EINVAL;
	irq = pci_irq_vector(to_pci_dev(dev), (unsigned int)vector);
	if (irq <= 0)
		return irq ? irq : -ENODEV;
	return irq_set_affinity((unsigned int)irq,
				cpumask_of((unsigned int)cpu));
}

int guest_action_irq_affinity(const struct guest_value *values)
{
	return guest_action_run(irq_affinity, guest_irq_affinity_params,
				values);
}
