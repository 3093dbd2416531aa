/* SPDX-License-Identifier: MIT */
/*
 * Which cells are chosen, and on which guests they run.
 */
#include <stdio.h>

#include "sim/suite/select.h"
#include "tests/shim/gtest_c.h"
#include "tests/unit/suite/folder.h"

/* The labels of the cells that are chosen from `.`, one a line. */
static const char *chosen(struct selection_wants w)
{
	static char labels[4096];
	const struct record_wants wants = { .json = false };
	char *here[] = { (char *)"." };
	struct selection s;
	struct results r;
	struct textbuf out;
	size_t i;

	if (!w.npaths) {
		w.paths = here;
		w.npaths = 1;
	}
	selection_make(&s, &w);
	textbuf_init(&out);
	results_init(&r);
	results_select(&r, &s, NULL, &wants);
	for (i = 0; i < r.count; i++) {
		if (!r.items[i].label.cell)
			continue;
		result_name(&r.items[i].label, &out);
		textbuf_char(&out, '\n');
	}
	results_free(&r);
	snprintf(labels, sizeof(labels), "%s", out.len ? out.data : "");
	textbuf_free(&out);
	selection_free(&s);
	return labels;
}

#define CHOSEN(...) chosen((struct selection_wants){ __VA_ARGS__ })

TEST(select, all_cells_in_the_order_of_files)
{
	folder_enter();
	folder_file("b.yaml", FOLDER_MACHINE);
	folder_file("a.yaml", FOLDER_MACHINE
		    "matrix: {q: [1, 2]}\nname: ${q}\n");
	EXPECT_STREQ("./a.yaml[q=1]\n./a.yaml[q=2]\n./b.yaml\n",
		     CHOSEN(.paths = NULL));
	folder_leave();
}

TEST(select, a_file_named_twice_counts_once)
{
	char *paths[] = { (char *)"./a.yaml", (char *)".",
			  (char *)"./a.yaml" };

	folder_enter();
	folder_file("a.yaml", FOLDER_MACHINE);
	folder_file("b.yaml", FOLDER_MACHINE);
	EXPECT_STREQ("./a.yaml\n./b.yaml\n", CHOSEN(.paths = paths,
						    .npaths = 3));
	folder_leave();
}

TEST(select, one_cell_by_its_name)
{
	char *paths[] = { (char *)"a.yaml[q=2]" };

	folder_enter();
	folder_file("a.yaml", FOLDER_MACHINE
		    "matrix: {q: [1, 2], r: [3, 4]}\nname: ${q}${r}\n");
	EXPECT_STREQ("a.yaml[q=2,r=3]\na.yaml[q=2,r=4]\n",
		     CHOSEN(.paths = paths, .npaths = 1));
	folder_leave();
}

TEST(select, filter_is_found_anywhere_in_file_and_cell)
{
	EXPECT_TRUE(selection_fits("balloon", "scenarios/balloon/x.yaml[q=1]"));
	EXPECT_TRUE(selection_fits("[q=1]", "scenarios/balloon/x.yaml[q=1]"));
	EXPECT_TRUE(selection_fits("ball*q=1", "scenarios/balloon/x.yaml[q=1]"));
	EXPECT_TRUE(selection_fits("b?lloon", "scenarios/balloon/x.yaml"));
	EXPECT_TRUE(selection_fits("", "x"));
	EXPECT_TRUE(selection_fits("*", "x"));
	EXPECT_TRUE(selection_fits("a*b*c", "xaxbxaxbc"));
	EXPECT_FALSE(selection_fits("[q=2]", "scenarios/balloon/x.yaml[q=1]"));
	EXPECT_FALSE(selection_fits("q*ball", "scenarios/balloon/x.yaml[q=1]"));
	EXPECT_FALSE(selection_fits("x.yaml?", "scenarios/x.yaml"));
	EXPECT_FALSE(selection_fits("Balloon", "scenarios/balloon"));
	EXPECT_FALSE(selection_fits("x", ""));
}

TEST(select, pattern_for_the_whole_text)
{
	EXPECT_TRUE(selection_is("x.yaml[q=1]", "x.yaml[q=1]"));
	EXPECT_TRUE(selection_is("*", ""));
	EXPECT_TRUE(selection_is("*", "x"));
	EXPECT_TRUE(selection_is("x*q=1?", "x.yaml[q=1,q=1]"));
	EXPECT_TRUE(selection_is("*q=1", "q=1,q=1"));
	EXPECT_TRUE(selection_is("", ""));
	EXPECT_FALSE(selection_is("", "x"));
	EXPECT_FALSE(selection_is("x.yaml", "x.yaml[q=1]"));
	EXPECT_FALSE(selection_is("yaml[q=1]", "x.yaml[q=1]"));
	EXPECT_FALSE(selection_is("*q=1", "q=1,q=12"));
	EXPECT_FALSE(selection_is("x?", "x"));
}

TEST(select, filter_and_tags)
{
	folder_enter();
	folder_file("a.yaml", FOLDER_MACHINE "tags: [ladder, blk]\n"
		    "matrix: {q: [1, 2]}\nname: ${q}\n");
	folder_file("b.yaml", FOLDER_MACHINE "tags: [blk, slow]\n");
	folder_file("c.yaml", FOLDER_MACHINE);
	EXPECT_STREQ("./a.yaml[q=2]\n", CHOSEN(.filter = "q=2"));
	EXPECT_STREQ("./a.yaml[q=1]\n./a.yaml[q=2]\n./b.yaml\n",
		     CHOSEN(.tags = "blk"));
	EXPECT_STREQ("./a.yaml[q=1]\n./a.yaml[q=2]\n./b.yaml\n",
		     CHOSEN(.tags = "slow,ladder"));
	EXPECT_STREQ("./a.yaml[q=1]\n./a.yaml[q=2]\n",
		     CHOSEN(.tags = "blk", .not_tags = "none,slow"));
	EXPECT_STREQ("./c.yaml\n", CHOSEN(.not_tags = "blk"));
	EXPECT_STREQ("", CHOSEN(.tags = "bl"));
	EXPECT_STREQ("", CHOSEN(.tags = "blk", .filter = "c.yaml"));
	folder_leave();
}

