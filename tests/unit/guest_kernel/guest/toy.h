/* SPDX-License-Identifier: MIT */
/* The toy device (../toy.h) as the cases of the guest use it. */
#ifndef TESTS_UNIT_GUEST_KERNEL_GUEST_TOY_H
#define TESTS_UNIT_GUEST_KERNEL_GUEST_TOY_H

#include <linux/pci.h>

/* The function at 00:03.0, which the actions of the tests name. */
struct pci_dev *toy_dev(void);
/* Enabled, Bus Master on, BAR 0 mapped; NULL: something refused. */
void __iomem *toy_open(struct pci_dev *pdev);
void toy_close(struct pci_dev *pdev, void __iomem *regs);
/* The device interrupts. */
void toy_fire(void __iomem *regs, unsigned int vector);
void toy_intx(void __iomem *regs, bool asserted);

#endif
