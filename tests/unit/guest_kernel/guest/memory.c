/* SPDX-License-Identifier: MIT */
/* Cases of the allocators (guestdrv/kernel/{page,slab}.c). */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "tests/unit/guest_kernel/guest/cases.h"

/* Hides from the compiler what it would warn of. */
static u8 *launder(void *p)
{
	OPTIMIZER_HIDE_VAR(p);
	return p;
}

GUEST_CASE(kmalloc_of_every_size)
{
	static const size_t sizes[] = { 1,    15,   16,   17,	 32,	33,
					64,   80,   112,  128,	 448,	512,
					1000, 1984, 4032, 4033,	 8128,	8129,
					9000, 65536, 1u << 20, 2u << 20 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		u8 *p = kmalloc(sizes[i], GFP_KERNEL);

		CHECK(p);
		CHECK((unsigned long)p % 16 == 0);
		CHECK(ksize(p) == sizes[i]);
		memset(p, 0x5a, sizes[i]);
		kfree(p);
	}
	return 0;
}

GUEST_CASE(kmalloc_blocks_do_not_overlap)
{
	static u8 *p[500];
	u32 i, n;

	for (i = 0; i < 500; i++) {
		p[i] = kmalloc(1 + i * 7 % 300, GFP_KERNEL);
		CHECK(p[i]);
		memset(p[i], (int)(i & 0xff), 1 + i * 7 % 300);
	}
	for (i = 0; i < 500; i++) {
		for (n = 0; n < 1 + i * 7 % 300; n++)
			CHECK(p[i][n] == (u8)i);
		kfree(p[i]);
	}
	return 0;
}

GUEST_CASE(kzalloc_zeroes_what_was_poison)
{
	u32 i;

	for (i = 0; i < 200; i++) {
		u8 *p = kzalloc(100, GFP_KERNEL);

		CHECK(p && !memchr_inv(p, 0, 100));
		memset(p, 0xff, 100);
		kfree(p);
	}
	return 0;
}

GUEST_CASE(kmalloc_of_nothing)
{
	void *p = kmalloc(0, GFP_KERNEL);

	CHECK(p == (void *)16);
	kfree(p);
	kfree(NULL);
	CHECK(!kmalloc((2ul << 20) + 1, GFP_KERNEL));
	CHECK(!kcalloc(1ul << 33, 1ul << 33, GFP_KERNEL));
	return 0;
}

GUEST_CASE(krealloc_keeps_the_bytes)
{
	u8 *p = kmalloc(10, GFP_KERNEL), *q;

	memset(p, 7, 10);
	q = krealloc(p, 5000, GFP_KERNEL);
	CHECK(q && !memchr_inv(q, 7, 10));
	q = krealloc(q, 4, GFP_KERNEL);
	CHECK(q && !memchr_inv(q, 7, 4) && ksize(q) == 4);
	kfree(q);
	q = krealloc(NULL, 8, GFP_KERNEL);
	CHECK(q);
	CHECK(krealloc(q, 0, GFP_KERNEL) == (void *)16);
	return 0;
}

GUEST_CASE(memory_runs_out_and_comes_back)
{
	static struct page *pages[4096];
	unsigned long before = nr_free_pages();
	u32 n = 0;

	while (n < 4096 && (pages[n] = alloc_page(GFP_KERNEL)))
		n++;
	CHECK(n >= 1000 && n < 4096);
	CHECK(nr_free_pages() == 0);
	CHECK(!kmalloc(9000, GFP_KERNEL));
	while (n--)
		__free_page(pages[n]);
	CHECK(nr_free_pages() == before);
	/* They have joined again. */
	pages[0] = alloc_pages(GFP_KERNEL, 10);
	CHECK(pages[0]);
	__free_pages(pages[0], 10);
	return 0;
}

GUEST_CASE(pages_are_aligned_and_distinct)
{
	struct page *p[11];
	u32 order;

	for (order = 0; order < 9; order++) {
		p[order] = alloc_pages(GFP_KERNEL, order);
		CHECK(p[order]);
		CHECK(page_to_phys(p[order]) % (4096ul << order) == 0);
		CHECK(phys_to_page(page_to_phys(p[order])) == p[order]);
		CHECK(virt_to_page(page_address(p[order])) == p[order]);
		CHECK(virt_to_phys(page_address(p[order])) ==
		      page_to_phys(p[order]));
		memset(page_address(p[order]), (int)order, 4096ul << order);
	}
	for (order = 0; order < 9; order++) {
		CHECK(!memchr_inv(page_address(p[order]), (int)order,
				  4096ul << order));
		__free_pages(p[order], order);
	}
	CHECK(!alloc_pages(GFP_KERNEL, 11));
	return 0;
}

/* Takes blocks until one begins at `want`, or (NULL) at a multiple of four. */
static struct page *take_until(struct page *want, unsigned int order,
			       struct page **kept, int *n)
{
	while (*n < 64) {
		struct page *p = alloc_pages(GFP_KERNEL, order);

		if (p == want || (!want && page_to_pfn(p) % 4 == 0))
			return p;
		kept[(*n)++] = p;
	}
	return NULL;
}

