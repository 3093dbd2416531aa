/* SPDX-License-Identifier: MIT */
/*
 * Joins the expectations and the invariants of a run.
 */
#include "sim/check/check.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "sim/check/clauses/rulebook.h"
#include "sim/check/data.h"
#include "sim/check/dma.h"
#include "sim/check/expect.h"
#include "sim/check/finds.h"
#include "sim/check/interrupts.h"
#include "sim/check/leak.h"
#include "sim/check/model.h"
#include "sim/check/order.h"
#include "sim/check/queue_memory.h"
#include "sim/check/vectors.h"

struct checks {
	struct checks_config cfg;
	struct findings findings;
	struct leak_check *leak;
	struct dma_check *dma;
	struct interrupt_check *interrupts;
	struct rulebook *rulebook;
	struct model_check *model;
	struct queue_memory_check *queue_memory;
	struct vector_check *vectors;
	struct data_check *data;
	struct order_check *order;
	struct expect_context expect;
	bool workload_done;
	bool invariants_only;
};

/* The image of a medium is the device's property of that name. */
#define IMAGE_PROPERTY "image"

static void give_images(struct checks *c)
{
	const struct scenario *s = c->cfg.scenario;
	const struct device_property *p;
	size_t i, k;

	for (i = 0; i < s->ndevices; i++) {
		const struct scn_device *d = &s->devices[i];

		p = d->model ? d->model->properties : NULL;
		for (k = 0; p && p[k].name; k++)
			if (p[k].type == DEVICE_PROP_FILE &&
			    !strcmp(p[k].name, IMAGE_PROPERTY) &&
			    d->config.values[k].given)
				data_check_image(c->data, (uint32_t)i,
						 d->config.values[k].bytes,
						 d->config.values[k].len);
	}
}

/* A device is not held to what the scenario has made of it: so few vectors, that
 * capability list. */
static void waive_wishes(struct checks *c, uint32_t device)
{
	static const enum clause of_list[] = {
		CLAUSE_PCI_CAP_V1, CLAUSE_PCI_COM_V2, CLAUSE_PCI_NTF_V1
	};
	const struct device_config *config =
		&c->cfg.scenario->devices[device].config;
	size_t i;

	if (config->msix_entries >= 0)
		rulebook_waive(c->rulebook, CLAUSE_PCI_MSIX_V1, device);
	for (i = 0; i < sizeof(of_list) / sizeof(of_list[0]); i++)
		if (config->caps != DEVICE_CAPS_PLAIN)
			rulebook_waive(c->rulebook, of_list[i], device);
}

static void waive(struct checks *c)
{
	const struct scenario *s = c->cfg.scenario;
	size_t i;

	for (i = 0; i < s->nwaivers; i++)
		rulebook_waive(c->rulebook, s->waivers[i].clause,
			       s->waivers[i].device);
	for (i = 0; i < s->ndevices; i++)
		waive_wishes(c, (uint32_t)i);
}

/* The observers that hold after every run. */
static bool make_invariants(struct checks *c)
{
	const struct checks_config *cfg = &c->cfg;

	c->leak = leak_check_create(cfg->world, cfg->bus, &c->findings);
	if (c->leak)
		c->dma = dma_check_create(cfg->world, cfg->bus, &c->findings,
					  c->leak);
	c->interrupts = interrupt_check_create(cfg->world, cfg->bus,
					       &c->findings);
	c->rulebook = rulebook_create(cfg->world, cfg->bus, &c->findings,
				      cfg->functions, rulebook_chapters);
	c->findings.book = c->rulebook;
	if (c->rulebook)
		c->model = model_check_create(cfg->world, cfg->bus,
					      &c->findings, cfg->functions);
	c->queue_memory = queue_memory_create(cfg->world, cfg->bus,
					      &c->findings);
	if (!c->leak || !c->dma || !c->interrupts || !c->rulebook ||
	    !c->model || !c->queue_memory)
		return false;
	waive(c);
	return true;
}

struct checks *checks_create(const struct checks_config *cfg)
{
	struct checks *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	c->cfg = *cfg;
	findings_init(&c->findings);
	c->vectors = vector_check_create(cfg->world, cfg->bus, &c->findings);
	c->data = data_check_create((uint32_t)cfg->world->ndevices,
				    &c->findings);
	c->order = order_check_create(cfg->scenario, cfg->world, cfg->bus,
				      &c->findings);
	if (!(cfg->bare || make_invariants(c)) || !c->data || !c->order) {
		checks_destroy(c);
		return NULL;
	}
	c->expect = (struct expect_context){
		.scenario = cfg->scenario,
		.world = cfg->world,
		.bus = cfg->bus,
		.facts = cfg->facts,
		.faults = cfg->faults,
		.rules = cfg->rules,
		.functions = cfg->functions,
		.order = c->order,
		.findings = &c->findings,
	};
	give_images(c);
	return c;
}

