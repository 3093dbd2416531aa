/* SPDX-License-Identifier: MIT */
/*
 * pci-neighbour: a small PCI function of no other use than to be there beside
 * the device that is looked at.  It has a BAR and a pin, interrupts when asked to
 * or in a steady beat, and, told so, never takes its interrupt back.
 */
#ifndef RINGSIDE_MODELS_PCI_NEIGHBOUR_H
#define RINGSIDE_MODELS_PCI_NEIGHBOUR_H

#include "models/pci/device_model.h"

extern const struct device_model pci_neighbour_model;

#endif
