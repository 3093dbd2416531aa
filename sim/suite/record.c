/* SPDX-License-Identifier: MIT */
/*
 * Makes records, and moves them between processes of one program: a header of
 * numbers, then each text with its length before it.
 */
#include "sim/suite/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/check/clauses/rulebook.h"
#include "sim/report/jsonw.h"
#include "sim/report/style.h"
#include "sim/scenario/text.h"

#define FIRST_WORDS 200u /* of what a dying process said, in one line */

static const struct {
	const char *name, *title;
	int exit_code;
} rows[] = {
	[RECORD_NOT_RUN] = { "not-run", "NOT RUN", 130 },
	[RECORD_PASSED] = { "pass", "PASS", 0 },
	[RECORD_KNOWN] = { "known", "KNOWN", 0 },
	[RECORD_SKIPPED] = { "skipped", "SKIP", 77 },
	[RECORD_FAILED] = { "fail", "FAIL", 1 },
	[RECORD_INVALID] = { "invalid", "INVALID", 2 },
	[RECORD_FAULT] = { "simulator", "SIMULATOR FAULT", 3 },
};

int record_exit_code(enum record_status status)
{
	return rows[status].exit_code;
}

const char *record_status_name(enum record_status status)
{
	return rows[status].name;
}

/* The text as a string of its own; never NULL. */
static char *take(struct textbuf *t)
{
	char *text = t->failed ? NULL : t->data ? t->data : strdup("");

	if (!text)
		abort();
	textbuf_init(t);
	return text;
}

/* The same in UTF-8: what is told must survive a way through JSON. */
static char *take_text(struct textbuf *t)
{
	struct textbuf clean;
	const char *p;
	size_t len;

	textbuf_init(&clean);
	for (p = t->data ? t->data : ""; *p; p += len) {
		len = text_utf8_valid(p);
		if (len)
			textbuf_bytes(&clean, p, len);
		else
			textbuf_text(&clean, "\xef\xbf\xbd");
		len = len ? len : 1;
	}
	clean.failed |= t->failed;
	textbuf_free(t);
	return take(&clean);
}

/* ---- of a run ---- */

static enum record_status status_of(enum report_verdict v)
{
	static const enum record_status table[] = {
		[REPORT_PASS] = RECORD_PASSED,
		[REPORT_FAIL] = RECORD_FAILED,
		[REPORT_KNOWN] = RECORD_KNOWN,
		[REPORT_FIXED] = RECORD_FAILED,
		[REPORT_STOPPED] = RECORD_PASSED,
		[REPORT_INVALID] = RECORD_INVALID,
		[REPORT_SIMULATOR] = RECORD_FAULT,
	};

	return table[v];
}

static void reason_of(struct textbuf *out, const struct report *r,
		      enum record_status status)
{
	const struct findings *f = r->findings;

	if (status == RECORD_PASSED)
		return;
	if (f->count)
		textbuf_text(out, f->items[0].text ? f->items[0].text :
						     f->items[0].code);
	else if (r->scenario->known_ref)
		textbuf_printf(out, "known to fail, and it passed: %s",
			       r->scenario->known_ref);
	else
		textbuf_text(out, r->outcome->text ? r->outcome->text : "");
}

static const char *or_none(const char *text)
{
	return text && *text ? text : NULL;
}

/* What a suite tells of a cell beside what `run --json` does: enough to make
 * every form of its result again from the line (sim/suite/reread.c). */
static void put_rest(struct jsonw *j, const struct record *r, const char *text)
{
	jsonw_text(j, "reason", or_none(r->reason));
	jsonw_text(j, "text", or_none(text));
	if (or_none(r->check)) {
		jsonw_open(j, "failure", '{');
		jsonw_text(j, "check", r->check);
		jsonw_text(j, "function", or_none(r->function));
		jsonw_text(j, "way", or_none(r->way));
		jsonw_text(j, "file", or_none(r->file));
		if (r->line)
			jsonw_int(j, "line", r->line);
		if (r->column)
			jsonw_int(j, "column", r->column);
		jsonw_close(j, '}');
	}
	jsonw_text(j, "course", or_none(r->course));
}

static void run_json(struct record *to, const struct report *r,
		     const struct record_wants *w)
{
	struct textbuf json, plain;
	struct jsonw j;

	textbuf_init(&json);
	textbuf_init(&plain);
	if (to->status != RECORD_PASSED && w->colour)
		report_text(r, false, &plain);
	jsonw_init_line(&j, &json);
	jsonw_open(&j, NULL, '{');
	report_json_members(&j, r);
	put_rest(&j, to, w->colour ? plain.data : to->text);
	jsonw_close(&j, '}');
	textbuf_free(&plain);
	to->json = take(&json);
}

static char *fates_of(const struct report *r)
{
	struct textbuf out;
	unsigned int c;

	textbuf_init(&out);
	for (c = CLAUSE_NONE; c < CLAUSE_COUNT; c++)
		textbuf_char(&out, (char)('0' + rulebook_fate(r->findings->book,
							      c)));
	return take(&out);
}

