/* SPDX-License-Identifier: MIT */
/*
 * The child runs, and sends fields: a letter, a text, a NUL.
 *
 *   A about   V verdict   T the report's text   L lines of the log
 *   R a reason, P its place   I a mistake in the check   Z the end
 */
#define _GNU_SOURCE
#include "sim/lab/cell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/report/symbols.h"
#include "sim/run/run.h"

#define PLACES 4u     /* functions of the student's, in a reason */
#define LOG_LINES 3u
#define LOG_ERROR 3u  /* KERN_ERR and worse */

void lab_field(struct textbuf *out, char letter, const char *text)
{
	textbuf_char(out, letter);
	textbuf_text(out, text ? text : "");
	textbuf_char(out, '\0');
}

void lab_field_free(struct textbuf *out, char letter, struct textbuf *text)
{
	lab_field(out, letter, text->failed ? "" : text->data);
	textbuf_free(text);
}

/* ---- in the child ---- */

const char *lab_base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* The kernel's files are not the student's, whatever they are called. */
bool lab_is_theirs(const char *file, const char *source)
{
	return strncmp(file, "guestdrv/", 9) &&
	       !strcmp(lab_base_name(file), lab_base_name(source));
}

/* "find.c:42 in size_bar < find": of a stack what lies in the student's file. */
static void put_place(struct textbuf *out, const uintptr_t *frames, size_t count,
		      const char *source)
{
	struct symbols_frame f[8];
	size_t i, k, n, said = 0;

	for (i = 0; i < count; i++) {
		n = symbols_resolve(frames[i], f, 8);
		for (k = 0; k < n && said < PLACES; k++) {
			if (!lab_is_theirs(f[k].file, source))
				continue;
			if (!said++)
				textbuf_printf(out, "%s:%d in ",
					       lab_base_name(source), f[k].line);
			else
				textbuf_text(out, " < ");
			textbuf_text(out, f[k].function);
		}
	}
}

static void place_field(struct textbuf *out, const uintptr_t *frames,
			size_t count, const char *source)
{
	struct textbuf place;

	textbuf_init(&place);
	put_place(&place, frames, count, source);
	lab_field_free(out, 'P', &place);
}

static void put_finding(struct textbuf *out, const struct report *r,
			const struct finding *f, const char *source)
{
	const struct platform_outcome *o = r->outcome;
	struct textbuf text;
	size_t i;

	textbuf_init(&text);
	lab_say(&text, r, f);
	lab_field_free(out, 'R', &text);
	place_field(out, f->frames, f->nframes, source);
	/* How the run broke off is told with the stack on which it did. */
	if (o->end == RUN_FINISHED || f->nframes || strcmp(f->code, o->code))
		return;
	for (i = 0; i < o->nstacks; i++)
		place_field(out, o->stacks[i].frames, o->stacks[i].count,
			    source);
}

/* A device that notices a broken rule is no news where the rule book names it. */
static bool told_better(const struct report *r, const struct finding *f)
{
	return !strcmp(f->code, "violation") &&
	       findings_has(r->findings, "driver-rule");
}

/* What a mistake has led to: told behind what it was, where that was seen. */
static bool is_consequence(const struct finding *f)
{
	static const char *const codes[] = {
		"expectation", "action-failed", "unreached-fault"
	};
	size_t i;

	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (!strcmp(f->code, codes[i]))
			return true;
	return false;
}

static void put_findings(struct textbuf *out, const struct report *r,
			 const char *source, bool consequences)
{
	size_t i;

	for (i = 0; i < r->findings->count; i++)
		if (is_consequence(&r->findings->items[i]) == consequences &&
		    !told_better(r, &r->findings->items[i]))
			put_finding(out, r, &r->findings->items[i], source);
}

/* Its last complaints, in their order. */
static void put_log(struct textbuf *out, const struct report *r)
{
	const struct facts *f = r->facts;
	struct textbuf text;
	size_t i, bad = 0;

	for (i = 0; i < f->nlines; i++)
		bad += f->lines[i].level <= LOG_ERROR;
	textbuf_init(&text);
	for (i = 0; i < f->nlines; i++) {
		if (f->lines[i].level > LOG_ERROR || bad-- > LOG_LINES)
			continue;
		textbuf_text(&text, text.len ? "\n" : "");
		textbuf_text(&text, event_text(r->bus, f->lines[i].text));
	}
	lab_field_free(out, 'L', &text);
}

