/* SPDX-License-Identifier: MIT */
/*
 * Forks inside the fault engine's question.  A branch owns everything that its
 * process had; nothing of it ever comes back but the bytes of its outcome.
 */
#include "sim/sweep/tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/catalogue.h"
#include "sim/suite/brood.h"
#include "sim/suite/suite.h"
#include "sim/sweep/recheck.h"

struct tree {
	const struct tree_config *cfg;
	struct run *run;
	struct run_parts parts;
	struct plan plan;
	size_t *counters;         /* rules that never fire, by point and device */
	struct sequence *sequence;
	uint32_t device;          /* of `wants`, or FAULT_ANY */
	struct sweep_fault faults[SWEPT_FAULTS]; /* of this run */
	size_t nfaults;
	uint64_t number;          /* of the first of them */
	uint64_t asked;           /* ways to go wrong, since the last of them */
	struct textbuf fate;
	bool rechecked;
	bool at_boot;             /* a fault came before the first probe or step,
	                             or between them */
	/* The branches that grow from this process. */
	struct brood *brood, *from;
	struct sweep_fault *born; /* by their job */
	size_t nborn;
	struct textbuf *out;
};

/* ---- names ---- */

static void put_spec(struct textbuf *out, const struct tree *t,
		     const struct sweep_fault *f)
{
	const struct sweep_choice *c =
		&t->plan.points[f->point].choices[f->choice];

	textbuf_text(out, fault_engine_point(t->parts.faults, f->point)->name);
	if (f->device != FAULT_ANY)
		textbuf_printf(out, "@%s", world_id(t->parts.world, f->device));
	textbuf_printf(out, "#%llu", (unsigned long long)f->occurrence);
	if (c->name[0])
		textbuf_printf(out, "=%s", c->name);
}

static void add_fault(struct swept *o, const struct tree *t,
		      const struct sweep_fault *f)
{
	struct textbuf spec, name;
	struct swept_fault to = {
		.point = f->point, .device = f->device,
		.occurrence = f->occurrence, .choice = f->choice,
	};

	textbuf_init(&spec);
	textbuf_init(&name);
	put_spec(&spec, t, f);
	textbuf_text(&name,
		     fault_engine_point(t->parts.faults, f->point)->name);
	to.spec = spec.data;
	to.name = name.data;
	swept_fault(o, &to);
	textbuf_free(&spec);
	textbuf_free(&name);
}

/* ---- a branch's end ---- */

static void put_fate(struct tree *t)
{
	const struct report *r = run_report(t->run);

	swept_fate(&t->fate, t->parts.world, t->parts.facts,
		     t->parts.workload);
	if (r->outcome && r->outcome->code &&
	    !strcmp(r->outcome->code, "boot-failed"))
		textbuf_text(&t->fate, "the guest does not boot\n");
}

static void add_difference(struct swept *o, const struct tree *t)
{
	struct textbuf text;

	if (!t->rechecked || t->cfg->kind == TREE_REFERENCE ||
	    sequence_same(t->sequence))
		return;
	textbuf_init(&text);
	textbuf_text(&text, "bound again, ");
	sequence_difference(t->sequence, &text);
	textbuf_text(&text, " [rebind-differs]\n");
	swept_finding(o, "rebind-differs", "", text.data);
	textbuf_free(&text);
}

/* What goes wrong on the bus is not over with the fault: what the scan has read
 * once stays so, and a driver that was told nonsense may write it. */
static bool misread(const struct tree *t)
{
	size_t i;

	for (i = 0; i < t->nfaults; i++)
		if (fault_engine_point(t->parts.faults,
				       t->faults[i].point)->side ==
		    FAULT_SIDE_BUS)
			return true;
	return false;
}

/* What no driver is to blame for where the file breaks the hardware: rules that
 * it breaks or is made to break, its interrupts, and a reset that is not answered.
 * What the good run expects of that is no measure for the others. */
static void drop_of_broken_hardware(struct swept *o)
{
	static const char *const codes[] = {
		"violation", "driver-rule", "device-rule", "interrupt-lost",
		"interrupt-from-nowhere", "intx-stuck", "ring-freed",
		"vector-left-mapped",
	};
	size_t i;

	for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		swept_drop_code(o, codes[i]);
}

