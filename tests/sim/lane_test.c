/* SPDX-License-Identifier: MIT */
/*
 * Lanes: when they run, and the epoch rule of door 2: a cancel ends what runs
 * in them at its present DMA call, nothing of it is posted afterwards, and
 * lanes_drained is called once, when they are at rest.
 */
#include "tests/sim/rig.h"

#include <string.h>

/* What a lane does, a letter a call: r, R (4, 600 bytes) read; w, W write;
 * t wait 100 ns; m message. */
static const char *program;
static unsigned int running, cancel_in; /* cancel_in: call, from 1; 0: none */
static unsigned int calls, ok, posted_ok, canceled, broken;
static uint64_t canceled_at;

static struct rig_device canceler;

static enum dma_result one_call(struct rig_device *d, char what)
{
	static uint8_t buf[600];

	switch (what) {
	case 'r':
		return DEV(d, dma_read, 0x40000000, buf, 4);
	case 'R':
		return DEV(d, dma_read, 0x40000000, buf, 600);
	case 'w':
		return DEV(d, dma_write, 0x40001000, "data", 4);
	case 'W':
		return DEV(d, dma_write, 0x40001000, buf, 600);
	default:
		return DEV(d, lane_wait, 100000);
	}
}

/* Leaves at once when canceled, as the contract has it. */
static void run_program(struct rig_device *d, uint32_t lane)
{
	const char *p;

	running |= 1u << lane;
	for (p = program; *p; p++) {
		if (++calls == cancel_in)
			DEV(&canceler, lane_schedule, 0, 1);
		if (*p == 'm') {
			DEV(d, msi, lane, MSI_OF(0), 40);
		} else if (one_call(d, *p) == DMA_OK) {
			ok++;
			posted_ok += (*p | 0x20) == 'w';
		} else {
			canceled++;
			break;
		}
		if (canceled_at && *p != 'm')
			broken++; /* it went on behind a cancel */
	}
	running &= ~(1u << lane);
	say("end%u", lane);
}

static void drained(struct rig_device *d, uint64_t lanes)
{
	(void)d;
	if (running & lanes)
		broken += 100;
	say("drained%x", (unsigned int)lanes);
}

/* 0x00: schedules the lane of that number, 0x08: cancels lanes, 0x10: a
 * message of the handler, 0x18: cancels twice, 0x20: schedules it thrice. */
static void registers(struct rig_device *d, uint32_t bar, uint64_t offset,
		      uint64_t value)
{
	unsigned int i;

	(void)bar;
	switch (offset) {
	case 0x00:
		DEV(d, lane_schedule, (uint32_t)value, 0);
		break;
	case 0x08:
		say("cancel");
		canceled_at = platform_now(rig_platform);
		DEV(d, cancel, value);
		break;
	case 0x10:
		DEV(d, msi, 9, MSI_OF(0), 41);
		break;
	case 0x18:
		DEV(d, cancel, value & 0xff);
		DEV(d, cancel, value >> 8);
		say("twice");
		break;
	case 0x20:
		for (i = 0; i < 3; i++)
			DEV(d, lane_schedule, (uint32_t)value, 10000 * (3 - i));
		break;
	default:
		break;
	}
}

static struct rig_device dev = { .bdf = 0x08, .base = 0xc0000000,
				 .size = 0x1000, .on_write = registers,
				 .run = run_program, .drained = drained };

/* Another function, whose lane cancels those of the first. */
static void cancel_other(struct rig_device *d, uint32_t lane)
{
	(void)d;
	(void)lane;
	say("cancel");
	canceled_at = platform_now(rig_platform);
	DEV(&dev, cancel, 0xff);
}

static struct rig_device canceler = { .bdf = 0x10, .run = cancel_other };

/* `text` as the lanes' program, the call to cancel in. */
static const struct rig_result *run_with(const char *text, unsigned int in,
					 enum platform_dma dma,
					 void (*script)(void))
{
	struct rig rig = { .devices = { &dev, &canceler }, .dma = dma,
			   .script = script };

	program = text;
	cancel_in = in;
	return rig_run(&rig);
}

GUEST static void report(void)
{
	keep(0, calls);
	keep(1, ok);
	keep(2, posted_ok);
	keep(3, canceled);
	keep(4, broken);
	keep(5, canceled_at);
}

/* ---- when they run ---- */

GUEST static void one_run(void)
{
	WR(0xc0000000, 4, 0);
	pause_ns(100000);
	report();
}

