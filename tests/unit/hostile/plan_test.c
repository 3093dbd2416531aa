/* SPDX-License-Identifier: MIT */
/*
 * Plans: drawn from a seed, read from bytes, told in words.
 */
#include <string.h>

#include "sim/hostile/plan.h"
#include "tests/shim/gtest_c.h"

static const uint32_t all[HOSTILE_KINDS] = { 100, 50, 200, 90, 70,
					     80,  10, 4,   60 };

static bool same(const struct hostile_plan *a, const struct hostile_plan *b)
{
	return !memcmp(a, b, sizeof(*a));
}

TEST(hostile_plan, a_run_has_one_plan)
{
	struct hostile_plan a, b, c, d;

	hostile_plan_draw(&a, 7, 3, all);
	hostile_plan_draw(&b, 7, 3, all);
	hostile_plan_draw(&c, 7, 4, all);
	hostile_plan_draw(&d, 8, 3, all);
	EXPECT_TRUE(same(&a, &b));
	EXPECT_FALSE(same(&a, &c));
	EXPECT_FALSE(same(&a, &d));
}

/* Each kind comes, each within its chances, and none that has no chance. */
TEST(hostile_plan, steps_lie_within_the_chances)
{
	uint32_t seen[HOSTILE_KINDS] = { 0 }, some[HOSTILE_KINDS];
	struct hostile_plan plan;
	uint64_t run;
	size_t i;

	memcpy(some, all, sizeof(some));
	some[HOSTILE_LINE] = 0;
	for (run = 0; run < 2000; run++) {
		hostile_plan_draw(&plan, 1, run, some);
		EXPECT_TRUE(plan.count >= 1);
		for (i = 0; i < plan.count; i++) {
			const struct hostile_step *s = &plan.steps[i];

			EXPECT_TRUE(s->at < some[s->kind]);
			seen[s->kind]++;
		}
	}
	for (i = 0; i < HOSTILE_KINDS; i++)
		EXPECT_EQ(i != HOSTILE_LINE, seen[i] > 0);
}

TEST(hostile_plan, without_chances_there_is_nothing_to_do)
{
	const uint32_t none[HOSTILE_KINDS] = { 0 };
	struct hostile_plan plan;

	hostile_plan_draw(&plan, 1, 1, none);
	EXPECT_EQ(0, plan.count);
}

/* What is drawn can be written down for a fuzzer and read again. */
TEST(hostile_plan, bytes_and_back)
{
	uint8_t bytes[HOSTILE_STEPS * HOSTILE_STEP_BYTES];
	struct hostile_plan plan, again;
	uint64_t run;
	size_t len;

	for (run = 0; run < 500; run++) {
		hostile_plan_draw(&plan, 2, run, all);
		len = hostile_plan_encode(&plan, bytes);
		EXPECT_EQ(plan.count * 9, len);
		hostile_plan_decode(&again, bytes, len);
		EXPECT_TRUE(same(&plan, &again));
	}
}

TEST(hostile_plan, any_bytes_are_a_plan)
{
	uint8_t bytes[600];
	struct hostile_plan plan;
	size_t i;

	memset(bytes, 0xff, sizeof(bytes));
	hostile_plan_decode(&plan, bytes, sizeof(bytes));
	EXPECT_EQ(32, plan.count);
	for (i = 0; i < plan.count; i++)
		EXPECT_TRUE(plan.steps[i].kind < HOSTILE_KINDS &&
			    plan.steps[i].act < HOSTILE_ACTS);
	hostile_plan_decode(&plan, bytes, 8);
	EXPECT_EQ(0, plan.count);
}

TEST(hostile_plan, in_words)
{
	struct hostile_step s = { .kind = HOSTILE_REGISTER_READ,
				  .act = HOSTILE_ONES, .at = 40 };
	char text[100];

	hostile_step_text(&s, text, sizeof(text));
	EXPECT_STREQ("register read 41: all ones, from then on", text);
	s = (struct hostile_step){ .kind = HOSTILE_MESSAGE,
				   .act = HOSTILE_LOSE, .times = 1 };
	EXPECT_EQ((int)strlen("message 1: lost"),
		  hostile_step_text(&s, text, sizeof(text)));
	EXPECT_STREQ("message 1: lost", text);
	s.times = 3;
	hostile_step_text(&s, text, sizeof(text));
	EXPECT_STREQ("message 1: lost, 3 times", text);
	hostile_step_text(&s, text, 8);
	EXPECT_STREQ("message", text);
}
