/* SPDX-License-Identifier: MIT */
/*
 * A set of 32-bit page frame numbers that grows with what is in it: a guest can
 * name any page, and few of them are ever named.  Read by balloon.c, which keeps
 * in one which pages are in the balloon.
 */
#ifndef RINGSIDE_MODELS_VIRTIO_PFN_SET_H
#define RINGSIDE_MODELS_VIRTIO_PFN_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pfn_set {
	uint64_t *slots; /* the number plus 1; 0: free */
	size_t size;     /* of the table, a power of two, or 0 */
	size_t count;
};

/* An empty set is all zeroes. */
void pfn_set_clear(struct pfn_set *set);
bool pfn_set_has(const struct pfn_set *set, uint32_t pfn);
/* Makes room for `more` numbers, which pfn_set_add then cannot lack.  False: out
 * of memory. */
bool pfn_set_reserve(struct pfn_set *set, size_t more);
/* False: it is in the set already. */
bool pfn_set_add(struct pfn_set *set, uint32_t pfn);
/* False: it is not in the set. */
bool pfn_set_remove(struct pfn_set *set, uint32_t pfn);

#endif
