/* SPDX-License-Identifier: MIT */
/*
 * The agenda's order at equal times: by class, source and sequence, whoever
 * else is there.
 */
#include "tests/sim/rig.h"

#include <string.h>

/* ---- classes ---- */

static struct machine_event *ev, *done;
static unsigned int left;

static void tell_lane(struct rig_device *d, uint32_t lane)
{
	say("lane%u.%u", d->number, lane);
}

/* Lanes of both functions and two of one, all in 10 ns, in a mixed order. */
static struct rig_device low, high;

static void lanes_in_10_ns(struct rig_device *d, uint32_t bar, uint64_t offset,
			   uint64_t value)
{
	(void)d;
	(void)bar;
	(void)offset;
	DEV(&high, lane_schedule, 2, value);
	DEV(&low, lane_schedule, 3, value);
	DEV(&high, lane_schedule, 1, value);
	DEV(&low, lane_schedule, 0, value);
}

static struct rig_device low = { .bdf = 0x08, .base = 0xc0000000,
				 .size = 0x1000, .on_write = lanes_in_10_ns,
				 .run = tell_lane };
static struct rig_device high = { .bdf = 0x10, .base = 0xc0001000,
				  .size = 0x1000, .run = tell_lane };

GUEST static void one_ended(void)
{
	if (--left == 0)
		CALL(event_signal, done, true);
}

/* Its deadline is a timer's; then its CPU's turn comes. */
GUEST static void sleeper(void *arg)
{
	(void)arg;
	CALL(event_wait, ev, 11, 0);
	say("timer@%d", (int)NOW());
	one_ended();
}

/* In a stall until 11 ns. */
GUEST static void staller(void *arg)
{
	(void)arg;
	CALL(relax);
	say("cpu@%d", (int)NOW());
	one_ended();
}

/* Without a bus: the write arrives at once and takes 1 ns, so that all begin
 * at 1 ns and come up at 11. */
GUEST static void all_at_11_ns(void)
{
	ev = CALL(event_create, "never");
	done = CALL(event_create, "done");
	left = 2;
	CALL(thread_create, "sleeper", 2, sleeper, NULL);
	WR(0xc0000000, 4, 11000);
	CALL(thread_create, "staller", 1, staller, NULL);
	while (left)
		CALL(event_wait, done, MACHINE_FOREVER, 0);
}

TEST(agenda, classes_and_sources_at_equal_times)
{
	struct rig rig = { .timing = "none", .cpus = 3,
			   .devices = { &low, &high },
			   .script = all_at_11_ns };
	const struct rig_result *r = rig_run(&rig);

	EXPECT_STREQ("lane0.0 lane0.3 lane1.1 lane1.2 cpu@11 timer@11",
		     r->story);
}

/* A write that arrives at the moment for which a lane is scheduled is there
 * before the lane runs. */
static void lane_beside_a_write(struct rig_device *d, uint32_t bar,
				uint64_t offset, uint64_t value)
{
	(void)bar;
	if (offset == 0)
		DEV(d, lane_schedule, 0, value);
	else
		say("write");
}

GUEST static void write_beside_a_lane(void)
{
	/* Arrives at 92.110 ns, schedules the lane for 204.220. */
	WR(0xc0000000, 4, 112110);
	/* Nobody answers, 20 ns behind the write's arrival. */
	RD(0xb0000000, 4);
	keep(0, platform_now(rig_platform));
	WR(0xc0000008, 4, 0);
	pause_ns(1000);
}

TEST(agenda, a_write_arrives_before_a_lane_of_the_same_moment)
{
	struct rig_device d = low;
	struct rig rig = { .devices = { &d }, .script = write_beside_a_lane };
	const struct rig_result *r;

	d.on_write = lane_beside_a_write;
	r = rig_run(&rig);
	EXPECT_EQ(112110, r->value[0]);
	EXPECT_EQ(204220, rig_event(r, EV_MMIO_WRITE, 1)->ev.time);
	EXPECT_STREQ("write lane0.0", r->story);
}

/* ---- who else is there ---- */

static uint8_t data[1024];

static void busy_lane(struct rig_device *d, uint32_t lane)
{
	DEV(d, dma_read, 0x40000000 + 64 * lane, data, 64);
	DEV(d, dma_write, 0x40001000, data, 700);
	DEV(d, lane_wait, 30000 * lane);
	DEV(d, dma_read, 0x40000000, data, 600);
	DEV(d, msi, lane, MSI_OF(lane & 1), 40 + lane);
	DEV(d, intx, 1, lane & 1);
}

static void busy_kick(struct rig_device *d, uint32_t bar, uint64_t offset,
		      uint64_t value)
{
	unsigned int i;

	(void)bar;
	(void)offset;
	for (i = 0; i < 4; i++)
		DEV(d, lane_schedule, i, value);
}

static unsigned int irqs;

GUEST static void count_irq(uint32_t cpu, enum machine_irq_source source,
			    uint32_t number)
{
	(void)cpu;
	(void)source;
	(void)number;
	irqs++;
	RD(0xc0000008, 4);
	CALL(event_signal, ev, true);
}

