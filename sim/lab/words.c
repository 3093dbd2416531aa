/* SPDX-License-Identifier: MIT */
/*
 * A finding in words about the student's driver.  Most findings are that already;
 * one about the log is about a value that the driver has reported (lab.h), and is
 * told as such: what it said, and what is right.
 */
#define _GNU_SOURCE
#include "sim/lab/cell.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/run/run.h"

#define REPORTED "lab: "

static const char *log_line(const struct report *r, size_t i)
{
	const char *text = event_text(r->bus, r->facts->lines[i].text);

	return text ? text : "";
}

/* "NAME=VALUE (DECIMAL)" of a line that reports this name; NULL: another. */
static const char *reported(const char *line, const char *name, size_t len)
{
	if (strncmp(line, REPORTED, strlen(REPORTED)))
		return NULL;
	line += strlen(REPORTED);
	return !strncmp(line, name, len) && line[len] == '=' ? line : NULL;
}

static const char *last_reported(const struct report *r, const char *name,
				 size_t len)
{
	const char *found = NULL, *this;
	size_t i;

	for (i = 0; i < r->facts->nlines; i++) {
		this = reported(log_line(r, i), name, len);
		found = this ? this : found;
	}
	return found;
}

/* The value that is expected, as far as the check has written it. */
static size_t value_len(const char *value)
{
	return strcspn(value, " ('");
}

/* "no line contains 'lab: NAME=VALUE'" */
static bool about_report(struct textbuf *out, const struct report *r,
			 const char *text)
{
	const char *at = text ? strstr(text, "no line contains '" REPORTED) :
				NULL;
	const char *name, *value, *said;
	size_t len;

	if (!at)
		return false;
	name = strchr(at, '\'') + 1 + strlen(REPORTED);
	len = strcspn(name, "='");
	if (name[len] != '=')
		return false;
	value = name + len + 1;
	said = last_reported(r, name, len);
	if (said)
		textbuf_printf(out, "it reported %s; right is %.*s", said,
			       (int)value_len(value), value);
	else
		textbuf_printf(out, "it never reported %.*s; right is %.*s",
			       (int)len, name, (int)value_len(value), value);
	return true;
}

void lab_say(struct textbuf *out, const struct report *r,
	       const struct finding *f)
{
	if (about_report(out, r, f->text))
		return;
	textbuf_text(out, f->text ? f->text : f->code);
	if (strcmp(f->code, "expectation"))
		textbuf_printf(out, " [%s]", f->code);
}

/* ---- one value a name ---- */

/* Of the name that an expectation asks for: two reports that differ. */
static char *two_values(const struct report *r, const char *asked)
{
	size_t len = strcspn(asked, "="), i;
	const char *last, *this;
	char *text;

	if (asked[len] != '=')
		return NULL;
	last = last_reported(r, asked, len);
	for (i = 0; i < r->facts->nlines; i++) {
		this = reported(log_line(r, i), asked, len);
		if (!this || !strcmp(this, last))
			continue;
		if (asprintf(&text, "it reported both %s and %s", this,
			     last) < 0)
			abort();
		return text;
	}
	return NULL;
}

char *lab_contradiction(const struct report *r)
{
	const struct scenario *s = r->scenario;
	const struct scn_check *c;
	char *found = NULL;
	size_t i, k;

	for (i = 0; i < s->nexpects && !found; i++)
		for (k = 0; k < s->expects[i].nchecks && !found; k++) {
			c = &s->expects[i].checks[k];
			if (strcmp(c->key, "log") ||
			    c->match.kind != MATCH_CONTAINS ||
			    strncmp(c->match.value.s, REPORTED,
				    strlen(REPORTED)))
				continue;
			found = two_values(r, c->match.value.s +
						      strlen(REPORTED));
		}
	return found;
}
