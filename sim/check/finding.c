/* SPDX-License-Identifier: MIT */
/*
 * The list of findings of a run.
 */
#define _GNU_SOURCE /* vasprintf */
#include "sim/check/finding.h"

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

	for (i = 0; i < f->count; i++)
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

bool findings_has(const struct findings *f, const char *code)
{
	size_t i;

	for (i = 0; i < f->count; i++)
		if (!strcmp(f->items[i].code, code))
			return true;
	return false;
}