void tree_outcome(struct tree *t, struct swept *o)
{
	const struct report *r = run_report(t->run);
	size_t i;

	swept_init(o);
	o->number = t->number;
	o->reach = t->asked;
	for (i = 0; i < t->nfaults; i++)
		add_fault(o, t, &t->faults[i]);
	if (!t->fate.len)
		put_fate(t);
	free(o->fate);
	o->fate = strdup(t->fate.data ? t->fate.data : "");
	if (!o->fate)
		abort();
	swept_take_findings(o, r);
	/* A run that broke off has not come to its recheck's end. */
	if (r->outcome->end == RUN_FINISHED)
		add_difference(o, t);
	if (misread(t)) {
		swept_drop_code(o, "violation");
		swept_drop_code(o, "driver-rule");
	}
	if (t->cfg->broken)
		drop_of_broken_hardware(o);
	swept_drop_code(o, "boot-failed"); /* with an error, as a step may */
	if (t->cfg->known)
		swept_drop_findings(o, t->cfg->known);
}

/* The end of a branch's process. */
static void give(struct tree *t)
{
	struct swept o;
	struct textbuf out;

	textbuf_init(&out);
	if (t->brood) {
		textbuf_bytes(&out, t->out->data, t->out->len);
	} else {
		tree_outcome(t, &o);
		swept_pack(&o, &out);
	}
	brood_give(t->from, &out);
}

/* ---- branches ---- */

static void count(struct tree *t, const struct swept *o)
{
	struct sweep_progress *p = t->cfg->progress;

	if (!p)
		return;
	p->done++;
	p->failed += o->nfindings != 0;
}

static void no_outcome(struct tree *t, size_t job, const struct brood_result *r)
{
	char what[128];
	struct textbuf text;
	struct swept o;
	size_t i;

	swept_init(&o);
	for (i = 0; i < t->nfaults; i++)
		add_fault(&o, t, &t->faults[i]);
	add_fault(&o, t, &t->born[job]);
	brood_what_became(r, SUITE_LIMIT_MS, what, sizeof(what));
	textbuf_init(&text);
	textbuf_printf(&text, "%s [internal]\n", what);
	textbuf_bytes(&text, r->said, r->said_len < 2000 ? r->said_len : 2000);
	swept_finding(&o, "internal", what, text.data);
	o.simulator = true;
	swept_pack(&o, t->out);
	count(t, &o);
	textbuf_free(&text);
	swept_free(&o);
}

/* On the stack of a guest's thread: names of functions, for one, are left to be
 * loaded by the branches that need them, which are past their run then. */
static void done(void *arg, size_t job, const struct brood_result *r)
{
	struct tree *t = arg;
	struct swept o;
	size_t at = 0;

	if (r->end != BROOD_DONE) {
		no_outcome(t, job, r);
		return;
	}
	textbuf_bytes(t->out, r->bytes, r->len);
	while (at < r->len && swept_unpack(&o, r->bytes, r->len, &at)) {
		/* A branch with branches has counted them. */
		if (t->cfg->kind != TREE_PAIRS || t->nfaults)
			count(t, &o);
		swept_free(&o);
	}
}

static void wait_for_room(struct tree *t, unsigned int running)
{
	while (brood_running(t->brood) > running)
		brood_attend(t->brood);
}

/* Branches that have branches of their own grow one at a time. */
static unsigned int at_a_time(const struct tree *t)
{
	return t->cfg->kind == TREE_PAIRS && !t->nfaults ? 1 :
							    t->cfg->wants->workers;
}

static void begin_brood(struct tree *t)
{
	t->brood = brood_create(t->cfg->wants->workers,
				at_a_time(t) == 1 && t->cfg->kind == TREE_PAIRS ?
					BROOD_NO_LIMIT : SUITE_LIMIT_MS,
				done, t);
	t->born = NULL;
	t->nborn = 0;
}

/* What the file expects of its good run no longer counts. */
static void be_injected(struct tree *t)
{
	checks_invariants_only(t->parts.checks);
	t->parts.workload->injected = true;
	platform_set_budget(t->parts.platform,
			    recheck_budget(t->parts.scenario));
}

/* Nobody binds and no step has begun: what is not registered now, a driver, a bus,
 * a device, never will be. */
static bool boots(const struct tree *t)
{
	const struct facts_bind *b;
	uint32_t i;

	for (i = 0; i < t->parts.world->ndevices; i++) {
		b = facts_last_bind(&t->parts.facts->devices[i]);
		if (b && !b->ended)
			return false;
	}
	return !t->parts.workload->steps_begun;
}

