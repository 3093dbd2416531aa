/* SPDX-License-Identifier: MIT */
/* Marks on pages.  Nothing asks whether a page is offline (a balloon's). */
#ifndef LINUX_PAGE_FLAGS_H
#define LINUX_PAGE_FLAGS_H

#include <linux/mm.h>

static inline void __SetPageOffline(struct page *page)
{
	(void)page;
}

static inline void __ClearPageOffline(struct page *page)
{
	(void)page;
}

/* For the compaction of memory, which there is none of. */
static inline void __ClearPageMovable(struct page *page)
{
	(void)page;
}

static inline void set_page_private(struct page *page, unsigned long private)
{
	page->private = private;
}

static inline unsigned long page_private(const struct page *page)
{
	return page->private;
}

#endif
