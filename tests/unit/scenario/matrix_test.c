/* SPDX-License-Identifier: MIT */
/*
 * Cells: matrix, cases, exclude, substitution, defaults.
 */
#include <string.h>

#include "tests/shim/gtest_c.h"
#include "tests/unit/scenario/fakes.h"

/* The names of s.yaml's cells, one a line. */
static const char *cells(const char *text)
{
	static char names[4096];
	struct diag d;
	char **list;

	names[0] = '\0';
	fake_file("s.yaml", text);
	diag_init(&d);
	list = scenario_cells("s.yaml", &d);
	for (char **c = list; c && *c; c++) {
		strcat(names, "[");
		strcat(names, *c);
		strcat(names, "]");
	}
	for (size_t i = 0; i < d.count; i++)
		strcat(names, d.items[i].text);
	scenario_cells_free(list);
	diag_free(&d);
	return names;
}

TEST(matrix, file_without_one_has_one_cell)
{
	fake_enter();
	EXPECT_STREQ("[]", cells(FAKE_MACHINE));
	fake_leave();
}

TEST(matrix, last_axis_changes_fastest)
{
	fake_enter();
	EXPECT_STREQ("[a=1,b=x][a=1,b=y][a=2,b=x][a=2,b=y]",
		     cells(FAKE_MACHINE
			   "matrix: {a: [1, 2], b: [x, y]}\n"
			   "name: ${a}${b}\n"));
	fake_leave();
}

TEST(matrix, cases_come_first_in_the_name)
{
	fake_enter();
	EXPECT_STREQ("[one,a=1][one,a=2][two,a=1][two,a=2]",
		     cells(FAKE_MACHINE
			   "matrix: {a: [1, 2]}\n"
			   "cases: {one: {n: 1}, two: {n: 2}}\n"
			   "name: ${a}${n}\n"));
	fake_leave();
}

TEST(matrix, exclude)
{
	fake_enter();
	EXPECT_STREQ("[one,a=2,b=x][one,a=2,b=y][two,a=1,b=x][two,a=2,b=x]",
		     cells(FAKE_MACHINE
			   "matrix: {a: [1, 2], b: [x, y]}\n"
			   "cases: {one: {n: 1}, two: {n: 2}}\n"
			   "exclude:\n"
			   "  - {case: one, a: 1}\n"
			   "  - {case: two, b: y}\n"
			   "name: ${a}${b}${n}\n"));
	fake_leave();
}

TEST(matrix, ten_thousand_cells_and_no_more)
{
	static const char head[] = FAKE_MACHINE
		"matrix:\n  a: [0,1,2,3,4,5,6,7,8,9]\n"
		"  b: [0,1,2,3,4,5,6,7,8,9]\n"
		"  c: [0,1,2,3,4,5,6,7,8,9]\n";
	char text[1024];
	struct diag d;
	char **list;
	size_t n = 0;

	fake_enter();
	snprintf(text, sizeof(text),
		 "%s  d: [0,1,2,3,4,5,6,7,8,9]\nname: ${a}${b}${c}${d}\n",
		 head);
	fake_file("s.yaml", text);
	diag_init(&d);
	list = scenario_cells("s.yaml", &d);
	for (char **c = list; c && *c; c++)
		n++;
	EXPECT_EQ(10000, n);
	scenario_cells_free(list);
	snprintf(text, sizeof(text),
		 "%s  d: [0,1,2,3,4,5,6,7,8,9,10]\nname: ${a}${b}${c}${d}\n",
		 head);
	EXPECT_STREQ("more than 10000 cells", cells(text));
	diag_free(&d);
	fake_leave();
}

TEST(matrix, values_are_filled_in_and_typed_after_it)
{
	fake_enter();
	/* ${a} in quotes stays a number; brackets need the quotes. */
	struct scenario *s = fake_load_cell(
		FAKE_MACHINE
		"matrix: {a: [1, 2], b: [x, \"y\"]}\n"
		"workload:\n"
		"  - fake.work:\n"
		"      device: d0\n"
		"      amount: ${a}\n"
		"      label: l-${b}-$${a}-${a}\n",
		"[a=2,b=y]", NULL);

	EXPECT_STREQ("", fake_printed);
	ASSERT_TRUE(s);
	EXPECT_STREQ("a=2,b=y", s->cell);
	EXPECT_EQ(2, s->steps[0].values[1].i);
	EXPECT_STREQ("l-y-${a}-2", s->steps[0].values[3].s);
	scenario_free(s);
	fake_leave();
}

TEST(matrix, a_whole_value_may_be_a_list_or_a_map)
{
	fake_enter();
	struct scenario *s = fake_load_cell(
		"schema: 1\n"
		"machine:\n"
		"  guest: fake\n"
		"  devices:\n"
		"    - {id: d0, model: fake-disk, image: d.img, features: \"${f}\"}\n"
		"cases:\n"
		"  plain: {f: {offer: [FAKE_F_TWO]}}\n"
		"  bare: {f: {base: none}}\n",
		"[plain]", NULL);

	EXPECT_STREQ("", fake_printed);
	ASSERT_TRUE(s);
	EXPECT_EQ(UINT64_C(1) << 32 | 3, s->devices[0].config.features);
	scenario_free(s);
	fake_leave();
}

TEST(matrix, mistake_points_at_the_template_and_names_the_cell)
{
	fake_enter();
	EXPECT_FALSE(fake_load_cell(FAKE_MACHINE
				    "matrix: {n: [1, many]}\n"
				    "workload:\n"
				    "  - fake.work: {device: d0, amount: '${n}'}\n",
				    "[n=many]", NULL));
	EXPECT_STREQ("s.yaml:8:37: error: expected a number, found 'many'"
		     " (in cell [n=many]) [wrong-type]\n"
		     "    8 |   - fake.work: {device: d0, amount: '${n}'}\n"
		     "      |                                     ^~~~~~\n",
		     fake_printed);
	fake_leave();
}

