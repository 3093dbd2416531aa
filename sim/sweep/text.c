/* SPDX-License-Identifier: MIT */
/*
 * A sweep for a person: of each cell what its runs came to, like ones together;
 * then each kind of finding once, with the first run that has it and the line that
 * shows it again; where there are several cells the points; and the counts.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/report/style.h"
#include "sim/sweep/fold.h"
#include "sim/sweep/results.h"

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

/* ---- a cell ---- */

static void put_folded(const struct cell_result *c, struct textbuf *out)
{
	struct fold fold = { 0 };
	struct textbuf key;
	size_t i;

	for (i = 0; i < c->count; i++) {
		textbuf_init(&key);
		sweep_put_fate(&key, c->fate, c->outcomes[i].fate);
		fold_add(&fold, key.data, 0, 0);
		textbuf_free(&key);
	}
	fold_sort(&fold);
	for (i = 0; i < fold.count; i++)
		textbuf_printf(out, "  %5zu  %s\n", fold.groups[i].count,
			       fold.groups[i].key);
	fold_free(&fold);
}

static void put_each(const struct cell_result *c, struct textbuf *out)
{
	size_t i, k;

	for (i = 0; i < c->count; i++) {
		const struct swept *o = &c->outcomes[i];

		textbuf_text(out, "  ");
		sweep_put_faults(out, o);
		textbuf_text(out, "  ");
		sweep_put_fate(out, c->fate, o->fate);
		for (k = 0; k < o->nfindings; k++)
			textbuf_printf(out, "%s%s", k ? ", " : "  FAIL ",
				       o->findings[k].code);
		textbuf_char(out, '\n');
	}
}

static size_t failed_of(const struct cell_result *c)
{
	size_t n = 0, i;

	for (i = 0; i < c->count; i++)
		n += c->outcomes[i].nfindings != 0;
	return n;
}

/* Why a cell was not swept. */
static void put_not_swept(const struct style *s, const struct cell_result *c)
{
	switch (c->good.status) {
	case RECORD_NOT_RUN:
		textbuf_text(s->out, "not run\n");
		break;
	case RECORD_KNOWN:
		textbuf_text(s->out, "not swept: without a fault it fails as "
				     "known\n");
		break;
	case RECORD_SKIPPED:
		textbuf_printf(s->out, "skipped: %s\n", c->good.reason);
		break;
	default:
		style_text(s, COLOUR_BAD, "not swept");
		textbuf_text(s->out, ": without a fault\n");
		textbuf_text(s->out, c->good.text);
	}
}

static void put_cell(const struct style *s, const struct sweep_results *r,
		     size_t cell, bool verbose, bool folded)
{
	const struct cell_result *c = &r->cells[cell];
	size_t failed = failed_of(c);
	struct textbuf text;

	sweep_put_cell(s->out, r, cell);
	textbuf_text(s->out, "  ");
	if (!c->swept) {
		put_not_swept(s, c);
		return;
	}
	textbuf_printf(s->out, "%zu injected run%s", c->count,
		       plural(c->count));
	if (failed) {
		textbuf_init(&text);
		textbuf_printf(&text, "%zu failed", failed);
		textbuf_text(s->out, ", ");
		style_text(s, COLOUR_BAD, text.data);
		textbuf_free(&text);
	}
	textbuf_text(s->out, c->rechecked ? "\n" : ", not bound again\n");
	if (verbose)
		put_each(c, s->out);
	if (folded)
		put_folded(c, s->out);
}

/* ---- findings ---- */

/* Findings of one kind have the same code and place; where there is none, the
 * same point.  Guests are told apart. */
static void put_kind(struct textbuf *out, const struct sweep_results *r,
		     size_t cell, const struct swept *o,
		     const struct swept_finding *f)
{
	textbuf_printf(out, "%s", f->code);
	if (f->where[0])
		textbuf_printf(out, " in %s", f->where);
	else if (o->nfaults)
		textbuf_printf(out, " after %s", o->faults[0].name);
	textbuf_printf(out, ", guest %s", r->selection->cells[cell].runs_on);
}

