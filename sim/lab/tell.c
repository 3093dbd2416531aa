/* SPDX-License-Identifier: MIT */
/*
 * For people: reason before data, the hint last.
 */
#define _GNU_SOURCE
#include "sim/lab/tell.h"

#include <string.h>

#include "sim/report/style.h"

#define REASONS 3u /* of a run */
#define RUNS 2u    /* of a task */
#define COLUMNS 79u

bool tell_passed(const struct attempt *a, const struct tell_how *how)
{
	return attempt_percent(a) >= (how->pass ? how->pass : a->lab->pass);
}

/* ---- one task ---- */

/* Lines of a text, each behind the indent. */
static void put_lines(struct textbuf *out, const char *indent, const char *head,
		      const char *text)
{
	const char *end;

	for (; *text; text = *end ? end + 1 : end) {
		end = strchrnul(text, '\n');
		textbuf_printf(out, "%s%s%.*s\n", indent, head,
			       (int)(end - text), text);
	}
}

static void put_reason(struct textbuf *out, const struct lab_reason *r,
		       const char *indent)
{
	textbuf_printf(out, "%s  %s\n", indent, r->text);
	if (r->place[0])
		textbuf_printf(out, "%s    at %s\n", indent, r->place);
}

/* "sizing[modern]" */
static void put_name(struct textbuf *out, const struct attempt_cell *c)
{
	textbuf_text(out, c->check);
	if (c->name[0])
		textbuf_printf(out, "[%s]", c->name);
}

static bool among(const struct lab_reason *r, const struct lab_cell *cell)
{
	size_t i;

	for (i = 0; i < cell->nreasons && i < REASONS; i++)
		if (!strcmp(cell->reasons[i].text, r->text) &&
		    !strcmp(cell->reasons[i].place, r->place))
			return true;
	return false;
}

/* The run, before this one, that has told the same; NULL: this is the first. */
static const struct attempt_cell *told_by(const struct attempt *a,
					  const struct attempt_cell *now,
					  const struct lab_reason *r)
{
	const struct attempt_cell *c, *end;
	size_t t, told;

	for (t = 0; t < a->lab->ntasks; t++) {
		end = a->tasks[t].cells + a->tasks[t].ncells;
		for (c = a->tasks[t].cells, told = 0; c < end; c++) {
			if (c == now)
				return NULL;
			if (c->result.state != LAB_CELL_PASSED &&
			    told++ < RUNS && among(r, &c->result))
				return c;
		}
	}
	return NULL;
}

static void put_reasons(struct textbuf *out, const struct attempt *a,
			const struct attempt_cell *c, const char *indent)
{
	const struct lab_cell *r = &c->result;
	const struct attempt_cell *earlier, *same = NULL;
	size_t i;

	for (i = 0; i < r->nreasons && i < REASONS; i++) {
		earlier = told_by(a, c, &r->reasons[i]);
		if (!earlier) {
			put_reason(out, &r->reasons[i], indent);
		} else if (earlier != same) {
			textbuf_printf(out, "%s  the same as in ", indent);
			put_name(out, earlier);
			textbuf_char(out, '\n');
		}
		same = earlier;
	}
	if (r->nreasons > REASONS)
		textbuf_printf(out, "%s  and %zu more\n", indent,
			       r->nreasons - REASONS);
}

static void put_run(struct textbuf *out, const struct attempt *a,
		    const struct attempt_cell *c, const char *indent,
		    bool whole)
{
	const struct lab_cell *r = &c->result;

	textbuf_text(out, indent);
	put_name(out, c);
	textbuf_printf(out, "%s%s\n", r->about[0] ? ": " : "", r->about);
	put_reasons(out, a, c, indent);
	put_lines(out, indent, "  log: ", r->log);
	if (whole)
		put_lines(out, indent, "  | ", r->report);
}

/* In lines that fit a terminal. */
static void put_hint(struct textbuf *out, const char *indent, const char *hint)
{
	size_t column = strlen(indent) + 5, len;

	textbuf_printf(out, "%shint:", indent);
	for (; *hint; hint += len + strspn(hint + len, " \n")) {
		len = strcspn(hint, " \n");
		if (column + 1 + len > COLUMNS) {
			textbuf_printf(out, "\n%s     ", indent);
			column = strlen(indent) + 5;
		}
		textbuf_printf(out, " %.*s", (int)len, hint);
		column += 1 + len;
	}
	textbuf_char(out, '\n');
}

