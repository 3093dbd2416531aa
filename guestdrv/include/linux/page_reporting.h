/* SPDX-License-Identifier: MIT */
/*
 * Telling a device which pages are free, so that what is behind them can be
 * used elsewhere (kernel/page_reporting.c).
 */
#ifndef LINUX_PAGE_REPORTING_H
#define LINUX_PAGE_REPORTING_H

#include <linux/atomic.h>
#include <linux/scatterlist.h>
#include <linux/workqueue.h>

/* Blocks that are reported at once, at most. */
#define PAGE_REPORTING_CAPACITY 32

struct page_reporting_dev_info {
	/* The blocks are not given out before it returns: 0, or -errno and they
	 * count as not reported. */
	int (*report)(struct page_reporting_dev_info *prdev,
		      struct scatterlist *sg, unsigned int nents);
	struct delayed_work work; /* the kernel's own */
	atomic_t state;           /* likewise */
	unsigned int order;       /* of the smallest blocks; 0: the usual */
};

/* One at a time: -EBUSY. */
int page_reporting_register(struct page_reporting_dev_info *prdev);
/* Afterwards report() does not run any more. */
void page_reporting_unregister(struct page_reporting_dev_info *prdev);

#endif
