/* SPDX-License-Identifier: MIT */
/*
 * The second round begins at the same moment of simulated time in every run, after
 * the first one's budget whatever it took: what depends on the time of day (the
 * cycle of a bus, the tick of a timer) does the same then.  A first round that went
 * otherwise has left things where the good run does not leave them (a balloon's
 * target, memory decode that was never turned on): all is first bound, run and
 * unbound once, unseen.
 */
#include "sim/sweep/recheck.h"

#include <string.h>

#define DEFAULT_BUDGET_PS UINT64_C(10000000000000)
#define PATIENCE_PS UINT64_C(20000000000000)
/* In budgets since power-on. */
enum { SETTLE_AT = 2, AGAIN_AT = 4, END_AT = 6 };

static const struct guest_action *action(const struct scenario *s,
					 const char *name)
{
	const struct guest_action *a = s->guest->image->actions;

	for (; a && a->name; a++)
		if (!strcmp(a->name, name))
			return a;
	return NULL;
}

/* An action of one parameter, the device. */
static bool takes_device(const struct guest_action *a)
{
	return a && a->params && a->params[0].name && !a->params[1].name &&
	       a->params[0].type == GUEST_PARAM_DEVICE;
}

bool recheck_broken(const struct scenario *s)
{
	size_t i;

	for (i = 0; i < s->nfaults; i++)
		if (s->faults[i].breaks)
			return true;
	return false;
}

bool recheck_possible(const struct scenario *s)
{
	return !recheck_broken(s) &&
	       takes_device(action(s, "driver.bind")) &&
	       takes_device(action(s, "driver.unbind"));
}

/* On each device, whatever it answers: one that has no driver, or gets none, says
 * so on the fresh machine too. */
static void on_each(const struct run_parts *run, const char *name)
{
	const struct scenario *s = run->scenario;
	struct workload w = *run->workload;
	size_t i;

	for (i = 0; i < s->ndevices; i++) {
		struct guest_value device = { .given = true,
					      .i = s->devices[i].bdf };
		const struct scn_step step = {
			.kind = STEP_ACTION, .name = name,
			.action = action(s, name), .values = &device,
			.on_cpu = SCN_ANY_CPU,
		};

		w.injected = true;
		w.broke = NULL;
		workload_steps(&w, &step, 1);
	}
}

static void workload(const struct run_parts *run)
{
	struct workload w = *run->workload;

	w.injected = true;
	w.broke = NULL;
	workload_steps(&w, run->scenario->steps, run->scenario->nsteps);
}

uint64_t recheck_budget(const struct scenario *s)
{
	return (s->budget_ps ? s->budget_ps : DEFAULT_BUDGET_PS) + PATIENCE_PS;
}

/* What a workload that was broken off may still hold. */
static void let_go(const struct run_parts *run)
{
	const struct guest_action *give = action(run->scenario, "memory.give");

	if (give && (!give->params || !give->params[0].name))
		give->run(NULL);
}

static void unbind(const struct run_parts *run)
{
	let_go(run);
	on_each(run, "driver.unbind");
}

void recheck_run(const struct run_parts *run, struct sequence *sequence,
		 bool settle)
{
	uint64_t budget = recheck_budget(run->scenario);

	fault_engine_off(run->faults);
	platform_set_budget(run->platform, budget * END_AT);
	unbind(run);
	if (settle) {
		platform_sleep_until(run->platform, budget * SETTLE_AT);
		on_each(run, "driver.bind");
		workload(run);
		unbind(run);
	}
	platform_sleep_until(run->platform, budget * AGAIN_AT);
	sequence_begin(sequence);
	on_each(run, "driver.bind");
	workload(run);
	sequence_end(sequence);
}
