/* SPDX-License-Identifier: MIT */
/*
 * The host bridge as a function of its own bus: 00:00.0, a header and nothing
 * else.  Bus scans find it there; no driver binds to it.
 */
#ifndef RINGSIDE_MODELS_PCI_HOST_BRIDGE_H
#define RINGSIDE_MODELS_PCI_HOST_BRIDGE_H

#include "models/pci/function.h"

/* multifunction: 00:00.1 and so on are there too.  NULL: out of memory.  Freed
 * by ops->destroy. */
struct pci_function *pci_host_bridge_create(struct pci_host *host,
					    bool multifunction);

#endif
