/* SPDX-License-Identifier: MIT */
/*
 * The machine calls' own rules: a guest that breaks one is told so, and none of
 * its pointers harms the simulator.
 */
#include "tests/sim/rig.h"

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

GUEST static void deepest(void)
{
	CALL(event_wait, ev, MACHINE_FOREVER, 0);
	say("never");
}

GUEST static void poll_forever(void)
{
	for (;;)
		CALL(relax);
}

/* ---- rules of the door ---- */

GUEST static void read_width_3(void)
{
	RD(0xc0000000, 3);
}

GUEST static void read_width_0(void)
{
	RD(0xc0000000, 0);
}

GUEST static void read_unaligned(void)
{
	RD(0xc0000002, 4);
}

GUEST static void write_unaligned(void)
{
	WR(0xc0000001, 2, 0);
}

GUEST static void read_port_8(void)
{
	CALL(read, MACHINE_IO, 0x1000, 8);
}

GUEST static void sleep_with_interrupts_off(void)
{
	ev = CALL(event_create, "work");
	CALL(irqs_enable, false);
	CALL(event_wait, ev, MACHINE_FOREVER, 0);
}

GUEST static void line_4(void)
{
	CALL(line_enable, 4, 0, true);
}

GUEST static void line_to_cpu_1(void)
{
	CALL(line_enable, 0, 1, true);
}

GUEST static void waits_forever(void *arg)
{
	(void)arg;
	CALL(event_wait, ev, MACHINE_FOREVER, 0);
}

GUEST static void destroy_under_a_waiter(void)
{
	ev = CALL(event_create, "work");
	CALL(thread_create, "waiter", 0, waits_forever, NULL);
	pause_ns(10);
	CALL(event_destroy, ev);
}

GUEST static void wait_on_nothing(void)
{
	static uint64_t no_event[16];

	CALL(event_wait, (struct machine_event *)no_event, MACHINE_FOREVER, 0);
}

GUEST static void note_of_no_kind(void)
{
	struct machine_note note = { .kind = MACHINE_NOTE_COUNT };

	CALL(note, &note);
}

GUEST static void account_of_nothing(void)
{
	CALL(account, MACHINE_RES_COUNT, 1, 1, 0);
}

GUEST static void endless_buffer(void)
{
	CALL(data, MACHINE_DATA_READ, 0x08, 0, rig_info->ram, UINT64_MAX);
}

GUEST static void own_bug(void)
{
	CALL(bug, "double-free", "a block of 8 bytes");
}

GUEST static void many_threads(void)
{
	ev = CALL(event_create, "nothing");
	for (;;)
		CALL(thread_create, "one more", 0, waits_forever, NULL);
}

TEST(door, broken_rules)
{
	static const struct {
		void (*script)(void);
		const char *code, *text, *stack;
	} rows[] = {
		{ read_width_3, "bad-access", "read", "read_width_3" },
		{ read_width_0, "bad-access", "read", "read_width_0" },
		{ read_unaligned, "bad-access", "read", "read_unaligned" },
		{ write_unaligned, "bad-access", "write", "write_unaligned" },
		{ read_port_8, "bad-access", "read", "read_port_8" },
		{ sleep_with_interrupts_off, "sleep-in-atomic",
		  "a wait with interrupts off", "sleep_with_interrupts_off" },
		{ line_4, "bad-argument", "line_enable", "line_4" },
		{ line_to_cpu_1, "bad-argument", "line_enable",
		  "line_to_cpu_1" },
		{ destroy_under_a_waiter, "bad-argument",
		  "destroyed while threads wait", "destroy_under_a_waiter" },
		{ wait_on_nothing, "bad-argument", "an event that there is not",
		  "wait_on_nothing" },
		{ note_of_no_kind, "bad-argument", "note", "note_of_no_kind" },
		{ account_of_nothing, "bad-argument", "account",
		  "account_of_nothing" },
		{ endless_buffer, "bad-argument", "over the end",
		  "endless_buffer" },
		{ own_bug, "double-free", "a block of 8 bytes", "own_bug" },
		{ many_threads, "too-many-threads", "4096", "many_threads" },
	};
	unsigned int i;

	for (i = 0; i < 15; i++) {
		const struct rig_result *r = run_script(rows[i].script);
		TEST_ROW("%s", rows[i].stack);

		EXPECT_EQ(RUN_GUEST_BUG, r->end);
		EXPECT_STREQ(rows[i].code, r->code);
		EXPECT_SUBSTR(r->text, rows[i].text);
		EXPECT_STREQ(rows[i].stack, rig_chain(&r->stacks[0]));
	}
}

