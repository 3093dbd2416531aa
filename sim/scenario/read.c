/* SPDX-License-Identifier: MIT */
/*
 * Reads maps and scalars by the tables of schema.c: types, ranges, words,
 * required keys, unknown keys.  Types come from the table, never from how a
 * scalar looks; only numbers and truth values must not be in quotes.
 */
#include <stdio.h>
#include <string.h>

#include "sim/scenario/build.h"

#define MAX_NAMES 256

bool build_ignored_key(const char *key)
{
	return strncmp(key, "x-", 2) == 0;
}

const char *build_join(struct build *b, const char *const *names,
		       const char *last)
{
	const char *s = "";

	for (size_t i = 0; names[i]; i++)
		s = arena_printf(b->a, "%s%s%s", s,
				 i == 0 ? "" : names[i + 1] ? ", " : last,
				 names[i]);
	return s;
}

const char *build_closest(struct build *b, const char *word,
			  const char *const *names)
{
	const char *near = diag_closest(word, names);

	return near ? arena_printf(b->a, "did you mean '%s'?", near) : NULL;
}

void build_unknown(struct build *b, const struct yaml_node *n,
		   const char *code, const char *what,
		   const char *const *names)
{
	const char *hint = build_closest(b, n->text, names);

	if (!hint && names[0])
		hint = arena_printf(b->a, "there is %s",
				    build_join(b, names, ", "));
	yaml_error(b->d, n, code, hint, "unknown %s '%s'", what, n->text);
}

void build_unknown_key(struct build *b, const struct yaml_node *n,
		       const char *const *names, const char *where)
{
	const char *hint = build_closest(b, n->key, names);

	if (!hint && names[0])
		hint = arena_printf(b->a, "%s knows %s", where,
				    build_join(b, names, ", "));
	yaml_error(b->d, n->keynode ? n->keynode : n, "unknown-key", hint,
		   "unknown key '%s'", n->key);
}

void build_wrong_type(struct build *b, const struct yaml_node *n,
		      const char *expected)
{
	yaml_error(b->d, n, "wrong-type", NULL, "expected %s, found %s",
		   expected, yaml_describe(b->a, n));
}

bool build_is_list(struct build *b, const struct yaml_node *n)
{
	if (n->kind == YAML_LIST)
		return true;
	build_wrong_type(b, n, "a list");
	return false;
}

bool build_is_map(struct build *b, const struct yaml_node *n)
{
	if (n->kind == YAML_MAP)
		return true;
	build_wrong_type(b, n, "a map");
	return false;
}

/* ---- scalars ---- */

static const char *show(struct build *b, const struct schema_key *key,
			int64_t v)
{
	int64_t unit = key->type == SCHEMA_SIZE ? 1024 : 1000;
	const char *const *units;
	static const char *const sizes[] = { "", "KiB", "MiB", "GiB", NULL };
	static const char *const times[] = { "ps", "ns", "us", "ms", "s",
					     NULL };
	static const char *const none[] = { "", NULL };

	units = key->type == SCHEMA_SIZE ? sizes
	      : key->type == SCHEMA_TIME ? times : none;
	for (; units[1] && v >= unit && v % unit == 0; units++)
		v /= unit;
	return arena_printf(b->a, "%lld%s", (long long)v, *units);
}

static bool in_range(struct build *b, const struct yaml_node *n,
		     const struct schema_key *key, int64_t v)
{
	if (v >= key->min && v <= key->max)
		return true;
	if (key->max == INT64_MAX)
		yaml_error(b->d, n, "out-of-range", NULL,
			   "%s is too small: at least %s", n->text,
			   show(b, key, key->min));
	else
		yaml_error(b->d, n, "out-of-range", NULL,
			   "%s is out of range: from %s to %s", n->text,
			   show(b, key, key->min), show(b, key, key->max));
	return false;
}

