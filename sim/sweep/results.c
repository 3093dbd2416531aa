/* SPDX-License-Identifier: MIT */
/*
 * Counts, and the phrases that all forms share.
 */
#include "sim/sweep/results.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void sweep_results_init(struct sweep_results *r, const struct selection *s)
{
	*r = (struct sweep_results){ .selection = s };
	r->cells = calloc(s->ncells + 1, sizeof(*r->cells));
	if (!r->cells)
		abort();
}

void sweep_results_free(struct sweep_results *r)
{
	size_t i;

	for (i = 0; i < r->selection->ncells; i++)
		cell_free(&r->cells[i]);
	free(r->cells);
}

static void count_cell(struct sweep_count *n, const struct cell_result *c)
{
	size_t i;

	for (i = 0; i < c->count; i++) {
		n->runs++;
		n->failed += c->outcomes[i].nfindings != 0;
		n->simulator += c->outcomes[i].simulator;
	}
	n->swept += c->swept;
	n->not_swept += c->good.status == RECORD_KNOWN ||
			c->good.status == RECORD_SKIPPED ||
			c->good.status == RECORD_NOT_RUN;
	n->broken += c->good.status == RECORD_FAILED;
	n->invalid += c->good.status == RECORD_INVALID;
	n->faults += c->good.status == RECORD_FAULT;
}

struct sweep_count sweep_count(const struct sweep_results *r)
{
	struct sweep_count n = { 0 };
	size_t i;

	for (i = 0; i < r->selection->ncells; i++)
		count_cell(&n, &r->cells[i]);
	for (i = 0; i < r->selection->nfiles; i++)
		n.invalid += !r->selection->files[i].file;
	return n;
}

int sweep_exit_code(const struct sweep_results *r)
{
	struct sweep_count n = sweep_count(r);

	if (r->interrupted)
		return record_exit_code(RECORD_NOT_RUN);
	if (n.simulator || n.faults)
		return record_exit_code(RECORD_FAULT);
	if (n.invalid)
		return record_exit_code(RECORD_INVALID);
	if (n.failed || n.broken)
		return record_exit_code(RECORD_FAILED);
	return record_exit_code(n.swept ? RECORD_PASSED : RECORD_SKIPPED);
}

/* ---- phrases ---- */

void sweep_put_cell(struct textbuf *out, const struct sweep_results *r,
		    size_t cell)
{
	const struct selected_cell *c = &r->selection->cells[cell];
	const struct scenario_file *f = r->selection->files[c->file].file;

	textbuf_shell_cell(out, scenario_file_path(f),
			   scenario_file_cell(f, c->cell));
	if (c->guest)
		textbuf_printf(out, " --guest %s", c->guest);
}

/* The recheck is the sweep's own; everything else `run` shows, with its story. */
static bool run_shows(const struct swept *o)
{
	size_t i;

	for (i = 0; i < o->nfindings; i++)
		if (strcmp(o->findings[i].code, "rebind-differs"))
			return true;
	return false;
}

void sweep_put_again(struct textbuf *out, const struct sweep_results *r,
		     size_t cell, const struct swept *o)
{
	size_t i;

	textbuf_printf(out, "ringside %s ", run_shows(o) ? "run" : "sweep");
	sweep_put_cell(out, r, cell);
	textbuf_printf(out, " --seed %" PRIu64, r->cells[cell].seed);
	for (i = 0; i < o->nfaults; i++)
		textbuf_printf(out, " --inject %s", o->faults[i].spec);
}

static size_t line_len(const char *text)
{
	return strcspn(text, "\n");
}

void sweep_put_fate(struct textbuf *out, const char *good, const char *fate)
{
	size_t before = out->len, len, same;

	for (; *fate; fate += len + (fate[len] != '\0')) {
		len = line_len(fate);
		same = line_len(good);
		if (len != same || memcmp(good, fate, len)) {
			textbuf_text(out, out->len > before ? "; " : "");
			textbuf_bytes(out, fate, len);
		}
		good += same + (good[same] != '\0');
	}
	if (out->len == before)
		textbuf_text(out, "as without a fault");
}

void sweep_put_faults(struct textbuf *out, const struct swept *o)
{
	size_t i;

	for (i = 0; i < o->nfaults; i++)
		textbuf_printf(out, "%s%s", i ? " and " : "",
			       o->faults[i].spec);
}
