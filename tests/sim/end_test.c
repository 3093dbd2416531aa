/* SPDX-License-Identifier: MIT */
/*
 * How a run ends, and what is told of the guest that ended it: the code, the
 * thread, what it waits on, and its functions.
 */
#include "tests/sim/rig.h"

#include <string.h>

static struct machine_event *ev;

static void message(struct rig_device *d, uint32_t bar, uint64_t offset,
		    uint64_t value)
{
	(void)bar;
	(void)offset;
	DEV(d, msi, 0, MSI_OF(0), (uint32_t)value);
}

static struct rig_device dev = { .bdf = 0x08, .base = 0xc0000000,
				 .size = 0x1000, .on_write = message };

static const struct rig_result *run_script(void (*script)(void))
{
	struct rig rig = { .devices = { &dev }, .script = script };

	return rig_run(&rig);
}

/* ---- good ends ---- */

GUEST static int boot(void)
{
	say("boot");
	return 0;
}

GUEST static void script(void)
{
	say("script");
}

GUEST static void shut_down(void)
{
	say("shutdown");
}

TEST(end, boot_script_and_shutdown_then_finished)
{
	struct rig rig = { .boot = boot, .script = script,
			   .shutdown = shut_down };
	const struct rig_result *r = rig_run(&rig);

	EXPECT_EQ(RUN_FINISHED, r->end);
	EXPECT_STREQ("", r->code);
	EXPECT_STREQ("boot script shutdown", r->story);
	EXPECT_EQ(1, rig_count(r, EV_END));
	EXPECT_EQ(EV_END, r->events[r->nevents - 1].ev.kind);
}

GUEST static int failing_boot(void)
{
	return -19;
}

TEST(end, a_boot_that_fails)
{
	struct rig rig = { .boot = failing_boot, .script = script };
	const struct rig_result *r = rig_run(&rig);

	EXPECT_EQ(RUN_GUEST_BUG, r->end);
	EXPECT_STREQ("boot-failed", r->code);
	EXPECT_EQ(-19, r->boot_result);
	EXPECT_STREQ("", r->story);
}

/* ---- waits ---- */

GUEST static void deepest(void)
{
	CALL(event_wait, ev, MACHINE_FOREVER, 0);
	say("never");
}

GUEST static void deeper(void)
{
	deepest();
	say("never");
}

GUEST static void second_thread(void *arg)
{
	(void)arg;
	deeper();
}

GUEST static void hang(void)
{
	struct machine_event *question = CALL(event_create, "a question");

	ev = CALL(event_create, "an answer");
	CALL(thread_create, "second", 1, second_thread, NULL);
	CALL(event_wait, question, MACHINE_FOREVER, 0);
	say("never");
}

TEST(end, a_wait_that_nothing_can_end)
{
	struct rig rig = { .cpus = 2, .script = hang };
	const struct rig_result *r = rig_run(&rig);

	EXPECT_EQ(RUN_HANG, r->end);
	EXPECT_STREQ("wait-never-ends", r->code);
	EXPECT_STREQ("", r->story);
	ASSERT_EQ(2, r->nstacks);
	EXPECT_STREQ("init", r->stacks[0].thread);
	EXPECT_STREQ("a question", r->stacks[0].waits);
	EXPECT_STREQ("hang", rig_chain(&r->stacks[0]));
	EXPECT_STREQ("second", r->stacks[1].thread);
	EXPECT_STREQ("an answer", r->stacks[1].waits);
	EXPECT_STREQ("deepest < deeper < second_thread",
		     rig_chain(&r->stacks[1]));
}

/* The thread's wait and its frames, after an interrupt has used its stack for a
 * wait of its own. */
GUEST static void spinning_handler(uint32_t cpu, enum machine_irq_source source,
				   uint32_t number)
{
	struct machine_event *lock = CALL(event_create, "a lock");

	(void)cpu;
	(void)source;
	(void)number;
	CALL(event_wait, lock, NOW() + 10, MACHINE_WAIT_HOLD_CPU);
	say("handled");
}

GUEST static void wait_through_an_interrupt(void)
{
	ev = CALL(event_create, "an answer");
	WR(0xc0000000, 4, 40);
	deeper();
}

TEST(end, an_interrupt_leaves_no_trace_in_a_wait)
{
	struct rig rig = { .devices = { &dev },
			   .script = wait_through_an_interrupt,
			   .interrupt = spinning_handler };
	const struct rig_result *r = rig_run(&rig);

	EXPECT_EQ(RUN_HANG, r->end);
	EXPECT_STREQ("handled", r->story);
	EXPECT_STREQ("an answer", r->stacks[0].waits);
	EXPECT_STREQ("deepest < deeper < wait_through_an_interrupt",
		     rig_chain(&r->stacks[0]));
}

