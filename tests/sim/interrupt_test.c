/* SPDX-License-Identifier: MIT */
/*
 * Interrupts: at which points of the guest's code they are taken, messages that
 * coalesce or find no vector, and level-triggered lines.
 */
#include "tests/sim/rig.h"

static struct machine_event *ev;
static unsigned int count;

/* Register 0x00: message of that vector to CPU 0; 0x08: to CPU 1; 0x10: the
 * line's level; 0x18: a message to CPU 0 whose vector is not checked. */
static void message(struct rig_device *d, uint32_t bar, uint64_t offset,
		    uint64_t value)
{
	(void)bar;
	if (offset == 0x10)
		DEV(d, intx, 1, value);
	else if (offset < 0x10)
		DEV(d, msi, 0, MSI_OF(offset / 8), (uint32_t)value);
}

static struct rig_device dev = { .bdf = 0x08, .base = 0xc0000000,
				 .size = 0x1000, .on_write = message };
/* INTA of device 5 shares a line with that of device 1. */
static struct rig_device sharer = { .bdf = 0x28, .base = 0xc0001000,
				    .size = 0x1000, .on_write = message };

GUEST static void tell(uint32_t cpu, enum machine_irq_source source,
		       uint32_t number)
{
	say("%s%u@%u", source == MACHINE_IRQ_MSI ? "v" : "line", number, cpu);
	count++;
	if (ev)
		CALL(event_signal, ev, true);
}

/* ---- safe points ---- */

GUEST static void each_safe_point(void)
{
	int i;

	/* The message is there and 50 ns old before the read's data is. */
	say("access");
	WR(0xc0000000, 4, 40);
	say("read");
	RD(0xc0000000, 4);
	say("relax");
	WR(0xc0000000, 4, 41);
	for (i = 0; i < 40; i++)
		CALL(relax);
	say("off");
	CALL(irqs_enable, false);
	WR(0xc0000000, 4, 42);
	for (i = 0; i < 40; i++)
		CALL(relax);
	RD(0xc0000000, 4);
	say("on");
	say("was%d", CALL(irqs_enable, true));
	say("idle");
	WR(0xc0000000, 4, 43);
	pause_ns(1000);
}

TEST(interrupt, is_taken_at_safe_points)
{
	struct rig rig = { .devices = { &dev }, .script = each_safe_point,
			   .interrupt = tell };
	const struct rig_result *r = rig_run(&rig);

	EXPECT_EQ(RUN_FINISHED, r->end);
	EXPECT_STREQ("access read v40@0 relax v41@0 off on v42@0 was0 idle v43@0",
		     r->story);
	EXPECT_EQ(4, rig_count(r, EV_MSI));
	EXPECT_EQ(4, rig_count(r, EV_IRQ_RAISE));
	EXPECT_EQ(4, rig_count(r, EV_IRQ_ENTER));
	EXPECT_EQ(4, rig_count(r, EV_IRQ_EXIT));
}

/* From the write that the device answers with a message to the handler:
 * 92.110 ns down, 24 + 4 bytes up (7.110 ns) and 75 ns, 50 ns of entry. */
GUEST static void one_message(void)
{
	WR(0xc0000000, 4, 40);
	pause_ns(1000);
}

TEST(interrupt, enters_when_its_message_has_arrived)
{
	struct rig rig = { .devices = { &dev }, .script = one_message,
			   .interrupt = tell };
	const struct rig_result *r = rig_run(&rig);

	EXPECT_EQ(92110, rig_event(r, EV_MMIO_WRITE, 0)->ev.time);
	EXPECT_EQ(174220, rig_event(r, EV_MSI, 0)->ev.time);
	EXPECT_EQ(174220, rig_event(r, EV_IRQ_RAISE, 0)->ev.time);
	EXPECT_EQ(224220, rig_event(r, EV_IRQ_ENTER, 0)->ev.time);
}

/* ---- what a handler may find ---- */

GUEST static void look_around(uint32_t cpu, enum machine_irq_source source,
			      uint32_t number)
{
	(void)source;
	if (number == 41) {
		say("41");
		return;
	}
	say("cpu%u=%u", cpu, CALL(cpu));
	say("self%d", CALL(thread_self) != NULL);
	say("was%d", CALL(irqs_enable, true));
	/* Interrupts stay off: the other message waits for the end. */
	WR(0xc0000000, 4, 41);
	RD(0xc0000000, 4);
	RD(0xc0000000, 4);
	say("end");
}

GUEST static void one_message_while_running(void)
{
	int i;

	say("self%d", CALL(thread_self) != NULL);
	WR(0xc0000000, 4, 40);
	for (i = 0; i < 40; i++)
		CALL(relax);
}

TEST(interrupt, handlers_do_not_nest)
{
	struct rig rig = { .devices = { &dev }, .interrupt = look_around,
			   .script = one_message_while_running };
	static const char story[] = "self1 cpu0=0 self0 was0 end 41";

	EXPECT_STREQ(story, rig_run(&rig)->story);
	rig.script = one_message;
	EXPECT_STREQ(story + 6, rig_run(&rig)->story);
}

