/* SPDX-License-Identifier: MIT */
/*
 * Interrupt vectors of a PCI function: MSI-X (PCI 3.0 section 6.8.2), else the
 * pin.  MSI-X goes on in this order: enabled with the function mask set, so
 * that nothing fires; vectors of CPUs; table entries, masked; INTx off; function
 * mask off.  request_irq unmasks an entry, free_irq masks it.
 *
 *   table entry:  | address low | address high | data | vector control: bit 0 mask |
 */
#include "guestdrv/kernel/irq.h"
#include "guestdrv/kernel/pci.h"

#include <linux/slab.h>

GUEST_FAULT_SITE(site_alloc, "guest.pci.alloc_irq_vectors");

struct guest_msix {
	struct pci_dev *pdev;
	u8 __iomem *table;
	unsigned int nvec;
	struct {
		int irq;
		struct cpumask cpus;
	} vec[];
};

static void msix_control(struct pci_dev *dev, u16 clear, u16 set)
{
	u16 flags;

	pci_read_config_word(dev, dev->msix_cap + PCI_MSIX_FLAGS, &flags);
	pci_write_config_word(dev, dev->msix_cap + PCI_MSIX_FLAGS,
			      (u16)((flags & ~clear) | set));
}

static void entry_mask(struct guest_msix *msix, unsigned int n, bool masked)
{
	u8 __iomem *control = msix->table + n * PCI_MSIX_ENTRY_SIZE +
			      PCI_MSIX_ENTRY_VECTOR_CTRL;

	iowrite32(masked ? PCI_MSIX_ENTRY_CTRL_MASKBIT : 0, control);
	/* The write is posted: masked shall mean masked. */
	if (masked)
		ioread32(control);
}

static void msix_mask(struct irq_desc *desc, bool masked)
{
	entry_mask(desc->chip_data, desc->index, masked);
}

static const struct irq_chip msix_chip = { .mask = msix_mask };

static void write_entry(struct guest_msix *msix, unsigned int n)
{
	u8 __iomem *entry = msix->table + n * PCI_MSIX_ENTRY_SIZE;
	u64 addr;
	u32 data;

	guest_vector_message((unsigned int)msix->vec[n].irq, &addr, &data);
	iowrite32(PCI_MSIX_ENTRY_CTRL_MASKBIT,
		  entry + PCI_MSIX_ENTRY_VECTOR_CTRL);
	iowrite32((u32)addr, entry + PCI_MSIX_ENTRY_LOWER_ADDR);
	iowrite32((u32)(addr >> 32), entry + PCI_MSIX_ENTRY_UPPER_ADDR);
	iowrite32(data, entry + PCI_MSIX_ENTRY_DATA);
}

int pci_msix_vec_count(struct pci_dev *dev)
{
	u16 flags;

	if (!dev->msix_cap)
		return -EINVAL;
	pci_read_config_word(dev, dev->msix_cap + PCI_MSIX_FLAGS, &flags);
	return (flags & PCI_MSIX_FLAGS_QSIZE) + 1;
}

static void __iomem *map_table(struct pci_dev *dev, unsigned int entries)
{
	u32 place, offset;
	struct resource *res;

	pci_read_config_dword(dev, dev->msix_cap + PCI_MSIX_TABLE, &place);
	offset = place & PCI_MSIX_TABLE_OFFSET;
	if ((place & PCI_MSIX_TABLE_BIR) >= PCI_STD_NUM_BARS)
		return NULL;
	res = &dev->resource[place & PCI_MSIX_TABLE_BIR];
	if (!(res->flags & IORESOURCE_MEM) || (res->flags & IORESOURCE_UNSET) ||
	    (u64)offset + entries * PCI_MSIX_ENTRY_SIZE > resource_size(res))
		return NULL;
	return ioremap(res->start + offset, entries * PCI_MSIX_ENTRY_SIZE);
}

/* Which CPU vector n of nvec shall go to; out of range: any. */
static u32 wanted_cpu(const struct irq_affinity *affd, unsigned int n,
		      unsigned int nvec)
{
	if (!affd || n < affd->pre_vectors || n + affd->post_vectors >= nvec)
		return GUEST_MAX_CPUS;
	return (n - affd->pre_vectors) % gk.info->cpus;
}

static void free_vectors(struct guest_msix *msix, u32 device)
{
	while (msix->nvec) {
		msix->nvec--;
		guest_vector_free((unsigned int)msix->vec[msix->nvec].irq,
				  device);
	}
}

static int take_vectors(struct guest_msix *msix, unsigned int nvec,
			const struct irq_affinity *affd)
{
	u32 device = PCI_BDF(msix->pdev);
	unsigned int n;
	int irq;

	for (n = 0; n < nvec; n++) {
		irq = guest_vector_alloc(wanted_cpu(affd, n, nvec), &msix_chip,
					 msix, n, device);
		if (irq < 0) {
			free_vectors(msix, device);
			return irq;
		}
		msix->vec[n].irq = irq;
		cpumask_clear(&msix->vec[n].cpus);
		cpumask_set_cpu(guest_irq_desc((unsigned int)irq)->cpu,
				&msix->vec[n].cpus);
		msix->nvec = n + 1;
	}
	return 0;
}

