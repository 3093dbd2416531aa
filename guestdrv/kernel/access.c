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

/* The machine may want to know who reads what a device has written. */
static __always_inline void tell_fetch(unsigned long addr, size_t size,
				       const void *code)
{
	unsigned long at = addr - (unsigned long)guest_ram.virt;

	if (likely(!gk.info || !gk.info->watched) ||
	    at >= guest_ram.size || !size)
		return;
	if (gk.info->watched[at >> PAGE_SHIFT] ||
	    gk.info->watched[(at + size - 1) >> PAGE_SHIFT])
		gk.calls->fetch(gk.m, (const void *)addr, (u32)size, code);
}

#define CALLER __builtin_return_address(0)

/* ---- what the compiler calls ---- */

#define ACCESS(size)                                                      \
	void __asan_load##size##_noabort(unsigned long addr);             \
	void __asan_load##size##_noabort(unsigned long addr)              \
	{                                                                 \
		check(addr, size, false);                                 \
		tell_fetch(addr, size, CALLER);                           \
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
	tell_fetch(addr, size, CALLER);
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
	tell_fetch((unsigned long)src, n, CALLER);
	return memcpy(dst, src, n);
}

void *guest_checked_memmove(void *dst, const void *src, size_t n)
{
	check((unsigned long)src, n, false);
	check((unsigned long)dst, n, true);
	tell_fetch((unsigned long)src, n, CALLER);
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

/* ---- what READ_ONCE is in these images (ringside/memory_model.h) ----
 *
 * The compiler asks once where the same place is read twice in a row; a call
 * for each reading hides none. */

void guest_checked_read_once(const volatile void *from, void *to, size_t size);

void guest_checked_read_once(const volatile void *from, void *to, size_t size)
{
	unsigned long addr = (unsigned long)from;

	check(addr, size, false);
	tell_fetch(addr, size, CALLER);
	switch (size) {
	case 1:
		*(u8 *)to = *(const volatile u8 *)from;
		break;
	case 2:
		*(u16 *)to = *(const volatile u16 *)from;
		break;
	case 4:
		*(u32 *)to = *(const volatile u32 *)from;
		break;
	default:
		*(u64 *)to = *(const volatile u64 *)from;
		break;
	}
}
