/* SPDX-License-Identifier: MIT */
/*
 * The scan of bus 0: which functions are there, what are they, where do their
 * BARs and their pin go.  A function that does not answer reads as all ones.
 */
#include "guestdrv/kernel/pci.h"

#include <linux/list.h>
#include <linux/slab.h>
#include <ringside/image.h>

GUEST_FAULT_SITE(site_irq_zero, "guest.pci.irq_zero");

static struct pci_bus bus0;
static LIST_HEAD(functions);

static void release(struct device *dev)
{
	kfree(container_of(to_pci_dev(dev), struct guest_pci_node, pdev));
}

static void read_header(struct pci_dev *pdev, u32 id)
{
	u32 dword;

	pdev->vendor = (u16)id;
	pdev->device = (u16)(id >> 16);
	pci_read_config_dword(pdev, PCI_CLASS_REVISION, &dword);
	pdev->revision = (u8)dword;
	pdev->class = dword >> 8;
	pci_read_config_dword(pdev, PCI_SUBSYSTEM_VENDOR_ID, &dword);
	pdev->subsystem_vendor = (u16)dword;
	pdev->subsystem_device = (u16)(dword >> 16);
	pci_read_config_byte(pdev, PCI_INTERRUPT_PIN, &pdev->pin);
	pdev->msix_cap = pci_find_capability(pdev, PCI_CAP_ID_MSIX);
	pdev->pm_cap = pci_find_capability(pdev, PCI_CAP_ID_PM);
	pdev->pcie_cap = pci_find_capability(pdev, PCI_CAP_ID_EXP);
}

/* Input line (device + pin - 1) % 4, on bus 0. */
void guest_pci_intx_route(struct pci_dev *pdev)
{
	unsigned int line = (PCI_SLOT(pdev->devfn) + pdev->pin - 1u) % 4;

	pdev->irq = 0;
	if (pdev->pin < 1 || pdev->pin > 4 || line >= gk.info->irq_lines)
		return;
	if (guest_fault(&site_irq_zero, &pdev->dev, GUEST_FAULT_NO_INDEX)) {
		pci_warn(pdev, "no irq for pin INT%c\n", 'A' + pdev->pin - 1);
		return;
	}
	pdev->irq = 16 + line;
	pci_write_config_byte(pdev, PCI_INTERRUPT_LINE, (u8)pdev->irq);
}

static void setup_device(struct pci_dev *pdev)
{
	dev_set_name(&pdev->dev, "0000:%02x:%02x.%u", pdev->bus->number,
		     PCI_SLOT(pdev->devfn), PCI_FUNC(pdev->devfn));
	pdev->dev.bus = &pci_bus_type;
	pdev->dev.release = release;
	pdev->dma_mask = 0xffffffff;
	pdev->dev.dma_mask = &pdev->dma_mask;
	pdev->dev.coherent_dma_mask = 0xffffffff;
	device_initialize(&pdev->dev);
}

/* Is there a function?  1: and the device has several; 0: not or just one. */
static int scan_function(unsigned int devfn, struct list_head *nodes)
{
	struct pci_dev probe = { .bus = &bus0, .devfn = devfn };
	struct guest_pci_node *node;
	u32 id;

	pci_read_config_dword(&probe, PCI_VENDOR_ID, &id);
	if ((u16)id == 0xffff || !id)
		return 0;
	node = guest_alloc(sizeof(*node));
	if (!node)
		return -ENOMEM;
	node->pdev.bus = &bus0;
	node->pdev.devfn = devfn;
	setup_device(&node->pdev);
	list_add_tail(&node->node, nodes);
	pci_read_config_byte(&node->pdev, PCI_HEADER_TYPE,
			     &node->pdev.hdr_type);
	if ((node->pdev.hdr_type & PCI_HEADER_TYPE_MASK) ==
	    PCI_HEADER_TYPE_NORMAL) {
		read_header(&node->pdev, id);
		guest_pci_read_bars(&node->pdev);
		guest_pci_intx_route(&node->pdev);
	}
	return !!(node->pdev.hdr_type & PCI_HEADER_TYPE_MFD);
}

int guest_pci_scan(struct list_head *nodes)
{
	unsigned int slot, fn;
	int ret;

	for (slot = 0; slot < 32; slot++) {
		ret = scan_function(PCI_DEVFN(slot, 0), nodes);
		for (fn = 1; ret > 0 && fn < 8; fn++)
			if (scan_function(PCI_DEVFN(slot, fn), nodes) < 0)
				ret = -ENOMEM;
		if (ret < 0)
			return ret;
	}
	return 0;
}

static void put_nodes(struct list_head *nodes)
{
	struct guest_pci_node *node, *n;

	list_for_each_entry_safe(node, n, nodes, node) {
		list_del(&node->node);
		if (node->pdev.dev.added)
			device_unregister(&node->pdev.dev);
		else
			put_device(&node->pdev.dev);
	}
}

int guest_pci_boot(void)
{
	struct guest_pci_node *node;
	int err;

	INIT_LIST_HEAD(&functions);
	err = bus_register(&pci_bus_type);
	if (err || guest_pci_config_boot())
		return err;
	/* Labs have it done by who writes the driver. */
	if (!guest_option_bool("pci_scan", true))
		return 0;
	err = guest_pci_scan(&functions);
	if (!err)
		err = guest_pci_assign_bars(&functions);
	if (err)
		goto out_put;
	/* One that does not get onto the bus is no reason to do without the rest. */
	list_for_each_entry(node, &functions, node) {
		err = device_add(&node->pdev.dev);
		if (err)
			dev_err(&node->pdev.dev, "cannot be added: %d\n", err);
	}
	return 0;
out_put:
	put_nodes(&functions);
	bus_unregister(&pci_bus_type);
	return err;
}

void guest_pci_shutdown(void)
{
	put_nodes(&functions);
	bus_unregister(&pci_bus_type);
}