/* ---- messages ---- */

GUEST static void same_vector_thrice(void)
{
	CALL(irqs_enable, false);
	WR(0xc0000000, 4, 40);
	WR(0xc0000000, 4, 40);
	WR(0xc0000000, 4, 41);
	WR(0xc0000000, 4, 40);
	RD(0xc0000000, 4);
	RD(0xc0000000, 4);
	CALL(irqs_enable, true);
	say("again");
	WR(0xc0000000, 4, 40);
	RD(0xc0000000, 4);
	RD(0xc0000000, 4);
}

TEST(interrupt, messages_of_a_pending_vector_coalesce)
{
	struct rig rig = { .devices = { &dev }, .interrupt = tell,
			   .script = same_vector_thrice };
	const struct rig_result *r = rig_run(&rig);

	EXPECT_STREQ("v40@0 v41@0 again v40@0", r->story);
	EXPECT_EQ(5, rig_count(r, EV_MSI));
	EXPECT_EQ(5, rig_count(r, EV_IRQ_RAISE));
	EXPECT_EQ(3, rig_count(r, EV_IRQ_ENTER));
}

GUEST static void send_again(uint32_t cpu, enum machine_irq_source source,
			     uint32_t number)
{
	tell(cpu, source, number);
	if (count < 3) {
		WR(0xc0000000, 4, number);
		RD(0xc0000000, 4);
		RD(0xc0000000, 4);
		say("end");
	}
}

TEST(interrupt, a_message_that_comes_during_its_handler_is_kept)
{
	struct rig rig = { .devices = { &dev }, .interrupt = send_again,
			   .script = one_message };

	EXPECT_STREQ("v40@0 end v40@0 end v40@0", rig_run(&rig)->story);
}

GUEST static void to_cpu_1(void)
{
	WR(0xc0000008, 4, 50);
	pause_ns(1000);
	WR(0xc0000008, 4, 51);
	pause_ns(1000);
}

TEST(interrupt, a_cpu_without_a_thread_takes_it)
{
	struct rig rig = { .cpus = 2, .devices = { &dev }, .interrupt = tell,
			   .script = to_cpu_1 };

	EXPECT_STREQ("v50@1 v51@1", rig_run(&rig)->story);
}

GUEST static void from_cpu_0(void)
{
	WR(0xfee01000, 4, 60);
	pause_ns(1000);
	WR(0xfee00000, 4, 61);
	pause_ns(1000);
}

TEST(interrupt, a_cpu_may_write_a_message_itself)
{
	struct rig rig = { .cpus = 2, .interrupt = tell, .script = from_cpu_0 };
	const struct rig_result *r = rig_run(&rig);

	EXPECT_STREQ("v60@1 v61@0", r->story);
	EXPECT_EQ(0, rig_count(r, EV_BUS_ERROR));
}

/* ---- messages that reach nobody ---- */

static const struct {
	uint64_t addr;
	uint32_t data;
} lost[] = {
	{ 0xfee00000, 31 },   { 0xfee00000, 48 },         /* 32 .. 47 are there */
	{ 0xfee00000, 0 },    { 0xfee00000, 0xffffffff },
	{ 0xfee02000, 40 },   { 0xfeeff000, 40 },         /* CPUs 2, 255 */
	{ 0xfee00004, 40 },   { 0xfedff000, 40 },
	{ 0, 40 },            { 0xfffffffffffffffc, 40 },
};

static void send_lost(struct rig_device *d, uint32_t bar, uint64_t offset,
		      uint64_t value)
{
	unsigned int i;

	(void)bar;
	(void)offset;
	(void)value;
	for (i = 0; i < 10; i++)
		DEV(d, msi, i, lost[i].addr, lost[i].data);
	DEV(d, msi, 10, 0xfee00000, 32);
	DEV(d, msi, 11, 0xfee01000, 47);
	/* A message is a memory write: here it is only that. */
	DEV(d, msi, 12, 0x40000100, 0x12345678);
}

TEST(interrupt, a_message_without_a_vector_is_told)
{
	struct rig_device d = dev;
	struct rig rig = { .cpus = 2, .cpu_vectors = 16, .devices = { &d },
			   .interrupt = tell, .script = one_message };
	const struct rig_result *r;
	unsigned int i;

	d.on_write = send_lost;
	r = rig_run(&rig);
	EXPECT_EQ(RUN_FINISHED, r->end);
	EXPECT_EQ(13, rig_count(r, EV_MSI));
	EXPECT_EQ(10, rig_count(r, EV_MSI_LOST));
	for (i = 0; i < 10; i++) {
		EXPECT_EQ(lost[i].addr, rig_event(r, EV_MSI_LOST, i)->ev.addr);
		EXPECT_EQ(lost[i].data, rig_event(r, EV_MSI_LOST, i)->ev.value);
	}
	EXPECT_STREQ("v32@0 v47@1", r->story);
	EXPECT_MEMEQ("\x78\x56\x34\x12", r->ram + 0x100, 4);
}