static const char *const type_names[] = {
	[SCHEMA_STRING] = "a text",
	[SCHEMA_WORD] = "a word",
	[SCHEMA_INT] = "a number",
	[SCHEMA_UINT64] = "a number from 0 to 18446744073709551615",
	[SCHEMA_BOOL] = "true or false",
	[SCHEMA_SIZE] = "a size, as 512, 64KiB or 1MiB",
	[SCHEMA_TIME] = "a time, as 10ns, 1.5us, 3ms or 2s",
	[SCHEMA_ERRNO] = "the name of an error, as ENOSPC",
};

static bool report_number(struct build *b, const struct yaml_node *n,
			  const struct schema_key *key, enum text_number r)
{
	const char *hint = NULL;

	if (r == TEXT_OK)
		return true;
	if (r == TEXT_TOO_BIG) {
		yaml_error(b->d, n, "out-of-range", NULL, "%s is too large",
			   n->text);
		return false;
	}
	if (r == TEXT_NEEDS_UNIT)
		hint = arena_printf(b->a, "write the unit: %sns, %sus, %sms",
				    n->text, n->text, n->text);
	yaml_error(b->d, n, "wrong-type", hint, "expected %s, found %s",
		   type_names[key->type], yaml_describe(b->a, n));
	return false;
}

static bool read_int(struct build *b, const struct yaml_node *n,
		     const struct schema_key *key, struct schema_value *out)
{
	return report_number(b, n, key, text_int(n->text, &out->i)) &&
	       in_range(b, n, key, out->i);
}

static bool read_size(struct build *b, const struct yaml_node *n,
		      const struct schema_key *key, struct schema_value *out)
{
	return report_number(b, n, key, text_size(n->text, &out->i)) &&
	       in_range(b, n, key, out->i);
}

static bool read_time(struct build *b, const struct yaml_node *n,
		      const struct schema_key *key, struct schema_value *out)
{
	return report_number(b, n, key, text_time(n->text, &out->i)) &&
	       in_range(b, n, key, out->i);
}

static bool read_uint64(struct build *b, const struct yaml_node *n,
			const struct schema_key *key, struct schema_value *out)
{
	return report_number(b, n, key, text_uint(n->text, &out->u));
}

static bool read_bool(struct build *b, const struct yaml_node *n,
		      const struct schema_key *key, struct schema_value *out)
{
	static const char *const other[] = { "yes", "no", "on", "off", NULL };

	out->i = strcmp(n->text, "true") == 0;
	if (out->i || strcmp(n->text, "false") == 0)
		return true;
	for (size_t i = 0; other[i]; i++)
		if (strcmp(n->text, other[i]) == 0) {
			yaml_error(b->d, n, "wrong-type",
				   i % 2 ? "write false" : "write true",
				   "expected true or false, found '%s'",
				   n->text);
			return false;
		}
	build_wrong_type(b, n, type_names[key->type]);
	return false;
}

static bool read_word(struct build *b, const struct yaml_node *n,
		      const struct schema_key *key, struct schema_value *out)
{
	for (size_t i = 0; key->words[i]; i++)
		if (strcmp(key->words[i], n->text) == 0) {
			out->s = key->words[i];
			return true;
		}
	yaml_error(b->d, n, "wrong-value",
		   build_closest(b, n->text, key->words),
		   "'%s' must be %s, found %s", key->name,
		   build_join(b, key->words, " or "),
		   yaml_describe(b->a, n));
	return false;
}

static bool read_errno(struct build *b, const struct yaml_node *n,
		       const struct schema_key *key, struct schema_value *out)
{
	(void)key;
	out->i = fault_errno_number(n->text);
	out->s = n->text;
	if (out->i > 0)
		return true;
	yaml_error(b->d, n, "unknown-error",
		   "names of Linux: EBUSY, EIO, ENODEV, ENOMEM, ENOSPC...",
		   "unknown error '%s'", n->text);
	return false;
}

