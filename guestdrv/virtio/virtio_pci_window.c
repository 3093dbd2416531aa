/* SPDX-License-Identifier: MIT */
/*
 * The window in config space through which a device's structures can be reached
 * without a BAR that decodes (virtio 1.2, 4.1.4.9): point bar, offset and length
 * at a register, then read or write pci_cfg_data.  Firmware needs it; here the
 * guest option `config_access: window` sends the device configuration through it.
 */
#include <linux/errno.h>
#include <linux/string.h>
#include <ringside/image.h>

#include "guestdrv/virtio/virtio_pci.h"

static u8 vp_find_window_cap(struct pci_dev *pdev)
{
	u8 pos = pci_find_capability(pdev, PCI_CAP_ID_VNDR);
	unsigned int left = VP_CAPS_MAX;

	for (; pos && left--; pos = pci_find_next_capability(pdev, pos,
							     PCI_CAP_ID_VNDR)) {
		u8 type = 0, len = 0;

		pci_read_config_byte(pdev, pos + offsetof(struct virtio_pci_cap,
							  cfg_type), &type);
		pci_read_config_byte(pdev, pos + offsetof(struct virtio_pci_cap,
							  cap_len), &len);
		if (type == VIRTIO_PCI_CAP_PCI_CFG &&
		    len >= sizeof(struct virtio_pci_cfg_cap))
			return pos;
	}
	return 0;
}

int vp_find_window(struct vp_device *vp)
{
	const char *how = guest_option("config_access");

	spin_lock_init(&vp->window_lock);
	vp->window = 0;
	if (!how || !strcmp(how, "bar"))
		return 0;
	if (strcmp(how, "window")) {
		dev_err(&vp->pdev->dev,
			"config_access: neither bar nor window: %s\n", how);
		return -EINVAL;
	}
	vp->window = vp_find_window_cap(vp->pdev);
	if (vp->window)
		return 0;
	dev_err(&vp->pdev->dev, "no window in config space\n");
	return -EINVAL;
}

/* 4.1.4.9.2: length is 1, 2 or 4, offset a multiple of it, both inside of the
 * structure.  Whoever calls sees to that, and holds the lock. */
static int vp_aim(struct vp_device *vp, const struct vp_region *region,
		  u32 offset, unsigned int width)
{
	struct pci_dev *pdev = vp->pdev;

	pci_write_config_byte(pdev, vp->window +
			      offsetof(struct virtio_pci_cap, bar),
			      region->bar);
	pci_write_config_dword(pdev, vp->window +
			       offsetof(struct virtio_pci_cap, offset),
			       region->offset + offset);
	pci_write_config_dword(pdev, vp->window +
			       offsetof(struct virtio_pci_cap, length), width);
	return vp->window +
	       (int)offsetof(struct virtio_pci_cfg_cap, pci_cfg_data);
}

u32 vp_window_read(struct vp_device *vp, const struct vp_region *region,
		   u32 offset, unsigned int width)
{
	unsigned long flags;
	u32 value = 0;
	int data;

	spin_lock_irqsave(&vp->window_lock, flags);
	data = vp_aim(vp, region, offset, width);
	pci_read_config_dword(vp->pdev, data, &value);
	spin_unlock_irqrestore(&vp->window_lock, flags);
	/* The first `width` bytes are the register's. */
	return width < sizeof(u32) ? value & ((1u << 8 * width) - 1) : value;
}

void vp_window_write(struct vp_device *vp, const struct vp_region *region,
		     u32 offset, unsigned int width, u32 value)
{
	unsigned long flags;
	int data;

	spin_lock_irqsave(&vp->window_lock, flags);
	data = vp_aim(vp, region, offset, width);
	pci_write_config_dword(vp->pdev, data, value);
	spin_unlock_irqrestore(&vp->window_lock, flags);
}
