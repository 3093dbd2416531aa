/* SPDX-License-Identifier: MIT */
/*
 * A CPU's writes to a function are posted: they cost the CPU nothing until the
 * buffer is full, arrive later and in order, and whatever is not posted goes
 * behind them (PCI Express 2.4.1).
 */
#include "tests/sim/rig.h"

static void tell_write(struct rig_device *d, uint32_t bar, uint64_t offset,
		       uint64_t value)
{
	(void)bar;
	(void)value;
	say("%u:w%u", d->number, (unsigned int)offset / 8);
}

static uint64_t tell_read(struct rig_device *d, uint32_t bar, uint64_t offset,
			  uint32_t width)
{
	(void)bar;
	(void)width;
	say("%u:r%u", d->number, (unsigned int)offset / 8);
	return 0x55;
}

static void tell_config(struct rig_device *d, uint32_t offset, uint32_t value)
{
	(void)offset;
	(void)value;
	say("%u:config", d->number);
}

static struct rig_device dev = { .bdf = 0x08, .base = 0xc0000000,
				 .size = 0x1000, .on_write = tell_write,
				 .on_read = tell_read,
				 .on_config_write = tell_config };
static struct rig_device other = { .bdf = 0x10, .base = 0xc0001000,
				   .size = 0x1000, .on_write = tell_write,
				   .on_read = tell_read,
				   .on_config_write = tell_config };

GUEST static void ten_writes_and_a_read(void)
{
	unsigned int i;

	for (i = 0; i < 10; i++)
		WR(0xc0000000 + 0x1000 * (i & 1) + 8 * i, 4, i);
	keep(0, platform_now(rig_platform));
	say("sent");
	say("=%x", (unsigned int)RD(0xc0000000, 4));
}

TEST(posted, writes_arrive_in_order_and_a_read_waits_for_them)
{
	struct rig rig = { .devices = { &dev, &other },
			   .script = ten_writes_and_a_read };
	const struct rig_result *r = rig_run(&rig);
	unsigned int i;

	EXPECT_STREQ("sent 0:w0 1:w1 0:w2 1:w3 0:w4 1:w5 0:w6 1:w7 0:w8 1:w9 "
		     "0:r0 =55", r->story);
	EXPECT_EQ(0, r->value[0]);
	/* 10 ns to the bridge, 75 ns, 24 + 4 bytes of link, of which each of
	 * the two functions has its own. */
	for (i = 0; i < 10; i++)
		EXPECT_EQ(85000 + (i / 2 + 1) * 7110,
			  rig_event(r, EV_MMIO_WRITE, i)->ev.time);
}

GUEST static void seventeen_writes(void)
{
	unsigned int i;

	for (i = 0; i < 17; i++) {
		WR(0xc0000000, 4, i);
		if (i >= 15)
			keep(i - 15, platform_now(rig_platform));
	}
}

TEST(posted, a_full_buffer_stalls_the_cpu)
{
	struct rig rig = { .devices = { &dev }, .script = seventeen_writes };
	const struct rig_result *r = rig_run(&rig);

	EXPECT_EQ(0, r->value[0]);
	EXPECT_EQ(92110, r->value[1]);
}

GUEST static void config_behind_writes(void)
{
	WR(0xc0000000, 4, 1);
	WR(0xc0000008, 4, 1);
	WR(ECAM_OF(1), 4, 1);
	say("back");
	WR(0xc0000010, 4, 1);
	RD(ECAM_OF(2), 4);
	say("back");
}

TEST(posted, configuration_requests_go_behind_writes)
{
	struct rig rig = { .devices = { &dev, &other },
			   .script = config_behind_writes };

	EXPECT_STREQ("0:w0 0:w1 0:config back 0:w2 back",
		     rig_run(&rig)->story);
}

static struct machine_event *done;

GUEST static void write_from_cpu_1(void *arg)
{
	(void)arg;
	WR(0xc0001000, 4, 1);
	CALL(event_signal, done, true);
}

GUEST static void writes_of_two_cpus(void)
{
	done = CALL(event_create, "done");
	WR(0xc0000000, 4, 1);
	CALL(thread_create, "writer", 1, write_from_cpu_1, NULL);
	CALL(event_wait, done, MACHINE_FOREVER, 0);
	RD(0xc0000008, 4);
}

TEST(posted, writes_of_all_cpus_share_the_way)
{
	struct rig rig = { .cpus = 2, .devices = { &dev, &other },
			   .script = writes_of_two_cpus };
	const struct rig_result *r = rig_run(&rig);

	EXPECT_STREQ("0:w0 1:w0 0:r1", r->story);
	EXPECT_EQ(0, rig_event(r, EV_MMIO_WRITE, 0)->ev.cpu);
	EXPECT_EQ(1, rig_event(r, EV_MMIO_WRITE, 1)->ev.cpu);
}

GUEST static void write_then_unplug(void)
{
	WR(0xc0000000, 4, 1);
	platform_unplug(rig_platform, 0x08);
	say("gone");
	say("%x", (unsigned int)RD(0xc0000000, 4));
}

TEST(posted, a_write_on_its_way_to_a_function_that_left_is_dropped)
{
	struct rig rig = { .devices = { &dev }, .script = write_then_unplug };
	const struct rig_result *r = rig_run(&rig);

	EXPECT_EQ(RUN_FINISHED, r->end);
	EXPECT_STREQ("gone ffffffff", r->story);
}

/* Without a bus a write is there at once and costs 1 ns. */
GUEST static void write_without_a_bus(void)
{
	WR(0xc0000000, 4, 1);
	say("after");
	keep(0, platform_now(rig_platform));
}

TEST(posted, without_a_bus_a_write_arrives_at_once)
{
	struct rig rig = { .timing = "none", .devices = { &dev },
			   .script = write_without_a_bus };
	const struct rig_result *r = rig_run(&rig);

	EXPECT_STREQ("0:w0 after", r->story);
	EXPECT_EQ(1000, r->value[0]);
}
