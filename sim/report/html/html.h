/* SPDX-License-Identifier: MIT */
/*
 * A run as one page that needs nothing else: the machine, the ladder, what was
 * found, and every event on lanes, with the state of each device at any of them.
 * The page's own text, style and program are page.html, *.css and *.js of this
 * folder, joined into the program when it is built; docs/report.md says what a
 * reader sees.
 */
#ifndef RINGSIDE_SIM_REPORT_HTML_HTML_H
#define RINGSIDE_SIM_REPORT_HTML_HTML_H

#include "sim/observe/textbuf.h"
#include "sim/report/report.h"
#include "sim/trace/trace.h"

/* `t` has every event of the run.  Out of memory: out->failed. */
void report_html(const struct report *r, const struct trace *t,
		 struct textbuf *out);

#endif
