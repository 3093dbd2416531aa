/* SPDX-License-Identifier: MIT */
/*
 * Threads, events, the clock, hangs and budgets on the small machine.
 */
#include <errno.h>
#include <string.h>

#include "tests/shim/gtest_c.h"
#include "tests/unit/flat/fixture.h"

static char order[64];
static struct machine_event *event, *other;

static void mark(char c)
{
	size_t n = strlen(order);

	order[n] = c;
	order[n + 1] = '\0';
}

static struct flat_machine *machine_of(uint32_t cpus)
{
	struct flat_config cfg = FLAT_CONFIG_DEFAULTS;

	cfg.cpus = cpus;
	cfg.budget = 100000;
	memset(order, 0, sizeof(order));
	return flat_test_machine(&cfg);
}

/* The argument of a thread: its letter. */
static void *letter(const char *text)
{
	return (void *)(uintptr_t)text;
}

static void waiter(void *arg)
{
	mark(*(const char *)arg);
	calls->event_wait(m, event, MACHINE_FOREVER, 0);
	mark((char)(*(const char *)arg - 'a' + 'A'));
}

static int signal_one_then_all(void *arg)
{
	(void)arg;
	event = calls->event_create(m, "gate");
	calls->thread_create(m, "a", 0, waiter, letter("a"));
	calls->thread_create(m, "b", 0, waiter, letter("b"));
	calls->thread_create(m, "c", 0, waiter, letter("c"));
	mark('1');
	/* They run when this thread waits, not before. */
	calls->event_wait(m, event, calls->now(m), 0);
	mark('2');
	calls->event_signal(m, event, false);
	mark('3');
	calls->event_wait(m, event, calls->now(m), 0);
	calls->event_signal(m, event, true);
	mark('4');
	return 0;
}

TEST(flat_threads, an_event_wakes_the_longest_waiter_or_all)
{
	struct flat_machine *fm = machine_of(1);

	EXPECT_EQ(0, in_guest(fm, signal_one_then_all));
	EXPECT_STREQ("1abc23A4BC", order);
	flat_destroy(fm);
}

static int wait_until(void *arg)
{
	(void)arg;
	event = calls->event_create(m, "never");
	EXPECT_EQ(0, calls->now(m));
	EXPECT_FALSE(calls->event_wait(m, event, 5000, 0));
	EXPECT_EQ(5000, calls->now(m));
	/* A deadline that has passed does not turn the clock back. */
	EXPECT_FALSE(calls->event_wait(m, event, 10, 0));
	EXPECT_EQ(5000, calls->now(m));
	EXPECT_FALSE(calls->event_wait(m, event, UINT64_MAX - 1, 0));
	EXPECT_EQ(UINT64_MAX - 1, calls->now(m));
	calls->relax(m);
	EXPECT_EQ(UINT64_MAX, calls->now(m));
	return 0;
}

TEST(flat_threads, the_clock_moves_to_the_deadline)
{
	struct flat_machine *fm = machine_of(1);

	EXPECT_EQ(0, in_guest(fm, wait_until));
	flat_destroy(fm);
}

static void sleeper(void *arg)
{
	const char *name = arg;

	calls->event_wait(m, other, (uint64_t)(*name - '0') * 100, 0);
	mark(*name);
}

static int sleepers(void *arg)
{
	(void)arg;
	event = calls->event_create(m, "gate");
	other = calls->event_create(m, "nobody signals this");
	calls->thread_create(m, "3", 0, sleeper, letter("3"));
	calls->thread_create(m, "1", 0, sleeper, letter("1"));
	calls->thread_create(m, "2", 0, sleeper, letter("2"));
	calls->event_wait(m, event, 250, 0);
	mark('m');
	return 0;
}

TEST(flat_threads, deadlines_end_in_order_of_time)
{
	struct flat_machine *fm = machine_of(1);

	EXPECT_EQ(0, in_guest(fm, sleepers));
	EXPECT_STREQ("12m", order);
	/* The clock stands while the test holds the machine... */
	EXPECT_EQ(0, flat_settle(fm));
	EXPECT_STREQ("12m", order);
	flat_destroy(fm);
}

static void yield_once(void *arg)
{
	(void)arg;
	calls->event_wait(m, other, 0, 0);
	mark('y');
}

static int start_yielder(void *arg)
{
	(void)arg;
	other = calls->event_create(m, "nobody signals this");
	calls->thread_create(m, "yielder", 0, yield_once, NULL);
	return 0;
}

