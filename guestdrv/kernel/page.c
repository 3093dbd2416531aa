/* SPDX-License-Identifier: MIT */
/*
 * The page allocator: a buddy system over guest RAM.  A block of order n has
 * 2^n pages and starts at a multiple of that; freed, it joins its buddy.  Pages
 * that the kernel may fill are poisoned when freed and checked when taken again
 * and at shutdown; with the option page_poison all of them.  Only the heads of blocks have valid struct pages, so that
 * boot touches no more of RAM than it must.
 *
 *   guest RAM:  | struct page, one a page | used, poison, slab bitmaps | pages
 */
#include "guestdrv/kernel/kernel.h"

#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/poison.h>
#include <linux/string.h>
#include <ringside/image.h>

#define PG_BUDDY 1ul    /* head of a free block */
#define PG_TAKEN 2ul    /* head of an allocated one */
#define PG_USER 4ul     /* and its bytes are not the kernel's to fill */
#define PG_REPORTED 8ul /* of a free block: a device has been told */
#define POISON_BYTES 4096u
/* What users' pages leave for the kernel: this part of all, but so many at
 * least and at most. */
#define RESERVE_PART 64u
#define RESERVE_MIN 16ul
#define RESERVE_MAX 256ul
#define SLACK_BYTE 0xcc
#define SLACK_MAX 64u
#define RECENT (GUEST_QUARANTINE ? GUEST_QUARANTINE : 1u)

GUEST_FAULT_SITE(site_pages, "guest.mem.alloc");

struct guest_ram guest_ram;

static struct {
	struct list_head free[MAX_ORDER];
	unsigned long nr_free;
	unsigned long pages;
	unsigned long managed;   /* that this allocator may ever give out */
	unsigned long reserve;   /* that are not for users' pages */
	bool poison_all;         /* users' pages too */
	unsigned long *used;     /* a bit a page: allocated */
	unsigned long *poisoned; /* a bit a page: filled when it was freed */
	unsigned long *slab;     /* a bit a page: kmalloc cuts it up */
	/* Blocks that were freed last, a ring: they join no buddy yet. */
	struct page *recent[RECENT];
	unsigned int recent_first, recent_count;
} buddy;

static unsigned long page_index(const struct page *page)
{
	return (unsigned long)(page - guest_ram.map);
}

static void set_range(unsigned long *map, unsigned long at, unsigned long n,
		      bool value)
{
	for (; n; n--, at++) {
		if (value)
			__set_bit(at, map);
		else
			__clear_bit(at, map);
	}
}

static void block_free(unsigned long at, unsigned int order)
{
	struct page *page = guest_ram.map + at;

	page->flags = PG_BUDDY;
	page->order = order;
	list_add(&page->lru, &buddy.free[order]);
}

static void block_unlink(struct page *page)
{
	list_del(&page->lru);
	page->flags = 0;
}

/* Takes the bytes for the maps off the front of RAM; pages that remain. */
static int carve_maps(void)
{
	unsigned long pages = guest_ram.size >> PAGE_SHIFT;
	size_t map = sizeof(struct page) * pages;
	size_t bits = BITS_TO_LONGS(pages) * sizeof(long);
	unsigned long reserved = PFN_UP(map + 3 * bits);

	if (reserved + 16 > pages)
		return -ENOMEM;
	guest_ram.map = (struct page *)guest_ram.virt;
	buddy.used = (unsigned long *)(guest_ram.virt + map);
	buddy.poisoned = buddy.used + BITS_TO_LONGS(pages);
	buddy.slab = buddy.poisoned + BITS_TO_LONGS(pages);
	buddy.pages = pages;
	memset(buddy.used, 0, 3 * bits);
	set_range(buddy.used, 0, reserved, true);
	return (int)reserved;
}

/* The largest aligned blocks that cover what is left. */
static void seed_blocks(unsigned long at)
{
	while (at < buddy.pages) {
		unsigned int order = min_t(unsigned int, MAX_ORDER - 1,
					   (unsigned int)__ffs(at));

		while (at + (1ul << order) > buddy.pages)
			order--;
		block_free(at, order);
		buddy.nr_free += 1ul << order;
		at += 1ul << order;
	}
	buddy.managed = buddy.nr_free;
	buddy.reserve = clamp(buddy.managed / RESERVE_PART, RESERVE_MIN,
			      RESERVE_MAX);
}

