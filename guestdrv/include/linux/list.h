/* SPDX-License-Identifier: MIT */
/*
 * Doubly linked circular lists whose nodes lie inside what they link.  Adding
 * and taking out look at the neighbours first (kernel/list_check.c tells what is
 * wrong), as CONFIG_DEBUG_LIST does.
 */
#ifndef LINUX_LIST_H
#define LINUX_LIST_H

#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/poison.h>
#include <linux/types.h>

#define LIST_HEAD_INIT(name) { &(name), &(name) }
#define LIST_HEAD(name) struct list_head name = LIST_HEAD_INIT(name)

static inline void INIT_LIST_HEAD(struct list_head *list)
{
	list->next = list;
	list->prev = list;
}

static inline void list_link_(struct list_head *prev, struct list_head *next)
{
	prev->next = next;
	next->prev = prev;
}

void guest_list_bad_add(struct list_head *node, struct list_head *prev,
			struct list_head *next) __noreturn __cold;
void guest_list_bad_del(struct list_head *node) __noreturn __cold;

static inline void list_add_between_(struct list_head *node,
				     struct list_head *prev,
				     struct list_head *next)
{
	if (unlikely(prev == LIST_POISON2 || next == LIST_POISON1 ||
		     prev->next != next || next->prev != prev ||
		     node == prev || node == next))
		guest_list_bad_add(node, prev, next);
	list_link_(node, next);
	list_link_(prev, node);
}

static inline void list_add(struct list_head *node, struct list_head *head)
{
	list_add_between_(node, head, head->next);
}

static inline void list_add_tail(struct list_head *node,
				 struct list_head *head)
{
	list_add_between_(node, head->prev, head);
}

static inline void __list_del_entry(struct list_head *node)
{
	if (unlikely(node->next == LIST_POISON1 || node->prev == LIST_POISON2 ||
		     node->prev->next != node || node->next->prev != node))
		guest_list_bad_del(node);
	list_link_(node->prev, node->next);
}

static inline void list_del(struct list_head *node)
{
	__list_del_entry(node);
	node->next = LIST_POISON1;
	node->prev = LIST_POISON2;
}

static inline void list_del_init(struct list_head *node)
{
	__list_del_entry(node);
	INIT_LIST_HEAD(node);
}

static inline bool list_empty(const struct list_head *head)
{
	return READ_ONCE(head->next) == head;
}

static inline bool list_is_last(const struct list_head *node,
				const struct list_head *head)
{
	return node->next == head;
}

static inline bool list_is_singular(const struct list_head *head)
{
	return !list_empty(head) && head->next == head->prev;
}

static inline void list_move(struct list_head *node, struct list_head *head)
{
	__list_del_entry(node);
	list_add(node, head);
}

static inline void list_move_tail(struct list_head *node,
				  struct list_head *head)
{
	__list_del_entry(node);
	list_add_tail(node, head);
}

static inline void list_splice(const struct list_head *list,
			       struct list_head *head)
{
	struct list_head *first = list->next, *last = list->prev;

	if (list_empty(list))
		return;
	list_link_(last, head->next);
	list_link_(head, first);
}

static inline void list_splice_tail(struct list_head *list,
				    struct list_head *head)
{
	list_splice(list, head->prev);
}

static inline void list_splice_init(struct list_head *list,
				    struct list_head *head)
{
	list_splice(list, head);
	INIT_LIST_HEAD(list);
}

static inline void list_splice_tail_init(struct list_head *list,
					 struct list_head *head)
{
	list_splice_tail(list, head);
	INIT_LIST_HEAD(list);
}

#define list_entry(ptr, type, member) container_of(ptr, type, member)
#define list_first_entry(head, type, member) \
	list_entry((head)->next, type, member)
#define list_last_entry(head, type, member) \
	list_entry((head)->prev, type, member)
#define list_first_entry_or_null(head, type, member) \
	(list_empty(head) ? NULL : list_first_entry(head, type, member))
#define list_next_entry(pos, member) \
	list_entry((pos)->member.next, __typeof__(*(pos)), member)
#define list_prev_entry(pos, member) \
	list_entry((pos)->member.prev, __typeof__(*(pos)), member)
#define list_entry_is_head(pos, head, member) (&(pos)->member == (head))

#define list_for_each(pos, head) \
	for ((pos) = (head)->next; (pos) != (head); (pos) = (pos)->next)
#define list_for_each_safe(pos, n, head)                       \
	for ((pos) = (head)->next, (n) = (pos)->next;          \
	     (pos) != (head); (pos) = (n), (n) = (pos)->next)
#define list_for_each_entry(pos, head, member)                            \
	for ((pos) = list_first_entry(head, __typeof__(*(pos)), member);  \
	     !list_entry_is_head(pos, head, member);                      \
	     (pos) = list_next_entry(pos, member))
#define list_for_each_entry_reverse(pos, head, member)                    \
	for ((pos) = list_last_entry(head, __typeof__(*(pos)), member);   \
	     !list_entry_is_head(pos, head, member);                      \
	     (pos) = list_prev_entry(pos, member))
#define list_for_each_entry_safe(pos, n, head, member)                    \
	for ((pos) = list_first_entry(head, __typeof__(*(pos)), member),  \
	    (n) = list_next_entry(pos, member);                           \
	     !list_entry_is_head(pos, head, member);                      \
	     (pos) = (n), (n) = list_next_entry(n, member))

#endif
