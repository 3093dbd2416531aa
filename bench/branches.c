/* SPDX-License-Identifier: MIT */
/*
 * The least that a sweep can cost: the same good run, at each of the same faults a
 * fork whose child goes on to the end of its run and tells nobody, one after the
 * other.  No pipe, no outcome, nothing folded.  Prints how many there were.
 *
 *   branches FILE
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/run/run.h"
#include "sim/scenario/catalogue.h"
#include "sim/scenario/diag.h"
#include "sim/scenario/scenario.h"
#include "sim/sweep/plan.h"

struct bare {
	struct run_parts parts;
	struct plan plan;
	bool child;
	unsigned int count;
};

static bool forked(void)
{
	int status;
	pid_t child = fork();

	if (child < 0 || (child && waitpid(child, &status, 0) != child))
		exit(1);
	return !child;
}

static bool decide(void *arg, uint32_t point, uint32_t device, uint32_t index,
		   uint32_t cpu, uint64_t call, struct fault_hit *hit)
{
	struct bare *b = arg;
	const struct plan_point *p = &b->plan.points[point];
	size_t i;

	(void)device;
	(void)index;
	(void)cpu;
	(void)call;
	for (i = 0; i < p->count && !b->child; i++) {
		b->count++;
		if (!forked())
			continue;
		b->child = true;
		checks_invariants_only(b->parts.checks);
		b->parts.workload->injected = true;
		hit->error = p->choices[i].error;
		hit->effect = p->choices[i].effect;
		return true;
	}
	return false;
}

static void ready(void *arg, const struct run_parts *parts)
{
	const struct sweep_wants all = { .workers = 1 };
	struct bare *b = arg;

	b->parts = *parts;
	plan_make(&b->plan, parts->faults, &all);
	fault_engine_decide(parts->faults, decide, b);
}

int main(int argc, char **argv)
{
	struct scn_overrides none = { 0 };
	struct bare b = { .count = 0 };
	const struct run_hooks hooks = { .arg = &b, .ready = ready };
	const struct run_options o = { .hooks = &hooks };
	const char *error;
	struct diag diag;
	struct scenario *s;
	struct run *run;

	if (argc != 2)
		return 2;
	diag_init(&diag);
	s = scenario_load(argv[1], &none, catalogue_create(), &diag);
	if (!s) {
		diag_print(&diag, stderr);
		return 2;
	}
	run = run_create(s, &o, &error);
	if (!run)
		return 3;
	run_execute(run);
	if (b.child)
		_exit(0);
	printf("%u\n", b.count);
	return 0;
}