int guest_page_boot(void)
{
	unsigned long skip = -(unsigned long)gk.info->ram & ~PAGE_MASK;
	int order, reserved;

	memset(&buddy, 0, sizeof(buddy));
	for (order = 0; order < MAX_ORDER; order++)
		INIT_LIST_HEAD(&buddy.free[order]);
	if (gk.info->ram_size <= skip)
		return -ENOMEM;
	guest_ram.virt = gk.info->ram + skip;
	guest_ram.phys = gk.info->ram_base + skip;
	guest_ram.size = (gk.info->ram_size - skip) & PAGE_MASK;
	if (offset_in_page(guest_ram.phys))
		return -EINVAL;
	reserved = carve_maps();
	if (reserved < 0)
		return reserved;
	seed_blocks((unsigned long)reserved);
	buddy.poison_all = guest_option_bool("page_poison", false);
	return 0;
}

/* ---- poison ---- */

static void poison_block(unsigned long at, unsigned int order)
{
	memset(guest_ram.virt + PFN_PHYS(at), PAGE_POISON,
	       POISON_BYTES << order);
	set_range(buddy.poisoned, at, 1ul << order, true);
}

static void poison_check(unsigned long at)
{
	u8 *virt = guest_ram.virt + PFN_PHYS(at);
	u8 *bad;

	if (!test_bit(at, buddy.poisoned))
		return;
	__clear_bit(at, buddy.poisoned);
	bad = memchr_inv(virt, PAGE_POISON, POISON_BYTES);
	if (bad)
		guest_bug("use-after-free",
			  "a free page was written to, at byte %lu of the page at 0x%llx",
			  (unsigned long)(bad - virt), virt_to_phys(virt));
}

void guest_page_shutdown(void)
{
	unsigned long at;

	for_each_set_bit(at, buddy.poisoned, buddy.pages)
		poison_check(at);
}

/* ---- blocks ---- */

static struct page *take_block(unsigned int order)
{
	unsigned int from = order;
	struct page *page;

	while (from < MAX_ORDER && list_empty(&buddy.free[from]))
		from++;
	if (from == MAX_ORDER)
		return NULL;
	page = list_first_entry(&buddy.free[from], struct page, lru);
	block_unlink(page);
	while (from > order) {
		from--;
		block_free(page_index(page) + (1ul << from), from);
	}
	return page;
}

/* Joins its buddies; what they are together. */
static struct page *join(unsigned long at, unsigned int order)
{
	unsigned long other;

	while (order < MAX_ORDER - 1) {
		other = at ^ (1ul << order);
		if (other + (1ul << order) > buddy.pages ||
		    test_bit(other, buddy.used) ||
		    (guest_ram.map[other].flags & ~PG_REPORTED) != PG_BUDDY ||
		    guest_ram.map[other].order != order)
			break;
		block_unlink(guest_ram.map + other);
		at &= ~(1ul << order);
		order++;
	}
	block_free(at, order);
	return guest_ram.map + at;
}

/* The one that was freed longest ago may be used again. */
static struct page *release_recent(void)
{
	struct page *page = buddy.recent[buddy.recent_first];

	buddy.recent_first = (buddy.recent_first + 1) % RECENT;
	buddy.recent_count--;
	return join(page_index(page), page->order);
}

static void keep_recent(struct page *page)
{
	unsigned int at;

	if (buddy.recent_count == RECENT)
		guest_page_reporting_freed(release_recent()->order);
	at = (buddy.recent_first + buddy.recent_count) % RECENT;
	page->flags = 0;
	buddy.recent[at] = page;
	buddy.recent_count++;
}

/* Prepares what was taken: bitmaps, poison, zeroes. */
static void block_taken(struct page *page, gfp_t gfp, unsigned int order)
{
	unsigned long at = page_index(page), i;

	page->flags = PG_TAKEN | (gfp & __GFP_HIGHMEM ? PG_USER : 0);
	page->order = order;
	page->_refcount.counter = 1;
	page->private = 0;
	page->mapping = NULL;
	set_range(buddy.used, at, 1ul << order, true);
	buddy.nr_free -= 1ul << order;
	for (i = 0; i < 1ul << order; i++)
		poison_check(at + i);
	if (gfp & __GFP_ZERO)
		memset(page_address(page), 0, PAGE_SIZE << order);
}

