/* SPDX-License-Identifier: MIT */
/*
 * The machine's own fault points, each effect: what the CPU gets, what reaches
 * the function, when, and what is told.
 */
#include "tests/sim/rig.h"

#include <string.h>

#define BAR 0xc0000000ull

/* ---- reads ---- */

static uint64_t counted(struct rig_device *d, uint32_t bar, uint64_t offset,
			uint32_t width)
{
	(void)bar;
	(void)width;
	keep(31, kept(31) + 1);
	return d->regs[offset / 8];
}

static struct rig_device registers = { .bdf = 0x08, .base = BAR, .size = 0x1000,
				       .on_read = counted };

/* The second read of register 8 is the one that goes wrong. */
GUEST static void read_thrice(void)
{
	uint64_t began;
	unsigned int i;

	WR(BAR + 8, 4, 0x12345678);
	RD(BAR + 16, 4);
	keep(0, RD(BAR + 8, 4));
	WR(BAR + 8, 4, 0xabcdef01);
	RD(BAR + 16, 4);
	began = NOW();
	keep(1, RD(BAR + 8, 4));
	keep(3, NOW() - began);
	keep(2, RD(BAR + 8, 4));
	for (i = 0; i < 4; i++)
		keep(4 + i, RD(BAR + 8 + i, 1));
}

/* A CPU read takes 182.2 ns with this profile. */
TEST(bus_fault, reads_of_registers)
{
	static const struct {
		const char *effect;
		uint64_t takes, got;
		unsigned int reached; /* of the nine reads */
		uint64_t ns;
	} rows[] = {
		{ NULL, 0, 0xffffffff, 8, 182 },
		{ "all-ones", 0, 0xffffffff, 8, 182 },
		{ "timeout", 0, 0xffffffff, 8, 50000000 },
		{ "timeout", 7000000, 0xffffffff, 8, 7000 },
		{ "zero", 0, 0, 9, 182 },
		/* The fourth read of the device: bit 3. */
		{ "flip", 0, 0xabcdef09, 9, 182 },
		{ "stale", 0, 0x12345678, 8, 182 },
		{ "slow", 0, 0xabcdef01, 9, 10000 },
		{ "slow", 3000000, 0xabcdef01, 9, 3000 },
	};
	const struct rig_result *r;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct rig rig = { .devices = { &registers },
				   .script = read_thrice,
				   .faults = { { "bus.mmio.read", rows[i].effect,
						 0, 4, rows[i].takes } } };

		TEST_ROW("%s", rows[i].effect);
		r = rig_run(&rig);
		EXPECT_EQ(RUN_FINISHED, r->end);
		EXPECT_EQ(0x12345678, r->value[0]);
		EXPECT_EQ(rows[i].got, r->value[1]);
		EXPECT_EQ(0xabcdef01, r->value[2]);
		EXPECT_EQ(rows[i].reached, r->value[31]);
		EXPECT_GE(r->value[3], rows[i].ns);
		EXPECT_LE(r->value[3], rows[i].ns + 1);
		/* What the observers see is what the CPU got. */
		EXPECT_EQ(rows[i].got, rig_event(r, EV_MMIO_READ, 3)->ev.value);
		ASSERT_EQ(1, rig_count(r, EV_FAULT));
		EXPECT_EQ(4, rig_event(r, EV_FAULT, 0)->ev.addr);
		EXPECT_EQ(8, rig_event(r, EV_FAULT, 0)->ev.index);
		EXPECT_EQ(0, rig_event(r, EV_FAULT, 0)->ev.device);
	}
}

/* Each call flips the bit of its number, within the access. */
TEST(bus_fault, a_flip_is_another_bit_each_time)
{
	struct rig rig = { .devices = { &registers }, .script = read_thrice,
			   .faults = { { "bus.mmio.read", "flip" } } };
	const struct rig_result *r = rig_run(&rig);

	EXPECT_EQ(0x1234567a, r->value[0]); /* the second read: bit 1 */
	EXPECT_EQ(0xabcdef09, r->value[1]);
	EXPECT_EQ(0xabcdef11, r->value[2]);
	EXPECT_EQ(0x21, r->value[4]); /* the sixth, a byte: bit 5 */
	EXPECT_EQ(0x01 ^ 0x01, r->value[7]); /* the ninth: bit 0 again */
}

