/* SPDX-License-Identifier: MIT */
/*
 * Outcomes through a pipe: whole, or not at all.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/fuzz/outcome.h"
#include "tests/shim/gtest_c.h"

static struct outcome example(void)
{
	struct outcome o = {
		.kind = OUTCOME_FINDING, .met = 5, .time_ps = 1234567890123,
		.course = strdup("disk0  msix-per-queue\n"),
		.signature = strdup("leak in f < g"),
		.text = strdup("FAIL x\n  a leak\n"),
	};

	o.chances[0] = 11;
	o.chances[8] = 99;
	return o;
}

TEST(fuzz_outcome, there_and_back)
{
	struct outcome o = example(), again;
	struct textbuf out;

	textbuf_init(&out);
	outcome_pack(&o, &out);
	ASSERT_TRUE(outcome_unpack(&again, out.data, out.len));
	EXPECT_EQ(OUTCOME_FINDING, again.kind);
	EXPECT_EQ(5, again.met);
	EXPECT_EQ(1234567890123, again.time_ps);
	EXPECT_EQ(11, again.chances[0]);
	EXPECT_EQ(99, again.chances[8]);
	EXPECT_STREQ("disk0  msix-per-queue\n", again.course);
	EXPECT_STREQ("leak in f < g", again.signature);
	EXPECT_STREQ("FAIL x\n  a leak\n", again.text);
	outcome_free(&again);
	outcome_free(&o);
	textbuf_free(&out);
}

/* A child that dies while it writes gives no outcome. */
TEST(fuzz_outcome, cut_short)
{
	struct outcome o = example(), again;
	struct textbuf out;
	size_t len;

	textbuf_init(&out);
	outcome_pack(&o, &out);
	for (len = 0; len < out.len; len++)
		EXPECT_FALSE(outcome_unpack(&again, out.data, len));
	out.data[0] = 77; /* a kind that there is not */
	EXPECT_FALSE(outcome_unpack(&again, out.data, out.len));
	outcome_free(&o);
	textbuf_free(&out);
}

TEST(fuzz_outcome, of_a_process_that_died)
{
	struct outcome o;

	outcome_of_fault(&o, "its process died: Killed", "last words\n", 11);
	EXPECT_EQ(OUTCOME_FAULT, o.kind);
	EXPECT_STREQ("its process died: Killed", o.signature);
	EXPECT_STREQ("SIMULATOR FAULT   its process died: Killed\nlast words\n",
		     o.text);
	outcome_free(&o);
}
