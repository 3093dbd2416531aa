/* SPDX-License-Identifier: MIT */
/*
 * The fault engine: which calls fail.
 */
#include <string.h>

#include "sim/fault/fault.h"
#include "tests/shim/gtest_c.h"

static const struct fault_point request = {
	.name = "guest.irq.request", .errors = "EBUSY ENOMEM",
};
static const struct fault_point vector = {
	.name = "device.msix.queue_vector", .errors = "", .by_queue = true,
};

#define ANY .device = FAULT_ANY, .queue = FAULT_ANY, .cpu = FAULT_ANY

/* Which of `n` calls fail, as a string: "..x.". */
static const char *run(struct fault_rule rule, uint64_t seed, unsigned int n)
{
	static char text[128];
	struct fault_engine *e = fault_engine_create(seed);
	struct fault_hit hit;
	unsigned int i;

	rule.point = fault_engine_add_point(e, &request);
	fault_engine_add_rule(e, &rule);
	for (i = 0; i < n; i++)
		text[i] = fault_engine_hit(e, rule.point, 0, FAULT_ANY, 0,
					   &hit) ? 'x' : '.';
	text[n] = '\0';
	fault_engine_destroy(e);
	return text;
}

TEST(fault, nth_times_interval)
{
	EXPECT_STREQ("x.....", run((struct fault_rule){ ANY, .times = 1 }, 1,
				   6));
	EXPECT_STREQ("..x...", run((struct fault_rule){ ANY, .nth = 3,
							.times = 1 }, 1, 6));
	EXPECT_STREQ(".xxx..", run((struct fault_rule){ ANY, .nth = 2,
							.times = 3 }, 1, 6));
	EXPECT_STREQ(".xxxxx", run((struct fault_rule){ ANY, .nth = 2 }, 1,
				   6));
	EXPECT_STREQ("x..x..x..x", run((struct fault_rule){ ANY,
							    .interval = 3 },
				       1, 10));
	EXPECT_STREQ(".x.x......", run((struct fault_rule){ ANY, .nth = 2,
				       .interval = 2, .times = 2 }, 1, 10));
}

TEST(fault, space_is_used_up_first)
{
	struct fault_engine *e = fault_engine_create(1);
	struct fault_rule r = { ANY, .space = 1000 };
	struct fault_hit hit;

	r.point = fault_engine_add_point(e, &request);
	fault_engine_add_rule(e, &r);
	EXPECT_FALSE(fault_engine_hit(e, r.point, 0, 600, 0, &hit));
	EXPECT_FALSE(fault_engine_hit(e, r.point, 0, 600, 0, &hit));
	EXPECT_TRUE(fault_engine_hit(e, r.point, 0, 600, 0, &hit));
	fault_engine_destroy(e);
	/* Without an index each call is one unit. */
	EXPECT_STREQ("..xx", run((struct fault_rule){ ANY, .space = 2 }, 1,
				 4));
}

TEST(fault, narrowing_counts_only_what_matches)
{
	struct fault_engine *e = fault_engine_create(1);
	struct fault_rule r = { .device = 1, .queue = 2, .cpu = FAULT_ANY,
				.nth = 2, .times = 1 };
	struct fault_hit hit;
	size_t rule;

	r.point = fault_engine_add_point(e, &vector);
	rule = fault_engine_add_rule(e, &r);
	EXPECT_FALSE(fault_engine_hit(e, r.point, 1, 2, 0, &hit));
	EXPECT_FALSE(fault_engine_hit(e, r.point, 0, 2, 0, &hit));
	EXPECT_FALSE(fault_engine_hit(e, r.point, 1, 3, 0, &hit));
	EXPECT_FALSE(fault_engine_hit(e, r.point, 1, FAULT_ANY, 0, &hit));
	EXPECT_EQ(1, fault_rule_calls(e, rule));
	EXPECT_TRUE(fault_engine_hit(e, r.point, 1, 2, 3, &hit));
	EXPECT_EQ(2, hit.call);
	EXPECT_EQ(rule, hit.rule);
	EXPECT_EQ(0, hit.error); /* the point has no errno */
	EXPECT_EQ(5, fault_point_calls(e, r.point));
	EXPECT_EQ(1, fault_rule_hits(e, rule));
	fault_engine_destroy(e);
}

