/* SPDX-License-Identifier: MIT */
/*
 * The forms in which an expected value may be written; see match.h.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/diag_codes.h"
#include "sim/scenario/match.h"

/* What a value reader needs. */
struct matching {
	struct build *b;
	const struct expect_key *key;
	const struct scn_expect *e;
};

static struct scn_value *new_items(struct build *b, struct scn_value *list,
				   size_t count)
{
	list->type = SCN_LIST;
	list->count = 0;
	list->items = arena_array(b->a, count + 1, sizeof(*list->items));
	return list->items;
}

static bool read_number(const struct matching *m, const struct yaml_node *n,
			struct scn_value *v)
{
	struct schema_key key = {
		.name = m->key->name,
		.type = m->key->type == EXPECT_TYPE_TIME ? SCHEMA_TIME
							 : SCHEMA_INT,
		.min = 0, .max = INT64_MAX,
	};
	struct schema_value out = { 0 };

	v->type = SCN_INT;
	if (!schema_read_value(m->b, n, &key, &out))
		return false;
	v->i = out.i;
	return true;
}

static bool read_text(const struct matching *m, const struct yaml_node *n,
		      struct scn_value *v)
{
	struct schema_key key = { .name = m->key->name,
				  .type = SCHEMA_STRING };
	struct schema_value out = { 0 };

	v->type = SCN_STRING;
	if (!schema_read_value(m->b, n, &key, &out))
		return false;
	v->s = out.s;
	return true;
}

static bool one_of(const struct matching *m, const struct yaml_node *n,
		   const char *const *words, struct scn_value *v)
{
	struct schema_key key = { .name = m->key->name, .type = SCHEMA_WORD,
				  .words = words };
	struct schema_value out = { 0 };

	v->type = SCN_STRING;
	v->pos = yaml_pos(n);
	if (!schema_read_value(m->b, n, &key, &out))
		return false;
	v->s = out.s;
	return true;
}

static bool read_mode(const struct matching *m, const struct yaml_node *n,
		      struct scn_value *v)
{
	return one_of(m, n, interrupt_modes, v);
}

static bool read_modes(const struct matching *m, const struct yaml_node *n,
		       struct scn_value *v)
{
	const char *words[16];
	struct scn_value *items;
	size_t count = 0;
	bool ok = true;

	if (!build_is_list(m->b, n))
		return false;
	for (; interrupt_modes[count]; count++)
		words[count] = interrupt_modes[count];
	words[count++] = "fails";
	words[count] = NULL;
	items = new_items(m->b, v, n->count);
	for (const struct yaml_node *c = n->child; c; c = c->next)
		ok &= one_of(m, c, words, &items[v->count++]);
	return ok;
}

static bool read_cpus(const struct matching *m, const struct yaml_node *n,
		      struct scn_value *v)
{
	static const char *const words[] = {
		"none", "0", "1", "2", "3", "4", "5", "6", "7", NULL
	};
	struct scn_value *items, *item;
	bool ok = true;

	if (!build_is_list(m->b, n))
		return false;
	items = new_items(m->b, v, n->count);
	for (const struct yaml_node *c = n->child; c; c = c->next) {
		item = &items[v->count++];
		ok &= one_of(m, c, words, item);
		item->i = item->s && item->s[0] != 'n' ? item->s[0] - '0' : 255;
	}
	return ok;
}

static bool read_rung(const struct matching *m, const struct yaml_node *n,
		      struct scn_value *v)
{
	const struct loaded_guest *guest = m->b->s->guest;
	const char *const *ladder = guest ? guest->image->ladder : NULL;

	/* Entries for another image speak of that one's ladder. */
	if (!ladder || (m->e->guest && strcmp(m->e->guest, guest->name) != 0))
		return read_text(m, n, v);
	return one_of(m, n, ladder, v);
}

static int by_number(const void *a, const void *b)
{
	const struct scn_value *x = a, *y = b;

	return x->i < y->i ? -1 : x->i > y->i;
}

static bool read_features(const struct matching *m, const struct yaml_node *n,
			  struct scn_value *v)
{
	const struct device_model *model;
	struct scn_value *items;
	bool ok = true;

