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

	for (i = 0; i < r->selection->nfiles; i++) {
		len = strlen(r->selection->files[i].path);
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
		      size_t file, size_t width)
{
	struct results_count n = results_count(r, file);
	const char *path = r->selection->files[file].path;
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

static void put_failures(const struct results *r, size_t file,
			 struct textbuf *out)
{
	size_t i;

	for (i = 0; i < r->count; i++)
		if (r->items[i].file == file &&
		    results_failed(r->items[i].record.status))
			textbuf_text(out, r->items[i].record.text);
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

/* The last line is for programs too: docs/ci.md. */
static void put_summary(const struct results *r, struct textbuf *out)
{
	struct results_count n = results_count(r, RESULTS_ALL);

	if (r->interrupted)
		textbuf_printf(out, "interrupted: %zu not run\n",
			       n.by_status[RECORD_NOT_RUN]);
	textbuf_printf(out, "%zu passed, %zu failed, %zu skipped\n", n.passed,
		       n.failed, n.skipped);
}

void results_text(const struct results *r, const struct results_text *how,
		  struct textbuf *out)
{
	const struct style s = { .out = out, .colour = how->colour };
	size_t width = title_width(r), i;

	if (how->compare)
		results_compare(r, out);
	for (i = 0; i < r->selection->nfiles && !how->compare; i++) {
		if (!how->only_failed)
			file_line(&s, r, i, width);
		put_failures(r, i, out);
	}
	if (!how->only_failed)
		put_skipped(r, out);
	put_summary(r, out);
}
