/* SPDX-License-Identifier: MIT */
/*
 * Putting a run together, in the order in which its parts need each other:
 * event bus, world, observers, fault points, platform, devices.  Taken apart in
 * reverse.
 */
#include "sim/run/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/pci/host_bridge.h"
#include "sim/fault/trigger.h"
#include "sim/run/workload.h"

struct run {
	const struct scenario *scenario;
	struct run_options options;
	struct event_bus *bus;
	struct world *world;
	struct trace *trace;
	struct facts *facts;
	struct narrative *narrative;
	struct fault_engine *faults;
	size_t *rules;             /* of each of the scenario's faults */
	struct fault_triggers *triggers;
	struct fault_point *joined;/* rows made from image's and models' tables */
	struct checks *checks;
	struct pci_function **functions; /* of the scenario's devices */
	struct platform *platform;
	struct machine_option *guest_options;
	struct platform_outcome outcome;
	struct workload workload;
	struct observer stop, medium;
	struct report report;
};

/* ---- fault points ---- */

static size_t count_points(const struct scenario *s)
{
	const struct guest_fault_point *g = s->guest->image->faults;
	const struct model_fault_point *m;
	size_t n = 0, i;

	for (; g && g->name; g++)
		n++;
	for (i = 0; i < s->ndevices; i++)
		for (m = s->devices[i].model->faults; m && m->name; m++)
			n++;
	return n;
}

static bool join_points(struct run *r)
{
	const struct scenario *s = r->scenario;
	const struct guest_fault_point *g = s->guest->image->faults;
	const struct fault_point *f;
	const struct model_fault_point *m;
	struct fault_point *p;
	size_t i;

	p = r->joined = calloc(count_points(s) + 1, sizeof(*p));
	if (!p)
		return false;
	for (f = machine_fault_points; f->name; f++)
		fault_engine_add_point(r->faults, f);
	for (; g && g->name; g++, p++) {
		*p = (struct fault_point){ .name = g->name,
					   .side = FAULT_SIDE_GUEST,
					   .errors = g->errors,
					   .about = g->about };
		fault_engine_add_point(r->faults, p);
	}
	for (i = 0; i < s->ndevices; i++) {
		for (m = s->devices[i].model->faults; m && m->name; m++, p++) {
			*p = (struct fault_point){ .name = m->name,
						   .side = FAULT_SIDE_DEVICE,
						   .errors = m->errors,
						   .by_queue = m->by_queue,
						   .about = m->about,
						   .effects = m->effects,
						   .quirk = m->quirk };
			fault_engine_add_point(r->faults, p);
		}
	}
	return true;
}

/* The rules' triggers; a run whose rules have none has no observer for them. */
static bool add_triggers(struct run *r)
{
	const struct scenario *s = r->scenario;
	struct fault_trigger *list = calloc(s->nfaults + 1, sizeof(*list));
	size_t n = 0, i;

	if (!list)
		return false;
	for (i = 0; i < s->nfaults; i++)
		if (s->faults[i].from || s->faults[i].until)
			list[n++] = (struct fault_trigger){
				r->rules[i], s->faults[i].from,
				s->faults[i].until
			};
	r->triggers = fault_triggers_create(r->faults, r->bus, list, n);
	free(list);
	return r->triggers != NULL;
}

static bool add_rules(struct run *r)
{
	const struct scenario *s = r->scenario;
	size_t i;

	r->rules = calloc(s->nfaults + 1, sizeof(*r->rules));
	if (!r->rules)
		return false;
	for (i = 0; i < s->nfaults; i++) {
		struct fault_rule rule = s->faults[i].rule;

		rule.point = fault_engine_find(r->faults, s->faults[i].point);
		r->rules[i] = fault_engine_add_rule(r->faults, &rule);
	}
	return add_triggers(r);
}

/* ---- the machine ---- */

static bool make_guest_options(struct run *r)
{
	const struct machine_option *o = r->scenario->guest_options;
	size_t n = 0;

	while (o && o[n].name)
		n++;
	r->guest_options = calloc(n + 2, sizeof(*o));
	if (!r->guest_options)
		return false;
	if (n)
		memcpy(r->guest_options, o, n * sizeof(*o));
	if (r->scenario->bounce)
		r->guest_options[n] =
			(struct machine_option){ "dma", "bounce" };
	return true;
}

/* Does the host bridge share its device with others? */
static bool beside_bridge(const struct scenario *s)
{
	size_t i;

	for (i = 0; i < s->ndevices; i++)
		if (s->devices[i].bdf < MACHINE_BDF(0, 1, 0))
			return true;
	return false;
}

