/* SPDX-License-Identifier: MIT */
/* Cases of lists, reference counts and allocation flags used wrongly. */
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include "tests/unit/guest_kernel/guest/cases.h"

static LIST_HEAD(list);
static struct list_head a, b;

static void fill_list(void)
{
	INIT_LIST_HEAD(&list);
	list_add_tail(&a, &list);
	list_add_tail(&b, &list);
}

/* No mistake. */
GUEST_CASE(lists_that_are_in_order)
{
	fill_list();
	list_move(&b, &list);
	list_del_init(&a);
	list_del_init(&a);
	list_add(&a, &b);
	list_del(&a);
	list_add(&a, &list);
	CHECK(list.next == &a && a.next == &b && list_is_last(&b, &list));
	list_del(&a);
	list_del(&b);
	CHECK(list_empty(&list));
	return 0;
}

GUEST_CASE(delete_an_entry_twice)
{
	fill_list();
	list_del(&a);
	list_del(&a);
	return 0;
}

GUEST_CASE(delete_what_was_never_added)
{
	struct list_head zero = { NULL, NULL };

	fill_list();
	zero.next = &a;
	zero.prev = &list;
	list_del(&zero);
	return 0;
}

GUEST_CASE(add_an_entry_twice)
{
	fill_list();
	list_add_tail(&b, &list);
	return 0;
}

GUEST_CASE(add_to_a_broken_list)
{
	struct list_head c;

	fill_list();
	a.prev = &b;
	list_add(&c, &list);
	return 0;
}

GUEST_CASE(add_behind_a_deleted_entry)
{
	struct list_head c, *at = &a;

	fill_list();
	list_del(&a);
	OPTIMIZER_HIDE_VAR(at);
	list_add_tail(&c, at);
	return 0;
}

static void nothing(struct kref *kref)
{
	(void)kref;
}

GUEST_CASE(take_a_reference_to_what_is_gone)
{
	struct kref kref;

	kref_init(&kref);
	kref_get(&kref);
	kref_put(&kref, nothing);
	kref_put(&kref, nothing);
	kref_get(&kref);
	return 0;
}

GUEST_CASE(give_back_one_reference_too_many)
{
	struct kref kref;

	kref_init(&kref);
	CHECK(kref_put(&kref, nothing));
	kref_put(&kref, nothing);
	return 0;
}

GUEST_CASE(take_a_reference_to_a_free_page)
{
	struct page *page = alloc_page(GFP_KERNEL);

	put_page(page);
	get_page(page);
	return 0;
}

GUEST_CASE(free_pages_of_kmalloc)
{
	free_page((unsigned long)kmalloc(64, GFP_KERNEL) & PAGE_MASK);
	return 0;
}

GUEST_CASE(kmalloc_of_high_memory)
{
	return kmalloc(64, GFP_KERNEL | __GFP_HIGHMEM) ? 0 : -ENOMEM;
}

GUEST_CASE(never_fail_and_never_wait)
{
	return alloc_page(GFP_ATOMIC | __GFP_NOFAIL) ? 0 : -ENOMEM;
}

/* No mistake: pages for users may come from anywhere. */
GUEST_CASE(flags_that_go_together)
{
	struct page *page = alloc_page(GFP_HIGHUSER_MOVABLE | __GFP_NOFAIL);

	CHECK(page);
	__free_page(page);
	kfree(kmalloc(64, GFP_ATOMIC | __GFP_NOWARN | GFP_DMA));
	return 0;
}
