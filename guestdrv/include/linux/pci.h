/* SPDX-License-Identifier: MIT */
/*
 * PCI functions and their drivers (kernel/pci*.c).  Interrupt vectors:
 * pci_alloc_irq_vectors tries MSI-X, then INTx, as its flags allow, and
 * returns how many it got; request_irq takes pci_irq_vector(dev, n).
 */
#ifndef LINUX_PCI_H
#define LINUX_PCI_H

#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/pci_ids.h>
#include <linux/pci_regs.h>

#define PCI_DEVFN(slot, func) ((((slot) & 0x1f) << 3) | ((func) & 0x07))
#define PCI_SLOT(devfn) (((devfn) >> 3) & 0x1f)
#define PCI_FUNC(devfn) ((devfn) & 0x07)
#define PCI_ROM_RESOURCE 6
#define PCI_NUM_RESOURCES 7
#define PCIBIOS_SUCCESSFUL 0
#define PCIBIOS_DEVICE_NOT_FOUND 0x86
#define PCIBIOS_BAD_REGISTER_NUMBER 0x87

#define PCI_IRQ_INTX (1u << 0)
#define PCI_IRQ_LEGACY PCI_IRQ_INTX
#define PCI_IRQ_MSI (1u << 1)
#define PCI_IRQ_MSIX (1u << 2)
#define PCI_IRQ_AFFINITY (1u << 3)
#define PCI_IRQ_ALL_TYPES (PCI_IRQ_INTX | PCI_IRQ_MSI | PCI_IRQ_MSIX)

struct pci_bus {
	unsigned char number;
};

struct guest_msix; /* kernel/pci_irq.c */

struct pci_dev {
	struct pci_bus *bus;
	unsigned int devfn;
	unsigned short vendor;
	unsigned short device;
	unsigned short subsystem_vendor;
	unsigned short subsystem_device;
	unsigned int class;         /* base, sub, prog-if */
	u8 revision;
	u8 hdr_type;
	u8 pin;                     /* 0: none; 1..4: INTA..INTD */
	u8 msix_cap;
	u8 pm_cap;
	u8 pcie_cap;
	unsigned int irq;           /* of the pin; 0: none */
	struct resource resource[PCI_NUM_RESOURCES];
	u64 dma_mask;
	struct pci_driver *driver;
	unsigned int msix_enabled : 1;
	unsigned int msi_enabled : 1;
	unsigned int is_busmaster : 1;
	int enable_cnt;
	struct guest_msix *msix;
	struct device dev;
};

struct pci_driver {
	const char *name;
	const struct pci_device_id *id_table;
	int (*probe)(struct pci_dev *dev, const struct pci_device_id *id);
	void (*remove)(struct pci_dev *dev);
	void (*shutdown)(struct pci_dev *dev);
	int (*sriov_configure)(struct pci_dev *dev, int numvfs);
	struct device_driver driver;
};

#define to_pci_dev(n) container_of(n, struct pci_dev, dev)
#define to_pci_driver(d) container_of(d, struct pci_driver, driver)
extern const struct bus_type pci_bus_type;
#define dev_is_pci(d) ((d)->bus == &pci_bus_type)

#define PCI_DEVICE(vend, dev)                          \
	.vendor = (vend), .device = (dev),             \
	.subvendor = PCI_ANY_ID, .subdevice = PCI_ANY_ID

int __must_check __pci_register_driver(struct pci_driver *drv,
				       struct module *owner,
				       const char *mod_name);
#define pci_register_driver(drv) \
	__pci_register_driver((drv), THIS_MODULE, KBUILD_MODNAME)
void pci_unregister_driver(struct pci_driver *drv);
#define module_pci_driver(drv) \
	module_driver(drv, pci_register_driver, pci_unregister_driver)
const struct pci_device_id *pci_match_id(const struct pci_device_id *ids,
					 struct pci_dev *dev);

static inline void *pci_get_drvdata(struct pci_dev *pdev)
{
	return dev_get_drvdata(&pdev->dev);
}

static inline void pci_set_drvdata(struct pci_dev *pdev, void *data)
{
	dev_set_drvdata(&pdev->dev, data);
}

static inline const char *pci_name(const struct pci_dev *pdev)
{
	return dev_name(&pdev->dev);
}

