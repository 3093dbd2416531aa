/* SPDX-License-Identifier: MIT */
/*
 * Colours, columns and common phrases of the text report.
 */
#include "sim/report/style.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *const escapes[] = {
	[COLOUR_PLAIN] = "",
	[COLOUR_GOOD] = "\033[1;32m",
	[COLOUR_BAD] = "\033[1;31m",
	[COLOUR_WARN] = "\033[33m",
	[COLOUR_DIM] = "\033[2m",
	[COLOUR_BOLD] = "\033[1m",
};

void style_text(const struct style *s, enum style_colour colour,
		const char *text)
{
	bool escape = s->colour && colour != COLOUR_PLAIN;

	if (escape)
		textbuf_text(s->out, escapes[colour]);
	textbuf_text(s->out, text);
	if (escape)
		textbuf_text(s->out, "\033[0m");
}

void style_column(const struct style *s, enum style_colour colour,
		  const char *text, int width)
{
	int len = (int)strlen(text);

	style_text(s, colour, text);
	if (len < width)
		textbuf_pad(s->out, ' ', (size_t)(width - len));
}

void style_title(const struct style *s, const char *path, const char *cell)
{
	static const char suffix[] = ".yaml";
	struct textbuf title;
	size_t len = strlen(path), n = sizeof(suffix) - 1;

	if (len > n && !strcmp(path + len - n, suffix))
		len -= n;
	textbuf_init(&title);
	textbuf_bytes(&title, path, len);
	if (cell && cell[0])
		textbuf_printf(&title, "[%s]", cell);
	if (!title.failed)
		style_text(s, COLOUR_BOLD, title.data);
	textbuf_free(&title);
}

void style_reason(struct textbuf *out, const struct report *r,
		  const struct narrative_entry *e)
{
	const char *text = event_text(r->bus, e->text);
	const char *name = fault_errno_name(e->error);

	if (!text)
		text = event_text(r->bus, e->point);
	textbuf_text(out, text ? text : "failed");
	if (name)
		textbuf_printf(out, " -> %s", name);
	else if (e->error)
		textbuf_printf(out, " -> error %d", e->error);
}

void style_blame(const struct style *s, const struct narrative_entry *e)
{
	if (e->injected)
		textbuf_printf(s->out, "injected, call %" PRIu64, e->call);
	else
		style_text(s, COLOUR_WARN, "NOT injected");
}

static const struct {
	const char *name;
	int exit_code;
} verdicts[] = {
	[REPORT_PASS] = { "pass", 0 },
	[REPORT_FAIL] = { "fail", 1 },
	[REPORT_KNOWN] = { "known", 0 },
	[REPORT_FIXED] = { "fixed", 1 },
	[REPORT_STOPPED] = { "stopped", 0 },
	[REPORT_INVALID] = { "invalid", 2 },
	[REPORT_SIMULATOR] = { "simulator", 3 },
};

enum report_verdict report_verdict(const struct report *r)
{
	bool failed = r->findings->count || r->findings->dropped;

	if (r->outcome->end == RUN_INTERNAL)
		return REPORT_SIMULATOR;
	if (r->outcome->end == RUN_USER_ERROR)
		return REPORT_INVALID;
	if (r->outcome->end == RUN_STOPPED)
		return REPORT_STOPPED;
	if (r->scenario->known_ref)
		return failed ? REPORT_KNOWN : REPORT_FIXED;
	return failed ? REPORT_FAIL : REPORT_PASS;
}

const char *report_verdict_name(enum report_verdict v)
{
	return verdicts[v].name;
}

int report_exit_code(enum report_verdict v)
{
	return verdicts[v].exit_code;
}

void report_bytes(struct textbuf *out, uint64_t bytes)
{
	static const char *const units[] = { "bytes", "KiB", "MiB", "GiB" };
	size_t i = 0;

	for (; i < 3 && bytes && bytes % 1024 == 0; i++)
		bytes /= 1024;
	textbuf_printf(out, "%" PRIu64 " %s", bytes, units[i]);
}
