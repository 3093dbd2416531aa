/* SPDX-License-Identifier: MIT */
/*
 * The rules of virtio that a device can be made to break: each is kept without
 * its quirk and broken with it.  Those of rings are in ring_quirks_test.c.
 */
#include "models/virtio/vpci.h"
#include "tests/shim/gtest_c.h"
#include "tests/unit/virtio/driver.h"

static struct drv *with(const char *quirk, int effect,
			const struct drv_options *o)
{
	struct drv *d = drv_new(o ? o : &(struct drv_options){ 0 });

	if (quirk)
		fake_host_fault(&d->host, quirk, FAKE_ANY, 0, effect);
	return d;
}

/* Runs the body without the quirk (broken false) and with it (true). */
#define BOTH(name, effect, options)                                           \
	for (int broken = 0; broken < 2; broken++)                            \
		for (struct drv *d = with(broken ? (name) : NULL, effect,     \
					  options);                           \
		     d; drv_free(d), d = NULL)

static struct virtio_device *vdev(struct drv *d)
{
	return ((struct vpci *)d->fn)->vdev;
}

TEST(quirks, isr_kept)
{
	BOTH("device.isr.kept", 1, NULL) {
		drv_start_intx(d, 0);
		drv_submit(d, 0, 0, 0, 512);
		EXPECT_EQ(1, drv_read(d, 0x1000, 1));
		EXPECT_EQ(broken, drv_read(d, 0x1000, 1));
		EXPECT_EQ(broken, d->host.line);
	}
}

TEST(quirks, line_kept_after_isr)
{
	BOTH("device.isr.line", 1, NULL) {
		drv_start_intx(d, 0);
		drv_submit(d, 0, 0, 0, 512);
		EXPECT_EQ(1, drv_read(d, 0x1000, 1));
		EXPECT_EQ(broken, d->host.line);
		EXPECT_EQ(0, drv_read(d, 0x1000, 1));
	}
}

TEST(quirks, isr_read_clears_pending)
{
	BOTH("device.isr.pending", 1, NULL) {
		drv_start(d, 0);
		drv_mask(d, 1, true);
		drv_submit(d, 0, 0, 0, 512);
		drv_read(d, 0x1000, 1);
		fake_host_forget(&d->host);
		drv_mask(d, 1, false);
		EXPECT_EQ(broken ? 0 : 1, d->host.msis);
	}
}

TEST(quirks, reset_leaves_isr)
{
	BOTH("device.reset.isr", 1, NULL) {
		drv_start_intx(d, 0);
		drv_submit(d, 0, 0, 0, 512);
		drv_status(d, 0);
		EXPECT_EQ(0, drv_read(d, 0x14, 1));
		EXPECT_EQ(broken, d->host.line);
		EXPECT_EQ(broken, drv_read(d, 0x1000, 1));
	}
}

TEST(quirks, reset_leaves_vectors)
{
	BOTH("device.reset.vectors", 1, NULL) {
		drv_start(d, 0);
		drv_status(d, 0);
		EXPECT_EQ(broken ? 0 : 0xffff, drv_read(d, 0x10, 2));
		EXPECT_EQ(broken ? 1 : 0xffff, drv_read(d, 0x1a, 2));
	}
}

TEST(quirks, reset_leaves_queue_enable)
{
	BOTH("device.reset.queue_enable", 1, NULL) {
		drv_start(d, 0);
		EXPECT_EQ(1, drv_read(d, 0x1c, 2));
		drv_status(d, 0);
		EXPECT_EQ(broken, drv_read(d, 0x1c, 2));
		EXPECT_FALSE(vdev(d)->queues[0].enabled);
	}
}

TEST(quirks, reset_never_ends)
{
	BOTH("device.reset.stuck", 1, NULL) {
		drv_start(d, 0);
		drv_status(d, 0);
		drv_run(d);
		EXPECT_EQ(broken ? 0x0f : 0, drv_read(d, 0x14, 1));
	}
}

TEST(quirks, reset_takes_its_time)
{
	BOTH("device.reset.slow", 1, NULL) {
		drv_start(d, 0);
		drv_status(d, 0);
		EXPECT_EQ(broken ? 0x0f : 0, drv_read(d, 0x14, 1));
		drv_run(d);
		EXPECT_EQ(0, drv_read(d, 0x14, 1));
		EXPECT_EQ(broken ? 2000000000 : 0, d->host.now);
		drv_start(d, 0);
		drv_submit(d, 0, 0, 0, 512);
		EXPECT_EQ(2, fake_host_count(&d->host, MODEL_EV_FEATURES));
		EXPECT_EQ(1, d->host.last_msi.vector);
	}
}

