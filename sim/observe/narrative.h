/* SPDX-License-Identifier: MIT */
/*
 * What the drivers went through, in order: probe, features, each rung of the
 * ladder and why it failed, the final rung, vectors and owners, remove.  An
 * observer collects it; the verdict and the text of a failure are printed from
 * it (docs/scenario-format.md, "A failure reads like this").
 */
#ifndef RINGSIDE_SIM_OBSERVE_NARRATIVE_H
#define RINGSIDE_SIM_OBSERVE_NARRATIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/observe/event.h"
#include "sim/observe/facts.h"
#include "sim/observe/world.h"

#define NARRATIVE_FRAMES 8u

enum narrative_kind {
	NARRATIVE_PROBE,       /* text: the driver */
	NARRATIVE_FEATURES,    /* value: negotiated */
	NARRATIVE_RUNG_FAILED, /* rung; text: what failed, error */
	NARRATIVE_FAILURE,     /* a service failed outside of a rung */
	NARRATIVE_BOUND,       /* the probe succeeded; text: the driver; state */
	NARRATIVE_PROBE_FAILED,/* error */
	NARRATIVE_REMOVE,      /* text: the driver */
	NARRATIVE_NEEDS_RESET, /* text: why */
	NARRATIVE_VIOLATION,   /* text: the rule that the guest broke */
	NARRATIVE_FAULT,       /* a fault that fired outside of all that */
	NARRATIVE_STEP,        /* a step of the workload; text, error */
	NARRATIVE_NOTE         /* the driver's own remark */
};

struct narrative_entry {
	enum narrative_kind kind;
	uint16_t device;
	uint8_t cpu;
	bool injected;       /* by the fault `point` */
	bool by_driver;      /* the rung is as the driver named it */
	uint32_t bind;       /* of this device, from 1; 0: outside */
	uint64_t time, seq;  /* of the event that decided it */
	uint32_t rung;       /* text, 0: none */
	uint32_t text;
	int error;           /* positive errno, 0: none */
	uint32_t point;      /* text */
	uint64_t call;       /* the fault's call number */
	uint64_t value;
	struct facts_state state;
	uint32_t nframes;
	uintptr_t frames[NARRATIVE_FRAMES];
};

struct narrative;

/* Adds itself to the bus, to be called after facts_create (it reads the facts
 * of the same event).  NULL: out of memory. */
struct narrative *narrative_create(const struct world *w, struct event_bus *bus,
				   const struct facts *facts);
void narrative_destroy(struct narrative *n);
/* Out of memory on the way: entries are missing. */
bool narrative_failed(const struct narrative *n);
size_t narrative_count(const struct narrative *n);
const struct narrative_entry *narrative_entry(const struct narrative *n,
					      size_t i);

#endif
