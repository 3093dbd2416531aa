/* SPDX-License-Identifier: MIT */
/*
 * Whether a call fails.  Deterministic: rules count their own calls, and a rule
 * with a probability draws from a generator of its own, seeded by the run's seed
 * and the rule's number, so that another rule disturbs nothing.
 */
#include "sim/fault/fault.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct rule {
	struct fault_rule what;
	uint64_t calls, hits;
	uint64_t spent;      /* of `space` */
	uint64_t random;     /* the generator's state */
	uint64_t armings, since; /* counts calls from `since` + `after` on */
	bool armed;
	uint32_t next;       /* rule of the same point, + 1; 0: none */
};

struct point {
	const struct fault_point *row;
	struct fault_counter counter;
	uint32_t first, last; /* its rules, + 1; 0: none */
};

struct fault_engine {
	uint64_t seed;
	struct point *points;
	size_t npoints, points_capacity;
	struct rule *rules;
	size_t nrules, rules_capacity;
	uint64_t (*now)(void *arg);
	void *now_arg;
	fault_decider *decide;
	void *decide_arg;
};

/* splitmix64 (Steele, Lea, Flood 2014): a weyl sequence and a mixer. */
static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15u;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

struct fault_engine *fault_engine_create(uint64_t seed)
{
	struct fault_engine *e = calloc(1, sizeof(*e));

	if (e)
		e->seed = seed;
	return e;
}

void fault_engine_destroy(struct fault_engine *e)
{
	if (!e)
		return;
	free(e->points);
	free(e->rules);
	free(e);
}

/* Tables are made when a run is set up; without memory there is no run. */
static void *grow(void *array, size_t count, size_t *capacity, size_t size)
{
	size_t n = *capacity ? *capacity * 2 : 16;

	if (count < *capacity)
		return array;
	array = realloc(array, n * size);
	if (!array)
		abort();
	*capacity = n;
	return array;
}

uint32_t fault_engine_find(const struct fault_engine *e, const char *name)
{
	size_t i;

	for (i = 0; i < e->npoints; i++)
		if (!strcmp(e->points[i].row->name, name))
			return (uint32_t)i;
	return FAULT_ANY;
}

uint32_t fault_engine_add_point(struct fault_engine *e,
				const struct fault_point *p)
{
	uint32_t n = fault_engine_find(e, p->name);

	if (n != FAULT_ANY)
		return n;
	e->points = grow(e->points, e->npoints, &e->points_capacity,
			 sizeof(*e->points));
	n = (uint32_t)e->npoints++;
	memset(&e->points[n], 0, sizeof(e->points[n]));
	e->points[n].row = p;
	e->points[n].counter.watched = e->decide != NULL;
	return n;
}

void fault_engine_clock(struct fault_engine *e, uint64_t (*now)(void *arg),
			void *arg)
{
	e->now = now;
	e->now_arg = arg;
}

void fault_engine_decide(struct fault_engine *e, fault_decider *fn, void *arg)
{
	size_t i;

	e->decide = fn;
	e->decide_arg = arg;
	for (i = 0; i < e->npoints; i++)
		e->points[i].counter.watched = fn || e->points[i].first;
}

struct fault_counter *fault_engine_counter(struct fault_engine *e,
					   uint32_t point)
{
	assert(point < e->npoints);
	return &e->points[point].counter;
}

void fault_engine_off(struct fault_engine *e)
{
	size_t i;

	e->decide = NULL;
	for (i = 0; i < e->npoints; i++)
		e->points[i].counter.watched = false;
}

size_t fault_engine_points(const struct fault_engine *e)
{
	return e->npoints;
}

const struct fault_point *fault_engine_point(const struct fault_engine *e,
					     uint32_t point)
{
	return point < e->npoints ? e->points[point].row : NULL;
}

size_t fault_engine_add_rule(struct fault_engine *e, const struct fault_rule *r)
{
	struct point *p = &e->points[r->point];
	struct rule *rule;
	size_t n = e->nrules;

	assert(r->point < e->npoints);
	e->rules = grow(e->rules, n, &e->rules_capacity, sizeof(*e->rules));
	rule = &e->rules[n];
	memset(rule, 0, sizeof(*rule));
	rule->what = *r;
	rule->armed = !r->waits;
	p->counter.watched = true;
	rule->random = e->seed ^ (n + 1) * 0xd1342543de82ef95u;
	if (p->last)
		e->rules[p->last - 1].next = (uint32_t)n + 1;
	else
		p->first = (uint32_t)n + 1;
	p->last = (uint32_t)n + 1;
	e->nrules = n + 1;
	return n;
}

static bool awake(const struct fault_engine *e, const struct rule *rule)
{
	if (!rule->armed || !rule->what.after)
		return rule->armed;
	return (e->now ? e->now(e->now_arg) : 0) - rule->since >=
	       rule->what.after;
}

