/* SPDX-License-Identifier: MIT */
/*
 * Events of door 1: whom a signal wakes, deadlines, waits that keep the CPU,
 * and waits inside an interrupt that was taken in the middle of another wait.
 */
#include "tests/sim/rig.h"

static struct machine_event *ev, *other, *done;
static unsigned int left, ready, flag;

GUEST static void finish_one(void)
{
	if (--left == 0)
		CALL(event_signal, done, true);
}

GUEST static void wait_for_all(void)
{
	while (left)
		CALL(event_wait, done, MACHINE_FOREVER, 0);
}

GUEST static void make_events(unsigned int threads)
{
	ev = CALL(event_create, "ev");
	other = CALL(event_create, "other");
	done = CALL(event_create, "done");
	left = threads;
}

/* ---- whom a signal wakes ---- */

GUEST static void waiter(void *arg)
{
	bool woken = CALL(event_wait, ev, MACHINE_FOREVER, 0);

	say("%s%d", (const char *)arg, woken);
	finish_one();
}

GUEST static void three_waiters(void)
{
	static char names[3][2] = { "a", "b", "c" };
	int i;

	make_events(3);
	for (i = 0; i < 3; i++)
		CALL(thread_create, names[i], 0, waiter, names[i]);
	pause_ns(100);
}

GUEST static void wake_one_by_one(void)
{
	int i;

	three_waiters();
	for (i = 0; i < 3; i++) {
		say("one");
		CALL(event_signal, ev, false);
		pause_ns(100);
	}
	wait_for_all();
}

TEST(event, a_signal_wakes_the_longest_waiter)
{
	struct rig rig = { .script = wake_one_by_one };
	const struct rig_result *r = rig_run(&rig);

	EXPECT_EQ(RUN_FINISHED, r->end);
	EXPECT_STREQ("one a1 one b1 one c1", r->story);
}

GUEST static void wake_all(void)
{
	three_waiters();
	say("all");
	CALL(event_signal, ev, true);
	wait_for_all();
}

TEST(event, a_signal_to_all_wakes_all_in_order)
{
	struct rig rig = { .script = wake_all };

	EXPECT_STREQ("all a1 b1 c1", rig_run(&rig)->story);
}

GUEST static void signal_then_wait(void)
{
	make_events(0);
	CALL(event_signal, ev, true);
	say("%d", CALL(event_wait, ev, NOW() + 50, 0));
}

TEST(event, an_event_remembers_nothing)
{
	struct rig rig = { .script = signal_then_wait };

	EXPECT_STREQ("0", rig_run(&rig)->story);
}

/* ---- deadlines ---- */

GUEST static void deadlines(void)
{
	static const uint64_t ns[] = { 0, 1, 7, 999, 123456 };
	unsigned int i;

	make_events(0);
	for (i = 0; i < 5; i++) {
		uint64_t until = NOW() + ns[i];

		say("%d", CALL(event_wait, ev, until, 0));
		keep(i, platform_now(rig_platform) - until * 1000);
		CALL(relax);
	}
	/* In the past. */
	say("%d", CALL(event_wait, ev, 0, 0));
	/* With the CPU held. */
	keep(5, NOW() + 500);
	say("%d", CALL(event_wait, ev, kept(5), MACHINE_WAIT_HOLD_CPU));
	keep(6, NOW());
}

TEST(event, a_deadline_is_met_to_the_nanosecond)
{
	struct rig rig = { .script = deadlines };
	const struct rig_result *r = rig_run(&rig);
	unsigned int i;

	EXPECT_EQ(RUN_FINISHED, r->end);
	EXPECT_STREQ("0 0 0 0 0 0 0", r->story);
	for (i = 0; i < 5; i++)
		EXPECT_EQ(0, r->value[i]);
	EXPECT_EQ(r->value[5], r->value[6]);
}

GUEST static void signaller(void *arg)
{
	(void)arg;
	pause_ns(100);
	CALL(event_signal, ev, true);
	finish_one();
}

GUEST static void signalled_before_its_deadline(void)
{
	make_events(1);
	CALL(thread_create, "signaller", 0, signaller, NULL);
	say("%d", CALL(event_wait, ev, NOW() + 5000, 0));
	keep(0, NOW());
	wait_for_all();
	/* The old deadline means nothing to a later wait. */
	say("%d", CALL(event_wait, other, NOW() + 20000, 0));
	keep(1, NOW());
}

TEST(event, a_deadline_ends_with_its_wait)
{
	struct rig rig = { .script = signalled_before_its_deadline };
	const struct rig_result *r = rig_run(&rig);

	EXPECT_STREQ("1 0", r->story);
	EXPECT_EQ(100, r->value[0]);
	EXPECT_EQ(20100, r->value[1]);
}

/* ---- no wake-up is lost ---- */

static void msi_after(struct rig_device *d, uint32_t lane)
{
	(void)lane;
	DEV(d, msi, 0, MSI_OF(0), 40);
}

static void kick(struct rig_device *d, uint32_t bar, uint64_t offset,
		 uint64_t value)
{
	(void)bar;
	(void)offset;
	DEV(d, lane_schedule, 0, value);
}

static struct rig_device dev = { .bdf = 0x08, .base = 0xc0000000,
				 .size = 0x1000, .on_write = kick,
				 .run = msi_after };

GUEST static void set_flag(uint32_t cpu, enum machine_irq_source source,
			   uint32_t number)
{
	(void)cpu;
	(void)source;
	(void)number;
	flag++;
	CALL(event_signal, ev, true);
}