GUEST_CASE(blocks_join_only_their_equals)
{
	struct page *pair, *one, *two, *four, *kept[64];
	int pairs = 0, n;

	/* Four pages: the lower half in one piece, the upper in two. */
	pair = take_until(NULL, 1, kept, &pairs);
	CHECK(pair);
	n = pairs;
	one = take_until(pair + 2, 0, kept, &n);
	CHECK(one);
	two = take_until(pair + 3, 0, kept, &n);
	CHECK(two);
	/* The free page before `two` is no match for the pair. */
	__free_page(one);
	__free_pages(pair, 1);
	four = alloc_pages(GFP_KERNEL, 2);
	CHECK(four != pair);
	__free_pages(four, 2);
	__free_page(two);
	while (n > pairs)
		__free_page(kept[--n]);
	while (n--)
		__free_pages(kept[n], 1);
	return 0;
}

GUEST_CASE(page_references)
{
	struct page *p = alloc_page(GFP_KERNEL);
	unsigned long left;

	get_page(p);
	left = nr_free_pages();
	put_page(p);
	CHECK(nr_free_pages() == left && page_count(p) == 1);
	put_page(p);
	CHECK(nr_free_pages() == left + 1);
	return 0;
}

GUEST_CASE(user_pages_are_not_filled)
{
	struct page *p = alloc_page(GFP_HIGHUSER);
	u8 *virt = page_address(p);

	memset(virt, 0x11, 4096);
	__free_page(p);
	CHECK(!memchr_inv(virt, 0x11, 4096));
	p = alloc_page(GFP_KERNEL);
	virt = page_address(p);
	__free_page(p);
	CHECK(!memchr_inv(virt, 0xaa, 4096));
	return 0;
}

GUEST_CASE(refused_memory)
{
	CHECK(!kmalloc(100, GFP_KERNEL));
	CHECK(!alloc_page(GFP_KERNEL));
	kfree(kmalloc(100, GFP_KERNEL));
	return 0;
}

GUEST_CASE(leaks_a_block)
{
	return kmalloc(123, GFP_KERNEL) ? 0 : -ENOMEM;
}

/* ---- the guest's bugs ---- */

GUEST_CASE(write_behind_a_block)
{
	u8 *p = kmalloc(48, GFP_KERNEL);

	launder(p)[50] = 1;
	kfree(p);
	return 0;
}

GUEST_CASE(write_before_a_block)
{
	u8 *p = kmalloc(48, GFP_KERNEL);

	launder(p - 3)[0] = 1;
	kfree(p);
	return 0;
}

GUEST_CASE(write_to_a_header)
{
	u8 *p = kmalloc(48, GFP_KERNEL);

	memset(launder(p - 44), 0xff, 4);
	kfree(p);
	return 0;
}

GUEST_CASE(write_behind_a_large_block)
{
	u8 *p = kmalloc(20000, GFP_KERNEL);

	launder(p)[20000] = 1;
	kfree(p);
	return 0;
}

GUEST_CASE(write_behind_a_live_block_until_shutdown)
{
	u8 *p = kmalloc(48, GFP_KERNEL);

	launder(p)[48] = 1;
	return 0;
}

GUEST_CASE(write_behind_exact_pages)
{
	u8 *p = alloc_pages_exact(5000, GFP_KERNEL);

	launder(p)[5000] = 1;
	free_pages_exact(p, 5000);
	return 0;
}

GUEST_CASE(free_twice)
{
	u8 *p = kmalloc(48, GFP_KERNEL);
	void *q = launder(p);

	kfree(p);
	kfree(q);
	return 0;
}

GUEST_CASE(free_large_twice)
{
	u8 *p = kmalloc(20000, GFP_KERNEL);
	void *q = launder(p);

	kfree(p);
	kfree(q);
	return 0;
}

GUEST_CASE(free_inside_of_a_block)
{
	u8 *p = kzalloc(480, GFP_KERNEL);

	kfree(launder(p + 64));
	return 0;
}

GUEST_CASE(free_static_data)
{
	static u8 data[64];

	kfree(launder(data));
	return 0;
}

GUEST_CASE(free_pages_twice)
{
	struct page *p = alloc_pages(GFP_KERNEL, 2);

	__free_pages(p, 2);
	__free_pages(p, 2);
	return 0;
}

GUEST_CASE(free_pages_with_another_order)
{
	struct page *p = alloc_pages(GFP_KERNEL, 2);

	__free_pages(p, 1);
	return 0;
}

GUEST_CASE(write_after_free_until_reuse)
{
	u8 *p = kmalloc(48, GFP_KERNEL);
	u8 *q = launder(p);
	u32 i;

	kfree(p);
	q[5] = 1;
	for (i = 0; i < 1000; i++)
		kfree(kmalloc(48, GFP_KERNEL));
	return 0;
}

GUEST_CASE(write_after_free_until_shutdown)
{
	u8 *p = kmalloc(48, GFP_KERNEL);
	u8 *q = launder(p);

	kfree(p);
	q[5] = 1;
	return 0;
}

GUEST_CASE(write_to_a_free_page)
{
	struct page *p = alloc_page(GFP_KERNEL);
	u8 *virt = page_address(p);

	__free_page(p);
	virt[100] = 1;
	return alloc_page(GFP_KERNEL) ? 0 : -ENOMEM;
}

GUEST_CASE(write_to_a_free_page_until_shutdown)
{
	struct page *p = alloc_page(GFP_KERNEL);
	u8 *virt = page_address(p);

	__free_page(p);
	virt[100] = 1;
	return 0;
}
