/* SPDX-License-Identifier: MIT */
/* Cases of DMA mappings (dma.c, dma_check.c, dma_bounce.c) and scatterlists. */
#include <linux/dma-mapping.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include "tests/unit/guest_kernel/guest/cases.h"
#include "tests/unit/guest_kernel/guest/toy.h"

/* A buffer that is mapped as a driver should; 0: it could not be. */
static dma_addr_t mapped(struct device *dev, void *p, size_t size,
			 enum dma_data_direction dir)
{
	dma_addr_t a = dma_map_single(dev, p, size, dir);

	return dma_mapping_error(dev, a) ? 0 : a;
}

GUEST_CASE(mappings_are_physical_addresses)
{
	struct device *dev = &toy_dev()->dev;
	u8 *p = kmalloc(600, GFP_KERNEL);
	dma_addr_t a, b, c;

	a = dma_map_single(dev, p, 600, DMA_TO_DEVICE);
	CHECK(!dma_mapping_error(dev, a) && a == virt_to_phys(p));
	/* A part, and the same again: one bus address, several mappings. */
	b = dma_map_single(dev, p + 100, 10, DMA_FROM_DEVICE);
	c = dma_map_single(dev, p + 100, 10, DMA_TO_DEVICE);
	CHECK(!dma_mapping_error(dev, b) && !dma_mapping_error(dev, c));
	CHECK(b == a + 100 && c == b);
	dma_unmap_single(dev, c, 10, DMA_TO_DEVICE);
	dma_unmap_single(dev, b, 10, DMA_FROM_DEVICE);
	dma_unmap_single(dev, a, 600, DMA_TO_DEVICE);
	kfree(p);
	return 0;
}

GUEST_CASE(many_mappings)
{
	struct device *dev = &toy_dev()->dev;
	u8 *p = kmalloc(100000, GFP_KERNEL);
	u32 i;

	for (i = 0; i < 1000; i++)
		mapped(dev, p + i * 100, 100, DMA_TO_DEVICE);
	for (i = 1000; i-- > 0;)
		dma_unmap_single(dev, virt_to_phys(p) + i * 100, 100,
				 DMA_TO_DEVICE);
	kfree(p);
	return 0;
}

GUEST_CASE(scatterlists)
{
	struct device *dev = &toy_dev()->dev;
	struct scatterlist sg[4], more[2], *at;
	u8 *p = kmalloc(64, GFP_KERNEL), text[12];
	int i;

	sg_init_table(sg, 4);
	sg_init_table(more, 2);
	sg_set_buf(&sg[0], p, 3);
	sg_set_buf(&sg[1], p + 10, 4);
	sg_set_buf(&sg[2], p + 20, 5);
	sg_chain(sg, 4, more);
	sg_set_buf(&more[0], p + 30, 6);
	sg_set_buf(&more[1], p + 40, 7);
	CHECK(sg_nents(sg) == 5 && sg_last(sg, 5) == &more[1]);
	CHECK(sg_virt(&more[0]) == p + 30 && sg_phys(&sg[1]) ==
						     virt_to_phys(p) + 10);
	for_each_sg(sg, at, 5, i)
		CHECK(at->length == 3 + (unsigned int)i);
	CHECK(dma_map_sg(dev, sg, 5, DMA_BIDIRECTIONAL) == 5);
	CHECK(sg_dma_address(&more[1]) == virt_to_phys(p) + 40);
	dma_unmap_sg(dev, sg, 5, DMA_BIDIRECTIONAL);
	CHECK(sg_copy_from_buffer(sg, 5, "abcdefghijkl", 12) == 12);
	CHECK(!memcmp(p, "abc", 3) && !memcmp(p + 10, "defg", 4));
	CHECK(sg_copy_to_buffer(sg, 5, text, 12) == 12);
	CHECK(!memcmp(text, "abcdefghijkl", 12));
	kfree(p);
	return 0;
}

GUEST_CASE(coherent_memory)
{
	struct device *dev = &toy_dev()->dev;
	dma_addr_t addr;
	u8 *p = dma_alloc_coherent(dev, 5000, &addr, GFP_KERNEL);

	CHECK(p && addr == virt_to_phys(p) && addr % 4096 == 0);
	CHECK(!memchr_inv(p, 0, 5000));
	dma_free_coherent(dev, 5000, p, addr);
	CHECK(!dma_alloc_coherent(dev, 0, &addr, GFP_KERNEL));
	return 0;
}