static bool read_string(struct build *b, const struct yaml_node *n,
			const struct schema_key *key, struct schema_value *out)
{
	(void)b;
	(void)key;
	out->s = n->text;
	return true;
}

static const struct {
	bool (*read)(struct build *b, const struct yaml_node *n,
		     const struct schema_key *key, struct schema_value *out);
	bool quotes; /* may stand in quotes */
} readers[] = {
	[SCHEMA_STRING] = { read_string, true },
	[SCHEMA_WORD] = { read_word, true },
	[SCHEMA_INT] = { read_int, false },
	[SCHEMA_UINT64] = { read_uint64, false },
	[SCHEMA_BOOL] = { read_bool, false },
	[SCHEMA_SIZE] = { read_size, true },
	[SCHEMA_TIME] = { read_time, true },
	[SCHEMA_ERRNO] = { read_errno, true },
};

bool schema_read_value(struct build *b, const struct yaml_node *n,
		       const struct schema_key *key, struct schema_value *out)
{
	out->node = n;
	if (n->kind != YAML_SCALAR || n->empty) {
		build_wrong_type(b, n, type_names[key->type]);
		return false;
	}
	if (n->quoted && !readers[key->type].quotes) {
		yaml_error(b->d, n, "wrong-type", "leave the quotes out",
			   "expected %s, found %s", type_names[key->type],
			   yaml_describe(b->a, n));
		return false;
	}
	out->given = readers[key->type].read(b, n, key, out);
	return out->given;
}

/* ---- maps ---- */

static const struct schema_key *find_key(const struct schema_map *map,
					 const char *name)
{
	for (const struct schema_key *k = map->keys; k->name; k++)
		if (strcmp(k->name, name) == 0)
			return k;
	return NULL;
}

static void unknown_key(struct build *b, const struct yaml_node *n,
			const struct schema_map *map,
			const struct schema_others *others)
{
	const char *names[MAX_NAMES + 1];
	size_t count = 0;

	for (const struct schema_key *k = map->keys; k->name; k++)
		names[count++] = k->name;
	if (others)
		for (size_t i = 0; others->names[i] && count < MAX_NAMES; i++)
			names[count++] = others->names[i];
	names[count] = NULL;
	build_unknown_key(b, n, names, map->name);
}

static void read_key(struct build *b, const struct yaml_node *n,
		     const struct schema_key *key, struct schema_value *out)
{
	if (key->type <= SCHEMA_ERRNO) {
		schema_read_value(b, n, key, out);
		return;
	}
	out->node = n;
	out->given = true;
}

static void set_default(struct build *b, const struct schema_key *key,
			struct schema_value *out)
{
	struct yaml_node n = { .kind = YAML_SCALAR, .text = key->deflt };

	schema_read_value(b, &n, key, out);
	out->given = false;
	out->node = NULL;
}

bool schema_read(struct build *b, const struct yaml_node *n,
		 const struct schema_map *map, struct schema_value *out,
		 const struct schema_others *others)
{
	memset(out, 0, map->count * sizeof(*out));
	for (size_t i = 0; i < map->count; i++)
		if (map->keys[i].deflt)
			set_default(b, &map->keys[i], &out[i]);
	if (!build_is_map(b, n))
		return false;
	for (const struct yaml_node *c = n->child; c; c = c->next) {
		const struct schema_key *k = find_key(map, c->key);

		if (k)
			read_key(b, c, k, &out[k - map->keys]);
		else if (!build_ignored_key(c->key) &&
			 !(others && others->take(others->arg, b, c)))
			unknown_key(b, c, map, others);
	}
	for (size_t i = 0; i < map->count; i++)
		if (map->keys[i].required && !out[i].node)
			yaml_error(b->d, n, "missing-key", NULL,
				   "%s lacks the key '%s': %s", map->name,
				   map->keys[i].name, map->keys[i].about);
	return true;
}
