/* SPDX-License-Identifier: MIT */
/*
 * Rules of registers that drivers seldom read, of a queue's own reset, and of
 * disks, which a device can be made to break: kept without the quirk, broken with
 * it.
 */
#include <string.h>

#include "models/virtio/vpci.h"
#include "tests/unit/virtio/blk_expect.h"

#define F_RING_RESET (1ull << 40)
#define F_CONFIG_WCE (1ull << 11)
#define F_LIFETIME (1ull << 15)

static struct drv *with(const char *quirk, const struct drv_options *o)
{
	struct drv *d = drv_new(o ? o : &(struct drv_options){ 0 });

	if (quirk)
		fake_host_fault(&d->host, quirk, FAKE_ANY, 0, 1);
	return d;
}

/* Runs the body without the quirk (broken false) and with it (true). */
#define BOTH(name, options)                                                   \
	for (int broken = 0; broken < 2; broken++)                            \
		for (struct drv *d = with(broken ? (name) : NULL, options);   \
		     d; drv_free(d), d = NULL)

TEST(register_quirks, driver_feature_is_forgotten)
{
	BOTH("device.features.driver", NULL) {
		drv_negotiate(d, 0);
		drv_write(d, 0x08, 4, 1);
		EXPECT_EQ(!broken, drv_read(d, 0x0c, 4));
		EXPECT_EQ(0xb, drv_read(d, 0x14, 1));
	}
}

TEST(register_quirks, configuration_comes_with_features_ok)
{
	BOTH("device.config.early", NULL) {
		EXPECT_EQ(broken ? 0 : 2048, drv_read(d, 0x2000, 4));
		drv_negotiate(d, 0);
		EXPECT_EQ(2048, drv_read(d, 0x2000, 4));
	}
}

static void aim(struct drv *d, uint32_t cap, uint32_t offset, uint32_t length)
{
	drv_cfg_write(d, cap + 4, 1, 4);
	drv_cfg_write(d, cap + 8, 4, offset);
	drv_cfg_write(d, cap + 12, 4, length);
}

TEST(register_quirks, window_reads_zero)
{
	BOTH("device.window.read", NULL) {
		uint32_t cap = drv_find_cap(d, 9, 5);

		aim(d, cap, 0x2000, 4);
		EXPECT_EQ(broken ? 0 : 2048, drv_cfg_read(d, cap + 16, 4));
	}
}

TEST(register_quirks, window_loses_writes)
{
	BOTH("device.window.write", NULL) {
		uint32_t cap = drv_find_cap(d, 9, 5);

		aim(d, cap, 0x16, 2);
		drv_cfg_write(d, cap + 16, 4, 3);
		EXPECT_EQ(broken ? 0 : 3, drv_read(d, 0x16, 2));
	}
}

TEST(register_quirks, queue_that_is_not_there_has_a_size)
{
	BOTH("device.queue.absent", NULL) {
		drv_write(d, 0x16, 2, 9);
		EXPECT_EQ(broken, drv_read(d, 0x18, 2));
		drv_write(d, 0x16, 2, 0);
		EXPECT_EQ(256, drv_read(d, 0x18, 2));
	}
}

TEST(register_quirks, upper_half_of_an_address)
{
	static const uint32_t addresses[] = { 0x20, 0x28, 0x30 };

	for (size_t i = 0; i < 3; i++)
		BOTH("device.queue.half", NULL) {
			drv_write(d, addresses[i], 4, 0x1000);
			drv_write(d, addresses[i] + 4, 4, 0x12);
			EXPECT_EQ(0x1000, drv_read(d, addresses[i], 4));
			EXPECT_EQ(broken ? 0 : 0x12,
				  drv_read(d, addresses[i] + 4, 4));
		}
}

TEST(register_quirks, change_without_a_vector_is_sent)
{
	const struct drv_options o = { .model = "virtio-balloon" };

	BOTH("device.vector.config", &o) {
		drv_start(d, 0);
		drv_write(d, 0x10, 2, 0xffff);
		fake_host_forget(&d->host);
		virtio_config_changed(((struct vpci *)d->fn)->vdev);
		EXPECT_EQ(broken, d->host.msis);
	}
}

/* ---- a queue's own reset ---- */

static void reset_queue(struct drv *d)
{
	drv_start(d, F_RING_RESET);
	drv_write(d, 0x16, 2, 0);
	drv_write(d, 0x3a, 2, 1);
}

TEST(register_quirks, queue_reset_reads_1)
{
	BOTH("device.queue_reset.shown", NULL) {
		EXPECT_EQ(broken, drv_read(d, 0x3a, 2));
		reset_queue(d);
		EXPECT_EQ(broken, drv_read(d, 0x3a, 2));
		EXPECT_EQ(0, drv_read(d, 0x1c, 2));
	}
}

TEST(register_quirks, queue_reset_is_ignored)
{
	BOTH("device.queue_reset.ignored", NULL) {
		reset_queue(d);
		EXPECT_EQ(0, drv_read(d, 0x3a, 2));
		EXPECT_EQ(broken, drv_read(d, 0x1c, 2));
	}
}

TEST(register_quirks, queue_reset_leaves_queue_enable)
{
	BOTH("device.queue_reset.enable", NULL) {
		reset_queue(d);
		EXPECT_EQ(0, drv_read(d, 0x3a, 2));
		EXPECT_EQ(broken, drv_read(d, 0x1c, 2));
		drv_status(d, 0);
		EXPECT_EQ(0, drv_read(d, 0x1c, 2));
	}
}

