/* SPDX-License-Identifier: MIT */
/* DMA mappings: between dma.c, dma_check.c and dma_bounce.c. */
#ifndef GUESTDRV_KERNEL_DMA_H
#define GUESTDRV_KERNEL_DMA_H

#include <linux/dma-mapping.h>
#include "guestdrv/kernel/kernel.h"

/* By which pair of functions memory is mapped and unmapped. */
enum dma_kind {
	DMA_KIND_SINGLE,   /* dma_map_single, dma_map_page: one with Linux too */
	DMA_KIND_SG,
	DMA_KIND_COHERENT,
};

struct dma_entry {
	struct dma_entry *next;
	dma_addr_t addr;
	size_t size;
	enum dma_data_direction dir;
	enum dma_kind kind;
	bool checked;    /* dma_mapping_error was asked */
	u32 device;
	int nents;       /* of the list that begins here, or 0 */
	const struct device *dev;
	void *original;  /* the driver's bytes */
};

/* What a driver says about a mapping when it unmaps or syncs it. */
struct dma_claim {
	const struct device *dev;
	dma_addr_t addr;
	size_t size;
	enum dma_data_direction dir;
	enum dma_kind kind;
};

/* ---- dma.c ---- */
/* A live mapping that begins there; NULL: none. */
struct dma_entry *guest_dma_at(dma_addr_t addr);
/* A live mapping in which the address lies; NULL: none. */
struct dma_entry *guest_dma_around(dma_addr_t addr);
/* The last mapping that began there and is gone; NULL: none is remembered. */
const struct dma_entry *guest_dma_gone(dma_addr_t addr);

/* ---- dma_check.c ---- */
/* No mapping is exactly as the claim says: tells which difference it is. */
void guest_dma_mismatch(const struct dma_claim *c) __noreturn __cold;
/* A mapping is undone that nobody asked dma_mapping_error about. */
void guest_dma_unchecked(const struct dma_entry *e) __noreturn __cold;
/* The mapping that the sync is for; reports what is none. */
const struct dma_entry *guest_dma_check_sync(const struct dma_claim *c);

/* ---- dma_bounce.c ---- */
/* A copy of the buffer for the device, or DMA_MAPPING_ERROR. */
dma_addr_t guest_bounce_map(const void *original, size_t size);
/* Copies back what the device may have written; the copy is gone. */
void guest_bounce_unmap(const struct dma_entry *e);
void guest_bounce_sync(const struct dma_entry *e, dma_addr_t addr,
		       size_t size, bool for_cpu);

#endif
