/* SPDX-License-Identifier: MIT */
/*
 * Actions that are done to a device: who waits for their end, for how long, and
 * what a wait in vain is called.  A guest's write to BAR 0 ends the action with
 * the value that is written.
 */
#include "tests/sim/rig.h"

#define BAR 0xc0000000ull
#define US 1000000ull /* in ps */

static unsigned int starts;
static int64_t started_with;

static void on_write(struct rig_device *d, uint32_t bar, uint64_t offset,
		     uint64_t value)
{
	(void)bar;
	(void)offset;
	DEV(d, action_done, -(int)value);
}

static struct rig_device dev = { .bdf = 0x08, .base = BAR, .size = 0x1000,
				 .on_write = on_write };

static int start(struct pci_function *fn, const struct device_value *values)
{
	(void)fn;
	starts++;
	started_with = values ? values[0].i : 0;
	return 0;
}

static int start_and_end(struct pci_function *fn,
			 const struct device_value *values)
{
	(void)values;
	fn->host->ops->action_done(fn->host, -5);
	return 0;
}

static int refuse(struct pci_function *fn, const struct device_value *values)
{
	(void)fn;
	(void)values;
	return -22;
}

static const struct device_action lasting = { "toy.lasts", "", NULL, start };
static const struct device_action instant = { "toy.ends", "", NULL,
					      start_and_end };
static const struct device_action refused = { "toy.no", "", NULL, refuse };

static int act(const struct device_action *a, uint64_t within_ps)
{
	return platform_device_action(rig_platform, 0x08, a, NULL, within_ps,
				      "toy.lasts of toy0");
}

static const struct rig_result *run_script(void (*script)(void))
{
	static struct rig rig;

	rig = (struct rig){ .devices = { &dev }, .script = script, .cpus = 2 };
	return rig_run(&rig);
}

/* ---- its end ---- */

GUEST static void answer_later(void *arg)
{
	pause_ns(3000);
	WR(BAR, 4, *(const int *)arg);
}

GUEST static void wait_for_answer(void)
{
	static const struct device_value value = { .given = true, .i = 7 };
	static int answer;

	CALL(thread_create, "other", 1, answer_later, &answer);
	say("%d", platform_device_action(rig_platform, 0x08, &lasting, &value,
					 0, "toy.lasts of toy0"));
	keep(0, platform_now(rig_platform));
	keep(1, (uint64_t)started_with);
	answer = 11;
	CALL(thread_create, "other", 1, answer_later, &answer);
	say("%d", act(&lasting, 0));
}

TEST(device_action, ends_when_the_device_says_so)
{
	const struct rig_result *r = run_script(wait_for_answer);

	EXPECT_EQ(RUN_FINISHED, r->end);
	EXPECT_STREQ("0 -11", r->story);
	EXPECT_GE(r->value[0], 3 * US);
	EXPECT_LT(r->value[0], 4 * US);
	EXPECT_EQ(7, r->value[1]);
}

GUEST static void at_once(void)
{
	say("%d %d", act(&instant, 0), act(&refused, 0));
	keep(0, platform_now(rig_platform));
}

TEST(device_action, may_end_where_it_starts_or_be_refused)
{
	const struct rig_result *r = run_script(at_once);

	EXPECT_STREQ("-5 -22", r->story);
	EXPECT_EQ(0, r->value[0]);
}

/* ---- time ---- */

GUEST static void too_late(void)
{
	static const int answer = 0;

	CALL(thread_create, "other", 1, answer_later, (void *)&answer);
	say("%d", act(&lasting, US));
	keep(0, platform_now(rig_platform));
	/* The answer to the first finds nobody there. */
	pause_ns(5000);
	say("%d", act(&lasting, US));
	keep(1, starts);
}

TEST(device_action, within_its_time_or_not_at_all)
{
	const struct rig_result *r = run_script(too_late);

	EXPECT_EQ(RUN_FINISHED, r->end);
	EXPECT_STREQ("-110 -110", r->story);
	EXPECT_EQ(1 * US, r->value[0]);
	EXPECT_EQ(2, r->value[1]);
}

GUEST static void just_in_time(void)
{
	static const int answer = 0;

	CALL(thread_create, "other", 1, answer_later, (void *)&answer);
	say("%d", act(&lasting, 10 * US));
	keep(0, platform_now(rig_platform));
}

TEST(device_action, a_limit_that_is_not_reached_changes_nothing)
{
	const struct rig_result *r = run_script(just_in_time);

	EXPECT_STREQ("0", r->story);
	EXPECT_LT(r->value[0], 4 * US);
}

GUEST static void in_vain(void)
{
	act(&lasting, 0);
	say("never");
}

TEST(device_action, a_wait_in_vain_has_the_name_of_what_it_waits_for)
{
	const struct rig_result *r = run_script(in_vain);

	EXPECT_EQ(RUN_HANG, r->end);
	EXPECT_STREQ("", r->story);
	EXPECT_STREQ("init", r->stacks[0].thread);
	EXPECT_STREQ("toy.lasts of toy0", r->stacks[0].waits);
}

/* ---- one at a time ---- */

GUEST static void step(void *arg, size_t i)
{
	static const int answer = 0;

	(void)arg;
	if (i == 2)
		answer_later((void *)&answer);
	else
		say("%zu:%d", i, act(&lasting, 0));
}

GUEST static void side_by_side(void)
{
	platform_parallel(rig_platform, 3, step, NULL);
}

TEST(device_action, one_at_a_time_of_a_function)
{
	const struct rig_result *r = run_script(side_by_side);

	EXPECT_EQ(RUN_FINISHED, r->end);
	EXPECT_STREQ("1:-16 0:0", r->story);
}

/* ---- the device goes ---- */

GUEST static void pull(void *arg)
{
	(void)arg;
	pause_ns(1000);
	platform_unplug(rig_platform, 0x08);
}

GUEST static void pulled(void)
{
	CALL(thread_create, "other", 1, pull, NULL);
	say("%d", act(&lasting, 0));
	say("%d", act(&lasting, 0));
	say("%d", platform_device_action(rig_platform, 0x10, &lasting, NULL, 0,
					 "nothing"));
}

TEST(device_action, of_a_device_that_is_gone)
{
	const struct rig_result *r = run_script(pulled);

	EXPECT_EQ(RUN_FINISHED, r->end);
	EXPECT_STREQ("-19 -19 -19", r->story);
}
