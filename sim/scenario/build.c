/* SPDX-License-Identifier: MIT */
/*
 * The top level of a scenario: what it is called, seed, budget, known failures;
 * the parts are read by the build_*.c beside this file.
 */
#include <string.h>

#include "sim/check/clauses/clause.h"
#include "sim/scenario/build.h"

static const char **strings(struct build *b, const struct schema_value *v)
{
	static const struct schema_key text = { .type = SCHEMA_STRING };
	const char **list;
	size_t n = 0;

	if (!v->node || !build_is_list(b, v->node))
		return arena_array(b->a, 1, sizeof(*list));
	list = arena_array(b->a, v->node->count + 1, sizeof(*list));
	for (const struct yaml_node *c = v->node->child; c; c = c->next) {
		struct schema_value item = { 0 };

		if (schema_read_value(b, c, &text, &item))
			list[n++] = item.s;
	}
	return list;
}

/* "ladder/refuse.yaml" is called "refuse" where it does not say otherwise. */
static const char *name_of(struct build *b, const char *path)
{
	const char *base = strrchr(path, '/');
	size_t len;

	base = base ? base + 1 : path;
	len = strlen(base);
	if (len > 5 && strcmp(base + len - 5, ".yaml") == 0)
		len -= 5;
	return arena_strndup(b->a, base, len);
}

static void read_budget(struct build *b, const struct yaml_node *n)
{
	struct schema_value v[BUDGET_KEYS];

	if (n && schema_read(b, n, &schema_budget, v, NULL))
		b->s->budget_ps = (uint64_t)v[BUDGET_TIME].i;
}

/* Its name, or the family that it is of. */
static bool of_this_guest(const struct build *b, const struct schema_value *v)
{
	const struct loaded_guest *g = b->s->guest;
	const char *family = g ? guest_image_family(g->image) : NULL;

	return !v->given || (g && !strcmp(g->name, v->s)) ||
	       (family && !strcmp(family, v->s));
}

/* A failure that is known for another guest is none of this run's. */
static void read_known(struct build *b, const struct yaml_node *n)
{
	struct schema_value v[KNOWN_KEYS];

	if (!n || !schema_read(b, n, &schema_known, v, NULL))
		return;
	if (of_this_guest(b, &v[KNOWN_GUEST]))
		b->s->known_ref = v[KNOWN_REF].s;
}

static const char *closest_clause(struct build *b, const char *id)
{
	const char **ids = arena_array(b->a, CLAUSE_COUNT, sizeof(*ids));
	unsigned int c;

	for (c = CLAUSE_NONE + 1; c < CLAUSE_COUNT; c++)
		ids[c - 1] = clause_rows[c].id;
	return build_closest(b, id, ids);
}

static void read_waiver(struct build *b, const struct yaml_node *n)
{
	struct scn_waiver *w = &b->s->waivers[b->s->nwaivers];
	struct schema_value v[WAIVE_KEYS];

	if (!schema_read(b, n, &schema_waive, v, NULL) ||
	    !v[WAIVE_CLAUSE].given)
		return;
	w->clause = clause_find(v[WAIVE_CLAUSE].s);
	w->device = v[WAIVE_DEVICE].given
			    ? build_device(b, v[WAIVE_DEVICE].node) : FAULT_ANY;
	if (w->clause == CLAUSE_NONE)
		yaml_error(b->d, v[WAIVE_CLAUSE].node, "unknown-clause",
			   closest_clause(b, v[WAIVE_CLAUSE].s),
			   "unknown clause '%s'", v[WAIVE_CLAUSE].s);
	else if (of_this_guest(b, &v[WAIVE_GUEST]))
		b->s->nwaivers++;
}

static void read_waivers(struct build *b, const struct yaml_node *list)
{
	const struct yaml_node *n;

	if (!list || !build_is_list(b, list))
		return;
	b->s->waivers = arena_array(b->a, list->count + 1,
				    sizeof(*b->s->waivers));
	for (n = list->child; n; n = n->next)
		read_waiver(b, n);
}

static void check_schema_number(struct build *b, const struct yaml_node *root)
{
	const struct yaml_node *n = yaml_get(root, "schema");
	int64_t number;

	if (n && n->kind == YAML_SCALAR && !n->quoted &&
	    text_int(n->text, &number) == TEXT_OK && number > SCHEMA_NUMBER)
		yaml_error(b->d, n, "newer-schema",
			   "a newer Ringside may read it",
			   "schema %s; this program reads schema %d", n->text,
			   SCHEMA_NUMBER);
}

void build_scenario(struct build *b, const struct yaml_node *root)
{
	struct schema_value v[SCHEMA_MAX_KEYS];
	struct scenario *s = b->s;
	size_t before = b->d->count;

	check_schema_number(b, root);
	if (b->d->count != before ||
	    !schema_read(b, root, &schema_root, v, NULL))
		return;
	s->name = v[ROOT_NAME].given ? v[ROOT_NAME].s : name_of(b, s->path);
	s->about = v[ROOT_ABOUT].given ? v[ROOT_ABOUT].s : "";
	s->refs = strings(b, &v[ROOT_REFS]);
	s->tags = strings(b, &v[ROOT_TAGS]);
	s->seed = v[ROOT_SEED].u;
	read_budget(b, v[ROOT_BUDGET].node);
	if (v[ROOT_MACHINE].node)
		build_machine(b, v[ROOT_MACHINE].node);
	read_known(b, v[ROOT_KNOWN].node);
	read_waivers(b, v[ROOT_WAIVE].node);
	if (v[ROOT_FAULTS].node)
		build_faults(b, v[ROOT_FAULTS].node);
	if (v[ROOT_WORKLOAD].node)
		build_steps(b, v[ROOT_WORKLOAD].node, &s->steps, &s->nsteps,
			    0);
	if (v[ROOT_EXPECT].node)
		build_expects(b, v[ROOT_EXPECT].node, &s->expects,
			      &s->nexpects);
}
