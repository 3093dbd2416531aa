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
	int irqs[];
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

/* The entry is masked. */
static void write_message(struct guest_msix *msix, unsigned int n,
			  unsigned int irq)
{
	u8 __iomem *entry = msix->table + n * PCI_MSIX_ENTRY_SIZE;
	u64 addr;
	u32 data;

	guest_vector_message(irq, &addr, &data);
	iowrite32((u32)addr, entry + PCI_MSIX_ENTRY_LOWER_ADDR);
	iowrite32((u32)(addr >> 32), entry + PCI_MSIX_ENTRY_UPPER_ADDR);
	iowrite32(data, entry + PCI_MSIX_ENTRY_DATA);
}

/*
 * 6.8.2: software must not modify address and data of an entry that is unmasked.
 * Masking reads back, so what the function sent before has arrived, at the old
 * vector; what it wants to send meanwhile is pending, and unmasking sends it to
 * the new one.
 */
static int msix_set_cpu(struct irq_desc *desc, u32 cpu)
{
	struct guest_msix *msix = desc->chip_data;
	int err;

	if (!desc->depth)
		entry_mask(msix, desc->index, true);
	err = guest_vector_move(desc, cpu);
	if (!err)
		write_message(msix, desc->index, desc->irq);
	if (!desc->depth)
		entry_mask(msix, desc->index, false);
	return err;
}

static const struct irq_chip msix_chip = { .mask = msix_mask,
					   .set_cpu = msix_set_cpu };

static void write_entry(struct guest_msix *msix, unsigned int n)
{
	iowrite32(PCI_MSIX_ENTRY_CTRL_MASKBIT,
		  msix->table + n * PCI_MSIX_ENTRY_SIZE +
			  PCI_MSIX_ENTRY_VECTOR_CTRL);
	write_message(msix, n, (unsigned int)msix->irqs[n]);
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

static void free_vectors(struct guest_msix *msix, u32 device)
{
	while (msix->nvec) {
		msix->nvec--;
		guest_vector_free((unsigned int)msix->irqs[msix->nvec],
				  device);
	}
}

/* `masks`: where each may go, or NULL: anywhere. */
static int take_vectors(struct guest_msix *msix, unsigned int nvec,
			const struct irq_affinity_desc *masks)
{
	u32 device = PCI_BDF(msix->pdev);
	unsigned int n;
	int irq;

	for (n = 0; n < nvec; n++) {
		bool spread = masks && masks[n].is_managed;

		irq = guest_vector_alloc(spread ? &masks[n].mask : NULL,
					 &msix_chip, msix, n, device);
		if (irq < 0) {
			free_vectors(msix, device);
			return irq;
		}
		msix->irqs[n] = irq;
		msix->nvec = n + 1;
	}
	return 0;
}

static int msix_enable(struct pci_dev *dev, unsigned int nvec,
		       unsigned int entries, struct irq_affinity *affd)
{
	struct irq_affinity_desc *masks = NULL;
	struct guest_msix *msix;
	unsigned int n;
	int err;

	msix = kzalloc(struct_size(msix, irqs, nvec), GFP_KERNEL);
	if (!msix)
		return -ENOMEM;
	/* Without memory for the masks the vectors go anywhere. */
	if (affd)
		masks = irq_create_affinity_masks(nvec, affd);
	msix->pdev = dev;
	msix_control(dev, 0, PCI_MSIX_FLAGS_MASKALL | PCI_MSIX_FLAGS_ENABLE);
	msix->table = map_table(dev, entries);
	err = msix->table ? take_vectors(msix, nvec, masks) : -ENOMEM;
	kfree(masks);
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
			     struct irq_affinity *affd)
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
	/* Spread vectors are never more than there are CPUs. */
	if (affd && nvec >= min_vecs)
		nvec = irq_calc_affinity_vectors(min_vecs, nvec, affd);
	if (!nvec || nvec < min_vecs)
		return -ENOSPC;
	err = msix_enable(dev, nvec, (unsigned int)entries, affd);
	return err ? err : (int)nvec;
}

static int alloc_vectors(struct pci_dev *dev, unsigned int min_vecs,
			 unsigned int max_vecs, unsigned int flags,
			 struct irq_affinity *affd)
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
	struct irq_affinity all = { 0 };
	int got;

	guest_may_sleep("pci_alloc_irq_vectors");
	if (!(flags & PCI_IRQ_AFFINITY))
		affd = NULL;
	else if (!affd)
		affd = &all;
	got = alloc_vectors(dev, min_vecs, max_vecs, flags, affd);
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
		return nr < dev->msix->nvec ? dev->msix->irqs[nr] : -EINVAL;
	return nr == 0 ? (int)dev->irq : -EINVAL;
}

const struct cpumask *pci_irq_get_affinity(struct pci_dev *dev, int nr)
{
	int irq = pci_irq_vector(dev, (unsigned int)nr);
	struct irq_desc *desc = irq > 0 ? guest_irq_desc((unsigned int)irq) :
					  NULL;

	return nr >= 0 && desc ? &desc->affinity : NULL;
}
