/* SPDX-License-Identifier: MIT */
/*
 * The rule book: holds driver and device to the clauses of virtio 1.2.  A chapter
 * is a file beside this one; it sees accesses, requests and events of one device
 * after the other, and says of a clause whether it was kept or broken.  A clause
 * that was neither was not exercised in this run.
 *
 * A broken clause is an event of the run (EV_CLAUSE) and a finding: `driver-rule`
 * or `device-rule`, by whom the clause binds; told once a device and clause.
 */
#ifndef RINGSIDE_SIM_CHECK_CLAUSES_RULEBOOK_H
#define RINGSIDE_SIM_CHECK_CLAUSES_RULEBOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/pci/function.h"
#include "sim/check/clauses/clause.h"
#include "sim/check/clauses/view.h"
#include "sim/check/finding.h"
#include "sim/observe/event.h"
#include "sim/observe/world.h"

struct rulebook;

/* What a chapter's functions are given. */
struct reading {
	struct rulebook *book;
	struct view *v;
	void *state;             /* the chapter's own, of this device */
	const struct event *ev;  /* what has just happened; NULL at the end */
};

struct chapter {
	const char *name;
	uint16_t type;           /* only devices of this virtio ID; 0: all */
	size_t state;            /* bytes of its own a device, zero at first */
	/* The rest may be NULL.  The device's capability list is known. */
	void (*begin)(struct reading *r);
	/* A register access of these parts (VIEW_BIT() of each); the view is as
	 * it was before. */
	uint32_t parts;
	/* Of common configuration only accesses at these offsets (COMMON_BIT() of
	 * each); 0: all. */
	uint64_t registers;
	void (*access)(struct reading *r, const struct access *a);
	/* The available index was looked at: at a notification by the rule book
	 * or, where it has moved since, by the device; q->looked is from
	 * before. */
	void (*look)(struct reading *r, struct view_queue *q, uint16_t idx);
	/* The driver has made a request available: seen when it notifies, or
	 * when the device looks, whichever is first. */
	void (*available)(struct reading *r, struct view_queue *q,
			  const struct chain *c);
	/* The device has written a used element; the bytes are in memory.  c:
	 * NULL if nothing is outstanding with that id. */
	void (*used)(struct reading *r, struct view_queue *q,
		     const struct chain *c, uint32_t id, uint32_t len);
	/* The device has written to the used ring's flags (at: 0) or to
	 * avail_event (at: 4 + 8 * size). */
	void (*wish)(struct reading *r, struct view_queue *q, uint64_t at,
		     uint16_t value);
	/* The device has written into the queue's descriptor table. */
	void (*table)(struct reading *r, struct view_queue *q);
	/* Other events of the device, of these kinds (a bit each of enum
	 * event_kind) and of these of EV_MODEL (enum model_event_kind). */
	uint64_t kinds, models;
	void (*event)(struct reading *r);
	/* More of EV_MODEL, of a device of which it has asked for them: each
	 * request has some. */
	uint64_t later;
	/* The driver has written 0 to device_status; the view is from before. */
	void (*reset)(struct reading *r);
	/* The run has ended.  rest: nothing was on its way any more. */
	void (*end)(struct reading *r, bool rest);
};

/* chapters.c: all of them, NULL ends it. */
extern const struct chapter *const rulebook_chapters[];

/* functions: those of world's devices, filled in before the run begins, or NULL.
 * chapters: rulebook_chapters, or what a test wants.  NULL: out of memory. */
struct rulebook *rulebook_create(const struct world *w, struct event_bus *bus,
				 struct findings *f,
				 struct pci_function *const *functions,
				 const struct chapter *const *chapters);
void rulebook_destroy(struct rulebook *b);
/* It need not be kept on this device (UINT32_MAX: on none). */
void rulebook_waive(struct rulebook *b, enum clause c, uint32_t device);
/* A thread of the guest waits for what never comes: said before the end. */
void rulebook_hang(struct rulebook *b);
/* rest: the run ended by itself. */
void rulebook_end(struct rulebook *b, uint64_t time, bool rest);
const struct view *rulebook_view(const struct rulebook *b, unsigned int device);
/* NULL: nothing is judged of it any more, or its queues are not known. */
const struct view *rulebook_judged(const struct rulebook *b, unsigned int device);

bool rulebook_waived(const struct rulebook *b, enum clause c, uint32_t device);

/* What a run did with each clause. */
enum clause_fate { CLAUSE_NOT_REACHED, CLAUSE_KEPT, CLAUSE_WAIVED, CLAUSE_BROKEN };
enum clause_fate rulebook_fate(const struct rulebook *b, enum clause c);

/* For other checks that a clause belongs to.  kept: it applied, and was. */
void rulebook_kept(struct rulebook *b, enum clause c);
/* False: it was waived, or told before. */
bool rulebook_broken(struct rulebook *b, enum clause c, const struct event *ev,
		     const char *text);

/* ---- for chapters ---- */

/* Of r->ev; NULL: it has none. */
const char *reading_text(const struct reading *r);
/* From now on the chapter, which has a state, sees the model events that are for
 * `later`. */
void reading_ask(struct reading *r);
/* Has a fault been injected, anywhere?  What was not done may be for that. */
bool reading_disturbed(const struct reading *r);
/* How many have been? */
uint32_t reading_faults(const struct reading *r);
/* rulebook_hang() */
bool reading_hangs(const struct reading *r);
void clause_kept(struct reading *r, enum clause c);
/* what: one phrase, "the driver wrote ...".  At r->ev. */
void clause_broken(struct reading *r, enum clause c, const char *fmt, ...)
	__attribute__((cold, format(printf, 3, 4)));
/* It applied to what has just been seen: was it kept? */
#define clause_judge(r, c, ok, ...)                                            \
	((ok) ? clause_kept(r, c) : clause_broken(r, c, __VA_ARGS__))

#endif
