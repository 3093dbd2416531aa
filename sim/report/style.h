/* SPDX-License-Identifier: MIT */
/*
 * How the text report looks: colours, columns, and the phrases that several parts
 * of it share.  Read by the .c files of sim/report and sim/suite.
 */
#ifndef RINGSIDE_SIM_REPORT_STYLE_H
#define RINGSIDE_SIM_REPORT_STYLE_H

#include <stdbool.h>

#include "sim/report/report.h"

enum style_colour {
	COLOUR_PLAIN,
	COLOUR_GOOD,
	COLOUR_BAD,
	COLOUR_WARN,
	COLOUR_DIM,
	COLOUR_BOLD
};

struct style {
	struct textbuf *out;
	bool colour;
};

void style_text(const struct style *s, enum style_colour colour,
		const char *text);
/* Left-justified in `width` columns. */
void style_column(const struct style *s, enum style_colour colour,
		  const char *text, int width);
/* "scenarios/first-light[guest=x]": without ".yaml". */
void style_title(const struct style *s, const char *path, const char *cell);
/* "vector allocation -> ENOSPC" */
void style_reason(struct textbuf *out, const struct report *r,
		  const struct narrative_entry *e);
/* "injected, call 1" or "NOT injected" */
void style_blame(const struct style *s, const struct narrative_entry *e);

/* sim/report/story.c: what the drivers went through. */
void story_text(const struct style *s, const struct report *r);
/* One entry of it, without time and device; false: it has no line. */
bool story_entry(const struct style *s, const struct report *r,
		 const struct narrative_entry *e);
/* sim/report/failure.c: what was found, and where to look. */
void failure_text(const struct style *s, const struct report *r);
/* The findings that the scenario expects. */
void failure_expected(const struct style *s, const struct report *r);
/* The command that shows the run again. */
void failure_again(struct textbuf *out, const struct report *r);

#endif