TEST(matrix, row_replaces_parts_of_the_file)
{
	static const char text[] = FAKE_MACHINE
		"faults: [{point: guest.fake.irq}]\n"
		"workload: [{fake.idle: }, {fake.idle: }]\n"
		"cases:\n"
		"  same: {}\n"
		"  other:\n"
		"    n: 7\n"
		"    about: another\n"
		"    faults: []\n"
		"    workload:\n"
		"      - fake.work: {device: d0, amount: \"${n}\"}\n"
		"    expect: [{device: d0, vectors: \"${n}\"}]\n"
		"    known: {ref: bug}\n";

	fake_enter();
	struct scenario *s = fake_load_cell(text, "[same]", NULL);

	EXPECT_STREQ("", fake_printed);
	ASSERT_TRUE(s);
	EXPECT_EQ(1, s->nfaults);
	EXPECT_EQ(2, s->nsteps);
	EXPECT_EQ(0, s->nexpects);
	EXPECT_FALSE(s->known_ref);
	scenario_free(s);
	s = fake_load_cell(text, "[other]", NULL);
	ASSERT_TRUE(s);
	EXPECT_STREQ("other", s->cell);
	EXPECT_STREQ("another", s->about);
	EXPECT_EQ(0, s->nfaults);
	ASSERT_EQ(1, s->nsteps);
	EXPECT_EQ(7, s->steps[0].values[1].i);
	EXPECT_EQ(7, s->expects[0].checks[0].match.value.i);
	EXPECT_STREQ("bug", s->known_ref);
	scenario_free(s);
	fake_leave();
}

TEST(matrix, the_case_has_its_name)
{
	fake_enter();
	struct scenario *s = fake_load_cell(FAKE_MACHINE
					    "cases: {one: {}, two: {}}\n"
					    "name: case ${case}\n",
					    "[two]", NULL);

	ASSERT_TRUE(s);
	EXPECT_STREQ("case two", s->name);
	scenario_free(s);
	fake_leave();
}

TEST(matrix, cell_may_be_named_by_what_tells_it_apart)
{
	static const char text[] = FAKE_MACHINE
		"matrix: {a: [1, 2], b: [x, y]}\n"
		"exclude: [{a: 2, b: y}]\n"
		"name: ${a}${b}\n";

	fake_enter();
	struct scenario *s = fake_load_cell(text, "[a=2]", NULL);

	ASSERT_TRUE(s);
	EXPECT_STREQ("a=2,b=x", s->cell);
	scenario_free(s);
	s = fake_load_cell(text, "[b=x,a=1]", NULL);
	ASSERT_TRUE(s);
	EXPECT_STREQ("a=1,b=x", s->cell);
	scenario_free(s);
	EXPECT_FALSE(fake_load_cell(text, "[b=x]", NULL));
	EXPECT_STREQ("s.yaml: error: [b=x] fits 2 cells [needs-cell]\n"
		     "  hint: name one: s.yaml[a=1,b=x]\n"
		     "        s.yaml[a=2,b=x]\n", fake_printed);
	EXPECT_FALSE(fake_load_cell(text, "[a=3]", NULL));
	EXPECT_STREQ("s.yaml: error: no cell is called [a=3] [unknown-cell]\n"
		     "  hint: name one: s.yaml[a=1,b=x]\n"
		     "        s.yaml[a=1,b=y]\n"
		     "        s.yaml[a=2,b=x]\n", fake_printed);
	fake_leave();
}

TEST(matrix, file_without_cells_has_none_to_name)
{
	fake_enter();
	EXPECT_FALSE(fake_load_cell(FAKE_MACHINE, "[a=1]", NULL));
	EXPECT_STREQ("s.yaml: error: the file has no cells, so none is called"
		     " [a=1] [unknown-cell]\n", fake_printed);
	fake_leave();
}

/* ---- defaults ---- */

TEST(defaults, maps_merge_and_lists_replace)
{
	fake_enter();
	fake_file("common.inc",
		  "schema: 1\n"
		  "seed: 9\n"
		  "tags: [a, b]\n"
		  "machine:\n"
		  "  guest: fake\n"
		  "  cpus: 2\n"
		  "  memory: 16MiB\n"
		  "  devices: [{id: x, model: fake-disk, image: d.img}]\n");
	struct scenario *s = fake_load("defaults: common.inc\n"
				       "tags: [c]\n"
				       "machine: {cpus: 3}\n");

	EXPECT_STREQ("", fake_printed);
	ASSERT_TRUE(s);
	EXPECT_EQ(9, s->seed);
	EXPECT_STREQ("c", s->tags[0]);
	EXPECT_FALSE(s->tags[1]);
	EXPECT_EQ(3, s->cpus);
	EXPECT_EQ(16777216, s->memory);
	ASSERT_EQ(1, s->ndevices);
	EXPECT_STREQ("x", s->devices[0].id);
	EXPECT_STREQ("common.inc", s->devices[0].pos.file);
	scenario_free(s);
	fake_leave();
}

TEST(defaults, may_use_the_matrix_of_the_file)
{
	fake_enter();
	fake_file("common.inc",
		  "schema: 1\nmachine:\n  guest: fake\n  cpus: ${n}\n");
	struct scenario *s = fake_load_cell("defaults: common.inc\n"
					    "matrix: {n: [1, 2]}\n",
					    "[n=2]", NULL);

	EXPECT_STREQ("", fake_printed);
	ASSERT_TRUE(s);
	EXPECT_EQ(2, s->cpus);
	scenario_free(s);
	fake_leave();
}
