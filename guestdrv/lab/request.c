/* SPDX-License-Identifier: MIT */
/*
 * `lab.request`: what a check asks a driver for beside reading and writing.
 */
#include <lab.h>
#include <linux/errno.h>
#include <linux/pci.h>
#include <ringside/note.h>

#include "guestdrv/lab/lab_ops.h"

enum { DEVICE, WHAT, VALUE };

const struct guest_param lab_request_params[] = {
	{ "device", GUEST_PARAM_DEVICE, true, 0, "which device" },
	{ "what", GUEST_PARAM_STRING, true, 0, "a word of the sheet" },
	{ "value", GUEST_PARAM_INT, false, 0, "and a number" },
	{ NULL, GUEST_PARAM_INT, false, 0, NULL }
};

/* NULL: no driver has it. */
struct pci_dev *lab_bound_device(u32 bdf)
{
	struct device *dev = guest_device_find(bdf);

	return dev && dev->driver ? to_pci_dev(dev) : NULL;
}

static int request(const struct guest_value *v)
{
	struct pci_dev *pdev = lab_bound_device((u32)v[DEVICE].i);
	int err;

	if (!pdev)
		return -ENODEV;
	if (!lab_ops() || !lab_ops()->request)
		return -ENOSYS;
	err = lab_ops()->request(pdev, v[WHAT].s, v[VALUE].i);
	guest_note_request(&pdev->dev, err);
	return err;
}

GUEST_ACTION(run, request, lab_request_params);

int lab_action_request(const struct guest_value *values)
{
	return run(values);
}
