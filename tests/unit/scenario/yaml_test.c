/* SPDX-License-Identifier: MIT */
/*
 * The tree that comes of YAML: kinds, texts, positions.
 */
#include <string.h>

#include "sim/scenario/yaml.h"
#include "tests/shim/gtest_c.h"

struct parsed {
	struct scn_arena *a;
	struct diag d;
	struct yaml_node *root;
};

static struct parsed parse(const char *text)
{
	struct parsed p = { .a = arena_create() };
	struct yaml_file *file;

	diag_init(&p.d);
	file = yaml_file_from(p.a, "f", text, strlen(text), &p.d);
	p.root = file ? yaml_parse(p.a, file, &p.d) : NULL;
	return p;
}

static void end(struct parsed *p)
{
	diag_free(&p->d);
	arena_destroy(p->a);
}

static void at(const struct yaml_node *n, int line, int column)
{
	EXPECT_TRUE(n);
	if (!n)
		return;
	EXPECT_EQ(line, n->line);
	EXPECT_EQ(column, n->column);
}

TEST(yaml, kinds_and_counts)
{
	struct parsed p = parse("a: 1\nb: [x, y]\nc: {d: {e: f}}\ng:\n");

	ASSERT_TRUE(p.root);
	EXPECT_EQ(YAML_MAP, p.root->kind);
	EXPECT_EQ(4, p.root->count);
	EXPECT_STREQ("1", yaml_get(p.root, "a")->text);
	EXPECT_EQ(YAML_LIST, yaml_get(p.root, "b")->kind);
	EXPECT_EQ(2, yaml_get(p.root, "b")->count);
	EXPECT_STREQ("f", yaml_get(yaml_get(yaml_get(p.root, "c"), "d"),
				   "e")->text);
	EXPECT_TRUE(yaml_get(p.root, "g")->empty);
	EXPECT_FALSE(yaml_get(p.root, "h"));
	EXPECT_FALSE(yaml_get(yaml_get(p.root, "b"), "x"));
	end(&p);
}

TEST(yaml, positions_count_from_one_in_code_points)
{
	struct parsed p = parse("a: 1\n"
				"b:\n"
				"  - x\n"
				"  - \"quoted\"\n"
				"  - 'single'\n"
				"größe: [\"é\", ü, {k: v}]\n"
				"t: |\n"
				"  text\n"
				"e:\n"
				"l:\n"
				"- m: n\n");
	struct yaml_node *n;

	ASSERT_TRUE(p.root);
	at(p.root, 1, 1);
	at(yaml_get(p.root, "a"), 1, 4);
	at(yaml_get(p.root, "a")->keynode, 1, 1);
	n = yaml_get(p.root, "b");
	at(n, 3, 3);
	at(n->child, 3, 5);
	at(n->child->next, 4, 5);
	at(n->child->next->next, 5, 5);
	n = yaml_get(p.root, "größe");
	at(n->keynode, 6, 1);
	at(n, 6, 8);
	at(n->child, 6, 9);
	at(n->child->next, 6, 14);
	at(n->child->next->next, 6, 17);
	at(n->child->next->next->child, 6, 21);
	at(yaml_get(p.root, "t"), 7, 1); /* where its key is */
	at(yaml_get(p.root, "e"), 9, 1);
	at(yaml_get(p.root, "l")->child->child, 11, 6);
	end(&p);
}

TEST(yaml, texts)
{
	struct parsed p = parse("plain: a  b # comment\n"
				"single: 'it''s'\n"
				"double: \"a\\tb\\u00e9\"\n"
				"literal: |\n  l1\n  l2\n"
				"folded: >-\n  f1\n  f2\n"
				"lines: one\n  two\n"
				"colon: http://x\n"
				"null: null\n");

	ASSERT_TRUE(p.root);
	EXPECT_STREQ("a  b", yaml_get(p.root, "plain")->text);
	EXPECT_FALSE(yaml_get(p.root, "plain")->quoted);
	EXPECT_STREQ("it's", yaml_get(p.root, "single")->text);
	EXPECT_TRUE(yaml_get(p.root, "single")->quoted);
	EXPECT_STREQ("a\tb\xc3\xa9", yaml_get(p.root, "double")->text);
	EXPECT_STREQ("l1\nl2\n", yaml_get(p.root, "literal")->text);
	EXPECT_TRUE(yaml_get(p.root, "literal")->quoted);
	EXPECT_STREQ("f1 f2", yaml_get(p.root, "folded")->text);
	EXPECT_STREQ("one two", yaml_get(p.root, "lines")->text);
	EXPECT_STREQ("http://x", yaml_get(p.root, "colon")->text);
	EXPECT_STREQ("null", yaml_get(p.root, "null")->text);
	EXPECT_FALSE(yaml_get(p.root, "null")->empty);
	end(&p);
}

TEST(yaml, all_duplicates_are_reported)
{
	struct parsed p = parse("a: 1\nb: 2\na: 3\nb: 4\n");

	EXPECT_FALSE(p.root);
	EXPECT_EQ(2, p.d.count);
	EXPECT_EQ(4, p.d.items[1].pos.line);
	end(&p);
}

/* What is accepted although a looser reader of the same bytes would differ. */
TEST(yaml, markers_and_depth_at_the_limit)
{
	char deep[200] = "x: ";
	struct parsed p = parse("---\na: 1\n...\n");

	EXPECT_TRUE(p.root);
	end(&p);
	/* The root and 31 lists make 32 levels. */
	memset(deep + 3, '[', 31);
	memset(deep + 34, ']', 31);
	p = parse(deep);
	EXPECT_TRUE(p.root);
	end(&p);
	memset(deep + 3, '[', 32);
	memset(deep + 35, ']', 32);
	p = parse(deep);
	EXPECT_FALSE(p.root);
	end(&p);
}

TEST(yaml, quotes_and_brackets_inside_of_texts_are_no_brackets)
{
	static const char *const rows[] = {
		"a: it's [here\nb: @\n",
		"a: x # [ in a comment\nb: @\n",
		"a: \"[{\"\nb: @\n",
		"a: '[it''s{'\nb: @\n",
		"a: \"\\\"[\"\nb: @\n",
		"a: [1, x[2]\nb: @\n",
		"# it's\nb: @\n",
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct parsed p = parse(rows[i]);

		TEST_ROW("row %zu", i);
		EXPECT_FALSE(p.root);
		EXPECT_EQ(1, p.d.count);
		if (p.d.count)
			EXPECT_FALSE(strstr(p.d.items[0].text,
					    "never closed"));
		end(&p);
	}
}

TEST(yaml, the_innermost_unclosed_bracket_is_blamed)
{
	static const struct {
		const char *text;
		int line, column;
	} rows[] = {
		{ "a: [1\nb: 2\n", 1, 4 },
		{ "a: [1, {b: 2]\n", 1, 8 },
		{ "a: {b: [1}\n", 1, 8 },
		{ "a:\n  - [x, 'y]\n", 2, 9 },
		{ "a:\n  - \"y\n", 2, 5 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct parsed p = parse(rows[i].text);

		TEST_ROW("row %zu", i);
		ASSERT_EQ(1, p.d.count);
		EXPECT_STREQ("syntax", p.d.items[0].code);
		EXPECT_SUBSTR(p.d.items[0].text, "is never closed");
		EXPECT_EQ(rows[i].line, p.d.items[0].pos.line);
		EXPECT_EQ(rows[i].column, p.d.items[0].pos.column);
		end(&p);
	}
}
