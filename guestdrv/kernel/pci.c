/* SPDX-License-Identifier: MIT */
/*
 * A PCI function in use: enabling it, Bus Master, claiming and mapping its
 * BARs.  Every step that can fail has a fault point before its first side
 * effect.
 */
#include "guestdrv/kernel/pci.h"

GUEST_FAULT_SITE(site_enable, "guest.pci.enable_device");
GUEST_FAULT_SITE(site_region, "guest.pci.request_region");
GUEST_FAULT_SITE(site_iomap, "guest.pci.iomap");

static void change_command(struct pci_dev *dev, u16 clear, u16 set)
{
	u16 old, now;

	pci_read_config_word(dev, PCI_COMMAND, &old);
	now = (u16)((old & ~clear) | set);
	if (now != old)
		pci_write_config_word(dev, PCI_COMMAND, now);
}

/* PCI PM 1.2: a function decodes nothing but config space outside D0. */
static void power_on(struct pci_dev *dev)
{
	u16 pmcsr;

	if (!dev->pm_cap)
		return;
	pci_read_config_word(dev, dev->pm_cap + PCI_PM_CTRL, &pmcsr);
	if (pmcsr & PCI_PM_CTRL_STATE_MASK)
		pci_write_config_word(dev, dev->pm_cap + PCI_PM_CTRL,
				      pmcsr & (u16)~PCI_PM_CTRL_STATE_MASK);
}

static int enable_resources(struct pci_dev *dev)
{
	u16 bits = 0;
	int bar;

	for (bar = 0; bar < PCI_STD_NUM_BARS; bar++) {
		unsigned long flags = dev->resource[bar].flags;

		if (flags & IORESOURCE_UNSET) {
			pci_err(dev, "can't enable device: BAR %d has no address\n",
				bar);
			return -EINVAL;
		}
		if (flags & IORESOURCE_IO)
			bits |= PCI_COMMAND_IO;
		if (flags & IORESOURCE_MEM)
			bits |= PCI_COMMAND_MEMORY;
	}
	change_command(dev, 0, bits);
	return 0;
}

int pci_enable_device(struct pci_dev *dev)
{
	int err;

	if (dev->enable_cnt++ > 0)
		goto out;
	err = guest_fault(&site_enable, &dev->dev, GUEST_FAULT_NO_INDEX);
	if (!err) {
		power_on(dev);
		err = enable_resources(dev);
	}
	if (err) {
		dev->enable_cnt--;
		return err;
	}
out:
	guest_account(MACHINE_RES_ENABLE, PCI_BDF(dev), 1, PCI_BDF(dev));
	return 0;
}

void pci_disable_device(struct pci_dev *dev)
{
	guest_account(MACHINE_RES_ENABLE, PCI_BDF(dev), -1, PCI_BDF(dev));
	if (WARN(!dev->enable_cnt, "%s: disabling already-disabled device\n",
		 pci_name(dev)))
		return;
	if (--dev->enable_cnt)
		return;
	change_command(dev, PCI_COMMAND_MASTER, 0);
	dev->is_busmaster = 0;
}

int pci_is_enabled(struct pci_dev *dev)
{
	return dev->enable_cnt > 0;
}

void pci_set_master(struct pci_dev *dev)
{
	change_command(dev, 0, PCI_COMMAND_MASTER);
	dev->is_busmaster = 1;
}

void pci_clear_master(struct pci_dev *dev)
{
	change_command(dev, PCI_COMMAND_MASTER, 0);
	dev->is_busmaster = 0;
}

void pci_intx(struct pci_dev *dev, int enable)
{
	change_command(dev, enable ? PCI_COMMAND_INTX_DISABLE : 0,
		       enable ? 0 : PCI_COMMAND_INTX_DISABLE);
}

/* ---- regions ---- */

static struct resource *resource_of(struct pci_dev *dev, int bar)
{
	if (bar < 0 || bar >= PCI_STD_NUM_BARS || !dev->resource[bar].flags)
		return NULL;
	return &dev->resource[bar];
}

