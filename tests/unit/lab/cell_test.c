/* SPDX-License-Identifier: MIT */
/*
 * What a run sends back, as the grader takes it: only a list that came whole, says
 * that the run passed, and is empty, is a pass.
 */
#include <string.h>

#include "sim/lab/cell.h"
#include "tests/shim/gtest_c.h"

#define TAKE(c, bytes) take(c, bytes, sizeof(bytes))

/* The literal's own NUL ends the last field. */
static void take(struct lab_cell *c, const char *bytes, size_t len)
{
	const struct brood_result r = {
		.end = BROOD_DONE, .bytes = bytes, .len = len, .said = "",
	};

	lab_cell_take(c, &r);
}

TEST(lab_cell, passes_when_the_list_is_whole_and_empty)
{
	struct lab_cell c;

	TAKE(&c, "Awhat is tried\0Vpass\0Z");
	EXPECT_EQ(LAB_CELL_PASSED, c.state);
	EXPECT_STREQ("what is tried", c.about);
	EXPECT_EQ(0, c.nreasons);
	lab_cell_free(&c);
}

TEST(lab_cell, a_reason_fails_it_whatever_the_verdict_says)
{
	struct lab_cell c;

	TAKE(&c, "Vpass\0Rit leaked\0Pfind.c:3 in f\0Z");
	EXPECT_EQ(LAB_CELL_FAILED, c.state);
	EXPECT_EQ(1, c.nreasons);
	EXPECT_STREQ("it leaked", c.reasons[0].text);
	EXPECT_STREQ("find.c:3 in f", c.reasons[0].place);
	lab_cell_free(&c);
}

TEST(lab_cell, a_verdict_that_is_none_fails_it)
{
	struct lab_cell c;

	TAKE(&c, "Vfail\0Z");
	EXPECT_EQ(LAB_CELL_FAILED, c.state);
	EXPECT_EQ(1, c.nreasons);
	lab_cell_free(&c);
	TAKE(&c, "Z");
	EXPECT_EQ(LAB_CELL_FAILED, c.state);
	lab_cell_free(&c);
}

TEST(lab_cell, a_list_that_was_cut_off_fails_it)
{
	static const char whole[] = "Vpass\0Z";
	struct lab_cell c;
	size_t len;

	for (len = 0; len < sizeof(whole) - 1; len++) {
		TEST_ROW("%zu bytes", len);
		take(&c, whole, len);
		EXPECT_EQ(LAB_CELL_FAILED, c.state);
		EXPECT_EQ(1, c.nreasons);
		lab_cell_free(&c);
	}
}

TEST(lab_cell, a_process_that_died_fails_it_with_what_became_of_it)
{
	const struct brood_result died = {
		.end = BROOD_DIED, .number = 9, .bytes = "Vpass\0Z", .len = 0,
		.said = "",
	};
	struct lab_cell c;

	lab_cell_take(&c, &died);
	EXPECT_EQ(LAB_CELL_FAILED, c.state);
	EXPECT_EQ(1, c.nreasons);
	EXPECT_SUBSTR(c.reasons[0].text, "died");
	lab_cell_free(&c);
}

TEST(lab_cell, a_mistake_of_the_check_is_not_the_driver_s)
{
	struct lab_cell c;

	TAKE(&c, "Ix.yaml:1:1: unknown key\0Z");
	EXPECT_EQ(LAB_CELL_INVALID, c.state);
	lab_cell_free(&c);
}

TEST(lab_cell, words_of_a_student_move_no_terminal)
{
	struct lab_cell c;

	TAKE(&c, "R\33[2J\7gone\177\0Lone\ntwo\0Z");
	EXPECT_STREQ("?[2J?gone?", c.reasons[0].text);
	EXPECT_STREQ("one\ntwo", c.log);
	lab_cell_free(&c);
}

TEST(lab_cell, of_several_places_the_first_in_the_file_counts)
{
	struct lab_cell c;

	TAKE(&c, "Rhung\0P\0Pfind.c:9 in g\0Pfind.c:1 in h\0Vfail\0Z");
	EXPECT_EQ(1, c.nreasons);
	EXPECT_STREQ("find.c:9 in g", c.reasons[0].place);
	lab_cell_free(&c);
}
