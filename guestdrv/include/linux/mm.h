/* SPDX-License-Identifier: MIT */
/*
 * Pages of guest RAM and the three ways to name them: struct page, kernel
 * virtual address, physical (= bus) address.  RAM is one flat buffer.
 */
#ifndef LINUX_MM_H
#define LINUX_MM_H

#include <linux/align.h>
#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/vmstat.h>

#define PAGE_SHIFT 12
#define PAGE_SIZE (1ul << PAGE_SHIFT)
#define PAGE_MASK (~(PAGE_SIZE - 1))
#define PAGE_ALIGN(x) ALIGN((x), PAGE_SIZE)
#define PFN_UP(x) (((x) + PAGE_SIZE - 1) >> PAGE_SHIFT)
#define PFN_DOWN(x) ((x) >> PAGE_SHIFT)
#define PFN_PHYS(x) ((phys_addr_t)(x) << PAGE_SHIFT)
#define PHYS_PFN(x) ((unsigned long)((x) >> PAGE_SHIFT))
#define offset_in_page(p) ((unsigned long)(p) & ~PAGE_MASK)
#define MAX_ORDER 11 /* the largest block has 2^(MAX_ORDER - 1) pages */
#define MAX_PAGE_ORDER (MAX_ORDER - 1)

struct address_space;

struct page {
	unsigned long flags;
	struct list_head lru;
	struct address_space *mapping;
	pgoff_t index;
	unsigned long private;
	atomic_t _refcount;
	unsigned int order;    /* the kernel's own */
};

/* Where guest RAM lies; set at boot (kernel/page.c). */
struct guest_ram {
	u8 *virt;
	phys_addr_t phys;
	u64 size;
	struct page *map; /* one a page */
};
extern struct guest_ram guest_ram;

static inline bool virt_addr_valid(const volatile void *p)
{
	return (unsigned long)p - (unsigned long)guest_ram.virt <
	       guest_ram.size;
}

static inline phys_addr_t virt_to_phys(const volatile void *p)
{
	return guest_ram.phys +
	       ((unsigned long)p - (unsigned long)guest_ram.virt);
}

static inline void *phys_to_virt(phys_addr_t pa)
{
	return guest_ram.virt + (pa - guest_ram.phys);
}

static inline unsigned long page_to_pfn(const struct page *page)
{
	return PHYS_PFN(guest_ram.phys) + (unsigned long)(page - guest_ram.map);
}

static inline struct page *pfn_to_page(unsigned long pfn)
{
	return guest_ram.map + (pfn - PHYS_PFN(guest_ram.phys));
}

static inline bool pfn_valid(unsigned long pfn)
{
	return pfn - PHYS_PFN(guest_ram.phys) < guest_ram.size >> PAGE_SHIFT;
}

static inline phys_addr_t page_to_phys(const struct page *page)
{
	return guest_ram.phys + PFN_PHYS(page - guest_ram.map);
}

static inline void *page_address(const struct page *page)
{
	return guest_ram.virt + PFN_PHYS(page - guest_ram.map);
}

static inline struct page *virt_to_page(const volatile void *p)
{
	return guest_ram.map +
	       (((unsigned long)p - (unsigned long)guest_ram.virt) >>
		PAGE_SHIFT);
}

#define phys_to_page(pa) pfn_to_page(PHYS_PFN(pa))
#define virt_to_head_page(p) virt_to_page(p)
#define kmap_local_page(page) page_address(page)
#define kunmap_local(addr) ((void)(addr))

static inline unsigned int get_order(unsigned long size)
{
	unsigned int order = 0;

	while (PAGE_SIZE << order < size)
		order++;
	return order;
}

void get_page(struct page *page);
void put_page(struct page *page);

static inline int page_count(const struct page *page)
{
	return page->_refcount.counter;
}

struct sysinfo {
	unsigned long totalram;
	unsigned long freeram;
	unsigned int mem_unit;
};

/* All in pages. */
void si_meminfo(struct sysinfo *si);
/* What users' pages could still get. */
long si_mem_available(void);
unsigned long totalram_pages(void);
/* So many pages of RAM are there more (fewer), as far as anybody counts. */
void adjust_managed_page_count(struct page *page, long count);
/* Does every free page hold PAGE_POISON?  (The guest option page_poison.) */
bool page_poisoning_enabled_static(void);

/* Pages are never zeroed because they are freed. */
static inline bool want_init_on_free(void)
{
	return false;
}

unsigned long nr_free_pages(void);
#define nr_free_buffer_pages() nr_free_pages()

void *kvmalloc(size_t size, gfp_t gfp);
void kvfree(const void *p);

#endif
