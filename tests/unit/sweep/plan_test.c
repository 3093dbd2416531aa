/* SPDX-License-Identifier: MIT */
/*
 * Which points a sweep takes, what may go wrong at each, and how a bound is spread.
 */
#include "sim/sweep/plan.h"
#include "tests/shim/gtest_c.h"

static const struct fault_point points[] = {
	{ .name = "guest.irq.request", .errors = "EBUSY ENOMEM", .about = "" },
	{ .name = "device.features_ok", .errors = "", .about = "" },
	{ .name = "device.isr.sticks", .errors = "", .about = "",
	  .quirk = true },
	{ .name = "bus.mmio.read", .side = FAULT_SIDE_BUS, .errors = "",
	  .about = "", .effects = "all-ones zero flip stale" },
	{ .name = "bus.msi", .side = FAULT_SIDE_BUS, .errors = "",
	  .about = "", .effects = "lost", .quirk = true },
};

enum { REQUEST, FEATURES_OK, ISR, READ, MESSAGE, POINTS };

static struct fault_engine *engine;
static struct plan plan;

static void enter(const struct sweep_wants *w)
{
	size_t i;

	engine = fault_engine_create(1);
	for (i = 0; i < POINTS; i++)
		fault_engine_add_point(engine, &points[i]);
	plan_make(&plan, engine, w);
}

static void leave(void)
{
	plan_free(&plan);
	fault_engine_destroy(engine);
}

TEST(plan, each_error_is_a_choice)
{
	const struct sweep_wants w = { .workers = 1 };

	enter(&w);
	ASSERT_EQ(2, plan.points[REQUEST].count);
	EXPECT_EQ(16, plan.points[REQUEST].choices[0].error);
	EXPECT_STREQ("EBUSY", plan.points[REQUEST].choices[0].name);
	EXPECT_EQ(12, plan.points[REQUEST].choices[1].error);
	EXPECT_STREQ("ENOMEM", plan.points[REQUEST].choices[1].name);
	leave();
}

TEST(plan, a_point_without_errors_has_one_choice)
{
	const struct sweep_wants w = { .workers = 1 };

	enter(&w);
	ASSERT_EQ(1, plan.points[FEATURES_OK].count);
	EXPECT_EQ(0, plan.points[FEATURES_OK].choices[0].error);
	EXPECT_STREQ("", plan.points[FEATURES_OK].choices[0].name);
	leave();
}

TEST(plan, quirks_only_when_asked_for)
{
	struct sweep_wants w = { .workers = 1 };

	enter(&w);
	EXPECT_EQ(0, plan.points[ISR].count);
	EXPECT_EQ(0, plan.points[READ].count);
	EXPECT_EQ(0, plan.points[MESSAGE].count);
	leave();
	w.quirks = true;
	enter(&w);
	EXPECT_EQ(1, plan.points[ISR].count);
	EXPECT_EQ(4, plan.points[READ].count);
	EXPECT_EQ(1, plan.points[MESSAGE].count);
	leave();
}

TEST(plan, a_quirk_named_in_full_is_asked_for)
{
	struct sweep_wants w = { .workers = 1, .point = "device.isr.sticks" };

	enter(&w);
	EXPECT_EQ(1, plan.points[ISR].count);
	EXPECT_EQ(0, plan.points[FEATURES_OK].count);
	leave();
	w.point = "device.*";
	enter(&w);
	EXPECT_EQ(0, plan.points[ISR].count);
	EXPECT_EQ(1, plan.points[FEATURES_OK].count);
	leave();
}

TEST(plan, patterns_have_commas_between)
{
	struct sweep_wants w = { .workers = 1,
				 .point = "guest.irq,device.isr.sticks,bus" };

	enter(&w);
	EXPECT_EQ(2, plan.points[REQUEST].count);
	EXPECT_EQ(0, plan.points[FEATURES_OK].count);
	EXPECT_EQ(1, plan.points[ISR].count);
	EXPECT_EQ(0, plan.points[READ].count);
	leave();
	/* An empty one is none. */
	w.point = ",guest.irq.request,";
	enter(&w);
	EXPECT_EQ(2, plan.points[REQUEST].count);
	EXPECT_EQ(0, plan.points[FEATURES_OK].count);
	leave();
}

TEST(plan, access_is_the_reads_alone)
{
	const struct sweep_wants w = { .workers = 1, .access = true };

	enter(&w);
	EXPECT_EQ(0, plan.points[REQUEST].count);
	EXPECT_EQ(0, plan.points[MESSAGE].count);
	ASSERT_EQ(4, plan.points[READ].count);
	EXPECT_EQ(1, plan.points[READ].choices[0].effect);
	EXPECT_STREQ("all-ones", plan.points[READ].choices[0].name);
	EXPECT_EQ(4, plan.points[READ].choices[3].effect);
	EXPECT_STREQ("stale", plan.points[READ].choices[3].name);
	leave();
}

TEST(plan, a_bound_is_kept_and_spread)
{
	static const uint64_t bounds[] = { 1, 3, 7, 99, 100 };
	uint64_t n, taken, first;
	size_t i;

	for (i = 0; i < 5; i++) {
		for (n = taken = 0, first = 1000; n < 120; n++) {
			if (!plan_takes(n, 100, bounds[i]))
				continue;
			first = n < first ? n : first;
			taken += n < 100;
		}
		EXPECT_EQ(bounds[i], taken);
		/* One in each share of the whole. */
		EXPECT_TRUE(first < 100 / bounds[i] + 1);
	}
	EXPECT_TRUE(plan_takes(5, 100, 0));
	EXPECT_TRUE(plan_takes(500, 100, 0));
	EXPECT_FALSE(plan_takes(500, 100, 10));
}
