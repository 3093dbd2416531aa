/* SPDX-License-Identifier: MIT */
/*
 * The trace: every event of a run, kept in binary while it runs and formatted
 * after it, as text for people (.txt) or as JSON for programs (.jsonl), gzip'd
 * when the name ends in .gz.  One line an event, so that the line's number is
 * the event's number; a line holds no running number itself, so that an added
 * idle device changes no line of another one.  sim/trace/format.c has the
 * fields of each kind.
 */
#ifndef RINGSIDE_SIM_TRACE_TRACE_H
#define RINGSIDE_SIM_TRACE_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/observe/event.h"
#include "sim/observe/textbuf.h"
#include "sim/observe/world.h"

enum trace_format { TRACE_TXT, TRACE_JSONL };

struct trace;

/* Adds itself to the bus and keeps every event.  NULL: out of memory. */
struct trace *trace_create(const struct world *w, struct event_bus *bus);
void trace_destroy(struct trace *t);
size_t trace_count(const struct trace *t);
/* The i-th event kept, from 0. */
const struct event *trace_event(const struct trace *t, size_t i);

/* The format and packing that a file name asks for.  False: it ends in neither
 * .txt, .jsonl, .txt.gz nor .jsonl.gz. */
bool trace_format_of(const char *name, enum trace_format *format, bool *gzip);
/* Appends one line, with its newline. */
void trace_line(const struct trace *t, const struct event *ev,
		enum trace_format format, struct textbuf *out);

/* Gets the formatted (and packed) bytes piece by piece; false stops. */
typedef bool trace_sink_fn(void *arg, const void *bytes, size_t len);
/* False: the sink said so, or out of memory. */
bool trace_write(const struct trace *t, enum trace_format format, bool gzip,
		 trace_sink_fn *sink, void *arg);

#endif
