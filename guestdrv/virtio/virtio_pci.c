/* SPDX-License-Identifier: MIT */
/*
 * The PCI driver below the virtio bus: takes every PCI function that is a
 * virtio device, finds its transport and puts it on the bus (virtio 1.2, 4.1.2,
 * 4.1.5.1).
 */
#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "guestdrv/virtio/virtio_pci.h"

/* In the order in which they are tried. */
static const struct vp_transport *const vp_transports[] = {
	&vp_modern_transport,
};

/* 4.1.2: the type of device is in the PCI device id, or for transitional ones
 * in the subsystem's. */
static int vp_identify(struct vp_device *vp)
{
	struct pci_dev *pdev = vp->pdev;

	if (pdev->device < VIRTIO_PCI_DEVICE_FIRST ||
	    pdev->device > VIRTIO_PCI_DEVICE_LAST)
		return -ENODEV;
	if (pdev->device >= VIRTIO_PCI_DEVICE_MODERN)
		vp->vdev.id.device = pdev->device - VIRTIO_PCI_DEVICE_MODERN;
	else
		vp->vdev.id.device = pdev->subsystem_device;
	vp->vdev.id.vendor = pdev->subsystem_vendor;
	return 0;
}

static int vp_find_transport(struct vp_device *vp)
{
	int err = -ENODEV;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(vp_transports) && err == -ENODEV; i++) {
		vp->transport = vp_transports[i];
		err = vp->transport->probe(vp);
	}
	if (err == -ENODEV)
		dev_err(&vp->pdev->dev, "no virtio interface that is known\n");
	if (!err)
		vp->vdev.config = vp->transport->config;
	return err;
}

static void vp_release(struct device *dev)
{
	kfree(to_vp(dev_to_virtio(dev)));
}

static struct vp_device *vp_alloc(struct pci_dev *pdev)
{
	struct vp_device *vp = kzalloc(sizeof(*vp), GFP_KERNEL);

	if (!vp)
		return NULL;
	vp->pdev = pdev;
	vp->vdev.dev.parent = &pdev->dev;
	vp->vdev.dev.release = vp_release;
	vp->config_vector = VIRTIO_MSI_NO_VECTOR;
	return vp;
}

static int virtio_pci_probe(struct pci_dev *pdev,
			    const struct pci_device_id *id)
{
	struct vp_device *vp = vp_alloc(pdev);
	bool registering = false;
	int err;

	(void)id;
	if (!vp)
		return -ENOMEM;
	err = vp_identify(vp);
	if (err)
		goto free_vp;
	err = pci_enable_device(pdev);
	if (err)
		goto free_vp;
	err = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64));
	if (err)
		goto disable;
	err = vp_find_transport(vp);
	if (err)
		goto disable;
	pci_set_master(pdev);
	pci_set_drvdata(pdev, vp);

	registering = true;
	err = register_virtio_device(&vp->vdev);
	if (err)
		goto unmap;
	return 0;

unmap:
	vp->transport->remove(vp);
disable:
	pci_disable_device(pdev);
free_vp:
	/* Once it was shown to the bus, the last user frees it. */
	if (registering)
		put_device(&vp->vdev.dev);
	else
		kfree(vp);
	return err;
}

static void virtio_pci_remove(struct pci_dev *pdev)
{
	struct vp_device *vp = pci_get_drvdata(pdev);

	get_device(&vp->vdev.dev);
	/* Pulled out: nothing that is in flight will ever come back. */
	if (!pci_device_is_present(pdev))
		virtio_break_device(&vp->vdev);
	unregister_virtio_device(&vp->vdev);
	vp->transport->remove(vp);
	pci_disable_device(pdev);
	put_device(&vp->vdev.dev);
}

/* 4.1.2.2: any device of the vendor in the range, whatever its revision. */
static const struct pci_device_id virtio_pci_ids[] = {
	{ PCI_DEVICE(VIRTIO_PCI_VENDOR, PCI_ANY_ID) },
	{ 0 }
};

static struct pci_driver virtio_pci_driver = {
	.name = "virtio-pci",
	.id_table = virtio_pci_ids,
	.probe = virtio_pci_probe,
	.remove = virtio_pci_remove,
};

module_pci_driver(virtio_pci_driver);

MODULE_LICENSE("MIT");