	if (!build_is_list(m->b, n))
		return false;
	if (m->e->device == FAULT_ANY ||
	    !m->b->s->devices[m->e->device].model)
		return false; /* reported where the device is read */
	model = m->b->s->devices[m->e->device].model;
	items = new_items(m->b, v, n->count);
	for (const struct yaml_node *c = n->child; c; c = c->next) {
		int bit = build_feature_bit(m->b, c, model);

		ok &= bit >= 0;
		items[v->count++] = (struct scn_value){
			.type = SCN_INT, .i = bit,
			.s = c->kind == YAML_SCALAR ? c->text : NULL,
			.pos = yaml_pos(c),
		};
	}
	qsort(items, v->count, sizeof(*items), by_number);
	return ok;
}

static bool read_order(const struct matching *m, const struct yaml_node *n,
		       struct scn_value *v)
{
	struct scn_value *items;
	bool ok = true;

	if (!build_is_list(m->b, n))
		return false;
	items = new_items(m->b, v, n->count);
	for (const struct yaml_node *c = n->child; c; c = c->next) {
		struct scn_value *item = &items[v->count++];

		item->pos = yaml_pos(c);
		ok &= read_text(m, c, item);
	}
	return ok;
}

/* What a finding may be; the other codes are about the scenario itself. */
static bool may_be_found(const struct diag_code *c)
{
	return c->blame != DIAG_BLAME_FILE && strcmp(c->code, "expectation") &&
	       strcmp(c->code, "unreached-fault");
}

static bool unknown_finding(const struct matching *m, const struct yaml_node *n,
			    const char *code)
{
	const char **names, *hint;
	size_t count = 0;

	while (diag_codes[count].code)
		count++;
	names = arena_array(m->b->a, count + 1, sizeof(*names));
	count = 0;
	for (const struct diag_code *c = diag_codes; c->code; c++)
		if (may_be_found(c))
			names[count++] = c->code;
	hint = build_closest(m->b, code, names);
	yaml_error(m->b->d, n, "unknown-finding",
		   hint ? hint : "as wait-never-ends or violation; the code "
				 "stands in brackets behind a finding",
		   diag_code_find(code) ? "'%s' is a mistake of the scenario, "
					  "not a finding" :
					  "unknown finding '%s'", code);
	return false;
}

static bool read_finding(const struct matching *m, const struct yaml_node *n,
			 struct scn_value *v)
{
	const struct diag_code *c;
	const char *code;

	if (!read_text(m, n, v))
		return false;
	code = arena_strndup(m->b->a, v->s, strcspn(v->s, " "));
	c = diag_code_find(code);
	if (!c || !may_be_found(c))
		return unknown_finding(m, n, code);
	if (!m->b->in_step)
		return true;
	yaml_error(m->b->d, n, "only-at-the-end",
		   "write it below the file's own `expect`",
		   "not all findings are made before the run has ended");
	return false;
}

static bool read_probe(const struct matching *m, const struct yaml_node *n,
		       struct scn_value *v)
{
	static const char *const words[] = { "ok", "fails", NULL };

	return one_of(m, n, words, v);
}

/* Which forms a type has besides the plain one. */
#define FORM_NOT 1u
#define FORM_RANGE 2u
#define FORM_CONTAINS 4u
#define FORM_EXACTLY 8u
#define FORM_FAILS 16u

static const struct {
	bool (*read)(const struct matching *m, const struct yaml_node *n,
		     struct scn_value *v);
	enum scn_match_kind plain;
	enum yaml_kind kind; /* of the plain value */
	unsigned forms;
	const char *shape;
} types[] = {
	[EXPECT_TYPE_INT] = { read_number, MATCH_EQUAL, YAML_SCALAR,
		FORM_NOT | FORM_RANGE,
		"a number, {min:, max:} or {not:}" },
	[EXPECT_TYPE_TIME] = { read_number, MATCH_EQUAL, YAML_SCALAR,
		FORM_NOT | FORM_RANGE,
		"a time, {min:, max:} or {not:}" },
	[EXPECT_TYPE_MODE] = { read_mode, MATCH_EQUAL, YAML_SCALAR,
		FORM_NOT,
		"an interrupt mode or {not:}" },
	[EXPECT_TYPE_MODES] = { read_modes, MATCH_EQUAL, YAML_LIST,
		FORM_NOT,
		"a list of interrupt modes or {not:}" },
	[EXPECT_TYPE_PROBE] = { read_probe, MATCH_EQUAL, YAML_SCALAR,
		FORM_FAILS,
		"ok, fails or {fails: ENOSPC}" },
	[EXPECT_TYPE_RUNG] = { read_rung, MATCH_EQUAL, YAML_SCALAR,
		FORM_NOT,
		"a rung of the ladder or {not:}" },
	[EXPECT_TYPE_FEATURES] = { read_features, MATCH_CONTAINS, YAML_LIST,
		FORM_NOT | FORM_EXACTLY,
		"a list of features, {not:} or {exactly:}" },
	[EXPECT_TYPE_LOG] = { read_text, MATCH_CONTAINS, YAML_SCALAR,
		FORM_NOT | FORM_CONTAINS,
		"{contains: text} or {not: text}" },
	[EXPECT_TYPE_CPUS] = { read_cpus, MATCH_EQUAL, YAML_LIST,
		FORM_NOT,
		"a list of CPUs or {not:}" },
	[EXPECT_TYPE_ORDER] = { read_order, MATCH_EQUAL, YAML_LIST,
		0,
		"a list of events" },
	[EXPECT_TYPE_FINDING] = { read_finding, MATCH_EQUAL, YAML_SCALAR,
		0,
		"the code of a finding" },
};