static void become_branch(struct tree *t, const struct sweep_fault *f,
			  uint64_t number)
{
	if (!t->nfaults)
		t->number = number;
	t->faults[t->nfaults++] = *f;
	t->at_boot = t->at_boot || boots(t);
	t->asked = 0;
	t->from = t->brood;
	t->brood = NULL;
	textbuf_init(t->out); /* the others' outcomes are the trunk's */
	platform_forked(t->parts.platform);
	be_injected(t);
	if (t->cfg->kind == TREE_PAIRS && t->nfaults == 1)
		begin_brood(t);
}

/* True: this process is the branch. */
static bool grow(struct tree *t, const struct sweep_fault *f, uint64_t number)
{
	enum brood_side side;
	size_t job = t->nborn;

	t->born = realloc(t->born, (job + 1) * sizeof(*t->born));
	if (!t->born)
		abort();
	t->born[t->nborn++] = *f;
	wait_for_room(t, t->cfg->wants->workers - 1);
	while ((side = brood_fork(t->brood, job)) == BROOD_FAILED) {
		if (!brood_running(t->brood)) {
			const struct brood_result none = {
				.end = BROOD_NO_FORK, .said = "",
			};

			no_outcome(t, job, &none);
			return false;
		}
		brood_attend(t->brood); /* one that ends makes room */
	}
	if (side == BROOD_CHILD)
		become_branch(t, f, number);
	else
		wait_for_room(t, at_a_time(t) - 1);
	return side == BROOD_CHILD;
}

/* ---- the question ---- */

static uint64_t pairs_up_to(const struct tree *t, uint64_t number)
{
	uint64_t total = t->cfg->before[t->cfg->total];
	uint64_t bound = t->cfg->wants->pairs;

	if (bound >= total)
		return t->cfg->before[number];
	return (uint64_t)((unsigned __int128)t->cfg->before[number] * bound /
			  total);
}

static bool takes(const struct tree *t, uint64_t number)
{
	const struct tree_config *c = t->cfg;

	if (c->kind == TREE_SINGLES)
		return !t->nfaults &&
		       plan_takes(number, c->total, c->wants->runs);
	if (c->kind != TREE_PAIRS || t->nfaults == SWEPT_FAULTS)
		return false;
	if (t->nfaults)
		return c->before[t->number] + number <
			       c->before[t->number + 1] &&
		       plan_takes(c->before[t->number] + number,
				  c->before[c->total], c->wants->pairs);
	return number < c->total &&
	       pairs_up_to(t, number) != pairs_up_to(t, number + 1);
}

/* The call's number as a rule for this device would count it. */
static uint64_t occurrence(const struct tree *t, uint32_t point,
			   uint32_t device, uint64_t call)
{
	if (device >= t->parts.world->ndevices)
		return call;
	return fault_rule_calls(t->parts.faults,
				t->counters[point * t->parts.world->ndevices +
					    device]);
}

static bool decide(void *arg, uint32_t point, uint32_t device, uint32_t index,
		   uint32_t cpu, uint64_t call, struct fault_hit *hit)
{
	struct tree *t = arg;
	const struct plan_point *p = &t->plan.points[point];
	struct sweep_fault f = { .point = point, .device = device };
	uint64_t number;

	(void)index;
	(void)cpu;
	if (t->cfg->wants->device && device != t->device)
		return false;
	if (p->count)
		f.occurrence = occurrence(t, point, device, call);
	for (f.choice = 0; f.choice < p->count; f.choice++) {
		number = t->asked++;
		if (!takes(t, number) || !grow(t, &f, number))
			continue;
		hit->error = p->choices[f.choice].error;
		hit->effect = p->choices[f.choice].effect;
		return true;
	}
	return false;
}

/* ---- the run ---- */

static void add_counters(struct tree *t)
{
	size_t devices = t->parts.world->ndevices, i;
	struct fault_rule never = { .queue = FAULT_ANY, .cpu = FAULT_ANY,
				    .nth = UINT64_MAX };

	t->counters = calloc(t->plan.count * devices + 1,
			     sizeof(*t->counters));
	if (!t->counters)
		abort();
	for (i = 0; i < t->plan.count * devices; i++) {
		never.point = (uint32_t)(i / devices);
		never.device = (uint32_t)(i % devices);
		if (t->plan.points[never.point].count)
			t->counters[i] = fault_engine_add_rule(t->parts.faults,
							       &never);
	}
}

static uint32_t find_device(const struct world *w, const char *id)
{
	uint32_t i;

	for (i = 0; id && i < w->ndevices; i++)
		if (!strcmp(world_id(w, i), id))
			return i;
	return FAULT_ANY;
}

