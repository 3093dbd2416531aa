/* SPDX-License-Identifier: MIT */
/*
 * device_status, features and reset: virtio 1.2 2.1, 2.2, 2.4, 3.1.1.
 */
#include "tests/shim/gtest_c.h"
#include "tests/unit/virtio/driver.h"

#define VERSION_1 (1ull << 32)

static unsigned int errors(struct drv *d)
{
	return fake_host_count(&d->host, MODEL_EV_GUEST_ERROR);
}

TEST(status, follows_the_initialization_sequence)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_status(d, 0);
	EXPECT_EQ(0, drv_read(d, 0x14, 1));
	drv_status(d, 1);
	EXPECT_EQ(1, drv_read(d, 0x14, 1));
	drv_status(d, 3);
	EXPECT_EQ(3, drv_read(d, 0x14, 1));
	drv_write(d, 0x08, 4, 1);
	drv_write(d, 0x0c, 4, 1); /* VERSION_1 */
	drv_status(d, 0xb);
	EXPECT_EQ(0xb, drv_read(d, 0x14, 1));
	drv_status(d, 0xf);
	EXPECT_EQ(0xf, drv_read(d, 0x14, 1));
	EXPECT_EQ(0, errors(d));
	EXPECT_EQ(0xf, fake_host_event(&d->host, MODEL_EV_STATUS)->value);
	drv_free(d);
}

TEST(status, bits_out_of_order_do_not_stick)
{
	static const struct {
		uint8_t have, write, read;
		const char *said;
	} rows[] = {
		{ 0, 2, 0, "before ACKNOWLEDGE" },
		{ 1, 9, 1, "before DRIVER" },
		{ 3, 7, 3, "without FEATURES_OK" },
		{ 0, 4, 0, "without FEATURES_OK" },
	};

	for (size_t i = 0; i < 4; i++) {
		struct drv *d = drv_new(&(struct drv_options){ 0 });

		TEST_ROW("row %zu", i);
		if (rows[i].have)
			drv_status(d, rows[i].have);
		drv_status(d, rows[i].write);
		EXPECT_EQ(rows[i].read, drv_read(d, 0x14, 1));
		EXPECT_EQ(1, errors(d));
		EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, rows[i].said));
		drv_free(d);
	}
}

TEST(status, a_bit_is_only_cleared_by_reset)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_status(d, 3);
	EXPECT_EQ(0, errors(d));
	drv_status(d, 1);
	EXPECT_EQ(3, drv_read(d, 0x14, 1));
	EXPECT_EQ(1, errors(d));
	drv_status(d, 0);
	EXPECT_EQ(0, drv_read(d, 0x14, 1));
	drv_free(d);
}

TEST(status, reserved_bits_and_needs_reset_are_not_the_drivers)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_status(d, 1 | 0x10 | 0x20 | 0x40);
	EXPECT_EQ(1, drv_read(d, 0x14, 1));
	EXPECT_EQ(1, errors(d));
	drv_free(d);
}

TEST(status, after_failed_only_a_reset_helps)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_status(d, 1);
	drv_status(d, 0x81);
	EXPECT_EQ(0x81, drv_read(d, 0x14, 1));
	EXPECT_EQ(0, errors(d));
	drv_status(d, 0x83);
	EXPECT_EQ(0x81, drv_read(d, 0x14, 1));
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "after FAILED"));
	drv_status(d, 0);
	EXPECT_EQ(0, drv_read(d, 0x14, 1));
	drv_start(d, 0);
	EXPECT_EQ(0xf, drv_read(d, 0x14, 1));
	drv_free(d);
}

TEST(features, windows_0_and_1_show_64_bits)
{
	struct drv *d = drv_new(&(struct drv_options){
		.offer = 1ull << 33 | 1ull << 51 });
	uint64_t offered = drv_default_features() | 1ull << 33 | 1ull << 51;

	drv_write(d, 0x00, 4, 0);
	EXPECT_EQ((uint32_t)offered, drv_read(d, 0x04, 4));
	drv_write(d, 0x00, 4, 1);
	EXPECT_EQ(offered >> 32, drv_read(d, 0x04, 4));
	drv_free(d);
}