TEST(fault, cpu_narrows_too)
{
	struct fault_engine *e = fault_engine_create(1);
	struct fault_rule r = { .device = FAULT_ANY, .queue = FAULT_ANY,
				.cpu = 1 };
	struct fault_hit hit;

	r.point = fault_engine_add_point(e, &request);
	fault_engine_add_rule(e, &r);
	EXPECT_FALSE(fault_engine_hit(e, r.point, 0, FAULT_ANY, 0, &hit));
	EXPECT_TRUE(fault_engine_hit(e, r.point, 0, FAULT_ANY, 1, &hit));
	fault_engine_destroy(e);
}

TEST(fault, the_first_rule_wins_and_all_count)
{
	struct fault_engine *e = fault_engine_create(1);
	struct fault_rule first = { ANY, .nth = 2, .times = 1, .error = 12 };
	struct fault_rule second = { ANY };
	struct fault_hit hit = { 0 };

	first.point = second.point = fault_engine_add_point(e, &request);
	fault_engine_add_rule(e, &first);
	fault_engine_add_rule(e, &second);
	EXPECT_TRUE(fault_engine_hit(e, first.point, 0, 0, 0, &hit));
	EXPECT_EQ(1, hit.rule);
	EXPECT_EQ(16, hit.error); /* EBUSY: the point's default */
	EXPECT_TRUE(fault_engine_hit(e, first.point, 0, 0, 0, &hit));
	EXPECT_EQ(0, hit.rule);
	EXPECT_EQ(12, hit.error);
	EXPECT_EQ(2, fault_rule_calls(e, 1));
	EXPECT_EQ(1, fault_rule_hits(e, 1));
	EXPECT_EQ(2, fault_rule_calls(e, 0));
	fault_engine_destroy(e);
}

TEST(fault, probability_is_seeded)
{
	struct fault_rule r = { ANY, .probability = 50 };
	char one[65], two[65];

	strcpy(one, run(r, 7, 64));
	strcpy(two, run(r, 8, 64));
	EXPECT_STREQ(one, run(r, 7, 64));
	EXPECT_NE(0, strcmp(one, two));
	EXPECT_NE(NULL, strchr(one, 'x'));
	EXPECT_NE(NULL, strchr(one, '.'));
}

TEST(fault, probability_is_about_what_it_says)
{
	struct fault_engine *e = fault_engine_create(3);
	struct fault_rule r = { ANY, .probability = 10 };
	struct fault_hit hit;
	unsigned int i;

	r.point = fault_engine_add_point(e, &request);
	fault_engine_add_rule(e, &r);
	for (i = 0; i < 10000; i++)
		fault_engine_hit(e, r.point, 0, 0, 0, &hit);
	EXPECT_GT(fault_rule_hits(e, 0), 850);
	EXPECT_LT(fault_rule_hits(e, 0), 1150);
	fault_engine_destroy(e);
}

/* Another rule in the file changes nothing for this one. */
TEST(fault, rules_do_not_disturb_each_other)
{
	struct fault_rule r = { ANY, .probability = 30 };
	struct fault_rule other = { ANY, .probability = 50 };
	struct fault_engine *e = fault_engine_create(7);
	struct fault_hit hit;
	char alone[101], beside[101];
	unsigned int i;

	strcpy(alone, run(r, 7, 100));
	r.point = fault_engine_add_point(e, &request);
	other.point = fault_engine_add_point(e, &vector);
	fault_engine_add_rule(e, &r);
	fault_engine_add_rule(e, &other);
	for (i = 0; i < 100; i++) {
		fault_engine_hit(e, other.point, 0, 0, 0, &hit);
		beside[i] = fault_engine_hit(e, r.point, 0, FAULT_ANY, 0,
					     &hit) ? 'x' : '.';
	}
	beside[100] = '\0';
	EXPECT_STREQ(alone, beside);
	fault_engine_destroy(e);
}