TEST(register_quirks, queue_keeps_its_size_over_its_reset)
{
	BOTH("device.queue_reset.size", NULL) {
		uint64_t first = broken ? 256 : 8;

		reset_queue(d);
		fake_host_forget(&d->host);
		drv_setup_queue(d, 0, 8);
		EXPECT_EQ(first, fake_host_event(&d->host,
						 MODEL_EV_QUEUE_ENABLE)->value);
	}
}

TEST(register_quirks, queue_reset_takes_its_time)
{
	BOTH("device.queue_reset.slow", NULL) {
		reset_queue(d);
		EXPECT_EQ(broken, drv_read(d, 0x3a, 2));
		EXPECT_EQ(broken, drv_read(d, 0x1c, 2));
		drv_run(d);
		EXPECT_EQ(0, drv_read(d, 0x3a, 2));
		EXPECT_EQ(0, drv_read(d, 0x1c, 2));
	}
}

/* ---- disks ---- */

TEST(register_quirks, padding_is_not_zero)
{
	BOTH("device.blk.padding", NULL)
		EXPECT_EQ(broken, drv_read(d, 0x2021, 1));
}

TEST(register_quirks, writeback_without_flush)
{
	BOTH("device.blk.writeback", NULL) {
		drv_negotiate(d, F_CONFIG_WCE);
		EXPECT_EQ(broken, drv_read(d, 0x2020, 1));
	}
}

TEST(register_quirks, read_only_disk_is_written)
{
	const struct drv_options o = { .read_only = true };

	BOTH("device.blk.read_only", &o) {
		struct drv_request r;

		drv_start(d, 1ull << 5);
		r = drv_submit(d, 0, T_OUT, 3, 512);
		EXPECT_EQ(broken ? S_OK : S_IOERR, drv_result(d, &r));
		r = drv_submit(d, 0, T_IN, 3, 512);
		EXPECT_EQ(!broken, !memcmp(drv_ram(d, r.data, 512),
					   d->image + 3 * 512, 512));
	}
}

static struct drv_request zero_first(struct drv *d, uint32_t flags)
{
	struct drv_request r = drv_prepare(d, 0, T_WRITE_ZEROES, 0, 16);

	put_bytes(d, r.data, 8, 0);
	put_bytes(d, r.data + 8, 4, 1);
	put_bytes(d, r.data + 12, 4, flags);
	drv_publish(d, 0, r.head);
	drv_kick(d, 0);
	drv_run(d);
	return r;
}

TEST(register_quirks, flags_are_not_looked_at)
{
	BOTH("device.blk.flags", NULL) {
		struct drv_request r;

		drv_start(d, F_WRITE_ZEROES);
		r = zero_first(d, 2);
		EXPECT_EQ(broken ? S_OK : S_UNSUPP, drv_result(d, &r));
	}
}

TEST(register_quirks, zeroes_are_not_written)
{
	BOTH("device.blk.zeroes", NULL) {
		struct drv_request r;

		drv_start(d, F_WRITE_ZEROES);
		r = zero_first(d, 0);
		EXPECT_EQ(S_OK, drv_result(d, &r));
		r = drv_submit(d, 0, T_IN, 0, 512);
		EXPECT_EQ(broken, !memcmp(drv_ram(d, r.data, 512), d->image,
					  512));
	}
}

TEST(register_quirks, lifetime_beyond_what_there_is)
{
	const struct drv_options o = { .offer = F_LIFETIME };

	BOTH("device.blk.lifetime", &o) {
		struct drv_request r;

		drv_start(d, F_LIFETIME);
		r = drv_submit(d, 0, 10, 0, 6);
		EXPECT_EQ(S_OK, drv_result(d, &r));
		for (int i = 0; i < 6; i += 2)
			EXPECT_EQ(broken ? 0xff : 1,
				  drv_ram16(d, r.data + i));
	}
}

/* ---- what disks have with these features ---- */

TEST(blk_secure_erase, reads_as_zeroes_and_has_its_limits)
{
	const struct drv_options o = { .offer = 1ull << 16 };
	struct drv *d = drv_new(&o);
	static const uint8_t zero[512];
	struct drv_request r;

	drv_start(d, 1ull << 16);
	EXPECT_EQ(0x8000, drv_read(d, 0x203c, 4));
	EXPECT_EQ(16, drv_read(d, 0x2040, 4));
	EXPECT_EQ(1, drv_read(d, 0x2044, 4));
	r = drv_prepare(d, 0, 14, 0, 16);
	put_bytes(d, r.data, 8, 5);
	put_bytes(d, r.data + 8, 4, 1);
	put_bytes(d, r.data + 12, 4, 0);
	drv_publish(d, 0, r.head);
	drv_kick(d, 0);
	drv_run(d);
	expect_end(d, &r, S_OK, 1);
	r = drv_submit(d, 0, T_IN, 5, 512);
	EXPECT_MEMEQ(zero, drv_ram(d, r.data, 512), 512);
	drv_free(d);
}

TEST(blk_secure_erase, needs_its_feature)
{
	struct drv *d = blk_started(0);
	struct drv_request r = drv_submit(d, 0, 10, 0, 6);

	EXPECT_EQ(S_UNSUPP, drv_result(d, &r));
	EXPECT_EQ(0, drv_read(d, 0x203c, 4));
	drv_free(d);
}