TEST(bus_fault, stale_is_0_before_the_first_time)
{
	struct rig rig = { .devices = { &registers }, .script = read_thrice,
			   .faults = { { "bus.mmio.read", "stale", 0, 2 } } };

	EXPECT_EQ(0, rig_run(&rig)->value[0]);
}

GUEST static void read_config(void)
{
	RD(0xb0000000 + 0x40, 4); /* 00:00.0: nobody */
	keep(0, RD(ECAM_OF(1) + 0x10, 4));
	keep(1, RD(ECAM_OF(1) + 0x10, 2));
	keep(2, RD(BAR + 8, 4));
}

TEST(bus_fault, reads_of_configuration_space)
{
	struct rig rig = { .devices = { &registers }, .script = read_config,
			   .faults = { { "bus.config.read", NULL, 0, 2 } } };
	const struct rig_result *r = rig_run(&rig);

	EXPECT_EQ(0x10, r->value[0]);
	EXPECT_EQ(0xffff, r->value[1]);
	EXPECT_EQ(0, r->value[2]);
	EXPECT_EQ(0xffff, rig_event(r, EV_CONFIG_READ, 1)->ev.value);
	EXPECT_STREQ("bus.config.read=all-ones", rig_event(r, EV_FAULT, 0)->text);
}

/* ---- writes ---- */

static void tell_config(struct rig_device *d, uint32_t offset, uint32_t value)
{
	(void)d;
	say("%x=%x", offset, value);
}

GUEST static void write_both(void)
{
	WR(BAR + 8, 4, 1);
	WR(BAR + 8, 4, 2);
	WR(ECAM_OF(1) + 0x40, 4, 3);
	WR(ECAM_OF(1) + 0x40, 4, 4);
	keep(0, RD(BAR + 8, 4));
}

TEST(bus_fault, writes_are_lost)
{
	struct rig_device d = { .bdf = 0x08, .base = BAR, .size = 0x1000,
				.on_config_write = tell_config };
	struct rig rig = { .devices = { &d }, .script = write_both,
			   .faults = { { "bus.mmio.write", NULL, 0, 2 },
				       { "bus.config.write", NULL, 0, 1 } } };
	const struct rig_result *r = rig_run(&rig);

	EXPECT_EQ(1, r->value[0]);
	EXPECT_STREQ("40=4", r->story);
	EXPECT_EQ(1, rig_count(r, EV_MMIO_WRITE));
	EXPECT_EQ(1, rig_count(r, EV_CONFIG_WRITE));
	EXPECT_STREQ("bus.mmio.write", rig_event(r, EV_FAULT, 0)->text);
	EXPECT_STREQ("bus.config.write", rig_event(r, EV_FAULT, 1)->text);
}

/* ---- DMA ---- */

static void kick(struct rig_device *d, uint32_t bar, uint64_t offset,
		 uint64_t value)
{
	(void)bar;
	(void)offset;
	(void)value;
	DEV(d, lane_schedule, 0, 0);
}

static void read_and_write(struct rig_device *d, uint32_t lane)
{
	uint32_t got = 0x55, put = 0x0badcafe;

	(void)lane;
	say("r%d", DEV(d, dma_read, 0x40000000, &got, 4));
	say("%x", got);
	say("w%d", DEV(d, dma_write, 0x40000010, &put, 4));
	say("r%d", DEV(d, dma_read, 0x40000000, &got, 4));
	say("%x", got);
}

static struct rig_device dma = { .bdf = 0x08, .base = BAR, .size = 0x1000,
				 .on_write = kick, .run = read_and_write };

GUEST static void kick_dma(void)
{
	*(volatile uint32_t *)rig_info->ram = 0x77;
	*(volatile uint32_t *)(rig_info->ram + 0x10) = 0x11;
	WR(BAR, 4, 1);
	pause_ns(10000);
	keep(0, *(volatile uint32_t *)(rig_info->ram + 0x10));
}

