/* SPDX-License-Identifier: MIT */
/*
 * virtio-rng (virtio 1.2 5.4): how many bytes come, which, what a driver can do
 * wrong, and what may happen inside a DMA call.
 */
#include <string.h>

#include "tests/shim/gtest_c.h"
#include "tests/unit/virtio/driver.h"

static struct drv *rng_new(int64_t seed, int64_t max_bytes)
{
	return drv_new(&(struct drv_options){
		.model = "virtio-rng",
		.set = { { "seed", seed }, { "max_bytes", max_bytes } },
	});
}

/* Puts one buffer in, kicks, runs; returns its address. */
static uint64_t ask(struct drv *d, uint32_t len, uint16_t flags)
{
	struct drv_buf buf = { drv_alloc(d, len), len, flags };

	drv_publish(d, 0, drv_chain(d, 0, &buf, 1));
	drv_kick(d, 0);
	drv_run(d);
	return buf.addr;
}

static uint32_t used_len(struct drv *d)
{
	uint32_t id, len;

	return drv_used(d, 0, &id, &len) ? len : UINT32_MAX;
}

/* Bytes that are not 0 in [at, at + len). */
static uint32_t filled(struct drv *d, uint64_t at, uint32_t len)
{
	const uint8_t *p = drv_ram(d, at, len);
	uint32_t n = 0;

	while (len--)
		n += *p++ != 0;
	return n;
}

TEST(rng, is_what_a_driver_looks_for)
{
	struct drv *d = rng_new(1, 0);

	EXPECT_EQ(0x1af4, drv_cfg_read(d, 0x00, 2));
	EXPECT_EQ(0x1044, drv_cfg_read(d, 0x02, 2));
	EXPECT_EQ(0x00ff00, drv_cfg_read(d, 0x08, 4) >> 8);
	EXPECT_EQ(1, drv_read(d, 0x12, 2));
	drv_write(d, 0x16, 2, 0);
	EXPECT_EQ(8, drv_read(d, 0x18, 2));
	drv_free(d);
}

TEST(rng, has_no_configuration_and_no_capability_for_one)
{
	struct drv *d = rng_new(1, 0);

	EXPECT_NE(0, drv_find_cap(d, 0x09, 1));
	EXPECT_EQ(0, drv_find_cap(d, 0x09, 4));
	EXPECT_NE(0, drv_find_cap(d, 0x09, 5));
	drv_start(d, 0);
	EXPECT_EQ(0, drv_read(d, 0x2000, 4));
	drv_write(d, 0x2000, 4, 1);
	EXPECT_EQ(0, drv_read(d, 0x2000, 4));
	EXPECT_EQ(0, fake_host_count(&d->host, MODEL_EV_GUEST_ERROR));
	drv_free(d);
}

TEST(rng, fills_a_buffer_to_its_end_and_not_beyond)
{
	static const uint32_t lengths[] = { 1, 7, 8, 64, 511, 512, 513, 5000 };

	for (size_t i = 0; i < 8; i++) {
		struct drv *d = rng_new(1, 0);
		uint64_t at;

		TEST_ROW("%u bytes", lengths[i]);
		drv_start(d, 0);
		at = ask(d, lengths[i], 2);
		EXPECT_EQ(lengths[i], used_len(d));
		/* One byte in 256 is 0 by chance. */
		EXPECT_GE(filled(d, at, lengths[i]),
			  lengths[i] - lengths[i] / 64);
		EXPECT_EQ(0, filled(d, at + lengths[i], 64));
		EXPECT_EQ(1, d->host.msis);
		EXPECT_EQ(lengths[i], fake_host_event(&d->host,
				MODEL_EV_REQUEST)->value);
		drv_free(d);
	}
}

TEST(rng, the_seed_alone_decides_the_bytes)
{
	struct drv *a = rng_new(7, 0), *b = rng_new(7, 0), *c = rng_new(8, 0);
	uint64_t at = 0;
	struct drv *all[] = { a, b, c };

	for (int i = 0; i < 3; i++) {
		drv_start(all[i], 0);
		at = ask(all[i], 64, 2);
	}
	EXPECT_MEMEQ(drv_ram(a, at, 64), drv_ram(b, at, 64), 64);
	EXPECT_NE(0, memcmp(drv_ram(a, at, 64), drv_ram(c, at, 64), 64));
	for (int i = 0; i < 3; i++)
		drv_free(all[i]);
}

