/* SPDX-License-Identifier: MIT */
/*
 * The tables as Markdown: the key reference of docs/scenario-format.md.
 */
#include <inttypes.h>
#include <string.h>

#include "sim/scenario/expect_keys.h"
#include "sim/scenario/schema.h"

static const char *const type_words[] = {
	[SCHEMA_STRING] = "text",
	[SCHEMA_WORD] = "word",
	[SCHEMA_INT] = "number",
	[SCHEMA_UINT64] = "number",
	[SCHEMA_BOOL] = "true, false",
	[SCHEMA_SIZE] = "size",
	[SCHEMA_TIME] = "time",
	[SCHEMA_ERRNO] = "error name",
	[SCHEMA_STRINGS] = "list of texts",
	[SCHEMA_MAP] = "map",
	[SCHEMA_MAPS] = "list of maps",
	[SCHEMA_STEPS] = "list of steps",
	[SCHEMA_EXPECTS] = "list of expectations",
	[SCHEMA_FEATURES] = "list of features",
	[SCHEMA_OPEN] = "map",
};

static void print_range(FILE *out, const struct schema_key *k)
{
	if (k->type == SCHEMA_INT && k->max == INT64_MAX)
		fprintf(out, ", from %" PRId64, k->min);
	else if (k->type == SCHEMA_INT)
		fprintf(out, ", %" PRId64 " to %" PRId64, k->min, k->max);
	for (size_t i = 0; k->words && k->words[i]; i++)
		fprintf(out, "%s`%s`", i ? ", " : ": ", k->words[i]);
}

static void print_map(FILE *out, const struct schema_map *map,
		      const char *title)
{
	fprintf(out, "### %s\n\n%s\n\n| key | type | default | meaning |\n"
		     "|---|---|---|---|\n", title, map->about);
	for (size_t i = 0; i < map->count; i++) {
		const struct schema_key *k = &map->keys[i];

		fprintf(out, "| `%s` | %s", k->name,
			strcmp(k->name, "exclude") ? type_words[k->type]
						   : "list of maps");
		print_range(out, k);
		if (k->required)
			fputs(" | required", out);
		else if (k->deflt)
			fprintf(out, " | `%s`", k->deflt);
		else
			fputs(" |", out);
		fprintf(out, " | %s |\n", k->about);
	}
	if (map->others)
		fprintf(out, "\nOther keys are those of %s.\n", map->others);
	fputc('\n', out);
}

static const char *const expect_words[] = {
	[EXPECT_TYPE_INT] = "number, `{min:, max:}`, `{not:}`",
	[EXPECT_TYPE_TIME] = "time, `{min:, max:}`, `{not:}`",
	[EXPECT_TYPE_MODE] = "mode, `{not:}`",
	[EXPECT_TYPE_MODES] = "list of modes, `{not:}`",
	[EXPECT_TYPE_PROBE] = "`ok`, `fails`, `{fails: ERROR}`",
	[EXPECT_TYPE_RUNG] = "text, `{not:}`",
	[EXPECT_TYPE_FEATURES] = "list of features, `{not:}`, `{exactly:}`",
	[EXPECT_TYPE_LOG] = "`{contains: text}`, `{not: text}`",
	[EXPECT_TYPE_CPUS] = "list of CPUs and `none`, `{not:}`",
	[EXPECT_TYPE_ORDER] = "list of events",
	[EXPECT_TYPE_FINDING] = "code, or code and text",
};

static const char *const about_words[] = {
	[SUBJECT_DEVICE] = "device", [SUBJECT_FAULT] = "fault",
	[SUBJECT_ORDER] = "run", [SUBJECT_RUN] = "run",
};

static void print_expect_keys(FILE *out)
{
	fputs("### expect\n\nThe keys of an expectation.\n\n"
	      "| about | key | value | meaning |\n|---|---|---|---|\n", out);
	for (const struct expect_key *k = expect_keys; k->name; k++) {
		fprintf(out, "| %s | `%s` | %s | %s",
			about_words[k->subject], k->name,
			expect_words[k->type], k->about);
		if (k->has_default)
			fprintf(out, "; %" PRId64 " where nothing is written",
				k->deflt);
		fputs(" |\n", out);
	}
	fputs("\nInterrupt modes: ", out);
	for (size_t i = 0; interrupt_modes[i]; i++)
		fprintf(out, "%s`%s`", i ? ", " : "", interrupt_modes[i]);
	fputs(".\n", out);
}

void schema_print_reference(FILE *out)
{
	print_map(out, &schema_root, "The file");
	print_map(out, &schema_budget, "budget");
	print_map(out, &schema_machine, "machine");
	print_map(out, &schema_device, "machine.devices");
	print_map(out, &schema_features, "machine.devices, features");
	print_map(out, &schema_msix, "machine.devices, msix");
	print_map(out, &schema_fault, "faults");
	print_map(out, &schema_repeat, "workload, repeat");
	print_map(out, &schema_known, "known");
	print_expect_keys(out);
}
