/* SPDX-License-Identifier: MIT */
/*
 * DISCARD and WRITE_ZEROES of virtio-blk (virtio 1.2 5.2.6).
 */
#include <stdlib.h>

#include "tests/unit/virtio/blk_expect.h"

static void put_range(struct drv *d, uint64_t at, uint64_t sector,
		      uint32_t count, uint32_t flags)
{
	put_bytes(d, at, 8, sector);
	put_bytes(d, at + 8, 4, count);
	put_bytes(d, at + 12, 4, flags);
}

static void serve(struct drv *d, const struct drv_request *r)
{
	drv_publish(d, 0, r->head);
	drv_kick(d, 0);
	drv_run(d);
}

/* A DISCARD or WRITE_ZEROES of one range. */
static struct drv_request range(struct drv *d, uint32_t type, uint64_t sector,
				uint32_t count, uint32_t flags)
{
	struct drv_request r = drv_prepare(d, 0, type, 0, 16);

	put_range(d, r.data, sector, count, flags);
	serve(d, &r);
	return r;
}

TEST(blk_write_zeroes, reads_as_zeroes_afterwards)
{
	struct drv *d = blk_started(F_WRITE_ZEROES);
	struct drv_request r = range(d, T_WRITE_ZEROES, 127, 2, 1);
	static const uint8_t zero[1024];

	expect_end(d, &r, S_OK, 1);
	r = drv_submit(d, 0, T_IN, 126, 4 * 512);
	expect_end(d, &r, S_OK, 4 * 512 + 1);
	EXPECT_MEMEQ(d->image + 126 * 512, drv_ram(d, r.data, 512), 512);
	EXPECT_MEMEQ(zero, drv_ram(d, r.data + 512, 1024), 1024);
	EXPECT_MEMEQ(d->image + 129 * 512, drv_ram(d, r.data + 1536, 512), 512);
	drv_free(d);
}

TEST(blk_ranges, statuses)
{
	static const struct {
		uint32_t type;
		uint64_t sector;
		uint32_t count, flags;
		uint8_t status;
	} rows[] = {
		{ T_DISCARD, 0, 8, 0, S_OK },
		{ T_DISCARD, 0, 8, 1, S_UNSUPP },
		{ T_DISCARD, 0, 8, 0x80000000, S_UNSUPP },
		{ T_WRITE_ZEROES, 0, 8, 1, S_OK },
		{ T_WRITE_ZEROES, 0, 8, 2, S_UNSUPP },
		{ T_DISCARD, 2048, 1, 0, S_IOERR },
		{ T_DISCARD, 2048, 0, 0, S_OK },
		{ T_WRITE_ZEROES, 2047, 2, 0, S_IOERR },
		{ T_WRITE_ZEROES, UINT64_MAX, 2, 0, S_IOERR },
		{ T_WRITE_ZEROES, 1ull << 55, 1, 0, S_IOERR },
		{ T_WRITE_ZEROES, 0, 0xffffffff, 0, S_IOERR },
	};
	struct drv *d = blk_started(F_DISCARD | F_WRITE_ZEROES);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct drv_request r = range(d, rows[i].type, rows[i].sector,
					     rows[i].count, rows[i].flags);

		TEST_ROW("row %zu", i);
		expect_end(d, &r, rows[i].status, 1);
	}
	drv_free(d);
}

TEST(blk_ranges, are_no_longer_than_configuration_space_says)
{
	size_t bytes = 0x8001 * 512;
	uint8_t *image = calloc(1, bytes);
	struct drv *d = drv_new(&(struct drv_options){
		.image = image, .image_len = bytes });
	struct drv_request r;

	drv_start(d, F_DISCARD);
	r = range(d, T_DISCARD, 0, 0x8000, 0);
	expect_end(d, &r, S_OK, 1);
	r = range(d, T_DISCARD, 0, 0x8001, 0);
	expect_end(d, &r, S_IOERR, 1);
	drv_free(d);
	free(image);
}

TEST(blk_ranges, must_be_whole_and_not_too_many)
{
	static const uint32_t lengths[] = { 0, 8, 17, 17 * 16 };
	struct drv *d = blk_started(F_DISCARD);

	for (size_t i = 0; i < 4; i++) {
		struct drv_request r = drv_submit(d, 0, T_DISCARD, 0,
						  lengths[i]);

		TEST_ROW("%u bytes", lengths[i]);
		expect_end(d, &r, S_IOERR, 1);
	}
	drv_free(d);
}

TEST(blk_ranges, are_unsupported_if_not_negotiated_and_refused_on_read_only)
{
	struct drv *d = blk_started(0);
	struct drv_request r = range(d, T_DISCARD, 0, 1, 0);

	expect_end(d, &r, S_UNSUPP, 1);
	r = range(d, T_WRITE_ZEROES, 0, 1, 0);
	expect_end(d, &r, S_UNSUPP, 1);
	drv_free(d);
	d = drv_new(&(struct drv_options){ .read_only = true });
	drv_start(d, F_WRITE_ZEROES);
	r = range(d, T_WRITE_ZEROES, 0, 1, 0);
	expect_end(d, &r, S_IOERR, 1);
	drv_free(d);
}

/* What a flag makes of a request does not depend on the medium. */
TEST(blk_ranges, wrong_ones_do_not_get_as_far_as_the_medium)
{
	struct drv *d = blk_started(F_DISCARD | F_WRITE_ZEROES);
	struct drv_request r;

	fake_host_fault(&d->host, "device.blk.io", 0, 1, 1);
	r = range(d, T_DISCARD, 0, 8, 1);
	expect_end(d, &r, S_UNSUPP, 1);
	r = range(d, T_WRITE_ZEROES, 0, 8, 4);
	expect_end(d, &r, S_UNSUPP, 1);
	r = range(d, T_WRITE_ZEROES, 0, 8, 0);
	expect_end(d, &r, S_IOERR, 1);
	r = range(d, T_WRITE_ZEROES, 0, 8, 0);
	expect_end(d, &r, S_OK, 1);
	drv_free(d);
}

TEST(blk_ranges, nothing_is_done_if_one_of_them_is_wrong)
{
	struct drv *d = blk_started(F_WRITE_ZEROES);
	struct drv_request r = drv_prepare(d, 0, T_WRITE_ZEROES, 0, 32);

	put_range(d, r.data, 1, 1, 0);
	put_range(d, r.data + 16, 2, 1, 2);
	serve(d, &r);
	expect_end(d, &r, S_UNSUPP, 1);
	r = drv_submit(d, 0, T_IN, 1, 512);
	expect_end(d, &r, S_OK, 513);
	EXPECT_MEMEQ(d->image + 512, drv_ram(d, r.data, 512), 512);
	drv_free(d);
}
