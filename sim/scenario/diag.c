/* SPDX-License-Identifier: MIT */
/*
 * Collects diagnostics and "did you mean": the list that diag.h describes.  How
 * an item looks on a terminal is in diag_print.c.
 */
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/diag.h"

/* More than anybody reads; a file of 1 MiB can hold a mistake every few bytes. */
#define DIAG_MAX 1000u
#define DIAG_WORD_MAX 64u

void diag_init(struct diag *d)
{
	memset(d, 0, sizeof(*d));
}

static void item_free(struct diag_item *item)
{
	free(item->code);
	free(item->text);
	free(item->hint);
	free(item->source);
	free((char *)item->pos.file); /* our copy, see diag_add */
}

void diag_free(struct diag *d)
{
	for (size_t i = 0; i < d->count; i++)
		item_free(&d->items[i]);
	free(d->items);
	diag_init(d);
}

static char *copy(const char *s)
{
	char *c;

	if (!s)
		return NULL;
	c = strdup(s);
	if (!c)
		abort();
	return c;
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* Cells of one file share most of their text, so a mistake outside of what a
 * cell changes comes once a cell; it is told once. */
static bool known_already(const struct diag *d, const struct diag_item *new)
{
	for (size_t i = 0; i < d->count; i++) {
		const struct diag_item *old = &d->items[i];

		if (old->pos.line == new->pos.line &&
		    old->pos.column == new->pos.column &&
		    same_text(old->pos.file, new->pos.file) &&
		    same_text(old->code, new->code) &&
		    same_text(old->text, new->text))
			return true;
	}
	return false;
}

static void append(struct diag *d, struct diag_item *item)
{
	if (d->count >= DIAG_MAX || known_already(d, item)) {
		item_free(item);
		return;
	}
	if (d->count == d->capacity) {
		size_t capacity = d->capacity ? d->capacity * 2 : 8;
		struct diag_item *items =
			realloc(d->items, capacity * sizeof(*items));

		if (!items)
			abort();
		d->items = items;
		d->capacity = capacity;
	}
	d->items[d->count++] = *item;
}

void diag_add(struct diag *d, struct scn_pos pos, const char *code,
	      const char *hint, const char *source, const char *fmt, ...)
{
	struct diag_item item = {
		.pos = pos,
		.code = copy(code),
		.hint = copy(hint),
		.source = copy(source),
	};
	va_list args;

	/* Diagnostics outlive the scenario that they are about. */
	item.pos.file = copy(pos.file);
	va_start(args, fmt);
	if (vasprintf(&item.text, fmt, args) < 0)
		abort();
	va_end(args);
	append(d, &item);
}

static unsigned smallest(unsigned a, unsigned b, unsigned c)
{
	unsigned m = a < b ? a : b;

	return m < c ? m : c;
}

static bool same_letter(char a, char b)
{
	if (a == '_')
		a = '-';
	if (b == '_')
		b = '-';
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/*
 * How many letters must be changed, added, left out or swapped with their
 * neighbour to make `b` of `a`; case and the kind of dash do not count.
 */
static unsigned distance(const char *a, size_t na, const char *b, size_t nb)
{
	unsigned rows[3][DIAG_WORD_MAX + 1];
	unsigned *two = rows[0], *one = rows[1], *now = rows[2], *t;

	for (size_t j = 0; j <= nb; j++)
		one[j] = (unsigned)j;
	for (size_t i = 1; i <= na; i++) {
		now[0] = (unsigned)i;
		for (size_t j = 1; j <= nb; j++) {
			bool same = same_letter(a[i - 1], b[j - 1]);

			now[j] = smallest(one[j] + 1, now[j - 1] + 1,
					  one[j - 1] + !same);
			if (i > 1 && j > 1 &&
			    same_letter(a[i - 1], b[j - 2]) &&
			    same_letter(a[i - 2], b[j - 1]) &&
			    two[j - 2] + 1 < now[j])
				now[j] = two[j - 2] + 1;
		}
		t = two;
		two = one;
		one = now;
		now = t;
	}
	return one[nb];
}

const char *diag_closest(const char *word, const char *const *names)
{
	size_t len = strlen(word);
	/* One slip in three letters still looks like a slip. */
	unsigned best = (unsigned)(len / 3 > 0 ? len / 3 : 1) + 1;
	const char *closest = NULL;

	if (len < 2 || len > DIAG_WORD_MAX)
		return NULL;
	for (; *names; names++) {
		size_t n = strlen(*names);
		unsigned dist;

		if (n > DIAG_WORD_MAX)
			continue;
		dist = distance(word, len, *names, n);
		if (dist < best) {
			best = dist;
			closest = *names;
		}
	}
	return closest;
}