/* Bytes of the sequence that seed 0 begins, as its authors' program has them. */
TEST(rng, the_sequence_is_the_published_one)
{
	static const uint8_t first[8] = { 0xaf, 0xcd, 0x1d, 0x7b,
					  0x39, 0xa8, 0x20, 0xe2 };
	struct drv *d = rng_new(0, 0);

	drv_start(d, 0);
	EXPECT_MEMEQ(first, drv_ram(d, ask(d, 8, 2), 8), 8);
	drv_free(d);
}

TEST(rng, a_reset_does_not_begin_the_sequence_anew)
{
	struct drv *d = rng_new(1, 0);
	uint8_t first[16];

	drv_start(d, 0);
	memcpy(first, drv_ram(d, ask(d, 16, 2), 16), 16);
	drv_start(d, 0);
	EXPECT_NE(0, memcmp(first, drv_ram(d, ask(d, 16, 2), 16), 16));
	drv_free(d);
}

TEST(rng, gives_fewer_bytes_than_asked_where_it_has_fewer)
{
	struct drv *d = rng_new(1, 10);
	uint64_t at;

	drv_start(d, 0);
	at = ask(d, 64, 2);
	EXPECT_EQ(10, used_len(d));
	EXPECT_EQ(0, filled(d, at + 10, 54));
	ask(d, 4, 2);
	EXPECT_EQ(4, used_len(d));
	drv_free(d);
}

TEST(rng, a_source_that_runs_dry_gives_one_byte)
{
	struct drv *d = rng_new(1, 0);
	uint64_t at;

	fake_host_fault(&d->host, "device.rng.short", FAKE_ANY, 2, 1);
	drv_start(d, 0);
	ask(d, 64, 2);
	EXPECT_EQ(64, used_len(d));
	at = ask(d, 64, 2);
	EXPECT_EQ(1, used_len(d));
	EXPECT_EQ(0, filled(d, at + 1, 63));
	drv_free(d);
}

TEST(rng, fills_buffers_however_they_are_cut)
{
	struct drv *d = rng_new(1, 0);
	struct drv_buf bufs[3] = {
		{ drv_alloc(d, 16), 5, 2 },
		{ drv_alloc(d, 16), 0, 2 },
		{ drv_alloc(d, 16), 6, 2 },
	};

	drv_start(d, 0);
	drv_publish(d, 0, drv_chain(d, 0, bufs, 3));
	drv_kick(d, 0);
	drv_run(d);
	EXPECT_EQ(11, used_len(d));
	EXPECT_EQ(0, filled(d, bufs[0].addr + 5, 11));
	EXPECT_EQ(0, filled(d, bufs[1].addr, 16));
	EXPECT_GE(filled(d, bufs[2].addr, 6), 5);
	drv_free(d);
}

TEST(rng, takes_its_time_for_each_buffer)
{
	struct drv *d = drv_new(&(struct drv_options){
		.model = "virtio-rng", .latency = 1000,
	});

	drv_start(d, 0);
	ask(d, 8, 2);
	ask(d, 8, 2);
	EXPECT_EQ(2000, d->host.now);
	EXPECT_EQ(2, d->host.msis);
	drv_free(d);
}

TEST(rng, a_readable_buffer_is_told_and_not_looked_at)
{
	struct drv *d = rng_new(1, 0);
	struct drv_buf bufs[2] = {
		{ 0x10, 8, 0 }, /* nobody answers there */
		{ drv_alloc(d, 8), 8, 2 },
	};

	drv_start(d, 0);
	drv_publish(d, 0, drv_chain(d, 0, bufs, 2));
	drv_kick(d, 0);
	drv_run(d);
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "5.4.6.1"));
	EXPECT_EQ(8, used_len(d));
	EXPECT_EQ(0xf, drv_read(d, 0x14, 1));
	drv_free(d);
}

TEST(rng, a_buffer_without_room_comes_back_empty)
{
	struct drv *d = rng_new(1, 0);

	drv_start(d, 0);
	ask(d, 8, 0);
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "without room"));
	EXPECT_EQ(0, used_len(d));
	ask(d, 0, 2);
	EXPECT_EQ(0, used_len(d));
	ask(d, 8, 2);
	EXPECT_EQ(8, used_len(d));
	drv_free(d);
}

