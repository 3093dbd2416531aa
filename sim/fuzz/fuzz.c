/* SPDX-License-Identifier: MIT */
/*
 * Plans by numbers, runs by the pool, outcomes in groups.
 */
#define _GNU_SOURCE
#include "sim/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "sim/suite/pool.h"

static uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* ---- trials in processes ---- */

static void work(void *arg, size_t job, struct textbuf *out)
{
	const struct fuzz_batch *b = arg;
	struct outcome o;
	const char *error;
	struct trial t = {
		.scenario = b->fuzz->scenario,
		.overrides = b->fuzz->overrides,
	};

	b->make(b->arg, job, &t);
	if (!trial_run(&t, &error))
		outcome_of_fault(&o, error, "", 0);
	else if (b->seen && !b->seen(b->arg, &t))
		_exit(1);
	else
		outcome_of_trial(&o, &t, b->fuzz->colour);
	outcome_pack(&o, out);
}

static void done(void *arg, size_t job, const struct brood_result *p)
{
	const struct fuzz_batch *b = arg;
	struct outcome o;
	char text[128];

	if (p->end != BROOD_DONE || !outcome_unpack(&o, p->bytes, p->len)) {
		brood_what_became(p, FUZZ_LIMIT_MS, text, sizeof(text));
		outcome_of_fault(&o, text, p->said, p->said_len);
	}
	b->done(b->arg, job, &o);
}

static void tick(void *arg)
{
	const struct fuzz_batch *b = arg;

	if (b->tick)
		b->tick(b->arg);
}

bool fuzz_batch(const struct fuzz_batch *b, size_t njobs)
{
	const struct pool pool = {
		.workers = b->fuzz->workers, .limit_ms = FUZZ_LIMIT_MS,
		.work = work, .done = done, .tick = tick, .stop = b->stop,
		.arg = (void *)b,
	};

	return pool_run(&pool, njobs);
}

/* ---- the good run of each device ---- */

#define MS UINT64_C(1000000000)    /* ps */
#define GOOD_LIMIT (100000 * MS)   /* simulated: good devices do not dawdle */
#define LEAST_LIMIT (20 * MS)      /* for a workload beside a hostile device, */
#define TIMES_GOOD 4u              /* and as much as so many good ones take */

struct counting {
	struct fuzz_result *r;
};

static void make_good(void *arg, size_t job, struct trial *t)
{
	(void)arg;
	t->device = job;
	t->limit_ps = GOOD_LIMIT;
}

static void good_done(void *arg, size_t job, struct outcome *o)
{
	struct fuzz_result *r = ((struct counting *)arg)->r;

	memcpy(r->chances[job], o->chances, sizeof(o->chances));
	if (o->time_ps > r->good_ps)
		r->good_ps = o->time_ps;
	if (o->kind == OUTCOME_GOOD || r->error) {
		outcome_free(o);
		return;
	}
	r->error = o->text;
	o->text = NULL;
	outcome_free(o);
}

bool fuzz_count(const struct fuzz *f, struct fuzz_result *r)
{
	struct counting counting = { r };
	const struct fuzz_batch b = {
		.fuzz = f, .make = make_good, .done = good_done,
		.stop = f->stop, .arg = &counting,
	};

	r->chances = calloc(f->scenario->ndevices + 1, sizeof(*r->chances));
	if (!r->chances)
		abort();
	r->interrupted = !fuzz_batch(&b, f->scenario->ndevices);
	return !r->error;
}

void fuzz_plan(const struct fuzz *f, const struct fuzz_result *r, uint64_t run,
	       uint32_t steps, struct trial *t)
{
	struct hostile_plan all;
	size_t i;

	t->device = f->device < f->scenario->ndevices ? f->device :
		    (size_t)(run % f->scenario->ndevices);
	t->limit_ps = LEAST_LIMIT + TIMES_GOOD * r->good_ps;
	if (t->limit_ps > GOOD_LIMIT)
		t->limit_ps = GOOD_LIMIT;
	t->relents_early = hostile_mix(run) & 1;
	hostile_plan_draw(&all, f->seed, run, r->chances[t->device]);
	t->plan.count = 0;
	for (i = 0; i < all.count; i++)
		if (steps >> i & 1)
			t->plan.steps[t->plan.count++] = all.steps[i];
}