static bool wrong_form(const struct matching *m, const struct yaml_node *n)
{
	build_wrong_type(m->b, n, types[m->key->type].shape);
	return false;
}

static bool bound(const struct matching *m, const struct yaml_node *n,
		  bool *has, int64_t *value)
{
	struct scn_value v = { 0 };

	if (!n)
		return true;
	*has = read_number(m, n, &v);
	*value = v.i;
	return *has;
}

static bool read_range(const struct matching *m, const struct yaml_node *n,
		       struct scn_match *match)
{
	const struct yaml_node *min = yaml_get(n, "min");
	const struct yaml_node *max = yaml_get(n, "max");

	match->kind = MATCH_RANGE;
	if (!bound(m, min, &match->has_min, &match->min) ||
	    !bound(m, max, &match->has_max, &match->max))
		return false;
	if (min && max && match->min > match->max) {
		yaml_error(m->b->d, n, "out-of-range", NULL,
			   "the smallest value is above the largest");
		return false;
	}
	return true;
}

static bool read_fails(const struct matching *m, const struct yaml_node *n,
		       struct scn_match *match)
{
	static const struct schema_key key = { .name = "fails",
					       .type = SCHEMA_ERRNO };
	struct schema_value v = { 0 };

	match->kind = MATCH_FAILS;
	match->value.type = SCN_INT;
	if (!schema_read_value(m->b, n, &key, &v))
		return false;
	match->value.i = v.i;
	return true;
}

/* A map: one of the forms. */
static bool read_form(const struct matching *m, const struct yaml_node *n,
		      struct scn_match *match)
{
	unsigned forms = types[m->key->type].forms;
	size_t bounds = !!yaml_get(n, "min") + !!yaml_get(n, "max");
	static const struct {
		const char *name;
		unsigned form;
		enum scn_match_kind kind;
	} single[] = {
		{ "not", FORM_NOT, MATCH_NOT },
		{ "contains", FORM_CONTAINS, MATCH_CONTAINS },
		{ "exactly", FORM_EXACTLY, MATCH_EQUAL },
	};

	if ((forms & FORM_RANGE) && bounds && n->count == bounds)
		return read_range(m, n, match);
	if (n->count != 1)
		return wrong_form(m, n);
	if ((forms & FORM_FAILS) && strcmp(n->child->key, "fails") == 0)
		return read_fails(m, n->child, match);
	for (size_t i = 0; i < sizeof(single) / sizeof(*single); i++) {
		if (!(forms & single[i].form) ||
		    strcmp(n->child->key, single[i].name) != 0)
			continue;
		match->kind = single[i].kind;
		return types[m->key->type].read(m, n->child, &match->value);
	}
	return wrong_form(m, n);
}

bool build_match(struct build *b, const struct yaml_node *n,
		 const struct expect_key *key, const struct scn_expect *e,
		 struct scn_match *match)
{
	const struct matching m = { b, key, e };

	match->value.pos = yaml_pos(n);
	if (n->kind == YAML_MAP)
		return read_form(&m, n, match);
	if (n->kind != types[key->type].kind || n->empty)
		return wrong_form(&m, n);
	match->kind = types[key->type].plain;
	if (!types[key->type].read(&m, n, &match->value))
		return false;
	/* The word alone: fails with whatever error. */
	if (key->type == EXPECT_TYPE_PROBE &&
	    strcmp(match->value.s, "fails") == 0) {
		match->kind = MATCH_FAILS;
		match->value.type = SCN_NONE;
	}
	return true;
}
