/* SPDX-License-Identifier: MIT */
/*
 * Interrupts on the small machine: vectors, lines, masks and safe points.
 */
#include "tests/shim/gtest_c.h"
#include "tests/unit/flat/fixture.h"

static void send_msi(struct stub *s, uint64_t cpu, uint32_t vector)
{
	s->fn.host->ops->msi(s->fn.host, 0, 0xfee00000 + (cpu << 12), vector);
}

static void set_line(struct stub *s, uint32_t pin, bool asserted)
{
	s->fn.host->ops->intx(s->fn.host, pin, asserted);
}

/* A register write sends the message with the value as vector. */
static void msi_on_write(struct stub *s, uint64_t offset, uint64_t value)
{
	send_msi(s, offset >> 4, (uint32_t)value);
}

static int kick_three(void *arg)
{
	(void)arg;
	calls->write(m, MACHINE_MEM, STUB_MEM, 4, 40);
	EXPECT_STREQ("m40 ", irqs);
	EXPECT_TRUE(calls->irqs_enable(m, false));
	calls->write(m, MACHINE_MEM, STUB_MEM, 4, 50);
	calls->write(m, MACHINE_MEM, STUB_MEM, 4, 33);
	calls->write(m, MACHINE_MEM, STUB_MEM, 4, 50);
	EXPECT_STREQ("m40 ", irqs);
	EXPECT_FALSE(calls->irqs_enable(m, true));
	EXPECT_STREQ("m40 m50 m33 ", irqs);
	calls->write(m, MACHINE_MEM, STUB_MEM, 4, 50);
	EXPECT_STREQ("m40 m50 m33 m50 ", irqs);
	return 0;
}

TEST(flat_irq, vectors_come_at_safe_points_in_order_and_once)
{
	struct flat_machine *fm = flat_test_machine(NULL);

	stub.on_write = msi_on_write;
	EXPECT_EQ(0, in_guest(fm, kick_three));
	EXPECT_EQ(4, flat_counters(fm)->irqs_msi);
	EXPECT_EQ(5, flat_counters(fm)->msi);
	flat_destroy(fm);
}

TEST(flat_irq, messages_that_nobody_takes_are_lost)
{
	struct flat_config cfg = FLAT_CONFIG_DEFAULTS;
	struct flat_machine *fm;
	struct pci_host *h;

	cfg.cpu_vectors = 2;
	fm = flat_test_machine(&cfg);
	h = stub.fn.host;
	h->ops->msi(h, 0, 0xfee00000, 31);
	h->ops->msi(h, 0, 0xfee00000, 34);
	h->ops->msi(h, 0, 0xfee01000, 32);
	h->ops->msi(h, 0, 0xfee00004, 32);
	h->ops->msi(h, 0, 0xfedff000, 32);
	EXPECT_EQ(0, flat_settle(fm));
	EXPECT_EQ(5, flat_counters(fm)->msi_lost);
	EXPECT_STREQ("", irqs);
	h->ops->msi(h, 0, 0xfee00000, 33);
	EXPECT_EQ(0, flat_settle(fm));
	EXPECT_STREQ("m33 ", irqs);
	flat_destroy(fm);
}

TEST(flat_irq, a_message_to_ram_is_a_write_of_four_bytes)
{
	static const uint8_t expected[] = { 0, 0x44, 0x33, 0x22, 0x11, 0 };
	struct flat_machine *fm = flat_test_machine(NULL);
	struct pci_host *h = stub.fn.host;

	h->ops->msi(h, 0, 0x40000011, 0x11223344);
	EXPECT_MEMEQ(expected, flat_info(fm)->ram + 0x10, sizeof(expected));
	EXPECT_EQ(0, flat_counters(fm)->msi_lost);
	flat_destroy(fm);
}

static void acknowledge(uint32_t cpu, enum machine_irq_source source,
			uint32_t number)
{
	(void)cpu;
	(void)number;
	EXPECT_TRUE(calls->thread_self(m) == NULL);
	if (source == MACHINE_IRQ_LINE && stub.value++ == 1)
		set_line(&stub, 1, false);
}

static int enable_line_one(void *arg)
{
	(void)arg;
	calls->line_enable(m, 1, 0, true);
	calls->relax(m);
	return 0;
}

