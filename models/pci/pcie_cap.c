/* SPDX-License-Identifier: MIT */
/*
 * The PCI Express capability (PCI Express Base 3.0, 7.8), version 2, of an
 * endpoint.  The guest's PCI core reads what the link can do, sets payload and
 * read request sizes (notes only: the host's timing profile has the true ones),
 * and resets the function by Initiate Function Level Reset (6.6.2).
 *
 *  00  id 10h, next        PCI Express Capabilities
 *  04  Device Capabilities
 *  08  Device Control      Device Status
 *  0C  Link Capabilities
 *  10  Link Control        Link Status
 *  14  slot and root registers: none in an endpoint, read 0
 *  24  Device Capabilities 2
 *  28  Device Control 2    Device Status 2
 *  2C  Link Capabilities 2
 *  30  Link Control 2      Link Status 2
 *  34  slot registers 2: none, read 0
 */
#include "models/pci/caps.h"
#include "models/pci/tell.h"

#define DEVICE_CONTROL 0x08u
#define LINK_CONTROL 0x10u
#define LINK_CONTROL_2 0x30u

#define INITIATE_FLR 0x8000u
/* What an FLR leaves alone, 6.6.2 and 7.8: Max_Payload_Size; ASPM, RCB, common
 * clock, extended synch; all of Link Control 2, which is sticky. */
#define KEEP_DEVICE_CONTROL 0x00e0u
#define KEEP_LINK_CONTROL 0x00cbu
#define KEEP_LINK_CONTROL_2 0xffffu

#define ROW(nm, off, w, wr, rst, sec, text)                                    \
	{ .name = nm, .offset = off, .width = w, .writable = wr, .reset = rst, \
	  .section = "PCIe 3.0 " sec, .about = text }

static const struct reg regs[] = {
	ROW("Capability ID", 0x00, 1, 0, 0x10, "7.8.1", "PCI Express"),
	ROW("Next Capability Pointer", 0x01, 1, 0, 0, "7.8.1",
	    "Next capability, 0: the last"),
	ROW("PCI Express Capabilities", 0x02, 2, 0, 0x0002, "7.8.2",
	    "Version 2, endpoint"),
	ROW("Device Capabilities", 0x04, 4, 0, 0x10008021, "7.8.3",
	    "FLR, role-based errors, extended tags, payload up to 256"),
	ROW("Device Control", 0x08, 2, 0xf9ff, 0x2810, "7.8.4",
	    "Error reporting, sizes; bit 15: Initiate FLR, reads 0"),
	{ .name = "Device Status", .offset = 0x0a, .width = 2, .w1c = 0x000f,
	  .section = "PCIe 3.0 7.8.5",
	  .about = "Errors detected: none ever is" },
	ROW("Link Capabilities", 0x0c, 4, 0, 0x00400043, "7.8.6",
	    "8 GT/s, x4, no ASPM"),
	ROW("Link Control", 0x10, 2, 0x00cb, 0, "7.8.7",
	    "ASPM, RCB, common clock, extended synch"),
	ROW("Link Status", 0x12, 2, 0, 0x0043, "7.8.8", "8 GT/s, x4"),
	ROW("Device Capabilities 2", 0x24, 4, 0, 0x10, "7.8.15",
	    "Completion timeout can be disabled"),
	ROW("Device Control 2", 0x28, 2, 0x0010, 0, "7.8.16",
	    "Completion Timeout Disable"),
	ROW("Device Status 2", 0x2a, 2, 0, 0, "7.8.17", "Reserved"),
	ROW("Link Capabilities 2", 0x2c, 4, 0, 0x0e, "7.8.18",
	    "2.5, 5 and 8 GT/s"),
	ROW("Link Control 2", 0x30, 2, 0x000f, 0x0003, "7.8.19",
	    "Target Link Speed"),
	ROW("Link Status 2", 0x32, 2, 0, 0, "7.8.20", "Nothing to tell"),
};

const struct reg_block pci_pcie_regs = {
	.name = "PCI Express capability",
	.regs = regs,
	.count = sizeof(regs) / sizeof(regs[0]),
	.size = 0x3c,
};

/* A field of the capability that an FLR does not change. */
static const struct kept {
	uint8_t offset;
	uint16_t mask;
} kept[] = {
	{ DEVICE_CONTROL, KEEP_DEVICE_CONTROL },
	{ LINK_CONTROL, KEEP_LINK_CONTROL },
	{ LINK_CONTROL_2, KEEP_LINK_CONTROL_2 },
};

#define KEPT (sizeof(kept) / sizeof(kept[0]))

static void function_level_reset(struct pci_cfg *cfg, uint8_t at)
{
	uint32_t values[KEPT];

	for (size_t i = 0; i < KEPT; i++)
		values[i] = pci_cfg_get(cfg, at + kept[i].offset, 2);
	pci_tell(cfg->fn, MODEL_EV_NOTE, 0, 0, "reset: function level reset");
	cfg->fn->ops->reset(cfg->fn, PCI_RESET_FLR);
	for (size_t i = 0; i < KEPT; i++) {
		uint32_t offset = at + kept[i].offset;
		uint32_t now = pci_cfg_get(cfg, offset, 2);

		pci_cfg_put(cfg, offset, 2,
			    (now & ~(uint32_t)kept[i].mask) |
				    (values[i] & kept[i].mask));
	}
}

static void after_write(struct pci_cfg *cfg, void *owner, uint32_t offset,
			uint32_t width)
{
	uint8_t at = *(uint8_t *)owner;
	uint32_t control = pci_cfg_get(cfg, at + DEVICE_CONTROL, 2);

	(void)offset;
	(void)width;
	if (!(control & INITIATE_FLR))
		return;
	pci_cfg_put(cfg, at + DEVICE_CONTROL, 2, control & ~INITIATE_FLR);
	function_level_reset(cfg, at);
}

static const struct pci_cap_ops pcie_ops = { .after_write = after_write };

uint8_t pci_pcie_add(struct pci_cfg *cfg)
{
	uint8_t at = pci_cfg_add_cap_block(cfg, PCI_CAP_ID_EXP, &pci_pcie_regs,
					   &pcie_ops, NULL);
	struct pci_cap *cap = &cfg->list->caps[cfg->ncaps - 1];

	cap->owner = &cap->at;
	return at;
}
