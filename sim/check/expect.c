/* SPDX-License-Identifier: MIT */
/*
 * Compares what a scenario expects with what there is.
 */
#include "sim/check/actual.h"

#include <string.h>

#include "sim/scenario/catalogue.h"

const char *expect_bind_word(const struct facts_bind *b)
{
	return b->result ? "fails" : facts_mode_name(b->state.mode);
}

static bool modes_equal(const struct actual *a, const struct scn_value *v)
{
	const struct facts_device *d = a->device;
	size_t i, n = 0;

	for (i = 0; i < d->nbinds; i++) {
		if (!d->binds[i].ended)
			continue;
		if (n >= v->count || strcmp(v->items[n].s,
					    expect_bind_word(&d->binds[i])))
			return false;
		n++;
	}
	return n == v->count;
}

static bool cpus_equal(const struct expect_context *c, const struct actual *a,
		       const struct scn_value *v)
{
	uint32_t device = (uint32_t)a->i;
	size_t n = facts_cpus(c->facts, device), i;

	for (i = 0; i < n && i < v->count; i++)
		if (facts_cpu(c->facts, device, i) != (uint8_t)v->items[i].i)
			return false;
	return n == v->count;
}

static uint64_t bits_of(const struct scn_value *v)
{
	uint64_t bits = 0;
	size_t i;

	for (i = 0; i < v->count; i++)
		if (v->items[i].i >= 0 && v->items[i].i < 64)
			bits |= 1ull << v->items[i].i;
	return bits;
}

static bool bits_met(const struct actual *a, const struct scn_match *m)
{
	uint64_t bits = bits_of(&m->value);

	if (m->kind == MATCH_NOT)
		return !(a->i & bits);
	return m->kind == MATCH_EQUAL ? a->i == bits : (a->i & bits) == bits;
}

static bool log_has(const struct expect_context *c, const char *text)
{
	const char *line;
	size_t i;

	for (i = 0; i < c->facts->nlines; i++) {
		line = event_text(c->bus, c->facts->lines[i].text);
		if (line && strstr(line, text))
			return true;
	}
	return false;
}

static bool probe_met(const struct actual *a, const struct scn_match *m)
{
	int64_t result = (int64_t)a->i;

	if (a->text)
		return false;
	if (m->kind != MATCH_FAILS)
		return (result == 0) == (m->kind == MATCH_EQUAL);
	return m->value.type == SCN_INT ? result == -m->value.i : result != 0;
}

static bool int_met(const struct actual *a, const struct scn_match *m)
{
	if (a->text) /* there is no value */
		return false;
	if (m->kind == MATCH_RANGE)
		return (!m->has_min || (m->min < 0 ||
					a->i >= (uint64_t)m->min)) &&
		       (!m->has_max || (m->max >= 0 &&
					a->i <= (uint64_t)m->max));
	return (m->value.i >= 0 && a->i == (uint64_t)m->value.i) ==
	       (m->kind != MATCH_NOT);
}

static bool text_met(const struct actual *a, const struct scn_match *m)
{
	if (m->kind == MATCH_CONTAINS)
		return strstr(a->text, m->value.s) != NULL;
	return !strcmp(a->text, m->value.s) == (m->kind != MATCH_NOT);
}

static bool met(const struct expect_context *c, const struct scn_check *check,
		const struct actual *a)
{
	const struct scn_match *m = &check->match;
	const char *missing;
	size_t seen;

	switch (a->kind) {
	case ACTUAL_TEXT:
		return text_met(a, m);
	case ACTUAL_MODES:
		return modes_equal(a, &m->value) == (m->kind != MATCH_NOT);
	case ACTUAL_CPUS:
		return cpus_equal(c, a, &m->value) == (m->kind != MATCH_NOT);
	case ACTUAL_PROBE:
		return probe_met(a, m);
	case ACTUAL_BITS:
		return bits_met(a, m);
	case ACTUAL_LOG:
		return log_has(c, m->value.s) == (m->kind != MATCH_NOT);
	case ACTUAL_ORDER:
		return order_check_met(c->order, check, &missing, &seen);
	case ACTUAL_FINDING:
		return true;
	case ACTUAL_INT:
	case ACTUAL_TIME:
		break;
	}
	return int_met(a, m);
}

static void not_met(const struct expect_context *c, const struct scn_expect *e,
		    const struct scn_check *check, const struct actual *a)
{
	struct textbuf t;
	struct finding *f;

	textbuf_init(&t);
	expect_say(&t, c, e, check, a);
	f = findings_add(c->findings, "expectation", "%s",
			 t.failed ? "(out of memory)" : t.data);
	f->pos = check->pos;
	if (e->subject == SUBJECT_DEVICE)
		f->device = e->device;
	textbuf_free(&t);
}

static bool evaluate(const struct expect_context *c, const struct scn_expect *e,
		     const struct scn_check *check)
{
	struct actual a;

	if (!expect_get(c, e, check, &a)) {
		findings_add(c->findings, "expectation",
			     "%s: nothing is known of this key",
			     check->key)->pos = check->pos;
		return false;
	}
	if (met(c, check, &a))
		return true;
	not_met(c, e, check, &a);
	return false;
}

bool expect_applies(const struct expect_context *c, const struct scn_expect *e)
{
	return !e->guest || (c->scenario->guest &&
			     !strcmp(e->guest, c->scenario->guest->name));
}

bool expect_evaluate(const struct expect_context *c,
		     const struct scn_expect *expects, size_t count)
{
	bool all = true;
	size_t i, k;

	for (i = 0; i < count; i++) {
		if (!expect_applies(c, &expects[i]))
			continue;
		for (k = 0; k < expects[i].nchecks; k++)
			if (!evaluate(c, &expects[i], &expects[i].checks[k]))
				all = false;
	}
	return all;
}