GUEST static void other_thread(void *arg)
{
	unsigned int i;

	(void)arg;
	for (i = 0; i < 30; i++) {
		CALL(relax);
		WR(0xc0000010, 4, i);
	}
	one_ended();
}

GUEST static void busy(void)
{
	unsigned int i;

	ev = CALL(event_create, "message");
	done = CALL(event_create, "done");
	irqs = 0;
	left = 2;
	CALL(line_enable, 1, 0, true);
	CALL(thread_create, "a", 0, other_thread, NULL);
	CALL(thread_create, "b", 1, other_thread, NULL);
	for (i = 0; i < 5; i++) {
		WR(0xc0000000, 4, i * 100);
		pause_ns(3000);
	}
	while (left)
		CALL(event_wait, done, MACHINE_FOREVER, 0);
}

static bool same_events(const struct rig_result *a, const struct rig_result *b)
{
	size_t i;

	for (i = 0; i < a->nevents && i < b->nevents; i++) {
		struct event x = a->events[i].ev, y = b->events[i].ev;

		x.text = y.text = 0; /* numbers of the run's table */
		if (memcmp(&x, &y, sizeof(x)) ||
		    strcmp(a->events[i].text, b->events[i].text)) {
			ADD_FAILURE("event %zu: %s at %llu, %s at %llu", i,
				    event_kind_name(x.kind),
				    (unsigned long long)x.time,
				    event_kind_name(y.kind),
				    (unsigned long long)y.time);
			return false;
		}
	}
	return a->nevents == b->nevents;
}

TEST(agenda, an_idle_device_changes_nothing)
{
	static const enum platform_dma modes[] = { PLATFORM_DMA_STEPWISE,
						   PLATFORM_DMA_BATCHED };
	struct rig_device device = { .bdf = 0x08, .base = 0xc0000000,
				     .size = 0x1000, .on_write = busy_kick,
				     .run = busy_lane };
	struct rig_device before = { .bdf = 0x00, .base = 0xb8000000,
				     .size = 0x1000 };
	struct rig_device behind = { .bdf = 0xf8, .base = 0xd0000000,
				     .size = 0x1000 };
	unsigned int i;

	for (i = 0; i < 2; i++) {
		struct rig rig = { .cpus = 2, .dma = modes[i],
				   .devices = { &device }, .script = busy,
				   .interrupt = count_irq };
		const struct rig_result *alone, *again, *together;
		TEST_ROW("%s", i ? "batched" : "stepwise");

		alone = rig_run(&rig);
		again = rig_run(&rig);
		rig.devices[1] = &before;
		rig.devices[2] = &behind;
		together = rig_run(&rig);
		EXPECT_EQ(RUN_FINISHED, alone->end);
		EXPECT_GT(rig_count(alone, EV_IRQ_ENTER), 20);
		EXPECT_TRUE(same_events(alone, again));
		EXPECT_TRUE(same_events(alone, together));
	}
}

/* ---- plain writes have no item of their own ---- */

/* Nothing but the first write's arrival happens until the second is there. */
static void a_short_and_a_long_write(struct rig_device *d, uint32_t lane)
{
	static const uint8_t bytes[4096] = { 1 };

	(void)lane;
	DEV(d, dma_write, 0x40001000, bytes, 4);
	DEV(d, dma_write, 0x40002000, bytes, sizeof(bytes));
}

static void run_lane_0(struct rig_device *d, uint32_t bar, uint64_t offset,
		       uint64_t value)
{
	(void)bar;
	(void)offset;
	DEV(d, lane_schedule, 0, value);
}

static struct rig_device writer = { .bdf = 0x08, .base = 0xc0000000,
				    .size = 0x1000, .on_write = run_lane_0,
				    .run = a_short_and_a_long_write };

GUEST static void poll_ram(void *arg)
{
	volatile uint8_t *first = (uint8_t *)rig_info->ram + 0x1000;

	RELAX_UNTIL(*first);
	keep((unsigned int)(uintptr_t)arg, platform_now(rig_platform));
}

GUEST static void poll_on_one_cpu(void)
{
	WR(0xc0000000, 4, 0);
	poll_ram(NULL);
}

GUEST static void poll_on_two_cpus(void)
{
	CALL(thread_create, "other", 1, poll_ram, (void *)1);
	poll_on_one_cpu();
	RELAX_UNTIL(kept(1));
}

TEST(agenda, a_cpu_that_polls_sees_a_write_as_soon_as_it_is_there)
{
	for (uint32_t cpus = 1; cpus <= 2; cpus++) {
		struct rig rig = { .cpus = cpus, .devices = { &writer },
				   .script = cpus == 1 ? poll_on_one_cpu :
							 poll_on_two_cpus };
		const struct rig_result *r = rig_run(&rig);
		uint64_t arrival = rig_event(r, EV_DMA_WRITE, 0)->ev.time;

		/* cpu_relax() takes 10 ns. */
		for (uint32_t i = 0; i < cpus; i++) {
			EXPECT_GE(r->value[i], arrival);
			EXPECT_LT(r->value[i], arrival + 10000);
		}
	}
}