/* Users' pages leave the kernel a few, or it could not even free them. */
static bool spared(gfp_t gfp, unsigned int order)
{
	return gfp & __GFP_HIGHMEM &&
	       buddy.nr_free < buddy.reserve + (1ul << order);
}

struct page *guest_pages_take(gfp_t gfp, unsigned int order)
{
	struct page *page;

	if (order >= MAX_ORDER || spared(gfp, order))
		return NULL;
	page = take_block(order);
	while (!page && buddy.recent_count) {
		release_recent();
		page = take_block(order);
	}
	if (page)
		block_taken(page, gfp, order);
	return page;
}

/* Reports what is not the head of an allocated block of that order. */
static void check_free(const struct page *page, unsigned int order)
{
	unsigned long at = page_index(page);

	if (at < buddy.pages && test_bit(at, buddy.used) &&
	    (page->flags & PG_TAKEN) && page->order == order)
		return;
	if (at < buddy.pages && !test_bit(at, buddy.used))
		guest_bug("double-free",
			  "%lu pages at 0x%llx are free already",
			  1ul << order, page_to_phys(page));
	guest_bug("bad-free", "no block of %lu pages starts there",
		  1ul << order);
}

static void block_unused(unsigned long at, unsigned int order)
{
	set_range(buddy.used, at, 1ul << order, false);
	buddy.nr_free += 1ul << order;
}

void guest_pages_give(struct page *page, unsigned int order)
{
	check_free(page, order);
	block_unused(page_index(page), order);
	if (GUEST_QUARANTINE) {
		keep_recent(page);
		return;
	}
	page = join(page_index(page), order);
	guest_page_reporting_freed(page->order);
}

/* What a device may do to a free page, the poison has to survive: either it is
 * there on all of it, or it is not expected any more. */
static void poison_settle(unsigned long at, unsigned int order)
{
	unsigned long i;

	for (i = at; i < at + (1ul << order); i++) {
		if (!buddy.poison_all)
			poison_check(i);
		else if (!test_bit(i, buddy.poisoned))
			poison_block(i, 0);
	}
}

struct page *guest_pages_isolate(unsigned int order)
{
	struct page *page;

	list_for_each_entry(page, &buddy.free[order], lru) {
		if (page->flags & PG_REPORTED)
			continue;
		block_unlink(page);
		page->flags = PG_TAKEN;
		set_range(buddy.used, page_index(page), 1ul << order, true);
		buddy.nr_free -= 1ul << order;
		poison_settle(page_index(page), order);
		return page;
	}
	return NULL;
}

void guest_pages_putback(struct page *page, unsigned int order, bool reported)
{
	struct page *whole;

	check_free(page, order);
	block_unused(page_index(page), order);
	whole = join(page_index(page), order);
	/* Together with a neighbour it is news again. */
	if (reported && whole == page && whole->order == order)
		page->flags |= PG_REPORTED;
}

bool guest_range_allocated(phys_addr_t pa, u64 size)
{
	u64 off = pa - guest_ram.phys;
	u64 at, last;

	if (off >= guest_ram.size || size > guest_ram.size - off || !size)
		return false;
	last = (off + size - 1) >> PAGE_SHIFT;
	for (at = off >> PAGE_SHIFT; at <= last; at++)
		if (!test_bit(at, buddy.used))
			return false;
	return true;
}

void guest_pages_slab(struct page *page, unsigned int order, u32 class,
		      bool slab)
{
	unsigned long i;

	set_range(buddy.slab, page_index(page), 1ul << order, slab);
	for (i = 0; i < 1ul << order; i++) {
		page[i].private = class;
		page[i].index = i;
	}
}

bool guest_page_is_slab(const struct page *page)
{
	return test_bit(page_index(page), buddy.slab);
}

/* ---- the kernel's interface ---- */

struct page *alloc_pages(gfp_t gfp, unsigned int order)
{
	u32 size = order < MAX_ORDER ? (u32)PAGE_SIZE << order : U32_MAX;
	struct page *page;

	guest_check_gfp(gfp, "alloc_pages", 0);
	if (guest_fault(&site_pages, NULL, size))
		return NULL;
	page = guest_pages_get(gfp, order);
	if (page)
		guest_account(MACHINE_RES_MEMORY, page_to_phys(page),
			      (s64)size, guest_current_context()->device);
	return page;
}

