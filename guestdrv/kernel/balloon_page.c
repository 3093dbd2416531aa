/* SPDX-License-Identifier: MIT */
/* Pages that balloon drivers have taken (linux/balloon_compaction.h). */
#include <linux/balloon_compaction.h>
#include <linux/gfp.h>
#include <linux/vmstat.h>

/* Does not wait long, starts no OOM, and keeps off the kernel's reserve. */
#define BALLOON_GFP                                         \
	(GFP_HIGHUSER_MOVABLE | __GFP_NOMEMALLOC | __GFP_NORETRY | \
	 __GFP_NOWARN)

struct page *balloon_page_alloc(void)
{
	return alloc_page(BALLOON_GFP);
}

size_t balloon_page_list_enqueue(struct balloon_dev_info *info,
				 struct list_head *pages)
{
	struct page *page, *next;
	unsigned long flags;
	size_t n = 0;

	spin_lock_irqsave(&info->pages_lock, flags);
	list_for_each_entry_safe(page, next, pages, lru) {
		list_move(&page->lru, &info->pages);
		n++;
	}
	spin_unlock_irqrestore(&info->pages_lock, flags);
	count_vm_events(BALLOON_INFLATE, (long)n);
	return n;
}

size_t balloon_page_list_dequeue(struct balloon_dev_info *info,
				 struct list_head *pages, size_t n)
{
	unsigned long flags;
	size_t got = 0;

	spin_lock_irqsave(&info->pages_lock, flags);
	for (; got < n && !list_empty(&info->pages); got++)
		list_move(info->pages.next, pages);
	spin_unlock_irqrestore(&info->pages_lock, flags);
	count_vm_events(BALLOON_DEFLATE, (long)got);
	return got;
}

void balloon_page_enqueue(struct balloon_dev_info *info, struct page *page)
{
	LIST_HEAD(one);

	list_add(&page->lru, &one);
	balloon_page_list_enqueue(info, &one);
}

struct page *balloon_page_dequeue(struct balloon_dev_info *info)
{
	LIST_HEAD(one);
	struct page *page;

	if (!balloon_page_list_dequeue(info, &one, 1))
		return NULL;
	page = list_first_entry(&one, struct page, lru);
	list_del(&page->lru);
	return page;
}
