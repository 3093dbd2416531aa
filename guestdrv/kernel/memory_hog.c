/* SPDX-License-Identifier: MIT */
/*
 * A process that needs memory, as far as the rest of the kernel can tell: the
 * actions memory.take and memory.give.  Its pages come through reclaim and the
 * OOM notifiers; it marks each, and the mark has to be there when it gives the
 * page back.
 */
#include "guestdrv/kernel/kernel.h"

#include <linux/mm.h>
#include <ringside/image.h>

enum { TAKE_PAGES };

/* Each page's own: its number, mixed. */
#define HOG_MARK 0x9e3779b97f4a7c15ull
#define HOG_WORDS (PAGE_SIZE / sizeof(u64))

static struct {
	struct list_head pages; /* struct page.lru */
	unsigned long held;
} hog;

int guest_memory_hog_boot(void)
{
	INIT_LIST_HEAD(&hog.pages);
	hog.held = 0;
	return 0;
}

static u64 hog_mark(const struct page *page)
{
	return (page_to_pfn(page) + 1) * HOG_MARK;
}

static void hog_take_page(struct page *page)
{
	u64 *words = page_address(page);

	words[0] = words[HOG_WORDS - 1] = hog_mark(page);
	list_add(&page->lru, &hog.pages);
	hog.held++;
}

/* Returns whether the page is as it was left. */
static bool hog_give_page(struct page *page)
{
	const u64 *words = page_address(page);
	bool whole = words[0] == hog_mark(page) &&
		     words[HOG_WORDS - 1] == hog_mark(page);

	if (!whole)
		printk(KERN_ERR "memory.give: the page at 0x%llx has changed\n",
		       page_to_phys(page));
	list_del(&page->lru);
	hog.held--;
	__free_page(page);
	return whole;
}

static int hog_give_all(void)
{
	int err = 0;

	while (hog.held)
		if (!hog_give_page(list_first_entry(&hog.pages, struct page,
						    lru)))
			err = -EBADMSG;
	return err;
}

void guest_memory_hog_shutdown(void)
{
	hog_give_all();
}

const struct guest_param guest_memory_take_params[] = {
	{ "pages", GUEST_PARAM_INT, true, 0, "how many shall be held then" },
	{ NULL, GUEST_PARAM_INT, false, 0, NULL }
};

const struct guest_param guest_memory_give_params[] = {
	{ NULL, GUEST_PARAM_INT, false, 0, NULL }
};

static int memory_take(const struct guest_value *v)
{
	struct page *page;

	if (v[TAKE_PAGES].i < 0)
		return -EINVAL;
	while (hog.held < (u64)v[TAKE_PAGES].i) {
		page = alloc_page(GFP_HIGHUSER);
		if (!page)
			return -ENOMEM;
		hog_take_page(page);
	}
	return 0;
}

static int memory_give(const struct guest_value *v)
{
	(void)v;
	return hog_give_all();
}

int guest_action_memory_take(const struct guest_value *values)
{
	return guest_action_run(memory_take, guest_memory_take_params, values);
}

int guest_action_memory_give(const struct guest_value *values)
{
	return guest_action_run(memory_give, guest_memory_give_params, values);
}