GUEST static void three_schedules(void)
{
	WR(0xc0000020, 4, 0);
	pause_ns(100000);
	report();
}

TEST(lane, a_scheduled_lane_is_not_scheduled_twice)
{
	const struct rig_result *r = run_with("r", 0, PLATFORM_DMA_STEPWISE,
					      three_schedules);

	EXPECT_STREQ("end0", r->story);
	EXPECT_EQ(1, r->value[0]);
	/* The earliest of the three, 1 ns after the write arrived; and the
	 * read's time, with 24 bytes up and down each. */
	EXPECT_EQ(92110 + 10000 + 6094 + 350000 + 6094,
		  rig_event(r, EV_DMA_READ, 0)->ev.time);
}

GUEST static void schedule_while_running(void)
{
	WR(0xc0000000, 4, 0);
	pause_ns(200);
	WR(0xc0000000, 4, 0);
	WR(0xc0000000, 4, 0);
	pause_ns(100000);
}

TEST(lane, one_that_runs_runs_again)
{
	const struct rig_result *r = run_with("tttt", 0, PLATFORM_DMA_STEPWISE,
					      schedule_while_running);

	EXPECT_STREQ("end0 end0", r->story);
}

GUEST static void two_lanes(void)
{
	WR(0xc0000000, 4, 0);
	pause_ns(50);
	WR(0xc0000000, 4, 1);
	pause_ns(100000);
}

TEST(lane, lanes_run_side_by_side)
{
	const struct rig_result *r;

	r = run_with("r", 0, PLATFORM_DMA_STEPWISE, two_lanes);
	EXPECT_STREQ("end0 end1", r->story);
	EXPECT_EQ(50000, rig_event(r, EV_DMA_READ, 1)->ev.time -
				 rig_event(r, EV_DMA_READ, 0)->ev.time);
}

/* ---- cancel inside the nth call ---- */

/* What the guest may see behind a cancel: only what was posted before. */
static void check_cancel(const struct rig_result *r, size_t n)
{
	size_t writes = rig_count(r, EV_DMA_WRITE);
	const struct rig_event *last = rig_event(r, EV_DMA_WRITE,
						 writes ? writes - 1 : 0);

	EXPECT_EQ(RUN_FINISHED, r->end);
	EXPECT_EQ(0, r->value[4]);
	EXPECT_LE(writes, r->value[2]);
	/* A posted write is under way 75 ns and its time on the link. */
	if (writes)
		EXPECT_LE(last->ev.time, r->value[5] + 75000 + 4 * 170000);
	EXPECT_LE(r->value[0], n + 3);
}

static void cancel_in_each(const char *text, enum platform_dma dma)
{
	size_t n, length = strlen(text);

	for (n = 1; n <= length; n++) {
		const struct rig_result *r =
			run_with(text, (unsigned int)n, dma, one_run);
		TEST_ROW("call %zu of %s", n, text);

		check_cancel(r, n);
		/* Behind the last call nothing can be canceled. */
		if (r->value[3])
			EXPECT_STREQ("cancel end0 drainedff", r->story);
		else
			EXPECT_STREQ("end0 cancel drainedff", r->story);
	}
}

TEST(lane, cancel_inside_each_call)
{
	cancel_in_each("rwtRWrrt", PLATFORM_DMA_STEPWISE);
	cancel_in_each("RmWrmwtr", PLATFORM_DMA_STEPWISE);
}

TEST(lane, cancel_inside_each_call_of_a_batch)
{
	cancel_in_each("rwtRWrrt", PLATFORM_DMA_BATCHED);
	cancel_in_each("RmWrmwtr", PLATFORM_DMA_BATCHED);
}

/* A stepwise lane stands still in a read or wait, so that the call itself is
 * the one that is canceled. */
TEST(lane, the_call_that_waits_is_canceled)
{
	const struct rig_result *r;

	r = run_with("rrrr", 3, PLATFORM_DMA_STEPWISE, one_run);
	EXPECT_EQ(3, r->value[0]);
	EXPECT_EQ(2, r->value[1]);
	EXPECT_EQ(1, r->value[3]);
	EXPECT_EQ(1, rig_count(r, EV_DMA_CANCELED));
	r = run_with("rtw", 2, PLATFORM_DMA_STEPWISE, one_run);
	EXPECT_EQ(2, r->value[0]);
	EXPECT_EQ(0, rig_count(r, EV_DMA_WRITE));
}

