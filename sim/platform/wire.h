/* SPDX-License-Identifier: MIT */
/*
 * What carries one transaction at a time: a conventional PCI bus, or one
 * direction of a PCI Express link.  It keeps the times at which it is taken, so
 * that who is early finds the gap before what was taken for later.
 */
#ifndef RINGSIDE_SIM_PLATFORM_WIRE_H
#define RINGSIDE_SIM_PLATFORM_WIRE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define WIRE_SPANS 32u     /* that are remembered at most */
#define WIRE_FEW 4u        /* enough for most, without memory of their own */

struct wire_span {
	uint64_t from, to;
};

struct wire {
	struct wire_span *span; /* ascending, gaps between them */
	uint32_t count, room;
	uint64_t end;           /* of the last span */
	struct wire_span few[WIRE_FEW];
};

/* Free.  Not to be moved afterwards. */
static inline void wire_init(struct wire *w)
{
	w->span = w->few;
	w->count = 0;
	w->room = WIRE_FEW;
	w->end = 0;
}
void wire_fini(struct wire *w);

/* For wire_take: where the new span is not simply the last. */
uint64_t wire_search(struct wire *w, uint64_t now, uint64_t when,
		     uint64_t length);

/* Takes the first `length` at `when` or later and returns its begin.  `now` is
 * the present: what ended before it may be forgotten. */
static inline uint64_t wire_take(struct wire *w, uint64_t now, uint64_t when,
				 uint64_t length)
{
	if (w->end <= now) {
		w->count = 0;
	} else if (when == w->end) { /* the last who has it goes on */
		w->span[w->count - 1].to = w->end = when + length;
		return when;
	} else if (when < w->end || w->count == w->room) {
		return wire_search(w, now, when, length);
	}
	w->span[w->count].from = when;
	w->span[w->count++].to = w->end = when + length;
	return when;
}

#ifdef __cplusplus
}
#endif
#endif
