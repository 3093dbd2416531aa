/* SPDX-License-Identifier: MIT */
/*
 * The fault engine: points (rows of a registry, joined by machine, guest image
 * and device models), rules (a scenario's `faults:`), and the decision at each
 * call whether a rule fires.  Vocabulary of the kernel's fault injection: nth,
 * times, interval, probability, space.
 */
#ifndef RINGSIDE_SIM_FAULT_FAULT_H
#define RINGSIDE_SIM_FAULT_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FAULT_ANY 0xffffffffu

enum fault_side { FAULT_SIDE_GUEST, FAULT_SIDE_DEVICE, FAULT_SIDE_BUS };

struct fault_point {
	const char *name;
	enum fault_side side;
	const char *errors; /* names that make sense, default first; "" none */
	bool by_queue;
	const char *about;
};

/* What a rule asks for; numbers as in the scenario format. */
struct fault_rule {
	uint32_t point;      /* fault_engine_find */
	uint32_t device;     /* index in the machine, or FAULT_ANY */
	uint32_t queue;      /* or FAULT_ANY */
	uint32_t cpu;        /* or FAULT_ANY */
	uint64_t nth;        /* first call that fails, from 1, after narrowing; 0: 1 */
	uint64_t times;      /* how many fail; 0: no limit */
	uint64_t interval;   /* every n-th call from nth on; 0: 1 */
	uint32_t probability;/* percent; 0: 100 */
	uint64_t space;      /* calls let through first, in index units (bytes) */
	int error;           /* positive errno; 0: the point's default */
};

struct fault_engine;

struct fault_engine *fault_engine_create(uint64_t seed);
void fault_engine_destroy(struct fault_engine *e);
/* Joins a row; the strings must outlive the engine.  A name that is there
 * already is joined once.  Returns its number. */
uint32_t fault_engine_add_point(struct fault_engine *e,
				const struct fault_point *p);
/* The number of a point, or FAULT_ANY. */
uint32_t fault_engine_find(const struct fault_engine *e, const char *name);
size_t fault_engine_points(const struct fault_engine *e);
const struct fault_point *fault_engine_point(const struct fault_engine *e,
					     uint32_t point);
/* Adds a rule; returns its number, for the counts below. */
size_t fault_engine_add_rule(struct fault_engine *e,
			     const struct fault_rule *r);

/* What fault_engine_hit tells beside the error. */
struct fault_hit {
	size_t rule;     /* that fired */
	uint64_t call;   /* the number of this call, after narrowing */
	int error;       /* positive; 0: no errno makes sense at the point */
};

/* A call reached the point.  True: a rule fires, *hit is filled.  The first rule
 * in the file's order that fires wins; all that match count the call. */
bool fault_engine_hit(struct fault_engine *e, uint32_t point, uint32_t device,
		      uint32_t index, uint32_t cpu, struct fault_hit *hit);

/* Calls seen and faults fired, by rule; calls by point. */
uint64_t fault_rule_calls(const struct fault_engine *e, size_t rule);
uint64_t fault_rule_hits(const struct fault_engine *e, size_t rule);
uint64_t fault_point_calls(const struct fault_engine *e, uint32_t point);

/* Errno names of Linux: "ENOSPC" <-> 28.  0 / NULL: unknown. */
int fault_errno_number(const char *name);
const char *fault_errno_name(int number);

#ifdef __cplusplus
}
#endif
#endif
