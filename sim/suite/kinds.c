/* SPDX-License-Identifier: MIT */
/*
 * Failures that are alike: the same check, in the same functions of the guest, by
 * the same way down the ladder.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/suite/results.h"

static bool same(const char *a, const char *b)
{
	return !strcmp(a ? a : "", b ? b : "");
}

static bool alike(const struct record *a, const struct record *b)
{
	return a->status == b->status && same(a->check, b->check) &&
	       same(a->function, b->function) && same(a->way, b->way);
}

static size_t kind_of(struct kinds *k, const struct results *r, size_t item)
{
	const struct record *rec = &r->items[item].record;
	size_t i;

	for (i = 0; i < k->count; i++)
		if (alike(&r->items[k->items[i].smallest].record, rec))
			return i;
	k->items[i] = (struct kind){ .smallest = item };
	k->count++;
	return i;
}

void kinds_find(struct kinds *k, const struct results *r)
{
	size_t i, n;

	*k = (struct kinds){ .items = calloc(r->count + 1, sizeof(*k->items)) };
	k->of_item = calloc(r->count + 1, sizeof(*k->of_item));
	if (!k->items || !k->of_item)
		abort();
	for (i = 0; i < r->count; i++) {
		struct kind *kind;

		if (!result_alarms(&r->items[i]))
			continue;
		n = k->of_item[i] = kind_of(k, r, i);
		kind = &k->items[n];
		kind->count++;
		if (r->items[i].record.time_ps <
		    r->items[kind->smallest].record.time_ps)
			kind->smallest = i;
	}
}

void kinds_free(struct kinds *k)
{
	free(k->items);
	free(k->of_item);
}

/* "expectation interrupts, in request_irq < vp_find_vqs, msix-shared > intx" */
static void put_kind(struct textbuf *out, const struct record *r)
{
	textbuf_text(out, r->check && *r->check ? r->check : r->reason);
	if (r->function && *r->function)
		textbuf_printf(out, ", in %s", r->function);
	if (r->way && *r->way)
		textbuf_printf(out, ", %s", r->way);
}

static void put_example(struct textbuf *out, const struct result *i)
{
	textbuf_text(out, "       ");
	result_name(&i->label, out);
	if (i->record.file && !strcmp(i->record.file, i->label.path))
		textbuf_printf(out, ", line %d", i->record.line);
	else if (i->record.file && *i->record.file)
		textbuf_printf(out, ", %s:%d", i->record.file, i->record.line);
	textbuf_char(out, '\n');
}

/* The most frequent first; of equals the one that was met first. */
static size_t next_kind(const struct kinds *k, const bool *told)
{
	size_t i, best = k->count;

	for (i = 0; i < k->count; i++)
		if (!told[i] && (best == k->count ||
				 k->items[i].count > k->items[best].count))
			best = i;
	return best;
}

void kinds_text(const struct kinds *k, const struct results *r,
		struct textbuf *out)
{
	bool *told = calloc(k->count + 1, sizeof(*told));
	size_t i, n, failures = 0;

	if (!told)
		abort();
	for (i = 0; i < k->count; i++)
		failures += k->items[i].count;
	if (failures > 1)
		textbuf_printf(out, "%zu failures, %zu kind%s:\n", failures,
			       k->count, k->count == 1 ? "" : "s");
	for (i = 0; i < k->count && failures > 1; i++) {
		const struct result *example;

		n = next_kind(k, told);
		told[n] = true;
		example = &r->items[k->items[n].smallest];
		textbuf_printf(out, "%5zu  ", k->items[n].count);
		put_kind(out, &example->record);
		textbuf_char(out, '\n');
		put_example(out, example);
	}
	free(told);
}