void checks_destroy(struct checks *c)
{
	if (!c)
		return;
	order_check_destroy(c->order);
	data_check_destroy(c->data);
	vector_check_destroy(c->vectors);
	queue_memory_destroy(c->queue_memory);
	model_check_destroy(c->model);
	rulebook_destroy(c->rulebook);
	interrupt_check_destroy(c->interrupts);
	dma_check_destroy(c->dma);
	leak_check_destroy(c->leak);
	findings_free(&c->findings);
	free(c);
}

const struct findings *checks_findings(const struct checks *c)
{
	return &c->findings;
}

/* The data event itself: the platform hands data over and does not look into it.
 * Nothing has happened since the last event, so its time is the present. */
static void tell_data(struct checks *c, enum machine_data_kind kind,
		      uint16_t device, uint64_t offset, const void *buf,
		      uint64_t len)
{
	struct event ev = {
		.kind = EV_DATA,
		.device = device,
		.cpu = EVENT_NO_CPU,
		.time = c->cfg.facts->time,
		.addr = offset,
		.len = len > UINT32_MAX ? UINT32_MAX : (uint32_t)len,
		.index = kind,
	};

	if (!event_wanted(c->cfg.bus, EV_DATA))
		return;
	ev.value = crc32(0, buf, ev.len);
	event_emit(c->cfg.bus, &ev);
}

bool checks_data(void *checks, enum machine_data_kind kind, uint16_t device,
		 uint64_t offset, const void *buf, uint64_t len)
{
	struct checks *c = checks;
	size_t before = c->findings.count;
	bool same = data_check_see(c->data, kind, device, offset, buf, len);

	tell_data(c, kind, device, offset, buf, len);
	for (; before < c->findings.count; before++) {
		c->findings.items[before].event = event_count(c->cfg.bus);
		c->findings.items[before].time = c->cfg.facts->time;
	}
	return same;
}

static const char *errno_word(int result)
{
	const char *name = fault_errno_name(-result);

	return !result ? "success" : name ? name : "an unknown error";
}

void checks_step(struct checks *c, const struct scn_step *step, int result)
{
	int expected = -step->fails;
	struct finding *f;

	if (result > 0)
		result = 0;
	if (result == expected || c->invariants_only)
		return;
	f = findings_add(&c->findings, "action-failed",
			 "%s: expected %s, got %s", step->name,
			 errno_word(expected), errno_word(result));
	f->pos = step->pos;
	f->event = event_count(c->cfg.bus);
	f->time = c->cfg.facts->time;
}

bool checks_expect(struct checks *c, const struct scn_expect *expects,
		   size_t count)
{
	return c->invariants_only ||
	       expect_evaluate(&c->expect, expects, count);
}

void checks_invariants_only(struct checks *c)
{
	c->invariants_only = true;
}

/* ---- what nobody wrote down ---- */

/* Does an entry (or a step's) for this guest name the device, with `key` if that
 * is not NULL? */
static bool named_in(const struct checks *c, const struct scn_expect *e,
		     size_t count, uint32_t device, const char *key)
{
	size_t i, k;

	for (i = 0; i < count; i++) {
		if (!expect_applies(&c->expect, &e[i]))
			continue;
		if (e[i].subject == SUBJECT_DEVICE && e[i].device == device &&
		    !key)
			return true;
		for (k = 0; key && k < e[i].nchecks; k++)
			if (!strcmp(e[i].checks[k].key, key) &&
			    (e[i].subject == SUBJECT_RUN ||
			     e[i].device == device))
				return true;
	}
	return false;
}

static bool named_in_steps(const struct checks *c, const struct scn_step *steps,
			   size_t count, uint32_t device, const char *key)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (named_in(c, steps[i].expects, steps[i].nexpects, device,
			     key) ||
		    named_in_steps(c, steps[i].steps, steps[i].nsteps, device,
				   key))
			return true;
	return false;
}

static bool named(const struct checks *c, uint32_t device, const char *key)
{
	const struct scenario *s = c->cfg.scenario;

	return named_in(c, s->expects, s->nexpects, device, key) ||
	       named_in_steps(c, s->steps, s->nsteps, device, key);
}

/* A device that no entry names must have probed. */
static void check_probed(struct checks *c, uint32_t device)
{
	const struct facts_device *d = &c->cfg.facts->devices[device];
	const struct facts_bind *b = facts_last_bind(d);
	const char *id = world_id(c->cfg.world, device);
	struct finding *f;

	if (named(c, device, NULL))
		return;
	if (b && b->ended && !b->result && (!d->virtio || b->state.driver_ok))
		return;
	if (b && b->ended && !b->result)
		f = findings_add(&c->findings, "probe-failed",
				 "%s: no driver set DRIVER_OK, and no "
				 "expectation names it", id);
	else if (!b || !b->ended)
		f = findings_add(&c->findings, "probe-failed",
				 "%s: no driver probed it, and no expectation "
				 "names it", id);
	else
		f = findings_add(&c->findings, "probe-failed",
				 "%s: its probe failed with %s, and no "
				 "expectation names it", id,
				 errno_word(b->result));
	f->device = device;
	f->pos = c->cfg.scenario->devices[device].pos;
	if (b) {
		f->event = b->end_seq;
		f->time = b->end_ps;
	}
}

