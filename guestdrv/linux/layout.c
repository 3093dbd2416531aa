/* SPDX-License-Identifier: MIT */
/*
 * Structures that both Linux's sources and the guest kernel's reach into, while
 * each reads a header of its own for them.  Compiled twice, once with the tree's
 * headers and once with ours; image.c compares at boot.
 */
#include <linux/balloon_compaction.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/page_reporting.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "guestdrv/linux/layout.h"

#define SIZE(type) { #type, sizeof(type), 0 }
#define MEMBER(type, member)                                      \
	{ #type "." #member, sizeof(((type *)0)->member),         \
	  __builtin_offsetof(type, member) }

const struct linux_layout LINUX_LAYOUT[] = {
	MEMBER(struct balloon_dev_info, pages_lock),
	MEMBER(struct balloon_dev_info, pages),
	SIZE(struct balloon_dev_info),
	MEMBER(struct page_reporting_dev_info, report),
	MEMBER(struct page_reporting_dev_info, work),
	MEMBER(struct page_reporting_dev_info, state),
	MEMBER(struct page_reporting_dev_info, order),
	SIZE(struct page_reporting_dev_info),
	MEMBER(struct list_head, next),
	MEMBER(struct list_head, prev),
	{ 0, 0, 0 }
};