/* The model, and in front of it what the hooks put there. */
static const char *plug_device(struct run *r, size_t i, struct pci_host *slot)
{
	const struct scn_device *d = &r->scenario->devices[i];
	const struct run_hooks *k = r->options.hooks;
	struct pci_host *host = slot;
	static struct device_error err;
	struct pci_function *fn;

	if (k && k->host)
		host = k->host(k->arg, i, slot);
	fn = host ? d->model->create(&d->config, host, &err) : NULL;
	if (!fn)
		return host ? err.text : "out of memory";
	r->functions[i] = fn;
	platform_attach_behind(r->platform, slot, fn);
	if (k && k->front)
		fn = k->front(k->arg, i, fn);
	platform_attach(r->platform, slot, fn);
	return NULL;
}

static const char *plug_devices(struct run *r)
{
	const struct scenario *s = r->scenario;
	struct pci_function *fn;
	struct pci_host *slot;
	const char *error;
	size_t i;

	slot = platform_slot(r->platform, MACHINE_BDF(0, 0, 0),
			     EVENT_NO_DEVICE);
	fn = slot ? pci_host_bridge_create(slot, beside_bridge(s)) : NULL;
	if (!fn)
		return "out of memory";
	platform_attach(r->platform, slot, fn);
	for (i = 0; i < s->ndevices; i++) {
		slot = platform_slot(r->platform, s->devices[i].bdf,
				     (uint16_t)i);
		if (!slot)
			return "a device's slot cannot be used";
		error = plug_device(r, i, slot);
		if (error)
			return error;
	}
	return NULL;
}

static size_t callers(void *arg, uintptr_t *frames, size_t max)
{
	return platform_callers(arg, frames, max);
}

static uint64_t now(void *platform)
{
	return platform_now(platform);
}

static const char *make_platform(struct run *r)
{
	const struct scenario *s = r->scenario;
	struct platform_config cfg = {
		.cpus = s->cpus,
		.memory = s->memory,
		.timing = timing_find(s->timing),
		.dma = strcmp(s->dma, "stepwise") ? PLATFORM_DMA_BATCHED :
						    PLATFORM_DMA_STEPWISE,
		.cpu_vectors = s->cpu_vectors,
		.budget_ps = s->budget_ps ? s->budget_ps : 10000000000000,
	};
	const char *error;

	if (!make_guest_options(r))
		return "out of memory";
	cfg.guest_options = r->guest_options;
	if (r->options.budget_ps)
		cfg.budget_ps = r->options.budget_ps;
	r->platform = platform_create(&cfg, r->bus, r->faults, &error);
	if (!r->platform)
		return error ? error : "out of memory";
	fault_engine_clock(r->faults, now, r->platform);
	r->world->callers = callers;
	r->world->callers_arg = r->platform;
	r->world->memory = platform_memory(r->platform, &r->world->memory_at);
	r->world->memory_bytes = cfg.memory;
	return plug_devices(r);
}

/* ---- observers ---- */

void __attribute__((noinline)) run_stop_point(uint64_t event)
{
	__asm__ volatile("" : : "r"(event) : "memory");
}

static void see_stop(struct observer *o, const struct event *ev)
{
	struct run *r = (struct run *)((char *)o - offsetof(struct run, stop));

	if (ev->seq != r->options.stop_at)
		return;
	run_stop_point(ev->seq);
	if (!r->options.debugger)
		platform_stop(r->platform, RUN_STOPPED, "stopped",
			      "stopped at the event that was asked for");
}

/* An image that turns out to be broken is the user's mistake, not the guest's
 * or the device's: it ends the run. */
static void see_medium(struct observer *o, const struct event *ev)
{
	struct run *r = (struct run *)((char *)o - offsetof(struct run, medium));
	char text[256];

	snprintf(text, sizeof(text), "%s: %s", world_id(r->world, ev->device),
		 event_text(o->bus, ev->text));
	platform_stop(r->platform, RUN_USER_ERROR, "bad-device", text);
}

static bool make_observers(struct run *r)
{
	if (r->options.trace && !(r->trace = trace_create(r->world, r->bus)))
		return false;
	r->facts = facts_create(r->world, r->bus);
	if (!r->facts)
		return false;
	r->narrative = narrative_create(r->world, r->bus, r->facts);
	if (!r->narrative)
		return false;
	event_bus_add_model(r->bus, &r->medium, 1ull << MODEL_EV_MEDIUM,
			    see_medium);
	if (r->options.stop_at) {
		r->stop.kinds = ~0ull;
		r->stop.see = see_stop;
		event_bus_add(r->bus, &r->stop);
	}
	return true;
}

