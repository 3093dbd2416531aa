/* SPDX-License-Identifier: MIT */
/*
 * Fills the page.  A line "@part@" of page.html is where a part goes; what comes
 * from a file or from the guest goes through xml_escaped(), or as JSON through
 * html_script_text().
 */
#include "sim/report/html/html.h"

#include <string.h>

#include "sim/report/html/parts.h"
#include "sim/report/style.h"
#include "sim/report/xml.h"

void html_script_text(struct textbuf *out, const struct textbuf *json)
{
	const char *at = json->data, *end = at ? at + json->len : at, *less;

	for (; at < end; at = less + 1) {
		less = memchr(at, '<', (size_t)(end - at));
		if (!less)
			less = end;
		textbuf_bytes(out, at, (size_t)(less - at));
		/* Only in strings has JSON such a character. */
		if (less < end)
			textbuf_text(out, "\\u003c");
	}
	if (json->failed)
		out->failed = true;
}

static void put_lines(struct textbuf *out, const char *const *lines)
{
	for (; *lines; lines++)
		textbuf_text(out, *lines);
}

/* ---- the parts ---- */

static void put_title(const struct report *r, const struct trace *t,
		      struct textbuf *out)
{
	struct textbuf title;
	const struct style s = { .out = &title };

	(void)t;
	textbuf_init(&title);
	style_title(&s, r->scenario->path, r->scenario->cell);
	if (title.data)
		xml_escaped(out, title.data, false);
	out->failed = out->failed || title.failed;
	textbuf_free(&title);
}

static void put_text(const struct report *r, const struct trace *t,
		     struct textbuf *out)
{
	struct textbuf text;

	(void)t;
	textbuf_init(&text);
	report_text(r, false, &text);
	if (text.data)
		xml_escaped(out, text.data, false);
	out->failed = out->failed || text.failed;
	textbuf_free(&text);
}

static void put_style(const struct report *r, const struct trace *t,
		      struct textbuf *out)
{
	(void)r;
	(void)t;
	put_lines(out, html_style);
}

static void put_program(const struct report *r, const struct trace *t,
			struct textbuf *out)
{
	(void)r;
	(void)t;
	put_lines(out, html_program);
}

static void put_data(const struct report *r, const struct trace *t,
		     struct textbuf *out)
{
	struct textbuf json;

	(void)t;
	textbuf_init(&json);
	html_data(r, &json);
	html_script_text(out, &json);
	textbuf_free(&json);
}

static void put_events(const struct report *r, const struct trace *t,
		       struct textbuf *out)
{
	struct textbuf json;

	textbuf_init(&json);
	html_events(r, t, &json);
	html_script_text(out, &json);
	textbuf_free(&json);
}

static const struct {
	const char *line;
	void (*put)(const struct report *r, const struct trace *t,
		    struct textbuf *out);
} parts[] = {
	{ "@title@\n", put_title },   { "@style@\n", put_style },
	{ "@text@\n", put_text },     { "@data@\n", put_data },
	{ "@events@\n", put_events }, { "@program@\n", put_program },
};

void report_html(const struct report *r, const struct trace *t,
		 struct textbuf *out)
{
	const char *const *line;
	size_t i;

	for (line = html_page; *line; line++) {
		for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
			if (!strcmp(*line, parts[i].line))
				break;
		if (i < sizeof(parts) / sizeof(parts[0]))
			parts[i].put(r, t, out);
		else
			textbuf_text(out, *line);
	}
}
