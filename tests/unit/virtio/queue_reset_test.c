/* SPDX-License-Identifier: MIT */
/*
 * Reset of one queue (virtio 1.2 2.6.1, 4.1.4.3): it ends at its defaults, causes
 * nothing more, and works again after a new setup; its neighbours notice nothing.
 */
#include "tests/shim/gtest_c.h"
#include "tests/unit/virtio/driver.h"

#define F_RING_RESET (1ull << 40)

static struct drv *two_queues(void)
{
	struct drv *d = drv_new(&(struct drv_options){ .queues = 2 });

	drv_start(d, F_RING_RESET);
	return d;
}

TEST(queue_reset, leaves_the_queue_at_its_defaults)
{
	struct drv *d = two_queues();

	drv_submit(d, 1, 0, 0, 512);
	drv_write(d, 0x16, 2, 1);
	drv_write(d, 0x3a, 2, 1);
	EXPECT_EQ(0, drv_read(d, 0x3a, 2));
	EXPECT_EQ(0, drv_read(d, 0x1c, 2));
	EXPECT_EQ(256, drv_read(d, 0x18, 2));
	EXPECT_EQ(0xffff, drv_read(d, 0x1a, 2));
	EXPECT_EQ(0, drv_read(d, 0x20, 8));
	EXPECT_EQ(0, drv_read(d, 0x28, 8));
	EXPECT_EQ(0, drv_read(d, 0x30, 8));
	EXPECT_EQ(1, drv_read(d, 0x1e, 2));
	EXPECT_EQ(0, fake_host_event(&d->host, MODEL_EV_QUEUE_ENABLE)->value);
	EXPECT_EQ(0xf, drv_read(d, 0x14, 1));
	drv_free(d);
}

TEST(queue_reset, the_queue_starts_over_with_another_size)
{
	struct drv *d = two_queues();
	uint32_t id, len;

	for (int i = 0; i < 5; i++)
		drv_submit(d, 1, 0, 0, 512);
	drv_write(d, 0x16, 2, 1);
	drv_write(d, 0x3a, 2, 1);
	drv_write(d, 0x1a, 2, 2);
	drv_setup_queue(d, 1, 8);
	fake_host_forget(&d->host);
	drv_submit(d, 1, 0, 0, 512);
	EXPECT_TRUE(drv_used(d, 1, &id, &len));
	EXPECT_EQ(1, drv_ram16(d, d->q[1].used + 2));
	EXPECT_EQ(0x32, d->host.last_msi.data);
	EXPECT_EQ(0, fake_host_count(&d->host, MODEL_EV_GUEST_ERROR));
	drv_free(d);
}

TEST(queue_reset, needs_ring_reset_negotiated)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });
	uint32_t id, len;

	drv_start(d, 0);
	drv_write(d, 0x3a, 2, 1);
	EXPECT_EQ(0, drv_read(d, 0x3a, 2));
	EXPECT_EQ(1, drv_read(d, 0x1c, 2));
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "RING_RESET"));
	drv_submit(d, 0, 0, 0, 512);
	EXPECT_TRUE(drv_used(d, 0, &id, &len));
	drv_free(d);
}

TEST(queue_reset, drops_a_pending_message_of_its_own_only)
{
	struct drv *d = two_queues();

	drv_mask(d, 1, true);
	drv_mask(d, 2, true);
	drv_submit(d, 0, 0, 0, 512);
	drv_submit(d, 1, 0, 0, 512);
	EXPECT_EQ(6, drv_bar1_read(d, 0x800, 4));
	drv_write(d, 0x16, 2, 1);
	drv_write(d, 0x3a, 2, 1);
	EXPECT_EQ(2, drv_bar1_read(d, 0x800, 4));
	drv_free(d);
}

TEST(queue_reset, keeps_a_pending_message_of_a_shared_vector)
{
	struct drv *d = two_queues();

	drv_write(d, 0x16, 2, 1);
	drv_write(d, 0x1a, 2, 1); /* shares queue 0's */
	drv_mask(d, 1, true);
	drv_submit(d, 1, 0, 0, 512);
	drv_write(d, 0x3a, 2, 1);
	EXPECT_EQ(2, drv_bar1_read(d, 0x800, 4));
	drv_free(d);
}

/* Queue 1 is reset while its lane is inside a DMA call. */
static void reset_queue_1(struct fake_host *h)
{
	struct drv *d = h->arg;

	drv_write(d, 0x16, 2, 1);
	drv_write(d, 0x3a, 2, 1);
	EXPECT_EQ(1, drv_read(d, 0x3a, 2));
	EXPECT_EQ(1, drv_read(d, 0x1c, 2));
	/* Setting it up before it is done is refused. */
	drv_write(d, 0x18, 2, 8);
	drv_write(d, 0x1a, 2, 0);
	drv_write(d, 0x1c, 2, 1);
	EXPECT_EQ(256, drv_read(d, 0x18, 2));
	EXPECT_EQ(2, drv_read(d, 0x1a, 2));
	EXPECT_EQ(3, fake_host_count(h, MODEL_EV_GUEST_ERROR));
	/* Its neighbour goes on. */
	drv_submit(d, 0, 0, 0, 512);
	EXPECT_EQ(1, drv_ram16(d, d->q[0].used + 2));
}

