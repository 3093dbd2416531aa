/* SPDX-License-Identifier: MIT */
/*
 * Cases of reclaim, OOM notifiers and free page reporting
 * (guestdrv/kernel/{reclaim,page_reporting,memory_hog}.c).
 */
#include <linux/balloon_compaction.h>
#include <linux/delay.h>
#include <linux/mm.h>
#include <linux/oom.h>
#include <linux/page_reporting.h>
#include <linux/shrinker.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "tests/unit/guest_kernel/guest/cases.h"

/* A pile of pages that can be given back one by one. */
static LIST_HEAD(pile);
static unsigned long piled, asked, scanned;

static void pile_up(unsigned long n)
{
	struct page *page;

	while (n-- && (page = alloc_page(GFP_ATOMIC))) {
		list_add(&page->lru, &pile);
		piled++;
	}
}

static unsigned long take_down(unsigned long n)
{
	unsigned long done;

	for (done = 0; done < n && piled; done++, piled--) {
		struct page *page = list_first_entry(&pile, struct page, lru);

		list_del(&page->lru);
		__free_page(page);
	}
	return done;
}

static unsigned long pile_count(struct shrinker *s, struct shrink_control *sc)
{
	(void)s;
	(void)sc;
	return piled ? piled : SHRINK_EMPTY;
}

static unsigned long pile_scan(struct shrinker *s, struct shrink_control *sc)
{
	(void)s;
	scanned += sc->nr_to_scan;
	return take_down(sc->nr_to_scan);
}

static unsigned long stubborn_scan(struct shrinker *s,
				   struct shrink_control *sc)
{
	(void)s;
	(void)sc;
	asked++;
	return SHRINK_STOP;
}

static unsigned long stalls(void)
{
	unsigned long events[NR_VM_EVENT_ITEMS];

	all_vm_events(events);
	return events[ALLOCSTALL_NORMAL];
}

GUEST_CASE(shrinkers_make_room)
{
	struct shrinker old = { .count_objects = pile_count,
				.scan_objects = stubborn_scan };
	struct shrinker *new = shrinker_alloc(0, "pile");
	struct page *page;

	CHECK(new && new->seeks == 2);
	new->count_objects = pile_count;
	new->scan_objects = pile_scan;
	new->batch = 8;
	CHECK(register_shrinker(&old, "stubborn") == 0);
	shrinker_register(new);
	/* Whoever may not sleep gets what is there. */
	pile_up(ULONG_MAX);
	asked = scanned = 0;
	CHECK(!alloc_page(GFP_ATOMIC) && stalls() == 0 && !scanned);
	page = alloc_page(GFP_KERNEL);
	CHECK(page && asked == 1 && scanned == 8 && stalls() == 1);
	__free_page(page);
	/* kmalloc goes the same way. */
	pile_up(ULONG_MAX);
	kfree(kmalloc(100000, GFP_KERNEL));
	CHECK(scanned > 32);
	take_down(ULONG_MAX);
	unregister_shrinker(&old);
	shrinker_free(new);
	shrinker_free(NULL);
	return 0;
}

static int chain[4], chained;
static unsigned long to_free;

static int on_oom_high(struct notifier_block *nb, unsigned long action,
		       void *data)
{
	(void)nb;
	(void)data;
	CHECK(action == 0);
	if (chained < 4)
		chain[chained++] = 2;
	return NOTIFY_DONE;
}

static int on_oom_low(struct notifier_block *nb, unsigned long action,
		      void *data)
{
	unsigned long *freed = data, n = take_down(to_free);

	(void)nb;
	(void)action;
	if (chained < 4)
		chain[chained++] = 1;
	*freed += n;
	to_free -= n;
	/* Its own allocations do not come back here. */
	CHECK(n || !alloc_page(GFP_KERNEL));
	return NOTIFY_OK;
}