TEST(fault, each_rule_draws_for_itself)
{
	struct fault_engine *e = fault_engine_create(7);
	struct fault_rule a = { ANY, .probability = 50 }, b = a;
	struct fault_hit hit;
	unsigned int i, same = 0;

	a.point = fault_engine_add_point(e, &request);
	b.point = fault_engine_add_point(e, &vector);
	fault_engine_add_rule(e, &a);
	fault_engine_add_rule(e, &b);
	for (i = 0; i < 1000; i++)
		same += fault_engine_hit(e, a.point, 0, 0, 0, &hit) ==
			fault_engine_hit(e, b.point, 0, 0, 0, &hit);
	EXPECT_GT(same, 400);
	EXPECT_LT(same, 600);
	fault_engine_destroy(e);
}

TEST(fault, points_are_joined_once)
{
	struct fault_engine *e = fault_engine_create(1);
	struct fault_point again = request;

	EXPECT_EQ(FAULT_ANY, fault_engine_find(e, "guest.irq.request"));
	EXPECT_EQ(0, fault_engine_add_point(e, &request));
	EXPECT_EQ(1, fault_engine_add_point(e, &vector));
	EXPECT_EQ(0, fault_engine_add_point(e, &again));
	EXPECT_EQ(2, fault_engine_points(e));
	EXPECT_EQ(1, fault_engine_find(e, "device.msix.queue_vector"));
	EXPECT_EQ(&request, fault_engine_point(e, 0));
	EXPECT_EQ(NULL, fault_engine_point(e, 2));
	fault_engine_destroy(e);
}

TEST(fault, errno_names_of_linux)
{
	EXPECT_EQ(28, fault_errno_number("ENOSPC"));
	EXPECT_EQ(16, fault_errno_number("EBUSY"));
	EXPECT_EQ(12, fault_errno_number("ENOMEM"));
	EXPECT_EQ(19, fault_errno_number("ENODEV"));
	EXPECT_EQ(110, fault_errno_number("ETIMEDOUT"));
	EXPECT_EQ(517, fault_errno_number("EPROBE_DEFER"));
	EXPECT_EQ(0, fault_errno_number("ENOSUCH"));
	EXPECT_EQ(0, fault_errno_number(NULL));
	EXPECT_STREQ("EINVAL", fault_errno_name(22));
	EXPECT_STREQ("EIO", fault_errno_name(5));
	EXPECT_EQ(NULL, fault_errno_name(0));
	EXPECT_EQ(NULL, fault_errno_name(-5));
}

/* ---- effects ---- */

static const struct fault_point message = {
	.name = "bus.message", .errors = "", .effects = "lost twice late",
	.quirk = true,
};

TEST(fault, effects_have_numbers_from_1)
{
	char name[FAULT_EFFECT_NAME];

	EXPECT_EQ(1, fault_effect_find(&message, "lost"));
	EXPECT_EQ(3, fault_effect_find(&message, "late"));
	EXPECT_EQ(0, fault_effect_find(&message, "lat"));
	EXPECT_EQ(0, fault_effect_find(&message, "lost twice"));
	EXPECT_EQ(0, fault_effect_find(&message, ""));
	EXPECT_EQ(0, fault_effect_find(&request, "EBUSY"));
	EXPECT_STREQ("twice", fault_effect_name(&message, 2, name,
						sizeof(name)));
	EXPECT_EQ(NULL, fault_effect_name(&message, 0, name, sizeof(name)));
	EXPECT_EQ(NULL, fault_effect_name(&message, 4, name, sizeof(name)));
	EXPECT_EQ(NULL, fault_effect_name(&request, 1, name, sizeof(name)));
}

static int value_of(const struct fault_point *p, struct fault_rule r)
{
	struct fault_engine *e = fault_engine_create(1);
	struct fault_hit hit;
	int value = 0;

	r.point = fault_engine_add_point(e, p);
	fault_engine_add_rule(e, &r);
	if (fault_engine_hit(e, r.point, 0, FAULT_ANY, 0, &hit))
		value = fault_hit_value(&hit);
	fault_engine_destroy(e);
	return value;
}

