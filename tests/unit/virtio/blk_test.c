/* SPDX-License-Identifier: MIT */
/*
 * Requests of virtio-blk that move data or ask something (virtio 1.2 5.2.6):
 * types, statuses, bounds, the used length, latency, faults of the medium.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/unit/virtio/blk_expect.h"

TEST(blk_read, returns_the_images_sectors)
{
	static const uint64_t sectors[] = { 0, 1, 127, 128, 2047 };
	struct drv *d = blk_started(0);

	for (size_t i = 0; i < 5; i++) {
		struct drv_request r = drv_submit(d, 0, T_IN, sectors[i], 512);

		TEST_ROW("sector %llu", (unsigned long long)sectors[i]);
		expect_end(d, &r, S_OK, 513);
		EXPECT_MEMEQ(d->image + sectors[i] * 512,
			     drv_ram(d, r.data, 512), 512);
	}
	EXPECT_STREQ("read", fake_host_event(&d->host, MODEL_EV_REQUEST)->text);
	EXPECT_EQ(2047, fake_host_event(&d->host, MODEL_EV_REQUEST)->value);
	drv_free(d);
}

TEST(blk_read, many_sectors_over_page_borders)
{
	struct drv *d = blk_started(0);
	struct drv_request r = drv_submit(d, 0, T_IN, 100, 300 * 512);

	expect_end(d, &r, S_OK, 300 * 512 + 1);
	EXPECT_MEMEQ(d->image + 100 * 512, drv_ram(d, r.data, 300 * 512),
		     300 * 512);
	drv_free(d);
}

TEST(blk_read, no_sectors_are_fine_up_to_the_end)
{
	struct drv *d = blk_started(0);
	struct drv_request r = drv_submit(d, 0, T_IN, 2048, 0);

	expect_end(d, &r, S_OK, 1);
	r = drv_submit(d, 0, T_IN, 2049, 0);
	expect_end(d, &r, S_IOERR, 1);
	drv_free(d);
}

/* The disk has 2048 sectors.  2^55 sectors are 2^64 bytes. */
static const struct {
	uint64_t sector;
	uint32_t bytes;
	uint8_t status;
} bounds[] = {
	{ 2047, 512, S_OK }, { 2047, 1024, S_IOERR }, { 2048, 512, S_IOERR },
	{ 2049, 512, S_IOERR }, { 0, 2048 * 512, S_OK },
	{ 0, 2049 * 512, S_IOERR }, { 1, 2048 * 512, S_IOERR },
	{ 1ull << 55, 512, S_IOERR }, { (1ull << 55) - 1, 512, S_IOERR },
	{ (1ull << 55) - 1, 1024, S_IOERR }, { 1ull << 63, 512, S_IOERR },
	{ UINT64_MAX, 512, S_IOERR }, { UINT64_MAX, 1024, S_IOERR },
	{ UINT64_MAX - 2046, 2048 * 512, S_IOERR },
};

TEST(blk_read, bounds_hold_without_overflow)
{
	struct drv *d = blk_started(0);

	for (size_t i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++) {
		uint64_t keep = d->next;
		struct drv_request r = drv_submit(d, 0, T_IN, bounds[i].sector,
						  bounds[i].bytes);

		TEST_ROW("sector 0x%llx, %u bytes",
			 (unsigned long long)bounds[i].sector, bounds[i].bytes);
		expect_end(d, &r, bounds[i].status,
			   bounds[i].status ? 0 : bounds[i].bytes + 1);
		d->next = keep;
	}
	drv_free(d);
}

TEST(blk_write, bounds_hold_without_overflow)
{
	struct drv *d = blk_started(0);

	for (size_t i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++) {
		uint64_t keep = d->next;
		struct drv_request r = drv_submit(d, 0, T_OUT, bounds[i].sector,
						  bounds[i].bytes);

		TEST_ROW("sector 0x%llx, %u bytes",
			 (unsigned long long)bounds[i].sector, bounds[i].bytes);
		expect_end(d, &r, bounds[i].status, 1);
		d->next = keep;
	}
	drv_free(d);
}

TEST(blk_read, a_length_that_is_no_multiple_of_512_is_an_error)
{
	static const uint32_t lengths[] = { 1, 511, 513, 1000 };
	struct drv *d = blk_started(0);

	for (size_t i = 0; i < 4; i++) {
		struct drv_request r = drv_submit(d, 0, T_IN, 0, lengths[i]);

		TEST_ROW("%u bytes", lengths[i]);
		expect_end(d, &r, S_IOERR, 0);
		EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "multiple of 512"));
	}
	drv_free(d);
}

