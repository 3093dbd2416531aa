/* SPDX-License-Identifier: MIT */
/*
 * The text of a run: its verdict, and then the story of what went well, or the
 * reasons of what did not.
 */
#include "sim/report/style.h"

#include <inttypes.h>

static const struct {
	const char *word;
	enum style_colour colour;
	bool story;          /* what the drivers went through */
	bool failure;        /* what was found */
} rows[] = {
	[REPORT_PASS] = { "PASS", COLOUR_GOOD, true, false },
	[REPORT_FAIL] = { "FAIL", COLOUR_BAD, false, true },
	[REPORT_KNOWN] = { "KNOWN", COLOUR_WARN, false, true },
	[REPORT_FIXED] = { "FIXED", COLOUR_BAD, true, false },
	[REPORT_STOPPED] = { "STOPPED", COLOUR_WARN, true, false },
	[REPORT_INVALID] = { "INVALID", COLOUR_BAD, false, true },
	[REPORT_SIMULATOR] = { "SIMULATOR FAULT", COLOUR_BAD, false, true },
};

static void known_line(const struct style *s, const struct report *r,
		       enum report_verdict v)
{
	if (v == REPORT_KNOWN)
		textbuf_printf(s->out, "  fails as known: %s\n",
			       r->scenario->known_ref);
	if (v == REPORT_FIXED)
		textbuf_printf(s->out, "  known to fail, and it passed: %s\n",
			       r->scenario->known_ref);
}

void report_text(const struct report *r, bool colour, struct textbuf *out)
{
	const struct style s = { .out = out, .colour = colour };
	enum report_verdict v = report_verdict(r);

	style_text(&s, rows[v].colour, rows[v].word);
	textbuf_char(out, ' ');
	style_title(&s, r->scenario->path, r->scenario->cell);
	textbuf_text(out, "   ");
	textbuf_time(out, r->outcome->time_ps);
	textbuf_printf(out, " simulated, seed %" PRIu64 "\n",
		       r->scenario->seed);
	known_line(&s, r, v);
	failure_expected(&s, r);
	if (rows[v].story)
		story_text(&s, r);
	if (rows[v].failure)
		failure_text(&s, r);
}
