/* SPDX-License-Identifier: MIT */
/* The PCI core's files among themselves. */
#ifndef GUESTDRV_KERNEL_PCI_H
#define GUESTDRV_KERNEL_PCI_H

#include <linux/pci.h>
#include "guestdrv/kernel/kernel.h"

#define PCI_BDF(pdev) MACHINE_BDF((pdev)->bus->number, PCI_SLOT((pdev)->devfn), \
				  PCI_FUNC((pdev)->devfn))

/* One function found by the scan. */
struct guest_pci_node {
	struct pci_dev pdev;
	struct list_head node;
};

/* pci_config.c: which way to config space; -ENODEV: there is none. */
int guest_pci_config_boot(void);
/* pci_bar.c: sizes and kinds of a function's BARs. */
void guest_pci_read_bars(struct pci_dev *pdev);
/* Gives every BAR an address; what finds no room stays IORESOURCE_UNSET. */
int guest_pci_assign_bars(struct list_head *nodes);
/* pci_scan.c */
int guest_pci_scan(struct list_head *nodes);
/* pci_irq.c: the irq of the function's pin. */
void guest_pci_intx_route(struct pci_dev *pdev);

#endif