TEST(quirks, vector_beyond_the_table)
{
	BOTH("device.vector.beyond", 1, NULL) {
		drv_start(d, 0);
		drv_write(d, 0x1a, 2, 100);
		EXPECT_EQ(broken ? 100 : 0xffff, drv_read(d, 0x1a, 2));
		fake_host_forget(&d->host);
		drv_submit(d, 0, 0, 0, 512);
		EXPECT_EQ(0, d->host.msis);
		EXPECT_EQ(broken ? MODEL_NOTIFY_DROPPED : MODEL_NOTIFY_NO_VECTOR,
			  fake_host_event(&d->host, MODEL_EV_NOTIFY)->value);
		/* Such a vector has no pending bit to be looked for. */
		drv_status(d, 0);
		EXPECT_EQ(0xffff, drv_read(d, 0x1a, 2));
	}
}

TEST(quirks, vectors_of_no_reset_value)
{
	BOTH("device.vector.initial", 1, NULL) {
		drv_status(d, 0);
		EXPECT_EQ(broken ? 0 : 0xffff, drv_read(d, 0x10, 2));
		EXPECT_EQ(broken ? 0 : 0xffff, drv_read(d, 0x1a, 2));
	}
}

TEST(quirks, no_vector_ignored)
{
	BOTH("device.vector.none", 1, NULL) {
		drv_start(d, 0);
		drv_write(d, 0x10, 2, 0xffff);
		EXPECT_EQ(broken ? 0 : 0xffff, drv_read(d, 0x10, 2));
		drv_write(d, 0x1a, 2, 0xffff);
		EXPECT_EQ(broken ? 1 : 0xffff, drv_read(d, 0x1a, 2));
		drv_write(d, 0x1a, 2, 0);
		EXPECT_EQ(0, drv_read(d, 0x1a, 2));
	}
}

TEST(quirks, queue_size_of_no_power_of_two)
{
	const struct drv_options small = { .queue_size = 8 };

	BOTH("device.queue.size", 1, &small)
		EXPECT_EQ(broken ? 7 : 8, drv_read(d, 0x18, 2));
	BOTH("device.queue.size", 2, &small)
		EXPECT_EQ(broken ? 0 : 8, drv_read(d, 0x18, 2));
}

TEST(quirks, legacy_queue_size_of_no_power_of_two)
{
	const struct drv_options small = {
		.queue_size = 8, .interface = DEVICE_IF_LEGACY,
	};

	BOTH("device.queue.size", 1, &small)
		EXPECT_EQ(broken ? 7 : 8, drv_io_read(d, 0x0c, 2));
}

TEST(quirks, feature_select_modulo_two)
{
	BOTH("device.features.select", 1, NULL) {
		drv_write(d, 0x00, 4, 3);
		EXPECT_EQ(broken ? vdev(d)->offered >> 32 : 0,
			  drv_read(d, 0x04, 4));
		drv_write(d, 0x00, 4, 1);
		EXPECT_EQ(vdev(d)->offered >> 32, drv_read(d, 0x04, 4));
	}
}

TEST(quirks, generation_stands_still)
{
	BOTH("device.config.generation", 1, NULL) {
		uint64_t before;

		drv_start(d, 0);
		before = drv_read(d, 0x15, 1);
		drv_read(d, 0x2000, 4);
		virtio_config_changed(vdev(d));
		EXPECT_EQ(broken ? before : before + 1, drv_read(d, 0x15, 1));
		EXPECT_EQ(drv_read(d, 0x15, 1),
			  fake_host_event(&d->host, MODEL_EV_CONFIG)->value);
	}
}

TEST(quirks, change_not_announced)
{
	BOTH("device.config.interrupt", 1, NULL) {
		drv_start(d, 0);
		fake_host_forget(&d->host);
		virtio_config_changed(vdev(d));
		EXPECT_EQ(broken ? 0 : 1, d->host.msis);
		EXPECT_EQ(1, fake_host_count(&d->host, MODEL_EV_CONFIG));
	}
}

TEST(quirks, needs_reset_by_injection)
{
	BOTH("device.needs_reset", 1, NULL) {
		drv_start(d, 0);
		drv_submit(d, 0, 0, 0, 512);
		EXPECT_EQ(broken ? 0x4f : 0x0f, drv_read(d, 0x14, 1));
		EXPECT_EQ(1, d->host.msis);
		EXPECT_EQ(broken ? 0 : 1, d->host.last_msi.vector);
	}
}

TEST(quirks, needs_reset_replaces_status)
{
	BOTH("device.needs_reset.status", 1, NULL) {
		drv_start(d, 0);
		virtio_needs_reset(vdev(d), 0, "a test");
		EXPECT_EQ(broken ? 0x40 : 0x4f, drv_read(d, 0x14, 1));
		EXPECT_EQ(broken ? 0x40 : 0x4f,
			  fake_host_event(&d->host,
					  MODEL_EV_NEEDS_RESET)->value);
	}
}

TEST(quirks, needs_reset_not_announced)
{
	BOTH("device.needs_reset.interrupt", 1, NULL) {
		drv_start(d, 0);
		virtio_needs_reset(vdev(d), 0, "a test");
		EXPECT_EQ(0x4f, drv_read(d, 0x14, 1));
		EXPECT_EQ(broken ? 0 : 1, d->host.msis);
	}
}
