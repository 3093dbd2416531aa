/* SPDX-License-Identifier: MIT */
/*
 * The parts of a page; for the files of this folder and their tests.
 */
#ifndef RINGSIDE_SIM_REPORT_HTML_PARTS_H
#define RINGSIDE_SIM_REPORT_HTML_PARTS_H

#include "sim/report/html/html.h"

/* Made by embed.awk of the files of this folder: lines, NULL behind the last. */
extern const char *const html_page[], *const html_style[], *const html_program[];

/* data.c: the result as `run --json` has it, and what a page needs besides:
 *   {"result": {...}, "page": {...}} */
void html_data(const struct report *r, struct textbuf *out);
/* events.c: every event, as columns:
 *   kinds   by event kind: its name, then name and style of index, addr, value
 *           and len ("" and "": it has none), then the name of its text
 *   regs    registers: name, where it begins, width, section, what it is
 *   shapes  what events have in common: kind, word, device, cpu, index, len, text,
 *           register, name of the value; null where there is none
 *   shape, time, addr, value   a number an event: of its shape; picoseconds since
 *           the event before; the last two as "hex" from 2^53 on, since a
 *           reader's numbers are doubles */
void html_events(const struct report *r, const struct trace *t,
		 struct textbuf *out);
/* JSON inside of a script element: a `<` could end it, or begin a comment. */
void html_script_text(struct textbuf *out, const struct textbuf *json);

#endif
