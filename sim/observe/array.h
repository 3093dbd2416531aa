/* SPDX-License-Identifier: MIT */
/*
 * Arrays that grow with the numbers that turn up in a run: queues, pages.
 */
#ifndef RINGSIDE_SIM_OBSERVE_ARRAY_H
#define RINGSIDE_SIM_OBSERVE_ARRAY_H

#include <stddef.h>

/* The array with at least index + 1 elements of `size` bytes, twice as many as it
 * had or more, what is new all zero; *count: how many it has.  NULL: out of
 * memory, and nothing has changed. */
void *array_reach(void *array, size_t *count, size_t size, size_t index);

#endif