static void pages_return(struct page *page, unsigned int order)
{
	guest_account(MACHINE_RES_MEMORY, page_to_phys(page),
		      -(s64)(PAGE_SIZE << order),
		      guest_current_context()->device);
	page->_refcount.counter = 0;
	if (buddy.poison_all || !(page->flags & PG_USER))
		poison_block(page_index(page), order);
	guest_pages_give(page, order);
}

void __free_pages(struct page *page, unsigned int order)
{
	check_free(page, order);
	if (unlikely(guest_page_is_slab(page)))
		guest_bug("bad-free",
			  "%lu pages are freed that are kmalloc's; kfree frees those",
			  1ul << order);
	if (--page->_refcount.counter <= 0)
		pages_return(page, order);
}

/* Flags that contradict each other, or that `who` cannot heed. */
void guest_check_gfp(gfp_t gfp, const char *who, gfp_t forbidden)
{
	if (gfpflags_allow_blocking(gfp))
		guest_may_sleep(who);
	if (unlikely(gfp & forbidden))
		guest_bug("bad-gfp",
			  "%s cannot give memory of another zone (flags 0x%x)",
			  who, gfp & forbidden);
	if (unlikely((gfp & __GFP_NOFAIL) && !gfpflags_allow_blocking(gfp)))
		guest_bug("bad-gfp",
			  "%s with __GFP_NOFAIL, and it may not wait", who);
	if (unlikely((gfp & __GFP_DMA) && (gfp & __GFP_HIGHMEM)))
		guest_bug("bad-gfp", "%s with __GFP_DMA and __GFP_HIGHMEM",
			  who);
}

unsigned long __get_free_pages(gfp_t gfp, unsigned int order)
{
	struct page *page = alloc_pages(gfp & ~__GFP_HIGHMEM, order);

	return page ? (unsigned long)page_address(page) : 0;
}

void free_pages(unsigned long addr, unsigned int order)
{
	if (!addr)
		return;
	if (!virt_addr_valid((void *)addr))
		guest_bug("bad-free", "free_pages of no page");
	__free_pages(virt_to_page((void *)addr), order);
}

void get_page(struct page *page)
{
	if (unlikely(page->_refcount.counter <= 0))
		guest_bug("refcount",
			  "a reference is taken to a page that is free");
	page->_refcount.counter++;
}

void put_page(struct page *page)
{
	__free_pages(page, page->order);
}

void guest_slack_fill(u8 *virt, size_t size)
{
	size_t slack = (PAGE_SIZE << get_order(size)) - size;

	memset(virt + size, SLACK_BYTE, min_t(size_t, slack, SLACK_MAX));
}

void guest_slack_check(const u8 *virt, size_t size, const char *what)
{
	size_t slack = (PAGE_SIZE << get_order(size)) - size;
	const u8 *bad = memchr_inv(virt + size, SLACK_BYTE,
				   min_t(size_t, slack, SLACK_MAX));

	if (bad)
		guest_bug("redzone",
			  "%s of %zu bytes: byte %zu behind it was overwritten",
			  what, size, (size_t)(bad - (virt + size)));
}

void *alloc_pages_exact(size_t size, gfp_t gfp)
{
	u8 *virt = (u8 *)__get_free_pages(gfp, get_order(size));

	if (virt)
		guest_slack_fill(virt, size);
	return virt;
}

void free_pages_exact(void *virt, size_t size)
{
	if (virt_addr_valid(virt))
		guest_slack_check(virt, size, "alloc_pages_exact");
	free_pages((unsigned long)virt, get_order(size));
}

unsigned long totalram_pages(void)
{
	return buddy.managed;
}

void adjust_managed_page_count(struct page *page, long count)
{
	(void)page; /* there is one zone */
	buddy.managed += (unsigned long)count;
}

bool page_poisoning_enabled_static(void)
{
	return buddy.poison_all;
}

unsigned long nr_free_pages(void)
{
	return buddy.nr_free;
}

void si_meminfo(struct sysinfo *si)
{
	*si = (struct sysinfo){
		.totalram = buddy.managed,
		.freeram = buddy.nr_free,
		.mem_unit = PAGE_SIZE,
	};
}

long si_mem_available(void)
{
	return buddy.nr_free > buddy.reserve ?
		       (long)(buddy.nr_free - buddy.reserve) :
		       0;
}