TEST(fault, a_site_is_told_the_error_or_the_effect_or_1)
{
	EXPECT_EQ(16, value_of(&request, (struct fault_rule){ ANY }));
	EXPECT_EQ(12, value_of(&request, (struct fault_rule){ ANY,
							      .error = 12 }));
	EXPECT_EQ(1, value_of(&message, (struct fault_rule){ ANY }));
	EXPECT_EQ(3, value_of(&message, (struct fault_rule){ ANY,
							     .effect = 3 }));
	EXPECT_EQ(1, value_of(&vector, (struct fault_rule){ ANY }));
}

/* ---- when ---- */

static uint64_t the_time;

static uint64_t tell_time(void *arg)
{
	EXPECT_EQ(&the_time, arg);
	return the_time;
}

static bool call_at(struct fault_engine *e, uint64_t time)
{
	struct fault_hit hit;

	the_time = time;
	return fault_engine_hit(e, 0, 0, FAULT_ANY, 0, &hit);
}

static struct fault_engine *with_rule(struct fault_rule r)
{
	struct fault_engine *e = fault_engine_create(1);

	r.point = fault_engine_add_point(e, &request);
	fault_engine_add_rule(e, &r);
	fault_engine_clock(e, tell_time, &the_time);
	return e;
}

TEST(fault, after_counts_from_power_on)
{
	struct fault_engine *e = with_rule((struct fault_rule){
		ANY, .after = 5000, .nth = 2, .times = 1 });

	EXPECT_FALSE(call_at(e, 0));
	EXPECT_FALSE(call_at(e, 4999));
	EXPECT_FALSE(call_at(e, 5000));
	EXPECT_EQ(1, fault_rule_calls(e, 0));
	EXPECT_TRUE(call_at(e, 5000));
	EXPECT_FALSE(call_at(e, 9000));
	EXPECT_EQ(5, fault_point_calls(e, 0));
	fault_engine_destroy(e);
}

TEST(fault, a_rule_that_waits_counts_calls_while_armed)
{
	struct fault_engine *e = with_rule((struct fault_rule){
		ANY, .waits = true, .nth = 2 });

	EXPECT_FALSE(call_at(e, 1));
	EXPECT_EQ(0, fault_rule_calls(e, 0));
	fault_rule_arm(e, 0, 1);
	EXPECT_FALSE(call_at(e, 2));
	EXPECT_TRUE(call_at(e, 3));
	fault_rule_disarm(e, 0);
	EXPECT_FALSE(call_at(e, 4));
	EXPECT_EQ(2, fault_rule_calls(e, 0));
	fault_rule_arm(e, 0, 5);
	fault_rule_arm(e, 0, 5);
	EXPECT_TRUE(call_at(e, 6));
	EXPECT_EQ(2, fault_rule_armings(e, 0));
	fault_engine_destroy(e);
}

TEST(fault, after_counts_from_the_arming)
{
	struct fault_engine *e = with_rule((struct fault_rule){
		ANY, .waits = true, .after = 100 });

	EXPECT_FALSE(call_at(e, 1000));
	fault_rule_arm(e, 0, 1000);
	EXPECT_FALSE(call_at(e, 1099));
	fault_rule_arm(e, 0, 1050); /* it is already */
	EXPECT_TRUE(call_at(e, 1100));
	fault_rule_disarm(e, 0);
	fault_rule_arm(e, 0, 2000);
	EXPECT_FALSE(call_at(e, 2099));
	EXPECT_TRUE(call_at(e, 2100));
	fault_engine_destroy(e);
}

/* ---- the decider ---- */

struct asked {
	uint64_t count, fire_at;
	uint32_t device, index, cpu;
	struct fault_hit defaults;
};

static bool decide(void *arg, uint32_t point, uint32_t device, uint32_t index,
		   uint32_t cpu, uint64_t call, struct fault_hit *hit)
{
	struct asked *a = arg;

	a->count++;
	a->device = device;
	a->index = index;
	a->cpu = cpu;
	a->defaults = *hit;
	EXPECT_EQ(hit->call, call);
	hit->effect = 2;
	return point == 1 && call == a->fire_at;
}

