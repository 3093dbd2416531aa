/* SPDX-License-Identifier: MIT */
/*
 * The actions register.read and register.write: one access of a device's BAR or
 * configuration space, past the driver, bound or not.  What a driver does not do,
 * and what it must not do, a workload can do so.
 */
#include "guestdrv/kernel/kernel.h"

#include <linux/errno.h>
#include <linux/io.h>
#include <linux/pci.h>
#include <ringside/image.h>
#include <ringside/note.h>

/* The first five are the same for both. */
enum {
	REGISTER_DEVICE, REGISTER_BAR, REGISTER_OFFSET, REGISTER_WIDTH,
	REGISTER_VALUE
};

#define REGISTER_WHERE                                                        \
	{ "device", GUEST_PARAM_DEVICE, true, 0, "which device" },            \
	{ "bar", GUEST_PARAM_INT, false, -1,                                  \
	  "which BAR; -1: configuration space" },                             \
	{ "offset", GUEST_PARAM_INT, true, 0, "of the register" },            \
	{ "width", GUEST_PARAM_INT, false, 4, "bytes: 1, 2 or 4" }

const struct guest_param guest_register_read_params[] = {
	REGISTER_WHERE,
	{ "expect", GUEST_PARAM_INT, false, 0, "what it has to show" },
	{ NULL, GUEST_PARAM_INT, false, 0, NULL }
};

const struct guest_param guest_register_write_params[] = {
	REGISTER_WHERE,
	{ "value", GUEST_PARAM_INT, true, 0, "what is written" },
	{ NULL, GUEST_PARAM_INT, false, 0, NULL }
};

/* An access that the bus can do. */
struct register_access {
	struct pci_dev *pdev;
	void __iomem *at;  /* NULL: configuration space */
	int offset;
	unsigned int width;
};

static void __iomem *register_map(struct pci_dev *pdev, int bar, u64 offset)
{
	u64 at = pci_resource_start(pdev, bar) + offset;

	if (pci_resource_flags(pdev, bar) & IORESOURCE_IO)
		return ioport_map((unsigned long)at, 1);
	return ioremap(at, 1);
}

static int register_find(struct register_access *a,
			 const struct guest_value *v)
{
	s64 bar = v[REGISTER_BAR].i, offset = v[REGISTER_OFFSET].i;
	s64 width = v[REGISTER_WIDTH].i, space = PCI_CFG_SPACE_EXP_SIZE;
	struct device *dev = guest_device_find((u32)v[REGISTER_DEVICE].i);

	if (!dev)
		return -ENODEV;
	a->pdev = to_pci_dev(dev);
	if (bar < -1 || bar >= PCI_STD_NUM_BARS ||
	    (width != 1 && width != 2 && width != 4))
		return -EINVAL;
	if (bar >= 0)
		space = (s64)pci_resource_len(a->pdev, (int)bar);
	if (offset < 0 || offset > space - width || offset % width)
		return -EINVAL;
	a->offset = (int)offset;
	a->width = (unsigned int)width;
	a->at = bar < 0 ? NULL : register_map(a->pdev, (int)bar, (u64)offset);
	return bar < 0 || a->at ? 0 : -EINVAL;
}

static u32 register_get_config(const struct register_access *a)
{
	u16 word;
	u8 byte;
	u32 dword;

	switch (a->width) {
	case 1:
		pci_read_config_byte(a->pdev, a->offset, &byte);
		return byte;
	case 2:
		pci_read_config_word(a->pdev, a->offset, &word);
		return word;
	default:
		pci_read_config_dword(a->pdev, a->offset, &dword);
		return dword;
	}
}

static u32 register_get(const struct register_access *a)
{
	if (!a->at)
		return register_get_config(a);
	switch (a->width) {
	case 1:
		return ioread8(a->at);
	case 2:
		return ioread16(a->at);
	default:
		return ioread32(a->at);
	}
}

static void register_set_config(const struct register_access *a, u32 value)
{
	switch (a->width) {
	case 1:
		pci_write_config_byte(a->pdev, a->offset, (u8)value);
		break;
	case 2:
		pci_write_config_word(a->pdev, a->offset, (u16)value);
		break;
	default:
		pci_write_config_dword(a->pdev, a->offset, value);
	}
}

static void register_set(const struct register_access *a, u32 value)
{
	if (!a->at) {
		register_set_config(a, value);
		return;
	}
	switch (a->width) {
	case 1:
		iowrite8((u8)value, a->at);
		break;
	case 2:
		iowrite16((u16)value, a->at);
		break;
	default:
		iowrite32(value, a->at);
	}
}

/* Does it fit the register? */
static bool register_holds(const struct register_access *a, s64 value)
{
	return value >= 0 && value <= (s64)(U32_MAX >> (32 - 8 * a->width));
}

static int register_read(const struct guest_value *v)
{
	const struct guest_value *expect = &v[REGISTER_VALUE];
	struct register_access a;
	u32 value;
	int err = register_find(&a, v);

	if (!err && expect->given && !register_holds(&a, expect->i))
		err = -EINVAL;
	if (err)
		return err;
	value = register_get(&a);
	pci_info(a.pdev, "register 0x%x shows 0x%x\n", (u32)a.offset, value);
	return expect->given && value != (u32)expect->i ? -EBADMSG : 0;
}

static int register_write(const struct guest_value *v)
{
	s64 value = v[REGISTER_VALUE].i;
	struct register_access a;
	int err = register_find(&a, v);

	if (!err && !register_holds(&a, value))
		err = -EINVAL;
	if (!err)
		register_set(&a, (u32)value);
	return err;
}

int guest_action_register_read(const struct guest_value *values)
{
	return guest_action_run(register_read, guest_register_read_params,
				values);
}

int guest_action_register_write(const struct guest_value *values)
{
	return guest_action_run(register_write, guest_register_write_params,
				values);
}
