/* SPDX-License-Identifier: MIT */
/*
 * Substitution: ${name} in scalars.  A scalar that is nothing but ${name} becomes
 * the value, whatever it is, and keeps the place of the template, so that a
 * caret points at what stands in the file; $${ is a plain ${.
 */
#include <string.h>

#include "sim/scenario/matrix.h"

/* Values could otherwise multiply without end by naming each other. */
#define MAX_TEXT 4096u

/* The next ${ that is meant as one; *escaped: it is a $${. */
static const char *next_dollar(const char *s, bool *escaped)
{
	const char *p = strstr(s, "${");

	*escaped = p && p > s && p[-1] == '$';
	return p;
}

/* The name of the ${name} at p, in *len; NULL: no closing brace. */
static const char *name_at(const char *p, size_t *len)
{
	const char *end = strchr(p, '}');

	if (!end)
		return NULL;
	*len = (size_t)(end - (p + 2));
	return p + 2;
}

static const struct yaml_node *look_up(const struct subst *s,
				       const struct yaml_node *at,
				       const char *name)
{
	const struct yaml_node *value = s->look_up(s, name);
	struct yaml_node named = *at;
	const char *near;

	named.cell = s->cell;
	if (value && value->kind == YAML_SCALAR && strstr(value->text, "${")) {
		yaml_error(s->d, &named, "nested-variable", NULL,
			   "the value of ${%s} holds a ${...} itself", name);
		return NULL;
	}
	if (value)
		return value;
	near = diag_closest(name, s->names);
	yaml_error(s->d, &named, "unknown-variable",
		   near ? arena_printf(s->a, "did you mean '${%s}'?", near)
		   : s->names[0] ? NULL
		   : "values come from `matrix:` or `cases:`; a plain ${ is written $${",
		   "nothing gives ${%s} a value", name);
	return NULL;
}

/* A copy at the template's place. */
static struct yaml_node *place_value(const struct subst *s,
				     const struct yaml_node *value,
				     const struct yaml_node *at)
{
	struct yaml_node *n = arena_alloc(s->a, sizeof(*n));

	*n = *value;
	n->next = n->child = n->last = NULL;
	n->count = 0;
	n->line = at->line;
	n->column = at->column;
	n->file = at->file;
	n->cell = s->cell;
	for (const struct yaml_node *c = value->child; c; c = c->next) {
		struct yaml_node *key = c->keynode
			? place_value(s, c->keynode, at) : NULL;

		yaml_append(n, place_value(s, c, at), c->key, key);
	}
	return n;
}

/* What one ${name} inside a longer text becomes; NULL: reported. */
static const char *text_value(const struct subst *s,
			      const struct yaml_node *at, const char *name)
{
	const struct yaml_node *value = look_up(s, at, name);
	struct yaml_node named = *at;

	if (!value)
		return NULL;
	if (value->kind == YAML_SCALAR)
		return value->text;
	named.cell = s->cell;
	yaml_error(s->d, &named, "wrong-type", NULL,
		   "${%s} inside a text must be a scalar, it is %s", name,
		   yaml_describe(s->a, value));
	return NULL;
}

/* A text with ${...} in it; NULL: reported. */
static const char *expand(const struct subst *s, const struct yaml_node *at)
{
	const char *out = "", *p = at->text, *dollar;
	bool escaped;

	while ((dollar = next_dollar(p, &escaped))) {
		size_t len;
		const char *name = name_at(dollar, &len), *value;

		if (escaped) {
			out = arena_printf(s->a, "%s%.*s{", out,
					   (int)(dollar - p), p);
			p = dollar + 2;
			continue;
		}
		if (!name) {
			yaml_error(s->d, at, "unknown-variable",
				   "a plain ${ is written $${",
				   "this ${ has no }");
			return NULL;
		}
		value = text_value(s, at, arena_strndup(s->a, name, len));
		if (!value)
			return NULL;
		out = arena_printf(s->a, "%s%.*s%s", out, (int)(dollar - p), p,
				   value);
		p = name + len + 1;
		if (strlen(out) > MAX_TEXT) {
			yaml_error(s->d, at, "wrong-value", NULL,
				   "longer than %u bytes after substitution",
				   MAX_TEXT);
			return NULL;
		}
	}
	return arena_printf(s->a, "%s%s", out, p);
}

static struct yaml_node *scalar(const struct subst *s,
				const struct yaml_node *n)
{
	const struct yaml_node *value;
	struct yaml_node *copy;
	bool escaped;
	const char *name, *text, *p = next_dollar(n->text, &escaped);
	size_t len;

	copy = yaml_copy(s->a, n);
	if (!p)
		return copy;
	name = name_at(p, &len);
	if (p == n->text && name && !name[len + 1]) {
		value = look_up(s, n, arena_strndup(s->a, name, len));
		if (value)
			return place_value(s, value, n);
		copy->broken = true;
		return copy;
	}
	text = expand(s, n);
	copy->text = text ? text : n->text;
	copy->broken = !text;
	copy->cell = s->cell;
	return copy;
}

struct yaml_node *subst_tree(const struct subst *s, const struct yaml_node *n)
{
	struct yaml_node *copy;

	if (n->kind == YAML_SCALAR)
		return scalar(s, n);
	copy = arena_alloc(s->a, sizeof(*copy));
	*copy = *n;
	copy->next = copy->child = copy->last = NULL;
	copy->count = 0;
	for (const struct yaml_node *c = n->child; c; c = c->next)
		yaml_append(copy, subst_tree(s, c), c->key, c->keynode);
	return copy;
}

bool subst_uses(const struct yaml_node *n, const char *name)
{
	size_t want = strlen(name), len;
	const char *p, *found;
	bool escaped;

	for (const struct yaml_node *c = n->child; c; c = c->next)
		if (subst_uses(c, name))
			return true;
	if (n->kind != YAML_SCALAR)
		return false;
	for (p = n->text; (p = next_dollar(p, &escaped)); p += 2) {
		found = name_at(p, &len);
		if (!escaped && found && len == want &&
		    strncmp(found, name, len) == 0)
			return true;
	}
	return false;
}
