/* SPDX-License-Identifier: MIT */
/*
 * Results in JSON, a record a line.  What a suite adds to a record is its last
 * member, `suite`; reread.c makes results of such lines again.
 */
#include <stdio.h>
#include <string.h>

#include "sim/report/jsonw.h"
#include "sim/suite/results.h"

static void put_shard(struct jsonw *j, const struct shard *s)
{
	char text[32];

	if (!s->of)
		return;
	snprintf(text, sizeof(text), "%u/%u", s->index, s->of);
	jsonw_text(j, "shard", text);
}

static void put_member(struct jsonw *j, const struct results *r,
		       const struct result *i)
{
	const struct result_label *l = &i->label;

	jsonw_open(j, "suite", '{');
	jsonw_crc(j, "program", r->program);
	jsonw_uint(j, "number", i->number);
	if (strcmp(l->file, l->path))
		jsonw_text(j, "file", l->file);
	jsonw_text(j, "group", l->group);
	jsonw_text(j, "guest", l->guest);
	jsonw_text(j, "known", l->known);
	if (l->has_seed)
		jsonw_uint(j, "seed", l->seed);
	jsonw_close(j, '}');
}

void result_json(const struct results *r, size_t item, struct textbuf *out)
{
	const char *json = r->items[item].record.json;
	size_t len = strlen(json);
	struct jsonw j;

	/* "}\n" ends an object on a line of its own. */
	if (len < 3)
		return;
	textbuf_bytes(out, json, len - 2);
	jsonw_init_line(&j, out);
	j.depth = 1;
	j.first = len == 3;
	put_member(&j, r, &r->items[item]);
	jsonw_close(&j, '}');
}

static void put_counts(struct jsonw *j, const struct results *r)
{
	struct results_count n = results_count(r, RESULTS_ALL);
	size_t i;

	jsonw_uint(j, "passed", n.passed);
	jsonw_uint(j, "failed", n.failed);
	jsonw_uint(j, "skipped", n.skipped);
	jsonw_open(j, "verdicts", '{');
	for (i = 0; i < RECORD_STATUSES; i++)
		if (n.by_status[i])
			jsonw_uint(j, record_status_name(i), n.by_status[i]);
	jsonw_close(j, '}');
}

static void put_against(struct jsonw *j, const struct results *r)
{
	static const char *const names[] = { NULL, "new", "still", "fixed" };
	size_t n[AGAINST_FIXED + 1] = { 0 }, i;

	if (!r->baseline)
		return;
	for (i = 0; i < r->count; i++)
		n[r->items[i].against]++;
	jsonw_open(j, "baseline", '{');
	for (i = AGAINST_NEW; i <= AGAINST_FIXED; i++)
		jsonw_uint(j, names[i], n[i]);
	jsonw_close(j, '}');
}

void results_json(const struct results *r, struct textbuf *out)
{
	struct jsonw j;
	size_t i;

	for (i = 0; i < r->count; i++)
		result_json(r, i, out);
	jsonw_init_line(&j, out);
	jsonw_open(&j, NULL, '{');
	jsonw_uint(&j, "ringside_suite", RESULTS_JSON_VERSION);
	jsonw_text(&j, "version", RINGSIDE_VERSION);
	jsonw_int(&j, "exit", results_exit_code(r));
	put_counts(&j, r);
	jsonw_uint(&j, "total", r->total);
	put_shard(&j, &r->shard);
	put_against(&j, r);
	jsonw_close(&j, '}');
}

void results_json_head(const struct results *r, struct textbuf *out)
{
	struct jsonw j;

	jsonw_init_line(&j, out);
	jsonw_open(&j, NULL, '{');
	jsonw_uint(&j, "ringside_partial", RESULTS_JSON_VERSION);
	jsonw_text(&j, "version", RINGSIDE_VERSION);
	jsonw_uint(&j, "total", r->total);
	put_shard(&j, &r->shard);
	jsonw_close(&j, '}');
}