static void collect(struct fold *kinds, const struct sweep_results *r)
{
	struct textbuf key;
	size_t cell, i, k;

	for (cell = 0; cell < r->selection->ncells; cell++) {
		const struct cell_result *c = &r->cells[cell];

		for (i = 0; i < c->count; i++) {
			for (k = 0; k < c->outcomes[i].nfindings; k++) {
				textbuf_init(&key);
				put_kind(&key, r, cell, &c->outcomes[i],
					 &c->outcomes[i].findings[k]);
				fold_add(kinds, key.data, cell, i);
				textbuf_free(&key);
			}
		}
	}
	fold_sort(kinds);
}

/* The finding of that kind in the run that has it. */
static const struct swept_finding *finding_of(const struct sweep_results *r,
						const struct fold_group *g)
{
	const struct swept *o = &r->cells[g->a].outcomes[g->b];
	struct textbuf key;
	size_t k;
	bool same;

	for (k = 0; k < o->nfindings; k++) {
		textbuf_init(&key);
		put_kind(&key, r, g->a, o, &o->findings[k]);
		same = !strcmp(key.data, g->key);
		textbuf_free(&key);
		if (same)
			break;
	}
	return &o->findings[k];
}

static void put_findings(const struct style *s, const struct sweep_results *r)
{
	struct fold kinds = { 0 };
	size_t i;

	collect(&kinds, r);
	for (i = 0; i < kinds.count; i++) {
		const struct fold_group *g = &kinds.groups[i];
		const struct swept *o = &r->cells[g->a].outcomes[g->b];

		style_text(s, COLOUR_BAD, "FAIL");
		textbuf_printf(s->out, " %s: %zu finding%s\n  ", g->key,
			       g->count, plural(g->count));
		textbuf_text(s->out, finding_of(r, g)->text);
		textbuf_text(s->out, "  ");
		sweep_put_faults(s->out, o);
		textbuf_text(s->out, ": ");
		sweep_put_fate(s->out, r->cells[g->a].fate, o->fate);
		textbuf_text(s->out, "\n  again: ");
		sweep_put_again(s->out, r, g->a, o);
		textbuf_char(s->out, '\n');
	}
	fold_free(&kinds);
}

/* ---- the points ---- */

/* Two faults are a kind of their own. */
static void put_points(const struct sweep_results *r, struct textbuf *out)
{
	struct fold points = { 0 };
	size_t cell, i;

	for (cell = 0; cell < r->selection->ncells; cell++) {
		const struct cell_result *c = &r->cells[cell];

		for (i = 0; i < c->count; i++) {
			const struct swept *o = &c->outcomes[i];
			const char *name = o->nfaults == 1 ? o->faults[0].name :
					   o->nfaults ? "two faults" : "none";

			fold_add(&points, name, 0, 0)->failed +=
				o->nfindings != 0;
		}
	}
	fold_sort(&points);
	for (i = 0; i < points.count; i++)
		textbuf_printf(out, "  %7zu  %s%s\n", points.groups[i].count,
			       points.groups[i].key,
			       points.groups[i].failed ? "  (some failed)" : "");
	fold_free(&points);
}

/* ---- all ---- */

static void put_summary(const struct sweep_results *r, struct textbuf *out)
{
	struct sweep_count n = sweep_count(r);

	if (r->interrupted)
		textbuf_text(out, "interrupted\n");
	textbuf_printf(out, "%zu injected run%s, %zu failed; %zu cell%s swept, "
		       "%zu not\n", n.runs, plural(n.runs), n.failed, n.swept,
		       plural(n.swept),
		       n.not_swept + n.broken + n.invalid + n.faults);
}

void sweep_text(const struct sweep_results *r, bool verbose, bool colour,
		struct textbuf *out)
{
	const struct style s = { .out = out, .colour = colour };
	size_t n = r->selection->ncells, i;

	for (i = 0; i < n; i++)
		put_cell(&s, r, i, verbose, n == 1);
	put_findings(&s, r);
	if (n > 1)
		put_points(r, out);
	put_summary(r, out);
}
