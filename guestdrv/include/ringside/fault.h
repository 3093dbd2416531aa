/* SPDX-License-Identifier: MIT */
/*
 * Fault points of the guest.  A service asks here before its first side effect;
 * a rule of the scenario may make it fail.  Every name is a row of the image's
 * table (guest_kernel_fault_points, ringside/image.h).
 */
#ifndef RINGSIDE_FAULT_H
#define RINGSIDE_FAULT_H

#include <linux/compiler.h>
#include <linux/types.h>
#include "guestdrv/abi/machine.h"

struct device;

/* Not narrowed by queue or size. */
#define GUEST_FAULT_NO_INDEX (~0u)

/*
 * A place, `var`, at which the point can be hit.  Rows of a section, so that
 * each boot starts with the machine's handles cleared.
 */
#define GUEST_FAULT_SITE(var, point)                                        \
	static struct machine_fault_site var = { point, 0 };                \
	static struct machine_fault_site *const COMPILER_PASTE(var, _row)   \
		__used __section("guest_fault_sites") = &var

/* 0: go on; else the negative errno to fail with.  dev NULL: that of the
 * probe, remove or action that is running here. */
int guest_fault(struct machine_fault_site *site, const struct device *dev,
		u32 index);
/* The same where the device's number is known: guest_device_bdf(). */
int guest_fault_at(struct machine_fault_site *site, u32 device, u32 index);

#endif