TEST(bus_fault, dma)
{
	static const struct {
		const char *point, *effect, *story;
		uint64_t ram;
		size_t errors;
	} rows[] = {
		{ "bus.dma.read", "aborted", "r1 55 w0 r0 77", 0x0badcafe, 1 },
		{ "bus.dma.read", "poisoned", "r1 55 w0 r0 77", 0x0badcafe, 1 },
		{ "bus.dma.read", "flip", "r0 76 w0 r0 77", 0x0badcafe, 0 },
		{ "bus.dma.write", "aborted", "r0 77 w1 r0 77", 0x11, 1 },
		{ "bus.dma.write", "poisoned", "r0 77 w0 r0 77", 0xffffffff, 0 },
		{ "bus.dma.write", "lost", "r0 77 w0 r0 77", 0x11, 0 },
	};
	static const enum platform_dma modes[] = { PLATFORM_DMA_STEPWISE,
						   PLATFORM_DMA_BATCHED };
	const struct rig_result *r;
	size_t i;

	for (i = 0; i < 2 * sizeof(rows) / sizeof(rows[0]); i++) {
		struct rig rig = { .devices = { &dma }, .script = kick_dma,
				   .dma = modes[i & 1],
				   .faults = { { rows[i / 2].point,
						 rows[i / 2].effect, 0, 1 } } };

		TEST_ROW("%s=%s, %zu", rows[i / 2].point, rows[i / 2].effect,
			 i & 1);
		r = rig_run(&rig);
		EXPECT_EQ(RUN_FINISHED, r->end);
		EXPECT_STREQ(rows[i / 2].story, r->story);
		EXPECT_EQ(rows[i / 2].ram, r->value[0]);
		EXPECT_EQ(rows[i / 2].errors, rig_count(r, EV_DMA_ERROR));
		ASSERT_EQ(1, rig_count(r, EV_FAULT));
		EXPECT_EQ(4, rig_event(r, EV_FAULT, 0)->ev.index);
		EXPECT_EQ(EVENT_NO_CPU, rig_event(r, EV_FAULT, 0)->ev.cpu);
	}
}

/* ---- messages ---- */

static void send_message(struct rig_device *d, uint32_t bar, uint64_t offset,
			 uint64_t value)
{
	(void)bar;
	DEV(d, msi, (uint32_t)offset / 8, MSI_OF(0), (uint32_t)value);
}

static struct rig_device sender = { .bdf = 0x08, .base = BAR, .size = 0x1000,
				    .on_write = send_message };

GUEST static void tell(uint32_t cpu, enum machine_irq_source source,
		       uint32_t number)
{
	(void)cpu;
	(void)source;
	say("v%u", number);
	keep(0, NOW());
}

GUEST static void two_messages(void)
{
	WR(BAR + 8, 4, 40);
	pause_ns(500);
	say("/");
	WR(BAR + 16, 4, 50);
	pause_ns(200000);
}

TEST(bus_fault, messages)
{
	static const struct {
		const char *effect;
		uint64_t takes;
		const char *story;
		size_t messages, lost;
	} rows[] = {
		{ "lost", 0, "/ v50", 2, 1 },
		{ "duplicated", 0, "v40 / v50 v40", 3, 0 },
		{ "duplicated", 100000, "v40 v40 / v50", 3, 0 },
		{ "delayed", 0, "/ v50 v40", 2, 0 },
		{ "delayed", 50000, "v40 / v50", 2, 0 },
		{ "wrong-vector", 0, "v41 / v50", 2, 1 },
	};
	const struct rig_result *r;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct rig rig = { .devices = { &sender },
				   .script = two_messages, .interrupt = tell,
				   .faults = { { "bus.msi", rows[i].effect, 0, 1,
						 rows[i].takes } } };

		TEST_ROW("%s", rows[i].effect);
		r = rig_run(&rig);
		EXPECT_EQ(RUN_FINISHED, r->end);
		EXPECT_STREQ(rows[i].story, r->story);
		EXPECT_EQ(rows[i].messages, rig_count(r, EV_MSI));
		EXPECT_EQ(rows[i].lost, rig_count(r, EV_MSI_LOST));
		if (rows[i].lost)
			EXPECT_EQ(1, rig_event(r, EV_MSI_LOST, 0)->ev.index);
		EXPECT_EQ(1, rig_event(r, EV_FAULT, 0)->ev.index);
	}
}

