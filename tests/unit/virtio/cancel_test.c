/* SPDX-License-Identifier: MIT */
/*
 * What can happen inside a DMA call, in each call of a request, to exhaustion:
 * device reset, Bus Master off, FLR, unplug.  The fake host itself aborts on any
 * call after DMA_CANCELED; here we see that nothing is sent or used, and that the
 * device works afterwards.
 */
#include "tests/shim/gtest_c.h"
#include "tests/unit/virtio/driver.h"

#define F_BOTH (1ull << 28 | 1ull << 29)

static const uint64_t feature_sets[] = { 0, 1ull << 28, 1ull << 29, F_BOTH };

/* How many DMA calls one read takes with these features. */
static unsigned int calls_of_a_read(uint64_t features)
{
	struct drv *d = drv_new(&(struct drv_options){ .latency = 1000 });
	unsigned int n;

	drv_start(d, features);
	fake_host_forget(&d->host);
	drv_submit(d, 0, 0, 0, 1024);
	n = d->host.dma_calls;
	drv_free(d);
	return n;
}

static void works(struct drv *d)
{
	struct drv_request r;
	uint32_t id, len;

	d->next = FAKE_RAM_BASE + 0x1000;
	drv_start(d, d->features);
	fake_host_forget(&d->host);
	r = drv_submit(d, 0, 0, 5, 512);
	EXPECT_TRUE(drv_used(d, 0, &id, &len));
	EXPECT_EQ(513, len);
	EXPECT_EQ(0, drv_result(d, &r));
	EXPECT_MEMEQ(d->image + 5 * 512, drv_ram(d, r.data, 512), 512);
	EXPECT_EQ(1, d->host.msis);
}

/* Runs one read with `what` inside call nth. */
static struct drv *read_with(uint64_t features, unsigned int nth,
			     enum fake_fail what,
			     void (*on_fail)(struct fake_host *h))
{
	struct drv *d = drv_new(&(struct drv_options){ .latency = 1000 });

	drv_start(d, features);
	d->host.on_fail = on_fail;
	d->host.arg = d;
	fake_host_forget(&d->host);
	fake_host_fail_at(&d->host, nth, what);
	drv_submit(d, 0, 0, 0, 1024);
	return d;
}

/* Every used buffer has an interrupt decision, every decision a buffer. */
static void expect_conserved(struct drv *d)
{
	EXPECT_EQ(fake_host_count(&d->host, MODEL_EV_USED),
		  fake_host_count(&d->host, MODEL_EV_NOTIFY));
}

static void device_reset(struct fake_host *h)
{
	drv_status(h->arg, 0);
}

static void flr(struct fake_host *h)
{
	struct drv *d = h->arg;

	drv_cfg_write(d, drv_find_cap(d, 0x10, 0) + 8, 2, 0x8000);
}

static unsigned int messages_after(struct drv *d, enum model_event_kind kind)
{
	const struct fake_event *ev = fake_host_event(&d->host, kind);

	return ev && ev->value == 1 ? d->host.msis : 99;
}

TEST(cancel, device_reset_in_every_call)
{
	for (size_t f = 0; f < 4; f++) {
		unsigned int n = calls_of_a_read(feature_sets[f]);

		ASSERT_GE(n, 8);
		for (unsigned int nth = 1; nth <= n; nth++) {
			struct drv *d = read_with(feature_sets[f], nth,
						  FAKE_FAIL_CALL, device_reset);

			TEST_ROW("features 0x%llx, call %u of %u",
				 (unsigned long long)feature_sets[f], nth, n);
			EXPECT_EQ(nth, d->host.dma_calls);
			EXPECT_EQ(0, drv_read(d, 0x14, 1));
			/* The message goes out with call 10 of 10 or 10 of 12
			 * at the earliest. */
			EXPECT_EQ(nth > 10, messages_after(d, MODEL_EV_RESET));
			expect_conserved(d);
			works(d);
			drv_free(d);
		}
	}
}

TEST(cancel, function_level_reset_in_every_call)
{
	unsigned int n = calls_of_a_read(F_BOTH);

	for (unsigned int nth = 1; nth <= n; nth++) {
		struct drv *d = read_with(F_BOTH, nth, FAKE_FAIL_CALL, flr);

		TEST_ROW("call %u of %u", nth, n);
		EXPECT_EQ(nth, d->host.dma_calls);
		EXPECT_EQ(0, drv_cfg_read(d, 0x04, 2));
		drv_cfg_write(d, 0x14, 4, (uint32_t)DRV_BAR1);
		drv_cfg_write(d, 0x20, 4, (uint32_t)DRV_BAR4);
		drv_cfg_write(d, 0x24, 4, (uint32_t)(DRV_BAR4 >> 32));
		drv_cfg_write(d, 0x04, 2, 6);
		EXPECT_EQ(0, drv_read(d, 0x14, 1));
		works(d);
		drv_free(d);
	}
}

