/* SPDX-License-Identifier: MIT */
/*
 * The fewest steps that bring the same about.  A step that is left out moves no
 * other: plans count the chances of each kind.  Steps are tried one at a time,
 * until none can be left out any more; plans are short.
 */
#include "sim/fuzz/fuzz.h"

#include <string.h>

struct trying {
	const struct fuzz *f;
	const struct fuzz_result *r;
	const struct fuzz_group *group;
	uint32_t candidates[HOSTILE_STEPS];
	bool same[HOSTILE_STEPS];
	struct outcome outcomes[HOSTILE_STEPS];
};

static void make(void *arg, size_t job, struct trial *t)
{
	const struct trying *y = arg;

	fuzz_plan(y->f, y->r, y->group->run, y->candidates[job], t);
}

static void done(void *arg, size_t job, struct outcome *o)
{
	struct trying *y = arg;

	y->same[job] = o->kind == y->group->first.kind &&
		       !strcmp(o->signature, y->group->first.signature);
	y->outcomes[job] = *o;
}

/* The first candidate that still shows it takes the place of the group's
 * example; false: none does. */
static bool reduce(struct trying *y, struct fuzz_group *g, size_t n)
{
	bool found = false;
	size_t i;

	for (i = 0; i < n; i++) {
		if (!found && y->same[i]) {
			outcome_free(&g->first);
			g->first = y->outcomes[i];
			g->steps = y->candidates[i];
			found = true;
		} else {
			outcome_free(&y->outcomes[i]);
		}
	}
	return found;
}

static void minimize(const struct fuzz *f, const struct fuzz_result *r,
		     struct fuzz_group *g)
{
	struct trying y = { .f = f, .r = r, .group = g };
	const struct fuzz_batch b = {
		.fuzz = f, .make = make, .done = done, .stop = f->stop,
		.arg = &y,
	};
	struct trial t = { 0 };
	size_t n, i;

	fuzz_plan(f, r, g->run, FUZZ_ALL_STEPS, &t);
	g->steps = t.plan.count < 32 ? (1u << t.plan.count) - 1 :
				       FUZZ_ALL_STEPS;
	do {
		memset(y.outcomes, 0, sizeof(y.outcomes));
		for (n = i = 0; i < HOSTILE_STEPS; i++)
			if (g->steps >> i & 1)
				y.candidates[n++] = g->steps & ~(1u << i);
		if (n < 2 || !fuzz_batch(&b, n))
			return;
	} while (reduce(&y, g, n));
}

void fuzz_minimize(const struct fuzz *f, struct fuzz_result *r)
{
	size_t i;

	for (i = 0; i < r->ngroups; i++)
		if (r->groups[i].first.kind == OUTCOME_FINDING)
			minimize(f, r, &r->groups[i]);
}
