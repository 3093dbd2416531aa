/* SPDX-License-Identifier: MIT */
/*
 * One getter for each key of an expectation; what a device's model lets be read
 * is asked of the model itself.
 */
#include "sim/check/actual.h"

#include <string.h>

typedef void get_fn(const struct expect_context *c, const struct scn_expect *e,
		    struct actual *a);

static const struct facts_device *device_of(const struct expect_context *c,
					    const struct scn_expect *e)
{
	return &c->facts->devices[e->device];
}

/* ---- one getter a key ---- */

static void get_interrupts(const struct expect_context *c,
			   const struct scn_expect *e, struct actual *a)
{
	a->text = facts_mode_name(facts_final(c->facts, e->device).mode);
}

static void get_vectors(const struct expect_context *c,
			const struct scn_expect *e, struct actual *a)
{
	a->i = facts_final(c->facts, e->device).vectors;
}

static void get_vectors_on(const struct expect_context *c,
			   const struct scn_expect *e, struct actual *a)
{
	(void)c;
	a->i = e->device;
}

static void get_queues(const struct expect_context *c,
		       const struct scn_expect *e, struct actual *a)
{
	a->i = facts_final(c->facts, e->device).queues;
}

static void get_binds(const struct expect_context *c,
		      const struct scn_expect *e, struct actual *a)
{
	a->device = device_of(c, e);
}

static void get_probe(const struct expect_context *c,
		      const struct scn_expect *e, struct actual *a)
{
	const struct facts_bind *b = facts_last_bind(device_of(c, e));

	if (!b)
		a->text = "no probe";
	else if (!b->ended)
		a->text = "a probe that has not returned";
	else
		a->i = (uint64_t)(int64_t)b->result;
}

static void get_rung(const struct expect_context *c, const struct scn_expect *e,
		     struct actual *a)
{
	const struct facts_bind *b = facts_last_bind(device_of(c, e));
	const char *rung = b ? event_text(c->bus, b->rung) : NULL;

	a->text = rung ? rung : "none";
}

static void get_offered(const struct expect_context *c,
			const struct scn_expect *e, struct actual *a)
{
	a->i = c->world->devices[e->device].offered;
	a->device = device_of(c, e);
}

static void get_negotiated(const struct expect_context *c,
			   const struct scn_expect *e, struct actual *a)
{
	a->i = facts_final(c->facts, e->device).negotiated;
	a->device = device_of(c, e);
}

static void get_completed(const struct expect_context *c,
			  const struct scn_expect *e, struct actual *a)
{
	a->i = device_of(c, e)->requests_completed;
}

static void get_failed(const struct expect_context *c,
		       const struct scn_expect *e, struct actual *a)
{
	a->i = device_of(c, e)->requests_failed;
}

static void get_kicks(const struct expect_context *c,
		      const struct scn_expect *e, struct actual *a)
{
	a->i = device_of(c, e)->model_events[MODEL_EV_KICK];
}

static void get_msis(const struct expect_context *c, const struct scn_expect *e,
		     struct actual *a)
{
	a->i = device_of(c, e)->events[EV_MSI];
}

static void get_edges(const struct expect_context *c,
		      const struct scn_expect *e, struct actual *a)
{
	a->i = device_of(c, e)->intx_edges;
}

static void get_contended(const struct expect_context *c,
			  const struct scn_expect *e, struct actual *a)
{
	a->i = device_of(c, e)->contended;
}

static void get_violations(const struct expect_context *c,
			   const struct scn_expect *e, struct actual *a)
{
	a->i = device_of(c, e)->violations;
}

static bool same_fault(const struct expect_context *c,
		       const struct scn_expect *e, size_t i)
{
	const struct scn_fault *f = &c->scenario->faults[i];

	return !strcmp(f->point, e->fault) &&
	       (e->device == FAULT_ANY || f->rule.device == e->device);
}

static void get_hits(const struct expect_context *c, const struct scn_expect *e,
		     struct actual *a)
{
	size_t i;

	for (i = 0; i < c->scenario->nfaults; i++)
		if (same_fault(c, e, i))
			a->i += fault_rule_hits(c->faults, c->rules[i]);
}

/* Of a point without a rule: every call. */
static void get_calls(const struct expect_context *c,
		      const struct scn_expect *e, struct actual *a)
{
	bool rule = false;
	size_t i;

	for (i = 0; i < c->scenario->nfaults; i++) {
		if (!same_fault(c, e, i))
			continue;
		rule = true;
		a->i += fault_rule_calls(c->faults, c->rules[i]);
	}
	if (!rule)
		a->i = fault_point_calls(c->faults,
					 fault_engine_find(c->faults,
							   e->fault));
}

