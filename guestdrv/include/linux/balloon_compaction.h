/* SPDX-License-Identifier: MIT */
/*
 * The pages that a balloon driver has taken from the kernel
 * (kernel/balloon_page.c).  Nothing is ever compacted: there is no migration.
 */
#ifndef LINUX_BALLOON_COMPACTION_H
#define LINUX_BALLOON_COMPACTION_H

#include <linux/list.h>
#include <linux/migrate.h>
#include <linux/mm.h>
#include <linux/spinlock.h>

struct balloon_dev_info {
	unsigned long isolated_pages;
	spinlock_t pages_lock;
	struct list_head pages; /* struct page.lru */
	int (*migratepage)(struct balloon_dev_info *info, struct page *newpage,
			   struct page *page, enum migrate_mode mode);
};

static inline void balloon_devinfo_init(struct balloon_dev_info *info)
{
	info->isolated_pages = 0;
	spin_lock_init(&info->pages_lock);
	INIT_LIST_HEAD(&info->pages);
	info->migratepage = NULL;
}

/* A page that is nobody else's; NULL: they are short. */
struct page *balloon_page_alloc(void);
/* Puts it among the balloon's pages, and takes out the latest; NULL: there is
 * none. */
void balloon_page_enqueue(struct balloon_dev_info *info, struct page *page);
struct page *balloon_page_dequeue(struct balloon_dev_info *info);
/* The same for lists of pages; how many they were. */
size_t balloon_page_list_enqueue(struct balloon_dev_info *info,
				 struct list_head *pages);
size_t balloon_page_list_dequeue(struct balloon_dev_info *info,
				 struct list_head *pages, size_t n);

#endif
