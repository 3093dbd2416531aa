/* SPDX-License-Identifier: MIT */
/*
 * Virtio over PCI as the driver sees it: identifiers, capabilities and register
 * layouts (virtio 1.2, 4.1.2 to 4.1.4), spelled as the specification spells
 * them.  Fields are little-endian.  Read by the PCI transport only.
 */
#ifndef RINGSIDE_GUESTDRV_VIRTIO_VIRTIO_PCI_REGS_H
#define RINGSIDE_GUESTDRV_VIRTIO_VIRTIO_PCI_REGS_H

#include <linux/types.h>

/* 4.1.2: devices 0x1000 .. 0x107f of this vendor; from 0x1040 on the virtio
 * device type is device - 0x1040, below it is in the subsystem id. */
#define VIRTIO_PCI_VENDOR 0x1af4u
#define VIRTIO_PCI_DEVICE_FIRST 0x1000u
#define VIRTIO_PCI_DEVICE_MODERN 0x1040u
#define VIRTIO_PCI_DEVICE_LAST 0x107fu

/* 4.1.4: cfg_type. */
#define VIRTIO_PCI_CAP_COMMON_CFG 1u
#define VIRTIO_PCI_CAP_NOTIFY_CFG 2u
#define VIRTIO_PCI_CAP_ISR_CFG 3u
#define VIRTIO_PCI_CAP_DEVICE_CFG 4u
#define VIRTIO_PCI_CAP_PCI_CFG 5u
#define VIRTIO_PCI_CAP_SHARED_MEMORY_CFG 8u
#define VIRTIO_PCI_CAP_VENDOR_CFG 9u

/*
 * 4.1.4: in configuration space, vendor-specific capabilities
 *
 *    0          1          2          3
 *   +----------+----------+----------+----------+
 *   | cap_vndr | cap_next | cap_len  | cfg_type |
 *   +----------+----------+----------+----------+
 *   | bar      | id       | padding             |
 *   +----------+----------+---------------------+
 *   | offset                                    |
 *   | length                                    |
 *   +-------------------------------------------+
 *   | notify_off_multiplier  (NOTIFY_CFG only)  |
 *   +-------------------------------------------+
 */
struct virtio_pci_cap {
	u8 cap_vndr;
	u8 cap_next;
	u8 cap_len;
	u8 cfg_type;
	u8 bar;
	u8 id;
	u8 padding[2];
	__le32 offset;
	__le32 length;
};

struct virtio_pci_notify_cap {
	struct virtio_pci_cap cap;
	__le32 notify_off_multiplier;
};

/* 4.1.4.9: the window; bar, offset and length are the driver's to write. */
struct virtio_pci_cfg_cap {
	struct virtio_pci_cap cap;
	u8 pci_cfg_data[4];
};

/* 4.1.4.3: the common configuration structure. */
struct virtio_pci_common_cfg {
	/* About the whole device. */
	__le32 device_feature_select;
	__le32 device_feature;
	__le32 driver_feature_select;
	__le32 driver_feature;
	__le16 config_msix_vector;
	__le16 num_queues;
	u8 device_status;
	u8 config_generation;
	/* About the queue that queue_select names. */
	__le16 queue_select;
	__le16 queue_size;
	__le16 queue_msix_vector;
	__le16 queue_enable;
	__le16 queue_notify_off;
	__le64 queue_desc;
	__le64 queue_driver;
	__le64 queue_device;
	/* With VIRTIO_F_NOTIF_CONFIG_DATA and VIRTIO_F_RING_RESET. */
	__le16 queue_notify_data;
	__le16 queue_reset;
};

_Static_assert(sizeof(struct virtio_pci_cap) == 16, "4.1.4");
_Static_assert(sizeof(struct virtio_pci_notify_cap) == 20, "4.1.4.4");
_Static_assert(__builtin_offsetof(struct virtio_pci_common_cfg,
				  device_status) == 20, "4.1.4.3");
_Static_assert(__builtin_offsetof(struct virtio_pci_common_cfg,
				  queue_desc) == 32, "4.1.4.3");
_Static_assert(__builtin_offsetof(struct virtio_pci_common_cfg,
				  queue_notify_data) == 56, "4.1.4.3");

/* 4.1.5.1.2: no MSI-X table entry, or: the device could not map it. */
#define VIRTIO_MSI_NO_VECTOR 0xffffu

/* 4.1.4.5: ISR status, cleared by reading it. */
#define VIRTIO_PCI_ISR_QUEUE 1u
#define VIRTIO_PCI_ISR_CONFIG 2u

#endif
