/* SPDX-License-Identifier: MIT */
/*
 * What config space does to work in flight: reset, Bus Master off, D3hot, FLR
 * and unplug inside each of the DMA calls of a lane.
 */
#include <string.h>

#include "tests/shim/gtest_c.h"
#include "tests/unit/pci/plain.h"

#define CALLS 4u /* of a lane's run */

static struct plain *begin(void)
{
	struct plain *p = plain_default();

	msix_start(p);
	memcpy(fake_host_ram(&p->host, PLAIN_SOURCE, 16), "sixteen letters.",
	       16);
	p->fn.host->ops->lane_schedule(p->fn.host, 0, 0);
	return p;
}

static void expect_nothing_done(struct plain *p)
{
	static const uint8_t none[16];

	EXPECT_EQ(0, p->completed);
	EXPECT_EQ(0, p->host.msis);
	EXPECT_MEMEQ(none, fake_host_ram(&p->host, PLAIN_TARGET, 16), 16);
	EXPECT_EQ(0, p->host.violations);
}

/* It works again when set up anew. */
static void expect_works_again(struct plain *p)
{
	msix_start(p);
	p->fn.host->ops->lane_schedule(p->fn.host, 0, 0);
	fake_host_run(&p->host);
	EXPECT_EQ(1, p->completed);
	EXPECT_EQ(1, p->host.msis);
	EXPECT_MEMEQ("sixteen letters.",
		     fake_host_ram(&p->host, PLAIN_TARGET, 16), 16);
}

TEST(lanes, undisturbed_they_finish)
{
	struct plain *p = begin();

	fake_host_run(&p->host);
	EXPECT_EQ(1, p->completed);
	EXPECT_EQ(CALLS, p->host.dma_calls);
	ASSERT_EQ(2, p->host.nposts);
	EXPECT_EQ(FAKE_POST_WRITE, p->host.posts[0].kind);
	EXPECT_EQ(FAKE_POST_MSI, p->host.posts[1].kind);
	plain_free(p);
}

TEST(lanes, bus_master_off_inside_each_call)
{
	for (unsigned int n = 1; n <= CALLS; n++) {
		struct plain *p = begin();

		TEST_ROW("call %u", n);
		fake_host_fail_at(&p->host, n, FAKE_FAIL_BUS_MASTER);
		fake_host_run(&p->host);
		EXPECT_EQ(n, p->host.dma_calls);
		EXPECT_EQ(UINT64_MAX, p->drained);
		expect_nothing_done(p);
		expect_works_again(p);
		plain_free(p);
	}
}

static void call_reset(struct fake_host *h)
{
	h->fn->ops->reset(h->fn, PCI_RESET_POWER_ON);
}

static void call_flr(struct fake_host *h)
{
	struct plain *p = (struct plain *)h->fn;

	cfg_write(p, cap_find(p, 0x10) + 8, 2, 0x8000);
}

static void call_d3(struct fake_host *h)
{
	struct plain *p = (struct plain *)h->fn;

	cfg_write(p, cap_find(p, 0x01) + 4, 2, 3);
}

static void inside_each_call(void (*what)(struct fake_host *h))
{
	for (unsigned int n = 1; n <= CALLS; n++) {
		struct plain *p = begin();

		TEST_ROW("call %u", n);
		p->host.on_fail = what;
		fake_host_fail_at(&p->host, n, FAKE_FAIL_CALL);
		fake_host_run(&p->host);
		EXPECT_EQ(n, p->host.dma_calls);
		EXPECT_EQ(UINT64_MAX, p->drained);
		expect_nothing_done(p);
		cfg_write(p, cap_find(p, 0x01) + 4, 2, 0);
		expect_works_again(p);
		plain_free(p);
	}
}

TEST(lanes, reset_inside_each_call)
{
	inside_each_call(call_reset);
}

TEST(lanes, flr_inside_each_call)
{
	inside_each_call(call_flr);
}

TEST(lanes, d3hot_inside_each_call)
{
	inside_each_call(call_d3);
}

TEST(lanes, unplug_inside_each_call)
{
	for (unsigned int n = 1; n <= CALLS; n++) {
		struct plain *p = begin();

		TEST_ROW("call %u", n);
		fake_host_fail_at(&p->host, n, FAKE_FAIL_UNPLUG);
		fake_host_run(&p->host);
		EXPECT_EQ(n, p->host.dma_calls);
		expect_nothing_done(p);
		plain_free(p);
	}
}

/* Off and on again inside one call: the old work is gone all the same. */
static void call_bounce(struct fake_host *h)
{
	struct plain *p = (struct plain *)h->fn;

	cfg_write(p, 0x04, 2, 0x0002);
	cfg_write(p, 0x04, 2, 0x0006);
}

TEST(lanes, bus_master_off_and_on_still_cancels)
{
	struct plain *p = begin();

	p->host.on_fail = call_bounce;
	fake_host_fail_at(&p->host, 2, FAKE_FAIL_CALL);
	fake_host_run(&p->host);
	expect_nothing_done(p);
	expect_works_again(p);
	plain_free(p);
}

TEST(lanes, an_address_that_nobody_answers_is_no_cancel)
{
	struct plain *p = begin();

	fake_host_fail_at(&p->host, 1, FAKE_FAIL_ERROR);
	fake_host_run(&p->host);
	EXPECT_EQ(CALLS, p->host.dma_calls);
	EXPECT_EQ(1, p->completed);
	plain_free(p);
}