/* ---- lines ---- */

GUEST static void deassert_at_third(uint32_t cpu,
				    enum machine_irq_source source,
				    uint32_t number)
{
	tell(cpu, source, number);
	if (count == 3) {
		WR(0xc0000010, 4, 0);
		RD(0xc0000000, 4);
	}
}

GUEST static void assert_line(void)
{
	CALL(line_enable, 1, 0, true);
	WR(0xc0000010, 4, 1);
	pause_ns(5000);
	WR(0xc0000010, 4, 1);
	pause_ns(5000);
	count = 2;
}

TEST(interrupt, an_asserted_line_is_delivered_again)
{
	struct rig rig = { .devices = { &dev }, .script = assert_line,
			   .interrupt = deassert_at_third };
	const struct rig_result *r;

	count = 0;
	r = rig_run(&rig);
	EXPECT_EQ(3, rig_event(r, EV_IRQ_EXIT, 2)->ev.cpu + 3);
	EXPECT_EQ(2 + 1, rig_count(r, EV_INTX));
	EXPECT_EQ(1, rig_event(r, EV_INTX, 0)->ev.index);
	EXPECT_EQ(1, rig_event(r, EV_INTX, 0)->ev.value);
	EXPECT_EQ(0, rig_event(r, EV_INTX, 1)->ev.value);
	EXPECT_SUBSTR(r->story, "line1@0 line1@0 line1@0 line1@0");
}

GUEST static void deassert(uint32_t cpu, enum machine_irq_source source,
			   uint32_t number)
{
	tell(cpu, source, number);
	WR(0xc0000010, 4, 0);
	RD(0xc0000000, 4);
}

GUEST static void masked_line(void)
{
	say("masked");
	WR(0xc0000010, 4, 1);
	pause_ns(1000);
	say("through");
	CALL(line_enable, 1, 1, true);
	pause_ns(1000);
	CALL(line_enable, 1, 1, false);
	say("masked");
	WR(0xc0000010, 4, 1);
	pause_ns(1000);
	WR(0xc0000010, 4, 0);
	pause_ns(1000);
	say("through");
	CALL(line_enable, 1, 0, true);
	pause_ns(1000);
}

TEST(interrupt, a_masked_line_waits)
{
	struct rig rig = { .cpus = 2, .devices = { &dev },
			   .script = masked_line, .interrupt = deassert };

	EXPECT_STREQ("masked through line1@1 masked through",
		     rig_run(&rig)->story);
}

/* One of two that share the line acknowledges at each entry. */
GUEST static void acknowledge_in_turn(uint32_t cpu,
				      enum machine_irq_source source,
				      uint32_t number)
{
	tell(cpu, source, number);
	WR(count == 1 ? 0xc0000010 : 0xc0001010, 4, 0);
	RD(0xc0000000, 4);
}

GUEST static void two_on_a_line(void)
{
	count = 0;
	CALL(line_enable, 1, 0, true);
	WR(0xc0000010, 4, 1);
	WR(0xc0001010, 4, 1);
	pause_ns(5000);
	say("end");
}

TEST(interrupt, a_shared_line_stays_up_until_both_let_go)
{
	struct rig rig = { .devices = { &dev, &sharer },
			   .script = two_on_a_line,
			   .interrupt = acknowledge_in_turn };
	const struct rig_result *r = rig_run(&rig);

	EXPECT_STREQ("line1@0 line1@0 end", r->story);
	EXPECT_EQ(4, rig_count(r, EV_INTX));
}

/* PCI 2.2.6: pin p of device d arrives at line (d + p - 1) mod 4. */
static void all_pins(struct rig_device *d, uint32_t bar, uint64_t offset,
		     uint64_t value)
{
	uint32_t pin;

	(void)bar;
	(void)offset;
	(void)value;
	for (pin = 1; pin <= 4; pin++) {
		DEV(d, intx, pin, true);
		DEV(d, intx, pin, false);
	}
}

TEST(interrupt, pins_are_swizzled)
{
	static const uint32_t lines[] = { 1, 1, 2, 2, 3, 3, 0, 0 };
	struct rig_device d = dev;
	struct rig rig = { .devices = { &d }, .script = one_message };
	const struct rig_result *r;
	unsigned int i;

	d.on_write = all_pins;
	r = rig_run(&rig);
	ASSERT_EQ(8, rig_count(r, EV_INTX));
	for (i = 0; i < 8; i++) {
		EXPECT_EQ(lines[i], rig_event(r, EV_INTX, i)->ev.index);
		EXPECT_EQ(1 - i % 2, rig_event(r, EV_INTX, i)->ev.value);
	}
}
