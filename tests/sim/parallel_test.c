/* SPDX-License-Identifier: MIT */
/*
 * What scripts use of the platform: steps side by side, and who makes the
 * present machine call.
 */
#include "tests/sim/rig.h"

#include <string.h>

/* ---- side by side ---- */

GUEST static void step(void *arg, size_t i)
{
	const char *name = arg;

	say("%s%zu@%u", name, i, CALL(cpu));
	pause_ns(1000 - 100 * i);
	say("%s%zu", name, i);
}

GUEST static void four_steps(void)
{
	static char name[] = "s";

	platform_parallel(rig_platform, 4, step, name);
	say("all@%d", (int)NOW());
	platform_parallel(rig_platform, 0, step, name);
	say("none");
}

TEST(parallel, steps_run_on_the_cpus_in_turn)
{
	struct rig rig = { .cpus = 3, .script = four_steps };
	const struct rig_result *r = rig_run(&rig);

	EXPECT_EQ(RUN_FINISHED, r->end);
	/* All in one moment: CPU 0's two steps come first. */
	EXPECT_STREQ("s0@0 s3@0 s1@1 s2@2 s3 s2 s1 s0 all@1000 none",
		     r->story);
}

GUEST static void outer_step(void *arg, size_t i)
{
	static char inner[] = "i";

	(void)arg;
	say("o%zu", i);
	platform_parallel(rig_platform, 2, step, inner);
	say("O%zu", i);
}

GUEST static void nested_steps(void)
{
	platform_parallel(rig_platform, 2, outer_step, NULL);
	say("end");
}

TEST(parallel, steps_nest)
{
	struct rig rig = { .cpus = 2, .script = nested_steps };
	const struct rig_result *r = rig_run(&rig);

	EXPECT_EQ(RUN_FINISHED, r->end);
	EXPECT_SUBSTR(r->story, "O0");
	EXPECT_SUBSTR(r->story, "O1 end");
	EXPECT_EQ(1000000, r->time);
}

GUEST static void where(void *arg, size_t i)
{
	(void)i;
	say("%s@%u", (const char *)arg, CALL(cpu));
	pause_ns(100);
}

GUEST static void on_cpus(void)
{
	static char far[] = "far", here[] = "here";

	platform_on_cpu(rig_platform, 2, where, far);
	say("%d", (int)NOW());
	platform_on_cpu(rig_platform, 0, where, here);
	say("%d@%u", (int)NOW(), CALL(cpu));
}

TEST(parallel, a_step_on_a_cpu)
{
	struct rig rig = { .cpus = 3, .script = on_cpus };
	const struct rig_result *r = rig_run(&rig);

	EXPECT_EQ(RUN_FINISHED, r->end);
	EXPECT_STREQ("far@2 100 here@0 200@0", r->story);
}

/* ---- who calls ---- */

/* The frames at each account event, in the result's values. */
static void note_callers(const struct event *e)
{
	uintptr_t frames[8] = { 0 };
	unsigned int i;

	if (e->kind != EV_ACCOUNT)
		return;
	keep(0, platform_callers(rig_platform, frames, 8));
	for (i = 0; i < 8; i++)
		keep(1 + i, frames[i]);
	keep(10, platform_callers(rig_platform, frames, 2));
}

static const char *chain(const struct rig_result *r)
{
	struct rig_stack s = { .count = r->value[0] };
	unsigned int i;

	for (i = 0; i < 8; i++)
		s.frames[i] = r->value[1 + i];
	return rig_chain(&s);
}

GUEST static void take(void)
{
	CALL(account, MACHINE_RES_MEMORY, 0x40001000, 64, MACHINE_NO_DEVICE);
	say("taken");
}

GUEST static void take_for_me(void)
{
	take();
	say("mine");
}

GUEST static void taker(void)
{
	take_for_me();
	say("end");
}

TEST(parallel, callers_of_a_machine_call)
{
	struct rig rig = { .script = taker, .see = note_callers };
	const struct rig_result *r = rig_run(&rig);

	EXPECT_STREQ("take < take_for_me < taker", chain(r));
	EXPECT_EQ(2, r->value[10]);
}

static void message(struct rig_device *d, uint32_t bar, uint64_t offset,
		    uint64_t value)
{
	(void)bar;
	(void)offset;
	DEV(d, msi, 0, MSI_OF(0), (uint32_t)value);
}

GUEST static void handler(uint32_t cpu, enum machine_irq_source source,
			  uint32_t number)
{
	(void)cpu;
	(void)source;
	(void)number;
	take_for_me();
	say("handled");
}

GUEST static void interrupted(void)
{
	WR(0xc0000000, 4, 40);
	RD(0xc0000000, 4);
	say("end");
}

GUEST static void idle(void)
{
	WR(0xc0000000, 4, 40);
	pause_ns(5000);
	/* The frame of the interrupted wait is noted again. */
	CALL(account, MACHINE_RES_MEMORY, 0, 1, 0);
}

TEST(parallel, callers_in_an_interrupt)
{
	struct rig_device d = { .bdf = 0x08, .base = 0xc0000000,
				.size = 0x1000, .on_write = message };
	struct rig rig = { .devices = { &d }, .script = interrupted,
			   .interrupt = handler, .see = note_callers };
	const struct rig_result *r = rig_run(&rig);

	EXPECT_STREQ("take < take_for_me < handler < interrupted", chain(r));
	rig.script = idle;
	EXPECT_STREQ("idle", chain(rig_run(&rig)));
}

/* ---- what a machine is made of ---- */

TEST(parallel, a_machine_that_cannot_be)
{
	struct platform_config cfg = {
		.cpus = 1, .memory = 4 << 20, .cpu_vectors = 224,
		.timing = timing_find("none"),
	};
	struct platform_config bad;
	struct platform *p;
	const char *error;

	bad = cfg;
	bad.cpus = 0;
	EXPECT_EQ(NULL, platform_create(&bad, NULL, NULL, &error));
	EXPECT_SUBSTR(error, "1 to 8 CPUs");
	bad.cpus = 9;
	EXPECT_EQ(NULL, platform_create(&bad, NULL, NULL, &error));
	bad = cfg;
	bad.memory = (1 << 20) - 1;
	EXPECT_EQ(NULL, platform_create(&bad, NULL, NULL, &error));
	EXPECT_SUBSTR(error, "memory");
	bad.memory = 0x70000001;
	EXPECT_EQ(NULL, platform_create(&bad, NULL, NULL, &error));
	bad = cfg;
	bad.cpu_vectors = 225;
	EXPECT_EQ(NULL, platform_create(&bad, NULL, NULL, &error));
	EXPECT_SUBSTR(error, "vectors");
	p = platform_create(&cfg, NULL, NULL, &error);
	ASSERT_TRUE(p != NULL);
	EXPECT_TRUE(platform_slot(p, 0x08, 0) != NULL);
	EXPECT_EQ(NULL, platform_slot(p, 0x08, 1));
	EXPECT_EQ(NULL, platform_slot(p, 0x100, 1));
	EXPECT_EQ(0, platform_now(p));
}
