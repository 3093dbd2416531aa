/* SPDX-License-Identifier: MIT */
/*
 * DMA mappings.  Bus addresses are physical addresses; a table remembers every
 * mapping, so that what is unmapped was mapped that way, and what is mapped is
 * memory that a device may reach: allocated, and not on a stack.
 */
#include "guestdrv/kernel/dma.h"

#include <linux/bug.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <ringside/image.h>
#include <ringside/note.h>

#define BUCKETS 256u
#define CHUNK 62u

GUEST_FAULT_SITE(site_map, "guest.dma.map");

struct chunk {
	struct chunk *next;
	struct dma_entry entries[CHUNK];
};

static struct {
	struct dma_entry *buckets[BUCKETS];
	struct dma_entry *free;
	struct chunk *chunks;
	bool bounce;
} dma;

int guest_dma_boot(void)
{
	const char *mode = guest_option("dma");

	memset(&dma, 0, sizeof(dma));
	dma.bounce = mode && !strcmp(mode, "bounce");
	if (mode && !dma.bounce && strcmp(mode, "direct")) {
		printk(KERN_ERR "guest option dma: neither direct nor bounce: %s\n",
		       mode);
		return -EINVAL;
	}
	return 0;
}

void guest_dma_shutdown(void)
{
	struct chunk *chunk = dma.chunks;

	while (chunk) {
		struct chunk *next = chunk->next;

		kfree(chunk);
		chunk = next;
	}
	memset(&dma, 0, sizeof(dma));
}

/* ---- the table ---- */

static struct dma_entry **bucket(dma_addr_t addr)
{
	return &dma.buckets[(addr >> 4 ^ addr >> 12) % BUCKETS];
}

static bool grow(void)
{
	struct chunk *chunk = guest_alloc(sizeof(*chunk));
	u32 i;

	if (!chunk)
		return false;
	chunk->next = dma.chunks;
	dma.chunks = chunk;
	for (i = 0; i < CHUNK; i++) {
		chunk->entries[i].next = dma.free;
		dma.free = &chunk->entries[i];
	}
	return true;
}

static struct dma_entry *entry_add(dma_addr_t addr)
{
	struct dma_entry *e;

	if (!dma.free && !grow())
		return NULL;
	e = dma.free;
	dma.free = e->next;
	e->addr = addr;
	e->next = *bucket(addr);
	*bucket(addr) = e;
	return e;
}

static struct dma_entry *entry_take(dma_addr_t addr, size_t size,
				    enum dma_data_direction dir)
{
	struct dma_entry **at, *e;

	for (at = bucket(addr); *at; at = &(*at)->next) {
		e = *at;
		if (e->addr == addr && e->size == size && e->dir == dir) {
			*at = e->next;
			return e;
		}
	}
	return NULL;
}

static void entry_free(struct dma_entry *e)
{
	e->next = dma.free;
	dma.free = e;
}

/* ---- map and unmap ---- */

static void check_memory(const struct device *dev, phys_addr_t pa, size_t size)
{
	if (!guest_range_allocated(pa, size))
		guest_bug("dma-not-able",
			  "%s: a DMA mapping of %zu bytes is not in allocated guest RAM",
			  dev_name(dev), size);
	if (!guest_slab_covers(phys_to_virt(pa), size))
		guest_bug("dma-not-able",
			  "%s: a DMA mapping of %zu bytes is freed, or leaves its block",
			  dev_name(dev), size);
}

dma_addr_t guest_dma_map(struct device *dev, phys_addr_t pa, size_t size,
			 enum dma_data_direction dir)
{
	struct dma_entry *e;

	check_memory(dev, pa, size);
	if (guest_fault(&site_map, dev, (u32)size))
		return DMA_MAPPING_ERROR;
	if (dev->dma_mask && pa + size - 1 > *dev->dma_mask)
		return DMA_MAPPING_ERROR;
	if (unlikely(dma.bounce)) {
		dma_addr_t addr = guest_bounce_map(phys_to_virt(pa), size);

		e = addr == DMA_MAPPING_ERROR ? NULL : entry_add(addr);
	} else {
		e = entry_add(pa);
	}
	if (!e)
		return DMA_MAPPING_ERROR;
	e->size = size;
	e->dir = dir;
	e->device = guest_device_bdf(dev);
	e->original = phys_to_virt(pa);
	guest_account(MACHINE_RES_DMA_MAPPING, e->addr, (s64)size, e->device);
	return e->addr;
}

