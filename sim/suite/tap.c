/* SPDX-License-Identifier: MIT */
/*
 * TAP 14: a test point for each result, with a block of YAML behind those that did
 * not go well.  Its scalars are JSON's strings, which YAML takes as they are, but
 * for the text, which is a literal block where nothing in it forbids that.
 */
#include <string.h>

#include "sim/report/jsonw.h"
#include "sim/scenario/text.h"
#include "sim/suite/results.h"

/* '\' and '#' mean something in a description; a line end would end it. */
static void put_description(struct textbuf *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '\\' || *text == '#')
			textbuf_char(out, '\\');
		textbuf_char(out, (unsigned char)*text < ' ' ? '?' : *text);
	}
}

static void put_name(struct textbuf *out, const struct result *i)
{
	struct textbuf name;

	textbuf_init(&name);
	result_name(&i->label, &name);
	put_description(out, name.failed ? "" : name.data);
	textbuf_free(&name);
}

/* May it be a literal block: printable, in UTF-8, and not indented itself at its
 * beginning? */
static bool is_plain(const char *text)
{
	size_t len;

	if (!*text || *text == ' ' || *text == '\n')
		return false;
	for (; *text; text += len) {
		len = text_utf8_valid(text);
		if (!len || (len == 1 && (*text < ' ' || *text == 0x7f) &&
			     *text != '\n') ||
		    /* U+0080 to U+009F, and the mark of byte order */
		    (len == 2 && (unsigned char)text[0] == 0xc2 &&
		     (unsigned char)text[1] < 0xa0) ||
		    (len == 3 && !memcmp(text, "\xef\xbb\xbf", 3)))
			return false;
	}
	return true;
}

static void put_block(struct textbuf *out, const char *text)
{
	const char *end;

	textbuf_text(out, "  text: |\n");
	for (; *text; text = *end ? end + 1 : end) {
		end = text + strcspn(text, "\n");
		textbuf_text(out, end > text ? "    " : "");
		textbuf_bytes(out, text, (size_t)(end - text));
		textbuf_char(out, '\n');
	}
}

static void put_pair(struct textbuf *out, const char *key, const char *value)
{
	if (!value || !*value)
		return;
	textbuf_printf(out, "  %s: ", key);
	textbuf_json(out, value);
	textbuf_char(out, '\n');
}

static void put_at(struct textbuf *out, const struct record *r)
{
	if (!r->file || !*r->file)
		return;
	textbuf_text(out, "  at: {file: ");
	textbuf_json(out, r->file);
	textbuf_printf(out, ", line: %d, column: %d}\n", r->line, r->column);
}

static void put_yaml(struct textbuf *out, const struct record *r)
{
	textbuf_text(out, "  ---\n");
	put_pair(out, "message", r->reason);
	put_pair(out, "severity", record_status_name(r->status));
	put_pair(out, "check", r->check);
	put_pair(out, "function", r->function);
	put_pair(out, "way", r->way);
	put_at(out, r);
	if (is_plain(r->text))
		put_block(out, r->text);
	else
		put_pair(out, "text", r->text);
	textbuf_text(out, "  ...\n");
}

/* What follows '#', and whether it is "not ok". */
static const struct {
	bool bad;
	const char *directive;
} rows[RECORD_STATUSES] = {
	[RECORD_NOT_RUN] = { true, NULL },
	/* The protocol's word for it, in two for those who search for it. */
	[RECORD_KNOWN] = { true, "TO" "DO" },
	[RECORD_SKIPPED] = { false, "SKIP" },
	[RECORD_FAILED] = { true, NULL },
	[RECORD_INVALID] = { true, NULL },
	[RECORD_FAULT] = { true, NULL },
};

static void put_point(struct textbuf *out, const struct result *i, size_t n)
{
	const struct record *r = &i->record;
	const char *directive = rows[r->status].directive;

	textbuf_printf(out, "%s %zu - ", rows[r->status].bad ? "not ok" : "ok",
		       n);
	put_name(out, i);
	if (directive) {
		textbuf_printf(out, " # %s ", directive);
		put_description(out, r->reason);
	}
	textbuf_char(out, '\n');
	if (rows[r->status].bad)
		put_yaml(out, r);
}

void results_tap(const struct results *r, struct textbuf *out)
{
	size_t i;

	textbuf_printf(out, "TAP version 14\n1..%zu%s\n", r->count,
		       r->count ? "" : " # SKIP nothing in this part");
	for (i = 0; i < r->count; i++)
		put_point(out, &r->items[i], i + 1);
	if (r->interrupted)
		textbuf_text(out, "Bail out! interrupted\n");
	else if (r->missing)
		textbuf_printf(out, "Bail out! missing: %s\n", r->missing);
}
