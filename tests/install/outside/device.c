/* SPDX-License-Identifier: MIT */
/*
 * The smallest device model: door 2 from an installed tree.  It can make no
 * device; install-test.sh builds it.
 */
#include "models/pci/device_model.h"
#include "models/pci/registers.h"

static struct pci_function *create(const struct device_config *cfg,
				   struct pci_host *host,
				   struct device_error *err)
{
	(void)cfg;
	(void)host;
	err->property = NULL;
	err->text[0] = '\0';
	return NULL;
}

static bool check(const struct device_config *cfg, struct device_error *err)
{
	(void)cfg;
	(void)err;
	return true;
}

static const struct device_property properties[] = { { .name = NULL } };
static const struct device_feature features[] = { { .name = NULL } };
static const struct model_fault_point faults[] = { { .name = NULL } };

static const struct device_model model = {
	.abi_version = DEVICE_MODEL_ABI_VERSION,
	.size = sizeof(model),
	.name = "outside",
	.about = "an empty device",
	.not_modelled = "everything",
	.properties = properties,
	.features = features,
	.faults = faults,
	.create = create,
	.check = check,
};

__attribute__((visibility("default"))) ringside_device_fn ringside_device;

const struct device_model *ringside_device(void)
{
	return &model;
}