static void put_run(struct textbuf *out, const struct report *r,
		    const char *source)
{
	struct textbuf text;
	char *twice;

	lab_field(out, 'A', r->scenario->about);
	put_findings(out, r, source, false);
	put_findings(out, r, source, true);
	twice = lab_contradiction(r);
	if (twice)
		lab_field(out, 'R', twice);
	free(twice);
	put_log(out, r);
	textbuf_init(&text);
	report_text(r, false, &text);
	lab_field_free(out, 'T', &text);
	lab_field(out, 'V', report_verdict_name(report_verdict(r)));
}

void lab_put_mistakes(struct textbuf *out, const struct diag *d)
{
	struct textbuf text;
	size_t i;

	for (i = 0; i < d->count; i++) {
		textbuf_init(&text);
		textbuf_printf(&text, "%s:%d:%d: %s [%s]",
			       d->items[i].pos.file ? d->items[i].pos.file : "",
			       d->items[i].pos.line, d->items[i].pos.column,
			       d->items[i].text, d->items[i].code);
		lab_field_free(out, 'I', &text);
	}
}

void lab_cell_work(const struct lab_job *job, struct textbuf *out)
{
	const struct scn_overrides overrides = { .set = NULL };
	struct run_options o = { .trace = false };
	struct catalogue *catalogue;
	struct scenario *s;
	const char *error;
	struct diag d;
	struct run *run;

	/* Where the check's `guest: lab` is looked for. */
	setenv("RINGSIDE_GUEST_PATH", job->image_dir, 1);
	catalogue = catalogue_create();
	diag_init(&d);
	s = scenario_file_load(job->file, job->cell, &overrides, catalogue, &d);
	if (!s) {
		lab_put_mistakes(out, &d);
		lab_field(out, 'Z', "");
		return;
	}
	if (!s->budget_ps)
		o.budget_ps = LAB_CELL_BUDGET_PS;
	run = run_create(s, &o, &error);
	if (!run) {
		lab_field(out, 'I', error);
	} else {
		run_execute(run);
		put_run(out, run_report(run), job->source);
	}
	lab_field(out, 'Z', "");
	/* The process ends with it. */
}

/* ---- in the parent ---- */

static void add_reason(struct lab_cell *c, const char *text)
{
	struct lab_reason *more = realloc(c->reasons, (c->nreasons + 1) *
						      sizeof(*more));

	if (!more)
		abort();
	c->reasons = more;
	c->reasons[c->nreasons++] = (struct lab_reason){ text, "" };
}

/* The first that is in the student's file counts. */
static void add_place(struct lab_cell *c, const char *place)
{
	if (c->nreasons && !c->reasons[c->nreasons - 1].place[0])
		c->reasons[c->nreasons - 1].place = place;
}

/* A student's words reach an instructor's terminal: nothing in them moves it. */
static void plain(char *bytes, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if ((bytes[i] > 0 && bytes[i] < ' ' && bytes[i] != '\n') ||
		    bytes[i] == 0x7f)
			bytes[i] = '?';
}

static void take_fields(struct lab_cell *c, size_t len)
{
	const char *p, *end = c->bytes + len;
	bool whole = false, pass = false, invalid = false;

	plain(c->bytes, len);
	for (p = c->bytes; p < end; p += strlen(p) + 1) {
		whole = *p == 'Z';
		switch (*p) {
		case 'A': c->about = p + 1; break;
		case 'T': c->report = p + 1; break;
		case 'L': c->log = p + 1; break;
		case 'V': pass = !strcmp(p + 1, "pass"); break;
		case 'P': add_place(c, p + 1); break;
		case 'R': add_reason(c, p + 1); break;
		case 'I': add_reason(c, p + 1); invalid = true; break;
		}
	}
	if (!whole)
		add_reason(c, "its result did not come whole");
	c->state = invalid ? LAB_CELL_INVALID :
		   pass && !c->nreasons ? LAB_CELL_PASSED : LAB_CELL_FAILED;
	if (c->state == LAB_CELL_FAILED && !c->nreasons)
		add_reason(c, "it did not pass");
}

void lab_cell_take(struct lab_cell *c, const struct brood_result *r)
{
	size_t len = r->end == BROOD_DONE ? r->len : 0;

	*c = (struct lab_cell){ .about = "", .log = "", .report = "" };
	c->bytes = malloc(len + 256);
	if (!c->bytes)
		abort();
	if (r->end == BROOD_DONE && len && !r->bytes[len - 1]) {
		memcpy(c->bytes, r->bytes, len);
		take_fields(c, len);
		return;
	}
	brood_what_became(r, LAB_CELL_LIMIT_MS, c->bytes, 256);
	c->state = LAB_CELL_FAILED;
	add_reason(c, c->bytes);
}

void lab_cell_free(struct lab_cell *c)
{
	free(c->reasons);
	free(c->bytes);
}
