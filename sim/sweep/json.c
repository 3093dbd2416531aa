/* SPDX-License-Identifier: MIT */
/*
 * A sweep for programs: a record a line.
 */
#include "sim/report/jsonw.h"
#include "sim/sweep/results.h"

static void put_where(struct jsonw *j, const struct sweep_results *r,
		      size_t cell)
{
	const struct selected_cell *c = &r->selection->cells[cell];
	const struct scenario_file *f = r->selection->files[c->file].file;

	jsonw_open(j, "scenario", '{');
	jsonw_text(j, "path", scenario_file_path(f));
	jsonw_text(j, "cell", scenario_file_cell(f, c->cell));
	jsonw_close(j, '}');
	jsonw_text(j, "guest", c->runs_on);
}

static void put_run(struct textbuf *out, const struct sweep_results *r,
		    size_t cell, const struct swept *o)
{
	const struct cell_result *c = &r->cells[cell];
	struct textbuf fate, again;
	struct jsonw j;
	size_t i;

	textbuf_init(&fate);
	textbuf_init(&again);
	sweep_put_fate(&fate, c->fate, o->fate);
	sweep_put_again(&again, r, cell, o);
	jsonw_init_line(&j, out);
	jsonw_open(&j, NULL, '{');
	jsonw_uint(&j, "ringside_sweep_run", SWEEP_JSON_VERSION);
	jsonw_text(&j, "verdict", o->nfindings ? "fail" : "pass");
	put_where(&j, r, cell);
	jsonw_uint(&j, "seed", c->seed);
	jsonw_open(&j, "faults", '[');
	for (i = 0; i < o->nfaults; i++)
		jsonw_text(&j, NULL, o->faults[i].spec);
	jsonw_close(&j, ']');
	jsonw_text(&j, "fate", fate.data);
	jsonw_open(&j, "findings", '[');
	for (i = 0; i < o->nfindings; i++) {
		jsonw_open(&j, NULL, '{');
		jsonw_text(&j, "code", o->findings[i].code);
		jsonw_text(&j, "where", o->findings[i].where);
		jsonw_text(&j, "text", o->findings[i].text);
		jsonw_close(&j, '}');
	}
	jsonw_close(&j, ']');
	jsonw_text(&j, "again", again.data);
	jsonw_close(&j, '}');
	textbuf_free(&fate);
	textbuf_free(&again);
}

static void put_cell(struct textbuf *out, const struct sweep_results *r,
		     size_t cell)
{
	const struct cell_result *c = &r->cells[cell];
	struct jsonw j;

	jsonw_init_line(&j, out);
	jsonw_open(&j, NULL, '{');
	jsonw_uint(&j, "ringside_sweep_cell", SWEEP_JSON_VERSION);
	jsonw_text(&j, "good_run", record_status_name(c->good.status));
	put_where(&j, r, cell);
	jsonw_bool(&j, "swept", c->swept);
	jsonw_bool(&j, "bound_again", c->rechecked);
	jsonw_uint(&j, "in_reach", c->reach);
	jsonw_uint(&j, "runs", c->count);
	jsonw_text(&j, "reason", c->swept ? NULL : c->good.reason);
	jsonw_close(&j, '}');
}

static void put_summary(struct textbuf *out, const struct sweep_results *r)
{
	struct sweep_count n = sweep_count(r);
	struct jsonw j;

	jsonw_init_line(&j, out);
	jsonw_open(&j, NULL, '{');
	jsonw_uint(&j, "ringside_sweep", SWEEP_JSON_VERSION);
	jsonw_text(&j, "version", RINGSIDE_VERSION);
	jsonw_int(&j, "exit", sweep_exit_code(r));
	jsonw_uint(&j, "runs", n.runs);
	jsonw_uint(&j, "failed", n.failed);
	jsonw_uint(&j, "swept", n.swept);
	jsonw_uint(&j, "not_swept",
		   n.not_swept + n.broken + n.invalid + n.faults);
	jsonw_close(&j, '}');
}

void sweep_json(const struct sweep_results *r, struct textbuf *out)
{
	size_t cell, i;

	for (cell = 0; cell < r->selection->ncells; cell++) {
		put_cell(out, r, cell);
		for (i = 0; i < r->cells[cell].count; i++)
			put_run(out, r, cell, &r->cells[cell].outcomes[i]);
	}
	put_summary(out, r);
}