TEST(flat_irq, a_line_comes_again_until_it_is_acknowledged)
{
	struct flat_machine *fm = flat_test_machine(NULL);

	/* Device 1, INTA#: line (1 + 1 - 1) % 4 = 1. */
	on_irq = acknowledge;
	set_line(&stub, 1, true);
	EXPECT_EQ(0, flat_settle(fm));
	EXPECT_STREQ("", irqs);
	EXPECT_EQ(0, in_guest(fm, enable_line_one));
	EXPECT_STREQ("l1 l1 ", irqs);
	flat_destroy(fm);
}

TEST(flat_irq, a_line_that_is_never_acknowledged_uses_up_the_budget)
{
	struct flat_config cfg = FLAT_CONFIG_DEFAULTS;
	struct flat_machine *fm;

	cfg.budget = 1000;
	fm = flat_test_machine(&cfg);
	set_line(&stub, 1, true);
	EXPECT_EQ(FLAT_BUDGET, in_guest(fm, enable_line_one));
	flat_destroy(fm);
}

static int enable_all_lines(void *arg)
{
	uint32_t i;

	(void)arg;
	for (i = 0; i < 4; i++)
		calls->line_enable(m, i, 0, true);
	return 0;
}

static struct stub *lines_of[] = { &stub, &stub, &stub, &stub, &stub2 };

static void release_all(uint32_t cpu, enum machine_irq_source source,
			uint32_t number)
{
	(void)cpu;
	(void)source;
	(void)number;
	set_line(&stub, 1, false);
	set_line(&stub, 2, false);
	set_line(&stub, 3, false);
	set_line(&stub, 4, false);
	set_line(&stub2, 1, false);
}

TEST(flat_irq, pins_are_swizzled_over_the_lines_by_device)
{
	static const char *const expected[] = { "l1 ", "l2 ", "l3 ", "l0 ",
						"l2 " };
	uint32_t i;

	for (i = 0; i < 5; i++) {
		struct flat_machine *fm = flat_test_machine(NULL);

		TEST_ROW("row %u", i);
		stub_attach(fm, &stub2, MACHINE_BDF(0, 2, 0));
		EXPECT_EQ(0, in_guest(fm, enable_all_lines));
		on_irq = release_all;
		set_line(lines_of[i], i < 4 ? i + 1 : 1, true);
		EXPECT_EQ(0, flat_settle(fm));
		EXPECT_STREQ(expected[i], irqs);
		flat_destroy(fm);
	}
}

static void release_one_then_other(uint32_t cpu, enum machine_irq_source source,
				   uint32_t number)
{
	static int turn;

	(void)cpu;
	(void)source;
	(void)number;
	if (turn++ % 2 == 0)
		set_line(&stub, 1, false);
	else
		set_line(&stub2, 1, false);
}

TEST(flat_irq, a_shared_line_stays_up_until_both_have_let_go)
{
	struct flat_machine *fm = flat_test_machine(NULL);

	stub_attach(fm, &stub2, MACHINE_BDF(0, 5, 0));
	EXPECT_EQ(0, in_guest(fm, enable_all_lines));
	on_irq = release_one_then_other;
	set_line(&stub, 1, true);
	set_line(&stub, 1, true);
	set_line(&stub2, 1, true);
	EXPECT_EQ(0, flat_settle(fm));
	EXPECT_STREQ("l1 l1 ", irqs);
	flat_destroy(fm);
}

TEST(flat_irq, an_unplugged_function_lets_go_of_its_line)
{
	struct flat_machine *fm = flat_test_machine(NULL);

	set_line(&stub, 1, true);
	flat_unplug(fm, MACHINE_BDF(0, 1, 0));
	set_line(&stub, 2, true);
	EXPECT_EQ(0, in_guest(fm, enable_all_lines));
	EXPECT_EQ(0, flat_settle(fm));
	EXPECT_STREQ("", irqs);
	flat_destroy(fm);
}

static struct machine_event *done;

static void signal_done(uint32_t cpu, enum machine_irq_source source,
			uint32_t number)
{
	(void)cpu;
	(void)source;
	(void)number;
	EXPECT_FALSE(calls->irqs_enable(m, true));
	calls->event_signal(m, done, true);
}