static void ready(void *arg, const struct run_parts *parts)
{
	struct tree *t = arg;

	t->parts = *parts;
	parts->workload->impatient = t->cfg->kind != TREE_GOOD;
	t->device = find_device(parts->world, t->cfg->wants->device);
	t->sequence = sequence_create(parts->world, parts->bus);
	if (!t->sequence)
		abort();
	if (t->cfg->expected)
		sequence_expect(t->sequence, t->cfg->expected,
				t->cfg->nexpected);
	if (t->cfg->kind == TREE_CHOSEN || t->cfg->kind == TREE_REFERENCE) {
		be_injected(t);
		return;
	}
	plan_make(&t->plan, parts->faults, t->cfg->wants);
	add_counters(t);
	fault_engine_decide(parts->faults, decide, t);
	if (t->cfg->kind != TREE_GOOD)
		begin_brood(t);
}

/* A trunk is needed as it is, and so is a branch on which others grow. */
static bool rechecks(const struct tree *t)
{
	if (!t->cfg->recheck || misread(t) || t->at_boot)
		return false;
	return t->cfg->kind == TREE_REFERENCE || t->cfg->kind == TREE_CHOSEN ||
	       (t->nfaults && !t->brood);
}

/* A probe that fails may have come far or not, in the reference too. */
static bool went_otherwise(const struct tree *t)
{
	return (t->cfg->fate && strcmp(tree_fate(t), t->cfg->fate)) ||
	       swept_has_failed_probe(tree_fate(t));
}

static void script(void *arg, const struct run_parts *parts)
{
	struct tree *t = arg;

	workload_script(parts->workload);
	put_fate(t);
	if (!rechecks(t))
		return;
	t->rechecked = true;
	recheck_run(&t->parts, t->sequence, went_otherwise(t));
}

/* Those of --inject are the last of the scenario's faults, and the engine's rules
 * are numbered as those are. */
static void add_unreached(struct swept *o, const struct tree *t, size_t count)
{
	size_t first = t->parts.scenario->nfaults - count, i;
	struct textbuf text;

	for (i = 0; i < count; i++) {
		if (fault_rule_hits(t->parts.faults, first + i))
			continue;
		textbuf_init(&text);
		textbuf_printf(&text, "%s: never fired [unreached-fault]\n",
			       t->cfg->chosen[i]);
		swept_finding(o, "unreached-fault", "", text.data);
		textbuf_free(&text);
	}
}

/* The run of --inject is told like a branch. */
static void put_chosen(struct tree *t)
{
	struct swept o;
	size_t i;

	tree_outcome(t, &o);
	for (i = 0; t->cfg->chosen[i]; i++)
		;
	add_unreached(&o, t, i);
	for (i = 0; t->cfg->chosen[i]; i++) {
		const struct swept_fault f = {
			.spec = (char *)t->cfg->chosen[i],
			.name = (char *)t->cfg->chosen[i],
		};

		swept_fault(&o, &f);
	}
	swept_pack(&o, t->out);
	count(t, &o);
	swept_free(&o);
}

struct tree *tree_run(const struct tree_config *cfg, const struct scenario *s,
		      struct textbuf *out, const char **error)
{
	struct tree *t = calloc(1, sizeof(*t));
	const struct run_hooks hooks = {
		.arg = t, .ready = ready, .script = script,
	};
	const struct run_options o = { .hooks = &hooks };

	if (!t)
		abort();
	t->cfg = cfg;
	t->out = out;
	textbuf_init(&t->fate);
	t->run = run_create(s, &o, error);
	if (!t->run) {
		free(t);
		return NULL;
	}
	run_execute(t->run);
	if (t->brood)
		wait_for_room(t, 0);
	if (t->from)
		give(t);
	if (cfg->kind == TREE_CHOSEN)
		put_chosen(t);
	return t;
}

void tree_free(struct tree *t)
{
	if (t->brood)
		brood_destroy(t->brood);
	run_destroy(t->run);
	sequence_destroy(t->sequence);
	plan_free(&t->plan);
	free(t->counters);
	free(t->born);
	textbuf_free(&t->fate);
	free(t);
}

const struct report *tree_report(const struct tree *t)
{
	return run_report(t->run);
}

const struct sequence *tree_sequence(const struct tree *t)
{
	return t->sequence;
}

const char *tree_fate(const struct tree *t)
{
	return t->fate.data ? t->fate.data : "";
}

uint64_t tree_asked(const struct tree *t)
{
	return t->asked;
}
