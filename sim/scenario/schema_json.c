/* SPDX-License-Identifier: MIT */
/*
 * The tables as JSON Schema draft-07, for editors: docs/scenario.schema.json.
 * A scalar may also be a ${name}, whose type an editor cannot know.  Draft-07
 * ignores what stands beside a $ref, hence the anyOf around each.
 */
#include <inttypes.h>
#include <string.h>

#include "sim/scenario/expect_keys.h"
#include "sim/scenario/schema.h"

struct json {
	FILE *out;
	unsigned depth;
	bool first; /* nothing stands before the next member */
};

static void put_text(const struct json *j, const char *s)
{
	fputc('"', j->out);
	for (; *s; s++) {
		if (*s == '"' || *s == '\\')
			fputc('\\', j->out);
		fputc(*s, j->out);
	}
	fputc('"', j->out);
}

/* The start of a member or, without a name, of an item. */
static void begin(struct json *j, const char *name)
{
	fprintf(j->out, "%s%s%*s", j->first ? "" : ",",
		j->depth ? "\n" : "", (int)j->depth * 2, "");
	j->first = false;
	if (!name)
		return;
	put_text(j, name);
	fputs(": ", j->out);
}

static void open_with(struct json *j, const char *name, char bracket)
{
	begin(j, name);
	fputc(bracket, j->out);
	j->depth++;
	j->first = true;
}

static void close_with(struct json *j, char bracket)
{
	j->depth--;
	fprintf(j->out, "\n%*s%c", (int)j->depth * 2, "", bracket);
	j->first = false;
}

static void text(struct json *j, const char *name, const char *value)
{
	begin(j, name);
	put_text(j, value);
}

/* A member whose value is JSON already. */
static void raw(struct json *j, const char *name, const char *value)
{
	begin(j, name);
	fputs(value, j->out);
}

static void number(struct json *j, const char *name, int64_t value)
{
	begin(j, name);
	fprintf(j->out, "%" PRId64, value);
}

static void ref(struct json *j, const char *name)
{
	begin(j, NULL);
	fprintf(j->out, "{\"$ref\": \"#/definitions/%s\"}", name);
}

static void words(struct json *j, const char *const *list)
{
	open_with(j, "enum", '[');
	for (; *list; list++)
		text(j, NULL, *list);
	close_with(j, ']');
}

/* ---- keys ---- */

static const char *const definitions[] = {
	[SCHEMA_STRING] = "text",
	[SCHEMA_UINT64] = "seed",
	[SCHEMA_BOOL] = "bool",
	[SCHEMA_SIZE] = "size",
	[SCHEMA_TIME] = "time",
	[SCHEMA_ERRNO] = "error",
	[SCHEMA_STRINGS] = "texts",
	[SCHEMA_STEPS] = "steps",
	[SCHEMA_EXPECTS] = "expectations",
	[SCHEMA_FEATURES] = "feature-list",
};

static void print_type(struct json *j, const struct schema_key *k)
{
	switch (k->type) {
	case SCHEMA_INT:
		open_with(j, NULL, '{');
		text(j, "type", "integer");
		number(j, "minimum", k->min);
		if (k->max != INT64_MAX)
			number(j, "maximum", k->max);
		close_with(j, '}');
		break;
	case SCHEMA_WORD:
		open_with(j, NULL, '{');
		words(j, k->words);
		close_with(j, '}');
		break;
	case SCHEMA_MAP:
		ref(j, k->map->name);
		break;
	case SCHEMA_MAPS:
		open_with(j, NULL, '{');
		text(j, "type", "array");
		begin(j, "items");
		fprintf(j->out, "{\"$ref\": \"#/definitions/%s\"}",
			k->map->name);
		close_with(j, '}');
		break;
	case SCHEMA_OPEN: /* matrix, cases, exclude, guest_options */
		ref(j, strcmp(k->name, "exclude") ? "open" : "opens");
		break;
	default:
		ref(j, definitions[k->type]);
	}
}

static void print_key(struct json *j, const struct schema_key *k)
{
	open_with(j, k->name, '{');
	text(j, "description", k->about);
	if (k->deflt)
		text(j, "default", k->deflt);
	open_with(j, "anyOf", '[');
	print_type(j, k);
	ref(j, "variable");
	close_with(j, ']');
	close_with(j, '}');
}

static void print_required(struct json *j, const struct schema_map *map)
{
	bool any = false;

	for (size_t i = 0; i < map->count; i++)
		any |= map->keys[i].required;
	if (!any)
		return;
	open_with(j, "required", '[');
	for (size_t i = 0; i < map->count; i++)
		if (map->keys[i].required)
			text(j, NULL, map->keys[i].name);
	close_with(j, ']');
}

static void print_keys(struct json *j, const struct schema_map *map)
{
	text(j, "type", "object");
	text(j, "description", map->about);
	open_with(j, "properties", '{');
	for (size_t i = 0; i < map->count; i++)
		print_key(j, &map->keys[i]);
	close_with(j, '}');
	raw(j, "patternProperties", "{\"^x-\": {}}");
	raw(j, "additionalProperties", map->others ? "true" : "false");
}

