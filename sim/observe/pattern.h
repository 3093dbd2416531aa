/* SPDX-License-Identifier: MIT */
/*
 * Naming an event: an item of `order: [...]` of an expectation.
 *     [DEVICE/]EVENT [FIELD=NUMBER]... [TEXT]
 * EVENT is a kind of event ("irq-enter"), of note ("probe-end") or of model
 * event ("status"), or a fault point's name; FIELD is addr, value, index, len or
 * cpu; the event's text must contain TEXT.
 *     "disk0/probe-end"   "status value=0xf"   "disk0/guest.irq.request"
 */
#ifndef RINGSIDE_SIM_OBSERVE_PATTERN_H
#define RINGSIDE_SIM_OBSERVE_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/observe/event.h"
#include "sim/observe/world.h"

#define PATTERN_FIELDS 5u
#define PATTERN_TEXT 96u

struct pattern {
	uint8_t kind;            /* enum event_kind */
	uint32_t subkind;        /* of a note or model event, or EVENT_NO_INDEX */
	uint32_t device;         /* or EVENT_NO_DEVICE: any */
	uint32_t given;          /* bit n: fields[n] counts */
	uint64_t fields[PATTERN_FIELDS];
	char text[PATTERN_TEXT]; /* "": any */
};

/* False: *error is a phrase that says what is wrong with the words. */
bool pattern_parse(struct pattern *p, const char *words, const struct world *w,
		   const char **error);
bool pattern_matches(const struct pattern *p, const struct event_bus *bus,
		     const struct event *ev);

/* The names that there are, of events, notes and model events; NULL behind the
 * last.  Fault points are not among them. */
const char *pattern_name(size_t i);

/* Names of note and model event kinds in traces, patterns and JSON. */
const char *note_kind_name(uint32_t kind);
const char *model_event_name(uint32_t kind);
const char *resource_name(uint32_t kind);

#endif