/* At each moment of the lane's work, from a register handler. */
static uint64_t distance;

GUEST static void cancel_at_a_distance(void)
{
	WR(0xc0000000, 4, 0);
	pause_ns(distance);
	WR(0xc0000008, 4, 0x5);
	pause_ns(100000);
	report();
}

TEST(lane, cancel_from_a_handler_at_each_moment)
{
	unsigned int way;

	for (way = 0; way < 2; way++) {
		for (distance = 0; distance < 2500; distance += 47) {
			const struct rig_result *r = run_with(
				"rwmrWtrw", 0,
				way ? PLATFORM_DMA_BATCHED :
				      PLATFORM_DMA_STEPWISE,
				cancel_at_a_distance);
			TEST_ROW("%s, %llu ns", way ? "batched" : "stepwise",
				 (unsigned long long)distance);

			check_cancel(r, 8);
			EXPECT_SUBSTR(r->story, "drained5");
			EXPECT_EQ(NULL, strstr(strstr(r->story, "drained") + 1,
					       "drained"));
			if (strstr(r->story, "end0"))
				EXPECT_TRUE(strstr(r->story, "end0") <
					    strstr(r->story, "drained"));
		}
	}
}

/* ---- several cancels ---- */

GUEST static void cancel_idle(void)
{
	WR(0xc0000008, 4, 0x7);
	pause_ns(1000);
}

TEST(lane, a_cancel_of_lanes_at_rest_drains_at_once)
{
	EXPECT_STREQ("cancel drained7",
		     run_with("r", 0, PLATFORM_DMA_STEPWISE, cancel_idle)
			     ->story);
}

GUEST static void cancel_two(void)
{
	WR(0xc0000000, 4, 0);
	WR(0xc0000000, 4, 2);
	pause_ns(200);
	WR(0xc0000008, 4, 0x7);
	pause_ns(100000);
	report();
}

TEST(lane, a_cancel_waits_for_all_its_lanes)
{
	const struct rig_result *r = run_with("R", 0, PLATFORM_DMA_STEPWISE,
					      cancel_two);

	EXPECT_STREQ("cancel end0 end2 drained7", r->story);
	EXPECT_EQ(0, r->value[4]);
}

GUEST static void cancel_scheduled(void)
{
	WR(0xc0000020, 4, 0);
	WR(0xc0000008, 4, 1);
	pause_ns(100000);
}

TEST(lane, one_that_is_scheduled_is_not_run)
{
	EXPECT_STREQ("cancel drained1",
		     run_with("r", 0, PLATFORM_DMA_STEPWISE, cancel_scheduled)
			     ->story);
}

static uint64_t twice;

GUEST static void cancel_twice(void)
{
	WR(0xc0000000, 4, 0);
	pause_ns(200);
	WR(0xc0000018, 4, twice);
	pause_ns(100000);
}

TEST(lane, each_cancel_is_drained_with_its_own_lanes)
{
	static const struct {
		uint64_t first, second;
		const char *story;
	} rows[] = {
		/* Lane 0 runs, 1 and 2 do not. */
		{ 0x3, 0x1, "twice end0 drained3 drained1" },
		{ 0x1, 0x3, "twice end0 drained1 drained3" },
		{ 0x1, 0x6, "drained6 twice end0 drained1" },
		{ 0x6, 0x1, "drained6 twice end0 drained1" },
	};
	unsigned int i;

	for (i = 0; i < 4; i++) {
		TEST_ROW("%llx, %llx", (unsigned long long)rows[i].first,
			 (unsigned long long)rows[i].second);
		twice = rows[i].first | rows[i].second << 8;
		EXPECT_STREQ(rows[i].story,
			     run_with("R", 0, PLATFORM_DMA_STEPWISE,
				      cancel_twice)->story);
	}
}

GUEST static void cancel_then_schedule(void)
{
	WR(0xc0000000, 4, 0);
	pause_ns(200);
	WR(0xc0000008, 4, 1);
	WR(0xc0000000, 4, 0);
	pause_ns(100000);
}

TEST(lane, one_scheduled_behind_a_cancel_runs)
{
	EXPECT_STREQ("cancel end0 drained1 end0",
		     run_with("R", 0, PLATFORM_DMA_STEPWISE,
			      cancel_then_schedule)->story);
}

