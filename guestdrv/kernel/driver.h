/* SPDX-License-Identifier: MIT */
/* Buses and binding: between driver.c, device.c and action.c. */
#ifndef GUESTDRV_KERNEL_DRIVER_H
#define GUESTDRV_KERNEL_DRIVER_H

#include <linux/device.h>
#include "guestdrv/kernel/kernel.h"

struct guest_bus {
	const struct bus_type *type;
	struct list_head devices; /* in the order they were added */
	struct list_head drivers;
	struct list_head node;
};

/* NULL: not registered. */
struct guest_bus *guest_bus_find(const struct bus_type *type);
/* Offers the device to each driver that matches, until one takes it. */
void guest_device_probe(struct device *dev);

#endif