GUEST static void sleeping_handler(uint32_t cpu, enum machine_irq_source source,
				   uint32_t number)
{
	(void)cpu;
	(void)source;
	(void)number;
	deepest();
}

GUEST static void message_and_relax(void)
{
	ev = CALL(event_create, "work");
	WR(0xc0000000, 4, 40);
	poll_forever();
}

TEST(door, sleep_in_an_interrupt_handler)
{
	struct rig rig = { .devices = { &dev }, .script = message_and_relax,
			   .interrupt = sleeping_handler };
	const struct rig_result *r = rig_run(&rig);

	EXPECT_EQ(RUN_GUEST_BUG, r->end);
	EXPECT_STREQ("sleep-in-atomic", r->code);
	EXPECT_STREQ("a wait inside an interrupt handler", r->text);
	EXPECT_STREQ("deepest < sleeping_handler < poll_forever < "
		     "message_and_relax", rig_chain(&r->stacks[0]));
}

/* ---- pointers that lead nowhere ---- */

static char *volatile wild = (char *)0x10;

GUEST static void log_wild(void)
{
	CALL(log, 6, wild);
}

GUEST static void note_wild(void)
{
	CALL(note, (struct machine_note *)wild);
}

GUEST static void event_wild(void)
{
	CALL(event_signal, (struct machine_event *)wild, true);
}

GUEST static void event_null(void)
{
	CALL(event_wait, NULL, MACHINE_FOREVER, 0);
}

GUEST static void data_wild(void)
{
	CALL(data, MACHINE_DATA_READ, 0x08, 0, wild, 512);
}

GUEST static void data_too_long(void)
{
	CALL(data, MACHINE_DATA_READ, 0x08, 0,
	     rig_info->ram + rig_info->ram_size - 256, 1ull << 40);
}

GUEST static void site_wild(void)
{
	CALL(fault_point, (struct machine_fault_site *)wild, 0, 0);
}

GUEST static void text_missing(void)
{
	struct machine_note note = { .kind = MACHINE_NOTE_STEP };

	CALL(log, 99, NULL);
	CALL(note, &note);
	CALL(bug, NULL, NULL);
}

TEST(door, a_machine_call_survives_any_pointer)
{
	static const struct {
		void (*script)(void);
		const char *stack;
	} rows[] = {
		{ log_wild, "log_wild" },       { note_wild, "note_wild" },
		{ event_wild, "event_wild" },   { event_null, "event_null" },
		{ data_wild, "data_wild" },     { site_wild, "site_wild" },
	};
	const struct rig_result *r;
	unsigned int i;

	for (i = 0; i < 6; i++) {
		TEST_ROW("%s", rows[i].stack);
		r = run_script(rows[i].script);
		EXPECT_EQ(RUN_GUEST_CRASH, r->end);
		EXPECT_STREQ("null-pointer", r->code);
		EXPECT_SUBSTR(r->text, "a machine call got a pointer to address");
		EXPECT_STREQ(rows[i].stack, rig_chain(&r->stacks[0]));
	}
	r = run_script(data_too_long);
	EXPECT_EQ(RUN_GUEST_CRASH, r->end);
	EXPECT_STREQ("bad-address", r->code);
	r = run_script(text_missing);
	EXPECT_EQ(RUN_GUEST_BUG, r->end);
	EXPECT_STREQ("guest-bug", r->code);
}
