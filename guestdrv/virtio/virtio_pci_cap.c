/* SPDX-License-Identifier: MIT */
/*
 * Where a modern device keeps its registers: the virtio structures in its PCI
 * capability list (virtio 1.2, 4.1.4), chosen, checked and mapped.
 */
#include <linux/errno.h>
#include <linux/kernel.h>

#include "guestdrv/virtio/virtio_pci.h"

/* 4.1.4: bars above 5 are reserved. */
#define VP_BARS 6u

/* 4.1.4.3: what 1.0 has; queue_notify_data and queue_reset came later. */
#define VP_COMMON_MIN 56u

/* One structure as a capability describes it. */
struct vp_found {
	u8 pos; /* of the capability; 0: none */
	u8 bar;
	u32 offset;
	u32 length;
};

/* A kind of structure: how much of it is needed, and how long the capability
 * itself must be. Rows by cfg_type. */
static const struct vp_kind {
	const char *name; /* NULL: not a structure that a driver maps */
	u32 min_length;
	u32 max_length;   /* as much as the driver will ever touch */
	u32 align;
	u8 cap_len;
	bool required;
} vp_kinds[] = {
	[VIRTIO_PCI_CAP_COMMON_CFG] = {
		"common configuration", VP_COMMON_MIN,
		sizeof(struct virtio_pci_common_cfg), 4,
		sizeof(struct virtio_pci_cap), true },
	[VIRTIO_PCI_CAP_NOTIFY_CFG] = {
		"notification", 2, U32_MAX, 2,
		sizeof(struct virtio_pci_notify_cap), true },
	[VIRTIO_PCI_CAP_ISR_CFG] = {
		"ISR", 1, 1, 1, sizeof(struct virtio_pci_cap), true },
	[VIRTIO_PCI_CAP_DEVICE_CFG] = {
		"device configuration", 1, 4096, 4,
		sizeof(struct virtio_pci_cap), false },
};

#define VP_KINDS ARRAY_SIZE(vp_kinds)

/* 4.1.4.1: can the driver use this one?  Reserved kinds and BARs are ignored,
 * longer capabilities and structures accepted. */
static bool vp_cap_usable(struct vp_device *vp, const struct vp_found *cap,
			  const struct vp_kind *kind, u8 cap_len)
{
	u64 bar_len;

	if (cap_len < kind->cap_len || cap->bar >= VP_BARS)
		return false;
	bar_len = pci_resource_len(vp->pdev, cap->bar);
	return cap->length >= kind->min_length &&
	       cap->offset % kind->align == 0 &&
	       (u64)cap->offset + cap->length <= bar_len;
}

static void vp_read_cap(struct vp_device *vp, u8 pos, struct vp_found *cap,
			u8 *cap_len)
{
	struct pci_dev *pdev = vp->pdev;

	cap->pos = pos;
	pci_read_config_byte(pdev, pos + offsetof(struct virtio_pci_cap,
						  cap_len), cap_len);
	pci_read_config_byte(pdev, pos + offsetof(struct virtio_pci_cap, bar),
			     &cap->bar);
	pci_read_config_dword(pdev, pos + offsetof(struct virtio_pci_cap,
						   offset), &cap->offset);
	pci_read_config_dword(pdev, pos + offsetof(struct virtio_pci_cap,
						   length), &cap->length);
}

/* The first usable capability of each kind, in the order of the list, which is
 * the device's order of preference. */
static void vp_scan_caps(struct vp_device *vp, struct vp_found found[])
{
	u8 pos = pci_find_capability(vp->pdev, PCI_CAP_ID_VNDR);
	unsigned int left = VP_CAPS_MAX;

	for (; pos && left--; pos = pci_find_next_capability(vp->pdev, pos,
							     PCI_CAP_ID_VNDR)) {
		u8 type = 0, cap_len = 0;
		struct vp_found cap;

		pci_read_config_byte(vp->pdev,
				     pos + offsetof(struct virtio_pci_cap,
						    cfg_type), &type);
		if (type >= VP_KINDS || !vp_kinds[type].name ||
		    found[type].pos)
			continue;
		vp_read_cap(vp, pos, &cap, &cap_len);
		if (vp_cap_usable(vp, &cap, &vp_kinds[type], cap_len))
			found[type] = cap;
	}
}