/* Late messages of the same moment come in the order in which they were sent. */
TEST(bus_fault, delayed_messages_keep_their_order)
{
	struct rig rig = { .devices = { &sender }, .script = two_messages,
			   .interrupt = tell,
			   .faults = { { "bus.msi", "delayed" } } };
	const struct rig_result *r = rig_run(&rig);

	EXPECT_STREQ("/ v40 v50", r->story);
	EXPECT_EQ(100000000, rig_event(r, EV_MSI, 0)->ev.time -
				     rig_event(r, EV_FAULT, 0)->ev.time);
}

/* ---- the function itself ---- */

static void count_run(struct rig_device *d, uint32_t lane)
{
	(void)d;
	(void)lane;
	say("run@%llu", (unsigned long long)platform_now(rig_platform) /
				1000000);
}

static struct rig_device worker = { .bdf = 0x08, .base = BAR, .size = 0x1000,
				    .on_write = kick, .run = count_run };
static struct rig_device neighbour = { .bdf = 0x10, .base = BAR + 0x1000,
				       .size = 0x1000 };

GUEST static void use_both(void)
{
	WR(BAR + 8, 4, 5);
	keep(0, RD(BAR + 8, 4));
	WR(BAR + 8, 4, 6);
	keep(1, RD(BAR + 8, 4));
	keep(2, RD(ECAM_OF(1) + 8, 4));
	WR(BAR + 0x1008, 4, 7);
	keep(3, RD(BAR + 0x1008, 4));
	pause_ns(200000000 - NOW());
	WR(BAR + 8, 4, 8);
	keep(4, RD(BAR + 8, 4));
}

TEST(bus_fault, a_function_is_pulled_out)
{
	struct rig rig = { .devices = { &worker, &neighbour },
			   .script = use_both,
			   .faults = { { "bus.device", "gone", 0, 4 } } };
	const struct rig_result *r = rig_run(&rig);

	EXPECT_EQ(RUN_FINISHED, r->end);
	EXPECT_EQ(5, r->value[0]);
	EXPECT_EQ(0xffffffff, r->value[1]);
	EXPECT_EQ(0xffffffff, r->value[2]);
	EXPECT_EQ(7, r->value[3]);
	EXPECT_EQ(0xffffffff, r->value[4]);
	EXPECT_EQ(4, rig_count(r, EV_BUS_ERROR));
	EXPECT_EQ(1, rig_count(r, EV_FAULT));
}

/* Two reads time out, of 50 ms each; what was kicked runs when it is over. */
TEST(bus_fault, a_function_hangs_for_a_time)
{
	struct rig rig = { .devices = { &worker, &neighbour },
			   .script = use_both,
			   .faults = { { "bus.device", "stuck", 0, 4,
					 150000000000 } } };
	const struct rig_result *r = rig_run(&rig);

	EXPECT_EQ(RUN_FINISHED, r->end);
	EXPECT_EQ(5, r->value[0]);
	EXPECT_EQ(0xffffffff, r->value[1]);
	EXPECT_EQ(0xffffffff, r->value[2]);
	EXPECT_EQ(7, r->value[3]);
	EXPECT_EQ(8, r->value[4]);
	EXPECT_STREQ("run@0 run@0 run@200000", r->story);
	EXPECT_EQ(0, rig_count(r, EV_BUS_ERROR));
}

/* A kick that came before waits, one that comes meanwhile is lost. */
GUEST static void kick_then_hang(void)
{
	WR(BAR + 8, 4, 1);
	RD(ECAM_OF(1), 4);
	WR(BAR + 8, 4, 2);
	pause_ns(100000);
}

static void kick_late(struct rig_device *d, uint32_t bar, uint64_t offset,
		      uint64_t value)
{
	(void)bar;
	(void)offset;
	(void)value;
	DEV(d, lane_schedule, 0, 5000000);
}

TEST(bus_fault, work_waits_while_the_function_hangs)
{
	struct rig_device d = { .bdf = 0x08, .base = BAR, .size = 0x1000,
				.on_write = kick_late, .run = count_run };
	struct rig rig = { .devices = { &d }, .script = kick_then_hang,
			   .timing = "none",
			   .faults = { { "bus.device", "stuck", 0, 3,
					 20000000 } } };

	EXPECT_STREQ("run@20", rig_run(&rig)->story);
	rig.faults[0].takes = 0;
	EXPECT_STREQ("", rig_run(&rig)->story);
}
