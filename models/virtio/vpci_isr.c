/* SPDX-License-Identifier: MIT */
/*
 * ISR status of virtio-pci (virtio 1.2 4.1.4.5): one byte that says why the pin
 * is asserted, in the modern interface a structure of its own, in the legacy one
 * a register.  vpci.c sets its bits.
 */
#include "models/virtio/vpci.h"

/* What reading ISR status has nothing to do with. */
static void drop_pending(struct vpci *v)
{
	for (uint32_t vector = 0; vector < v->msix.entries; vector++)
		if (pci_msix_is_pending(&v->msix, vector) &&
		    virtio_quirk(v->vdev, VIRTIO_QUIRK_ISR_PENDING,
				 VIRTIO_NO_QUEUE))
			pci_msix_clear_pending(&v->msix, vector);
}

/* Reading acknowledges: all bits clear, the line goes down (4.1.4.5.1). */
uint64_t vpci_read_isr(void *owner, const struct reg *r, uint64_t stored)
{
	struct vpci *v = owner;
	uint8_t isr = v->isr;

	(void)r;
	(void)stored;
	drop_pending(v);
	if (!isr)
		return 0;
	if (virtio_quirk(v->vdev, VIRTIO_QUIRK_ISR_KEPT, VIRTIO_NO_QUEUE))
		return isr;
	v->isr = 0;
	if (!virtio_quirk(v->vdev, VIRTIO_QUIRK_ISR_LINE, VIRTIO_NO_QUEUE))
		pci_cfg_set_intx(&v->cfg, false);
	return isr;
}

static const struct reg isr_rows[] = {
	{ "ISR status", 0x00, 1, 0, 0, 0, "virtio 1.2 4.1.4.5",
	  "bit 0: a queue, bit 1: the configuration; reading clears",
	  vpci_read_isr, NULL },
};

const struct reg_block vpci_isr_regs = {
	"virtio-pci ISR status", isr_rows, 1, 8,
};

uint64_t vpci_isr_read(struct vpci *v, uint32_t offset, uint32_t width)
{
	uint8_t store[8] = { 0 };

	if (offset >= sizeof(store))
		return 0;
	vpci_check_width(v, &vpci_isr_regs, offset, width);
	return reg_block_read(&vpci_isr_regs, store, v, offset, width);
}