void tell_task(struct textbuf *out, const struct attempt *a, size_t number,
	       const char *indent, bool whole)
{
	const struct attempt_task *t = &a->tasks[number];
	size_t i, failed = 0;

	for (i = 0; i < t->ncells; i++) {
		if (t->cells[i].result.state == LAB_CELL_PASSED)
			continue;
		if (failed++ < RUNS || whole)
			put_run(out, a, &t->cells[i], indent, whole);
	}
	if (failed > RUNS && !whole)
		textbuf_printf(out, "%sand %zu more of its %zu runs failed\n",
			       indent, failed - RUNS, t->ncells);
	if (t->task->hint && failed)
		put_hint(out, indent, t->task->hint);
}

/* ---- one attempt ---- */

static int id_width(const struct lab *lab)
{
	size_t i, width = 0;

	for (i = 0; i < lab->ntasks; i++)
		if (strlen(lab->tasks[i].id) > width)
			width = strlen(lab->tasks[i].id);
	return (int)width;
}

static void put_task(const struct style *s, const struct attempt *a,
		     size_t number, bool whole)
{
	const struct attempt_task *t = &a->tasks[number];

	textbuf_text(s->out, "  ");
	style_column(s, t->passed ? COLOUR_GOOD : COLOUR_BAD,
		     t->passed ? "ok" : "FAIL", 5);
	textbuf_printf(s->out, " %-*s %u/%u  %s\n", id_width(a->lab),
		       t->task->id, t->passed ? t->task->points : 0,
		       t->task->points, t->task->title);
	if (!t->passed)
		tell_task(s->out, a, number, "          ", whole);
}

void tell_attempt(struct textbuf *out, const struct attempt *a,
		  const struct tell_how *how)
{
	const struct style s = { .out = out, .colour = how->colour };
	size_t i;

	textbuf_printf(out, "%s: %s, %u of %u points\n", a->lab->name,
		       a->lab->title, a->points, a->lab->points);
	if (a->state != ATTEMPT_GRADED) {
		textbuf_text(out, "  ");
		tell_remark(out, a);
		textbuf_char(out, '\n');
		return;
	}
	for (i = 0; i < a->lab->ntasks; i++)
		put_task(&s, a, i, how->whole);
}

/* ---- many ---- */

void tell_lost(struct textbuf *out, const struct attempt *a)
{
	const char *separator = "";
	size_t i;

	for (i = 0; i < a->lab->ntasks; i++) {
		if (a->tasks && a->tasks[i].passed)
			continue;
		textbuf_printf(out, "%s%s", separator, a->lab->tasks[i].id);
		separator = " ";
	}
}

/* The first that is an error; else the first line. */
static const char *first_error(const char *said)
{
	const char *at = strstr(said, "error:");

	if (!at)
		at = strstr(said, "undefined reference");
	while (at && at > said && at[-1] != '\n')
		at--;
	return at ? at : said;
}

void tell_remark(struct textbuf *out, const struct attempt *a)
{
	const char *line = first_error(a->said ? a->said : "");
	int len = (int)strcspn(line, "\n");

	if (a->state == ATTEMPT_MISSING)
		textbuf_printf(out, "there is no %s", a->lab->file);
	else if (a->state == ATTEMPT_NOT_COMPILED)
		textbuf_printf(out, "does not compile: %.*s", len, line);
	else if (a->state == ATTEMPT_TROUBLE)
		textbuf_printf(out, "could not be graded: %.*s", len, line);
}

static int name_width(const struct grading *g)
{
	size_t i, width = 4;

	for (i = 0; i < g->count; i++)
		if (strlen(g->attempts[i].name) > width)
			width = strlen(g->attempts[i].name);
	return (int)(width < 40 ? width : 40);
}

void tell_grading(struct textbuf *out, const struct grading *g,
		  const struct tell_how *how)
{
	const struct style s = { .out = out, .colour = how->colour };
	size_t i, below = 0;

	for (i = 0; i < g->count; i++) {
		const struct attempt *a = &g->attempts[i];
		bool passed = tell_passed(a, how);

		below += !passed;
		textbuf_printf(out, "%-*s  %2u/%-2u ", name_width(g), a->name,
			       a->points, a->lab->points);
		style_column(&s, passed ? COLOUR_GOOD : COLOUR_BAD,
			     passed ? "pass" : "below", 5);
		if (a->state == ATTEMPT_GRADED && a->points < a->lab->points) {
			textbuf_text(out, "  lost: ");
			tell_lost(out, a);
		} else if (a->state != ATTEMPT_GRADED) {
			textbuf_text(out, "  ");
			tell_remark(out, a);
		}
		while (out->len && out->data[out->len - 1] == ' ')
			out->len--;
		textbuf_char(out, '\n');
	}
	textbuf_printf(out, "%zu graded, %zu passed, %zu below\n", g->count,
		       g->count - below, below);
}
