/* SPDX-License-Identifier: MIT */
/*
 * Joins results of several files, and holds results against earlier ones.
 *
 * Files of shards are joined in the order in which one suite would have told
 * them; others are put one behind the other.  What is of different programs,
 * guests or scenarios is not joined: nobody could say what the sum was of.
 */
#define _GNU_SOURCE /* qsort_r */
#include <stdlib.h>
#include <string.h>

#include "sim/suite/reread.h"

#define MISSING_TOLD 20u /* shards by their number */

static const char *path_of(const struct reread *r, const struct reread_item *i)
{
	return r->files[i->file].path;
}

/* ---- files that belong together ---- */

static bool refuse_file(struct textbuf *error, const struct reread_file *f)
{
	if (f->bad_line)
		textbuf_printf(error, "%s:%zu: this line is no result",
			       f->path, f->bad_line);
	else if (!f->count && !f->whole && !f->total)
		textbuf_printf(error, "%s: no result in it", f->path);
	else
		return true;
	return false;
}

static bool same_division(const struct reread *r, struct textbuf *error)
{
	const struct reread_file *a = &r->files[0], *b;
	size_t i;

	for (i = 1; i < r->nfiles; i++) {
		b = &r->files[i];
		if (a->shard.of == b->shard.of &&
		    (!a->shard.of || a->total == b->total))
			continue;
		if (!a->shard.of || !b->shard.of)
			textbuf_printf(error, "%s is a shard's, %s is not",
				       a->shard.of ? a->path : b->path,
				       a->shard.of ? b->path : a->path);
		else
			textbuf_printf(error, "%s is of %u shards of %zu "
				       "results, %s of %u of %zu", a->path,
				       a->shard.of, a->total, b->path,
				       b->shard.of, b->total);
		return false;
	}
	return true;
}

/* ---- results that belong together ---- */

/* Results of one key must have one value. */
struct identity {
	const char *what;
	const char *(*key)(const struct reread_item *i);
	const char *(*value)(const struct reread_item *i);
};

static bool differ(const char *a, const char *b)
{
	return a && b && *a && *b && strcmp(a, b);
}

static const char *no_key(const struct reread_item *i)
{
	(void)i;
	return "";
}

static const char *version(const struct reread_item *i)
{
	return i->version;
}

static const char *program(const struct reread_item *i)
{
	return i->program;
}

static const char *guest_name(const struct reread_item *i)
{
	return i->label.runs_on ? i->label.runs_on : "";
}

static const char *guest_crc(const struct reread_item *i)
{
	return i->guest_crc;
}

static const char *scenario_path(const struct reread_item *i)
{
	return i->label.path;
}

static const char *scenario_crc(const struct reread_item *i)
{
	return i->scenario_crc;
}

static const struct identity identities[] = {
	{ "version", no_key, version },
	{ "program", no_key, program },
	{ "the guest", guest_name, guest_crc },
	{ "the scenario", scenario_path, scenario_crc },
};

static int by_key(const void *a, const void *b, void *arg)
{
	const struct reread_item *const *x = a, *const *y = b;
	const struct identity *what = arg;

	return strcmp(what->key(*x), what->key(*y));
}

/* Of those with one key the first that has a value speaks for all. */
static bool one_value_a_key(const struct reread *r, struct identity what,
			    const struct reread_item **sorted,
			    struct textbuf *error)
{
	const struct reread_item *first = NULL;
	size_t i;

	qsort_r(sorted, r->count, sizeof(*sorted), by_key, &what);
	for (i = 0; i < r->count; i++) {
		const struct reread_item *item = sorted[i];
		const char *key = what.key(item);

		if (!first || by_key(&first, &sorted[i], &what) ||
		    !*what.value(first))
			first = item;
		if (!differ(what.value(first), what.value(item)))
			continue;
		textbuf_printf(error, "%s%s%s is %s in %s, %s in %s", what.what,
			       *key ? " " : "", key, what.value(first),
			       path_of(r, first), what.value(item),
			       path_of(r, item));
		return false;
	}
	return true;
}

/* From the command line, for all or for none. */
static bool same_seed(const struct reread *r, struct textbuf *error)
{
	const struct reread_item *first = NULL, *item;
	size_t i;

	for (i = 0; i < r->count; i++) {
		item = &r->items[i];
		/* A file that could not be read was not run with any. */
		if (!item->label.cell)
			continue;
		first = first ? first : item;
		if (first->label.has_seed == item->label.has_seed &&
		    first->label.seed == item->label.seed)
			continue;
		textbuf_printf(error, "%s and %s were run with different "
			       "--seed", path_of(r, first), path_of(r, item));
		return false;
	}
	return true;
}

static bool same_things(const struct reread *r, struct textbuf *error)
{
	const struct reread_item **sorted = calloc(r->count + 1,
						   sizeof(*sorted));
	bool ok = true;
	size_t i, k;

	if (!sorted)
		abort();
	for (i = 0; i < sizeof(identities) / sizeof(identities[0]) && ok; i++) {
		for (k = 0; k < r->count; k++)
			sorted[k] = &r->items[k];
		ok = one_value_a_key(r, identities[i], sorted, error);
	}
	free(sorted);
	return ok;
}

/* ---- in order ---- */

