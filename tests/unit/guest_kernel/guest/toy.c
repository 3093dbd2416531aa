/* SPDX-License-Identifier: MIT */
/* The toy device in use. */
#include "tests/unit/guest_kernel/guest/toy.h"

#include <ringside/note.h>

struct pci_dev *toy_dev(void)
{
	struct device *dev = guest_device_find(0x18);

	return dev ? to_pci_dev(dev) : NULL;
}

void __iomem *toy_open(struct pci_dev *pdev)
{
	if (!pdev || pci_enable_device(pdev))
		return NULL;
	pci_set_master(pdev);
	return pci_iomap(pdev, 0, 0);
}

void toy_close(struct pci_dev *pdev, void __iomem *regs)
{
	pci_iounmap(pdev, regs);
	pci_disable_device(pdev);
}

void toy_fire(void __iomem *regs, unsigned int vector)
{
	iowrite32(vector, (u8 __iomem *)regs + 0x100);
}

void toy_intx(void __iomem *regs, bool asserted)
{
	iowrite32(asserted, (u8 __iomem *)regs + 0x104);
}