TEST(blk_write, is_read_back_and_leaves_the_image_alone)
{
	struct drv *d = blk_started(0);
	struct drv_request r = drv_prepare(d, 0, T_OUT, 126, 4 * 512);
	uint8_t *before = drv_pattern(d->image_len);

	memset(drv_ram(d, r.data, 4 * 512), 0xa5, 4 * 512);
	drv_publish(d, 0, r.head);
	drv_kick(d, 0);
	drv_run(d);
	expect_end(d, &r, S_OK, 1);
	r = drv_submit(d, 0, T_IN, 125, 6 * 512);
	expect_end(d, &r, S_OK, 6 * 512 + 1);
	EXPECT_MEMEQ(before + 125 * 512, drv_ram(d, r.data, 512), 512);
	EXPECT_EQ(0xa5, *(uint8_t *)drv_ram(d, r.data + 512, 1));
	EXPECT_EQ(0xa5, *(uint8_t *)drv_ram(d, r.data + 5 * 512 - 1, 1));
	EXPECT_MEMEQ(before + 130 * 512, drv_ram(d, r.data + 5 * 512, 512),
		     512);
	EXPECT_MEMEQ(before, d->image, d->image_len);
	free(before);
	drv_free(d);
}

TEST(blk_write, a_read_only_disk_refuses_and_stays_as_it_is)
{
	struct drv *d = drv_new(&(struct drv_options){ .read_only = true });
	struct drv_request r;

	drv_write(d, 0x00, 4, 0);
	EXPECT_EQ(0x20, drv_read(d, 0x04, 4) & 0x20);
	drv_start(d, 1 << 5);
	r = drv_submit(d, 0, T_OUT, 0, 512);
	expect_end(d, &r, S_IOERR, 1);
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "read-only disk"));
	r = drv_submit(d, 0, T_IN, 0, 512);
	expect_end(d, &r, S_OK, 513);
	EXPECT_MEMEQ(d->image, drv_ram(d, r.data, 512), 512);
	drv_free(d);
}

TEST(blk_write, ro_refuses_even_a_driver_that_did_not_accept_it)
{
	struct drv *d = drv_new(&(struct drv_options){ .offer = 1 << 5 });
	struct drv_request r;

	drv_start(d, 0);
	r = drv_submit(d, 0, T_OUT, 0, 512);
	expect_end(d, &r, S_IOERR, 1);
	drv_free(d);
}

TEST(blk_flush, succeeds_if_negotiated)
{
	struct drv *d = blk_started(F_FLUSH);
	struct drv_request r = drv_submit(d, 0, T_FLUSH, 0, 0);

	expect_end(d, &r, S_OK, 1);
	EXPECT_EQ(0, fake_host_count(&d->host, MODEL_EV_GUEST_ERROR));
	r = drv_submit(d, 0, T_FLUSH, 8, 0);
	expect_end(d, &r, S_OK, 1);
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "sector other than 0"));
	drv_free(d);
}

TEST(blk_flush, is_unsupported_if_not_negotiated)
{
	struct drv *d = blk_started(0);
	struct drv_request r = drv_submit(d, 0, T_FLUSH, 0, 0);

	expect_end(d, &r, S_UNSUPP, 1);
	drv_free(d);
}

TEST(blk_get_id, returns_20_bytes_padded_with_nul)
{
	static const uint8_t id[20] = "RINGSIDE-7";
	struct drv *d = drv_new(&(struct drv_options){ .serial = "RINGSIDE-7" });
	struct drv_request r;

	drv_start(d, 0);
	r = drv_submit(d, 0, T_GET_ID, 0, 20);
	expect_end(d, &r, S_OK, 21);
	EXPECT_MEMEQ(id, drv_ram(d, r.data, 20), 20);
	EXPECT_EQ(0, fake_host_count(&d->host, MODEL_EV_GUEST_ERROR));
	drv_free(d);
}

TEST(blk_get_id, a_serial_of_20_bytes_has_no_nul)
{
	struct drv *d = drv_new(&(struct drv_options){
		.serial = "ABCDEFGHIJKLMNOPQRST" });
	struct drv_request r;

	drv_start(d, 0);
	r = drv_submit(d, 0, T_GET_ID, 0, 20);
	expect_end(d, &r, S_OK, 21);
	EXPECT_MEMEQ("ABCDEFGHIJKLMNOPQRST", drv_ram(d, r.data, 20), 20);
	drv_free(d);
}

