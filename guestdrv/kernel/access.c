/* SPDX-License-Identifier: MIT */
/*
 * Every access of the guest's code to guest RAM, checked as it happens.  In an
 * image `NAME-checked` the compiler calls these functions before each load and
 * store (gcc's -fsanitize=kernel-address with outline calls; the names are its
 * interface).  What the allocators know decides: is the page allocated, and if
 * kmalloc cuts it up, is it the inside of a live block?  Stacks and static data
 * are not in RAM, so they pass at once.
 *
 * Not compiled with these checks: this file, the allocators, string.c.
 */
#include "guestdrv/kernel/kernel.h"
#include "guestdrv/kernel/slab.h"

#include <linux/mm.h>
#include <linux/string.h>

static const char *verb(bool write)
{
	return write ? "a write" : "a read";
}

static const char *plural(size_t size)
{
	return size == 1 ? "" : "s";
}

static void __noreturn __cold bad_block(const struct block *b,
					unsigned long addr, size_t size,
					bool write)
{
	long off = (long)(addr - (unsigned long)block_payload(b));

	guest_block_mention(b);
	if (b->state == BLOCK_FREE)
		guest_bug("use-after-free",
			  "%s of %zu byte%s at byte %ld of kmalloc(%u), which is freed",
			  verb(write), size, plural(size), off, b->size);
	if (off < 0)
		guest_bug("out-of-bounds",
			  "%s of %zu byte%s, %ld before kmalloc(%u)",
			  verb(write), size, plural(size), -off, b->size);
	guest_bug("out-of-bounds",
		  "%s of %zu byte%s at byte %ld of kmalloc(%u)",
		  verb(write), size, plural(size), off, b->size);
}

static void __noreturn __cold bad_access(unsigned long addr, size_t size,
					 bool write)
{
	phys_addr_t pa = virt_to_phys((void *)addr);
	const struct block *b = NULL;

	if (guest_range_allocated(pa, size))
		b = guest_block_around((void *)addr);
	if (b)
		bad_block(b, addr, size, write);
	if (guest_range_allocated(pa, 1))
		guest_bug("out-of-bounds",
			  "%s of %zu byte%s at 0x%llx, over the end of an allocated page",
			  verb(write), size, plural(size), pa);
	guest_bug("use-after-free",
		  "%s of %zu byte%s at byte %lu of the free page at 0x%llx",
		  verb(write), size, plural(size), offset_in_page(addr),
		  pa & (phys_addr_t)PAGE_MASK);
}

static __always_inline void check(unsigned long addr, size_t size, bool write)
{
	if (likely(addr - (unsigned long)guest_ram.virt >= guest_ram.size) ||
	    !size)
		return;
	if (unlikely(!guest_range_allocated(virt_to_phys((void *)addr), size) ||
		     !guest_slab_covers((void *)addr, size)))
		bad_access(addr, size, write);
}

/* ---- what the compiler calls ---- */

#define ACCESS(size)                                                      \
	void __asan_load##size##_noabort(unsigned long addr);             \
	void __asan_load##size##_noabort(unsigned long addr)              \
	{                                                                 \
		check(addr, size, false);                                 \
	}                                                                 \
	void __asan_store##size##_noabort(unsigned long addr);            \
	void __asan_store##size##_noabort(unsigned long addr)             \
	{                                                                 \
		check(addr, size, true);                                  \
	}

ACCESS(1)
ACCESS(2)
ACCESS(4)
ACCESS(8)
ACCESS(16)

void __asan_loadN_noabort(unsigned long addr, size_t size);
void __asan_storeN_noabort(unsigned long addr, size_t size);
void __asan_handle_no_return(void);

void __asan_loadN_noabort(unsigned long addr, size_t size)
{
	check(addr, size, false);
}

void __asan_storeN_noabort(unsigned long addr, size_t size)
{
	check(addr, size, true);
}

/* Stacks have no redzones that would have to be taken down. */
void __asan_handle_no_return(void)
{
}

/* ---- what linux/string.h makes of memcpy and its like ---- */

void *guest_checked_memcpy(void *dst, const void *src, size_t n);
void *guest_checked_memmove(void *dst, const void *src, size_t n);
void *guest_checked_memset(void *dst, int c, size_t n);
int guest_checked_memcmp(const void *a, const void *b, size_t n);

void *guest_checked_memcpy(void *dst, const void *src, size_t n)
{
	check((unsigned long)src, n, false);
	check((unsigned long)dst, n, true);
	return memcpy(dst, src, n);
}

void *guest_checked_memmove(void *dst, const void *src, size_t n)
{
	check((unsigned long)src, n, false);
	check((unsigned long)dst, n, true);
	return memmove(dst, src, n);
}

void *guest_checked_memset(void *dst, int c, size_t n)
{
	check((unsigned long)dst, n, true);
	return memset(dst, c, n);
}

int guest_checked_memcmp(const void *a, const void *b, size_t n)
{
	check((unsigned long)a, n, false);
	check((unsigned long)b, n, false);
	return memcmp(a, b, n);
}
