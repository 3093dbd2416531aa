/* SPDX-License-Identifier: MIT */
/*
 * kmalloc.  Blocks come in size classes cut from slabs of pages; larger ones
 * are pages of their own.  One layout in every build:
 *
 *   | struct block | left redzone 16 | the caller's bytes | right redzone >= 16 |
 *   0              32                48                   48 + size
 *
 * A free block's bytes are poison, checked when it is taken again and at
 * shutdown; a class gives out its blocks in the order they were freed, so that
 * a stale pointer has time to be found out.
 */
#include "guestdrv/kernel/fill.h"
#include "guestdrv/kernel/kernel.h"
#include "guestdrv/kernel/slab.h"

#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#define LEFT_BYTE 0xbb
#define RIGHT_BYTE 0xcc
#define RIGHT_MAX 64u
#define RIGHT_MIN 16u
#define OFFSET sizeof(struct block)
#define CLASS_LARGE 0xffffu
/* What of a caller's flags is for the pages below: kmalloc zeroes itself. */
#define PAGE_GFP (~(__GFP_ZERO | __GFP_HIGHMEM))

static const u16 class_bytes[] = {
	96, 128, 192, 256, 384, 512, 768, 1024, 1360, 2048, 4096, 8192,
};

#define CLASSES ARRAY_SIZE(class_bytes)
#define CLASS_BYTES_MAX 8192u

static struct {
	struct block *first, *last; /* free, in the order they were freed */
	u32 free;                   /* how many */
	struct list_head slabs;     /* struct page.lru of each */
} classes[CLASSES];

/* Class of a block of 16 * n bytes altogether. */
static u8 class_of[CLASS_BYTES_MAX / 16 + 1];

GUEST_FAULT_SITE(site_slab, "guest.mem.alloc");

static unsigned int slab_order(u32 class)
{
	return class_bytes[class] > 1024 ? 2 : 0;
}

void guest_slab_boot(void)
{
	u32 n, class = 0;

	for (n = 0; n < ARRAY_SIZE(class_of); n++) {
		if (n * 16 > class_bytes[class])
			class++;
		class_of[n] = (u8)class;
	}
	for (class = 0; class < CLASSES; class++) {
		classes[class].first = NULL;
		classes[class].last = NULL;
		classes[class].free = 0;
		INIT_LIST_HEAD(&classes[class].slabs);
	}
}

/* ---- redzones and poison ---- */

static u32 block_room(const struct block *b)
{
	if (b->class == CLASS_LARGE)
		return (u32)(PAGE_SIZE << get_order(b->size + OFFSET +
						    RIGHT_MIN));
	return class_bytes[b->class];
}

static u32 right_bytes(const struct block *b)
{
	return min_t(u32, block_room(b) - (u32)OFFSET - b->size, RIGHT_MAX);
}

static void block_arm(struct block *b)
{
	b->state = BLOCK_LIVE;
	b->next = NULL;
	b->freed_by = 0;
	guest_fill(b->left, LEFT_BYTE, sizeof(b->left));
	guest_fill(block_payload(b) + b->size, RIGHT_BYTE, right_bytes(b));
}

static s32 text_offset(const void *code)
{
	return (s32)((unsigned long)code - (unsigned long)kmalloc);
}

static void mention(const char *what, s32 offset)
{
	if (offset && gk.calls->size > offsetof(struct machine_calls, mention))
		gk.calls->mention(gk.m, what, (const u8 *)kmalloc + offset);
}

void __cold guest_block_mention(const struct block *b)
{
	mention("allocated by", b->allocated_by);
	mention("freed by", b->freed_by);
}

static void __cold bad_left(const struct block *b)
{
	const u8 *bad = memchr_inv(b->left, LEFT_BYTE, sizeof(b->left));

	guest_block_mention(b);
	guest_bug("redzone",
		  "a kmalloc block's redzone was overwritten, %d bytes before the block",
		  (int)(b->left + sizeof(b->left) - bad));
}

static bool header_sane(const struct block *b)
{
	if (b->class == CLASS_LARGE)
		return b->size <= KMALLOC_MAX_SIZE;
	return b->class < CLASSES &&
	       b->size <= class_bytes[b->class] - OFFSET - RIGHT_MIN;
}

static void check_left(const struct block *b)
{
	if (unlikely(!header_sane(b)))
		guest_bug("redzone",
			  "the header of a kmalloc block was overwritten");
	if (unlikely(!guest_filled(b->left, LEFT_BYTE, sizeof(b->left))))
		bad_left(b);
}

static void __cold bad_right(struct block *b)
{
	u8 *end = block_payload(b) + b->size;
	u8 *bad = memchr_inv(end, RIGHT_BYTE, right_bytes(b));

	guest_block_mention(b);
	guest_bug("redzone",
		  "kmalloc(%u): byte %d behind the block was overwritten",
		  b->size, (int)(bad - end));
}

static void check_right(struct block *b)
{
	if (unlikely(!guest_filled(block_payload(b) + b->size, RIGHT_BYTE,
				   right_bytes(b))))
		bad_right(b);
}

