/* SPDX-License-Identifier: MIT */
/*
 * The fake host itself: it must notice a function that breaks the contract, or
 * the tests that stand on it say nothing.
 */
#include "tests/fake_host/fake_host.h"

#include <string.h>

#include "tests/shim/gtest_c.h"

/* A function that does in its lanes what a test tells it to. */
struct rude {
	struct pci_function fn;
	struct fake_host host;
	void (*run)(struct rude *r, uint32_t lane);
	uint32_t command;
	uint32_t order[16];
	unsigned int n;
	unsigned int drained;
	char said[80];
};

static uint32_t config_read(struct pci_function *fn, uint32_t offset,
			    uint32_t width)
{
	(void)offset, (void)width;
	return ((struct rude *)fn)->command;
}

static void config_write(struct pci_function *fn, uint32_t offset,
			 uint32_t width, uint32_t value)
{
	(void)offset, (void)width;
	((struct rude *)fn)->command = value;
	fn->host->ops->cancel(fn->host, UINT64_MAX);
}

static void lane_run(struct pci_function *fn, uint32_t lane)
{
	struct rude *r = (struct rude *)fn;

	r->order[r->n++ % 16] = lane;
	r->run(r, lane);
}

static void lanes_drained(struct pci_function *fn, uint64_t lanes)
{
	(void)lanes;
	((struct rude *)fn)->drained++;
}

static const struct pci_function_ops rude_ops = {
	.config_read = config_read,
	.config_write = config_write,
	.lane_run = lane_run,
	.lanes_drained = lanes_drained,
};

static void heard(struct fake_host *h, const char *what)
{
	strncpy(((struct rude *)h->fn)->said, what, 79);
}

static void setup(struct rude *r, void (*run)(struct rude *r, uint32_t lane))
{
	memset(r, 0, sizeof(*r));
	fake_host_init(&r->host, 4096);
	r->host.on_violation = heard;
	r->fn.ops = &rude_ops;
	r->fn.host = &r->host.host;
	r->run = run;
	r->command = 0x0006;
	fake_host_attach(&r->host, &r->fn);
}

static enum dma_result rd(struct rude *r, uint64_t addr, uint32_t len)
{
	uint8_t bytes[64];

	return r->fn.host->ops->dma_read(r->fn.host, addr, bytes, len);
}

static void schedule(struct rude *r, uint32_t lane, uint64_t delay)
{
	r->fn.host->ops->lane_schedule(r->fn.host, lane, delay);
}

static void run_nothing(struct rude *r, uint32_t lane)
{
	(void)r, (void)lane;
}

static void run_goes_on(struct rude *r, uint32_t lane)
{
	(void)lane;
	rd(r, 0x80000000, 4);
	rd(r, 0x80000000, 4);
}

static void run_talks_on(struct rude *r, uint32_t lane)
{
	(void)lane;
	if (rd(r, 0x80000000, 4) == DMA_CANCELED)
		r->fn.host->ops->msi(r->fn.host, 0, 0xfee00000, 1);
}

static void run_polite(struct rude *r, uint32_t lane)
{
	(void)lane;
	if (rd(r, 0x80000000, 4) == DMA_CANCELED)
		return;
	rd(r, 0x80000000, 4);
}

static struct rude r;

TEST(fake_host, dma_outside_of_a_lane_is_noticed)
{
	setup(&r, run_nothing);
	rd(&r, 0x80000000, 4);
	EXPECT_EQ(1, r.host.violations);
	EXPECT_STREQ("DMA outside of a lane", r.said);
	fake_host_fini(&r.host);
}

TEST(fake_host, dma_after_canceled_is_noticed)
{
	setup(&r, run_goes_on);
	schedule(&r, 0, 0);
	fake_host_fail_at(&r.host, 1, FAKE_FAIL_BUS_MASTER);
	fake_host_run(&r.host);
	EXPECT_EQ(1, r.host.violations);
	EXPECT_SUBSTR(r.said, "after DMA_CANCELED");
	fake_host_fini(&r.host);
}

TEST(fake_host, a_message_after_canceled_is_noticed)
{
	setup(&r, run_talks_on);
	schedule(&r, 0, 0);
	fake_host_fail_at(&r.host, 1, FAKE_FAIL_UNPLUG);
	fake_host_run(&r.host);
	EXPECT_EQ(1, r.host.violations);
	EXPECT_EQ(0, r.host.msis);
	fake_host_fini(&r.host);
}

TEST(fake_host, a_lane_that_returns_is_not_blamed)
{
	setup(&r, run_polite);
	schedule(&r, 0, 0);
	fake_host_fail_at(&r.host, 1, FAKE_FAIL_BUS_MASTER);
	fake_host_run(&r.host);
	r.command = 0x0006;
	schedule(&r, 0, 0);
	fake_host_run(&r.host);
	EXPECT_EQ(0, r.host.violations);
	EXPECT_EQ(3, r.host.dma_calls);
	EXPECT_EQ(1, r.drained);
	fake_host_fini(&r.host);
}