TEST(cancel, bus_master_off_in_every_call_and_the_request_is_done_when_it_is_back)
{
	for (size_t f = 0; f < 4; f++) {
		unsigned int n = calls_of_a_read(feature_sets[f]);

		for (unsigned int nth = 1; nth <= n; nth++) {
			struct drv *d = read_with(feature_sets[f], nth,
						  FAKE_FAIL_BUS_MASTER, NULL);
			uint32_t id, len;

			TEST_ROW("features 0x%llx, call %u of %u",
				 (unsigned long long)feature_sets[f], nth, n);
			EXPECT_EQ(nth, d->host.dma_calls);
			EXPECT_EQ(0xf, drv_read(d, 0x14, 1));
			drv_run(d);
			EXPECT_EQ(nth, d->host.dma_calls);
			drv_cfg_write(d, 0x04, 2, 6);
			drv_run(d);
			EXPECT_TRUE(drv_used(d, 0, &id, &len));
			EXPECT_EQ(1025, len);
			EXPECT_FALSE(drv_used(d, 0, &id, &len));
			EXPECT_EQ(1, d->host.msis);
			expect_conserved(d);
			works(d);
			drv_free(d);
		}
	}
}

TEST(cancel, unplug_in_every_call)
{
	unsigned int n = calls_of_a_read(F_BOTH);

	for (unsigned int nth = 1; nth <= n; nth++) {
		struct drv *d = read_with(F_BOTH, nth, FAKE_FAIL_UNPLUG, NULL);

		TEST_ROW("call %u of %u", nth, n);
		EXPECT_EQ(nth, d->host.dma_calls);
		EXPECT_EQ(0xff, drv_read(d, 0x14, 1));
		drv_free(d);
	}
}

TEST(cancel, bus_master_off_before_the_lane_runs_holds_the_kick_back)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });
	uint32_t id, len;
	struct drv_request r;

	drv_start(d, 0);
	r = drv_prepare(d, 0, 0, 0, 512);
	drv_publish(d, 0, r.head);
	drv_cfg_write(d, 0x04, 2, 2);
	fake_host_forget(&d->host);
	drv_kick(d, 0);
	drv_run(d);
	EXPECT_EQ(0, d->host.dma_calls);
	drv_cfg_write(d, 0x04, 2, 6);
	drv_run(d);
	EXPECT_TRUE(drv_used(d, 0, &id, &len));
	drv_free(d);
}

/* Bus Master goes off and on again inside one call: the old run is canceled, the
 * request is done by the next. */
static void off_and_on(struct fake_host *h)
{
	struct drv *d = h->arg;

	drv_cfg_write(d, 0x04, 2, 2);
	drv_cfg_write(d, 0x04, 2, 6);
}

TEST(cancel, bus_master_off_and_on_in_every_call)
{
	unsigned int n = calls_of_a_read(F_BOTH);

	for (unsigned int nth = 1; nth <= n; nth++) {
		struct drv *d = read_with(F_BOTH, nth, FAKE_FAIL_CALL,
					  off_and_on);
		uint32_t id, len;

		TEST_ROW("call %u of %u", nth, n);
		EXPECT_TRUE(drv_used(d, 0, &id, &len));
		EXPECT_FALSE(drv_used(d, 0, &id, &len));
		EXPECT_EQ(1, d->host.msis);
		expect_conserved(d);
		works(d);
		drv_free(d);
	}
}

TEST(cancel, a_dma_error_in_every_call_leaves_a_device_that_reset_makes_well)
{
	for (size_t f = 0; f < 4; f++) {
		unsigned int n = calls_of_a_read(feature_sets[f]);

		for (unsigned int nth = 1; nth <= n; nth++) {
			struct drv *d = read_with(feature_sets[f], nth,
						  FAKE_FAIL_ERROR, NULL);

			TEST_ROW("features 0x%llx, call %u of %u",
				 (unsigned long long)feature_sets[f], nth, n);
			EXPECT_EQ(drv_read(d, 0x14, 1) & 0x40 ? 1 : 0,
				  fake_host_count(&d->host,
						  MODEL_EV_NEEDS_RESET));
			works(d);
			drv_free(d);
		}
	}
}

TEST(cancel, destroy_in_the_middle_of_nothing_frees_all)
{
	struct drv *d = drv_new(&(struct drv_options){ .queues = 64 });

	drv_start(d, F_BOTH);
	drv_kick(d, 63);
	drv_free(d);
}