/* ---- all runs ---- */

struct gathering {
	const struct fuzz *f;
	struct fuzz_result *r;
	uint64_t findings, until;
	volatile sig_atomic_t stop;
};

static void make_run(void *arg, size_t job, struct trial *t)
{
	struct gathering *g = arg;

	fuzz_plan(g->f, g->r, job, FUZZ_ALL_STEPS, t);
}

static const char *key_of(const struct outcome *o)
{
	return o->kind == OUTCOME_GOOD ? o->course : o->signature;
}

/* Into the group of its like; the smallest run is the example. */
static void group(struct fuzz_group **groups, size_t *n, uint64_t run,
		  struct outcome *o)
{
	struct fuzz_group *g;
	size_t i;

	for (i = 0; i < *n; i++)
		if ((*groups)[i].first.kind == o->kind &&
		    !strcmp(key_of(&(*groups)[i].first), key_of(o)))
			break;
	if (i == *n) {
		g = realloc(*groups, (*n + 1) * sizeof(*g));
		if (!g)
			abort();
		*groups = g;
		g[(*n)++] = (struct fuzz_group){ .run = UINT64_MAX,
						 .steps = FUZZ_ALL_STEPS };
	}
	g = &(*groups)[i];
	g->count++;
	if (run < g->run) {
		outcome_free(&g->first);
		g->first = *o;
		g->run = run;
		return;
	}
	outcome_free(o);
}

static void run_done(void *arg, size_t job, struct outcome *o)
{
	struct gathering *g = arg;
	struct fuzz_result *r = g->r;

	r->done++;
	r->unmet += !o->met && o->kind == OUTCOME_GOOD;
	g->findings += o->kind != OUTCOME_GOOD;
	if (o->kind == OUTCOME_GOOD)
		group(&r->courses, &r->ncourses, job, o);
	else
		group(&r->groups, &r->ngroups, job, o);
}

static void run_tick(void *arg)
{
	struct gathering *g = arg;

	if ((g->f->stop && *g->f->stop) || (g->until && now_ms() >= g->until))
		g->stop = 1;
	if (g->f->tick)
		g->f->tick(g->f->arg, g->r->done, g->findings);
}

static int by_run(const void *a, const void *b)
{
	const struct fuzz_group *x = a, *y = b;

	return x->run < y->run ? -1 : x->run > y->run;
}

static int by_count(const void *a, const void *b)
{
	const struct fuzz_group *x = a, *y = b;

	if (x->count != y->count)
		return x->count > y->count ? -1 : 1;
	return by_run(a, b);
}

bool fuzz_run(const struct fuzz *f, struct fuzz_result *r)
{
	struct gathering g = { .f = f, .r = r };
	const struct fuzz_batch b = {
		.fuzz = f, .make = make_run, .done = run_done,
		.tick = run_tick, .stop = &g.stop, .arg = &g,
	};

	memset(r, 0, sizeof(*r));
	if (!fuzz_count(f, r))
		return false;
	g.until = f->time_ms ? now_ms() + f->time_ms : 0;
	if (!r->interrupted)
		fuzz_batch(&b, f->runs);
	r->interrupted = f->stop && *f->stop;
	if (r->ngroups)
		qsort(r->groups, r->ngroups, sizeof(*r->groups), by_run);
	if (r->ncourses)
		qsort(r->courses, r->ncourses, sizeof(*r->courses), by_count);
	return true;
}

void fuzz_result_free(struct fuzz_result *r, const struct fuzz *f)
{
	size_t i;

	(void)f;
	for (i = 0; i < r->ngroups; i++)
		outcome_free(&r->groups[i].first);
	for (i = 0; i < r->ncourses; i++)
		outcome_free(&r->courses[i].first);
	free(r->groups);
	free(r->courses);
	free(r->chances);
	free(r->error);
	memset(r, 0, sizeof(*r));
}
