/* SPDX-License-Identifier: MIT */
/*
 * What a run tells: the verdict in text, for a terminal, and the result in JSON,
 * for programs.  Both are made from the same record after the run has ended and
 * hold no wall clock, no pointer and no path of the machine.
 */
#ifndef RINGSIDE_SIM_REPORT_REPORT_H
#define RINGSIDE_SIM_REPORT_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/check/finding.h"
#include "sim/fault/fault.h"
#include "sim/observe/event.h"
#include "sim/observe/facts.h"
#include "sim/observe/narrative.h"
#include "sim/observe/textbuf.h"
#include "sim/observe/world.h"
#include "sim/platform/platform.h"
#include "sim/scenario/scenario.h"

#define REPORT_JSON_VERSION 1
#ifndef RINGSIDE_VERSION
#define RINGSIDE_VERSION "0.1.0"
#endif

enum report_verdict {
	REPORT_PASS,
	REPORT_FAIL,
	REPORT_KNOWN,        /* failed, as `known:` says it does */
	REPORT_FIXED,        /* `known:` says it fails, and it passed */
	REPORT_STOPPED,      /* at the event that the user named */
	REPORT_INVALID,      /* the scenario's data turned out to be wrong */
	REPORT_SIMULATOR     /* the simulator's own fault */
};

/* Everything about a run that has ended.  Nothing is owned. */
struct report {
	const struct scenario *scenario;
	const struct world *world;
	const struct event_bus *bus;     /* texts, event count */
	const struct facts *facts;
	const struct narrative *narrative;
	const struct findings *findings;
	const struct platform_outcome *outcome;
	const struct fault_engine *faults;
	const size_t *rules;             /* as checks_config */
	const char *image;               /* the guest's name */
	uint32_t image_crc;              /* of its file */
	const char *overrides;           /* options for `again:`, or "" */
};

enum report_verdict report_verdict(const struct report *r);
const char *report_verdict_name(enum report_verdict v);
/* The contract's exit code for it. */
int report_exit_code(enum report_verdict v);
/* `colour`: with terminal escapes. */
void report_text(const struct report *r, bool colour, struct textbuf *out);
void report_json(const struct report *r, struct textbuf *out);
/* Its members, into an object that the caller has opened. */
struct jsonw;
void report_json_members(struct jsonw *j, const struct report *r);
/* "data 64 KiB": bytes with the unit that divides them. */
void report_bytes(struct textbuf *out, uint64_t bytes);

#endif
