/* SPDX-License-Identifier: MIT */
/*
 * The guest option dma=bounce: the device gets a copy of each mapped buffer.  A
 * driver that touches a buffer it has handed over, or looks at it before it
 * took it back, sees or sends the wrong bytes, as it would with a bouncing
 * IOMMU.
 */
#include "guestdrv/kernel/dma.h"

#include <linux/string.h>

dma_addr_t guest_bounce_map(const void *original, size_t size)
{
	struct page *page = guest_pages_take(0, get_order(size));

	if (!page)
		return DMA_MAPPING_ERROR;
	/* Also for what the device writes: it may write less than all. */
	memcpy(page_address(page), original, size);
	return page_to_phys(page);
}

void guest_bounce_unmap(const struct dma_entry *e)
{
	u8 *copy = phys_to_virt(e->addr);

	if (e->dir != DMA_TO_DEVICE)
		memcpy(e->original, copy, e->size);
	memset(copy, POISON_FREE, e->size);
	guest_pages_give(virt_to_page(copy), get_order(e->size));
}

void guest_bounce_sync(const struct dma_entry *e, dma_addr_t addr,
		       size_t size, bool for_cpu)
{
	u8 *copy = phys_to_virt(addr), *original;

	if (!e || size > e->size - (addr - e->addr))
		return;
	original = (u8 *)e->original + (addr - e->addr);
	if (for_cpu && e->dir != DMA_TO_DEVICE)
		memcpy(original, copy, size);
	if (!for_cpu && e->dir != DMA_FROM_DEVICE)
		memcpy(copy, original, size);
}