TEST(flat_threads, a_deadline_that_has_passed_needs_no_clock)
{
	struct flat_machine *fm = machine_of(1);

	EXPECT_EQ(0, in_guest(fm, start_yielder));
	EXPECT_STREQ("y", order);
	flat_destroy(fm);
}

static int self_and_cpu(void *arg)
{
	(void)arg;
	EXPECT_TRUE(calls->thread_self(m) != NULL);
	EXPECT_EQ(0, calls->cpu(m));
	EXPECT_TRUE(calls->thread_create(m, "x", 1, waiter, letter("x")) == NULL);
	return 0;
}

TEST(flat_threads, there_is_no_thread_on_a_cpu_that_is_not)
{
	struct flat_machine *fm = machine_of(1);

	EXPECT_EQ(0, in_guest(fm, self_and_cpu));
	flat_destroy(fm);
}

static int nothing(void *arg)
{
	(void)arg;
	return -ENODEV;
}

static void short_thread(void *arg)
{
	(void)arg;
	mark('.');
}

static int many_threads(void *arg)
{
	int i;

	(void)arg;
	event = calls->event_create(m, "gate");
	for (i = 0; i < 2000; i++) {
		order[0] = '\0';
		calls->thread_create(m, "short", 0, short_thread, NULL);
		calls->event_wait(m, event, calls->now(m), 0);
		if (strcmp(order, "."))
			return -EIO;
	}
	return 0;
}

TEST(flat_threads, threads_that_have_ended_make_room)
{
	struct flat_machine *fm = machine_of(1);

	EXPECT_EQ(0, in_guest(fm, many_threads));
	EXPECT_EQ(-ENODEV, in_guest(fm, nothing));
	flat_destroy(fm);
}

static int too_many_threads(void *arg)
{
	int i;

	(void)arg;
	for (i = 0; i < 1000; i++)
		calls->thread_create(m, "more", 0, short_thread, NULL);
	return 0;
}

TEST(flat_threads, too_many_threads_are_the_guests_bug)
{
	struct flat_machine *fm = machine_of(1);

	EXPECT_EQ(FLAT_BUG, in_guest(fm, too_many_threads));
	EXPECT_STREQ("too-many-threads", flat_code(fm));
	flat_destroy(fm);
}

/* ---- several CPUs ---- */

static volatile int flag;

static void set_flag(void *arg)
{
	(void)arg;
	EXPECT_EQ(1, calls->cpu(m));
	mark('s');
	flag = 1;
}

static int poll_for_other_cpu(void *arg)
{
	(void)arg;
	flag = 0;
	calls->thread_create(m, "other", 1, set_flag, NULL);
	while (!flag)
		calls->relax(m);
	mark('p');
	return 0;
}

TEST(flat_threads, a_polling_thread_lets_other_cpus_run)
{
	struct flat_machine *fm = machine_of(2);

	EXPECT_EQ(0, in_guest(fm, poll_for_other_cpu));
	EXPECT_STREQ("sp", order);
	flat_destroy(fm);
}

static int poll_for_same_cpu(void *arg)
{
	(void)arg;
	flag = 0;
	calls->thread_create(m, "same", 0, short_thread, NULL);
	while (!flag)
		calls->relax(m);
	return 0;
}

TEST(flat_threads, a_polling_thread_keeps_its_cpu)
{
	struct flat_machine *fm = machine_of(1);

	EXPECT_EQ(FLAT_BUDGET, in_guest(fm, poll_for_same_cpu));
	EXPECT_STREQ("", order);
	EXPECT_STREQ("budget", flat_code(fm));
	flat_destroy(fm);
}

static void holder(void *arg)
{
	(void)arg;
	mark('h');
	EXPECT_TRUE(calls->event_wait(m, event, MACHINE_FOREVER,
				      MACHINE_WAIT_HOLD_CPU));
	mark('H');
}

static int hold_cpu(void *arg)
{
	(void)arg;
	event = calls->event_create(m, "lock");
	other = calls->event_create(m, "pause");
	calls->thread_create(m, "holder", 1, holder, NULL);
	calls->thread_create(m, "behind", 1, short_thread, NULL);
	calls->event_wait(m, other, 1000, 0);
	mark('1');
	calls->event_signal(m, event, false);
	calls->event_wait(m, other, 2000, 0);
	mark('2');
	return 0;
}

TEST(flat_threads, a_wait_that_holds_its_cpu_lets_no_other_thread_there)
{
	struct flat_machine *fm = machine_of(2);

	EXPECT_EQ(0, in_guest(fm, hold_cpu));
	EXPECT_STREQ("h1H.2", order);
	flat_destroy(fm);
}