static int in_order(const void *a, const void *b)
{
	const struct reread_item *x = a, *y = b;

	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	if (x->file != y->file)
		return x->file < y->file ? -1 : 1;
	return x->line < y->line ? -1 : x->line > y->line;
}

/* Files that are no shards: one behind the other. */
static void renumber(struct reread *r)
{
	size_t i;

	for (i = 0; i < r->count; i++)
		r->items[i].number = i;
}

static int by_name(const void *a, const void *b)
{
	return reread_compare(&(*(struct reread_item *const *)a)->label,
			      &(*(struct reread_item *const *)b)->label);
}

static bool no_overlap(const struct reread *r, struct textbuf *error)
{
	struct reread_item **sorted = calloc(r->count + 1, sizeof(*sorted));
	bool ok = true;
	size_t i;

	if (!sorted)
		abort();
	for (i = 0; i < r->count; i++)
		sorted[i] = &r->items[i];
	qsort(sorted, r->count, sizeof(*sorted), by_name);
	for (i = 1; i < r->count && ok; i++) {
		if (by_name(&sorted[i - 1], &sorted[i]))
			continue;
		result_name(&sorted[i]->label, error);
		if (sorted[i - 1]->file == sorted[i]->file)
			textbuf_printf(error, " is in %s twice",
				       path_of(r, sorted[i]));
		else
			textbuf_printf(error, " is in %s and in %s",
				       path_of(r, sorted[i - 1]),
				       path_of(r, sorted[i]));
		ok = false;
	}
	free(sorted);
	return ok;
}

static bool same_place(const struct reread *r, struct textbuf *error)
{
	size_t i;

	for (i = 1; i < r->count; i++) {
		if (r->items[i].number != r->items[i - 1].number)
			continue;
		textbuf_printf(error, "%s and %s are of different selections",
			       path_of(r, &r->items[i - 1]),
			       path_of(r, &r->items[i]));
		return false;
	}
	return true;
}

/* ---- what is not there ---- */

static const struct reread_file *file_of(const struct reread *r, unsigned int n)
{
	size_t i;

	for (i = 0; i < r->nfiles; i++)
		if (r->files[i].shard.index == n)
			return &r->files[i];
	return NULL;
}

/* "shard 2/4, shard 3/4 is cut off" */
static void tell_missing(const struct reread *r, struct results *to)
{
	unsigned int of = r->files[0].shard.of, n, told = 0;
	struct textbuf out;

	to->missing_count = to->total - to->count;
	textbuf_init(&out);
	for (n = 1; n <= of; n++) {
		const struct reread_file *f = file_of(r, n);

		if ((f && f->whole) || told++ >= MISSING_TOLD)
			continue;
		textbuf_printf(&out, "%sshard %u/%u%s", out.len ? ", " : "", n,
			       of, f ? " is cut off" : "");
	}
	if (told > MISSING_TOLD)
		textbuf_printf(&out, ", and %u more", told - MISSING_TOLD);
	if (!out.len)
		textbuf_text(&out, "a file is cut off");
	if (out.failed)
		abort();
	to->missing = out.data;
}

static void take(struct results *to, struct reread_item *i)
{
	const struct record_wants none = { .json = false };
	struct result *item = results_add(to, &i->label, &none);

	item->number = i->number;
	results_put(to, to->count - 1, &i->record);
}

static void take_all(struct reread *r, struct results *to)
{
	size_t total = 0, i;

	if (r->count)
		to->program = (uint32_t)strtoul(r->items[0].program, NULL, 16);
	for (i = 0; i < r->count; i++)
		take(to, &r->items[i]);
	for (i = 0; i < r->nfiles; i++)
		total = r->files[0].shard.of ? r->files[i].total :
					       total + r->files[i].total;
	to->total = total < to->count ? to->count : total;
	for (i = 0; i < to->count; i++)
		to->interrupted |= to->items[i].record.status == RECORD_NOT_RUN;
	if (to->count < to->total)
		tell_missing(r, to);
}

bool reread_merge(struct reread *r, struct results *to, struct textbuf *error)
{
	size_t i;

	for (i = 0; i < r->nfiles; i++)
		if (!refuse_file(error, &r->files[i]))
			return false;
	if (!same_division(r, error) || !no_overlap(r, error) ||
	    !same_things(r, error) || !same_seed(r, error))
		return false;
	if (!r->files[0].shard.of)
		renumber(r);
	qsort(r->items, r->count, sizeof(*r->items), in_order);
	if (!same_place(r, error))
		return false;
	take_all(r, to);
	return true;
}

/* ---- against an earlier result ---- */

void reread_baseline(struct reread *r, struct results *to)
{
	size_t i;

	for (i = 0; i < to->count; i++) {
		struct result *item = &to->items[i];
		const struct reread_item *before = reread_find(r, &item->label);
		enum record_status was = before ? before->record.status :
						  RECORD_NOT_RUN;
		enum record_status is = item->record.status;

		if (results_failed(is))
			item->against = is == was ? AGAINST_STILL : AGAINST_NEW;
		else if (results_failed(was) && is != RECORD_NOT_RUN &&
			 is != RECORD_SKIPPED)
			item->against = AGAINST_FIXED;
	}
	to->baseline = r->files[r->nfiles - 1].path;
}