void record_of_run(struct record *to, const struct report *r,
		   const struct record_wants *w)
{
	enum record_status status = status_of(report_verdict(r));
	struct textbuf reason, text, course;

	textbuf_init(&reason);
	textbuf_init(&text);
	textbuf_init(&course);
	reason_of(&reason, r, status);
	if (status != RECORD_PASSED)
		report_text(r, w->colour, &text);
	course_text(&course, r);
	*to = (struct record){ .status = status,
			       .time_ps = r->outcome->time_ps,
			       .reason = take_text(&reason),
			       .text = take_text(&text),
			       .course = take(&course) };
	if (status != RECORD_PASSED)
		record_kind(to, r);
	if (w->clauses)
		to->clauses = fates_of(r);
	if (w->json)
		run_json(to, r, w);
}

/* ---- of what was not run ---- */

/* The members that such a result shares with a run's. */
static void put_json(struct textbuf *out, const struct record *r,
		     const struct record_cell *c, const char *text)
{
	enum record_status status = r->status;
	struct jsonw j;

	jsonw_init_line(&j, out);
	jsonw_open(&j, NULL, '{');
	jsonw_uint(&j, "ringside_result", REPORT_JSON_VERSION);
	jsonw_text(&j, "version", RINGSIDE_VERSION);
	jsonw_text(&j, "verdict", record_status_name(status));
	jsonw_int(&j, "exit", record_exit_code(status));
	jsonw_open(&j, "scenario", '{');
	jsonw_text(&j, "path", c->path);
	jsonw_text(&j, "cell", c->cell);
	jsonw_close(&j, '}');
	if (c->guest) {
		jsonw_open(&j, "guest", '{');
		jsonw_text(&j, "name", c->guest);
		jsonw_close(&j, '}');
	}
	put_rest(&j, r, text);
	jsonw_close(&j, '}');
}

static void title(struct textbuf *out, enum record_status status, bool colour,
		  const struct record_cell *c)
{
	const struct style s = { .out = out, .colour = colour };

	style_text(&s, status == RECORD_SKIPPED ? COLOUR_WARN : COLOUR_BAD,
		   rows[status].title);
	textbuf_char(out, ' ');
	style_title(&s, c->path, c->cell);
}

/* Title and body; where it is wrong is in *to already. */
static void finish(struct record *to, enum record_status status,
		   const struct record_cell *c, struct textbuf *reason,
		   struct textbuf *body, const struct record_wants *w)
{
	struct textbuf text, plain, json;

	textbuf_init(&text);
	textbuf_init(&plain);
	textbuf_init(&json);
	to->status = status;
	to->reason = take_text(reason);
	if (body->len) {
		title(&text, status, w->colour, c);
		textbuf_bytes(&text, body->data, body->len);
		title(&plain, status, false, c);
		textbuf_bytes(&plain, body->data, body->len);
	}
	textbuf_free(body);
	to->text = take_text(&text);
	if (w->json)
		put_json(&json, to, c, plain.data);
	to->json = take(&json);
	textbuf_free(&plain);
}

static char *copy(const char *text)
{
	char *c = strdup(text);

	if (!c)
		abort();
	return c;
}

static void record_place(struct record *to, const struct diag *d)
{
	if (!d->count)
		return;
	to->check = copy(d->items[0].code);
	if (!d->items[0].pos.file || !d->items[0].pos.line)
		return;
	to->file = copy(d->items[0].pos.file);
	to->line = d->items[0].pos.line;
	to->column = d->items[0].pos.column;
}

/* What is right with one guest and wrong with another. */
static const char *const lacks[] = { "unknown-action", "unknown-point", NULL };

static bool is_lack(const char *code)
{
	size_t i;

	for (i = 0; lacks[i]; i++)
		if (!strcmp(lacks[i], code))
			return true;
	return false;
}

static enum record_status status_of_mistakes(const struct record_cell *c,
					     const struct diag *d)
{
	size_t i;

	for (i = 0; i < d->count; i++)
		if (strcmp(d->items[i].code, "guest-not-built") &&
		    !(c->replaced && is_lack(d->items[i].code)))
			return RECORD_INVALID;
	return d->count ? RECORD_SKIPPED : RECORD_INVALID;
}

/* Without the cell that a mistake names: the same for all cells. */
static void why_skipped(struct textbuf *out, const struct record_cell *c,
			const struct diag_item *item)
{
	const char *cell = strstr(item->text, " (in cell ");

	if (!is_lack(item->code)) {
		textbuf_printf(out, "the guest '%s' is not built here",
			       c->guest);
		return;
	}
	textbuf_printf(out, "the guest '%s' lacks what it takes: ", c->guest);
	textbuf_bytes(out, item->text, cell ? (size_t)(cell - item->text) :
					      strlen(item->text));
}

static void print_diag(struct textbuf *out, const struct diag *d)
{
	char *bytes = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&bytes, &len);

	if (!f)
		abort();
	diag_print(d, f);
	if (fclose(f))
		abort();
	textbuf_bytes(out, bytes, len);
	free(bytes);
}

