/* SPDX-License-Identifier: MIT */
/*
 * DMA mappings.  Bus addresses are physical addresses; a table remembers every
 * mapping, so that what is unmapped was mapped that way, and what is mapped is
 * memory that a device may reach: allocated, and not on a stack.  What does not
 * fit is told apart in dma_check.c.
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
GUEST_FAULT_SITE(site_coherent, "guest.dma.alloc_coherent");
GUEST_FAULT_SITE(site_mask, "guest.dma.set_mask");

struct chunk {
	struct chunk *next;
	struct dma_entry entries[CHUNK];
};

static struct {
	struct dma_entry *buckets[BUCKETS];
	struct dma_entry *free;
	struct chunk *chunks;
	struct dma_entry *newest; /* mapped last: dma_mapping_error asks for it */
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

static bool entry_is(const struct dma_entry *e, const struct dma_claim *c)
{
	return e->addr == c->addr && e->size == c->size && e->dir == c->dir &&
	       e->kind == c->kind && e->dev == c->dev;
}

static struct dma_entry *entry_take(const struct dma_claim *c)
{
	struct dma_entry **at, *e;

	for (at = bucket(c->addr); *at; at = &(*at)->next) {
		e = *at;
		if (entry_is(e, c)) {
			*at = e->next;
			return e;
		}
	}
	return NULL;
}

/* It keeps what it was, for guest_dma_gone. */
static void entry_free(struct dma_entry *e)
{
	e->next = dma.free;
	dma.free = e;
	if (dma.newest == e)
		dma.newest = NULL;
}

struct dma_entry *guest_dma_at(dma_addr_t addr)
{
	struct dma_entry *e = *bucket(addr);

	while (e && e->addr != addr)
		e = e->next;
	return e;
}

struct dma_entry *guest_dma_around(dma_addr_t addr)
{
	struct dma_entry *e = guest_dma_at(addr);
	u32 i;

	for (i = 0; !e && i < BUCKETS; i++)
		for (e = dma.buckets[i]; e; e = e->next)
			if (addr - e->addr < e->size)
				break;
	return e;
}

const struct dma_entry *guest_dma_gone(dma_addr_t addr)
{
	const struct dma_entry *e = dma.free;

	while (e && (e->addr != addr || !e->size))
		e = e->next;
	return e;
}

/* ---- map and unmap ---- */

static const enum machine_resource resource_of[] = {
	[DMA_BIDIRECTIONAL] = MACHINE_RES_DMA_MAPPING,
	[DMA_TO_DEVICE] = MACHINE_RES_DMA_TO_DEVICE,
	[DMA_FROM_DEVICE] = MACHINE_RES_DMA_FROM_DEVICE,
};

static void check_memory(const struct device *dev, phys_addr_t pa, size_t size)
{
	if (likely(guest_slab_holds(pa, size)))
		return;
	if (!guest_range_allocated(pa, size))
		guest_bug("dma-not-able",
			  "%s: a DMA mapping of %zu bytes is not in allocated guest RAM",
			  dev_name(dev), size);
	if (!guest_slab_covers(phys_to_virt(pa), size))
		guest_bug("dma-not-able",
			  "%s: a DMA mapping of %zu bytes is freed, or leaves its block",
			  dev_name(dev), size);
}

static struct dma_entry *entry_map(phys_addr_t pa, size_t size)
{
	dma_addr_t addr;

	if (likely(!dma.bounce))
		return entry_add(pa);
	addr = guest_bounce_map(phys_to_virt(pa), size);
	return addr == DMA_MAPPING_ERROR ? NULL : entry_add(addr);
}

static void entry_account(const struct dma_entry *e, s64 amount)
{
	guest_account(resource_of[e->dir], e->addr, amount, e->device);
}

static struct dma_entry *map(struct device *dev, phys_addr_t pa, size_t size,
			     enum dma_data_direction dir, enum dma_kind kind)
{
	u32 device = guest_device_bdf(dev);
	struct dma_entry *e;

	if (unlikely((u32)dir >= ARRAY_SIZE(resource_of)))
		guest_bug("dma-wrong-direction",
			  "%s: a DMA mapping of %zu bytes has no direction",
			  dev_name(dev), size);
	check_memory(dev, pa, size);
	if (guest_fault_at(&site_map, device, (u32)size))
		return NULL;
	if (dev->dma_mask && pa + size - 1 > *dev->dma_mask)
		return NULL;
	e = entry_map(pa, size);
	if (!e)
		return NULL;
	e->size = size;
	e->dir = dir;
	e->kind = kind;
	e->checked = kind != DMA_KIND_SINGLE;
	e->dev = dev;
	e->device = device;
	e->nents = 0;
	e->original = phys_to_virt(pa);
	entry_account(e, (s64)size);
	return e;
}

static void unmap(const struct dma_claim *c)
{
	struct dma_entry *e = entry_take(c);

	if (unlikely(!e))
		guest_dma_mismatch(c);
	if (unlikely(!e->checked))
		guest_dma_unchecked(e);
	entry_account(e, -(s64)e->size);
	if (unlikely(dma.bounce) && e->kind != DMA_KIND_COHERENT)
		guest_bounce_unmap(e);
	entry_free(e);
}

dma_addr_t guest_dma_map(struct device *dev, phys_addr_t pa, size_t size,
			 enum dma_data_direction dir)
{
	struct dma_entry *e = map(dev, pa, size, dir, DMA_KIND_SINGLE);

	if (!e)
		return DMA_MAPPING_ERROR;
	dma.newest = e;
	return e->addr;
}

