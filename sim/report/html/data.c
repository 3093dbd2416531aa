/* SPDX-License-Identifier: MIT */
/*
 * What a page knows of its run beside the events: the result as programs get it,
 * and what only readers ask for.
 */
#include <stdio.h>

#include "sim/check/clauses/clause.h"
#include "sim/report/html/parts.h"
#include "sim/report/jsonw.h"
#include "sim/report/style.h"
#include "sim/report/symbols.h"

#define CHAIN 4u /* functions of a stack */

static void put_texts(struct jsonw *j, const char *name,
		      const char *const *texts)
{
	jsonw_open(j, name, '[');
	for (; texts && *texts; texts++)
		jsonw_text(j, NULL, *texts);
	jsonw_close(j, ']');
}

/* A text that is made piece by piece, as a member. */
static void put_made(struct jsonw *j, const char *name, struct textbuf *made)
{
	if (made->failed)
		j->out->failed = true;
	else if (made->len)
		jsonw_text(j, name, made->data);
	textbuf_free(made);
}

static void put_again(struct jsonw *j, const struct report *r)
{
	struct textbuf line;

	textbuf_init(&line);
	failure_again(&line, r);
	put_made(j, "again", &line);
}

/* Names of the feature bits that the model knows, by number. */
static void put_bits(struct jsonw *j, const struct device_model *m)
{
	const struct device_feature *f = m ? m->features : NULL;
	char bit[8];

	jsonw_open(j, "bits", '{');
	for (; f && f->name; f++) {
		snprintf(bit, sizeof(bit), "%u", f->bit);
		jsonw_text(j, bit, f->name);
	}
	jsonw_close(j, '}');
}

static void put_devices(struct jsonw *j, const struct report *r)
{
	const struct scenario *s = r->scenario;
	size_t i;

	jsonw_open(j, "devices", '[');
	for (i = 0; i < r->world->ndevices; i++) {
		jsonw_open(j, NULL, '{');
		if (i < s->ndevices) {
			jsonw_uint(j, "pin", s->devices[i].config.intx_pin);
			if (s->devices[i].model)
				jsonw_text(j, "about",
					   s->devices[i].model->about);
		}
		put_bits(j, r->world->devices[i].model);
		jsonw_close(j, '}');
	}
	jsonw_close(j, ']');
}

/* An entry for each of the result's `story`, in its order. */
static void put_lines(struct jsonw *j, const struct report *r)
{
	size_t n = narrative_count(r->narrative), i;
	struct textbuf line, chain;
	const struct style s = { .out = &line };

	jsonw_open(j, "lines", '[');
	for (i = 0; i < n; i++) {
		const struct narrative_entry *e =
			narrative_entry(r->narrative, i);

		jsonw_open(j, NULL, '{');
		jsonw_uint(j, "bind", e->bind);
		textbuf_init(&line);
		if (story_entry(&s, r, e))
			put_made(j, "text", &line);
		else
			textbuf_free(&line);
		textbuf_init(&chain);
		if (e->nframes)
			symbols_chain(&chain, e->frames, e->nframes, CHAIN);
		put_made(j, "chain", &chain);
		jsonw_close(j, '}');
	}
	jsonw_close(j, ']');
}

/* Where the specification has the clauses that findings are about, by their ids. */
static void put_clauses(struct jsonw *j, const struct findings *f)
{
	bool told[CLAUSE_COUNT] = { false };
	enum clause c;
	size_t i;

	jsonw_open(j, "clauses", '{');
	for (i = 0; i < f->count + f->nexpected; i++) {
		c = f->items[i].clause ? clause_find(f->items[i].clause) :
					 CLAUSE_NONE;
		if (c == CLAUSE_NONE || told[c])
			continue;
		told[c] = true;
		jsonw_open(j, clause_rows[c].id, '{');
		jsonw_text(j, "chapter", clause_rows[c].chapter);
		jsonw_text(j, "section", clause_rows[c].section);
		jsonw_text(j, "party", clause_party_name(clause_rows[c].party));
		jsonw_text(j, "strength",
			   clause_strength_name(clause_rows[c].strength));
		jsonw_text(j, "summary", clause_rows[c].summary);
		jsonw_close(j, '}');
	}
	jsonw_close(j, '}');
}

void html_data(const struct report *r, struct textbuf *out)
{
	const struct scenario *s = r->scenario;
	struct jsonw j;

	jsonw_init_line(&j, out);
	jsonw_open(&j, NULL, '{');
	jsonw_open(&j, "result", '{');
	report_json_members(&j, r);
	jsonw_close(&j, '}');
	jsonw_open(&j, "page", '{');
	put_again(&j, r);
	jsonw_text(&j, "about", s->about);
	put_texts(&j, "refs", s->refs);
	put_texts(&j, "ladder", r->world->ladder);
	jsonw_uint(&j, "cpus", r->world->cpus);
	jsonw_uint(&j, "memory", s->memory);
	jsonw_text(&j, "dma", s->dma);
	put_devices(&j, r);
	put_lines(&j, r);
	put_clauses(&j, r->findings);
	jsonw_close(&j, '}');
	jsonw_close(&j, '}');
}
