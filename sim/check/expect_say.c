/* SPDX-License-Identifier: MIT */
/*
 * Puts an expectation that was not met into words.
 */
#include "sim/check/actual.h"

#include <inttypes.h>

static void say_errno(struct textbuf *t, int64_t error)
{
	const char *name = fault_errno_name((int)error);

	if (name)
		textbuf_text(t, name);
	else
		textbuf_printf(t, "error %" PRId64, error);
}

static void say_number(struct textbuf *t, enum actual_kind kind, uint64_t i)
{
	if (kind == ACTUAL_TIME)
		textbuf_time(t, i);
	else
		textbuf_dec(t, i);
}

static void say_value(struct textbuf *t, enum actual_kind kind,
		      const struct scn_value *v)
{
	size_t i;

	if (v->type == SCN_LIST) {
		textbuf_char(t, '[');
		for (i = 0; i < v->count; i++) {
			textbuf_text(t, i ? ", " : "");
			say_value(t, kind, &v->items[i]);
		}
		textbuf_char(t, ']');
	} else if (v->s) {
		textbuf_text(t, v->s);
	} else if (v->type == SCN_INT && v->i < 0) {
		textbuf_printf(t, "%" PRId64, v->i);
	} else if (v->type == SCN_INT) {
		say_number(t, kind, (uint64_t)v->i);
	}
}

static void say_expected(struct textbuf *t, enum actual_kind kind,
			 const struct scn_match *m)
{
	if (m->kind == MATCH_RANGE) {
		textbuf_text(t, m->has_min ? "at least " : "at most ");
		say_number(t, kind, (uint64_t)(m->has_min ? m->min : m->max));
		if (m->has_min && m->has_max) {
			textbuf_text(t, " and at most ");
			say_number(t, kind, (uint64_t)m->max);
		}
		return;
	}
	if (m->kind == MATCH_FAILS) {
		textbuf_text(t, "failure");
		if (m->value.type == SCN_INT) {
			textbuf_text(t, " with ");
			say_errno(t, m->value.i);
		}
		return;
	}
	if (m->kind == MATCH_NOT)
		textbuf_text(t, kind == ACTUAL_BITS ? "none of " : "not ");
	if (m->kind == MATCH_CONTAINS && kind == ACTUAL_BITS)
		textbuf_text(t, "at least ");
	say_value(t, kind, &m->value);
}

static void say_bits(struct textbuf *t, const struct expect_context *c,
		     const struct scn_expect *e, uint64_t bits)
{
	const char *name, *separator = "";
	unsigned int bit;

	textbuf_char(t, '[');
	for (bit = 0; bit < 64; bit++) {
		if (!(bits >> bit & 1))
			continue;
		name = world_feature(c->world, e->device, bit);
		textbuf_text(t, separator);
		if (name)
			textbuf_text(t, name);
		else
			textbuf_printf(t, "bit %u", bit);
		separator = ", ";
	}
	textbuf_char(t, ']');
}

static void say_cpus(struct textbuf *t, const struct expect_context *c,
		     uint32_t device)
{
	size_t n = facts_cpus(c->facts, device), i;

	textbuf_char(t, '[');
	for (i = 0; i < n; i++) {
		uint8_t cpu = facts_cpu(c->facts, device, i);

		textbuf_text(t, i ? ", " : "");
		if (cpu == FACTS_NO_CPU)
			textbuf_text(t, "none");
		else
			textbuf_dec(t, cpu);
	}
	textbuf_char(t, ']');
}

static void say_actual(struct textbuf *t, const struct expect_context *c,
		       const struct scn_expect *e, const struct actual *a)
{
	const struct facts_device *d = a->device;
	const char *separator = "";
	size_t i;

	if (a->text) {
		textbuf_text(t, a->text);
	} else if (a->kind == ACTUAL_MODES) {
		textbuf_char(t, '[');
		for (i = 0; i < d->nbinds; i++) {
			if (!d->binds[i].ended)
				continue;
			textbuf_text(t, separator);
			textbuf_text(t, expect_bind_word(&d->binds[i]));
			separator = ", ";
		}
		textbuf_char(t, ']');
	} else if (a->kind == ACTUAL_CPUS) {
		say_cpus(t, c, (uint32_t)a->i);
	} else if (a->kind == ACTUAL_PROBE && a->i) {
		textbuf_text(t, "failure with ");
		say_errno(t, -(int64_t)a->i);
	} else if (a->kind == ACTUAL_PROBE) {
		textbuf_text(t, "ok");
	} else if (a->kind == ACTUAL_BITS) {
		say_bits(t, c, e, a->i);
	} else {
		say_number(t, a->kind, a->i);
	}
}

static void say_subject(struct textbuf *t, const struct expect_context *c,
			const struct scn_expect *e)
{
	if (e->subject == SUBJECT_DEVICE)
		textbuf_printf(t, "%s ", world_id(c->world, e->device));
	else if (e->subject == SUBJECT_FAULT)
		textbuf_printf(t, "%s ", e->fault);
}

static void say_order(struct textbuf *t, const struct expect_context *c,
		      const struct scn_check *check)
{
	const char *missing = "";
	size_t seen = 0;

	order_check_met(c->order, check, &missing, &seen);
	textbuf_printf(t, "order: '%s' did not occur", missing);
	if (seen)
		textbuf_printf(t, " after '%s'",
			       check->match.value.items[seen - 1].s);
}

void expect_say(struct textbuf *t, const struct expect_context *c,
		const struct scn_expect *e, const struct scn_check *check,
		const struct actual *a)
{
	if (a->kind == ACTUAL_ORDER) {
		say_order(t, c, check);
	} else if (a->kind == ACTUAL_LOG) {
		textbuf_printf(t, "log: %s line contains '%s'",
			       check->match.kind == MATCH_NOT ? "a" : "no",
			       check->match.value.s);
	} else {
		say_subject(t, c, e);
		textbuf_printf(t, "%s: expected ", check->key);
		say_expected(t, a->kind, &check->match);
		textbuf_text(t, ", got ");
		say_actual(t, c, e, a);
	}
}
