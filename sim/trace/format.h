/* SPDX-License-Identifier: MIT */
/*
 * The two line formats of a trace; see trace.h.
 */
#ifndef RINGSIDE_SIM_TRACE_FORMAT_H
#define RINGSIDE_SIM_TRACE_FORMAT_H

#include "sim/observe/event.h"
#include "sim/observe/textbuf.h"
#include "sim/observe/world.h"

/* Append one line, with its newline. */
void format_txt(const struct world *w, const struct event_bus *bus,
		const struct event *ev, struct textbuf *out);
void format_jsonl(const struct world *w, const struct event_bus *bus,
		  const struct event *ev, struct textbuf *out);

/* For other ways to show an event: what a kind calls one of its numbers, put into
 * name[FORMAT_NAME], and how it is written: x hex, n hex but not where it is 0,
 * d decimal, o decimal but not where it means none, s signed, i signed in 32 bits
 * and not where it is 0.  0: the kind has no such number. */
#define FORMAT_NAME 16u
enum format_number { FORMAT_INDEX, FORMAT_ADDR, FORMAT_VALUE, FORMAT_LEN };
char format_field(enum event_kind kind, enum format_number number, char *name);
/* A word that stands for the event's index, or NULL. */
const char *format_index_word(const struct event *ev);

#endif
