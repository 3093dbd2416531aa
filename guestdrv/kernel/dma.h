/* SPDX-License-Identifier: MIT */
/* DMA mappings: between dma.c and dma_bounce.c. */
#ifndef GUESTDRV_KERNEL_DMA_H
#define GUESTDRV_KERNEL_DMA_H

#include <linux/dma-mapping.h>
#include "guestdrv/kernel/kernel.h"

struct dma_entry {
	struct dma_entry *next;
	dma_addr_t addr;
	size_t size;
	enum dma_data_direction dir;
	u32 device;
	void *original; /* the driver's bytes */
};

/* A copy of the buffer for the device, or DMA_MAPPING_ERROR. */
dma_addr_t guest_bounce_map(const void *original, size_t size);
/* Copies back what the device may have written; the copy is gone. */
void guest_bounce_unmap(const struct dma_entry *e);
void guest_bounce_sync(const struct dma_entry *e, dma_addr_t addr,
		       size_t size, bool for_cpu);

#endif
