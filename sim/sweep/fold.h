/* SPDX-License-Identifier: MIT */
/*
 * Like things together: texts that are counted, in the order in which they first
 * came, the most frequent first.
 */
#ifndef RINGSIDE_SIM_SWEEP_FOLD_H
#define RINGSIDE_SIM_SWEEP_FOLD_H

#include <stddef.h>

struct fold_group {
	char *key;
	size_t count;
	size_t failed;   /* for whoever counts two things */
	size_t a, b;     /* of the first one: whatever the caller gave */
};

struct fold {
	struct fold_group *groups;
	size_t count, capacity;
};

/* Counts one more of this key; `a` and `b` are kept of the first. */
struct fold_group *fold_add(struct fold *f, const char *key, size_t a, size_t b);
/* The most frequent first; those alike stay in order. */
void fold_sort(struct fold *f);
void fold_free(struct fold *f);

#endif