TEST(features, the_default_offer_is_what_it_is)
{
	/* SEG_MAX 2, BLK_SIZE 6, FLUSH 9, TOPOLOGY 10, CONFIG_WCE 11, MQ 12,
	 * DISCARD 13, WRITE_ZEROES 14, INDIRECT_DESC 28, EVENT_IDX 29,
	 * VERSION_1 32, RING_RESET 40. */
	EXPECT_EQ(0x0000010130007e44ull, drv_default_features());
}

TEST(features, every_bit_is_named_once)
{
	uint64_t seen = 0;

	for (const struct device_feature *f = drv_model()->features; f->name;
	     f++) {
		TEST_ROW("%s", f->name);
		EXPECT_EQ(0, seen >> f->bit & 1);
		seen |= 1ull << f->bit;
	}
	EXPECT_EQ(0x000001db3001fe64ull, seen);
}

TEST(features, windows_above_1_read_0)
{
	static const uint32_t selects[] = { 2, 3, 0x80000000, 0xffffffff };
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_negotiate(d, 0);
	for (size_t i = 0; i < 4; i++) {
		TEST_ROW("select 0x%x", selects[i]);
		drv_write(d, 0x00, 4, selects[i]);
		drv_write(d, 0x08, 4, selects[i]);
		EXPECT_EQ(selects[i], drv_read(d, 0x00, 4));
		EXPECT_EQ(0, drv_read(d, 0x04, 4));
		EXPECT_EQ(0, drv_read(d, 0x0c, 4));
	}
	drv_free(d);
}

TEST(features, writes_to_windows_above_1_go_nowhere)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_status(d, 1);
	drv_status(d, 3);
	drv_write(d, 0x08, 4, 1);
	drv_write(d, 0x0c, 4, 1);
	drv_write(d, 0x08, 4, 3);
	drv_write(d, 0x0c, 4, 0xffffffff);
	EXPECT_EQ(1, errors(d));
	drv_write(d, 0x08, 4, 1);
	EXPECT_EQ(1, drv_read(d, 0x0c, 4));
	drv_write(d, 0x08, 4, 0);
	EXPECT_EQ(0, drv_read(d, 0x0c, 4));
	drv_free(d);
}

TEST(features, driver_feature_reads_back_by_window)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_status(d, 1);
	drv_status(d, 3);
	drv_write(d, 0x08, 4, 0);
	drv_write(d, 0x0c, 4, 0x30000200);
	drv_write(d, 0x08, 4, 1);
	EXPECT_EQ(0, drv_read(d, 0x0c, 4));
	drv_write(d, 0x0c, 4, 0x101);
	drv_write(d, 0x08, 4, 0);
	EXPECT_EQ(0x30000200, drv_read(d, 0x0c, 4));
	drv_write(d, 0x08, 4, 1);
	EXPECT_EQ(0x101, drv_read(d, 0x0c, 4));
	drv_free(d);
}

TEST(features, a_subset_is_accepted)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	EXPECT_TRUE(drv_negotiate(d, 1ull << 28));
	EXPECT_EQ(VERSION_1 | 1ull << 28,
		  fake_host_event(&d->host, MODEL_EV_FEATURES)->value);
	EXPECT_EQ(0, errors(d));
	drv_free(d);
}

TEST(features, what_was_not_offered_makes_features_ok_not_stick)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	EXPECT_FALSE(drv_negotiate(d, 1ull << 34));
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "not offered"));
	EXPECT_EQ(0, fake_host_count(&d->host, MODEL_EV_FEATURES));
	EXPECT_EQ(3, drv_read(d, 0x14, 1));
	/* The driver may try again with less. */
	drv_write(d, 0x08, 4, 1);
	drv_write(d, 0x0c, 4, 1);
	drv_status(d, 0xb);
	EXPECT_EQ(0xb, drv_read(d, 0x14, 1));
	drv_free(d);
}

TEST(features, version_1_must_be_accepted)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_status(d, 1);
	drv_status(d, 3);
	drv_status(d, 0xb);
	EXPECT_EQ(3, drv_read(d, 0x14, 1));
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "VERSION_1"));
	drv_free(d);
}