static void check_violations(struct checks *c, uint32_t device)
{
	const struct facts_device *d = &c->cfg.facts->devices[device];
	const char *text = event_text(c->cfg.bus, d->first_violation);
	struct finding *f;

	if (!d->violations || named(c, device, "violations"))
		return;
	f = findings_add(&c->findings, "violation",
			 "%s: the guest broke a rule of the specification: %s"
			 "%s", world_id(c->cfg.world, device),
			 text ? text : "(not told which)",
			 d->violations > 1 ? " (and more)" : "");
	f->device = device;
	f->event = d->first_violation_seq;
}

static void check_reached(struct checks *c)
{
	const struct scenario *s = c->cfg.scenario;
	uint64_t calls;
	struct finding *f;
	size_t i;

	for (i = 0; i < s->nfaults; i++) {
		if (fault_rule_hits(c->cfg.faults, c->cfg.rules[i]))
			continue;
		calls = fault_rule_calls(c->cfg.faults, c->cfg.rules[i]);
		if (s->faults[i].rule.waits &&
		    !fault_rule_armings(c->cfg.faults, c->cfg.rules[i]))
			f = findings_add(&c->findings, "unreached-fault",
					 "%s: never fired; the event of `from` "
					 "never came", s->faults[i].point);
		else if (calls)
			f = findings_add(&c->findings, "unreached-fault",
					 "%s: never fired; %" PRIu64 " call%s "
					 "matched", s->faults[i].point, calls,
					 calls == 1 ? "" : "s");
		else
			f = findings_add(&c->findings, "unreached-fault",
					 "%s: never fired; no call matched",
					 s->faults[i].point);
		f->pos = s->faults[i].pos;
	}
}

void checks_workload_done(struct checks *c)
{
	const struct scenario *s = c->cfg.scenario;
	size_t i;

	c->workload_done = true;
	facts_freeze(c->cfg.facts);
	if (c->invariants_only)
		return;
	expect_evaluate(&c->expect, s->expects, s->nexpects);
	for (i = 0; i < s->ndevices; i++)
		check_probed(c, (uint32_t)i);
}

/* ---- the end ---- */

static void check_outcome(struct checks *c, const struct platform_outcome *o)
{
	static const char *const codes[] = {
		[RUN_GUEST_BUG] = "guest-bug", [RUN_GUEST_CRASH] = "crash",
		[RUN_HANG] = "wait-never-ends", [RUN_BUDGET] = "budget",
		[RUN_SPIN] = "endless-loop", [RUN_USER_ERROR] = "bad-device",
		[RUN_INTERNAL] = "internal",
	};
	const char *code = o->code;
	struct finding *f;

	if (o->end == RUN_STOPPED)
		return;
	if (!code && (size_t)o->end < sizeof(codes) / sizeof(codes[0]))
		code = codes[o->end];
	f = findings_add(&c->findings, code ? code : "guest-bug", "%s",
			 o->text ? o->text : "the run was cut short");
	f->event = event_count(c->cfg.bus);
	f->time = o->time_ps;
	if (!o->nstacks)
		return;
	f->nframes = (uint32_t)(o->stacks[0].count < FINDING_FRAMES ?
				o->stacks[0].count : FINDING_FRAMES);
	memcpy(f->frames, o->stacks[0].frames,
	       f->nframes * sizeof(f->frames[0]));
}

static void end_finished(struct checks *c, const struct platform_outcome *o)
{
	if (!c->workload_done)
		checks_workload_done(c);
	if (!c->invariants_only)
		check_reached(c);
	if (c->cfg.bare)
		return;
	interrupt_check_end(c->interrupts, o->time_ps);
	model_check_end(c->model, o->time_ps, true);
	rulebook_end(c->rulebook, o->time_ps, true);
	dma_check_end(c->dma);
	leak_check_end(c->leak);
}

/* What was cut short had no chance to keep what is expected of the end, unless
 * that is the end that the scenario expects: true. */
static bool end_cut_short(struct checks *c, const struct platform_outcome *o)
{
	bool expected;

	check_outcome(c, o);
	expected = finds_last(&c->expect);
	if (expected && !c->workload_done)
		checks_workload_done(c);
	if (expected && !c->invariants_only)
		check_reached(c);
	if (c->cfg.bare)
		return expected;
	/* An interrupt that never came may be why it waits. */
	if (o->end == RUN_HANG) {
		interrupt_check_end(c->interrupts, o->time_ps);
		rulebook_hang(c->rulebook);
	}
	model_check_end(c->model, o->time_ps, o->end == RUN_HANG);
	rulebook_end(c->rulebook, o->time_ps, o->end == RUN_HANG);
	return expected;
}

void checks_end(struct checks *c, const struct platform_outcome *outcome)
{
	bool lenient = false;
	size_t i;

	for (i = 0; i < c->cfg.world->ndevices; i++)
		check_violations(c, (uint32_t)i);
	if (outcome->end == RUN_FINISHED) {
		end_finished(c, outcome);
	} else {
		facts_freeze(c->cfg.facts);
		lenient = !end_cut_short(c, outcome);
	}
	finds_settle(&c->expect, lenient || c->invariants_only);
}
