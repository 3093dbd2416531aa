/* SPDX-License-Identifier: MIT */
/*
 * A device model as a shared object, for catalogue_test.c: of the interface as
 * it was before models had actions.  What lies behind its size is not the
 * model's.
 */
#include "models/pci/device_model.h"

static const struct device_action not_mine[] = { { .name = "not.mine" } };

static const struct device_model model = {
	.abi_version = 1, .size = offsetof(struct device_model, actions),
	.name = "lib-model", .about = "loaded",
	.actions = not_mine,
};

ringside_device_fn ringside_device;

const struct device_model *ringside_device(void)
{
	return &model;
}
