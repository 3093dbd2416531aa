/* SPDX-License-Identifier: MIT */
/*
 * A short calendar: the cases in which what is new is not simply the last.
 */
#include "sim/platform/wire.h"

#include <stdlib.h>
#include <string.h>

void wire_fini(struct wire *w)
{
	if (w->span != w->few)
		free(w->span);
}

static void grow(struct wire *w)
{
	struct wire_span *span = malloc(WIRE_SPANS * sizeof(*span));

	if (!span)
		abort();
	memcpy(span, w->few, sizeof(w->few));
	w->span = span;
	w->room = WIRE_SPANS;
}

static void remove_first(struct wire *w, uint32_t n)
{
	w->count -= n;
	memmove(w->span, w->span + n, w->count * sizeof(*w->span));
}

static void forget(struct wire *w, uint64_t now)
{
	uint32_t n = 0;

	while (n < w->count && w->span[n].to <= now)
		n++;
	if (n)
		remove_first(w, n);
}

/* Puts it before the i-th, joined to its neighbours where no gap is left. */
static void insert(struct wire *w, uint32_t i, uint64_t from, uint64_t to)
{
	if (i > 0 && w->span[i - 1].to == from) {
		w->span[i - 1].to = to;
		if (i == w->count || w->span[i].from != to)
			return;
		w->span[i].from = w->span[i - 1].from;
		memmove(w->span + i - 1, w->span + i,
			(w->count - i) * sizeof(*w->span));
		w->count--;
		return;
	}
	if (i < w->count && w->span[i].from == to) {
		w->span[i].from = from;
		return;
	}
	memmove(w->span + i + 1, w->span + i,
		(w->count - i) * sizeof(*w->span));
	w->span[i].from = from;
	w->span[i].to = to;
	w->count++;
}

uint64_t wire_search(struct wire *w, uint64_t now, uint64_t when,
		     uint64_t length)
{
	uint32_t i;

	forget(w, now);
	if (w->count == w->room && w->room < WIRE_SPANS)
		grow(w);
	/* The earliest gap is given up when there are too many. */
	if (w->count == WIRE_SPANS) {
		w->span[1].from = w->span[0].from;
		remove_first(w, 1);
	}
	i = w->count;
	while (i > 0 && w->span[i - 1].to > when)
		i--;
	for (; i < w->count && w->span[i].from < when + length; i++)
		when = w->span[i].to;
	insert(w, i, when, when + length);
	w->end = w->span[w->count - 1].to;
	return when;
}
