/* SPDX-License-Identifier: MIT */
/*
 * A device model as a shared object, for catalogue_test.c.
 */
#include "models/pci/device_model.h"

static const struct device_model model = {
	.abi_version = 1, .size = sizeof(struct device_model),
	.name = "lib-model", .about = "loaded",
};

ringside_device_fn ringside_device;

const struct device_model *ringside_device(void)
{
	return &model;
}