TEST(queue_reset, reads_1_until_its_lane_has_drained)
{
	for (unsigned int nth = 1; nth <= 9; nth++) {
		struct drv *d = two_queues();
		uint32_t id, len;

		TEST_ROW("call %u", nth);
		d->host.on_fail = reset_queue_1;
		d->host.arg = d;
		fake_host_forget(&d->host);
		fake_host_fail_at(&d->host, nth, FAKE_FAIL_CALL);
		drv_submit(d, 1, 0, 0, 512);
		drv_write(d, 0x16, 2, 1);
		EXPECT_EQ(0, drv_read(d, 0x3a, 2));
		EXPECT_EQ(0, drv_read(d, 0x1c, 2));
		EXPECT_EQ(1, d->host.msis); /* queue 0's */
		EXPECT_EQ(0x31, d->host.last_msi.data);
		drv_write(d, 0x1a, 2, 2);
		drv_setup_queue(d, 1, 16);
		drv_submit(d, 1, 0, 0, 512);
		EXPECT_TRUE(drv_used(d, 1, &id, &len));
		drv_free(d);
	}
}

TEST(queue_reset, an_undecided_interrupt_is_reported_lost)
{
	struct drv *d = two_queues();

	d->host.on_fail = reset_queue_1;
	d->host.arg = d;
	fake_host_forget(&d->host);
	fake_host_fail_at(&d->host, 9, FAKE_FAIL_CALL); /* avail.flags */
	drv_submit(d, 1, 0, 0, 512);
	/* One for queue 0, one for queue 1. */
	EXPECT_EQ(2, fake_host_count(&d->host, MODEL_EV_USED));
	EXPECT_EQ(2, fake_host_count(&d->host, MODEL_EV_NOTIFY));
	EXPECT_EQ(MODEL_NOTIFY_DROPPED,
		  fake_host_event(&d->host, MODEL_EV_NOTIFY)->value);
	drv_free(d);
}

TEST(queue_reset, a_device_reset_ends_one_that_is_running)
{
	struct drv *d = two_queues();

	drv_write(d, 0x16, 2, 1);
	drv_write(d, 0x3a, 2, 1);
	drv_status(d, 0);
	EXPECT_EQ(0, drv_read(d, 0x3a, 2));
	drv_start(d, 0);
	drv_submit(d, 1, 0, 0, 512);
	EXPECT_EQ(1, drv_ram16(d, d->q[1].used + 2));
	drv_free(d);
}

/* Inside a DMA call of queue 1. */
static void reset_both(struct fake_host *h)
{
	struct drv *d = h->arg;

	drv_write(d, 0x16, 2, 1);
	drv_write(d, 0x3a, 2, 1);
	drv_write(d, 0x3a, 2, 1); /* again: no harm */
	drv_write(d, 0x16, 2, 0);
	drv_write(d, 0x3a, 2, 1);
	EXPECT_EQ(0, drv_read(d, 0x3a, 2)); /* idle: done at once */
	drv_write(d, 0x16, 2, 1);
	EXPECT_EQ(1, drv_read(d, 0x3a, 2));
}

TEST(queue_reset, of_an_idle_queue_does_not_end_that_of_a_busy_one)
{
	struct drv *d = two_queues();

	d->host.on_fail = reset_both;
	d->host.arg = d;
	fake_host_fail_at(&d->host, 5, FAKE_FAIL_CALL);
	drv_submit(d, 1, 0, 0, 512);
	EXPECT_EQ(0, drv_read(d, 0x3a, 2));
	EXPECT_EQ(0, fake_host_count(&d->host, MODEL_EV_GUEST_ERROR));
	drv_free(d);
}

static void reset_and_bus_master(struct fake_host *h)
{
	struct drv *d = h->arg;

	drv_write(d, 0x16, 2, 1);
	drv_write(d, 0x3a, 2, 1);
	drv_cfg_write(d, 0x04, 2, 2);
	drv_cfg_write(d, 0x04, 2, 6);
}

TEST(queue_reset, bus_master_coming_back_meanwhile_does_not_run_the_queue)
{
	struct drv *d = two_queues();

	d->host.on_fail = reset_and_bus_master;
	d->host.arg = d;
	fake_host_forget(&d->host);
	fake_host_fail_at(&d->host, 5, FAKE_FAIL_CALL);
	drv_submit(d, 1, 0, 0, 512);
	EXPECT_EQ(0xf, drv_read(d, 0x14, 1));
	EXPECT_EQ(0, drv_read(d, 0x3a, 2));
	EXPECT_EQ(0, drv_ram16(d, d->q[1].used + 2));
	/* Queue 0 has looked at its empty ring, once. */
	EXPECT_EQ(5 + 1, d->host.dma_calls);
	drv_free(d);
}