static bool matches(const struct fault_engine *e, const struct rule *rule,
		    uint32_t device, uint32_t index, uint32_t cpu)
{
	const struct fault_rule *r = &rule->what;

	return (r->device == FAULT_ANY || r->device == device) &&
	       (r->queue == FAULT_ANY || r->queue == index) &&
	       (r->cpu == FAULT_ANY || r->cpu == cpu) && awake(e, rule);
}

/* A call that the rule counts: is it one that fails?  As in the kernel, `space`
 * is used up first, by index units (bytes of an allocation). */
static bool fires(struct rule *rule, uint32_t index)
{
	const struct fault_rule *r = &rule->what;
	uint64_t nth = r->nth ? r->nth : 1;
	uint64_t interval = r->interval ? r->interval : 1;
	uint64_t room = r->space - rule->spent;

	rule->calls++;
	if (room) {
		uint64_t units = index == FAULT_ANY ? 1 : index;

		rule->spent += units < room ? units : room;
		return false;
	}
	if (r->times && rule->hits >= r->times)
		return false;
	if (rule->calls < nth || (rule->calls - nth) % interval)
		return false;
	if (r->probability && r->probability < 100 &&
	    next_random(&rule->random) % 100 >= r->probability)
		return false;
	return true;
}

/* The first name of the point's list; 0 where the point has none. */
static int default_error(const struct fault_point *p)
{
	char name[32];
	size_t len = p->errors ? strcspn(p->errors, " ") : 0;

	if (!len || len >= sizeof(name))
		return 0;
	memcpy(name, p->errors, len);
	name[len] = '\0';
	return fault_errno_number(name);
}

static bool has_effects(const struct fault_point *p)
{
	return p->effects && *p->effects;
}

static void fill(struct fault_hit *hit, const struct fault_point *p,
		 size_t rule, uint64_t call)
{
	*hit = (struct fault_hit){ .rule = rule, .call = call,
				   .error = default_error(p),
				   .effect = has_effects(p) };
}

bool fault_engine_hit(struct fault_engine *e, uint32_t point, uint32_t device,
		      uint32_t index, uint32_t cpu, struct fault_hit *hit)
{
	struct point *p;
	bool found = false;
	uint32_t n;

	assert(point < e->npoints);
	p = &e->points[point];
	p->counter.calls++;
	if (!p->counter.watched)
		return false;
	for (n = p->first; n; n = e->rules[n - 1].next) {
		struct rule *rule = &e->rules[n - 1];

		if (!matches(e, rule, device, index, cpu) ||
		    !fires(rule, index) || found)
			continue;
		rule->hits++;
		found = true;
		fill(hit, p->row, n - 1, rule->calls);
		if (rule->what.error)
			hit->error = rule->what.error;
		if (rule->what.effect)
			hit->effect = rule->what.effect;
		hit->takes = rule->what.takes;
	}
	if (found || !e->decide)
		return found;
	fill(hit, p->row, FAULT_NO_RULE, p->counter.calls);
	return e->decide(e->decide_arg, point, device, index, cpu, p->counter.calls,
			 hit);
}

int fault_hit_value(const struct fault_hit *hit)
{
	if (hit->effect)
		return (int)hit->effect;
	return hit->error ? hit->error : 1;
}

void fault_rule_arm(struct fault_engine *e, size_t rule, uint64_t now)
{
	struct rule *r = &e->rules[rule];

	assert(rule < e->nrules);
	if (r->armed)
		return;
	r->armed = true;
	r->armings++;
	r->since = now;
}

void fault_rule_disarm(struct fault_engine *e, size_t rule)
{
	assert(rule < e->nrules);
	e->rules[rule].armed = false;
}

uint64_t fault_rule_armings(const struct fault_engine *e, size_t rule)
{
	return rule < e->nrules ? e->rules[rule].armings : 0;
}

uint64_t fault_rule_calls(const struct fault_engine *e, size_t rule)
{
	return rule < e->nrules ? e->rules[rule].calls : 0;
}

uint64_t fault_rule_hits(const struct fault_engine *e, size_t rule)
{
	return rule < e->nrules ? e->rules[rule].hits : 0;
}

uint64_t fault_point_calls(const struct fault_engine *e, uint32_t point)
{
	return point < e->npoints ? e->points[point].counter.calls : 0;
}

/* ---- effects ---- */

bool fault_effect_takes_time(const char *name)
{
	static const char *const names[] = {
		"timeout", "slow", "delayed", "duplicated", "stuck"
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

uint32_t fault_effect_find(const struct fault_point *p, const char *name)
{
	char word[FAULT_EFFECT_NAME];
	uint32_t n;

	for (n = 1; fault_effect_name(p, n, word, sizeof(word)); n++)
		if (!strcmp(word, name))
			return n;
	return 0;
}

const char *fault_effect_name(const struct fault_point *p, uint32_t effect,
			      char *buf, size_t size)
{
	const char *s = p->effects ? p->effects : "";
	size_t len = strcspn(s, " ");

	for (; effect > 1 && len; effect--) {
		s += len + strspn(s + len, " ");
		len = strcspn(s, " ");
	}
	if (!effect || !len)
		return NULL;
	snprintf(buf, size, "%.*s", (int)len, s);
	return buf;
}