static void later_msi(struct stub *s, uint32_t lane)
{
	(void)lane;
	send_msi(s, 0, 77);
}

static int wait_for_interrupt(void *arg)
{
	(void)arg;
	done = calls->event_create(m, "interrupt");
	stub.fn.host->ops->lane_schedule(stub.fn.host, 0, 2500);
	EXPECT_TRUE(calls->event_wait(m, done, MACHINE_FOREVER, 0));
	/* 2500 ps is the third nanosecond. */
	EXPECT_EQ(3, calls->now(m));
	return 0;
}

TEST(flat_irq, an_interrupt_ends_a_wait_without_a_switch)
{
	struct flat_machine *fm = flat_test_machine(NULL);
	uint64_t before = flat_counters(fm)->switches;

	on_irq = signal_done;
	stub.on_lane = later_msi;
	EXPECT_EQ(0, in_guest(fm, wait_for_interrupt));
	EXPECT_STREQ("m77 ", irqs);
	EXPECT_EQ(2, flat_counters(fm)->switches - before);
	flat_destroy(fm);
}

static int hold_with_irqs(void *arg)
{
	(void)arg;
	done = calls->event_create(m, "interrupt");
	stub.fn.host->ops->lane_schedule(stub.fn.host, 0, 5000);
	EXPECT_TRUE(calls->event_wait(m, done, MACHINE_FOREVER,
				      MACHINE_WAIT_HOLD_CPU));
	return 0;
}

static int hold_without_irqs(void *arg)
{
	(void)arg;
	done = calls->event_create(m, "interrupt");
	calls->irqs_enable(m, false);
	stub.fn.host->ops->lane_schedule(stub.fn.host, 0, 5000);
	calls->event_wait(m, done, MACHINE_FOREVER, MACHINE_WAIT_HOLD_CPU);
	return 0;
}

TEST(flat_irq, a_holding_wait_takes_interrupts_as_they_are_enabled)
{
	struct flat_machine *fm = flat_test_machine(NULL);

	on_irq = signal_done;
	stub.on_lane = later_msi;
	EXPECT_EQ(0, in_guest(fm, hold_with_irqs));
	EXPECT_EQ(FLAT_HANG, in_guest(fm, hold_without_irqs));
	EXPECT_STREQ("m77 ", irqs);
	flat_destroy(fm);
}

static int wait_in_vain(void *arg)
{
	(void)arg;
	done = calls->event_create(m, "a used buffer");
	stub.fn.host->ops->lane_schedule(stub.fn.host, 0, 2500);
	calls->event_wait(m, done, MACHINE_FOREVER, 0);
	return 0;
}

TEST(flat_irq, an_interrupt_that_wakes_nobody_leaves_the_wait_in_the_report)
{
	struct flat_machine *fm = flat_test_machine(NULL);

	stub.on_lane = later_msi;
	EXPECT_EQ(FLAT_HANG, in_guest(fm, wait_in_vain));
	EXPECT_STREQ("m77 ", irqs);
	EXPECT_STREQ("main waits on \"a used buffer\"", flat_text(fm));
	flat_destroy(fm);
}

static void sleep_in_handler(uint32_t cpu, enum machine_irq_source source,
			     uint32_t number)
{
	(void)cpu;
	(void)source;
	(void)number;
	calls->event_wait(m, done, 1000, 0);
}

TEST(flat_irq, a_handler_must_not_sleep)
{
	struct flat_machine *fm = flat_test_machine(NULL);

	on_irq = sleep_in_handler;
	stub.on_lane = later_msi;
	EXPECT_EQ(FLAT_BUG, in_guest(fm, wait_for_interrupt));
	EXPECT_STREQ("sleep-in-atomic", flat_code(fm));
	EXPECT_SUBSTR(flat_text(fm), "interrupt entry");
	flat_destroy(fm);
}

/* ---- several CPUs ---- */

static uint32_t irq_cpu;
static struct machine_event *lock;

static void remember_cpu(uint32_t cpu, enum machine_irq_source source,
			 uint32_t number)
{
	(void)source;
	(void)number;
	irq_cpu = cpu;
	EXPECT_EQ(cpu, calls->cpu(m));
}

