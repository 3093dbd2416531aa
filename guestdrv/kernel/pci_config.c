/* SPDX-License-Identifier: MIT */
/*
 * Configuration space, through ECAM or (guest option `pci_config: io`) through
 * the address and data ports of mechanism #1, PCI 3.0 3.2.2.3.2; and the walk of
 * the capability list (6.7), which ends also when the list is a loop.
 */
#include "guestdrv/kernel/pci.h"

#include <linux/spinlock.h>
#include <linux/string.h>
#include <ringside/image.h>

/* As many capabilities as fit behind the header: longer lists are loops. */
#define CAP_TTL 48

#define CONFIG_ENABLE 0x80000000u
#define CONFIG_DATA 4 /* from the address port */

static struct {
	bool ports;
	/* Nobody else may move the address between the two accesses. */
	spinlock_t lock;
} config;

int guest_pci_config_boot(void)
{
	const char *how = guest_option("pci_config");

	spin_lock_init(&config.lock);
	config.ports = how && !strcmp(how, "io");
	if (how && !config.ports && strcmp(how, "ecam"))
		printk(KERN_ERR "guest option pci_config: neither ecam nor io: %s\n",
		       how);
	if (config.ports ? gk.info->config_ports.size : gk.info->ecam.size)
		return 0;
	return -ENODEV;
}

static void __iomem *ecam_address(const struct pci_dev *pdev, int where)
{
	return ioremap(gk.info->ecam.base + ((u64)pdev->bus->number << 20) +
			       ((u64)pdev->devfn << 12) + (unsigned int)where,
		       4);
}

/* Points the data port at a dword; where in it `where` is.  Under the lock. */
static void __iomem *port_address(const struct pci_dev *pdev, int where)
{
	u8 __iomem *ports = ioport_map((unsigned long)gk.info->config_ports.base,
				       8);

	iowrite32(CONFIG_ENABLE | (u32)pdev->bus->number << 16 |
			  pdev->devfn << 8 | ((u32)where & 0xfc),
		  ports);
	return ports + CONFIG_DATA + (where & 3);
}

/* The ports' address has no room for more than 256 bytes. */
static bool bad_place(int where, int width)
{
	int size = config.ports ? PCI_CFG_SPACE_SIZE : PCI_CFG_SPACE_EXP_SIZE;

	return where < 0 || where > size - width || where & (width - 1);
}

#define CONFIG_ACCESS(name, type, width, ioread, iowrite)                    \
	int pci_read_config_##name(const struct pci_dev *dev, int where,     \
				   type *val)                                \
	{                                                                    \
		unsigned long flags;                                         \
									     \
		*val = (type)~0u;                                            \
		if (bad_place(where, width))                                 \
			return PCIBIOS_BAD_REGISTER_NUMBER;                  \
		if (!config.ports) {                                         \
			*val = ioread(ecam_address(dev, where));             \
			return PCIBIOS_SUCCESSFUL;                           \
		}                                                            \
		spin_lock_irqsave(&config.lock, flags);                      \
		*val = ioread(port_address(dev, where));                     \
		spin_unlock_irqrestore(&config.lock, flags);                 \
		return PCIBIOS_SUCCESSFUL;                                   \
	}                                                                    \
	int pci_write_config_##name(const struct pci_dev *dev, int where,    \
				    type val)                                \
	{                                                                    \
		unsigned long flags;                                         \
									     \
		if (bad_place(where, width))                                 \
			return PCIBIOS_BAD_REGISTER_NUMBER;                  \
		if (!config.ports) {                                         \
			iowrite(val, ecam_address(dev, where));              \
			return PCIBIOS_SUCCESSFUL;                           \
		}                                                            \
		spin_lock_irqsave(&config.lock, flags);                      \
		iowrite(val, port_address(dev, where));                      \
		spin_unlock_irqrestore(&config.lock, flags);                 \
		return PCIBIOS_SUCCESSFUL;                                   \
	}

CONFIG_ACCESS(byte, u8, 1, ioread8, iowrite8)
CONFIG_ACCESS(word, u16, 2, ioread16, iowrite16)
CONFIG_ACCESS(dword, u32, 4, ioread32, iowrite32)

/* From the pointer at `at`, the first capability with that id. */
static u8 find_from(struct pci_dev *dev, u8 at, int cap)
{
	unsigned int ttl;
	u8 pos;
	u16 entry;

	for (ttl = CAP_TTL; ttl; ttl--) {
		pci_read_config_byte(dev, at, &pos);
		/* The low two bits are reserved. */
		pos &= 0xfc;
		if (pos < PCI_STD_HEADER_SIZEOF)
			return 0;
		pci_read_config_word(dev, pos, &entry);
		if ((entry & 0xff) == 0xff)
			return 0;
		if ((entry & 0xff) == cap)
			return pos;
		at = (u8)(pos + PCI_CAP_LIST_NEXT);
	}
	return 0;
}

u8 pci_find_capability(struct pci_dev *dev, int cap)
{
	u16 status;

	pci_read_config_word(dev, PCI_STATUS, &status);
	if (!(status & PCI_STATUS_CAP_LIST))
		return 0;
	return find_from(dev, PCI_CAPABILITY_LIST, cap);
}

u8 pci_find_next_capability(struct pci_dev *dev, u8 pos, int cap)
{
	return find_from(dev, (u8)(pos + PCI_CAP_LIST_NEXT), cap);
}

u16 pci_find_ext_capability(struct pci_dev *dev, int cap)
{
	(void)dev;
	(void)cap;
	return 0;
}

bool pci_device_is_present(struct pci_dev *dev)
{
	u32 id;

	pci_read_config_dword(dev, PCI_VENDOR_ID, &id);
	return id == ((u32)dev->device << 16 | dev->vendor);
}
