/* SPDX-License-Identifier: MIT */
/*
 * The normalised access sequence of a bind and a workload: every register access
 * and DMA of each device and every step's answer, in order, without what may
 * differ between two machines that are as good as new: times, what a device
 * answers, and where in memory the guest's allocator happened to put things.  An
 * address is the number of the DMA mapping or allocation around it, in the order in
 * which the device first used them, and the offset in it
 * (docs/adr/0085-bound-again.md).
 */
#ifndef RINGSIDE_SIM_SWEEP_SEQUENCE_H
#define RINGSIDE_SIM_SWEEP_SEQUENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/observe/event.h"
#include "sim/observe/textbuf.h"
#include "sim/observe/world.h"

#define SEQUENCE_RAW 0xffffffffu /* the number is no address in memory */

/* One access.  Of DMA `addr` is named, of a register that is written `value`. */
struct sequence_entry {
	uint64_t addr, value;
	uint32_t place;      /* in memory, of the device, from 1; or SEQUENCE_RAW */
	uint32_t len, index; /* as in the event */
	uint16_t device;
	uint8_t kind;        /* enum event_kind */
	uint8_t cpu;         /* unused: 0, so that entries compare as bytes */
};

struct sequence;

/* Joins the bus; deaf until sequence_begin.  NULL: out of memory. */
struct sequence *sequence_create(const struct world *w, struct event_bus *bus);
void sequence_destroy(struct sequence *s);
/* Compares with what another machine did, of which nothing is copied; without
 * this call the sequence is kept. */
void sequence_expect(struct sequence *s, const struct sequence_entry *entries,
		     size_t count);
void sequence_begin(struct sequence *s);
void sequence_end(struct sequence *s);

/* What was kept. */
const struct sequence_entry *sequence_entries(const struct sequence *s,
					      size_t *count);
/* Ended, and the same from the first access to the last. */
bool sequence_same(const struct sequence *s);
/* The first difference in a phrase: "access 12 of disk0 is ..., on a fresh machine
 * ...". */
void sequence_difference(const struct sequence *s, struct textbuf *out);

#endif
