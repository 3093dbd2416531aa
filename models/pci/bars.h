/* SPDX-License-Identifier: MIT */
/*
 * The BARs of a config space, between config.c and bars.c.  Source: PCI 3.0
 * 6.2.5.1.
 */
#ifndef RINGSIDE_MODELS_PCI_BARS_H
#define RINGSIDE_MODELS_PCI_BARS_H

#include "models/pci/config.h"

/* Write hook of the six rows: drops what is read-only in this function. */
void pci_bars_written(void *owner, const struct reg *r, uint64_t old,
		      uint64_t now);
/* Every BAR to address 0. */
void pci_bars_reset(struct pci_cfg *cfg);
/* Tells the host what has changed in what the BARs decode. */
void pci_bars_update(struct pci_cfg *cfg);

#endif
