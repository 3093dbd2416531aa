/* SPDX-License-Identifier: MIT */
/*
 * The capabilities that tell a driver where the virtio structures are (virtio
 * 1.2 4.1.4), and the one through which they can be reached without any BAR
 * (4.1.4.9).  Read by a driver's probe; firmware uses the window.
 */
#include "models/virtio/vpci.h"

#include <string.h>

#include "models/virtio/le.h"

#define PCI_CAP_ID_VENDOR 0x09u

#define VIRTIO_PCI_CAP_COMMON_CFG 1u
#define VIRTIO_PCI_CAP_NOTIFY_CFG 2u
#define VIRTIO_PCI_CAP_ISR_CFG 3u
#define VIRTIO_PCI_CAP_DEVICE_CFG 4u
#define VIRTIO_PCI_CAP_PCI_CFG 5u
#define VIRTIO_PCI_CAP_SHARED_MEMORY_CFG 8u
#define VIRTIO_PCI_CAP_VENDOR_CFG 9u

/* struct virtio_pci_cap
 *   0       1       2       3         4    5    6      8        12       16
 *   +-------+-------+-------+---------+----+----+------+--------+--------+
 *   | vndr  | next  | len   | cfg_type| bar| id | 0    | offset | length | ...
 *   +-------+-------+-------+---------+----+----+------+--------+--------+
 * NOTIFY_CFG goes on with le32 notify_off_multiplier, PCI_CFG with 4 bytes of
 * pci_cfg_data, SHARED_MEMORY_CFG with the upper halves of offset and length.
 */
#define CAP_LEN 2u
#define CAP_CFG_TYPE 3u
#define CAP_BAR 4u
#define CAP_ID 5u
#define CAP_OFFSET 8u
#define CAP_LENGTH 12u
#define CAP_BYTES 16u
#define CAP_EXTRA 16u
#define CAP_EXTRA_BYTES 20u
#define CAP_SHARED_BYTES 24u
/* What a later specification may add to a capability. */
#define CAP_MORE 4u
#define CAP_MOST (CAP_EXTRA_BYTES + CAP_MORE)

static void cap_body(uint8_t *body, uint8_t len, uint8_t type, uint32_t offset)
{
	memset(body, 0, CAP_MOST);
	body[CAP_LEN] = len;
	body[CAP_CFG_TYPE] = type;
	body[CAP_BAR] = VPCI_BAR;
	save_le32(body + CAP_OFFSET, offset);
	save_le32(body + CAP_LENGTH, VPCI_REGION_BYTES);
}

/* `more` bytes longer than what is known of it. */
static void add_region(struct vpci *v, uint8_t type, uint32_t offset,
		       uint8_t more)
{
	uint8_t len = (uint8_t)(CAP_BYTES + more), body[CAP_MOST];

	cap_body(body, len, type, offset);
	pci_cfg_add_cap(&v->cfg, PCI_CAP_ID_VENDOR, body, NULL, len, NULL,
			NULL);
}

static void add_notify(struct vpci *v, uint8_t more)
{
	uint8_t len = (uint8_t)(CAP_EXTRA_BYTES + more), body[CAP_MOST];

	cap_body(body, len, VIRTIO_PCI_CAP_NOTIFY_CFG, VPCI_NOTIFY);
	save_le32(body + CAP_EXTRA, VPCI_NOTIFY_MULTIPLIER);
	pci_cfg_add_cap(&v->cfg, PCI_CAP_ID_VENDOR, body, NULL, len, NULL,
			NULL);
}

/* ---- the window ---- */

struct target {
	uint32_t offset, length;
};

/* What the driver has pointed the window at: inside of the structures that the
 * other capabilities describe, length 1, 2 or 4, aligned (4.1.4.9.2). */
static bool window_target(struct vpci *v, struct target *t)
{
	uint32_t bar = pci_cfg_get(&v->cfg, v->window_cap + CAP_BAR, 1);

	t->offset = pci_cfg_get(&v->cfg, v->window_cap + CAP_OFFSET, 4);
	t->length = pci_cfg_get(&v->cfg, v->window_cap + CAP_LENGTH, 4);
	if (bar == VPCI_BAR && t->offset < VPCI_BAR_BYTES &&
	    (t->length == 1 || t->length == 2 || t->length == 4) &&
	    !(t->offset % t->length))
		return true;
	virtio_guest_error(v->vdev, VIRTIO_NO_QUEUE,
		"pci_cfg_data accessed while bar, offset and length name no access of a virtio structure (4.1.4.9.2)");
	return false;
}

static bool meets_data(uint32_t offset, uint32_t width)
{
	return offset < CAP_EXTRA_BYTES && offset + width > CAP_EXTRA;
}

static void window_read(struct pci_cfg *cfg, void *owner, uint32_t offset,
			uint32_t width)
{
	struct vpci *v = owner;
	uint32_t data = UINT32_MAX;
	struct target t;

	if (!meets_data(offset, width))
		return;
	if (!window_target(v, &t))
		;
	else if (virtio_quirk(v->vdev, VIRTIO_QUIRK_WINDOW_READ,
			      VIRTIO_NO_QUEUE))
		data = 0;
	else
		data = (uint32_t)v->fn.ops->bar_read(&v->fn, VPCI_BAR,
						     t.offset, t.length);
	pci_cfg_put(cfg, v->window_cap + CAP_EXTRA, 4, data);
}

