/* SPDX-License-Identifier: MIT */
/*
 * Door 2's host on the small machine: lanes, DMA, cancellation.
 */
#include <string.h>

#include "tests/shim/gtest_c.h"
#include "tests/unit/flat/fixture.h"

#define RAM 0x40000000u

static void schedule(struct stub *s, uint32_t lane, uint64_t delay)
{
	s->fn.host->ops->lane_schedule(s->fn.host, lane, delay);
}

static void schedule_on_write(struct stub *s, uint64_t offset, uint64_t value)
{
	(void)offset;
	schedule(s, (uint32_t)value, 0);
	schedule(s, (uint32_t)value + 1, 0);
	schedule(s, (uint32_t)value, 0);
}

static int kick(void *arg)
{
	(void)arg;
	calls->irqs_enable(m, false);
	calls->write(m, MACHINE_MEM, STUB_MEM, 4, 3);
	EXPECT_STREQ("34", stub.lanes);
	calls->irqs_enable(m, true);
	return 0;
}

TEST(flat_lanes, scheduled_lanes_run_once_in_order_at_the_safe_point)
{
	struct flat_machine *fm = flat_test_machine(NULL);

	stub.on_write = schedule_on_write;
	EXPECT_EQ(0, in_guest(fm, kick));
	EXPECT_EQ(2, flat_counters(fm)->lane_runs);
	flat_destroy(fm);
}

static void three_times(struct stub *s, uint32_t lane)
{
	if (strlen(s->lanes) < 3)
		schedule(s, lane, 0);
}

TEST(flat_lanes, a_lane_that_schedules_itself_runs_again)
{
	struct flat_machine *fm = flat_test_machine(NULL);

	stub.on_lane = three_times;
	schedule(&stub, 5, 0);
	EXPECT_STREQ("", stub.lanes);
	EXPECT_EQ(0, flat_settle(fm));
	EXPECT_STREQ("555", stub.lanes);
	flat_destroy(fm);
}

static int sleep_ten(void *arg)
{
	struct machine_event *ev = calls->event_create(m, "pause");

	(void)arg;
	calls->event_wait(m, ev, 10, 0);
	EXPECT_STREQ("21", stub.lanes);
	calls->event_wait(m, ev, 30, 0);
	EXPECT_STREQ("210", stub.lanes);
	return 0;
}

TEST(flat_lanes, a_delay_waits_for_the_clock)
{
	struct flat_machine *fm = flat_test_machine(NULL);

	schedule(&stub, 0, 20000);
	schedule(&stub, 1, 10000);
	schedule(&stub, 2, 1);
	EXPECT_EQ(0, flat_settle(fm));
	EXPECT_STREQ("", stub.lanes);
	EXPECT_EQ(0, in_guest(fm, sleep_ten));
	flat_destroy(fm);
}

static int relax_often(void *arg)
{
	int i;

	(void)arg;
	for (i = 0; i < 100; i++)
		calls->relax(m);
	return 0;
}

static void cancel(struct stub *s, uint64_t lanes)
{
	s->fn.host->ops->cancel(s->fn.host, lanes);
}

TEST(flat_lanes, canceled_lanes_do_not_run)
{
	struct flat_machine *fm = flat_test_machine(NULL);

	schedule(&stub, 0, 0);
	schedule(&stub, 1, 0);
	schedule(&stub, 2, 0);
	schedule(&stub, 3, 1000);
	cancel(&stub, 0xc | 0x2);
	EXPECT_EQ(0xe, stub.drained);
	EXPECT_EQ(1, stub.drains);
	schedule(&stub, 4, 0);
	EXPECT_EQ(0, flat_settle(fm));
	EXPECT_STREQ("04", stub.lanes);
	EXPECT_EQ(0, in_guest(fm, relax_often));
	EXPECT_STREQ("04", stub.lanes);
	flat_destroy(fm);
}

static enum dma_result result, later;

static void cancel_itself(struct stub *s, uint32_t lane)
{
	uint32_t value = 0;

	if (lane != 1) {
		later = s->fn.host->ops->dma_read(s->fn.host, RAM, &value, 4);
		return;
	}
	cancel(s, 0x3);
	EXPECT_EQ(0, s->drains);
	result = s->fn.host->ops->dma_read(s->fn.host, RAM, &value, 4);
	EXPECT_EQ(DMA_CANCELED,
		  s->fn.host->ops->dma_write(s->fn.host, RAM, "x", 1));
	EXPECT_EQ(DMA_CANCELED, s->fn.host->ops->lane_wait(s->fn.host, 1000));
	schedule(s, 2, 0);
}