GUEST_CASE(coherent_memory_overrun)
{
	struct device *dev = &toy_dev()->dev;
	dma_addr_t addr;
	u8 *p = dma_alloc_coherent(dev, 5000, &addr, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(p);
	p[5000] = 1;
	dma_free_coherent(dev, 5000, p, addr);
	return 0;
}

GUEST_CASE(mapping_refused)
{
	struct device *dev = &toy_dev()->dev;
	u8 *p = kmalloc(64, GFP_KERNEL);
	dma_addr_t a = dma_map_single(dev, p, 64, DMA_TO_DEVICE);

	CHECK(dma_mapping_error(dev, a) == -ENOMEM);
	a = dma_map_single(dev, p, 64, DMA_TO_DEVICE);
	CHECK(!dma_mapping_error(dev, a));
	dma_unmap_single(dev, a, 64, DMA_TO_DEVICE);
	kfree(p);
	return 0;
}

GUEST_CASE(address_behind_the_mask)
{
	struct device *dev = &toy_dev()->dev;
	u8 *p = kmalloc(64, GFP_KERNEL);

	CHECK(!dma_set_mask_and_coherent(dev, DMA_BIT_MASK(24)));
	CHECK(dma_mapping_error(dev, dma_map_single(dev, p, 64,
						    DMA_TO_DEVICE)));
	kfree(p);
	return 0;
}

/* With dma=bounce. */
GUEST_CASE(bounce_copies_at_map_and_unmap)
{
	struct device *dev = &toy_dev()->dev;
	u8 *p = kmalloc(64, GFP_KERNEL), *copy;
	dma_addr_t a;

	memset(p, 1, 64);
	a = mapped(dev, p, 64, DMA_FROM_DEVICE);
	CHECK(a != virt_to_phys(p));
	copy = phys_to_virt(a);
	CHECK(!memchr_inv(copy, 1, 64));
	copy[5] = 9;
	CHECK(p[5] == 1);
	dma_sync_single_for_cpu(dev, a, 64, DMA_FROM_DEVICE);
	CHECK(p[5] == 9);
	copy[6] = 8;
	dma_unmap_single(dev, a, 64, DMA_FROM_DEVICE);
	CHECK(p[6] == 8 && p[7] == 1);
	a = mapped(dev, p, 64, DMA_TO_DEVICE);
	copy = phys_to_virt(a);
	p[0] = 77;
	CHECK(copy[0] == 1);
	dma_sync_single_for_device(dev, a, 1, DMA_TO_DEVICE);
	CHECK(copy[0] == 77);
	copy[0] = 3;
	dma_unmap_single(dev, a, 64, DMA_TO_DEVICE);
	CHECK(p[0] == 77);
	kfree(p);
	return 0;
}

/* ---- the guest's bugs ---- */

static u8 static_data[64];

GUEST_CASE(map_the_stack)
{
	u8 data[64];

	dma_map_single(&toy_dev()->dev, data, 64, DMA_FROM_DEVICE);
	return 0;
}

GUEST_CASE(map_static_data)
{
	dma_map_single(&toy_dev()->dev, static_data, 64, DMA_FROM_DEVICE);
	return 0;
}

GUEST_CASE(scatterlist_on_the_stack)
{
	struct scatterlist sg;
	u8 data[64];

	sg_init_one(&sg, data, sizeof(data));
	return 0;
}

GUEST_CASE(map_what_was_freed)
{
	u8 *p = kmalloc(64, GFP_KERNEL), *q = p;

	OPTIMIZER_HIDE_VAR(q);
	kfree(p);
	dma_map_single(&toy_dev()->dev, q, 64, DMA_FROM_DEVICE);
	return 0;
}

GUEST_CASE(map_a_free_page)
{
	struct page *page = alloc_page(GFP_KERNEL);

	__free_page(page);
	dma_map_page(&toy_dev()->dev, page, 0, 64, DMA_FROM_DEVICE);
	return 0;
}

GUEST_CASE(map_more_than_the_block)
{
	u8 *p = kmalloc(64, GFP_KERNEL);

	dma_map_single(&toy_dev()->dev, p + 1, 64, DMA_FROM_DEVICE);
	return 0;
}

GUEST_CASE(unmap_twice)
{
	struct device *dev = &toy_dev()->dev;
	u8 *p = kmalloc(64, GFP_KERNEL);
	dma_addr_t a = mapped(dev, p, 64, DMA_TO_DEVICE);

	dma_unmap_single(dev, a, 64, DMA_TO_DEVICE);
	dma_unmap_single(dev, a, 64, DMA_TO_DEVICE);
	return 0;
}

GUEST_CASE(unmap_with_another_size)
{
	struct device *dev = &toy_dev()->dev;
	u8 *p = kmalloc(64, GFP_KERNEL);
	dma_addr_t a = mapped(dev, p, 64, DMA_TO_DEVICE);

	dma_unmap_single(dev, a, 32, DMA_TO_DEVICE);
	return 0;
}

GUEST_CASE(unmap_with_another_direction)
{
	struct device *dev = &toy_dev()->dev;
	u8 *p = kmalloc(64, GFP_KERNEL);
	dma_addr_t a = mapped(dev, p, 64, DMA_TO_DEVICE);

	dma_unmap_single(dev, a, 64, DMA_FROM_DEVICE);
	return 0;
}

GUEST_CASE(unmap_what_never_was)
{
	dma_unmap_single(&toy_dev()->dev, 0x12340, 64, DMA_TO_DEVICE);
	return 0;
}

GUEST_CASE(unmap_from_the_middle)
{
	struct device *dev = &toy_dev()->dev;
	u8 *p = kmalloc(64, GFP_KERNEL);
	dma_addr_t a = mapped(dev, p, 64, DMA_TO_DEVICE);

	dma_unmap_single(dev, a + 8, 56, DMA_TO_DEVICE);
	return 0;
}

/* Another function of the same bus: a copy of the toy's device. */
GUEST_CASE(unmap_by_another_device)
{
	struct pci_dev *other = kmalloc(sizeof(*other), GFP_KERNEL);
	u8 *p = kmalloc(64, GFP_KERNEL);
	dma_addr_t a = mapped(&toy_dev()->dev, p, 64, DMA_TO_DEVICE);

	memcpy(other, toy_dev(), sizeof(*other));
	dma_unmap_single(&other->dev, a, 64, DMA_TO_DEVICE);
	return 0;
}

GUEST_CASE(unmap_a_list_as_one)
{
	struct device *dev = &toy_dev()->dev;
	struct scatterlist sg;

	sg_init_one(&sg, kmalloc(64, GFP_KERNEL), 64);
	CHECK(dma_map_sg(dev, &sg, 1, DMA_TO_DEVICE) == 1);
	dma_unmap_single(dev, sg_dma_address(&sg), 64, DMA_TO_DEVICE);
	return 0;
}

GUEST_CASE(unmap_a_part_of_a_list)
{
	struct device *dev = &toy_dev()->dev;
	u8 *p = kmalloc(64, GFP_KERNEL);
	struct scatterlist sg[3];

	sg_init_table(sg, 3);
	sg_set_buf(&sg[0], p, 10);
	sg_set_buf(&sg[1], p + 10, 10);
	sg_set_buf(&sg[2], p + 20, 10);
	CHECK(dma_map_sg(dev, sg, 3, DMA_TO_DEVICE) == 3);
	dma_unmap_sg(dev, sg, 2, DMA_TO_DEVICE);
	return 0;
}

GUEST_CASE(map_without_a_direction)
{
	return mapped(&toy_dev()->dev, kmalloc(64, GFP_KERNEL), 64, DMA_NONE) ?
		       0 : -EIO;
}

GUEST_CASE(mapping_that_nobody_checked)
{
	struct device *dev = &toy_dev()->dev;
	u8 *p = kmalloc(64, GFP_KERNEL);
	dma_addr_t a = dma_map_single(dev, p, 64, DMA_TO_DEVICE);

	dma_unmap_single(dev, a, 64, DMA_TO_DEVICE);
	return 0;
}

/* The second of two is asked about twice, the first not at all. */
GUEST_CASE(mapping_that_was_mixed_up)
{
	struct device *dev = &toy_dev()->dev;
	u8 *p = kmalloc(64, GFP_KERNEL);
	dma_addr_t a = dma_map_single(dev, p, 32, DMA_TO_DEVICE);
	dma_addr_t b = dma_map_single(dev, p + 32, 32, DMA_TO_DEVICE);

	CHECK(!dma_mapping_error(dev, b) && !dma_mapping_error(dev, b));
	dma_unmap_single(dev, b, 32, DMA_TO_DEVICE);
	dma_unmap_single(dev, a, 32, DMA_TO_DEVICE);
	return 0;
}

/* No mistake: all are mapped first and asked about afterwards. */
GUEST_CASE(mappings_checked_late)
{
	struct device *dev = &toy_dev()->dev;
	u8 *p = kmalloc(64, GFP_KERNEL);
	dma_addr_t a[4];
	u32 i;

	for (i = 0; i < 4; i++)
		a[i] = dma_map_single(dev, p + i % 2 * 8, 8, DMA_TO_DEVICE);
	for (i = 0; i < 4; i++)
		CHECK(!dma_mapping_error(dev, a[i]));
	for (i = 0; i < 4; i++)
		dma_unmap_single(dev, a[i], 8, DMA_TO_DEVICE);
	kfree(p);
	return 0;
}

/* ---- sync ---- */

/* No mistake: parts, and both directions where both were mapped. */
GUEST_CASE(sync_of_parts)
{
	struct device *dev = &toy_dev()->dev;
	u8 *p = kmalloc(64, GFP_KERNEL);
	dma_addr_t a = mapped(dev, p, 64, DMA_FROM_DEVICE);

	dma_sync_single_for_cpu(dev, a + 60, 4, DMA_FROM_DEVICE);
	dma_sync_single_for_device(dev, a, 64, DMA_FROM_DEVICE);
	dma_unmap_single(dev, a, 64, DMA_FROM_DEVICE);
	a = mapped(dev, p, 64, DMA_BIDIRECTIONAL);
	dma_sync_single_for_cpu(dev, a, 64, DMA_FROM_DEVICE);
	dma_sync_single_for_device(dev, a, 64, DMA_TO_DEVICE);
	dma_unmap_single(dev, a, 64, DMA_BIDIRECTIONAL);
	kfree(p);
	return 0;
}

GUEST_CASE(sync_beyond_the_mapping)
{
	struct device *dev = &toy_dev()->dev;
	u8 *p = kmalloc(64, GFP_KERNEL);
	dma_addr_t a = mapped(dev, p, 48, DMA_FROM_DEVICE);

	dma_sync_single_for_cpu(dev, a + 40, 16, DMA_FROM_DEVICE);
	return 0;
}

GUEST_CASE(sync_in_the_wrong_direction)
{
	struct device *dev = &toy_dev()->dev;
	u8 *p = kmalloc(64, GFP_KERNEL);
	dma_addr_t a = mapped(dev, p, 64, DMA_TO_DEVICE);

	dma_sync_single_for_cpu(dev, a, 64, DMA_FROM_DEVICE);
	return 0;
}

GUEST_CASE(sync_after_unmap)
{
	struct device *dev = &toy_dev()->dev;
	u8 *p = kmalloc(64, GFP_KERNEL);
	dma_addr_t a = mapped(dev, p, 64, DMA_TO_DEVICE);

	dma_unmap_single(dev, a, 64, DMA_TO_DEVICE);
	dma_sync_single_for_device(dev, a, 64, DMA_TO_DEVICE);
	return 0;
}

/* ---- coherent memory ---- */

GUEST_CASE(free_coherent_of_another_size)
{
	struct device *dev = &toy_dev()->dev;
	dma_addr_t addr;
	u8 *p = dma_alloc_coherent(dev, 5000, &addr, GFP_KERNEL);

	dma_free_coherent(dev, 6000, p, addr);
	return 0;
}

GUEST_CASE(free_coherent_of_another_address)
{
	struct device *dev = &toy_dev()->dev;
	dma_addr_t a, b;
	u8 *p = dma_alloc_coherent(dev, 5000, &a, GFP_KERNEL);

	dma_alloc_coherent(dev, 5000, &b, GFP_KERNEL);
	dma_free_coherent(dev, 5000, p, b);
	return 0;
}

GUEST_CASE(unmap_coherent_memory)
{
	struct device *dev = &toy_dev()->dev;
	dma_addr_t addr;

	dma_alloc_coherent(dev, 4096, &addr, GFP_KERNEL);
	dma_unmap_single(dev, addr, 4096, DMA_BIDIRECTIONAL);
	return 0;
}

GUEST_CASE(mapping_left_behind)
{
	struct device *dev = &toy_dev()->dev;
	u8 *p = kmalloc(64, GFP_KERNEL);
	dma_addr_t a = dma_map_single(dev, p, 64, DMA_TO_DEVICE);

	kfree(p);
	return dma_mapping_error(dev, a);
}
