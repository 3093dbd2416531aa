/* SPDX-License-Identifier: MIT */
/*
 * A guest and a model of other interface versions, for catalogue_test.c.
 */
#include "guestdrv/abi/machine.h"
#include "models/pci/device_model.h"

static const struct guest_image image = { .abi_version = 7, .size = 400 };
static const struct device_model model = { .abi_version = 1, .size = 8 };

ringside_guest_fn ringside_guest;
ringside_device_fn ringside_device;

const struct guest_image *ringside_guest(void)
{
	return &image;
}

const struct device_model *ringside_device(void)
{
	return &model;
}
