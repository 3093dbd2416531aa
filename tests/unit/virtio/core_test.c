/* SPDX-License-Identifier: MIT */
/*
 * The device core from the device type's side: configuration changes, their
 * generation, NEEDS_RESET.  The change itself comes from a call of the core,
 * since a disk of ours does not change by itself; what follows is seen through
 * the registers.
 */
#include "models/virtio/vpci.h"
#include "tests/shim/gtest_c.h"
#include "tests/unit/virtio/driver.h"

static struct virtio_device *core(struct drv *d)
{
	return ((struct vpci *)d->fn)->vdev;
}

TEST(config_change, moves_the_generation_and_interrupts)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_start(d, 0);
	drv_read(d, 0x2000, 4);
	fake_host_forget(&d->host);
	virtio_config_changed(core(d));
	EXPECT_EQ(1, drv_read(d, 0x15, 1));
	EXPECT_EQ(1, d->host.msis);
	EXPECT_EQ(0x30, d->host.last_msi.data);
	EXPECT_EQ(2, drv_read(d, 0x1000, 1));
	EXPECT_EQ(0xffff, fake_host_event(&d->host, MODEL_EV_NOTIFY)->index);
	drv_free(d);
}

TEST(config_change, is_silent_before_driver_ok)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_negotiate(d, 0);
	drv_read(d, 0x2000, 4);
	virtio_config_changed(core(d));
	EXPECT_EQ(1, drv_read(d, 0x15, 1));
	EXPECT_EQ(0, drv_read(d, 0x1000, 1));
	EXPECT_FALSE(d->host.line);
	EXPECT_EQ(0, fake_host_count(&d->host, MODEL_EV_NOTIFY));
	drv_free(d);
}

TEST(config_change, cannot_come_round_to_the_generation_that_was_read)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });
	uint64_t was;

	drv_start(d, 0);
	drv_read(d, 0x2000, 4);
	was = drv_read(d, 0x15, 1);
	for (int i = 0; i < 256; i++)
		virtio_config_changed(core(d));
	EXPECT_NE(was, drv_read(d, 0x15, 1));
	drv_free(d);
}

TEST(config_change, generation_stays_when_the_driver_writes)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_start(d, 1 << 11 | 1 << 9);
	drv_read(d, 0x2020, 1);
	drv_write(d, 0x2020, 1, 0);
	EXPECT_EQ(0, drv_read(d, 0x15, 1));
	drv_free(d);
}

TEST(needs_reset, is_ored_into_status_and_interrupts_once)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_start(d, 0);
	fake_host_forget(&d->host);
	virtio_needs_reset(core(d), 0xffff, "for a test");
	EXPECT_EQ(0x4f, drv_read(d, 0x14, 1));
	EXPECT_EQ(1, d->host.msis);
	EXPECT_EQ(0x30, d->host.last_msi.data);
	virtio_needs_reset(core(d), 0xffff, "again");
	EXPECT_EQ(1, d->host.msis);
	EXPECT_EQ(1, fake_host_count(&d->host, MODEL_EV_NEEDS_RESET));
	drv_free(d);
}

TEST(needs_reset, has_no_interrupt_before_driver_ok)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_negotiate(d, 0);
	virtio_needs_reset(core(d), 0xffff, "for a test");
	EXPECT_EQ(0x4b, drv_read(d, 0x14, 1));
	EXPECT_FALSE(d->host.line);
	drv_free(d);
}

TEST(needs_reset, stops_every_queue_until_the_reset)
{
	struct drv *d = drv_new(&(struct drv_options){ .queues = 2 });
	uint32_t id, len;

	drv_start(d, 0);
	virtio_needs_reset(core(d), 0xffff, "for a test");
	fake_host_forget(&d->host);
	drv_submit(d, 1, 0, 0, 512);
	EXPECT_FALSE(drv_used(d, 1, &id, &len));
	EXPECT_EQ(0, d->host.dma_calls);
	drv_start(d, 0);
	EXPECT_EQ(0xf, drv_read(d, 0x14, 1));
	drv_submit(d, 1, 0, 0, 512);
	EXPECT_TRUE(drv_used(d, 1, &id, &len));
	drv_free(d);
}

static void break_device(struct fake_host *h)
{
	virtio_needs_reset(core(h->arg), 0xffff, "for a test");
}

TEST(needs_reset, ends_a_lane_after_the_request_it_is_at)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_start(d, 0);
	for (int i = 0; i < 3; i++)
		drv_publish(d, 0, drv_prepare(d, 0, 0, 0, 512).head);
	d->host.on_fail = break_device;
	d->host.arg = d;
	fake_host_fail_at(&d->host, 5, FAKE_FAIL_CALL);
	drv_kick(d, 0);
	drv_run(d);
	EXPECT_EQ(1, drv_ram16(d, d->q[0].used + 2));
	drv_free(d);
}

TEST(needs_reset, written_back_or_left_out_by_the_driver_stays)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_start(d, 0);
	virtio_needs_reset(core(d), 0xffff, "for a test");
	fake_host_forget(&d->host);
	drv_status(d, 0x4f);
	drv_status(d, 0x8f);
	EXPECT_EQ(0xcf, drv_read(d, 0x14, 1));
	EXPECT_EQ(0, fake_host_count(&d->host, MODEL_EV_GUEST_ERROR));
	drv_free(d);
}

TEST(offer, packed_rings_and_sr_iov_are_refused_with_a_reason)
{
	struct drv *d = drv_new(&(struct drv_options){ .offer = 1ull << 34 });

	EXPECT_TRUE(d->fn == NULL);
	EXPECT_SUBSTR(d->error.text, "VIRTIO_F_RING_PACKED");
	drv_free(d);
	d = drv_new(&(struct drv_options){ .offer = 1ull << 37 });
	EXPECT_TRUE(d->fn == NULL);
	EXPECT_SUBSTR(d->error.text, "SR-IOV");
	drv_free(d);
}

TEST(offer, a_feature_needs_what_it_depends_on)
{
	struct drv *d = drv_new(&(struct drv_options){ .withhold = 1 << 9 });

	EXPECT_TRUE(d->fn == NULL);
	EXPECT_STREQ("VIRTIO_BLK_F_CONFIG_WCE needs VIRTIO_BLK_F_FLUSH to be offered too",
		     d->error.text);
	drv_free(d);
	d = drv_new(&(struct drv_options){ .withhold = 1 << 9 | 1 << 11 });
	EXPECT_TRUE(d->fn != NULL);
	drv_free(d);
}

TEST(offer, an_error_text_ends_inside_its_array)
{
	struct device_error err;
	char text[250];

	for (size_t i = 0; i < sizeof(text) - 1; i++)
		text[i] = 'x';
	text[sizeof(text) - 1] = '\0';
	EXPECT_FALSE(virtio_fail(&err, "image", text, text, NULL));
	EXPECT_EQ('x', err.text[198]);
	EXPECT_EQ('\0', err.text[199]);
	EXPECT_STREQ("image", err.property);
}