/* The interrupt comes at each distance from the check and the wait. */
GUEST static void wait_for_each(void)
{
	unsigned int i;

	make_events(0);
	for (i = 0; i < 400; i++) {
		flag = 0;
		WR(0xc0000000, 4, i * 1000);
		if (i & 1)
			CALL(relax);
		while (!flag)
			CALL(event_wait, ev, MACHINE_FOREVER, 0);
		keep(0, kept(0) + flag);
	}
}

TEST(event, no_wake_up_is_lost)
{
	struct rig rig = { .devices = { &dev }, .script = wait_for_each,
			   .interrupt = set_flag };
	const struct rig_result *r;

	r = rig_run(&rig);
	EXPECT_EQ(RUN_FINISHED, r->end);
	EXPECT_EQ(400, r->value[0]);
	rig.timing = "none";
	r = rig_run(&rig);
	EXPECT_EQ(RUN_FINISHED, r->end);
	EXPECT_EQ(400, r->value[0]);
}

/* ---- waits that keep the CPU ---- */

GUEST static void bystander(void *arg)
{
	(void)arg;
	say("bystander");
	finish_one();
}

GUEST static void spinner(void *arg)
{
	(void)arg;
	say("spin");
	CALL(event_wait, ev, MACHINE_FOREVER, MACHINE_WAIT_HOLD_CPU);
	say("spun");
	finish_one();
}

GUEST static void spin_beside_a_ready_thread(void)
{
	make_events(2);
	CALL(thread_create, "spinner", 1, spinner, NULL);
	CALL(thread_create, "bystander", 1, bystander, NULL);
	pause_ns(1000);
	say("signal");
	CALL(event_signal, ev, false);
	wait_for_all();
}

TEST(event, a_spin_keeps_its_cpu)
{
	struct rig rig = { .cpus = 2, .script = spin_beside_a_ready_thread };

	EXPECT_STREQ("spin signal spun bystander", rig_run(&rig)->story);
}

GUEST static void spin_with_interrupts(void)
{
	make_events(0);
	flag = 0;
	WR(0xc0000000, 4, 1000000);
	say("%d", CALL(event_wait, ev, MACHINE_FOREVER,
		       MACHINE_WAIT_HOLD_CPU));
	say("flag%u", flag);
	CALL(irqs_enable, false);
	WR(0xc0000000, 4, 1000000);
	say("%d", CALL(event_wait, ev, NOW() + 5000, MACHINE_WAIT_HOLD_CPU));
	say("flag%u", flag);
	CALL(irqs_enable, true);
	say("flag%u", flag);
}

TEST(event, a_spin_takes_interrupts_only_when_they_are_on)
{
	struct rig rig = { .devices = { &dev }, .script = spin_with_interrupts,
			   .interrupt = set_flag };

	EXPECT_STREQ("1 flag1 0 flag1 flag2", rig_run(&rig)->story);
}

/* ---- a wait inside an interrupt inside a wait ---- */

GUEST static void spin_in_handler(uint32_t cpu, enum machine_irq_source source,
				  uint32_t number)
{
	(void)source;
	(void)number;
	say("irq%u", cpu);
	ready = 1;
	say("%d", CALL(event_wait, other, NOW() + 50000,
		       MACHINE_WAIT_HOLD_CPU));
	say("irq-end");
}

/* On CPU 1: wakes the handler, or the thread below it first. */
GUEST static void waker(void *arg)
{
	RELAX_UNTIL(ready);
	pause_ns(200);
	if (arg) {
		say("thread");
		flag = 1;
		CALL(event_signal, ev, true);
		pause_ns(200);
	}
	say("handler");
	CALL(event_signal, other, true);
	pause_ns(200);
	if (!arg) {
		say("thread");
		flag = 1;
		CALL(event_signal, ev, true);
	}
	finish_one();
}

GUEST static void interrupted_wait(uint32_t flags, void *thread_first)
{
	make_events(1);
	flag = ready = 0;
	CALL(thread_create, "waker", 1, waker, thread_first);
	WR(0xc0000000, 4, 1000000);
	while (!flag)
		say("%d", CALL(event_wait, ev, MACHINE_FOREVER, flags));
	wait_for_all();
	say("end");
}

GUEST static void idle_then_handler_first(void)
{
	interrupted_wait(0, NULL);
}

GUEST static void idle_then_thread_first(void)
{
	interrupted_wait(0, &flag);
}

GUEST static void spin_then_handler_first(void)
{
	interrupted_wait(MACHINE_WAIT_HOLD_CPU, NULL);
}

GUEST static void spin_then_thread_first(void)
{
	interrupted_wait(MACHINE_WAIT_HOLD_CPU, &flag);
}

TEST(event, an_interrupt_may_spin_while_its_cpu_waits)
{
	static const struct {
		const char *name;
		void (*script)(void);
		const char *story;
	} rows[] = {
		{ "idle, handler first", idle_then_handler_first,
		  "irq0 handler 1 irq-end thread 1 end" },
		{ "idle, thread first", idle_then_thread_first,
		  "irq0 thread handler 1 irq-end 1 end" },
		{ "spin, handler first", spin_then_handler_first,
		  "irq0 handler 1 irq-end thread 1 end" },
		{ "spin, thread first", spin_then_thread_first,
		  "irq0 thread handler 1 irq-end 1 end" },
	};
	unsigned int i;

	for (i = 0; i < 4; i++) {
		struct rig rig = { .cpus = 2, .devices = { &dev },
				   .script = rows[i].script,
				   .interrupt = spin_in_handler };
		TEST_ROW("%s", rows[i].name);
		const struct rig_result *r = rig_run(&rig);

		EXPECT_EQ(RUN_FINISHED, r->end);
		EXPECT_STREQ(rows[i].story, r->story);
	}
}
