/* SPDX-License-Identifier: MIT */
/*
 * The rows of bus_points.h.
 */
#include "sim/platform/bus_points.h"

#define READ_EFFECTS "all-ones timeout zero flip stale slow"

/* A device that does not answer, and one that is pulled out, are what a driver
 * has to live with; the rest is hardware that breaks its rules. */
const struct fault_point machine_fault_points[BUS_POINTS + 1] = {
	[BUS_CONFIG_READ] = {
		.name = "bus.config.read", .side = FAULT_SIDE_BUS, .errors = "",
		.effects = READ_EFFECTS,
		.about = "a read of configuration space goes wrong (index: offset)",
	},
	[BUS_CONFIG_WRITE] = {
		.name = "bus.config.write", .side = FAULT_SIDE_BUS,
		.errors = "", .quirk = true,
		.about = "a write to configuration space is lost (index: offset)",
	},
	[BUS_MMIO_READ] = {
		.name = "bus.mmio.read", .side = FAULT_SIDE_BUS, .errors = "",
		.effects = READ_EFFECTS,
		.about = "a read of a register in a BAR goes wrong (index: offset in the BAR)",
	},
	[BUS_MMIO_WRITE] = {
		.name = "bus.mmio.write", .side = FAULT_SIDE_BUS, .errors = "",
		.quirk = true,
		.about = "a write to a register in a BAR is lost (index: offset in the BAR)",
	},
	[BUS_DMA_READ] = {
		.name = "bus.dma.read", .side = FAULT_SIDE_BUS, .errors = "",
		.effects = "aborted poisoned flip", .quirk = true,
		.about = "what a device reads from memory goes wrong (index: bytes)",
	},
	[BUS_DMA_WRITE] = {
		.name = "bus.dma.write", .side = FAULT_SIDE_BUS, .errors = "",
		.effects = "aborted poisoned lost", .quirk = true,
		.about = "what a device writes to memory goes wrong (index: bytes)",
	},
	[BUS_MSI] = {
		.name = "bus.msi", .side = FAULT_SIDE_BUS, .errors = "",
		.effects = "lost duplicated delayed wrong-vector",
		.quirk = true,
		.about = "an MSI-X message goes wrong on its way (index: entry of the table)",
	},
	[BUS_DEVICE] = {
		.name = "bus.device", .side = FAULT_SIDE_BUS, .errors = "",
		.effects = "gone stuck",
		.about = "at an access of a CPU the function is pulled out, or hangs",
	},
	[BUS_POINTS] = { .name = NULL },
};