TEST(select, tag_that_the_matrix_fills_in)
{
	folder_enter();
	folder_file("a.yaml", FOLDER_MACHINE
		    "matrix: {kind: [slow, quick]}\ntags: [\"${kind}\"]\n");
	EXPECT_STREQ("./a.yaml[kind=slow]\n", CHOSEN(.tags = "slow"));
	folder_leave();
}

TEST(select, guest_in_place_of_the_files)
{
	folder_enter();
	folder_file("a.yaml", FOLDER_MACHINE);
	folder_file("b.yaml", "schema: 1\nmachine: {}\n");
	EXPECT_STREQ("./a.yaml --guest mine\n./b.yaml --guest mine\n",
		     CHOSEN(.guests = "mine"));
	/* Its own guest, named or by default, needs no option. */
	EXPECT_STREQ("./a.yaml\n./b.yaml\n", CHOSEN(.guests = "reference"));
	EXPECT_STREQ("./a.yaml\n./a.yaml --guest mine\n"
		     "./b.yaml\n./b.yaml --guest mine\n",
		     CHOSEN(.guests = "reference,mine,reference"));
	folder_leave();
}

TEST(select, guest_of_the_matrix_is_chosen_there)
{
	folder_enter();
	folder_file("a.yaml", FOLDER_ON_GUESTS
		    "matrix: {guest: [reference, linux-6.1], q: [1, 2]}\n"
		    "name: ${q}\n");
	EXPECT_STREQ("./a.yaml[guest=linux-6.1,q=1]\n"
		     "./a.yaml[guest=linux-6.1,q=2]\n",
		     CHOSEN(.guests = "linux-6.1"));
	folder_leave();
}

/* A patched guest is held to what the one before it is held to. */
TEST(select, guest_beside_the_matrix_stands_in_for_the_first_asked_for)
{
	folder_enter();
	folder_file("a.yaml", FOLDER_ON_GUESTS
		    "matrix: {guest: [reference, linux-6.1], q: [1, 2]}\n"
		    "name: ${q}\n");
	EXPECT_STREQ("./a.yaml[guest=linux-6.1,q=1]\n"
		     "./a.yaml[guest=linux-6.1,q=1] --guest mine\n"
		     "./a.yaml[guest=linux-6.1,q=2]\n"
		     "./a.yaml[guest=linux-6.1,q=2] --guest mine\n",
		     CHOSEN(.guests = "linux-6.1,mine"));
	EXPECT_STREQ("./a.yaml[guest=reference,q=1] --guest mine\n"
		     "./a.yaml[guest=reference,q=2] --guest mine\n",
		     CHOSEN(.guests = "mine"));
	folder_leave();
}

TEST(select, cells_that_differ_in_their_guest_are_a_group)
{
	char *paths[] = { (char *)"a.yaml" };
	const struct selection_wants w = { .paths = paths, .npaths = 1 };
	struct selection s;

	folder_enter();
	folder_file("a.yaml", FOLDER_ON_GUESTS
		    "matrix: {r: [1], guest: [x, y], q: [1]}\n"
		    "name: ${q}${r}\n");
	selection_make(&s, &w);
	ASSERT_EQ(2, s.ncells);
	EXPECT_STREQ("a.yaml[r=1,q=1]", s.cells[0].group);
	EXPECT_STREQ("a.yaml[r=1,q=1]", s.cells[1].group);
	EXPECT_STREQ("x", s.cells[0].runs_on);
	EXPECT_STREQ("y", s.cells[1].runs_on);
	selection_free(&s);
	folder_leave();
}

TEST(select, group_of_a_matrix_of_guests_alone_is_the_file)
{
	char *paths[] = { (char *)"a.yaml" };
	const struct selection_wants w = { .paths = paths, .npaths = 1 };
	struct selection s;

	folder_enter();
	folder_file("a.yaml", FOLDER_ON_GUESTS "matrix: {guest: [x, y]}\n");
	selection_make(&s, &w);
	ASSERT_EQ(2, s.ncells);
	EXPECT_STREQ("a.yaml", s.cells[0].group);
	selection_free(&s);
	folder_leave();
}

TEST(select, file_that_cannot_be_read_keeps_its_mistakes)
{
	char *paths[] = { (char *)"none.yaml", (char *)"a.yaml",
			  (char *)"bad.yaml" };
	const struct selection_wants w = { .paths = paths, .npaths = 3 };
	struct selection s;

	folder_enter();
	folder_file("a.yaml", FOLDER_MACHINE);
	folder_file("bad.yaml", "a: [\n");
	selection_make(&s, &w);
	ASSERT_EQ(3, s.nfiles);
	EXPECT_EQ(1, s.ncells);
	EXPECT_EQ(1, s.cells[0].file);
	EXPECT_EQ(1, s.files[0].mistakes.count);
	EXPECT_EQ(0, s.files[1].mistakes.count);
	EXPECT_EQ(1, s.files[2].mistakes.count);
	selection_free(&s);
	folder_leave();
}