static void __cold bad_poison(struct block *b)
{
	u8 *bad = memchr_inv(block_payload(b), POISON_FREE, b->size);

	guest_block_mention(b);
	guest_bug("use-after-free",
		  "kmalloc(%u): byte %d was written after kfree",
		  b->size, (int)(bad - block_payload(b)));
}

static void check_poison(struct block *b)
{
	if (unlikely(!guest_filled(block_payload(b), POISON_FREE, b->size)))
		bad_poison(b);
}

/* ---- classes ---- */

static void push_free(u32 class, struct block *b)
{
	b->next = NULL;
	if (classes[class].last)
		classes[class].last->next = b;
	else
		classes[class].first = b;
	classes[class].last = b;
	classes[class].free++;
}

static bool grow(u32 class, gfp_t gfp)
{
	unsigned int order = slab_order(class);
	struct page *page = guest_pages_get(gfp & PAGE_GFP, order);
	u8 *at, *end;

	if (!page)
		return false;
	list_add_tail(&page->lru, &classes[class].slabs);
	guest_pages_slab(page, order, class, true);
	at = page_address(page);
	end = at + (PAGE_SIZE << order);
	memset(at, POISON_FREE, PAGE_SIZE << order);
	for (; at + class_bytes[class] <= end; at += class_bytes[class]) {
		struct block *b = (struct block *)at;

		*b = (struct block){ .state = BLOCK_FREE, .class = (u16)class };
		memset(b->left, LEFT_BYTE, sizeof(b->left));
		push_free(class, b);
	}
	return true;
}

/* Free blocks that are not given out again while there is other memory. */
static u32 quarantine(u32 class)
{
	return min_t(u32, GUEST_QUARANTINE,
		     GUEST_QUARANTINE * 1024 / class_bytes[class]);
}

static struct block *take_small(u32 class, gfp_t gfp)
{
	struct block *b;

	/* Nobody has to give memory up so that free blocks can wait. */
	if (classes[class].free <= quarantine(class) &&
	    !grow(class, classes[class].first ? 0 : gfp) &&
	    !classes[class].first)
		return NULL;
	b = classes[class].first;
	if (b->state != BLOCK_FREE)
		guest_bug("use-after-free",
			  "the header of a free block was overwritten");
	check_left(b);
	check_poison(b);
	classes[class].first = b->next;
	classes[class].free--;
	if (!b->next)
		classes[class].last = NULL;
	return b;
}

static struct block *take_large(size_t total, gfp_t gfp)
{
	struct page *page = guest_pages_get(gfp & PAGE_GFP, get_order(total));
	struct block *b;

	if (!page)
		return NULL;
	guest_pages_slab(page, get_order(total), CLASS_LARGE, true);
	b = page_address(page);
	*b = (struct block){ .class = CLASS_LARGE };
	return b;
}

/* A block of `size` bytes, armed; NULL: no memory. */
static struct block *take(size_t size, gfp_t gfp)
{
	size_t total = size + OFFSET + RIGHT_MIN;
	struct block *b;

	if (total <= CLASS_BYTES_MAX)
		b = take_small(class_of[(total + 15) / 16], gfp);
	else
		b = take_large(total, gfp);
	if (b) {
		b->size = (u32)size;
		block_arm(b);
	}
	return b;
}

static void give_large(struct block *b)
{
	unsigned int order = get_order(b->size + OFFSET + RIGHT_MIN);
	struct page *page = virt_to_page(b);

	guest_pages_slab(page, order, 0, false);
	guest_pages_give(page, order);
}

static void give(struct block *b)
{
	guest_fill(block_payload(b), POISON_FREE, b->size);
	b->state = BLOCK_FREE;
	if (b->class == CLASS_LARGE)
		give_large(b);
	else
		push_free(b->class, b);
}

struct block *guest_block_around(const void *virt)
{
	const struct page *page = virt_to_page(virt);
	u8 *slab;
	u32 size;

	if (!guest_page_is_slab(page))
		return NULL;
	slab = (u8 *)((unsigned long)virt & PAGE_MASK) - PFN_PHYS(page->index);
	if (page->private == CLASS_LARGE)
		return (struct block *)slab;
	size = class_bytes[page->private];
	/* 32 bits: a division of 64 takes twice as long, and this is asked for
	 * each mapping. */
	return (struct block *)(slab +
				(u32)((const u8 *)virt - slab) / size * size);
}

/* p is no live block's payload: is it nobody's, or was its header damaged? */
static void __noreturn bad_block(struct block *b, const char *who)
{
	struct block *around = NULL;

	if (virt_addr_valid(block_payload(b)))
		around = guest_block_around(block_payload(b));
	if (around == b)
		check_left(b);
	if (around && around->state == BLOCK_LIVE) {
		guest_block_mention(around);
		guest_bug("bad-free",
			  "%s of an address in the middle of kmalloc(%u), which is no block",
			  who, around->size);
	}
	guest_bug("bad-free", "%s of an address that is no block", who);
}

