/* SPDX-License-Identifier: MIT */
/*
 * What can happen inside each DMA call of the balloon: device reset, Bus Master
 * off, unplug.  A request that was cut off has done nothing; when Bus Master is
 * back it is done once.
 */
#include "tests/unit/virtio/balloon_rig.h"

#define DEVICE_READS 0
#define DEVICE_WRITES 2

/* A request into each queue, and what of it can be seen in the readings. */
static const struct {
	uint16_t queue;
	uint16_t flags;
	uint32_t len;
	const char *group, *field;
	uint64_t after; /* the reading, once it has been served */
} requests[] = {
	{ 0, DEVICE_READS, 12, "balloon", "pages", 3 },
	{ 2, DEVICE_READS, 10, "stats", "swap-in", 0x09080000 },
	{ 4, DEVICE_WRITES, 8192, "balloon", "reported", 2 },
};

#define REQUESTS (sizeof(requests) / sizeof(requests[0]))

static void device_reset(struct fake_host *h)
{
	drv_status(h->arg, 0);
}

/* Sends request i with `what` inside call nth; the features leave poison out. */
static struct drv *run_with(size_t i, unsigned int nth, enum fake_fail what)
{
	struct drv *d = drv_new(&(struct drv_options){
		.model = "virtio-balloon", .offer = F_ALL, .latency = 1000,
		.set = { { "discard", 1 } },
	});
	uint64_t at;

	drv_start(d, F_ALL & ~F_POISON);
	d->next = (d->next + 4095) & ~4095ull;
	at = drv_alloc(d, 8192);
	/* Three pages that are memory; as statistics: tag 0. */
	for (uint32_t k = 0; k < 3; k++)
		bal_put32(d, at + 4 * k, (uint32_t)(at >> 12) + 2 + k);
	if (requests[i].queue == 2) {
		bal_put32(d, at, 0);
		bal_put32(d, at + 4, 0x0908);
		bal_put32(d, at + 8, 0);
	}
	d->host.on_fail = device_reset;
	d->host.arg = d;
	fake_host_forget(&d->host);
	fake_host_fail_at(&d->host, nth, what);
	bal_send(d, requests[i].queue, at, requests[i].len, requests[i].flags);
	return d;
}

static unsigned int calls_of(size_t i)
{
	struct drv *d = run_with(i, 0, FAKE_FAIL_NONE);
	unsigned int n = d->host.dma_calls;

	EXPECT_EQ(requests[i].after,
		  bal_read(d, requests[i].group, requests[i].field));
	EXPECT_EQ(0, bal_errors(d));
	drv_free(d);
	return n;
}

TEST(balloon_cancel, device_reset_in_every_call)
{
	for (size_t i = 0; i < REQUESTS; i++) {
		unsigned int n = calls_of(i);

		ASSERT_GE(n, 4);
		for (unsigned int nth = 1; nth <= n; nth++) {
			struct drv *d = run_with(i, nth, FAKE_FAIL_CALL);
			uint32_t pfn = 7;

			TEST_ROW("queue %u, call %u", requests[i].queue, nth);
			EXPECT_EQ(nth, d->host.dma_calls);
			EXPECT_EQ(0, drv_read(d, 0x14, 1));
			EXPECT_EQ(0, bal_read(d, "balloon", "pages"));
			/* It works afterwards. */
			d->next = FAKE_RAM_BASE + 0x1000;
			drv_start(d, F_ALL & ~F_POISON);
			pfn = bal_page(d);
			bal_pfns(d, 0, &pfn, 1);
			EXPECT_EQ(1, bal_read(d, "balloon", "pages"));
			EXPECT_EQ(0, bal_errors(d));
			drv_free(d);
		}
	}
}

TEST(balloon_cancel, bus_master_off_in_every_call_and_done_once_when_it_is_back)
{
	for (size_t i = 0; i < REQUESTS; i++) {
		unsigned int n = calls_of(i);

		for (unsigned int nth = 1; nth <= n; nth++) {
			struct drv *d = run_with(i, nth, FAKE_FAIL_BUS_MASTER);
			bool kept = requests[i].queue == 2;

			TEST_ROW("queue %u, call %u", requests[i].queue, nth);
			EXPECT_EQ(nth, d->host.dma_calls);
			drv_cfg_write(d, 0x04, 2, 6);
			drv_run(d);
			EXPECT_EQ(requests[i].after,
				  bal_read(d, requests[i].group,
					   requests[i].field));
			EXPECT_EQ(0, bal_errors(d));
			EXPECT_EQ(kept ? 0 : 1,
				  drv_ram16(d, d->q[requests[i].queue].used +
						       2));
			EXPECT_EQ(kept ? 0 : 1, d->host.msis);
			drv_free(d);
		}
	}
}

TEST(balloon_cancel, unplug_in_every_call)
{
	for (size_t i = 0; i < REQUESTS; i++) {
		unsigned int n = calls_of(i);

		for (unsigned int nth = 1; nth <= n; nth++) {
			struct drv *d = run_with(i, nth, FAKE_FAIL_UNPLUG);

			TEST_ROW("queue %u, call %u", requests[i].queue, nth);
			EXPECT_EQ(nth, d->host.dma_calls);
			EXPECT_EQ(0xff, drv_read(d, 0x14, 1));
			drv_free(d);
		}
	}
}

/* The kept buffer on its way back: Bus Master goes off in each call of that. */
TEST(balloon_cancel, a_statistics_buffer_goes_back_once)
{
	for (unsigned int nth = 1; nth <= 3; nth++) {
		struct drv *d = run_with(1, 0, FAKE_FAIL_NONE);

		TEST_ROW("call %u", nth);
		fake_host_forget(&d->host);
		fake_host_fail_at(&d->host, nth, FAKE_FAIL_BUS_MASTER);
		EXPECT_EQ(0, bal_act(d, "balloon.stats", 0));
		EXPECT_EQ(nth, d->host.dma_calls);
		drv_cfg_write(d, 0x04, 2, 6);
		drv_run(d);
		bal_expect_used(d, 2, 0);
		EXPECT_EQ(1, d->host.msis);
		EXPECT_EQ(0, d->host.actions_done);
		bal_send(d, 2, drv_alloc(d, 10), 10, 0);
		EXPECT_EQ(1, d->host.actions_done);
		EXPECT_EQ(0, bal_errors(d));
		drv_free(d);
	}
}
