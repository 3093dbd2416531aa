/* SPDX-License-Identifier: MIT */
/*
 * Function 00:00.0: class 0600 (host bridge), the id that generic PCIe hosts
 * use.  PCI Local Bus 3.0 6.2.1.
 */
#include "models/pci/host_bridge.h"

#include <stdlib.h>

#include "models/pci/config.h"

struct bridge {
	struct pci_function fn;
	struct pci_cfg cfg;
};

static struct bridge *bridge(struct pci_function *fn)
{
	return (struct bridge *)fn;
}

static uint32_t config_read(struct pci_function *fn, uint32_t offset,
			    uint32_t width)
{
	return pci_cfg_read(&bridge(fn)->cfg, offset, width);
}

static void config_write(struct pci_function *fn, uint32_t offset,
			 uint32_t width, uint32_t value)
{
	pci_cfg_write(&bridge(fn)->cfg, offset, width, value);
}

/* No BARs and no lanes: the host never calls these. */
static uint64_t bar_read(struct pci_function *fn, uint32_t bar, uint64_t offset,
			 uint32_t width)
{
	(void)fn, (void)bar, (void)offset, (void)width;
	return 0;
}

static void bar_write(struct pci_function *fn, uint32_t bar, uint64_t offset,
		      uint32_t width, uint64_t value)
{
	(void)fn, (void)bar, (void)offset, (void)width, (void)value;
}

static void lane_run(struct pci_function *fn, uint32_t lane)
{
	(void)fn, (void)lane;
}

static void lanes_drained(struct pci_function *fn, uint64_t lanes)
{
	(void)fn, (void)lanes;
}

static void reset(struct pci_function *fn, enum pci_reset_kind kind)
{
	(void)kind;
	pci_cfg_reset(&bridge(fn)->cfg);
}

static void destroy(struct pci_function *fn)
{
	free(fn);
}

static const struct pci_function_ops bridge_ops = {
	.abi_version = PCI_FUNCTION_ABI_VERSION,
	.size = sizeof(struct pci_function_ops),
	.config_read = config_read,
	.config_write = config_write,
	.bar_read = bar_read,
	.bar_write = bar_write,
	.lane_run = lane_run,
	.lanes_drained = lanes_drained,
	.reset = reset,
	.destroy = destroy,
};

struct pci_function *pci_host_bridge_create(struct pci_host *host,
					    bool multifunction)
{
	const struct pci_ids ids = {
		.vendor = 0x1b36,
		.device = 0x0008,
		.subsystem_vendor = 0x1b36,
		.subsystem = 0x0008,
		.class_code = 0x060000,
		.multifunction = multifunction,
	};
	struct bridge *b = calloc(1, sizeof(*b));

	if (!b)
		return NULL;
	b->fn.ops = &bridge_ops;
	b->fn.host = host;
	pci_cfg_init(&b->cfg, &b->fn, &ids);
	return &b->fn;
}
