/* SPDX-License-Identifier: MIT */
/*
 * The workload: actions of the guest and of devices, expectations in between,
 * `parallel:` with a guest thread for each step, `repeat:`, and steps on a CPU of
 * their own.
 */
#include "sim/run/workload.h"

#include <stdio.h>

static void step_event(struct workload *w, enum event_kind kind,
		       const struct scn_step *step, uint32_t number, int result)
{
	struct event ev = {
		.time = platform_now(w->platform),
		.kind = kind,
		.device = EVENT_NO_DEVICE,
		.cpu = EVENT_NO_CPU,
		.index = number,
		.value = (uint64_t)(int64_t)result,
		.text = event_intern(w->bus, step->name),
	};

	event_emit(w->bus, &ev);
}

static int run_device_action(struct workload *w, const struct scn_step *step)
{
	const struct scn_device *d = &w->scenario->devices[step->device];
	char what[128];

	snprintf(what, sizeof(what), "%s of %s", step->name, d->id);
	return platform_device_action(w->platform, d->bdf, step->device_action,
				      step->device_values, step->within_ps,
				      what);
}

struct branch {
	struct workload *w;
	const struct scn_step *steps;
};

static void run_action(void *arg, size_t i)
{
	struct branch *b = arg;
	struct workload *w = b->w;
	const struct scn_step *step = &b->steps[i];
	uint32_t number = ++w->steps_begun;
	int result;

	step_event(w, EV_STEP_BEGIN, step, number, 0);
	result = step->kind == STEP_ACTION ? step->action->run(step->values)
					   : run_device_action(w, step);
	step_event(w, EV_STEP_END, step, number, result);
	checks_step(w->checks, step, result);
}

static void run_steps(struct workload *w, const struct scn_step *steps,
		      size_t n);

static void run_branch(void *arg, size_t i)
{
	struct branch *b = arg;

	run_steps(b->w, &b->steps[i], 1);
}

static void run_step(struct workload *w, const struct scn_step *step)
{
	struct branch branch = { w, step->steps };
	uint64_t i;

	switch (step->kind) {
	case STEP_ACTION:
	case STEP_DEVICE_ACTION:
		branch.steps = step;
		if (step->on_cpu == SCN_ANY_CPU)
			run_action(&branch, 0);
		else
			platform_on_cpu(w->platform, step->on_cpu, run_action,
					&branch);
		break;
	case STEP_EXPECT:
		checks_expect(w->checks, step->expects, step->nexpects);
		break;
	case STEP_PARALLEL:
		platform_parallel(w->platform, step->nsteps, run_branch,
				  &branch);
		break;
	case STEP_REPEAT:
		for (i = 0; i < step->times && !w->stop; i++)
			run_steps(w, step->steps, step->nsteps);
		break;
	}
}

static void run_steps(struct workload *w, const struct scn_step *steps,
		      size_t n)
{
	size_t i;

	for (i = 0; i < n && !w->stop; i++)
		run_step(w, &steps[i]);
}

void workload_script(void *arg)
{
	struct workload *w = arg;

	run_steps(w, w->scenario->steps, w->scenario->nsteps);
	checks_workload_done(w->checks);
}