static void window_write(struct pci_cfg *cfg, void *owner, uint32_t offset,
			 uint32_t width)
{
	struct vpci *v = owner;
	struct target t;

	if (!meets_data(offset, width) || !window_target(v, &t) ||
	    virtio_quirk(v->vdev, VIRTIO_QUIRK_WINDOW_WRITE, VIRTIO_NO_QUEUE))
		return;
	v->fn.ops->bar_write(&v->fn, VPCI_BAR, t.offset, t.length,
			     pci_cfg_get(cfg, v->window_cap + CAP_EXTRA,
					 t.length));
}

static const struct pci_cap_ops window_ops = {
	.before_read = window_read,
	.after_write = window_write,
};

static void add_window(struct vpci *v)
{
	uint8_t body[CAP_MOST], writable[CAP_EXTRA_BYTES] = { 0 };

	cap_body(body, CAP_EXTRA_BYTES, VIRTIO_PCI_CAP_PCI_CFG, 0);
	body[CAP_BAR] = 0;
	save_le32(body + CAP_LENGTH, 0);
	writable[CAP_BAR] = 0xff;
	memset(writable + CAP_OFFSET, 0xff, 12);
	v->window_cap = pci_cfg_add_cap(&v->cfg, PCI_CAP_ID_VENDOR, body,
					writable, CAP_EXTRA_BYTES, &window_ops,
					v);
}

/* ---- more than the device has ---- */

/* 4.1.4: there may be several of a type, in the device's order of preference;
 * bars above 5 are reserved, drivers pass over them. */
static void add_reserved(struct vpci *v)
{
	uint8_t body[CAP_MOST];

	for (uint8_t type = VIRTIO_PCI_CAP_COMMON_CFG;
	     type <= VIRTIO_PCI_CAP_DEVICE_CFG; type++) {
		uint8_t len = type == VIRTIO_PCI_CAP_NOTIFY_CFG
				      ? CAP_EXTRA_BYTES : CAP_BYTES;

		cap_body(body, len, type, 0);
		body[CAP_BAR] = 6;
		pci_cfg_add_cap(&v->cfg, PCI_CAP_ID_VENDOR, body, NULL, len,
				NULL, NULL);
	}
}

/* Well-formed, and not the registers that its type promises: who takes the last
 * of a type instead of the first is found out. */
static void add_second_common(struct vpci *v)
{
	add_region(v, VIRTIO_PCI_CAP_COMMON_CFG, VPCI_DEVICE, 0);
}

/* Vendor data (at +4 the vendor's id); and a type that is reserved. */
static void add_foreign(struct vpci *v)
{
	static const uint8_t data[] = { 0, 0, 8, VIRTIO_PCI_CAP_VENDOR_CFG,
					0x34, 0x12, 0x56, 0x78 };
	static const uint8_t reserved[] = { 0, 0, 8, 0x60, 0, 0, 0, 0 };

	pci_cfg_add_cap(&v->cfg, PCI_CAP_ID_VENDOR, data, NULL, sizeof(data),
			NULL, NULL);
	pci_cfg_add_cap(&v->cfg, PCI_CAP_ID_VENDOR, reserved, NULL,
			sizeof(reserved), NULL, NULL);
}

/* 4.1.4.7: two regions in bytes of BAR 4 that have nothing in them. */
static void add_shared(struct vpci *v, enum device_caps shape)
{
	for (uint8_t i = 0; i < 2; i++) {
		uint8_t body[CAP_MOST];

		cap_body(body, CAP_SHARED_BYTES,
			 VIRTIO_PCI_CAP_SHARED_MEMORY_CFG,
			 VPCI_ISR + VPCI_REGION_BYTES / 4 * (2u + i));
		save_le32(body + CAP_LENGTH, VPCI_REGION_BYTES / 4);
		body[CAP_ID] = i && shape != DEVICE_CAPS_SHARED_TWICE ? 2 : 1;
		/* The upper half of its length. */
		if (shape == DEVICE_CAPS_SHARED_OUTSIDE)
			save_le32(body + CAP_SHARED_BYTES - 4, i);
		pci_cfg_add_cap(&v->cfg, PCI_CAP_ID_VENDOR, body, NULL,
				CAP_SHARED_BYTES, NULL, NULL);
	}
}

static bool has_shared(enum device_caps shape)
{
	return shape == DEVICE_CAPS_SHARED ||
	       shape == DEVICE_CAPS_SHARED_TWICE ||
	       shape == DEVICE_CAPS_SHARED_OUTSIDE;
}

bool vpci_caps_have_room(enum device_caps shape)
{
	return shape != DEVICE_CAPS_REPEATED && !has_shared(shape);
}

void vpci_add_caps(struct vpci *v, enum device_caps shape)
{
	uint8_t more = shape == DEVICE_CAPS_LONG ? CAP_MORE : 0;

	if (shape == DEVICE_CAPS_REPEATED)
		add_reserved(v);
	else if (shape == DEVICE_CAPS_FOREIGN)
		add_foreign(v);
	add_region(v, VIRTIO_PCI_CAP_COMMON_CFG, VPCI_COMMON, more);
	add_region(v, VIRTIO_PCI_CAP_ISR_CFG, VPCI_ISR, more);
	/* Only where there is something to see (4.1.4.6.1). */
	if (v->vdev->config_regs)
		add_region(v, VIRTIO_PCI_CAP_DEVICE_CFG, VPCI_DEVICE, more);
	add_notify(v, more);
	add_window(v);
	if (shape == DEVICE_CAPS_REPEATED)
		add_second_common(v);
	else if (has_shared(shape))
		add_shared(v, shape);
}