void record_of_mistakes(struct record *to, const struct record_cell *c,
			const struct diag *d, const struct record_wants *w)
{
	enum record_status status = status_of_mistakes(c, d);
	struct textbuf reason, body;

	textbuf_init(&reason);
	textbuf_init(&body);
	*to = (struct record){ .status = status };
	if (status == RECORD_SKIPPED) {
		why_skipped(&reason, c, &d->items[0]);
		textbuf_printf(&body, "   %s\n",
			       reason.data ? reason.data : "");
	} else {
		record_place(to, d);
		textbuf_text(&reason, d->count ? d->items[0].text : "");
		textbuf_char(&body, '\n');
		print_diag(&body, d);
	}
	finish(to, status, c, &reason, &body, w);
}

/* Last words, each of their lines indented. */
static void indent(struct textbuf *out, const char *said, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (!i || said[i - 1] == '\n')
			textbuf_text(out, "  ");
		textbuf_char(out, said[i] ? said[i] : '?');
	}
	if (len && said[len - 1] != '\n')
		textbuf_char(out, '\n');
}

void record_of_fault(struct record *to, const struct record_cell *c,
		     const char *reason, const char *said, size_t said_len,
		     const struct record_wants *w)
{
	struct textbuf why, body;

	textbuf_init(&why);
	textbuf_init(&body);
	*to = (struct record){ .check = copy(reason) };
	textbuf_text(&why, reason);
	textbuf_printf(&body, "\n  %s\n", reason);
	if (said_len > FIRST_WORDS * 80)
		said_len = FIRST_WORDS * 80;
	indent(&body, said, said_len);
	finish(to, RECORD_FAULT, c, &why, &body, w);
}

void record_of_nothing(struct record *to, const struct record_cell *c,
		       const struct record_wants *w)
{
	struct textbuf why, body;

	textbuf_init(&why);
	textbuf_init(&body);
	*to = (struct record){ .status = RECORD_NOT_RUN };
	textbuf_text(&why, "interrupted before it was done");
	finish(to, RECORD_NOT_RUN, c, &why, &body, w);
}

/* All texts of a record, in the order in which they are packed. */
#define TEXTS 9u

static void texts_of(struct record *r, char **texts[TEXTS])
{
	char **const all[TEXTS] = {
		&r->reason, &r->text, &r->course, &r->json,
		&r->check, &r->function, &r->way, &r->file, &r->clauses,
	};

	memcpy(texts, all, sizeof(all));
}

void record_free(struct record *r)
{
	char **texts[TEXTS];
	size_t i;

	texts_of(r, texts);
	for (i = 0; i < TEXTS; i++)
		free(*texts[i]);
	memset(r, 0, sizeof(*r));
}

/* ---- as bytes ---- */

struct header {
	uint64_t status, time_ps;
	int64_t line, column;
	uint64_t len[TEXTS];
};

void record_pack(const struct record *record, struct textbuf *out)
{
	struct record r = *record;
	struct header h = { .status = r.status, .time_ps = r.time_ps,
			    .line = r.line, .column = r.column };
	char **texts[TEXTS];
	size_t i;

	texts_of(&r, texts);
	for (i = 0; i < TEXTS; i++)
		h.len[i] = *texts[i] ? strlen(*texts[i]) : 0;
	textbuf_bytes(out, &h, sizeof(h));
	for (i = 0; i < TEXTS; i++)
		textbuf_bytes(out, *texts[i] ? *texts[i] : "", h.len[i]);
}

bool record_unpack(struct record *r, const char *bytes, size_t len)
{
	char **texts[TEXTS];
	struct header h;
	size_t i, at = sizeof(h);

	memset(r, 0, sizeof(*r));
	if (len < sizeof(h))
		return false;
	memcpy(&h, bytes, sizeof(h));
	for (i = 0; i < TEXTS; i++) {
		if (h.len[i] > len - at)
			return false;
		at += h.len[i];
	}
	if (at != len || h.status >= RECORD_STATUSES)
		return false;
	r->status = (enum record_status)h.status;
	r->time_ps = h.time_ps;
	r->line = (int)h.line;
	r->column = (int)h.column;
	texts_of(r, texts);
	for (i = 0, at = sizeof(h); i < TEXTS; at += h.len[i++]) {
		*texts[i] = strndup(bytes + at, h.len[i]);
		if (!*texts[i])
			abort();
	}
	return true;
}

/* ---- statuses by name ---- */

bool record_status_find(const char *name, enum record_status *status)
{
	size_t i;

	for (i = 0; i < RECORD_STATUSES; i++) {
		if (strcmp(rows[i].name, name))
			continue;
		*status = (enum record_status)i;
		return true;
	}
	/* `run` has a word of its own for what passed although it was known to
	 * fail; here it is a failure. */
	*status = RECORD_FAILED;
	return !strcmp(name, report_verdict_name(REPORT_FIXED));
}
