/* SPDX-License-Identifier: MIT */
/*
 * Keeps results in order; counts them, and sums them up in JSON.
 */
#include "sim/suite/results.h"

#include <stdlib.h>
#include <string.h>

#include "sim/report/jsonw.h"

static struct record_cell cell_of(const struct selection *s, size_t cell)
{
	const struct selected_cell *c = &s->cells[cell];
	const struct scenario_file *f = s->files[c->file].file;

	return (struct record_cell){
		.path = scenario_file_path(f),
		.cell = scenario_file_cell(f, c->cell),
		.guest = c->runs_on,
	};
}

void results_init(struct results *r, const struct selection *s,
		  const struct record_wants *w)
{
	size_t file, cell = 0;

	*r = (struct results){ .selection = s };
	r->items = calloc(s->nfiles + s->ncells + 1, sizeof(*r->items));
	r->of_cell = calloc(s->ncells + 1, sizeof(*r->of_cell));
	if (!r->items || !r->of_cell)
		abort();
	for (file = 0; file < s->nfiles; file++) {
		const struct selected_file *f = &s->files[file];

		if (!f->file) {
			const struct record_cell c = { .path = f->path };
			struct result *i = &r->items[r->count++];

			*i = (struct result){ .file = file, .whole = true };
			record_of_mistakes(&i->record, &c, &f->mistakes, w);
		}
		for (; cell < s->ncells && s->cells[cell].file == file; cell++) {
			const struct record_cell c = cell_of(s, cell);
			struct result *i = &r->items[r->count];

			*i = (struct result){ .file = file, .cell = cell };
			record_of_nothing(&i->record, &c, w);
			r->of_cell[cell] = r->count++;
		}
	}
}

void results_free(struct results *r)
{
	size_t i;

	for (i = 0; i < r->count; i++)
		record_free(&r->items[i].record);
	free(r->items);
	free(r->of_cell);
}

void results_put(struct results *r, size_t cell, struct record *record)
{
	struct result *i = &r->items[r->of_cell[cell]];

	record_free(&i->record);
	i->record = *record;
	memset(record, 0, sizeof(*record));
}

bool results_failed(enum record_status status)
{
	return status == RECORD_FAILED || status == RECORD_INVALID ||
	       status == RECORD_FAULT;
}

struct results_count results_count(const struct results *r, size_t file)
{
	struct results_count n = { 0 };
	size_t i;

	for (i = 0; i < r->count; i++) {
		enum record_status status = r->items[i].record.status;

		if (file != RESULTS_ALL && r->items[i].file != file)
			continue;
		n.by_status[status]++;
		n.failed += results_failed(status);
		n.passed += status == RECORD_PASSED || status == RECORD_KNOWN;
		n.skipped += status == RECORD_SKIPPED;
	}
	return n;
}

int results_exit_code(const struct results *r)
{
	struct results_count n = results_count(r, RESULTS_ALL);
	static const enum record_status worst[] = {
		RECORD_FAULT, RECORD_INVALID, RECORD_FAILED
	};
	size_t i;

	if (r->interrupted)
		return record_exit_code(RECORD_NOT_RUN);
	for (i = 0; i < sizeof(worst) / sizeof(worst[0]); i++)
		if (n.by_status[worst[i]])
			return record_exit_code(worst[i]);
	return record_exit_code(n.passed ? RECORD_PASSED : RECORD_SKIPPED);
}

void results_json(const struct results *r, struct textbuf *out)
{
	struct results_count n = results_count(r, RESULTS_ALL);
	struct jsonw j;
	size_t i;

	for (i = 0; i < r->count; i++)
		textbuf_text(out, r->items[i].record.json);
	jsonw_init_line(&j, out);
	jsonw_open(&j, NULL, '{');
	jsonw_uint(&j, "ringside_suite", RESULTS_JSON_VERSION);
	jsonw_text(&j, "version", RINGSIDE_VERSION);
	jsonw_int(&j, "exit", results_exit_code(r));
	jsonw_uint(&j, "passed", n.passed);
	jsonw_uint(&j, "failed", n.failed);
	jsonw_uint(&j, "skipped", n.skipped);
	jsonw_open(&j, "verdicts", '{');
	for (i = 0; i < RECORD_STATUSES; i++)
		if (n.by_status[i])
			jsonw_uint(&j, record_status_name(i), n.by_status[i]);
	jsonw_close(&j, '}');
	jsonw_close(&j, '}');
}
