/* SPDX-License-Identifier: MIT */
/*
 * The CPU's token: one thread of a CPU runs at a time, bus stalls included, and
 * gives the CPU up only when it waits.
 */
#include "tests/sim/rig.h"

static struct rig_device dev = { .bdf = 0x08, .base = 0xc0000000, .size = 0x1000 };
static struct machine_event *go, *done;
static unsigned int left;

/* ---- a stall keeps the CPU ---- */

GUEST static void reader(void *arg)
{
	const char *name = arg;
	int i;

	for (i = 0; i < 3; i++) {
		say("%s(", name);
		RD(0xc0000000, 4);
		say("%s)", name);
	}
	if (--left == 0)
		CALL(event_signal, done, true);
}

GUEST static void two_readers_on_cpu_0(void)
{
	static char a[] = "a", b[] = "b";

	done = CALL(event_create, "done");
	left = 2;
	CALL(thread_create, a, 0, reader, a);
	CALL(thread_create, b, 0, reader, b);
	while (left)
		CALL(event_wait, done, MACHINE_FOREVER, 0);
}

TEST(cpu, threads_of_one_cpu_do_not_interleave_in_a_bus_stall)
{
	struct rig rig = { .devices = { &dev },
			   .script = two_readers_on_cpu_0 };
	const struct rig_result *r = rig_run(&rig);

	EXPECT_EQ(RUN_FINISHED, r->end);
	EXPECT_STREQ("a( a) a( a) a( a) b( b) b( b) b( b)", r->story);
}

/* ---- two CPUs ---- */

GUEST static void timed_reader(void *arg)
{
	unsigned int i;

	for (i = 0; i < 10; i++)
		RD(0xc0000000, 4);
	keep((unsigned int)(uintptr_t)arg, platform_now(rig_platform));
	keep(4 + (unsigned int)(uintptr_t)arg, CALL(cpu));
	if (--left == 0)
		CALL(event_signal, done, true);
}

GUEST static void reader_on_each_cpu(void)
{
	done = CALL(event_create, "done");
	left = 2;
	CALL(thread_create, "a", 0, timed_reader, (void *)0);
	CALL(thread_create, "b", rig_info->cpus - 1, timed_reader, (void *)1);
	while (left)
		CALL(event_wait, done, MACHINE_FOREVER, 0);
}

TEST(cpu, two_cpus_run_side_by_side)
{
	struct rig rig = { .devices = { &dev }, .script = reader_on_each_cpu };
	const struct rig_result *one, *two;

	one = rig_run(&rig);
	rig.cpus = 2;
	two = rig_run(&rig);
	EXPECT_EQ(RUN_FINISHED, one->end);
	EXPECT_EQ(RUN_FINISHED, two->end);
	/* On one CPU b begins when a has ended. */
	EXPECT_EQ(2 * one->value[0], one->value[1]);
	EXPECT_EQ(one->value[0], two->value[0]);
	/* Its first request goes behind the other's on the link, 24 bytes. */
	EXPECT_EQ(two->value[0] + 6094, two->value[1]);
	EXPECT_EQ(0, two->value[4]);
	EXPECT_EQ(1, two->value[5]);
}

/* ---- who is ready first runs first ---- */

GUEST static void waiter(void *arg)
{
	CALL(event_wait, go, MACHINE_FOREVER, 0);
	say("%s", (const char *)arg);
	CALL(relax);
	if (--left == 0)
		CALL(event_signal, done, true);
}

GUEST static void five_waiters(void)
{
	static char names[5][2] = { "a", "b", "c", "d", "e" };
	int i;

	go = CALL(event_create, "go");
	done = CALL(event_create, "done");
	left = 5;
	for (i = 0; i < 5; i++)
		CALL(thread_create, names[i], 0, waiter, names[i]);
	/* They run as soon as this one waits. */
	CALL(event_wait, done, NOW() + 1000, 0);
	say("go");
	CALL(event_signal, go, true);
	say("still-here");
	while (left)
		CALL(event_wait, done, MACHINE_FOREVER, 0);
}

TEST(cpu, ready_threads_run_in_the_order_in_which_they_became_ready)
{
	struct rig rig = { .script = five_waiters };
	const struct rig_result *r = rig_run(&rig);

	EXPECT_EQ(RUN_FINISHED, r->end);
	EXPECT_STREQ("go still-here a b c d e", r->story);
}

/* ---- threads end and their stacks are used again ---- */

GUEST static void brief(void *arg)
{
	(void)arg;
	left--;
	if (!left)
		CALL(event_signal, done, true);
}

GUEST static void a_thousand_threads(void)
{
	int i;

	done = CALL(event_create, "done");
	for (i = 0; i < 1000; i++) {
		left = 1;
		CALL(thread_create, "brief", 0, brief, NULL);
		while (left)
			CALL(event_wait, done, MACHINE_FOREVER, 0);
	}
	keep(0, CALL(thread_create, "nowhere", 1, brief, NULL) == NULL);
}

TEST(cpu, threads_come_and_go)
{
	struct rig rig = { .script = a_thousand_threads };
	const struct rig_result *r = rig_run(&rig);

	EXPECT_EQ(RUN_FINISHED, r->end);
	EXPECT_EQ(2001, rig_count(r, EV_THREAD)); /* init is there at the end */
	EXPECT_EQ(1, r->value[0]);
}