/* Configuration space: 0 or a PCIBIOS_ error. */
int pci_read_config_byte(const struct pci_dev *dev, int where, u8 *val);
int pci_read_config_word(const struct pci_dev *dev, int where, u16 *val);
int pci_read_config_dword(const struct pci_dev *dev, int where, u32 *val);
int pci_write_config_byte(const struct pci_dev *dev, int where, u8 val);
int pci_write_config_word(const struct pci_dev *dev, int where, u16 val);
int pci_write_config_dword(const struct pci_dev *dev, int where, u32 val);
/* Offset of a capability (the next after pos), or 0. */
u8 pci_find_capability(struct pci_dev *dev, int cap);
u8 pci_find_next_capability(struct pci_dev *dev, u8 pos, int cap);
u16 pci_find_ext_capability(struct pci_dev *dev, int cap);
bool pci_device_is_present(struct pci_dev *dev);

int __must_check pci_enable_device(struct pci_dev *dev);
void pci_disable_device(struct pci_dev *dev);
int pci_is_enabled(struct pci_dev *dev);
void pci_set_master(struct pci_dev *dev);
void pci_clear_master(struct pci_dev *dev);
/* INTx through (1) or Interrupt Disable (0). */
void pci_intx(struct pci_dev *dev, int enable);

#define pci_resource_n(dev, bar) (&(dev)->resource[(bar)])
#define pci_resource_start(dev, bar) ((dev)->resource[(bar)].start)
#define pci_resource_end(dev, bar) ((dev)->resource[(bar)].end)
#define pci_resource_flags(dev, bar) ((dev)->resource[(bar)].flags)
resource_size_t guest_pci_resource_len(const struct pci_dev *dev, int bar);
#define pci_resource_len(dev, bar) guest_pci_resource_len((dev), (bar))
/* The BARs that have any of these IORESOURCE_ flags, as a mask. */
int pci_select_bars(struct pci_dev *dev, unsigned long flags);
int __must_check pci_request_region(struct pci_dev *dev, int bar,
				    const char *name);
void pci_release_region(struct pci_dev *dev, int bar);
int __must_check pci_request_regions(struct pci_dev *dev, const char *name);
void pci_release_regions(struct pci_dev *dev);
int pci_request_selected_regions(struct pci_dev *dev, int bars,
				 const char *name);
void pci_release_selected_regions(struct pci_dev *dev, int bars);

/* Maps (part of) a BAR; maxlen 0: to its end.  NULL: no such part. */
void __iomem *pci_iomap(struct pci_dev *dev, int bar, unsigned long maxlen);
void __iomem *pci_iomap_range(struct pci_dev *dev, int bar,
			      unsigned long offset, unsigned long maxlen);
void pci_iounmap(struct pci_dev *dev, void __iomem *addr);

/* How many vectors were given, at least min and at most max; -ENOSPC: fewer
 * than min are to be had; -EINVAL: no such capability. */
int pci_alloc_irq_vectors_affinity(struct pci_dev *dev, unsigned int min,
				   unsigned int max, unsigned int flags,
				   struct irq_affinity *affd);

static inline int pci_alloc_irq_vectors(struct pci_dev *dev, unsigned int min,
					unsigned int max, unsigned int flags)
{
	return pci_alloc_irq_vectors_affinity(dev, min, max, flags, NULL);
}

void pci_free_irq_vectors(struct pci_dev *dev);
int pci_irq_vector(struct pci_dev *dev, unsigned int nr);
const struct cpumask *pci_irq_get_affinity(struct pci_dev *dev, int nr);
/* Entries of the MSI-X table, or -EINVAL. */
int pci_msix_vec_count(struct pci_dev *dev);

struct pci_dev *pci_dev_get(struct pci_dev *dev);
void pci_dev_put(struct pci_dev *dev);

/* Without SR-IOV: there are no virtual functions, and none can be made. */
static inline int pci_enable_sriov(struct pci_dev *dev, int vfs)
{
	(void)dev;
	(void)vfs;
	return -ENODEV;
}

static inline void pci_disable_sriov(struct pci_dev *dev)
{
	(void)dev;
}

static inline int pci_vfs_assigned(struct pci_dev *dev)
{
	(void)dev;
	return 0;
}

static inline int pci_iov_vf_id(struct pci_dev *dev)
{
	(void)dev;
	return -ENOSYS;
}

static inline void *pci_iov_get_pf_drvdata(struct pci_dev *dev,
					   struct pci_driver *pf_driver)
{
	(void)dev;
	(void)pf_driver;
	return ERR_PTR(-EINVAL);
}

#define pci_err(pdev, fmt, ...) dev_err(&(pdev)->dev, fmt, ##__VA_ARGS__)
#define pci_warn(pdev, fmt, ...) dev_warn(&(pdev)->dev, fmt, ##__VA_ARGS__)
#define pci_info(pdev, fmt, ...) dev_info(&(pdev)->dev, fmt, ##__VA_ARGS__)

#endif
