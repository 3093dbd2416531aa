/* SPDX-License-Identifier: MIT */
/*
 * The list of findings of a run.
 */
#define _GNU_SOURCE /* vasprintf */
#include "sim/check/finding.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/observe/event.h"

void findings_init(struct findings *f)
{
	memset(f, 0, sizeof(*f));
}

void findings_free(struct findings *f)
{
	size_t i;

	for (i = 0; i < f->count + f->nexpected; i++)
		free(f->items[i].text);
	free(f->items);
	findings_init(f);
}

static bool grow(struct findings *f)
{
	size_t n = f->capacity ? f->capacity * 2 : 8;
	struct finding *items;

	if (f->count < f->capacity)
		return true;
	items = realloc(f->items, n * sizeof(*items));
	if (!items)
		return false;
	f->items = items;
	f->capacity = n;
	return true;
}

struct finding *findings_add(struct findings *f, const char *code,
			     const char *fmt, ...)
{
	static struct finding overflow;
	struct finding *item = &overflow;
	va_list ap;

	assert(!f->nexpected); /* all have been made */
	if (f->count < FINDINGS_KEPT && grow(f))
		item = &f->items[f->count++];
	else
		f->dropped++;
	memset(item, 0, sizeof(*item));
	snprintf(item->code, sizeof(item->code), "%s", code);
	item->device = EVENT_NO_DEVICE;
	if (item == &overflow)
		return item;
	va_start(ap, fmt);
	if (vasprintf(&item->text, fmt, ap) < 0)
		item->text = NULL;
	va_end(ap);
	return item;
}

/* Of few: each expected one goes to the end. */
void findings_part(struct findings *f)
{
	size_t all = f->count, i, k;

	for (i = 0, k = 0; k < all; k++) {
		struct finding item = f->items[i];

		if (!item.expected) {
			i++;
			continue;
		}
		memmove(&f->items[i], &f->items[i + 1],
			(all - i - 1) * sizeof(item));
		f->items[all - 1] = item;
	}
	f->count = i;
	f->nexpected = all - i;
}

const struct finding *findings_expected(const struct findings *f, size_t i)
{
	return &f->items[f->count + i];
}

bool findings_has(const struct findings *f, const char *code)
{
	size_t i;

	for (i = 0; i < f->count; i++)
		if (!strcmp(f->items[i].code, code))
			return true;
	return false;
}