/* The live block whose payload p is; reports what is none. */
static struct block *block_of(const void *p, const char *who)
{
	struct block *b = (struct block *)((unsigned long)p - OFFSET);

	if (!virt_addr_valid(b) || (unsigned long)p % 16)
		guest_bug("bad-free", "%s of an address that is no block",
			  who);
	if (b->state == BLOCK_FREE) {
		guest_block_mention(b);
		guest_bug("double-free", "%s of a block of %u bytes that is free",
			  who, b->size);
	}
	if (b->state != BLOCK_LIVE)
		bad_block(b, who);
	check_left(b);
	check_right(b);
	return b;
}

/* ---- the kernel's interface ---- */

void *guest_alloc(size_t size)
{
	struct block *b = take(size, 0);

	if (!b)
		return NULL;
	b->own = true;
	b->device = GUEST_NO_DEVICE;
	b->allocated_by = text_offset(__builtin_return_address(0));
	return memset(block_payload(b), 0, size);
}

void *kmalloc(size_t size, gfp_t gfp)
{
	u32 device = guest_current_context()->device;
	struct block *b;

	guest_check_gfp(gfp, "kmalloc", __GFP_HIGHMEM | __GFP_DMA32);
	if (!size)
		return ZERO_SIZE_PTR;
	if (size > KMALLOC_MAX_SIZE)
		return NULL;
	if (guest_fault(&site_slab, NULL, (u32)size))
		return NULL;
	b = take(size, gfp);
	if (!b)
		return NULL;
	b->own = false;
	b->device = device;
	b->allocated_by = text_offset(__builtin_return_address(0));
	guest_account(MACHINE_RES_MEMORY, virt_to_phys(block_payload(b)), (s64)size,
		      device);
	if (gfp & __GFP_ZERO)
		memset(block_payload(b), 0, size);
	return block_payload(b);
}

/* What is still to run would run in memory of somebody else. */
static void check_at_rest(const void *p, const struct block *b)
{
	if (guest_timer_armed_in(p, b->size))
		guest_bug("free-active", "a block of %u bytes is freed while a timer in it is armed",
			  b->size);
	if (guest_work_queued_in(p, b->size))
		guest_bug("free-active", "a block of %u bytes is freed while work in it is queued",
			  b->size);
}

void kfree(const void *p)
{
	struct block *b;

	if (ZERO_OR_NULL_PTR(p))
		return;
	b = block_of(p, "kfree");
	check_at_rest(p, b);
	b->freed_by = text_offset(__builtin_return_address(0));
	if (!b->own)
		guest_account(MACHINE_RES_MEMORY, virt_to_phys(p),
			      -(s64)b->size, b->device);
	give(b);
}

void kfree_sensitive(const void *p)
{
	/* kfree overwrites what it frees. */
	kfree(p);
}

size_t ksize(const void *p)
{
	return ZERO_OR_NULL_PTR(p) ? 0 : block_of(p, "ksize")->size;
}

void *krealloc(const void *p, size_t size, gfp_t gfp)
{
	size_t old = ksize(p);
	void *now;

	if (!size) {
		kfree(p);
		return ZERO_SIZE_PTR;
	}
	now = kmalloc(size, gfp);
	if (!now || !old)
		return now;
	memcpy(now, p, min(old, size));
	kfree(p);
	return now;
}

void *kvmalloc(size_t size, gfp_t gfp)
{
	return kmalloc(size, gfp);
}

void kvfree(const void *p)
{
	kfree(p);
}

static void check_slab(u32 class, struct page *page)
{
	u8 *at = page_address(page);
	u8 *end = at + (PAGE_SIZE << slab_order(class));

	for (; at + class_bytes[class] <= end; at += class_bytes[class]) {
		struct block *b = (struct block *)at;

		check_left(b);
		if (b->state == BLOCK_FREE)
			check_poison(b);
		else
			check_right(b);
	}
}

static bool block_covers(struct block *b, const void *virt, u64 size)
{
	u64 off = (u64)((const u8 *)virt - block_payload(b));

	return b->state == BLOCK_LIVE && size <= b->size &&
	       off <= b->size - size;
}

bool guest_slab_covers(const void *virt, u64 size)
{
	struct block *b = guest_block_around(virt);

	return !b || block_covers(b, virt, size);
}

bool guest_slab_holds(phys_addr_t pa, u64 size)
{
	const void *virt = phys_to_virt(pa);
	struct block *b;

	if (pa - guest_ram.phys >= guest_ram.size || !size)
		return false;
	b = guest_block_around(virt);
	return b && block_covers(b, virt, size);
}

/* The last look at every block. */
void guest_slab_shutdown(void)
{
	struct page *page, *n;
	u32 class;

	for (class = 0; class < CLASSES; class++) {
		list_for_each_entry_safe(page, n, &classes[class].slabs, lru) {
			check_slab(class, page);
			list_del(&page->lru);
			guest_pages_slab(page, slab_order(class), 0, false);
			guest_pages_give(page, slab_order(class));
		}
		classes[class].first = NULL;
		classes[class].last = NULL;
	}
}