GUEST static void spin_off_forever(void)
{
	ev = CALL(event_create, "a lock");
	CALL(irqs_enable, false);
	CALL(event_wait, ev, MACHINE_FOREVER, MACHINE_WAIT_HOLD_CPU);
}

TEST(end, a_spin_that_nothing_can_end)
{
	const struct rig_result *r = run_script(spin_off_forever);

	EXPECT_EQ(RUN_HANG, r->end);
	EXPECT_STREQ("a lock", r->stacks[0].waits);
	EXPECT_STREQ("spin_off_forever", rig_chain(&r->stacks[0]));
}

GUEST static void poll_forever(void)
{
	for (;;)
		CALL(relax);
}

TEST(end, a_budget_that_passes)
{
	struct rig rig = { .script = poll_forever, .budget = 1000000 };
	const struct rig_result *r = rig_run(&rig);

	EXPECT_EQ(RUN_BUDGET, r->end);
	EXPECT_STREQ("budget", r->code);
	EXPECT_EQ(1000000, r->time);
	EXPECT_STREQ("poll_forever", rig_chain(&r->stacks[0]));
}

/* ---- loops in which no time passes ---- */

GUEST static void loop(void)
{
	volatile unsigned int i = 0;

	for (;;)
		i++;
}

GUEST static void call_loop(void)
{
	loop();
}

TEST(end, a_loop_without_a_machine_call)
{
	const struct rig_result *r = run_script(call_loop);

	EXPECT_EQ(RUN_SPIN, r->end);
	EXPECT_STREQ("endless-loop", r->code);
	EXPECT_SUBSTR(r->text, "cpu_relax()");
	EXPECT_STREQ("loop < call_loop", rig_chain(&r->stacks[0]));
}

GUEST static void poll_without_time(void)
{
	static char long_text[1 << 20];

	/* Nearly all of the time is spent in the machine. */
	memset(long_text, 'x', sizeof(long_text) - 1);
	for (;;)
		CALL(log, 6, long_text);
}

TEST(end, a_loop_of_calls_that_take_no_time)
{
	const struct rig_result *r = run_script(poll_without_time);

	EXPECT_EQ(RUN_SPIN, r->end);
	EXPECT_STREQ("endless-loop", r->code);
	EXPECT_STREQ("poll_without_time", rig_chain(&r->stacks[0]));
}

/* ---- stopped from outside ---- */

GUEST static void stopped_by_script(void)
{
	platform_stop(rig_platform, RUN_USER_ERROR, "bad-device", "no image");
	say("never");
}

static void stop_at_second_log(const struct event *e)
{
	if (e->kind == EV_LOG && e->value == 5)
		platform_stop(rig_platform, RUN_STOPPED, "stopped", "there");
}

GUEST static void logs(void)
{
	CALL(log, 6, "one");
	CALL(log, 5, "two");
	say("never");
	CALL(log, 6, "three");
}

GUEST static void message_and_relax(void)
{
	WR(0xc0000000, 4, 40);
	poll_forever();
}

static void stop_at_write(const struct event *e)
{
	if (e->kind == EV_MMIO_WRITE)
		platform_stop(rig_platform, RUN_STOPPED, "stopped", "there");
}

TEST(end, nothing_happens_behind_a_stop)
{
	struct rig rig = { .script = logs, .see = stop_at_second_log };
	const struct rig_result *r = run_script(stopped_by_script);

	EXPECT_EQ(RUN_USER_ERROR, r->end);
	EXPECT_STREQ("bad-device", r->code);
	EXPECT_STREQ("no image", r->text);
	EXPECT_STREQ("", r->story);
	r = rig_run(&rig);
	EXPECT_EQ(RUN_STOPPED, r->end);
	EXPECT_EQ(2, rig_count(r, EV_LOG));
	EXPECT_STREQ("", r->story);
	/* In a callback of the agenda. */
	rig = (struct rig){ .devices = { &dev }, .script = message_and_relax,
			    .see = stop_at_write };
	r = rig_run(&rig);
	EXPECT_EQ(RUN_STOPPED, r->end);
	EXPECT_EQ(92110, r->time);
	EXPECT_EQ(0, rig_count(r, EV_IRQ_ENTER));
}