TEST(blk_get_id, other_lengths_are_said_and_cut)
{
	struct drv *d = blk_started(0);
	struct drv_request r = drv_submit(d, 0, T_GET_ID, 0, 8);

	expect_end(d, &r, S_OK, 9);
	r = drv_submit(d, 0, T_GET_ID, 0, 64);
	/* Written without a gap: the id, not the status behind. */
	expect_end(d, &r, S_OK, 20);
	EXPECT_EQ(2, fake_host_count(&d->host, MODEL_EV_GUEST_ERROR));
	drv_free(d);
}

TEST(blk_unknown, types_are_unsupported)
{
	static const uint32_t types[] = { 2, 3, 5, 9, 10, 12, 14, 0x80000000 };
	struct drv *d = blk_started(0);

	for (size_t i = 0; i < 8; i++) {
		struct drv_request r = drv_submit(d, 0, types[i], 0, 0);

		TEST_ROW("type %u", types[i]);
		expect_end(d, &r, S_UNSUPP, 1);
	}
	drv_free(d);
}

TEST(blk_latency, passes_on_the_lane)
{
	struct drv *d = drv_new(&(struct drv_options){ .latency = 5000000 });
	uint64_t before;

	drv_start(d, 0);
	before = d->host.now;
	drv_submit(d, 0, T_IN, 0, 512);
	EXPECT_EQ(5000000, d->host.now - before);
	drv_free(d);
}

TEST(blk_fault, the_medium_fails_one_queues_nth_request)
{
	struct drv *d = drv_new(&(struct drv_options){ .queues = 2 });
	struct drv_request r;

	drv_start(d, F_FLUSH);
	fake_host_fault(&d->host, "device.blk.io", 0, 2, 1);
	r = drv_submit(d, 1, T_IN, 0, 512);
	EXPECT_EQ(S_OK, drv_result(d, &r));
	r = drv_submit(d, 0, T_IN, 0, 512);
	expect_end(d, &r, S_OK, 513);
	r = drv_submit(d, 0, T_FLUSH, 0, 0);
	expect_end(d, &r, S_OK, 1);
	r = drv_submit(d, 0, T_OUT, 0, 512);
	expect_end(d, &r, S_IOERR, 1);
	EXPECT_EQ(0, fake_host_count(&d->host, MODEL_EV_GUEST_ERROR));
	r = drv_submit(d, 0, T_IN, 0, 512);
	expect_end(d, &r, S_OK, 513);
	drv_free(d);
}

TEST(blk_gzip, sectors_are_those_of_the_plain_image)
{
	uint8_t *plain = drv_pattern(300000 / 512 * 512);
	size_t len, gz_len;
	uint8_t *gz;
	struct drv *d;
	struct drv_request r;

	len = 300000 / 512 * 512;
	gz = drv_gzip(plain, len, &gz_len);
	d = drv_new(&(struct drv_options){ .image = gz, .image_len = gz_len });
	ASSERT_TRUE(d->fn != NULL);
	drv_start(d, 0);
	r = drv_submit(d, 0, T_IN, 300, 512);
	expect_end(d, &r, S_OK, 513);
	EXPECT_MEMEQ(plain + 300 * 512, drv_ram(d, r.data, 512), 512);
	r = drv_submit(d, 0, T_IN, 0, (uint32_t)len);
	expect_end(d, &r, S_OK, (uint32_t)len + 1);
	EXPECT_MEMEQ(plain, drv_ram(d, r.data, (uint32_t)len), len);
	EXPECT_MEMEQ(gz, d->image, gz_len);
	drv_free(d);
	free(gz);
	free(plain);
}

TEST(blk_gzip, damage_in_the_middle_is_an_io_error_and_said)
{
	uint8_t *plain = drv_pattern(200 * 1024);
	size_t gz_len;
	uint8_t *gz = drv_gzip(plain, 200 * 1024, &gz_len);
	struct drv *d;
	struct drv_request r;

	gz[gz_len - 6] ^= 0x40; /* the CRC */
	d = drv_new(&(struct drv_options){ .image = gz, .image_len = gz_len });
	ASSERT_TRUE(d->fn != NULL);
	drv_start(d, 0);
	r = drv_submit(d, 0, T_IN, 0, 512);
	expect_end(d, &r, S_OK, 513);
	r = drv_submit(d, 0, T_IN, 399, 512);
	expect_end(d, &r, S_IOERR, 0);
	EXPECT_TRUE(drv_said(d, MODEL_EV_MEDIUM, "CRC"));
	r = drv_submit(d, 0, T_OUT, 399, 512);
	expect_end(d, &r, S_IOERR, 1);
	EXPECT_EQ(0, fake_host_count(&d->host, MODEL_EV_GUEST_ERROR));
	drv_free(d);
	free(gz);
	free(plain);
}