GUEST_CASE(oom_notifiers_by_priority)
{
	struct notifier_block low = { .notifier_call = on_oom_low,
				      .priority = 1 };
	struct notifier_block high = { .notifier_call = on_oom_high,
				       .priority = 80 };
	struct page *page;

	CHECK(register_oom_notifier(&low) == 0);
	CHECK(register_oom_notifier(&high) == 0);
	CHECK(register_oom_notifier(&high) == -EEXIST);
	pile_up(ULONG_MAX);
	chained = 0;
	/* Neither asked when the caller can do without, nor for large blocks. */
	CHECK(!alloc_page(GFP_KERNEL | __GFP_NORETRY) && !chained);
	CHECK(!alloc_page(GFP_KERNEL | __GFP_RETRY_MAYFAIL) && !chained);
	CHECK(!alloc_pages(GFP_KERNEL, 4) && !chained);
	to_free = 1;
	page = alloc_page(GFP_KERNEL);
	CHECK(page && chained == 2 && chain[0] == 2 && chain[1] == 1);
	/* Nobody has anything left. */
	CHECK(!alloc_page(GFP_KERNEL) && chained == 4);
	__free_page(page);
	take_down(ULONG_MAX);
	CHECK(unregister_oom_notifier(&high) == 0);
	CHECK(unregister_oom_notifier(&low) == 0);
	CHECK(unregister_oom_notifier(&low) == -ENOENT);
	return 0;
}

GUEST_CASE(refused_registrations)
{
	struct shrinker s = { .count_objects = pile_count };
	struct notifier_block nb = { .notifier_call = on_oom_low };
	struct page_reporting_dev_info prdev = { .order = 0 };

	CHECK(register_shrinker(&s, "none") == -ENOMEM);
	CHECK(!shrinker_alloc(0, "none"));
	CHECK(register_oom_notifier(&nb) == -EEXIST);
	CHECK(page_reporting_register(&prdev) == -EBUSY);
	CHECK(unregister_oom_notifier(&nb) == -ENOENT);
	return 0;
}

/* ---- users' pages ---- */

GUEST_CASE(users_leave_the_kernel_a_reserve)
{
	struct page *page, *next;
	LIST_HEAD(pages);

	while ((page = alloc_page(GFP_HIGHUSER)))
		list_add(&page->lru, &pages);
	CHECK(nr_free_pages() >= 16 && si_mem_available() == 0);
	page = alloc_page(GFP_KERNEL);
	CHECK(page);
	__free_page(page);
	list_for_each_entry_safe(page, next, &pages, lru)
		__free_page(page);
	return 0;
}

GUEST_CASE(pages_of_a_balloon)
{
	struct balloon_dev_info info;
	struct page *a = balloon_page_alloc(), *b = balloon_page_alloc();
	unsigned long events[NR_VM_EVENT_ITEMS], total = totalram_pages();
	struct sysinfo si;
	LIST_HEAD(list);

	balloon_devinfo_init(&info);
	CHECK(!balloon_page_dequeue(&info));
	balloon_page_enqueue(&info, a);
	balloon_page_enqueue(&info, b);
	CHECK(balloon_page_list_dequeue(&info, &list, 5) == 2);
	CHECK(balloon_page_list_enqueue(&info, &list) == 2);
	CHECK(list_empty(&list));
	all_vm_events(events);
	CHECK(events[BALLOON_INFLATE] == 4 && events[BALLOON_DEFLATE] == 2);
	adjust_managed_page_count(a, -2);
	si_meminfo(&si);
	CHECK(si.totalram == total - 2 && totalram_pages() == total - 2);
	adjust_managed_page_count(a, 2);
	put_page(balloon_page_dequeue(&info));
	put_page(balloon_page_dequeue(&info));
	CHECK(!balloon_page_dequeue(&info));
	return 0;
}

/* ---- free page reporting ---- */

static struct {
	unsigned long pages, calls, smallest;
	unsigned long free; /* while it is reported */
	int answer;
	bool poisoned, scribble;
	bool allocates; /* as a DMA mapping by copy does */
} told;

static int on_report(struct page_reporting_dev_info *prdev,
		     struct scatterlist *sg, unsigned int nents)
{
	unsigned int i;

	(void)prdev;
	told.calls++;
	told.free = nr_free_pages();
	if (told.allocates) {
		struct page *block = alloc_pages(GFP_KERNEL, 10);

		CHECK(block && told.calls < 100);
		__free_pages(block, 10);
	}
	told.poisoned = true;
	for (i = 0; i < nents; i++, sg = sg_next(sg)) {
		unsigned long n = sg->length / 4096;

		told.pages += n;
		told.smallest = min(told.smallest, n);
		if (memchr_inv(sg_virt(sg), 0xaa, sg->length))
			told.poisoned = false;
		if (told.scribble)
			memset(sg_virt(sg), 0, sg->length);
	}
	CHECK(!sg);
	return told.answer;
}

