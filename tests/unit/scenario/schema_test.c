/* SPDX-License-Identifier: MIT */
/*
 * What is generated from the tables is what the repository holds:
 * docs/scenario.schema.json and the key reference in docs/scenario-format.md.
 * With RINGSIDE_UPDATE_GOLDEN=1 both are written anew.
 */
#define _GNU_SOURCE /* open_memstream */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/schema.h"
#include "tests/shim/gtest_c.h"

#define DOCS RINGSIDE_SOURCE_DIR "/docs/"
#define BEGIN "<!-- keys: generated from sim/scenario/schema.c -->\n"
#define END "<!-- end of keys -->\n"

static char *slurp(const char *name)
{
	FILE *f = fopen(name, "rb");
	char *text = calloc(1, 1 << 18);

	if (f && text)
		text[fread(text, 1, (1 << 18) - 1, f)] = '\0';
	if (f)
		fclose(f);
	return text;
}

static void update(const char *name, const char *a, const char *b,
		   const char *c)
{
	FILE *f;

	if (!getenv("RINGSIDE_UPDATE_GOLDEN"))
		return;
	f = fopen(name, "wb");
	if (f) {
		fprintf(f, "%s%s%s", a, b, c);
		fclose(f);
	}
}

static char *generated(void (*print)(FILE *out))
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	print(out);
	fclose(out);
	return text;
}

TEST(schema, json_schema_is_the_one_in_docs)
{
	char *now = generated(schema_print_json), *there;

	update(DOCS "scenario.schema.json", now, "", "");
	there = slurp(DOCS "scenario.schema.json");
	EXPECT_STREQ(there, now);
	free(there);
	free(now);
}

TEST(schema, key_reference_is_the_one_in_docs)
{
	char *now = generated(schema_print_reference);
	char *page = slurp(DOCS "scenario-format.md");
	char *begin = strstr(page, BEGIN), *end;

	end = begin ? strstr(begin, END) : NULL;
	if (end) {
		char *head = strndup(page, (size_t)(begin - page) +
					   strlen(BEGIN));
		char *tail = strdup(end);

		update(DOCS "scenario-format.md", head, now, tail);
		if (!getenv("RINGSIDE_UPDATE_GOLDEN")) {
			*end = '\0';
			EXPECT_STREQ(begin + strlen(BEGIN), now);
		}
		free(head);
		free(tail);
	} else {
		ADD_FAILURE("the page lacks its marks");
	}
	free(page);
	free(now);
}

static const struct schema_map *const maps[] = {
	&schema_root, &schema_budget, &schema_machine, &schema_device,
	&schema_features, &schema_msix, &schema_fault, &schema_known,
	&schema_repeat,
};

/* A hole in a designated table would be a key without a name. */
TEST(schema, tables_have_no_holes)
{
	for (size_t m = 0; m < sizeof(maps) / sizeof(*maps); m++) {
		for (size_t i = 0; i < maps[m]->count; i++) {
			const struct schema_key *k = &maps[m]->keys[i];

			TEST_ROW("%s, row %zu", maps[m]->name, i);
			ASSERT_TRUE(k->name);
			EXPECT_TRUE(k->about && *k->about);
			EXPECT_FALSE(k->required && k->deflt);
			EXPECT_EQ(k->type == SCHEMA_WORD, k->words != NULL);
		}
		EXPECT_FALSE(maps[m]->keys[maps[m]->count].name);
	}
}