void guest_dma_unmap(struct device *dev, dma_addr_t addr, size_t size,
		     enum dma_data_direction dir)
{
	struct dma_claim c = { dev, addr, size, dir, DMA_KIND_SINGLE };

	unmap(&c);
}

static void mark_checked(const struct device *dev, dma_addr_t addr)
{
	struct dma_entry *e = *bucket(addr);

	for (; e; e = e->next) {
		if (e->addr == addr && e->dev == dev && !e->checked) {
			e->checked = true;
			return;
		}
	}
}

/* Nearly always asked right after the mapping that it is about. */
int dma_mapping_error(struct device *dev, dma_addr_t addr)
{
	struct dma_entry *e = dma.newest;

	if (unlikely(addr == DMA_MAPPING_ERROR))
		return -ENOMEM;
	if (likely(e && e->addr == addr && !e->checked))
		e->checked = true;
	else
		mark_checked(dev, addr);
	return 0;
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

/* ---- lists ---- */

static void unmap_entries(struct device *dev, struct scatterlist *sgl,
			  int nents, enum dma_data_direction dir)
{
	struct scatterlist *sg;
	int i;

	for_each_sg(sgl, sg, nents, i) {
		struct dma_claim c = { dev, sg->dma_address, sg->dma_length,
				       dir, DMA_KIND_SG };

		unmap(&c);
	}
}

int dma_map_sg(struct device *dev, struct scatterlist *sgl, int nents,
	       enum dma_data_direction dir)
{
	struct dma_entry *e, *first = NULL;
	struct scatterlist *sg;
	int i;

	for_each_sg(sgl, sg, nents, i) {
		e = map(dev, sg_phys(sg), sg->length, dir, DMA_KIND_SG);
		if (!e) {
			unmap_entries(dev, sgl, i, dir);
			return 0;
		}
		sg->dma_address = e->addr;
		sg->dma_length = sg->length;
		first = first ? first : e;
	}
	if (first)
		first->nents = nents;
	return nents;
}

void dma_unmap_sg(struct device *dev, struct scatterlist *sgl, int nents,
		  enum dma_data_direction dir)
{
	const struct dma_entry *first = guest_dma_at(sgl->dma_address);

	while (first && (first->addr != sgl->dma_address || !first->nents))
		first = first->next;
	if (first && first->nents != nents)
		guest_bug("dma-wrong-size",
			  "%s: dma_unmap_sg of %d entries; %d were mapped",
			  dev_name(dev), nents, first->nents);
	unmap_entries(dev, sgl, nents, dir);
}

/* ---- handing over without unmapping ---- */

void dma_sync_single_for_cpu(struct device *dev, dma_addr_t addr, size_t size,
			     enum dma_data_direction dir)
{
	struct dma_claim c = { dev, addr, size, dir, DMA_KIND_SINGLE };
	const struct dma_entry *e = guest_dma_check_sync(&c);

	if (dma.bounce)
		guest_bounce_sync(e, addr, size, true);
}

void dma_sync_single_for_device(struct device *dev, dma_addr_t addr,
				size_t size, enum dma_data_direction dir)
{
	struct dma_claim c = { dev, addr, size, dir, DMA_KIND_SINGLE };
	const struct dma_entry *e = guest_dma_check_sync(&c);

	if (dma.bounce)
		guest_bounce_sync(e, addr, size, false);
}

/* ---- memory that both sides see ---- */

/* It is mapped where it lies, also with dma=bounce. */
static struct dma_entry *map_coherent(struct device *dev, u8 *virt, size_t size)
{
	struct dma_entry *e = entry_add(virt_to_phys(virt));

	if (!e)
		return NULL;
	*e = (struct dma_entry){
		.next = e->next,
		.addr = e->addr,
		.size = size,
		.dir = DMA_BIDIRECTIONAL,
		.kind = DMA_KIND_COHERENT,
		.checked = true,
		.dev = dev,
		.device = guest_device_bdf(dev),
		.original = virt,
	};
	entry_account(e, (s64)size);
	return e;
}

void *dma_alloc_coherent(struct device *dev, size_t size, dma_addr_t *addr,
			 gfp_t gfp)
{
	u8 *virt;

	if (!size || guest_fault(&site_coherent, dev, (u32)size))
		return NULL;
	virt = alloc_pages_exact(size, gfp | __GFP_ZERO);
	if (!virt)
		return NULL;
	if (!map_coherent(dev, virt, size)) {
		free_pages_exact(virt, size);
		return NULL;
	}
	*addr = virt_to_phys(virt);
	return virt;
}

void dma_free_coherent(struct device *dev, size_t size, void *virt,
		       dma_addr_t addr)
{
	struct dma_claim c = { dev, addr, size, DMA_BIDIRECTIONAL,
			       DMA_KIND_COHERENT };

	if (!virt)
		return;
	if (virt_addr_valid(virt) && virt_to_phys(virt) != addr)
		guest_bug("dma-not-mapped",
			  "%s: dma_free_coherent of %zu bytes: the two addresses are not of one allocation",
			  dev_name(dev), size);
	unmap(&c);
	free_pages_exact(virt, size);
}

int dma_set_mask(struct device *dev, u64 mask)
{
	int err;

	if (!dev->dma_mask)
		return -EIO;
	err = guest_fault(&site_mask, dev, (u32)fls64(mask));
	if (err)
		return err;
	*dev->dma_mask = mask;
	return 0;
}

int dma_set_coherent_mask(struct device *dev, u64 mask)
{
	int err = guest_fault(&site_mask, dev, (u32)fls64(mask));

	if (!err)
		dev->coherent_dma_mask = mask;
	return err;
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