void guest_dma_unmap(struct device *dev, dma_addr_t addr, size_t size,
		     enum dma_data_direction dir)
{
	struct dma_entry *e = entry_take(addr, size, dir);

	if (!e)
		guest_bug("bad-free",
			  "%s: DMA unmap of %zu bytes at 0x%llx that are not mapped with that size and direction",
			  dev_name(dev), size, addr);
	guest_account(MACHINE_RES_DMA_MAPPING, addr, -(s64)size, e->device);
	if (unlikely(dma.bounce))
		guest_bounce_unmap(e);
	entry_free(e);
}

dma_addr_t dma_map_single_attrs(struct device *dev, void *ptr, size_t size,
				enum dma_data_direction dir,
				unsigned long attrs)
{
	(void)attrs;
	if (unlikely(!virt_addr_valid(ptr)))
		guest_bug("dma-not-able",
			  "%s: a DMA mapping of %zu bytes is on a stack or in static data",
			  dev_name(dev), size);
	return guest_dma_map(dev, virt_to_phys(ptr), size, dir);
}

int dma_map_sg(struct device *dev, struct scatterlist *sgl, int nents,
	       enum dma_data_direction dir)
{
	struct scatterlist *sg;
	int i;

	for_each_sg(sgl, sg, nents, i) {
		sg->dma_address = guest_dma_map(dev, sg_phys(sg), sg->length,
						dir);
		if (sg->dma_address == DMA_MAPPING_ERROR) {
			dma_unmap_sg(dev, sgl, i, dir);
			return 0;
		}
		sg->dma_length = sg->length;
	}
	return nents;
}

void dma_unmap_sg(struct device *dev, struct scatterlist *sgl, int nents,
		  enum dma_data_direction dir)
{
	struct scatterlist *sg;
	int i;

	for_each_sg(sgl, sg, nents, i)
		guest_dma_unmap(dev, sg->dma_address, sg->dma_length, dir);
}

static struct dma_entry *entry_around(dma_addr_t addr)
{
	struct dma_entry *e;
	u32 i;

	for (i = 0; i < BUCKETS; i++)
		for (e = dma.buckets[i]; e; e = e->next)
			if (addr - e->addr < e->size)
				return e;
	return NULL;
}

void dma_sync_single_for_cpu(struct device *dev, dma_addr_t addr, size_t size,
			     enum dma_data_direction dir)
{
	(void)dev;
	(void)dir;
	if (dma.bounce)
		guest_bounce_sync(entry_around(addr), addr, size, true);
}

void dma_sync_single_for_device(struct device *dev, dma_addr_t addr,
				size_t size, enum dma_data_direction dir)
{
	(void)dev;
	(void)dir;
	if (dma.bounce)
		guest_bounce_sync(entry_around(addr), addr, size, false);
}

/* ---- memory that both sides see ---- */

void *dma_alloc_coherent(struct device *dev, size_t size, dma_addr_t *addr,
			 gfp_t gfp)
{
	u8 *virt;

	if (!size)
		return NULL;
	virt = alloc_pages_exact(size, gfp | __GFP_ZERO);
	if (!virt)
		return NULL;
	*addr = virt_to_phys(virt);
	guest_account(MACHINE_RES_DMA_MAPPING, *addr, (s64)size,
		      guest_device_bdf(dev));
	return virt;
}

void dma_free_coherent(struct device *dev, size_t size, void *virt,
		       dma_addr_t addr)
{
	if (!virt)
		return;
	guest_account(MACHINE_RES_DMA_MAPPING, addr, -(s64)size,
		      guest_device_bdf(dev));
	free_pages_exact(virt, size);
}

int dma_set_mask(struct device *dev, u64 mask)
{
	if (!dev->dma_mask)
		return -EIO;
	*dev->dma_mask = mask;
	return 0;
}

int dma_set_coherent_mask(struct device *dev, u64 mask)
{
	dev->coherent_dma_mask = mask;
	return 0;
}

int dma_set_mask_and_coherent(struct device *dev, u64 mask)
{
	int err = dma_set_mask(dev, mask);

	return err ? err : dma_set_coherent_mask(dev, mask);
}

size_t dma_max_mapping_size(struct device *dev)
{
	(void)dev;
	return SIZE_MAX;
}
