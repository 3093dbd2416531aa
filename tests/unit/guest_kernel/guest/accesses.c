/* SPDX-License-Identifier: MIT */
/* Cases of checked accesses (access.c); for the image kernel_cases-checked. */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "tests/unit/guest_kernel/guest/cases.h"

/* A pointer of which the compiler knows nothing. */
static noinline void *hidden(void *p)
{
	OPTIMIZER_HIDE_VAR(p);
	return p;
}

static void *block(size_t size)
{
	return hidden(kmalloc(size, GFP_KERNEL));
}

static void *freed_block(size_t size)
{
	void *p = block(size), *stale = hidden(p);

	kfree(p);
	return stale;
}

static void *freed_page(void)
{
	void *p = (void *)__get_free_page(GFP_KERNEL), *stale = hidden(p);

	free_page((unsigned long)p);
	return stale;
}

static noinline u64 read8(volatile u64 *p)
{
	return *p;
}

static noinline u32 read4(volatile u32 *p)
{
	return *p;
}

static noinline u8 read1(volatile u8 *p)
{
	return *p;
}

static noinline void write1(volatile u8 *p)
{
	*p = 1;
}

static noinline void write2(volatile u16 *p)
{
	*p = 1;
}

GUEST_CASE(access_within_bounds)
{
	static const size_t sizes[] = { 1, 8, 48, 8000, 20000, 100000 };
	u8 *p, *page = (u8 *)__get_free_pages(GFP_KERNEL, 1);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		p = block(sizes[i]);
		write1(p);
		write1(p + sizes[i] - 1);
		CHECK(read1(p + sizes[i] - 1) == 1);
		memset(p, 7, sizes[i]);
		kfree(p);
	}
	/* Over the border between two pages of one allocation. */
	memset(page, 0, 2 * PAGE_SIZE);
	CHECK(!read8((u64 *)(page + PAGE_SIZE - 4)));
	free_pages((unsigned long)page, 1);
	return 0;
}

static u64 static_words[4];

GUEST_CASE(access_to_stacks_and_statics)
{
	u64 words[4] = { 1, 2, 3, 4 };

	CHECK(read8(hidden(&words[3])) == 4);
	CHECK(!read8(hidden(&static_words[3])));
	memcpy(static_words, words, sizeof(words));
	CHECK(!memcmp(static_words, words, sizeof(words)));
	return 0;
}

/* 64 blocks, or 64 KiB of them, and 64 pages come before it is their turn. */
GUEST_CASE(freed_memory_is_not_used_at_once)
{
	void *p = freed_block(48), *page = freed_page(), *q;
	int i;

	for (i = 0; i < 60; i++) {
		q = block(48);
		CHECK(q != p);
		kfree(q);
		q = (void *)__get_free_page(GFP_KERNEL);
		CHECK(q != page);
		free_page((unsigned long)q);
	}
	return 0;
}

GUEST_CASE(read_a_freed_block)
{
	read8((u64 *)freed_block(48) + 2);
	return 0;
}

GUEST_CASE(write_a_freed_block)
{
	write1((u8 *)freed_block(48) + 5);
	return 0;
}

GUEST_CASE(read_a_freed_large_block)
{
	read1(freed_block(20000));
	return 0;
}

GUEST_CASE(read_a_free_page)
{
	read4((u32 *)freed_page() + 25);
	return 0;
}

GUEST_CASE(read_behind_a_block)
{
	read4((u32 *)block(48) + 12);
	return 0;
}

GUEST_CASE(read_over_the_end_of_a_block)
{
	read8((u64 *)((u8 *)block(48) + 44));
	return 0;
}

GUEST_CASE(write_before_a_checked_block)
{
	write2((u16 *)block(48) - 1);
	return 0;
}

GUEST_CASE(read_behind_a_large_block)
{
	read1((u8 *)block(20000) + 20000);
	return 0;
}

GUEST_CASE(memcpy_from_a_freed_block)
{
	memcpy(block(48), freed_block(48), 48);
	return 0;
}

GUEST_CASE(memset_over_the_end)
{
	memset(block(48), 0, 49);
	return 0;
}

GUEST_CASE(memcmp_of_a_free_page)
{
	return memcmp(block(48), freed_page(), 16);
}