TEST(rng, a_buffer_that_nobody_answers_for_comes_back_with_what_was_written)
{
	struct drv *d = rng_new(1, 0);
	struct drv_buf bufs[2] = {
		{ drv_alloc(d, 8), 8, 2 },
		{ 0x10, 8, 2 },
	};

	drv_start(d, 0);
	drv_publish(d, 0, drv_chain(d, 0, bufs, 2));
	drv_kick(d, 0);
	drv_run(d);
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "answered by nobody"));
	EXPECT_EQ(8, used_len(d));
	EXPECT_EQ(0xf, drv_read(d, 0x14, 1));
	drv_free(d);
}

TEST(rng, interrupts_on_each_rung)
{
	struct drv *d = rng_new(1, 0);

	drv_start(d, 0);
	ask(d, 8, 2);
	EXPECT_EQ(0x31, d->host.last_msi.data);
	drv_write(d, 0x16, 2, 0);
	drv_write(d, 0x1a, 2, 0);
	ask(d, 8, 2);
	EXPECT_EQ(0x30, d->host.last_msi.data);
	EXPECT_FALSE(d->host.line);
	drv_free(d);
	d = rng_new(1, 0);
	drv_start_intx(d, 0);
	ask(d, 8, 2);
	EXPECT_TRUE(d->host.line);
	EXPECT_EQ(1, drv_read(d, 0x1000, 1));
	EXPECT_FALSE(d->host.line);
	drv_free(d);
}

/* ---- inside each DMA call ---- */

static void device_reset(struct fake_host *h)
{
	drv_status(h->arg, 0);
}

static const struct {
	enum fake_fail what;
	uint8_t status; /* afterwards */
} injections[] = {
	{ FAKE_FAIL_CALL, 0x00 },
	{ FAKE_FAIL_BUS_MASTER, 0x0f },
	{ FAKE_FAIL_UNPLUG, 0xff },
};

/* Asks for 600 bytes, which take two writes; returns the DMA calls made. */
static unsigned int run_with(struct drv *d, unsigned int nth,
			     enum fake_fail what)
{
	drv_start(d, 0);
	d->host.on_fail = device_reset;
	d->host.arg = d;
	fake_host_forget(&d->host);
	fake_host_fail_at(&d->host, nth, what);
	ask(d, 600, 2);
	return d->host.dma_calls;
}

static struct drv *slow(void)
{
	return drv_new(&(struct drv_options){
		.model = "virtio-rng", .latency = 1000,
	});
}

TEST(rng, reset_bus_master_and_unplug_in_every_call)
{
	struct drv *d = slow();
	unsigned int n = run_with(d, 0, FAKE_FAIL_NONE);

	drv_free(d);
	ASSERT_GE(n, 8);
	for (size_t i = 0; i < 3; i++) {
		for (unsigned int nth = 1; nth <= n; nth++) {
			d = slow();
			TEST_ROW("injection %zu in call %u", i, nth);
			EXPECT_EQ(nth, run_with(d, nth, injections[i].what));
			EXPECT_EQ(injections[i].status, drv_read(d, 0x14, 1));
			drv_free(d);
		}
	}
}

TEST(rng, what_bus_master_cut_off_is_done_when_it_is_back)
{
	struct drv *d = slow();
	unsigned int n = run_with(d, 0, FAKE_FAIL_NONE);

	drv_free(d);
	for (unsigned int nth = 1; nth <= n; nth++) {
		d = slow();
		TEST_ROW("call %u", nth);
		run_with(d, nth, FAKE_FAIL_BUS_MASTER);
		drv_cfg_write(d, 0x04, 2, 6);
		drv_run(d);
		EXPECT_EQ(600, used_len(d));
		EXPECT_EQ(UINT32_MAX, used_len(d));
		EXPECT_EQ(1, d->host.msis);
		drv_free(d);
	}
}

/* ---- what a scenario can ask for ---- */

TEST(rng, values_that_make_no_device)
{
	struct drv *d = drv_new(&(struct drv_options){
		.model = "virtio-rng", .queue_size = 12,
	});

	EXPECT_TRUE(d->fn == NULL);
	EXPECT_STREQ("queue_size", d->error.property);
	drv_free(d);
	d = drv_new(&(struct drv_options){
		.model = "virtio-rng", .offer = 1ull << 34,
	});
	EXPECT_TRUE(d->fn == NULL);
	EXPECT_SUBSTR(d->error.text, "VIRTIO_F_RING_PACKED");
	drv_free(d);
}
