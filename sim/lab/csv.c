/* SPDX-License-Identifier: MIT */
/*
 * For spreadsheets: RFC 4180, a line each, the first one says what the columns
 * are.
 */
#include "sim/lab/tell.h"

#include <string.h>

/* Quoted where it has to be.  A spreadsheet takes what begins with one of =+-@ for
 * a formula; students choose the names of files. */
static void put_text(struct textbuf *out, const char *text)
{
	const char *formula = *text && strchr("=+-@\t\r", *text) ? "'" : "";

	if (!strpbrk(text, ",\"\r\n") && !*formula) {
		textbuf_text(out, text);
		return;
	}
	textbuf_printf(out, "\"%s", formula);
	for (; *text; text++) {
		if (*text == '"')
			textbuf_char(out, '"');
		textbuf_char(out, *text);
	}
	textbuf_char(out, '"');
}

static void put_made(struct textbuf *out, const struct attempt *a,
		     void (*make)(struct textbuf *text,
				  const struct attempt *a))
{
	struct textbuf text;

	textbuf_init(&text);
	make(&text, a);
	textbuf_char(out, ',');
	put_text(out, text.data ? text.data : "");
	out->failed |= text.failed;
	textbuf_free(&text);
}

void tell_csv(struct textbuf *out, const struct grading *g,
	      const struct tell_how *how)
{
	size_t i;

	textbuf_text(out,
		     "name,lab,points,max,percent,passed,lost,remark\r\n");
	for (i = 0; i < g->count; i++) {
		const struct attempt *a = &g->attempts[i];

		put_text(out, a->name);
		textbuf_char(out, ',');
		put_text(out, a->lab->name);
		textbuf_printf(out, ",%u,%u,%u,%s", a->points, a->lab->points,
			       attempt_percent(a),
			       tell_passed(a, how) ? "yes" : "no");
		put_made(out, a, tell_lost);
		put_made(out, a, tell_remark);
		textbuf_text(out, "\r\n");
	}
}
