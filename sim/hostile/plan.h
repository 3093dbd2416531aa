/* SPDX-License-Identifier: MIT */
/*
 * What a hostile function does, written down before it does it: a list of steps,
 * each at the nth chance of its kind.  A chance is one answer of the device, or
 * one thing that it sends.  The plan alone decides, so that a run can be had
 * again from it, and a step can be left out without moving the others.
 *
 * A plan is drawn from a seed, or read from bytes that a fuzzer makes.
 */
#ifndef RINGSIDE_SIM_HOSTILE_PLAN_H
#define RINGSIDE_SIM_HOSTILE_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HOSTILE_STEPS 32u      /* of a plan, at most */
#define HOSTILE_STEP_BYTES 9u  /* of hostile_plan_decode */

/* What a chance is about. */
enum hostile_kind {
	HOSTILE_CONFIG_READ,    /* the answer to a read of config space */
	HOSTILE_CONFIG_WRITE,
	HOSTILE_REGISTER_READ,  /* the answer to a read of a BAR */
	HOSTILE_REGISTER_WRITE,
	HOSTILE_DMA_READ,       /* what the device believes to have read */
	HOSTILE_DMA_WRITE,
	HOSTILE_MESSAGE,        /* MSI or MSI-X */
	HOSTILE_LINE,           /* INTx, either way */
	HOSTILE_WORK,           /* a lane is scheduled */
	HOSTILE_KINDS
};

/* What may be done.  Which of them a kind knows is in plan.c's table. */
enum hostile_act {
	/* with a value, or with one field of what is moved by DMA */
	HOSTILE_FLIP,     /* a bit */
	HOSTILE_ADD,      /* a little more or less */
	HOSTILE_EDGE,     /* a value at which widths and signs end */
	HOSTILE_STALE,    /* what there was before */
	HOSTILE_ANY,
	HOSTILE_ONES,
	HOSTILE_ZERO,
	/* with something that is sent */
	HOSTILE_LOSE,
	HOSTILE_TWICE,
	HOSTILE_LATE,
	HOSTILE_OTHER,    /* another vector's message; DMA to another place too */
	HOSTILE_BEHIND,   /* DMA: goes behind the next write */
	HOSTILE_ERROR,    /* DMA: an error on the bus */
	HOSTILE_BOUNCE,   /* a line: the opposite first */
	/* beside an access */
	HOSTILE_EARLY_MESSAGE, /* one that nothing stands for */
	HOSTILE_EARLY_LINE,    /* the line goes up for nothing */
	HOSTILE_ACTS
};

struct hostile_step {
	uint8_t kind;   /* enum hostile_kind */
	uint8_t act;    /* enum hostile_act, one that the kind knows */
	uint32_t at;    /* from this chance of the kind on, the first is 0 */
	uint32_t times; /* so many chances; 0: all that follow */
	uint32_t arg;   /* which bit, how much: any number makes sense */
};

struct hostile_plan {
	struct hostile_step steps[HOSTILE_STEPS];
	size_t count;
};

/* Any 64-bit value to one that looks like chance. */
uint64_t hostile_mix(uint64_t x);

/* Plan number `run` of a seed.  chances: how many of each kind a good run has;
 * a kind with none gets no step. */
void hostile_plan_draw(struct hostile_plan *plan, uint64_t seed, uint64_t run,
		       const uint32_t chances[HOSTILE_KINDS]);
/* Every byte string is a plan: kind, act, at (2), times, arg (4) for each step,
 * little-endian; what is too short for a step is left out. */
void hostile_plan_decode(struct hostile_plan *plan, const uint8_t *bytes,
			 size_t len);

/* The bytes that hostile_plan_decode makes this plan of, as far as they hold
 * it: chances above 65535 and times above 255 are cut.  `bytes` has room for
 * HOSTILE_STEPS steps; returns how many were written. */
size_t hostile_plan_encode(const struct hostile_plan *plan, uint8_t *bytes);

/* One line without newline: "register read 41: ones, from then on".  Returns its
 * length, as snprintf does. */
int hostile_step_text(const struct hostile_step *step, char *text, size_t len);

#endif
