/* SPDX-License-Identifier: MIT */
/*
 * Free page reporting: some time after a large enough block has become free, a
 * device is told of it, once.  Blocks that are being reported are out of the
 * allocator's reach until the device has answered; never more than half of what
 * is free.
 */
#include "guestdrv/kernel/kernel.h"

#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/page_reporting.h>

#define REPORT_DELAY (2 * HZ)
/* Blocks of 2 MiB, unless the device's driver asks for others. */
#define REPORT_ORDER 9u

GUEST_FAULT_SITE(site_register, "guest.mem.register_page_reporting");

enum report_state {
	REPORT_IDLE,      /* nothing new is free */
	REPORT_REQUESTED, /* the work is queued, or has to look again */
	REPORT_ACTIVE,    /* it runs */
};

static struct {
	struct mutex lock;                    /* coming and going */
	struct page_reporting_dev_info *prdev; /* NULL: nobody to tell */
	unsigned int order;                   /* of the smallest blocks */
	u32 device;
	/* What is being reported. */
	struct scatterlist sgl[PAGE_REPORTING_CAPACITY];
	unsigned int n;
	unsigned long pages;
} reporting;

void guest_page_reporting_boot(void)
{
	mutex_init(&reporting.lock);
	reporting.prdev = NULL;
}

static void report_request(struct page_reporting_dev_info *prdev)
{
	if (atomic_xchg(&prdev->state, REPORT_REQUESTED) == REPORT_IDLE)
		schedule_delayed_work(&prdev->work, REPORT_DELAY);
}

void guest_page_reporting_freed(unsigned int order)
{
	if (reporting.prdev && order >= reporting.order)
		report_request(reporting.prdev);
}

/* As many new blocks as fit the list, and leave as much as they take. */
static void report_collect(void)
{
	unsigned int order;
	struct page *page;

	sg_init_table(reporting.sgl, PAGE_REPORTING_CAPACITY);
	reporting.n = 0;
	reporting.pages = 0;
	for (order = reporting.order; order < MAX_ORDER; order++) {
		while (reporting.n < PAGE_REPORTING_CAPACITY &&
		       reporting.pages + (2ul << order) <= nr_free_pages()) {
			page = guest_pages_isolate(order);
			if (!page)
				break;
			sg_set_page(&reporting.sgl[reporting.n++], page,
				    (unsigned int)PAGE_SIZE << order, 0);
			reporting.pages += 1ul << order;
		}
	}
}

static void report_release(bool reported)
{
	unsigned int i;

	for (i = 0; i < reporting.n; i++)
		guest_pages_putback(sg_page(&reporting.sgl[i]),
				    get_order(reporting.sgl[i].length),
				    reported);
}

static int report_batch(struct page_reporting_dev_info *prdev)
{
	int err;

	sg_mark_end(&reporting.sgl[reporting.n - 1]);
	err = prdev->report(prdev, reporting.sgl, reporting.n);
	report_release(!err);
	return err;
}

static void report_work(struct work_struct *work)
{
	struct page_reporting_dev_info *prdev =
		container_of(to_delayed_work(work),
			     struct page_reporting_dev_info, work);
	u32 was = guest_context_device(reporting.device);
	/* As much as is free now: telling a device takes memory, too, and what
	 * becomes free by that must not keep this going forever. */
	unsigned long left = nr_free_pages();
	int err = 0;

	atomic_set(&prdev->state, REPORT_ACTIVE);
	while (reporting.prdev == prdev && left && !err) {
		report_collect();
		if (!reporting.n)
			break;
		err = report_batch(prdev);
		left -= min(left, reporting.pages);
	}
	/* For want of memory nothing was told: it is still news. */
	if (err == -ENOMEM)
		atomic_cmpxchg(&prdev->state, REPORT_ACTIVE, REPORT_REQUESTED);
	/* Something has become free meanwhile: later, as ever. */
	if (atomic_cmpxchg(&prdev->state, REPORT_ACTIVE, REPORT_IDLE) ==
	    REPORT_REQUESTED && reporting.prdev == prdev)
		schedule_delayed_work(&prdev->work, REPORT_DELAY);
	guest_context_device(was);
}

int page_reporting_register(struct page_reporting_dev_info *prdev)
{
	int err = guest_fault(&site_register, NULL, GUEST_FAULT_NO_INDEX);

	if (err)
		return err;
	mutex_lock(&reporting.lock);
	if (reporting.prdev) {
		err = -EBUSY;
	} else {
		reporting.order = prdev->order ? prdev->order : REPORT_ORDER;
		reporting.device = guest_current_context()->device;
		atomic_set(&prdev->state, REPORT_IDLE);
		INIT_DELAYED_WORK(&prdev->work, report_work);
		reporting.prdev = prdev;
		/* What is free already is news, too. */
		report_request(prdev);
	}
	mutex_unlock(&reporting.lock);
	return err;
}

void page_reporting_unregister(struct page_reporting_dev_info *prdev)
{
	mutex_lock(&reporting.lock);
	if (reporting.prdev == prdev) {
		reporting.prdev = NULL;
		cancel_delayed_work_sync(&prdev->work);
	}
	mutex_unlock(&reporting.lock);
}