static int msix_enable(struct pci_dev *dev, unsigned int nvec,
		       unsigned int entries, const struct irq_affinity *affd)
{
	struct guest_msix *msix;
	unsigned int n;
	int err;

	msix = kzalloc(struct_size(msix, vec, nvec), GFP_KERNEL);
	if (!msix)
		return -ENOMEM;
	msix->pdev = dev;
	msix_control(dev, 0, PCI_MSIX_FLAGS_MASKALL | PCI_MSIX_FLAGS_ENABLE);
	msix->table = map_table(dev, entries);
	err = msix->table ? take_vectors(msix, nvec, affd) : -ENOMEM;
	if (err)
		goto out_disable;
	for (n = 0; n < nvec; n++)
		write_entry(msix, n);
	pci_intx(dev, 0);
	dev->msix = msix;
	dev->msix_enabled = 1;
	msix_control(dev, PCI_MSIX_FLAGS_MASKALL, 0);
	return 0;
out_disable:
	msix_control(dev, PCI_MSIX_FLAGS_MASKALL | PCI_MSIX_FLAGS_ENABLE, 0);
	kfree(msix);
	return err;
}

/* The vectors that can be had: > 0, or why fewer than min are. */
static int msix_enable_range(struct pci_dev *dev, unsigned int min_vecs,
			     unsigned int max_vecs,
			     const struct irq_affinity *affd)
{
	unsigned int nvec = max_vecs, free = guest_vectors_left();
	int entries, err;

	if (max_vecs < min_vecs)
		return -ERANGE;
	if (WARN_ON(dev->msix_enabled))
		return -EINVAL;
	entries = pci_msix_vec_count(dev);
	if (entries < 0)
		return entries;
	nvec = min(nvec, (unsigned int)entries);
	nvec = min(nvec, free);
	if (!nvec || nvec < min_vecs)
		return -ENOSPC;
	err = msix_enable(dev, nvec, (unsigned int)entries, affd);
	return err ? err : (int)nvec;
}

static int alloc_vectors(struct pci_dev *dev, unsigned int min_vecs,
			 unsigned int max_vecs, unsigned int flags,
			 const struct irq_affinity *affd)
{
	int got = -ENOSPC;

	if (flags & PCI_IRQ_MSIX) {
		got = guest_fault(&site_alloc, &dev->dev,
				  GUEST_FAULT_NO_INDEX);
		if (!got)
			got = msix_enable_range(dev, min_vecs, max_vecs, affd);
		if (got > 0)
			return got;
	}
	/* Plain MSI: this kernel has none. */
	if (flags & PCI_IRQ_MSI)
		got = -EINVAL;
	if ((flags & PCI_IRQ_INTX) && min_vecs == 1 && dev->irq) {
		pci_intx(dev, 1);
		return 1;
	}
	return got;
}

int pci_alloc_irq_vectors_affinity(struct pci_dev *dev, unsigned int min_vecs,
				   unsigned int max_vecs, unsigned int flags,
				   struct irq_affinity *affd)
{
	int got;

	guest_may_sleep("pci_alloc_irq_vectors");
	got = alloc_vectors(dev, min_vecs, max_vecs, flags,
			    flags & PCI_IRQ_AFFINITY ? affd : NULL);
	gk.calls->note(gk.m, &(struct machine_note){
		.kind = MACHINE_NOTE_SERVICE,
		.device = PCI_BDF(dev),
		.text = "vector allocation",
		.index = max_vecs,
		.value = min_vecs,
		.result = got,
	});
	return got;
}

void pci_free_irq_vectors(struct pci_dev *dev)
{
	struct guest_msix *msix = dev->msix;

	if (!dev->msix_enabled)
		return;
	msix_control(dev, PCI_MSIX_FLAGS_ENABLE, 0);
	pci_intx(dev, 1);
	free_vectors(msix, PCI_BDF(dev));
	kfree(msix);
	dev->msix = NULL;
	dev->msix_enabled = 0;
}

int pci_irq_vector(struct pci_dev *dev, unsigned int nr)
{
	if (dev->msix_enabled)
		return nr < dev->msix->nvec ? dev->msix->vec[nr].irq : -EINVAL;
	return nr == 0 ? (int)dev->irq : -EINVAL;
}

const struct cpumask *pci_irq_get_affinity(struct pci_dev *dev, int nr)
{
	if (!dev->msix_enabled || nr < 0 || (unsigned int)nr >= dev->msix->nvec)
		return NULL;
	return &dev->msix->vec[nr].cpus;
}