TEST(fake_host, dma_without_bus_master_is_noticed)
{
	setup(&r, run_polite);
	r.command = 0x0002;
	schedule(&r, 0, 0);
	fake_host_run(&r.host);
	EXPECT_STREQ("DMA with Bus Master off", r.said);
	fake_host_fini(&r.host);
}

TEST(fake_host, intx_without_a_change_is_noticed)
{
	setup(&r, run_nothing);
	r.fn.host->ops->intx(r.fn.host, 1, false);
	EXPECT_EQ(1, r.host.violations);
	r.fn.host->ops->intx(r.fn.host, 1, true);
	EXPECT_EQ(1, r.host.violations);
	r.fn.host->ops->intx(r.fn.host, 0, false);
	EXPECT_EQ(2, r.host.violations);
	fake_host_fini(&r.host);
}

TEST(fake_host, lanes_run_by_time_then_number_once_each)
{
	static const uint32_t order[] = { 2, 7, 0, 1 };

	setup(&r, run_nothing);
	schedule(&r, 1, 500);
	schedule(&r, 7, 0);
	schedule(&r, 2, 0);
	schedule(&r, 2, 900);
	schedule(&r, 0, 100);
	fake_host_run(&r.host);
	EXPECT_EQ(4, r.n);
	EXPECT_MEMEQ(order, r.order, sizeof(order));
	EXPECT_EQ(500, r.host.now);
	fake_host_fini(&r.host);
}

static void run_again(struct rude *me, uint32_t lane)
{
	if (me->n < 3)
		schedule(me, lane, 0);
}

TEST(fake_host, a_running_lane_that_is_scheduled_runs_again)
{
	setup(&r, run_again);
	schedule(&r, 0, 0);
	fake_host_run(&r.host);
	EXPECT_EQ(3, r.n);
	fake_host_fini(&r.host);
}

static void run_others(struct fake_host *h)
{
	struct rude *me = (struct rude *)h->fn;

	schedule(me, 0, 0);
	schedule(me, 1, 0);
	fake_host_run(h);
}

/* Others may run inside a DMA call, the same lane may not. */
TEST(fake_host, no_lane_runs_twice_at_once)
{
	static const uint32_t order[] = { 0, 1, 0 };

	setup(&r, run_polite);
	r.host.on_fail = run_others;
	schedule(&r, 0, 0);
	fake_host_fail_at(&r.host, 1, FAKE_FAIL_CALL);
	fake_host_run(&r.host);
	EXPECT_EQ(3, r.n);
	EXPECT_MEMEQ(order, r.order, sizeof(order));
	EXPECT_EQ(0, r.host.violations);
	fake_host_fini(&r.host);
}

static unsigned int drained_inside;

static void run_looks(struct rude *me, uint32_t lane)
{
	(void)lane;
	rd(me, 0x80000000, 4);
	drained_inside = me->drained;
}

TEST(fake_host, drained_comes_at_once_or_when_the_lane_returns)
{
	setup(&r, run_looks);
	r.fn.host->ops->cancel(r.fn.host, 1);
	EXPECT_EQ(1, r.drained);
	schedule(&r, 0, 0);
	fake_host_fail_at(&r.host, 1, FAKE_FAIL_BUS_MASTER);
	fake_host_step(&r.host);
	EXPECT_EQ(1, drained_inside);
	EXPECT_EQ(2, r.drained);
	EXPECT_EQ(2, r.host.drained);
	fake_host_fini(&r.host);
}

static enum dma_result result;

static void run_far(struct rude *me, uint32_t lane)
{
	(void)lane;
	result = rd(me, 0x80000ffe, 4);
}

TEST(fake_host, beyond_ram_is_an_error)
{
	setup(&r, run_far);
	schedule(&r, 0, 0);
	fake_host_run(&r.host);
	EXPECT_EQ(DMA_ERROR, result);
	fake_host_fini(&r.host);
}

TEST(fake_host, fault_rules_count_after_narrowing)
{
	struct model_fault_site a = { "device.a", 0 }, b = { "device.b", 0 };
	struct pci_host *h = &r.host.host;

	setup(&r, run_nothing);
	fake_host_fault(&r.host, "device.a", 1, 2, 5);
	EXPECT_EQ(0, h->ops->fault(h, &a, 0));
	EXPECT_EQ(0, h->ops->fault(h, &a, 1));
	EXPECT_EQ(0, h->ops->fault(h, &b, 1));
	EXPECT_EQ(5, h->ops->fault(h, &a, 1));
	EXPECT_EQ(0, h->ops->fault(h, &a, 1));
	EXPECT_EQ(3, r.host.faults[0].calls);
	EXPECT_EQ(1, r.host.faults[0].hits);
	fake_host_fini(&r.host);
}
