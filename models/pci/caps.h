/* SPDX-License-Identifier: MIT */
/*
 * Capabilities that any function may have beside its own: power management (PCI
 * Power Management 1.2) and PCI Express (PCI Express Base 3.0, 7.8).  Added by
 * whoever builds the function, after pci_cfg_init.
 *
 * Both lead to resets of the whole function: Initiate Function Level Reset calls
 * fn->ops->reset(PCI_RESET_FLR), the way back from D3hot calls
 * fn->ops->reset(PCI_RESET_D3HOT).  The reset operation calls pci_cfg_reset and
 * resets what else the function has.  Its lanes are canceled by pci_cfg_reset.
 */
#ifndef RINGSIDE_MODELS_PCI_CAPS_H
#define RINGSIDE_MODELS_PCI_CAPS_H

#include "models/pci/config.h"

#define PCI_CAP_ID_PM 0x01u
#define PCI_CAP_ID_VNDR 0x09u
#define PCI_CAP_ID_EXP 0x10u
#define PCI_CAP_ID_MSIX 0x11u

/* Register tables, offsets from the capability's start; for decoders, docs and
 * the conformance test. */
extern const struct reg_block pci_pm_regs;
extern const struct reg_block pci_pcie_regs;

/* D0 and D3hot, no PME, No_Soft_Reset 0.  In D3hot the function answers config
 * accesses only: BARs do not decode, lanes are canceled, pci_cfg_bus_master is
 * false, INTx is deasserted.  Returns the capability's offset. */
uint8_t pci_pm_add(struct pci_cfg *cfg);

/* A version 2 endpoint, 8 GT/s x4, that can be reset by FLR.  Max_Payload_Size,
 * Link Control and Link Control 2 survive an FLR, as 6.6.2 asks.  Returns the
 * capability's offset. */
uint8_t pci_pcie_add(struct pci_cfg *cfg);

#endif