static int hold_with_deadline(void *arg)
{
	(void)arg;
	event = calls->event_create(m, "lock");
	EXPECT_FALSE(calls->event_wait(m, event, 700, MACHINE_WAIT_HOLD_CPU));
	EXPECT_EQ(700, calls->now(m));
	return 0;
}

TEST(flat_threads, a_holding_wait_ends_at_its_deadline)
{
	struct flat_machine *fm = machine_of(1);

	EXPECT_EQ(0, in_guest(fm, hold_with_deadline));
	flat_destroy(fm);
}

static void poller(void *arg)
{
	(void)arg;
	while (!flag)
		calls->relax(m);
	mark('P');
}

static int start_poller(void *arg)
{
	(void)arg;
	flag = 0;
	calls->thread_create(m, "poller", 1, poller, NULL);
	return 0;
}

static int stop_poller(void *arg)
{
	(void)arg;
	flag = 1;
	calls->relax(m);
	return 0;
}

TEST(flat_threads, a_poller_stands_still_between_two_jobs)
{
	struct flat_machine *fm = machine_of(2);

	EXPECT_EQ(0, in_guest(fm, start_poller));
	EXPECT_EQ(0, flat_settle(fm));
	EXPECT_STREQ("", order);
	EXPECT_EQ(0, in_guest(fm, stop_poller));
	EXPECT_STREQ("P", order);
	flat_destroy(fm);
}

/* ---- ends ---- */

static int wait_forever(void *arg)
{
	(void)arg;
	event = calls->event_create(m, "a used buffer");
	calls->event_wait(m, event, MACHINE_FOREVER, 0);
	return 0;
}

TEST(flat_threads, a_wait_that_nothing_can_end_is_a_hang)
{
	struct flat_machine *fm = machine_of(1);

	EXPECT_EQ(FLAT_HANG, in_guest(fm, wait_forever));
	EXPECT_STREQ("wait-never-ends", flat_code(fm));
	EXPECT_STREQ("main waits on \"a used buffer\"", flat_text(fm));
	EXPECT_EQ(FLAT_HANG, in_guest(fm, nothing));
	EXPECT_EQ(FLAT_HANG, flat_action(fm, "test.answer", "n=1"));
	flat_destroy(fm);
}

static int sleep_irqs_off(void *arg)
{
	(void)arg;
	event = calls->event_create(m, "x");
	calls->irqs_enable(m, false);
	calls->event_wait(m, event, 1000, 0);
	return 0;
}

static int leave_irqs_off(void *arg)
{
	(void)arg;
	calls->irqs_enable(m, false);
	return 0;
}

static int destroy_twice(void *arg)
{
	(void)arg;
	event = calls->event_create(m, "x");
	calls->event_destroy(m, event);
	calls->event_destroy(m, event);
	return 0;
}

static int destroy_waited(void *arg)
{
	(void)arg;
	event = calls->event_create(m, "x");
	calls->thread_create(m, "a", 0, waiter, letter("a"));
	other = calls->event_create(m, "y");
	calls->event_wait(m, other, 10, 0);
	calls->event_destroy(m, event);
	return 0;
}

static int no_event(void *arg)
{
	(void)arg;
	calls->event_signal(m, NULL, true);
	return 0;
}

static int own_bug(void *arg)
{
	(void)arg;
	calls->bug(m, "redzone", "byte 64 of a 64-byte block");
	mark('!');
	return 0;
}

static int line_too_high(void *arg)
{
	(void)arg;
	calls->line_enable(m, 4, 0, true);
	return 0;
}

TEST(flat_threads, broken_rules_end_the_run_with_a_code)
{
	static const struct {
		int (*fn)(void *arg);
		const char *code, *text;
	} rows[] = {
		{ sleep_irqs_off, "sleep-in-atomic", "interrupts off" },
		{ leave_irqs_off, "sleep-in-atomic", "returned with" },
		{ destroy_twice, "use-after-free", "\"x\", destroyed" },
		{ destroy_waited, "use-after-free", "on which a waits" },
		{ no_event, "null-pointer", "event_signal" },
		{ own_bug, "redzone", "byte 64 of a 64-byte block" },
		{ line_too_high, "bad-argument", "line 4" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct flat_machine *fm = machine_of(1);

		TEST_ROW("%s, %s", rows[i].code, rows[i].text);
		EXPECT_EQ(FLAT_BUG, in_guest(fm, rows[i].fn));
		EXPECT_STREQ(rows[i].code, flat_code(fm));
		EXPECT_SUBSTR(flat_text(fm), rows[i].text);
		EXPECT_TRUE(!strchr(order, '!'));
		flat_destroy(fm);
	}
}