static int vp_map_region(struct vp_device *vp, struct vp_region *region,
			 const struct vp_found *cap, const struct vp_kind *kind)
{
	if (!cap->pos)
		return 0;
	region->bar = cap->bar;
	region->offset = cap->offset;
	region->len = min(cap->length, kind->max_length);
	region->base = pci_iomap_range(vp->pdev, cap->bar, cap->offset,
				       region->len);
	if (region->base)
		return 0;
	dev_err(&vp->pdev->dev, "cannot map the %s structure\n", kind->name);
	return -ENOMEM;
}

static void vp_unmap_region(struct vp_device *vp, struct vp_region *region)
{
	if (region->base)
		pci_iounmap(vp->pdev, region->base);
	region->base = NULL;
}

static struct vp_region *vp_region_of(struct vp_device *vp, unsigned int type)
{
	struct vp_region *const regions[VP_KINDS] = {
		[VIRTIO_PCI_CAP_COMMON_CFG] = &vp->common,
		[VIRTIO_PCI_CAP_NOTIFY_CFG] = &vp->notify,
		[VIRTIO_PCI_CAP_ISR_CFG] = &vp->isr,
		[VIRTIO_PCI_CAP_DEVICE_CFG] = &vp->config,
	};

	return regions[type];
}

/* The BARs in which the chosen structures lie are this driver's now. */
static int vp_claim_bars(struct vp_device *vp, const struct vp_found found[])
{
	unsigned int type;
	int err;

	for (type = 0; type < VP_KINDS; type++)
		if (found[type].pos)
			vp->bars |= 1 << found[type].bar;
	err = pci_request_selected_regions(vp->pdev, vp->bars, "virtio-pci");
	if (err)
		vp->bars = 0;
	return err;
}

/* Without a common configuration it is a legacy device, which another transport
 * may know (4.1.5.1.1); with one, the rest has to be there. */
static int vp_check_found(struct vp_device *vp, const struct vp_found found[])
{
	unsigned int type;

	if (!found[VIRTIO_PCI_CAP_COMMON_CFG].pos)
		return -ENODEV;
	for (type = 0; type < VP_KINDS; type++) {
		if (!vp_kinds[type].required || found[type].pos)
			continue;
		dev_err(&vp->pdev->dev, "no usable %s capability\n",
			vp_kinds[type].name);
		return -EINVAL;
	}
	return 0;
}

int vp_map_regions(struct vp_device *vp)
{
	struct vp_found found[VP_KINDS] = { { 0 } };
	unsigned int type;
	int err;

	vp_scan_caps(vp, found);
	err = vp_check_found(vp, found);
	if (!err)
		err = vp_find_window(vp);
	if (err)
		return err;
	err = vp_claim_bars(vp, found);
	if (err)
		return err;
	for (type = 0; !err && type < VP_KINDS; type++)
		if (found[type].pos)
			err = vp_map_region(vp, vp_region_of(vp, type),
					    &found[type], &vp_kinds[type]);
	if (err) {
		vp_unmap_regions(vp);
		return err;
	}
	pci_read_config_dword(vp->pdev,
			      found[VIRTIO_PCI_CAP_NOTIFY_CFG].pos +
			      offsetof(struct virtio_pci_notify_cap,
				       notify_off_multiplier),
			      &vp->notify_off_multiplier);
	return 0;
}

void vp_unmap_regions(struct vp_device *vp)
{
	vp_unmap_region(vp, &vp->config);
	vp_unmap_region(vp, &vp->isr);
	vp_unmap_region(vp, &vp->notify);
	vp_unmap_region(vp, &vp->common);
	if (vp->bars)
		pci_release_selected_regions(vp->pdev, vp->bars);
	vp->bars = 0;
}
