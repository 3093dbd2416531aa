/* SPDX-License-Identifier: MIT */
/*
 * The workload: actions of the guest and of devices, expectations in between,
 * `parallel:` with a guest thread for each step, `repeat:`, and steps on a CPU of
 * their own.
 */
#include "sim/run/workload.h"

#include <errno.h>
#include <stdio.h>

/* Longer than a driver lets pass before it tries again. */
#define STATUS_DRIVER 0x2u /* virtio 1.2 2.1 */
#define PATIENCE_PS UINT64_C(10000000000000)

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

/* Has the device a driver that could do what an operator asks for?  All devices
 * with actions are virtio's, and a transport that has found no driver for one leaves
 * DRIVER unset. */
static bool driven(const struct workload *w, uint32_t device)
{
	const struct facts_device *d = &w->facts->devices[device];
	const struct facts_bind *b = facts_last_bind(d);

	return b && b->ended && !b->result && !b->removed &&
	       d->status & STATUS_DRIVER;
}

/* After a fault of which the file knows nothing an operator's action may have
 * nobody who does it.  A device that has given up is no driver's affair; in all
 * other cases the driver is waited for in vain. */
static int give_up(struct workload *w, const struct scn_step *step,
		   const char *what)
{
	const struct facts_device *d = &w->facts->devices[step->device];
	char text[160];

	if (d->model_events[MODEL_EV_NEEDS_RESET])
		return -ENODEV;
	snprintf(text, sizeof(text), "%s waits in vain for the driver", what);
	platform_stop(w->platform, RUN_HANG, "wait-never-ends", text);
	return -ETIMEDOUT;
}

static int run_device_action(struct workload *w, const struct scn_step *step)
{
	const struct scn_device *d = &w->scenario->devices[step->device];
	bool limited = w->impatient && !step->within_ps;
	char what[128];
	int result;

	/* The file knew that there would be a driver, and gave no limit. */
	if (limited && w->injected && !driven(w, step->device))
		return -ENODEV;
	snprintf(what, sizeof(what), "%s of %s", step->name, d->id);
	result = platform_device_action(w->platform, d->bdf, step->device_action,
					step->device_values,
					limited ? PATIENCE_PS : step->within_ps,
					what);
	return limited && result == -ETIMEDOUT ? give_up(w, step, what) : result;
}

static void judge(struct workload *w, const struct scn_step *step, int result)
{
	if (!w->injected) {
		checks_step(w->checks, step, result);
		return;
	}
	if (result > 0)
		result = 0;
	if (result == -step->fails || w->broke)
		return;
	w->broke = step;
	w->result = result;
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
	judge(w, step, result);
}

static void run_branch(void *arg, size_t i)
{
	struct branch *b = arg;

	workload_steps(b->w, &b->steps[i], 1);
}

static bool over(const struct workload *w)
{
	return w->stop || w->broke;
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
		if (!w->injected)
			checks_expect(w->checks, step->expects, step->nexpects);
		break;
	case STEP_PARALLEL:
		platform_parallel(w->platform, step->nsteps, run_branch,
				  &branch);
		break;
	case STEP_REPEAT:
		for (i = 0; i < step->times && !over(w); i++)
			workload_steps(w, step->steps, step->nsteps);
		break;
	}
}

void workload_steps(struct workload *w, const struct scn_step *steps, size_t n)
{
	size_t i;

	for (i = 0; i < n && !over(w); i++)
		run_step(w, &steps[i]);
}

void workload_script(void *arg)
{
	struct workload *w = arg;

	workload_steps(w, w->scenario->steps, w->scenario->nsteps);
	checks_workload_done(w->checks);
}
