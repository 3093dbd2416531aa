/* SPDX-License-Identifier: MIT */
/*
 * Memory that devices reach.  Bus addresses are guest physical addresses,
 * unless the guest option dma=bounce gives each mapping a copy.  Every mapping
 * is in a table, and what is not DMA-able or not mapped that way is reported
 * (kernel/dma.c).
 */
#ifndef LINUX_DMA_MAPPING_H
#define LINUX_DMA_MAPPING_H

#include <linux/device.h>
#include <linux/dma-direction.h>
#include <linux/mm.h>
#include <linux/scatterlist.h>

#define DMA_MAPPING_ERROR (~(dma_addr_t)0)
#define DMA_BIT_MASK(n) ((n) == 64 ? ~0ull : (1ull << (n)) - 1)
#define DMA_ATTR_WEAK_ORDERING (1ul << 1)
#define DMA_ATTR_SKIP_CPU_SYNC (1ul << 5)

dma_addr_t guest_dma_map(struct device *dev, phys_addr_t pa, size_t size,
			 enum dma_data_direction dir);
void guest_dma_unmap(struct device *dev, dma_addr_t addr, size_t size,
		     enum dma_data_direction dir);
dma_addr_t dma_map_single_attrs(struct device *dev, void *ptr, size_t size,
				enum dma_data_direction dir,
				unsigned long attrs);

static inline dma_addr_t dma_map_page_attrs(struct device *dev,
					    struct page *page, size_t offset,
					    size_t size,
					    enum dma_data_direction dir,
					    unsigned long attrs)
{
	(void)attrs;
	return guest_dma_map(dev, page_to_phys(page) + offset, size, dir);
}

static inline void dma_unmap_page_attrs(struct device *dev, dma_addr_t addr,
					size_t size,
					enum dma_data_direction dir,
					unsigned long attrs)
{
	(void)attrs;
	guest_dma_unmap(dev, addr, size, dir);
}

#define dma_map_single(d, p, s, r) dma_map_single_attrs(d, p, s, r, 0)
#define dma_unmap_single(d, a, s, r) dma_unmap_page_attrs(d, a, s, r, 0)
#define dma_unmap_single_attrs(d, a, s, r, t) \
	dma_unmap_page_attrs(d, a, s, r, t)
#define dma_map_page(d, p, o, s, r) dma_map_page_attrs(d, p, o, s, r, 0)
#define dma_unmap_page(d, a, s, r) dma_unmap_page_attrs(d, a, s, r, 0)

/* 0, or -ENOMEM.  To be asked about each mapping but those of dma_map_sg; who
 * does not is told so when the mapping is undone. */
int __must_check dma_mapping_error(struct device *dev, dma_addr_t addr);

/* Entries mapped; 0: error. */
int dma_map_sg(struct device *dev, struct scatterlist *sgl, int nents,
	       enum dma_data_direction dir);
void dma_unmap_sg(struct device *dev, struct scatterlist *sgl, int nents,
		  enum dma_data_direction dir);
void dma_sync_single_for_cpu(struct device *dev, dma_addr_t addr, size_t size,
			     enum dma_data_direction dir);
void dma_sync_single_for_device(struct device *dev, dma_addr_t addr,
				size_t size, enum dma_data_direction dir);

#define dma_sync_single_range_for_cpu(dev, addr, offset, size, dir) \
	dma_sync_single_for_cpu((dev), (addr) + (offset), (size), (dir))
#define dma_sync_single_range_for_device(dev, addr, offset, size, dir) \
	dma_sync_single_for_device((dev), (addr) + (offset), (size), (dir))

/* Whether a sync does anything may change with the scenario: always ask. */
static inline bool dma_need_sync(struct device *dev, dma_addr_t addr)
{
	(void)dev;
	(void)addr;
	return true;
}

/* Whole pages, page-aligned. */
void *dma_alloc_coherent(struct device *dev, size_t size, dma_addr_t *addr,
			 gfp_t gfp);
void dma_free_coherent(struct device *dev, size_t size, void *virt,
		       dma_addr_t addr);

int dma_set_mask(struct device *dev, u64 mask);
int dma_set_coherent_mask(struct device *dev, u64 mask);
int dma_set_mask_and_coherent(struct device *dev, u64 mask);
size_t dma_max_mapping_size(struct device *dev);

#endif
