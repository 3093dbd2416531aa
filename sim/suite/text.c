/* SPDX-License-Identifier: MIT */
/*
 * A suite's results for a person: a line a file, each failure as `run` prints it,
 * what was skipped and why, and the counts.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/report/style.h"
#include "sim/suite/results.h"

static size_t title_width(const struct results *r)
{
	size_t width = 0, i, len;

	for (i = 0; i < r->count; i++) {
		len = strlen(r->items[i].label.file);
		width = len > width ? len : width;
	}
	return width;
}

/* "11 passed, 1 failed"; true: something was put. */
static bool put_count(const struct style *s, bool before, size_t n,
		      enum style_colour colour, const char *word)
{
	struct textbuf text;

	if (!n)
		return before;
	textbuf_text(s->out, before ? ", " : "");
	textbuf_init(&text);
	textbuf_printf(&text, "%zu %s", n, word);
	style_text(s, colour, text.failed ? "" : text.data);
	textbuf_free(&text);
	return true;
}

static void file_line(const struct style *s, const struct results *r,
		      const struct result *first, size_t width)
{
	struct results_count n = results_count(r, first->file);
	const char *path = first->label.file;
	const size_t *by = n.by_status;
	bool some;

	if (!(n.passed + n.failed + n.skipped))
		return;
	textbuf_text(s->out, path);
	textbuf_pad(s->out, ' ', width + 2 - strlen(path));
	some = put_count(s, false, by[RECORD_PASSED], COLOUR_GOOD, "passed");
	some = put_count(s, some, by[RECORD_KNOWN], COLOUR_WARN,
			 "failed as known");
	some = put_count(s, some, by[RECORD_FAILED], COLOUR_BAD, "failed");
	some = put_count(s, some, by[RECORD_INVALID], COLOUR_BAD, "invalid");
	some = put_count(s, some, by[RECORD_FAULT], COLOUR_BAD,
			 "simulator fault");
	put_count(s, some, by[RECORD_SKIPPED], COLOUR_WARN, "skipped");
	textbuf_char(s->out, '\n');
}

/* Its title, and which one it is like: that one is told at length. */
static void put_like(const struct result *i, const struct result *like,
		     struct textbuf *out)
{
	const char *text = i->record.text;

	textbuf_bytes(out, text, strcspn(text, "\n"));
	textbuf_text(out, "\n  like ");
	result_name(&like->label, out);
	textbuf_printf(out, ": %s\n", i->record.reason);
}

/* As in the baseline. */
static void put_still(const struct result *i, struct textbuf *out)
{
	textbuf_text(out, "still failing: ");
	result_name(&i->label, out);
	textbuf_char(out, '\n');
}

static void put_failures(const struct results *r, const struct kinds *k,
			 size_t from, struct textbuf *out)
{
	size_t i, like;

	for (i = from; i < r->count && r->items[i].file == r->items[from].file;
	     i++) {
		const struct result *item = &r->items[i];

		if (!results_failed(item->record.status))
			continue;
		if (item->against == AGAINST_STILL) {
			put_still(item, out);
			continue;
		}
		like = k->items[k->of_item[i]].smallest;
		if (like == i)
			textbuf_text(out, item->record.text);
		else
			put_like(item, &r->items[like], out);
	}
}

/* Each reason for skipping once, and how many cells it was. */
static void put_skipped(const struct results *r, struct textbuf *out)
{
	size_t i, k, n;

	for (i = 0; i < r->count; i++) {
		const struct record *a = &r->items[i].record;

		if (a->status != RECORD_SKIPPED)
			continue;
		for (k = 0, n = 0; k < r->count; k++) {
			const struct record *b = &r->items[k].record;

			if (b->status != RECORD_SKIPPED ||
			    strcmp(a->reason, b->reason))
				continue;
			if (k < i)
				break; /* told already */
			n++;
		}
		if (k == r->count)
			textbuf_printf(out, "skipped: %s: %zu cell%s\n",
				       a->reason, n, n == 1 ? "" : "s");
	}
}

static void put_against(const struct results *r, struct textbuf *out)
{
	size_t n[AGAINST_FIXED + 1] = { 0 }, i;

	for (i = 0; i < r->count; i++) {
		n[r->items[i].against]++;
		if (r->items[i].against != AGAINST_FIXED)
			continue;
		textbuf_text(out, "fixed: ");
		result_name(&r->items[i].label, out);
		textbuf_char(out, '\n');
	}
	textbuf_printf(out, "against %s: %zu new, %zu fixed, %zu still "
		       "failing\n", r->baseline, n[AGAINST_NEW],
		       n[AGAINST_FIXED], n[AGAINST_STILL]);
}

/* The last line is for programs too: docs/ci.md. */
static void put_summary(const struct results *r, struct textbuf *out)
{
	struct results_count n = results_count(r, RESULTS_ALL);

	if (r->baseline)
		put_against(r, out);
	if (r->missing)
		textbuf_printf(out, "missing: %zu of %zu: %s\n",
			       r->missing_count, r->total, r->missing);
	if (r->interrupted)
		textbuf_printf(out, "interrupted: %zu not run\n",
			       n.by_status[RECORD_NOT_RUN]);
	if (r->shard.of)
		textbuf_printf(out, "shard %u/%u: %zu of %zu\n",
			       r->shard.index, r->shard.of, r->count, r->total);
	textbuf_printf(out, "%zu passed, %zu failed, %zu skipped\n", n.passed,
		       n.failed, n.skipped);
}

void results_text(const struct results *r, const struct results_text *how,
		  struct textbuf *out)
{
	const struct style s = { .out = out, .colour = how->colour };
	size_t width = title_width(r), i;
	struct kinds kinds;

	kinds_find(&kinds, r);
	if (how->compare)
		results_compare(r, out);
	for (i = 0; i < r->count && !how->compare; i++) {
		if (i && r->items[i].file == r->items[i - 1].file)
			continue;
		if (!how->only_failed)
			file_line(&s, r, &r->items[i], width);
		put_failures(r, &kinds, i, out);
	}
	if (!how->only_failed)
		put_skipped(r, out);
	if (!how->compare)
		kinds_text(&kinds, r, out);
	put_summary(r, out);
	kinds_free(&kinds);
}