static void print_map(struct json *j, const struct schema_map *map)
{
	open_with(j, map->name, '{');
	print_keys(j, map);
	print_required(j, map);
	close_with(j, '}');
}

/* ---- expectations ---- */

static const char *const expect_definitions[] = {
	[EXPECT_TYPE_INT] = "expected-number",
	[EXPECT_TYPE_TIME] = "expected-time",
	[EXPECT_TYPE_MODE] = "expected-mode",
	[EXPECT_TYPE_MODES] = "expected-modes",
	[EXPECT_TYPE_PROBE] = "expected-probe",
	[EXPECT_TYPE_RUNG] = "expected-text",
	[EXPECT_TYPE_FEATURES] = "expected-features",
	[EXPECT_TYPE_LOG] = "expected-log",
	[EXPECT_TYPE_CPUS] = "expected-cpus",
	[EXPECT_TYPE_ORDER] = "texts",
	[EXPECT_TYPE_FINDING] = "text",
};

static void print_expect_key(struct json *j, const struct expect_key *k,
			     const char *name)
{
	open_with(j, name, '{');
	text(j, "description", k->about);
	open_with(j, "anyOf", '[');
	ref(j, expect_definitions[k->type]);
	ref(j, "variable");
	close_with(j, ']');
	close_with(j, '}');
}

/* Is there an earlier row of the same name, or of the same group? */
static bool seen(const struct expect_key *k, size_t len)
{
	for (const struct expect_key *e = expect_keys; e != k; e++)
		if (strncmp(e->name, k->name, len) == 0 &&
		    (e->name[len] == k->name[len]))
			return true;
	return false;
}

static void print_group(struct json *j, const struct expect_key *k,
			size_t len)
{
	char group[64];

	snprintf(group, sizeof(group), "%.*s", (int)len, k->name);
	open_with(j, group, '{');
	text(j, "type", "object");
	open_with(j, "properties", '{');
	for (const struct expect_key *e = k; e->name; e++)
		if (strncmp(e->name, k->name, len + 1) == 0)
			print_expect_key(j, e, e->name + len + 1);
	close_with(j, '}');
	raw(j, "additionalProperties", "false");
	close_with(j, '}');
}

static void print_expectation(struct json *j)
{
	open_with(j, "expectation", '{');
	text(j, "type", "object");
	open_with(j, "properties", '{');
	raw(j, "device", "{\"type\": \"string\"}");
	raw(j, "fault", "{\"type\": \"string\"}");
	raw(j, "guest", "{\"type\": \"string\"}");
	for (const struct expect_key *k = expect_keys; k->name; k++) {
		size_t len = strcspn(k->name, ".");

		if (seen(k, len))
			continue;
		if (k->name[len])
			print_group(j, k, len);
		else
			print_expect_key(j, k, k->name);
	}
	close_with(j, '}');
	raw(j, "patternProperties", "{\"^x-\": {}}");
	/* What a device's model lets be read, `config` and its like. */
	raw(j, "additionalProperties", "{\"$ref\": \"#/definitions/reading\"}");
	close_with(j, '}');
}

/* ---- the rest ---- */

