/* SPDX-License-Identifier: MIT */
/*
 * From a PCI function to its mapped registers, and back; see lab/open.h.
 */
#include <lab/open.h>

#include <linux/errno.h>

static int map_bar(struct lab_virtio *v)
{
	int err = pci_request_region(v->pdev, v->bar, "lab");

	if (err)
		return err;
	v->regs = pci_iomap(v->pdev, v->bar, 0);
	if (v->regs)
		return 0;
	pci_release_region(v->pdev, v->bar);
	return -ENOMEM;
}

int lab_virtio_open(struct lab_virtio *v, struct pci_dev *pdev)
{
	int err = lab_virtio_find(v, pdev);

	if (err)
		return err;
	err = pci_enable_device(pdev);
	if (err)
		return err;
	err = map_bar(v);
	if (err)
		pci_disable_device(pdev);
	return err;
}

void lab_virtio_close(struct lab_virtio *v)
{
	pci_iounmap(v->pdev, v->regs);
	pci_release_region(v->pdev, v->bar);
	pci_disable_device(v->pdev);
}