static void told_reset(void)
{
	memset(&told, 0, sizeof(told));
	told.smallest = ULONG_MAX;
}

GUEST_CASE(free_blocks_are_reported_once)
{
	struct page_reporting_dev_info prdev = { .report = on_report };
	struct page_reporting_dev_info other = { .report = on_report };
	struct page *block;

	told_reset();
	CHECK(page_reporting_register(&prdev) == 0);
	CHECK(page_reporting_register(&other) == -EBUSY);
	msleep(1900);
	CHECK(!told.calls);
	msleep(200);
	/* Half of what is free at once, so in several calls. */
	CHECK(told.calls > 1 && told.smallest >= 512);
	CHECK(told.pages > nr_free_pages() / 2);
	told_reset();
	msleep(5000);
	CHECK(!told.calls);
	/* What was taken since then, and no more. */
	block = alloc_pages(GFP_KERNEL, 10);
	__free_pages(block, 10);
	block = alloc_page(GFP_KERNEL);
	__free_page(block);
	msleep(2100);
	CHECK(told.calls && told.pages >= 1024 && told.pages <= 2048);
	page_reporting_unregister(&prdev);
	told_reset();
	block = alloc_pages(GFP_KERNEL, 10);
	__free_pages(block, 10);
	msleep(5000);
	CHECK(!told.calls);
	CHECK(page_reporting_register(&other) == 0);
	page_reporting_unregister(&other);
	return 0;
}

GUEST_CASE(blocks_are_out_of_reach_while_reported)
{
	struct page_reporting_dev_info prdev = { .report = on_report,
						 .order = 10 };

	told_reset();
	/* Not accepted: not reported, and there again. */
	told.answer = -EIO;
	CHECK(page_reporting_register(&prdev) == 0);
	msleep(2100);
	CHECK(told.calls == 1 && told.pages && told.smallest == 1024);
	CHECK(told.free == nr_free_pages() - told.pages);
	CHECK(told.free >= told.pages);
	page_reporting_unregister(&prdev);
	told_reset();
	CHECK(page_reporting_register(&prdev) == 0);
	msleep(2100);
	CHECK(told.pages);
	page_reporting_unregister(&prdev);
	return 0;
}

GUEST_CASE(reporting_ends_although_it_takes_memory)
{
	struct page_reporting_dev_info prdev = { .report = on_report };
	unsigned long calls;

	told_reset();
	told.allocates = true;
	CHECK(page_reporting_register(&prdev) == 0);
	msleep(2100);
	calls = told.calls;
	CHECK(calls && calls < 100);
	/* What it freed itself is told of later. */
	msleep(1000);
	CHECK(told.calls == calls);
	page_reporting_unregister(&prdev);
	return 0;
}

/* Without page_poison the device may do what it likes to them. */
GUEST_CASE(reported_pages_need_no_poison)
{
	struct page_reporting_dev_info prdev = { .report = on_report };
	struct page *block = alloc_pages(GFP_KERNEL, 10);

	CHECK(!page_poisoning_enabled_static());
	__free_pages(block, 10);
	told_reset();
	told.scribble = true;
	CHECK(page_reporting_register(&prdev) == 0);
	msleep(2100);
	CHECK(told.pages);
	page_reporting_unregister(&prdev);
	return 0;
}

GUEST_CASE(reported_pages_hold_the_poison)
{
	struct page_reporting_dev_info prdev = { .report = on_report };
	struct page *page = alloc_page(GFP_HIGHUSER);
	u8 *virt = page_address(page);

	CHECK(page_poisoning_enabled_static());
	memset(virt, 0x11, 4096);
	__free_page(page);
	CHECK(!memchr_inv(virt, 0xaa, 4096));
	told_reset();
	CHECK(page_reporting_register(&prdev) == 0);
	msleep(2100);
	CHECK(told.pages && told.poisoned);
	page_reporting_unregister(&prdev);
	return 0;
}

/* A device that leaves another value there is found out. */
GUEST_CASE(reported_pages_lose_the_poison)
{
	struct page_reporting_dev_info prdev = { .report = on_report };

	told_reset();
	told.scribble = true;
	CHECK(page_reporting_register(&prdev) == 0);
	msleep(2100);
	page_reporting_unregister(&prdev);
	return alloc_pages(GFP_KERNEL, 10) ? 0 : -ENOMEM;
}