TEST(features, a_device_without_version_1_takes_none)
{
	struct drv *d = drv_new(&(struct drv_options){ .withhold = VERSION_1 });

	drv_write(d, 0x00, 4, 1);
	EXPECT_EQ(0, drv_read(d, 0x04, 4) & 1);
	drv_status(d, 1);
	drv_status(d, 3);
	drv_status(d, 0xb);
	EXPECT_EQ(0xb, drv_read(d, 0x14, 1));
	drv_free(d);
}

TEST(features, none_are_taken_after_features_ok)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_negotiate(d, 0);
	drv_write(d, 0x08, 4, 0);
	drv_write(d, 0x0c, 4, 0x30000000);
	EXPECT_EQ(0, drv_read(d, 0x0c, 4));
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "after FEATURES_OK"));
	drv_free(d);
}

TEST(features, before_driver_they_are_taken_and_said)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_status(d, 1);
	drv_write(d, 0x0c, 4, 0x200);
	EXPECT_EQ(0x200, drv_read(d, 0x0c, 4));
	EXPECT_EQ(1, errors(d));
	drv_free(d);
}

TEST(features, the_injected_refusal_fires_on_its_nth_call)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	fake_host_fault(&d->host, "device.features_ok", FAKE_ANY, 2, 1);
	EXPECT_TRUE(drv_negotiate(d, 0));
	EXPECT_FALSE(drv_negotiate(d, 0));
	EXPECT_EQ(0, errors(d));
	EXPECT_TRUE(drv_negotiate(d, 0));
	drv_free(d);
}

TEST(reset, is_told_begun_and_complete)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_start(d, 0);
	fake_host_forget(&d->host);
	drv_status(d, 0);
	EXPECT_EQ(2, fake_host_count(&d->host, MODEL_EV_RESET));
	EXPECT_EQ(1, fake_host_event(&d->host, MODEL_EV_RESET)->value);
	EXPECT_EQ(0, drv_read(d, 0x14, 1));
	drv_free(d);
}

/* Inside a DMA call the driver resets: status must not read 0 before the lane
 * has come to rest, and writes before that are refused. */
static void reset_inside(struct fake_host *h)
{
	struct drv *d = h->arg;

	drv_status(d, 0);
	EXPECT_EQ(0xf, drv_read(d, 0x14, 1));
	drv_status(d, 0); /* again: no harm */
	EXPECT_EQ(0, errors(d));
	drv_status(d, 1);
	EXPECT_EQ(0xf, drv_read(d, 0x14, 1));
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "before device_status read 0"));
	drv_kick(d, 0);
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "not enabled"));
}

TEST(reset, status_reads_0_only_when_the_lanes_have_drained)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_start(d, 0);
	fake_host_forget(&d->host);
	d->host.on_fail = reset_inside;
	d->host.arg = d;
	fake_host_fail_at(&d->host, 4, FAKE_FAIL_CALL);
	drv_submit(d, 0, 0, 0, 512);
	EXPECT_EQ(0, drv_read(d, 0x14, 1));
	EXPECT_EQ(1, fake_host_event(&d->host, MODEL_EV_RESET)->value);
	EXPECT_EQ(0, d->host.msis);
	drv_free(d);
}

TEST(reset, forgets_what_the_driver_had_accepted)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_start(d, 1ull << 40 | 1 << 9);
	drv_status(d, 0);
	fake_host_forget(&d->host);
	drv_write(d, 0x3a, 2, 1); /* RING_RESET is negotiated no more */
	EXPECT_EQ(0, fake_host_count(&d->host, MODEL_EV_QUEUE_ENABLE));
	EXPECT_EQ(1, errors(d));
	for (uint32_t i = 0; i < 2; i++) {
		drv_write(d, 0x08, 4, i);
		EXPECT_EQ(0, drv_read(d, 0x0c, 4));
	}
	drv_status(d, 1);
	drv_status(d, 3);
	drv_status(d, 0xb);
	EXPECT_EQ(3, drv_read(d, 0x14, 1)); /* not even VERSION_1 */
	drv_free(d);
}

TEST(reset, starts_the_event_index_afresh)
{
	struct drv *d = drv_new(&(struct drv_options){ .queue_size = 8 });

	for (int i = 0; i < 2; i++) {
		drv_start(d, 1 << 29);
		drv_submit(d, 0, 0, 0, 512);
		EXPECT_EQ(1, drv_ram16(d, d->q[0].used + 4 + 8 * 8));
	}
	drv_free(d);
}