TEST(flat_lanes, a_running_lane_is_drained_when_it_returns)
{
	struct flat_machine *fm = flat_test_machine(NULL);

	stub.on_lane = cancel_itself;
	schedule(&stub, 1, 0);
	schedule(&stub, 0, 0);
	EXPECT_EQ(0, flat_settle(fm));
	EXPECT_EQ(DMA_CANCELED, result);
	EXPECT_EQ(DMA_OK, later);
	EXPECT_STREQ("12", stub.lanes);
	EXPECT_EQ(1, stub.drains);
	EXPECT_EQ(0x3, stub.drained);
	EXPECT_EQ(0, flat_info(fm)->ram[0]);
	flat_destroy(fm);
}

static void dma_at_the_edges(struct stub *s, uint32_t lane)
{
	static const struct {
		uint64_t addr;
		uint32_t len;
		enum dma_result expected;
	} rows[] = {
		{ RAM, 16, DMA_OK },
		{ RAM + 0xffff0, 16, DMA_OK },
		{ RAM + 0xffff1, 16, DMA_ERROR },
		{ RAM + 0x100000, 1, DMA_ERROR },
		{ RAM - 1, 2, DMA_ERROR },
		{ 0, 16, DMA_ERROR },
		{ UINT64_MAX, 16, DMA_ERROR },
		{ UINT64_MAX - 15, 16, DMA_ERROR },
		{ 0x12345, 0, DMA_OK },
		{ 0xc0001000, 4, DMA_ERROR },
	};
	const struct pci_host_ops *ops = s->fn.host->ops;
	char buf[16] = "sixteen letters";
	size_t i;

	(void)lane;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		TEST_ROW("row %zu", i);
		EXPECT_EQ(rows[i].expected,
			  ops->dma_write(s->fn.host, rows[i].addr, buf,
					 rows[i].len));
		EXPECT_EQ(rows[i].expected,
			  ops->dma_read(s->fn.host, rows[i].addr, buf,
					rows[i].len));
	}
}

TEST(flat_lanes, dma_reaches_ram_and_nothing_else)
{
	struct flat_config cfg = FLAT_CONFIG_DEFAULTS;
	struct flat_machine *fm;

	cfg.ram_size = 1 << 20;
	fm = flat_test_machine(&cfg);
	stub.on_lane = dma_at_the_edges;
	schedule(&stub, 0, 0);
	EXPECT_EQ(0, flat_settle(fm));
	EXPECT_MEMEQ("sixteen letters", flat_info(fm)->ram, 16);
	EXPECT_MEMEQ("sixteen letters", flat_info(fm)->ram + 0xffff0, 16);
	EXPECT_EQ(14, flat_counters(fm)->dma_errors);
	EXPECT_EQ(32, flat_counters(fm)->dma_read_bytes);
	flat_destroy(fm);
}

TEST(flat_lanes, an_unplugged_function_runs_no_more)
{
	struct flat_machine *fm = flat_test_machine(NULL);

	schedule(&stub, 0, 0);
	flat_unplug(fm, MACHINE_BDF(0, 1, 0));
	schedule(&stub, 1, 0);
	EXPECT_EQ(0, flat_settle(fm));
	EXPECT_STREQ("", stub.lanes);
	flat_destroy(fm);
}

static void always(struct stub *s, uint32_t lane)
{
	schedule(s, lane, 0);
}

TEST(flat_lanes, a_lane_that_never_rests_uses_up_the_budget)
{
	struct flat_config cfg = FLAT_CONFIG_DEFAULTS;
	struct flat_machine *fm;

	cfg.budget = 1000;
	fm = flat_test_machine(&cfg);
	stub.on_lane = always;
	schedule(&stub, 0, 0);
	EXPECT_EQ(FLAT_BUDGET, flat_settle(fm));
	flat_destroy(fm);
}

static void end_action(struct stub *s, uint32_t lane)
{
	s->fn.host->ops->action_done(s->fn.host, -(int)lane);
}

TEST(flat_lanes, operators_actions_that_have_ended_are_counted)
{
	struct flat_machine *fm = flat_test_machine(NULL);
	int ended = 1;

	EXPECT_EQ(0, flat_actions_done(fm, MACHINE_BDF(0, 1, 0), &ended));
	EXPECT_EQ(0, ended);
	stub.on_lane = end_action;
	schedule(&stub, 0, 0);
	schedule(&stub, 5, 0);
	EXPECT_EQ(0, flat_settle(fm));
	EXPECT_EQ(2, flat_actions_done(fm, MACHINE_BDF(0, 1, 0), &ended));
	EXPECT_EQ(-5, ended);
	EXPECT_EQ(0, flat_actions_done(fm, MACHINE_BDF(0, 2, 0), &ended));
	flat_destroy(fm);
}
