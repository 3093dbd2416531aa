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

#endif