static bool make_checks(struct run *r)
{
	struct checks_config cfg = {
		.scenario = r->scenario,
		.world = r->world,
		.bus = r->bus,
		.facts = r->facts,
		.faults = r->faults,
		.rules = r->rules,
		.bare = r->options.bare,
	};

	r->functions = calloc(r->scenario->ndevices + 1, sizeof(*r->functions));
	if (!r->functions)
		return false;
	cfg.functions = r->functions;
	r->checks = checks_create(&cfg);
	return r->checks != NULL;
}

static const char *assemble(struct run *r)
{
	static const char no_memory[] = "out of memory";
	const char *error;

	r->bus = event_bus_create();
	r->world = world_create(r->scenario);
	r->faults = fault_engine_create(r->scenario->seed);
	if (!r->bus || !r->world || !r->faults)
		return no_memory;
	if (!join_points(r) || !add_rules(r) || !make_observers(r) ||
	    !make_checks(r))
		return no_memory;
	error = make_platform(r);
	if (error)
		return error;
	platform_on_data(r->platform, checks_data, r->checks);
	r->workload = (struct workload){
		.scenario = r->scenario, .platform = r->platform,
		.bus = r->bus, .facts = r->facts, .checks = r->checks,
	};
	return NULL;
}

struct run *run_create(const struct scenario *s, const struct run_options *o,
		       const char **error)
{
	struct run *r = calloc(1, sizeof(*r));

	*error = "out of memory";
	if (!r)
		return NULL;
	r->scenario = s;
	r->options = *o;
	*error = assemble(r);
	if (!*error)
		return r;
	run_destroy(r);
	return NULL;
}

/* What has not been kept cannot be judged: no verdict, good or bad, is true. */
static void see_memory(struct run *r)
{
	if (r->outcome.end == RUN_INTERNAL ||
	    (!r->facts->failed && !narrative_failed(r->narrative)))
		return;
	r->outcome.end = RUN_INTERNAL;
	r->outcome.code = NULL;
	r->outcome.text = "out of memory: not all that happened was kept";
}

static struct run_parts parts_of(struct run *r)
{
	return (struct run_parts){
		.scenario = r->scenario, .bus = r->bus, .world = r->world,
		.facts = r->facts, .faults = r->faults, .checks = r->checks,
		.platform = r->platform, .workload = &r->workload,
	};
}

static void hooked_script(void *arg)
{
	struct run *r = arg;
	const struct run_parts parts = parts_of(r);

	r->options.hooks->script(r->options.hooks->arg, &parts);
}

void run_execute(struct run *r)
{
	const struct loaded_guest *g = r->scenario->guest;
	const struct run_hooks *k = r->options.hooks;
	const struct run_parts parts = parts_of(r);

	if (k && k->ready)
		k->ready(k->arg, &parts);
	if (k && k->script)
		platform_run(r->platform, g->image, g->text_start, g->text_end,
			     hooked_script, r, &r->outcome);
	else
		platform_run(r->platform, g->image, g->text_start, g->text_end,
			     workload_script, &r->workload, &r->outcome);
	see_memory(r);
	checks_end(r->checks, &r->outcome);
	r->report = (struct report){
		.scenario = r->scenario,
		.world = r->world,
		.bus = r->bus,
		.facts = r->facts,
		.narrative = r->narrative,
		.findings = checks_findings(r->checks),
		.outcome = &r->outcome,
		.faults = r->faults,
		.rules = r->rules,
		.image = g->name,
		.image_crc = g->crc,
		.overrides = r->options.overrides ? r->options.overrides : "",
	};
}

const struct report *run_report(const struct run *r)
{
	return &r->report;
}

const struct trace *run_trace(const struct run *r)
{
	return r->trace;
}

void run_destroy(struct run *r)
{
	if (r->platform)
		platform_destroy(r->platform);
	free(r->guest_options);
	if (r->checks)
		checks_destroy(r->checks);
	free(r->functions);
	if (r->narrative)
		narrative_destroy(r->narrative);
	if (r->facts)
		facts_destroy(r->facts);
	if (r->trace)
		trace_destroy(r->trace);
	fault_triggers_destroy(r->triggers);
	if (r->faults)
		fault_engine_destroy(r->faults);
	free(r->rules);
	free(r->joined);
	if (r->world)
		world_destroy(r->world);
	if (r->bus)
		event_bus_destroy(r->bus);
	free(r);
}
