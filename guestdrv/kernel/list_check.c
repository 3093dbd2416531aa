/* SPDX-License-Identifier: MIT */
/*
 * What is wrong with a list (linux/list.h): an entry that is in one already, one
 * that is in none any more, neighbours that do not agree.  And with a reference
 * count (linux/refcount.h).
 */
#include "guestdrv/kernel/kernel.h"

#include <linux/refcount.h>

void guest_list_bad_add(struct list_head *node, struct list_head *prev,
			struct list_head *next)
{
	if (node == prev || node == next)
		guest_bug("list-corruption",
			  "an entry is added to the list in which it is");
	if (prev == LIST_POISON2 || next == LIST_POISON1)
		guest_bug("list-corruption",
			  "an entry is added beside one that was deleted");
	guest_bug("list-corruption",
		  "an entry is added where the list is broken: its neighbours do not point at each other");
}

void guest_list_bad_del(struct list_head *node)
{
	if (node->next == LIST_POISON1 || node->prev == LIST_POISON2)
		guest_bug("list-corruption",
			  "an entry is deleted that was deleted before");
	guest_bug("list-corruption",
		  "an entry is deleted at which its neighbours do not point: never added, added twice, or overwritten");
}

void guest_refcount_bad(const char *what)
{
	guest_bug("refcount", "%s", what);
}
