/* SPDX-License-Identifier: MIT */
/*
 * A hash table with linear probing that is never more than half full, and in
 * which a removed entry's place is filled by those behind it.
 */
#include "models/virtio/pfn_set.h"

#include <assert.h>
#include <stdlib.h>

#define FIRST_SIZE 256u

void pfn_set_clear(struct pfn_set *set)
{
	free(set->slots);
	*set = (struct pfn_set){ NULL, 0, 0 };
}

/* Where a search for the number begins: pages that lie side by side do not. */
static size_t home_of(const struct pfn_set *set, uint32_t pfn)
{
	return (size_t)(pfn * 0x9e3779b97f4a7c15ull >> 32) & (set->size - 1);
}

/* The number's place, or the free one at which it would be put. */
static size_t place_of(const struct pfn_set *set, uint32_t pfn)
{
	size_t i = home_of(set, pfn);

	while (set->slots[i] && set->slots[i] != pfn + 1ull)
		i = (i + 1) & (set->size - 1);
	return i;
}

bool pfn_set_has(const struct pfn_set *set, uint32_t pfn)
{
	return set->size && set->slots[place_of(set, pfn)];
}

bool pfn_set_reserve(struct pfn_set *set, size_t more)
{
	struct pfn_set grown = { NULL, set->size ? set->size : FIRST_SIZE, 0 };

	while (grown.size / 2 < set->count + more)
		grown.size *= 2;
	if (grown.size == set->size)
		return true;
	grown.slots = calloc(grown.size, sizeof(*grown.slots));
	if (!grown.slots)
		return false;
	for (size_t i = 0; i < set->size; i++)
		if (set->slots[i])
			pfn_set_add(&grown, (uint32_t)(set->slots[i] - 1));
	pfn_set_clear(set);
	*set = grown;
	return true;
}

bool pfn_set_add(struct pfn_set *set, uint32_t pfn)
{
	size_t i;

	assert(set->count < set->size / 2);
	i = place_of(set, pfn);
	if (set->slots[i])
		return false;
	set->slots[i] = pfn + 1ull;
	set->count++;
	return true;
}

/* Is `home` in the part of the ring behind `hole`, up to `at`? */
static bool between(size_t hole, size_t home, size_t at)
{
	return hole <= at ? hole < home && home <= at
			  : hole < home || home <= at;
}

bool pfn_set_remove(struct pfn_set *set, uint32_t pfn)
{
	size_t hole, i;

	if (!pfn_set_has(set, pfn))
		return false;
	hole = i = place_of(set, pfn);
	for (;;) {
		i = (i + 1) & (set->size - 1);
		if (!set->slots[i])
			break;
		if (between(hole, home_of(set, (uint32_t)(set->slots[i] - 1)),
			    i))
			continue;
		set->slots[hole] = set->slots[i];
		hole = i;
	}
	set->slots[hole] = 0;
	set->count--;
	return true;
}
