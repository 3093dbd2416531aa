/* SPDX-License-Identifier: MIT */
/*
 * The power management capability (PCI Power Management 1.2, 3.2): D0 and D3hot.
 * The guest's PCI core writes PowerState; leaving D3hot resets the function,
 * since No_Soft_Reset is 0.
 *
 *   +0  id 01h  +1  next  +2  PMC     +4  PMCSR   +6  PMCSR_BSE  +7  Data
 *   PMC:   2:0 version 3; no D1, no D2, no PME
 *   PMCSR: 1:0 PowerState, 3 No_Soft_Reset
 */
#include "models/pci/caps.h"
#include "models/pci/tell.h"

#define PMCSR 4u
#define PMCSR_POWER_STATE 0x3u
#define POWER_STATE_D0 0u
#define POWER_STATE_D3HOT 3u

#define ROW(nm, off, w, wr, rst, sec, text)                                    \
	{ .name = nm, .offset = off, .width = w, .writable = wr, .reset = rst, \
	  .section = "PCI PM 1.2 " sec, .about = text }

static const struct reg regs[] = {
	ROW("Capability ID", 0x0, 1, 0, 0x01, "3.2.1", "Power management"),
	ROW("Next Item Pointer", 0x1, 1, 0, 0, "3.2.2",
	    "Next capability, 0: the last"),
	ROW("PMC", 0x2, 2, 0, 0x0003, "3.2.3", "What is supported"),
	ROW("PMCSR", 0x4, 2, 0x0003, 0, "3.2.4", "PowerState: 0 D0, 3 D3hot"),
	ROW("PMCSR_BSE", 0x6, 1, 0, 0, "3.2.5", "For bridges"),
	ROW("Data", 0x7, 1, 0, 0, "3.2.6", "None"),
};

const struct reg_block pci_pm_regs = {
	.name = "Power management capability",
	.regs = regs,
	.count = sizeof(regs) / sizeof(regs[0]),
	.size = 8,
};

/* The state that is written counts if it is one the function can be in; else the
 * data is discarded and nothing changes (3.2.4). */
static void after_write(struct pci_cfg *cfg, void *owner, uint32_t offset,
			uint32_t width)
{
	uint8_t at = *(uint8_t *)owner;
	uint32_t value = pci_cfg_get(cfg, at + PMCSR, 2);
	uint32_t state = value & PMCSR_POWER_STATE;
	uint32_t old = cfg->asleep ? POWER_STATE_D3HOT : POWER_STATE_D0;

	(void)offset;
	(void)width;
	if (state == old)
		return;
	if (state == POWER_STATE_D3HOT) {
		pci_tell(cfg->fn, MODEL_EV_NOTE, 0, 0, "D3hot");
		pci_cfg_set_asleep(cfg, true);
	} else if (state == POWER_STATE_D0) {
		pci_tell(cfg->fn, MODEL_EV_NOTE, 0, 0, "reset: D3hot to D0");
		cfg->fn->ops->reset(cfg->fn, PCI_RESET_D3HOT);
	} else {
		pci_cfg_put(cfg, at + PMCSR, 2,
			    (value & ~PMCSR_POWER_STATE) | old);
	}
}

static const struct pci_cap_ops pm_ops = { .after_write = after_write };

uint8_t pci_pm_add(struct pci_cfg *cfg)
{
	uint8_t at = pci_cfg_add_cap_block(cfg, PCI_CAP_ID_PM, &pci_pm_regs,
					   &pm_ops, NULL);
	struct pci_cap *cap = &cfg->list->caps[cfg->ncaps - 1];

	cap->owner = &cap->at;
	return at;
}