resource_size_t guest_pci_resource_len(const struct pci_dev *dev, int bar)
{
	const struct resource *res = &dev->resource[bar];

	return res->flags ? resource_size(res) : 0;
}

int pci_select_bars(struct pci_dev *dev, unsigned long flags)
{
	int bar, mask = 0;

	for (bar = 0; bar < PCI_STD_NUM_BARS; bar++)
		if (dev->resource[bar].flags & flags)
			mask |= 1 << bar;
	return mask;
}

int pci_request_region(struct pci_dev *dev, int bar, const char *name)
{
	struct resource *res = resource_of(dev, bar);
	int err;

	/* A BAR that is not there needs no claim. */
	if (!res)
		return 0;
	err = guest_fault(&site_region, &dev->dev, (u32)bar);
	if (err)
		return err;
	if (res->claimed_by) {
		pci_warn(dev, "BAR %d: can't reserve, %s has it\n", bar,
			 res->claimed_by);
		return -EBUSY;
	}
	res->claimed_by = name;
	guest_account(MACHINE_RES_REGION, res->start, 1, PCI_BDF(dev));
	return 0;
}

void pci_release_region(struct pci_dev *dev, int bar)
{
	struct resource *res = resource_of(dev, bar);

	if (!res)
		return;
	if (!res->claimed_by)
		pci_warn(dev, "BAR %d: released, but nobody had it\n", bar);
	res->claimed_by = NULL;
	guest_account(MACHINE_RES_REGION, res->start, -1, PCI_BDF(dev));
}

int pci_request_selected_regions(struct pci_dev *dev, int bars,
				 const char *name)
{
	int bar, err;

	for (bar = 0; bar < PCI_STD_NUM_BARS; bar++) {
		if (!(bars & 1 << bar))
			continue;
		err = pci_request_region(dev, bar, name);
		if (err)
			goto out_release;
	}
	return 0;
out_release:
	while (--bar >= 0)
		if (bars & 1 << bar)
			pci_release_region(dev, bar);
	return err;
}

void pci_release_selected_regions(struct pci_dev *dev, int bars)
{
	int bar;

	for (bar = 0; bar < PCI_STD_NUM_BARS; bar++)
		if (bars & 1 << bar)
			pci_release_region(dev, bar);
}

int pci_request_regions(struct pci_dev *dev, const char *name)
{
	return pci_request_selected_regions(dev, 0x3f, name);
}

void pci_release_regions(struct pci_dev *dev)
{
	pci_release_selected_regions(dev, 0x3f);
}

/* ---- mappings ---- */

void __iomem *pci_iomap_range(struct pci_dev *dev, int bar,
			      unsigned long offset, unsigned long maxlen)
{
	struct resource *res = resource_of(dev, bar);
	u64 len, at;

	if (!res || (res->flags & IORESOURCE_UNSET) ||
	    offset >= resource_size(res))
		return NULL;
	if (guest_fault(&site_iomap, &dev->dev, (u32)bar))
		return NULL;
	len = resource_size(res) - offset;
	if (maxlen && len > maxlen)
		len = maxlen;
	at = res->start + offset;
	guest_account(MACHINE_RES_IO_MAPPING, at, 1, PCI_BDF(dev));
	if (res->flags & IORESOURCE_IO)
		return ioport_map((unsigned long)at, (unsigned int)len);
	return ioremap(at, len);
}

void __iomem *pci_iomap(struct pci_dev *dev, int bar, unsigned long maxlen)
{
	return pci_iomap_range(dev, bar, 0, maxlen);
}

void pci_iounmap(struct pci_dev *dev, void __iomem *addr)
{
	if (!addr)
		return;
	guest_account(MACHINE_RES_IO_MAPPING, guest_iomem_address(addr), -1,
		      PCI_BDF(dev));
}
