/* SPDX-License-Identifier: MIT */
/*
 * Capability lists that a driver has to cope with: several capabilities of one
 * type, which virtio 1.2 4.1.4 allows, and lists that are broken.  What a shape
 * shows is in the table; the registers behind it stay as they are.  Read by who
 * wants to know what `capabilities:` of a scenario does.
 */
#include "models/virtio/vpci.h"

#include <assert.h>

#include "models/pci/caps.h"

#define STATUS 0x06u
#define STATUS_CAPABILITIES_LIST 0x0010u
#define CAPABILITIES_POINTER 0x34u

/* PCI 3.0 6.7 and 6.8.2; virtio 1.2 4.1.4. */
#define CAP_NEXT 1u
#define MSIX_TABLE 4u
#define VIRTIO_CAP_LEN 2u
#define VIRTIO_CAP_CFG_TYPE 3u
#define VIRTIO_CAP_BAR 4u
#define VIRTIO_CAP_OFFSET 8u
#define VIRTIO_CAP_LENGTH 12u

#define COMMON_CFG 1u
#define NOTIFY_CFG 2u

static uint8_t first(const struct vpci *v)
{
	return v->caps.caps[0].at;
}

static uint8_t last(const struct vpci *v)
{
	return v->caps.caps[v->cfg.ncaps - 1].at;
}

/* The virtio capability of that type. */
static uint8_t find(const struct vpci *v, uint8_t type)
{
	unsigned int i = 0;

	while (pci_cfg_get(&v->cfg, v->caps.caps[i].at, 1) != PCI_CAP_ID_VNDR ||
	       pci_cfg_get(&v->cfg, v->caps.caps[i].at + VIRTIO_CAP_CFG_TYPE,
			   1) != type)
		i++;
	return v->caps.caps[i].at;
}

static void show(struct vpci *v, uint32_t offset, uint32_t width,
		 uint32_t value)
{
	pci_cfg_show(&v->cfg, offset, width, value);
}

static void common_in_no_bar(struct vpci *v)
{
	show(v, find(v, COMMON_CFG) + VIRTIO_CAP_BAR, 1, 2);
}

static void common_outside(struct vpci *v)
{
	show(v, find(v, COMMON_CFG) + VIRTIO_CAP_OFFSET, 4,
	     VPCI_BAR_BYTES - VPCI_REGION_BYTES / 2);
}

/* Offset and length add up to what lies in the BAR, in 32 bits. */
static void common_wraps(struct vpci *v)
{
	uint32_t at = find(v, COMMON_CFG);

	show(v, at + VIRTIO_CAP_OFFSET, 4, 0xfffff000);
	show(v, at + VIRTIO_CAP_LENGTH, 4, 0x2000);
}

static void common_short(struct vpci *v)
{
	show(v, find(v, COMMON_CFG) + VIRTIO_CAP_LEN, 1, 8);
}

static void no_notify(struct vpci *v)
{
	show(v, find(v, NOTIFY_CFG) + VIRTIO_CAP_CFG_TYPE, 1, 0x60);
}

static void loop_behind(struct vpci *v)
{
	show(v, last(v) + CAP_NEXT, 1, first(v));
}

static void loop_first(struct vpci *v)
{
	show(v, first(v) + CAP_NEXT, 1, first(v));
}

static void pointer_low(struct vpci *v)
{
	show(v, first(v) + CAP_NEXT, 1, 0x20);
}

/* 6.7: the bottom two bits are reserved, software masks them. */
static void pointer_odd(struct vpci *v)
{
	show(v, CAPABILITIES_POINTER, 1, first(v) | 1u);
	for (unsigned int i = 0; i + 1 < v->cfg.ncaps; i++)
		show(v, v->caps.caps[i].at + CAP_NEXT, 1,
		     v->caps.caps[i + 1].at | 3u);
}

static void end_nowhere(struct vpci *v)
{
	assert(v->cfg.cap_end <= 0xfc);
	show(v, last(v) + CAP_NEXT, 1, 0xfc);
}

static void unlisted(struct vpci *v)
{
	show(v, STATUS, 2, 0);
}

/* Without MSI-X there is nothing to be wrong about. */
static void show_table(struct vpci *v, uint32_t value)
{
	if (v->msix.entries)
		show(v, v->msix.cap + MSIX_TABLE, 4, value);
}

static void msix_in_no_bar(struct vpci *v)
{
	show_table(v, 7);
}

static void msix_outside(struct vpci *v)
{
	show_table(v, 0x00100000 | VPCI_MSIX_BAR);
}

static void (*const bends[])(struct vpci *v) = {
	[DEVICE_CAPS_COMMON_IN_NO_BAR] = common_in_no_bar,
	[DEVICE_CAPS_COMMON_OUTSIDE] = common_outside,
	[DEVICE_CAPS_COMMON_WRAPS] = common_wraps,
	[DEVICE_CAPS_COMMON_SHORT] = common_short,
	[DEVICE_CAPS_NO_NOTIFY] = no_notify,
	[DEVICE_CAPS_LOOP_BEHIND] = loop_behind,
	[DEVICE_CAPS_LOOP_FIRST] = loop_first,
	[DEVICE_CAPS_POINTER_LOW] = pointer_low,
	[DEVICE_CAPS_POINTER_ODD] = pointer_odd,
	[DEVICE_CAPS_END_NOWHERE] = end_nowhere,
	[DEVICE_CAPS_UNLISTED] = unlisted,
	[DEVICE_CAPS_MSIX_IN_NO_BAR] = msix_in_no_bar,
	[DEVICE_CAPS_MSIX_OUTSIDE] = msix_outside,
};

_Static_assert(sizeof(bends) / sizeof(bends[0]) == DEVICE_CAPS_SHAPES,
	       "a row for each shape that is bent");

void vpci_bend_caps(struct vpci *v, enum device_caps shape)
{
	if (bends[shape])
		bends[shape](v);
}
