/* SPDX-License-Identifier: MIT */
/*
 * What is wrong with an unmap or a sync that fits no mapping.  The rules are
 * those of the kernel's DMA API documentation and of its CONFIG_DMA_API_DEBUG:
 * undone with the size, direction, kind of function and device with which it
 * was made, once, and after dma_mapping_error was asked.
 */
#include "guestdrv/kernel/dma.h"

#include <linux/bug.h>

static const char *direction_name(enum dma_data_direction dir)
{
	static const char *const names[] = {
		[DMA_BIDIRECTIONAL] = "DMA_BIDIRECTIONAL",
		[DMA_TO_DEVICE] = "DMA_TO_DEVICE",
		[DMA_FROM_DEVICE] = "DMA_FROM_DEVICE",
	};

	return (u32)dir < ARRAY_SIZE(names) ? names[dir] : "DMA_NONE";
}

static const char *map_name(enum dma_kind kind)
{
	static const char *const names[] = {
		[DMA_KIND_SINGLE] = "dma_map_single or dma_map_page",
		[DMA_KIND_SG] = "dma_map_sg",
		[DMA_KIND_COHERENT] = "dma_alloc_coherent",
	};

	return names[kind];
}

static const char *unmap_name(enum dma_kind kind)
{
	static const char *const names[] = {
		[DMA_KIND_SINGLE] = "DMA unmap",
		[DMA_KIND_SG] = "dma_unmap_sg",
		[DMA_KIND_COHERENT] = "dma_free_coherent",
	};

	return names[kind];
}

/* How many of the things that a claim states the mapping has. */
static unsigned int likeness(const struct dma_entry *e,
			     const struct dma_claim *c)
{
	return (e->dev == c->dev) + (e->kind == c->kind) +
	       (e->size == c->size) + (e->dir == c->dir);
}

/* Several may begin at one address: the most alike is the one that was meant. */
static const struct dma_entry *meant(const struct dma_claim *c)
{
	const struct dma_entry *e = guest_dma_at(c->addr), *best = e;

	for (; e; e = e->next)
		if (e->addr == c->addr && likeness(e, c) > likeness(best, c))
			best = e;
	return best;
}

static void __noreturn __cold no_mapping(const struct dma_claim *c,
					 const char *who)
{
	const struct dma_entry *e = guest_dma_around(c->addr);

	if (e)
		guest_bug("dma-not-mapped",
			  "%s: %s of %zu bytes begins at byte %llu of a mapping of %zu",
			  dev_name(c->dev), who, c->size, c->addr - e->addr,
			  e->size);
	if (guest_dma_gone(c->addr))
		guest_bug("dma-unmap-twice",
			  "%s: %s of %zu bytes at 0x%llx, which were unmapped before",
			  dev_name(c->dev), who, c->size, c->addr);
	guest_bug("dma-not-mapped",
		  "%s: %s of %zu bytes at 0x%llx, which were never mapped",
		  dev_name(c->dev), who, c->size, c->addr);
}

static void check_device(const struct dma_entry *e, const struct dma_claim *c,
			 const char *who)
{
	if (e->dev != c->dev)
		guest_bug("dma-wrong-device",
			  "%s: %s of %zu bytes that are mapped for the device at %02x:%02x.%u",
			  dev_name(c->dev), who, c->size, e->device >> 8,
			  e->device >> 3 & 31, e->device & 7);
}

void guest_dma_mismatch(const struct dma_claim *c)
{
	const char *who = unmap_name(c->kind);
	const struct dma_entry *e = meant(c);

	if (!e)
		no_mapping(c, who);
	check_device(e, c, who);
	if (e->kind != c->kind)
		guest_bug("dma-wrong-kind",
			  "%s: %s of %zu bytes that were mapped by %s",
			  dev_name(c->dev), who, c->size, map_name(e->kind));
	if (e->size != c->size)
		guest_bug("dma-wrong-size",
			  "%s: %s of %zu bytes; %zu were mapped",
			  dev_name(c->dev), who, c->size, e->size);
	guest_bug("dma-wrong-direction",
		  "%s: %s of %zu bytes with %s that were mapped with %s",
		  dev_name(c->dev), who, c->size, direction_name(c->dir),
		  direction_name(e->dir));
}

void guest_dma_unchecked(const struct dma_entry *e)
{
	guest_bug("dma-not-checked",
		  "%s: a DMA mapping of %zu bytes was used, and dma_mapping_error was never asked about it",
		  dev_name(e->dev), e->size);
}

const struct dma_entry *guest_dma_check_sync(const struct dma_claim *c)
{
	const struct dma_entry *e = meant(c);
	u64 off;

	if (!e)
		e = guest_dma_around(c->addr);
	if (!e)
		no_mapping(c, "DMA sync");
	check_device(e, c, "DMA sync");
	off = c->addr - e->addr;
	if (c->size > e->size - off)
		guest_bug("dma-sync-beyond",
			  "%s: DMA sync of %zu bytes from byte %llu of a mapping of %zu",
			  dev_name(c->dev), c->size, off, e->size);
	if (e->dir != DMA_BIDIRECTIONAL && e->dir != c->dir)
		guest_bug("dma-wrong-direction",
			  "%s: DMA sync of %zu bytes with %s that are mapped with %s",
			  dev_name(c->dev), c->size, direction_name(c->dir),
			  direction_name(e->dir));
	return e;
}