TEST(fault, a_point_is_quiet_until_somebody_watches_it)
{
	struct fault_engine *e = fault_engine_create(1);
	struct fault_rule r = { ANY };
	struct asked a = { .fire_at = 0 };
	struct fault_hit hit;

	fault_engine_add_point(e, &request);
	fault_engine_add_point(e, &message);
	EXPECT_FALSE(fault_engine_counter(e, 0)->watched);
	fault_engine_counter(e, 0)->calls++;
	EXPECT_EQ(1, fault_point_calls(e, 0));
	fault_engine_add_rule(e, &r);
	EXPECT_TRUE(fault_engine_counter(e, 0)->watched);
	EXPECT_FALSE(fault_engine_counter(e, 1)->watched);
	EXPECT_TRUE(fault_engine_hit(e, 0, 0, FAULT_ANY, 0, &hit));
	EXPECT_EQ(2, fault_engine_counter(e, 0)->calls);
	fault_engine_decide(e, decide, &a);
	EXPECT_TRUE(fault_engine_counter(e, 1)->watched);
	fault_engine_destroy(e);
}

TEST(fault, the_decider_is_asked_where_no_rule_fires)
{
	struct fault_engine *e = fault_engine_create(1);
	struct fault_rule r = { ANY, .nth = 2, .times = 1 };
	struct asked a = { .fire_at = 2 };
	struct fault_hit hit;

	fault_engine_add_point(e, &request);
	fault_engine_decide(e, decide, &a);
	fault_engine_add_point(e, &message);
	fault_engine_add_rule(e, &r);
	EXPECT_FALSE(fault_engine_hit(e, 0, 0, FAULT_ANY, 0, &hit));
	EXPECT_EQ(1, a.count);
	EXPECT_EQ(16, a.defaults.error);
	EXPECT_EQ(0, a.defaults.effect);
	EXPECT_TRUE(fault_engine_hit(e, 0, 0, FAULT_ANY, 0, &hit));
	EXPECT_EQ(0, hit.rule);
	EXPECT_EQ(1, a.count);
	EXPECT_FALSE(fault_engine_hit(e, 1, 3, 7, 1, &hit));
	EXPECT_EQ(3, a.device);
	EXPECT_EQ(7, a.index);
	EXPECT_EQ(1, a.cpu);
	EXPECT_EQ(1, a.defaults.effect);
	EXPECT_TRUE(fault_engine_hit(e, 1, 3, 7, 1, &hit));
	EXPECT_TRUE(hit.rule == FAULT_NO_RULE);
	EXPECT_EQ(2, fault_hit_value(&hit));
	fault_engine_decide(e, NULL, NULL);
	EXPECT_FALSE(fault_engine_hit(e, 1, 3, 7, 1, &hit));
	EXPECT_EQ(3, a.count);
	EXPECT_EQ(3, fault_point_calls(e, 1));
	fault_engine_destroy(e);
}

TEST(fault, an_engine_that_is_off_fires_and_asks_no_more)
{
	struct fault_engine *e = fault_engine_create(1);
	struct fault_rule r = { ANY };
	struct asked a = { .fire_at = 1 };
	struct fault_hit hit;

	fault_engine_add_point(e, &request);
	fault_engine_add_point(e, &message);
	fault_engine_add_rule(e, &r);
	fault_engine_decide(e, decide, &a);
	EXPECT_TRUE(fault_engine_hit(e, 0, 0, FAULT_ANY, 0, &hit));
	EXPECT_TRUE(fault_engine_hit(e, 1, 0, FAULT_ANY, 0, &hit));
	EXPECT_EQ(1, a.count);
	fault_engine_off(e);
	EXPECT_FALSE(fault_engine_hit(e, 0, 0, FAULT_ANY, 0, &hit));
	EXPECT_FALSE(fault_engine_hit(e, 1, 0, FAULT_ANY, 0, &hit));
	EXPECT_EQ(1, a.count);
	EXPECT_EQ(1, fault_rule_calls(e, 0));
	fault_engine_destroy(e);
}