static void get_time(const struct expect_context *c, const struct scn_expect *e,
		     struct actual *a)
{
	(void)e;
	a->i = c->facts->time;
}

static void get_nothing(const struct expect_context *c,
			const struct scn_expect *e, struct actual *a)
{
	(void)c;
	(void)e;
	(void)a;
}

static void get_all_contended(const struct expect_context *c,
			      const struct scn_expect *e, struct actual *a)
{
	size_t i;

	(void)e;
	a->i = c->facts->machine.contended;
	for (i = 0; i < c->world->ndevices; i++)
		a->i += c->facts->devices[i].contended;
}

static void get_all_violations(const struct expect_context *c,
			       const struct scn_expect *e, struct actual *a)
{
	size_t i;

	(void)e;
	a->i = c->facts->machine.violations;
	for (i = 0; i < c->world->ndevices; i++)
		a->i += c->facts->devices[i].violations;
}

static const struct getter {
	enum scn_subject subject;
	const char *key;
	enum actual_kind kind;
	get_fn *get;
} getters[] = {
	{ SUBJECT_DEVICE, "interrupts", ACTUAL_TEXT, get_interrupts },
	{ SUBJECT_DEVICE, "vectors", ACTUAL_INT, get_vectors },
	{ SUBJECT_DEVICE, "vectors_on", ACTUAL_CPUS, get_vectors_on },
	{ SUBJECT_DEVICE, "binds", ACTUAL_MODES, get_binds },
	{ SUBJECT_DEVICE, "probe", ACTUAL_PROBE, get_probe },
	{ SUBJECT_DEVICE, "rung", ACTUAL_TEXT, get_rung },
	{ SUBJECT_DEVICE, "queues", ACTUAL_INT, get_queues },
	{ SUBJECT_DEVICE, "features.offered", ACTUAL_BITS, get_offered },
	{ SUBJECT_DEVICE, "features.negotiated", ACTUAL_BITS, get_negotiated },
	{ SUBJECT_DEVICE, "requests.completed", ACTUAL_INT, get_completed },
	{ SUBJECT_DEVICE, "requests.failed", ACTUAL_INT, get_failed },
	{ SUBJECT_DEVICE, "kicks", ACTUAL_INT, get_kicks },
	{ SUBJECT_DEVICE, "msis", ACTUAL_INT, get_msis },
	{ SUBJECT_DEVICE, "intx_edges", ACTUAL_INT, get_edges },
	{ SUBJECT_DEVICE, "contended", ACTUAL_INT, get_contended },
	{ SUBJECT_DEVICE, "violations", ACTUAL_INT, get_violations },
	{ SUBJECT_DEVICE, "finds", ACTUAL_FINDING, get_nothing },
	{ SUBJECT_FAULT, "hits", ACTUAL_INT, get_hits },
	{ SUBJECT_FAULT, "calls", ACTUAL_INT, get_calls },
	{ SUBJECT_ORDER, "order", ACTUAL_ORDER, get_nothing },
	{ SUBJECT_RUN, "time", ACTUAL_TIME, get_time },
	{ SUBJECT_RUN, "log", ACTUAL_LOG, get_nothing },
	{ SUBJECT_RUN, "contended", ACTUAL_INT, get_all_contended },
	{ SUBJECT_RUN, "violations", ACTUAL_INT, get_all_violations },
	{ SUBJECT_RUN, "finds", ACTUAL_FINDING, get_nothing },
};

static const struct getter *find_getter(enum scn_subject subject,
					const char *key)
{
	size_t i;

	for (i = 0; i < sizeof(getters) / sizeof(getters[0]); i++)
		if (getters[i].subject == subject &&
		    !strcmp(getters[i].key, key))
			return &getters[i];
	return NULL;
}

static void get_reading(const struct expect_context *c,
			const struct scn_expect *e,
			const struct scn_check *check, struct actual *a)
{
	if (!check->reading->get(c->functions[e->device], check->field, &a->i))
		a->text = "nothing yet";
}

bool expect_get(const struct expect_context *c, const struct scn_expect *e,
		const struct scn_check *check, struct actual *a)
{
	const struct getter *g;

	memset(a, 0, sizeof(*a));
	if (check->reading) {
		get_reading(c, e, check, a);
		return true;
	}
	g = find_getter(e->subject, check->key);
	if (!g)
		return false;
	a->kind = g->kind;
	g->get(c, e, a);
	return true;
}

bool expect_knows(enum scn_subject subject, const char *key)
{
	return find_getter(subject, key) != NULL;
}