static int msi_to_cpu_one(void *arg)
{
	(void)arg;
	calls->write(m, MACHINE_MEM, STUB_MEM + 0x10, 4, 60);
	EXPECT_STREQ("", irqs);
	calls->relax(m);
	EXPECT_STREQ("m60 ", irqs);
	return 0;
}

TEST(flat_irq, an_idle_cpu_takes_its_interrupts_while_another_polls)
{
	struct flat_config cfg = FLAT_CONFIG_DEFAULTS;
	struct flat_machine *fm;

	cfg.cpus = 3;
	fm = flat_test_machine(&cfg);
	stub.on_write = msi_on_write;
	on_irq = remember_cpu;
	EXPECT_EQ(0, in_guest(fm, msi_to_cpu_one));
	EXPECT_EQ(1, irq_cpu);
	flat_destroy(fm);
}

/* The handler on CPU 1 spins for a lock that CPU 0 holds and lets go. */
static void spin_in_handler(uint32_t cpu, enum machine_irq_source source,
			    uint32_t number)
{
	(void)source;
	(void)number;
	EXPECT_EQ(1, cpu);
	EXPECT_TRUE(calls->event_wait(m, lock, MACHINE_FOREVER,
				      MACHINE_WAIT_HOLD_CPU));
	EXPECT_TRUE(calls->thread_self(m) == NULL);
	irq_cpu = 100 + cpu;
}

static int release_for_handler(void *arg)
{
	(void)arg;
	irq_cpu = 0;
	lock = calls->event_create(m, "spin lock");
	calls->write(m, MACHINE_MEM, STUB_MEM + 0x10, 4, 60);
	calls->relax(m);
	EXPECT_EQ(0, irq_cpu);
	EXPECT_STREQ("m60 ", irqs);
	calls->event_signal(m, lock, false);
	calls->relax(m);
	EXPECT_EQ(101, irq_cpu);
	return 0;
}

TEST(flat_irq, a_handler_may_spin_for_another_cpu)
{
	struct flat_config cfg = FLAT_CONFIG_DEFAULTS;
	struct flat_machine *fm;

	cfg.cpus = 2;
	fm = flat_test_machine(&cfg);
	stub.on_write = msi_on_write;
	on_irq = spin_in_handler;
	EXPECT_EQ(0, in_guest(fm, release_for_handler));
	flat_destroy(fm);
}

/* A thread of CPU 1 waits and lends its stack to a handler that polls. */
static void poll_in_handler(uint32_t cpu, enum machine_irq_source source,
			    uint32_t number)
{
	(void)source;
	(void)number;
	EXPECT_EQ(1, cpu);
	while (irq_cpu == 0)
		calls->relax(m);
	calls->event_signal(m, done, false);
}

static void wait_on_cpu_one(void *arg)
{
	(void)arg;
	EXPECT_TRUE(calls->event_wait(m, done, MACHINE_FOREVER, 0));
	EXPECT_TRUE(calls->thread_self(m) != NULL);
	irq_cpu = 7;
}

static void later_msi_to_one(struct stub *s, uint32_t lane)
{
	(void)lane;
	send_msi(s, 1, 77);
}

static int answer_handler(void *arg)
{
	(void)arg;
	irq_cpu = 0;
	done = calls->event_create(m, "done");
	lock = calls->event_create(m, "pause");
	calls->thread_create(m, "waiter", 1, wait_on_cpu_one, NULL);
	stub.fn.host->ops->lane_schedule(stub.fn.host, 0, 500000);
	calls->event_wait(m, lock, 1000, 0);
	EXPECT_STREQ("m77 ", irqs);
	irq_cpu = 1;
	calls->relax(m);
	calls->relax(m);
	EXPECT_EQ(7, irq_cpu);
	return 0;
}

TEST(flat_irq, a_handler_polls_on_the_stack_of_a_thread_that_waits)
{
	struct flat_config cfg = FLAT_CONFIG_DEFAULTS;
	struct flat_machine *fm;

	cfg.cpus = 2;
	cfg.budget = 10000;
	fm = flat_test_machine(&cfg);
	stub.on_lane = later_msi_to_one;
	on_irq = poll_in_handler;
	EXPECT_EQ(0, in_guest(fm, answer_handler));
	EXPECT_EQ(7, irq_cpu);
	flat_destroy(fm);
}