/* What needs no table: the forms of scalars and of expected values. */
static const struct {
	const char *name, *json;
} fixed[] = {
	{ "variable", "{\"type\": \"string\", \"pattern\": \"\\\\$\\\\{[A-Za-z0-9_-]+\\\\}\"}" },
	{ "text", "{\"type\": [\"string\", \"number\", \"boolean\"]}" },
	{ "texts", "{\"type\": \"array\", \"items\": {\"$ref\": \"#/definitions/text\"}}" },
	{ "bool", "{\"type\": \"boolean\"}" },
	{ "seed", "{\"type\": \"integer\", \"minimum\": 0}" },
	{ "size", "{\"anyOf\": [{\"type\": \"integer\", \"minimum\": 0}, {\"type\": \"string\", \"pattern\": \"^[0-9][0-9_]* ?(B|KiB|MiB|GiB)?$\"}]}" },
	{ "time", "{\"anyOf\": [{\"const\": 0}, {\"type\": \"string\", \"pattern\": \"^[0-9][0-9_]*(\\\\.[0-9]+)? ?(ps|ns|us|ms|s)$\"}]}" },
	{ "error", "{\"type\": \"string\", \"pattern\": \"^E[A-Z0-9]+$\"}" },
	{ "open", "{\"type\": \"object\"}" },
	{ "opens", "{\"type\": \"array\", \"items\": {\"type\": \"object\"}}" },
	{ "feature", "{\"anyOf\": [{\"type\": \"string\"}, {\"type\": \"object\", \"properties\": {\"bit\": {\"type\": \"integer\", \"minimum\": 0, \"maximum\": 63}}, \"required\": [\"bit\"], \"additionalProperties\": false}]}" },
	{ "feature-list", "{\"type\": \"array\", \"items\": {\"$ref\": \"#/definitions/feature\"}}" },
	{ "steps", "{\"type\": \"array\", \"items\": {\"$ref\": \"#/definitions/step\"}}" },
	{ "step", "{\"type\": \"object\", \"minProperties\": 1, \"maxProperties\": 1, \"properties\": {\"expect\": {\"$ref\": \"#/definitions/expectations\"}, \"parallel\": {\"$ref\": \"#/definitions/steps\"}, \"repeat\": {\"$ref\": \"#/definitions/repeat\"}}, \"additionalProperties\": {\"anyOf\": [{\"type\": \"null\"}, {\"type\": \"object\"}]}}" },
	{ "expectations", "{\"type\": \"array\", \"items\": {\"$ref\": \"#/definitions/expectation\"}}" },
	{ "range", "{\"type\": \"object\", \"properties\": {\"min\": {}, \"max\": {}, \"not\": {}}, \"minProperties\": 1, \"additionalProperties\": false}" },
	{ "not", "{\"type\": \"object\", \"properties\": {\"not\": {}}, \"required\": [\"not\"], \"additionalProperties\": false}" },
	{ "expected-number", "{\"anyOf\": [{\"type\": \"integer\", \"minimum\": 0}, {\"$ref\": \"#/definitions/range\"}]}" },
	{ "reading", "{\"description\": \"values of a device by name, as its model lets them be read\", \"type\": \"object\", \"additionalProperties\": {\"anyOf\": [{\"$ref\": \"#/definitions/expected-number\"}, {\"$ref\": \"#/definitions/variable\"}]}}" },
	{ "expected-time", "{\"anyOf\": [{\"$ref\": \"#/definitions/time\"}, {\"$ref\": \"#/definitions/range\"}]}" },
	{ "expected-text", "{\"anyOf\": [{\"type\": \"string\"}, {\"$ref\": \"#/definitions/not\"}]}" },
	{ "expected-mode", "{\"anyOf\": [{\"$ref\": \"#/definitions/mode\"}, {\"$ref\": \"#/definitions/not\"}]}" },
	{ "expected-modes", "{\"anyOf\": [{\"type\": \"array\", \"items\": {\"anyOf\": [{\"$ref\": \"#/definitions/mode\"}, {\"const\": \"fails\"}, {\"$ref\": \"#/definitions/variable\"}]}}, {\"$ref\": \"#/definitions/not\"}]}" },
	{ "expected-cpus", "{\"anyOf\": [{\"type\": \"array\", \"items\": {\"anyOf\": [{\"type\": \"integer\", \"minimum\": 0, \"maximum\": 7}, {\"const\": \"none\"}, {\"$ref\": \"#/definitions/variable\"}]}}, {\"$ref\": \"#/definitions/not\"}]}" },
	{ "expected-probe", "{\"anyOf\": [{\"enum\": [\"ok\", \"fails\"]}, {\"type\": \"object\", \"properties\": {\"fails\": {\"$ref\": \"#/definitions/error\"}}, \"required\": [\"fails\"], \"additionalProperties\": false}]}" },
	{ "expected-features", "{\"anyOf\": [{\"$ref\": \"#/definitions/feature-list\"}, {\"type\": \"object\", \"properties\": {\"not\": {\"$ref\": \"#/definitions/feature-list\"}, \"exactly\": {\"$ref\": \"#/definitions/feature-list\"}}, \"minProperties\": 1, \"maxProperties\": 1, \"additionalProperties\": false}]}" },
	{ "expected-log", "{\"anyOf\": [{\"type\": \"string\"}, {\"type\": \"object\", \"properties\": {\"contains\": {\"type\": \"string\"}, \"not\": {\"type\": \"string\"}}, \"minProperties\": 1, \"maxProperties\": 1, \"additionalProperties\": false}]}" },
};

static void print_definitions(struct json *j)
{
	static const struct schema_map *const maps[] = {
		&schema_budget, &schema_machine, &schema_device,
		&schema_features, &schema_msix, &schema_fault, &schema_known,
		&schema_repeat,
	};

	open_with(j, "definitions", '{');
	for (size_t i = 0; i < sizeof(fixed) / sizeof(*fixed); i++)
		raw(j, fixed[i].name, fixed[i].json);
	open_with(j, "mode", '{');
	words(j, interrupt_modes);
	close_with(j, '}');
	print_expectation(j);
	for (size_t i = 0; i < sizeof(maps) / sizeof(*maps); i++)
		print_map(j, maps[i]);
	close_with(j, '}');
}

void schema_print_json(FILE *out)
{
	struct json j = { .out = out, .first = true };

	open_with(&j, NULL, '{');
	text(&j, "$schema", "http://json-schema.org/draft-07/schema#");
	text(&j, "title", "Ringside scenario, schema 1");
	print_keys(&j, &schema_root);
	/* What is required may come from the file of defaults. */
	raw(&j, "anyOf", "[{\"required\": [\"defaults\"]}, {\"required\": [\"schema\", \"machine\"]}]");
	print_definitions(&j);
	close_with(&j, '}');
	fputc('\n', out);
}
