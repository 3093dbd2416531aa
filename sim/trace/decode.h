/* SPDX-License-Identifier: MIT */
/*
 * Names for what the events hold as numbers: registers from the device models'
 * own tables, interrupt sources, what became of a notification.
 */
#ifndef RINGSIDE_SIM_TRACE_DECODE_H
#define RINGSIDE_SIM_TRACE_DECODE_H

#include "sim/observe/event.h"
#include "sim/observe/world.h"

/* The row of the register at which an access begins, or NULL; *at: where that
 * register begins, as the event's addr counts. */
struct reg;
const struct reg *decode_row(const struct world *w, const struct event *ev,
			     uint64_t *at);
/* The register at which an access begins, by its name, or NULL. */
const char *decode_register(const struct world *w, const struct event *ev);
/* The event's word in a line: the kind, or the kind of note or model event. */
const char *decode_kind(const struct event *ev);
/* A name for the event's value, or NULL: an errno, a notification's fate. */
const char *decode_value(const struct event *ev);

#endif
