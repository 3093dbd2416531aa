/* SPDX-License-Identifier: MIT */
/*
 * The fault engine: points (rows of a registry, joined by machine, guest image
 * and device models), rules (a scenario's `faults:`), and the decision at each
 * call whether a rule fires.  Vocabulary of the kernel's fault injection: nth,
 * times, interval, probability, space.  A rule may sleep until its trigger
 * (sim/fault/trigger.h) or a moment has come.
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

/* A point has errors (a service answers with one), or effects (what happens
 * where no errno makes sense), or neither: there is one thing that can happen. */
struct fault_point {
	const char *name;
	enum fault_side side;
	const char *errors; /* names that make sense, default first; "" none */
	bool by_queue;
	const char *about;
	const char *effects; /* names, default first; "" or NULL none */
	bool quirk;          /* the hardware breaks its rules: no driver is to
	                        blame for what follows */
};

/* What a rule asks for; numbers as in the scenario format. */
struct fault_rule {
	uint32_t point;      /* fault_engine_find */
	uint32_t device;     /* index in the machine, or FAULT_ANY */
	uint32_t queue;      /* the call's index, or FAULT_ANY */
	uint32_t cpu;        /* or FAULT_ANY */
	uint64_t nth;        /* first call that fails, from 1, after narrowing; 0: 1 */
	uint64_t times;      /* how many fail; 0: no limit */
	uint64_t interval;   /* every n-th call from nth on; 0: 1 */
	uint32_t probability;/* percent; 0: 100 */
	uint64_t space;      /* calls let through first, in index units (bytes) */
	int error;           /* positive errno; 0: the point's default */
	uint32_t effect;     /* from 1, in the point's list; 0: the first */
	uint64_t after;      /* ps of simulated time since power-on, or since the
	                        rule was armed, before it counts calls */
	bool waits;          /* sleeps until fault_rule_arm() */
	uint64_t takes;      /* ps, of an effect that takes time; 0: as long as
	                        the point says */
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

/* The present, in ps; only `after` asks for it.  NULL: it is always 0. */
void fault_engine_clock(struct fault_engine *e, uint64_t (*now)(void *arg),
			void *arg);

#define FAULT_NO_RULE ((size_t)-1)

/* What fault_engine_hit tells. */
struct fault_hit {
	size_t rule;     /* that fired; FAULT_NO_RULE: the decider said so */
	uint64_t call;   /* the number of this call, as the rule counts */
	int error;       /* positive; 0: no errno makes sense at the point */
	uint32_t effect; /* from 1, in the point's list; 0: it has none */
	uint64_t takes;  /* ps; 0: as long as the point says */
};

/* A call reached the point.  True: a rule fires, *hit is filled.  The first rule
 * in the file's order that fires wins; all that match count the call. */
bool fault_engine_hit(struct fault_engine *e, uint32_t point, uint32_t device,
		      uint32_t index, uint32_t cpu, struct fault_hit *hit);
/* For those who are called too often to ask at each call: while nobody watches
 * the point, counting is all that there is to do.  Stays where it is once all
 * points have been added. */
struct fault_counter {
	uint64_t calls;
	bool watched; /* the point has a rule, or a decider is there */
};
struct fault_counter *fault_engine_counter(struct fault_engine *e,
					   uint32_t point);
/* What a site that gets one number back is told: the effect, the errno, or 1. */
int fault_hit_value(const struct fault_hit *hit);

/* Asked at each call of each point at which no rule fires.  `call` is the number
 * of this call of the point, of all devices; *hit is filled with the point's
 * defaults.  True: the fault fires as *hit says.  NULL: nobody is asked. */
typedef bool fault_decider(void *arg, uint32_t point, uint32_t device,
			   uint32_t index, uint32_t cpu, uint64_t call,
			   struct fault_hit *hit);
void fault_engine_decide(struct fault_engine *e, fault_decider *fn, void *arg);

/* From now on nothing fires, no rule counts and nobody is asked. */
void fault_engine_off(struct fault_engine *e);

/* A rule that `waits` counts calls from now on, or no longer. */
void fault_rule_arm(struct fault_engine *e, size_t rule, uint64_t now);
void fault_rule_disarm(struct fault_engine *e, size_t rule);
/* Calls seen and faults fired, by rule; how often it was armed; calls by point. */
uint64_t fault_rule_calls(const struct fault_engine *e, size_t rule);
uint64_t fault_rule_hits(const struct fault_engine *e, size_t rule);
uint64_t fault_rule_armings(const struct fault_engine *e, size_t rule);
uint64_t fault_point_calls(const struct fault_engine *e, uint32_t point);

/* Is it one of the effects to which a rule can say how long (`takes`)? */
bool fault_effect_takes_time(const char *name);
#define FAULT_EFFECT_NAME 32u /* bytes that hold any effect's name */
/* The number of a name in the point's effects, from 1; 0: it is none of them. */
uint32_t fault_effect_find(const struct fault_point *p, const char *name);
/* The name of an effect in buf, or NULL. */
const char *fault_effect_name(const struct fault_point *p, uint32_t effect,
			      char *buf, size_t size);

/* Errno names of Linux: "ENOSPC" <-> 28.  0 / NULL: unknown. */
int fault_errno_number(const char *name);
const char *fault_errno_name(int number);

#ifdef __cplusplus
}
#endif
#endif