TEST(reset, forgets_early_kicks)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_negotiate(d, 0);
	drv_setup_queue(d, 0, 0);
	drv_kick(d, 0);
	drv_start(d, 0);
	drv_run(d);
	EXPECT_EQ(0, d->host.runs);
	drv_free(d);
}

/* Queue 1's lane is inside a DMA call; in it queue 0's runs too, and in that one's
 * DMA call queue 0 is reset, then the device.  When queue 0's lane has come to
 * rest, queue 1's has not. */
static void reset_queue_0_and_device(struct fake_host *h)
{
	struct drv *d = h->arg;

	drv_write(d, 0x16, 2, 0);
	drv_write(d, 0x3a, 2, 1);
	drv_status(d, 0);
}

static void run_queue_0(struct fake_host *h)
{
	struct drv *d = h->arg;

	h->on_fail = reset_queue_0_and_device;
	fake_host_fail_at(h, 3, FAKE_FAIL_CALL);
	drv_submit(d, 0, 0, 0, 512);
	EXPECT_EQ(0xf, drv_read(d, 0x14, 1));
}

TEST(reset, waits_for_every_lane)
{
	struct drv *d = drv_new(&(struct drv_options){ .queues = 2 });

	drv_start(d, 1ull << 40);
	d->host.on_fail = run_queue_0;
	d->host.arg = d;
	fake_host_fail_at(&d->host, 4, FAKE_FAIL_CALL);
	drv_submit(d, 1, 0, 0, 512);
	EXPECT_EQ(0, drv_read(d, 0x14, 1));
	drv_free(d);
}

TEST(driver_ok, bus_master_coming_on_before_it_runs_no_lane)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_negotiate(d, 0);
	drv_setup_queue(d, 0, 0);
	drv_cfg_write(d, 0x04, 2, 2);
	drv_cfg_write(d, 0x04, 2, 6);
	drv_run(d);
	EXPECT_EQ(0, d->host.runs);
	drv_free(d);
}

TEST(driver_ok, nothing_is_consumed_before_it)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });
	struct drv_request r;

	drv_negotiate(d, 0);
	drv_setup_queue(d, 0, 0);
	r = drv_prepare(d, 0, 0, 0, 512);
	drv_publish(d, 0, r.head);
	drv_kick(d, 0);
	drv_run(d);
	EXPECT_EQ(0, d->host.dma_calls);
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "before DRIVER_OK"));
	drv_free(d);
}

TEST(driver_ok, an_early_kick_is_remembered)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });
	struct drv_request r;
	uint32_t id, len;

	drv_negotiate(d, 0);
	drv_setup_queue(d, 0, 0);
	r = drv_prepare(d, 0, 0, 0, 512);
	drv_publish(d, 0, r.head);
	drv_kick(d, 0);
	drv_driver_ok(d);
	drv_run(d);
	EXPECT_TRUE(drv_used(d, 0, &id, &len));
	EXPECT_EQ(0, drv_result(d, &r));
	drv_free(d);
}

TEST(driver_ok, queues_without_a_kick_are_left_alone)
{
	struct drv *d = drv_new(&(struct drv_options){ .queues = 4 });

	drv_start(d, 0);
	drv_run(d);
	EXPECT_EQ(0, d->host.runs);
	EXPECT_EQ(0, d->host.dma_calls);
	drv_free(d);
}

TEST(features, a_reset_forgets_what_was_accepted)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	EXPECT_TRUE(drv_negotiate(d, 1ull << 28));
	drv_write(d, 0x08, 4, 1);
	EXPECT_EQ(1, drv_read(d, 0x0c, 4));
	drv_status(d, 0);
	EXPECT_EQ(0, drv_read(d, 0x14, 1));
	drv_write(d, 0x08, 4, 1);
	EXPECT_EQ(0, drv_read(d, 0x0c, 4));
	drv_write(d, 0x08, 4, 0);
	EXPECT_EQ(0, drv_read(d, 0x0c, 4));
	drv_free(d);
}