static void cancel_myself(struct rig_device *d, uint32_t lane)
{
	running |= 1u << lane;
	DEV(d, cancel, 0x1);
	say("%d", DEV(d, dma_write, 0x40001000, "data", 4) == DMA_CANCELED);
	say("%d", DEV(d, lane_wait, 1) == DMA_CANCELED);
	running = 0;
	say("end");
}

TEST(lane, a_lane_may_cancel_itself)
{
	struct rig_device d = dev;
	struct rig rig = { .devices = { &d }, .script = one_run };
	const struct rig_result *r;

	d.run = cancel_myself;
	r = rig_run(&rig);
	EXPECT_STREQ("1 1 end drained1", r->story);
	EXPECT_EQ(0, rig_count(r, EV_DMA_WRITE));
}

/* ---- a batch runs ahead of time ---- */

/* The lane has ended with writes that its cursor, 1 us ahead, makes later; a
 * handler's message stands behind them when they are canceled. */
GUEST static void cancel_ahead_of_time(void)
{
	WR(0xc0000000, 4, 0);
	pause_ns(200);
	WR(0xc0000010, 4, 0);
	WR(0xc0000008, 4, 1);
	pause_ns(100000);
	report();
}

TEST(lane, what_a_batch_has_not_posted_yet_never_is)
{
	const struct rig_result *r = run_with(
		"tttttttttwww", 0, PLATFORM_DMA_BATCHED, cancel_ahead_of_time);

	EXPECT_STREQ("end0 cancel drained1", r->story);
	EXPECT_EQ(3, r->value[1] - 9);
	EXPECT_EQ(0, rig_count(r, EV_DMA_WRITE));
	EXPECT_EQ(1, rig_count(r, EV_MSI));
	EXPECT_EQ(9, rig_event(r, EV_MSI, 0)->ev.index);
}

/* ---- unplug ---- */

GUEST static void unplug_at_a_distance(void)
{
	WR(0xc0000000, 4, 0);
	pause_ns(distance);
	canceled_at = platform_now(rig_platform);
	platform_unplug(rig_platform, 0x08);
	say("%x %x", (unsigned int)RD(0xc0000000, 4),
	    (unsigned int)RD(ECAM_OF(1), 2));
	WR(0xc0000000, 4, 0);
	WR(ECAM_OF(1), 4, 0);
	pause_ns(100000);
	report();
}

TEST(lane, unplug_at_each_moment)
{
	unsigned int way;

	for (way = 0; way < 2; way++) {
		for (distance = 0; distance < 2500; distance += 97) {
			const struct rig_result *r = run_with(
				"rwmrWtrw", 0,
				way ? PLATFORM_DMA_BATCHED :
				      PLATFORM_DMA_STEPWISE,
				unplug_at_a_distance);
			size_t i;
			TEST_ROW("%s, %llu ns", way ? "batched" : "stepwise",
				 (unsigned long long)distance);

			EXPECT_EQ(RUN_FINISHED, r->end);
			EXPECT_SUBSTR(r->story, "ffffffff ffff");
			EXPECT_EQ(0, r->value[4]);
			for (i = 0; i < rig_count(r, EV_DMA_WRITE); i++)
				EXPECT_LE(rig_event(r, EV_DMA_WRITE, i)->ev.time,
					  r->value[5]);
			for (i = 0; i < rig_count(r, EV_MSI); i++)
				EXPECT_LE(rig_event(r, EV_MSI, i)->ev.time,
					  r->value[5]);
		}
	}
}

static void line_up(struct rig_device *d, uint32_t lane)
{
	(void)lane;
	DEV(d, intx, 1, true);
}

GUEST static void unplug_with_a_line(void)
{
	one_run();
	platform_unplug(rig_platform, 0x08);
	platform_unplug(rig_platform, 0x08);
	platform_unplug(rig_platform, 0x77);
}

TEST(lane, unplug_lets_go_of_the_line)
{
	struct rig_device d = dev;
	struct rig rig = { .devices = { &d }, .script = unplug_with_a_line };
	const struct rig_result *r;

	d.run = line_up;
	r = rig_run(&rig);
	EXPECT_EQ(RUN_FINISHED, r->end);
	ASSERT_EQ(2, rig_count(r, EV_INTX));
	EXPECT_EQ(1, rig_event(r, EV_INTX, 0)->ev.value);
	EXPECT_EQ(0, rig_event(r, EV_INTX, 1)->ev.value);
}
