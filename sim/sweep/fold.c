/* SPDX-License-Identifier: MIT */
/*
 * There are few kinds among many: a list that is searched from its beginning.
 */
#include "sim/sweep/fold.h"

#include <stdlib.h>
#include <string.h>

static struct fold_group *new_group(struct fold *f, const char *key)
{
	struct fold_group *g;

	if (f->count == f->capacity) {
		f->capacity = f->capacity ? f->capacity * 2 : 16;
		f->groups = realloc(f->groups, f->capacity * sizeof(*g));
		if (!f->groups)
			abort();
	}
	g = &f->groups[f->count++];
	*g = (struct fold_group){ .key = strdup(key) };
	if (!g->key)
		abort();
	return g;
}

struct fold_group *fold_add(struct fold *f, const char *key, size_t a, size_t b)
{
	struct fold_group *g;
	size_t i;

	for (i = 0; i < f->count; i++)
		if (!strcmp(f->groups[i].key, key))
			break;
	if (i < f->count) {
		g = &f->groups[i];
	} else {
		g = new_group(f, key);
		g->a = a;
		g->b = b;
	}
	g->count++;
	return g;
}

/* By insertion, which keeps the order of equals. */
void fold_sort(struct fold *f)
{
	size_t i, k;

	for (i = 1; i < f->count; i++) {
		struct fold_group g = f->groups[i];

		for (k = i; k && f->groups[k - 1].count < g.count; k--)
			f->groups[k] = f->groups[k - 1];
		f->groups[k] = g;
	}
}

void fold_free(struct fold *f)
{
	size_t i;

	for (i = 0; i < f->count; i++)
		free(f->groups[i].key);
	free(f->groups);
	memset(f, 0, sizeof(*f));
}
