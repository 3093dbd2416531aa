/* SPDX-License-Identifier: MIT */
/*
 * How a request of virtio-blk may be cut into buffers, and what becomes of one
 * whose buffers cannot be reached (virtio 1.2 2.7.4.1, 5.2.6).
 */
#include <string.h>

#include "tests/unit/virtio/blk_expect.h"

TEST(blk_framing, header_and_data_may_be_cut_anywhere)
{
	/* 16 bytes of header in 1 + 8 + 7, 1024 of data in 100 + 900 + 24 with
	 * the status in the same buffer. */
	struct drv *d = blk_started(0);
	struct drv_request r = drv_prepare(d, 0, T_IN, 9, 1024);
	const struct drv_buf bufs[] = {
		{ r.header, 1, 0 }, { r.header + 1, 8, 0 },
		{ r.header + 9, 7, 0 }, { r.data, 100, 2 },
		{ r.data + 100, 900, 2 }, { r.data + 1000, 25, 2 },
	};
	uint32_t id, len;

	*(uint8_t *)drv_ram(d, r.data + 1024, 1) = 0xee;
	drv_publish(d, 0, drv_chain(d, 0, bufs, 6));
	drv_kick(d, 0);
	drv_run(d);
	ASSERT_TRUE(drv_used(d, 0, &id, &len));
	EXPECT_EQ(1025, len);
	EXPECT_EQ(S_OK, *(uint8_t *)drv_ram(d, r.data + 1024, 1));
	EXPECT_MEMEQ(d->image + 9 * 512, drv_ram(d, r.data, 1024), 1024);
	drv_free(d);
}

TEST(blk_framing, a_write_whose_header_and_data_share_a_buffer)
{
	struct drv *d = blk_started(0);
	uint64_t all = drv_alloc(d, 16 + 512), status = drv_alloc(d, 1);
	const struct drv_buf bufs[] = { { all, 528, 0 }, { status, 1, 2 } };
	struct drv_request r;
	uint32_t id, len;

	put_bytes(d, all, 4, T_OUT);
	put_bytes(d, all + 8, 8, 3);
	memset(drv_ram(d, all + 16, 512), 0x77, 512);
	drv_publish(d, 0, drv_chain(d, 0, bufs, 2));
	drv_kick(d, 0);
	drv_run(d);
	ASSERT_TRUE(drv_used(d, 0, &id, &len));
	r = drv_submit(d, 0, T_IN, 3, 512);
	EXPECT_EQ(0x77, *(uint8_t *)drv_ram(d, r.data + 511, 1));
	drv_free(d);
}

TEST(blk_framing, without_status_or_header_the_device_needs_a_reset)
{
	struct drv *d = blk_started(0);
	struct drv_buf buf = { drv_alloc(d, 16), 16, 0 };
	struct drv_buf pair[] = { { buf.addr, 15, 0 }, { buf.addr, 1, 2 } };

	drv_publish(d, 0, drv_chain(d, 0, &buf, 1));
	drv_kick(d, 0);
	drv_run(d);
	EXPECT_EQ(0x4f, drv_read(d, 0x14, 1));
	EXPECT_TRUE(drv_said(d, MODEL_EV_NEEDS_RESET, "status"));
	drv_start(d, 0);
	drv_publish(d, 0, drv_chain(d, 0, pair, 2));
	drv_kick(d, 0);
	drv_run(d);
	EXPECT_EQ(0x4f, drv_read(d, 0x14, 1));
	EXPECT_TRUE(drv_said(d, MODEL_EV_NEEDS_RESET, "shorter than 16"));
	drv_free(d);
}

TEST(blk_bad_address, of_the_header_fails_the_request)
{
	struct drv *d = blk_started(0);
	struct drv_request r = drv_prepare(d, 0, T_IN, 0, 512);

	drv_desc(d, d->q[0].desc, r.head, 0x10, 16, 1, r.head + 1u);
	drv_publish(d, 0, r.head);
	drv_kick(d, 0);
	drv_run(d);
	expect_end(d, &r, S_IOERR, 0);
	drv_free(d);
}

TEST(blk_bad_address, in_the_data_counts_what_was_written)
{
	struct drv *d = blk_started(0);
	struct drv_request r = drv_prepare(d, 0, T_IN, 0, 1024);
	const struct drv_buf bufs[] = {
		{ r.header, 16, 0 }, { r.data, 512, 2 }, { 0x10, 512, 2 },
		{ r.status, 1, 2 },
	};

	r.head = drv_chain(d, 0, bufs, 4);
	drv_publish(d, 0, r.head);
	drv_kick(d, 0);
	drv_run(d);
	expect_end(d, &r, S_IOERR, 512);
	drv_free(d);
}

TEST(blk_bad_address, of_the_status_gives_the_buffer_back)
{
	struct drv *d = blk_started(0);
	struct drv_request r = drv_prepare(d, 0, T_IN, 0, 512);
	uint32_t id, len;

	drv_desc(d, d->q[0].desc, r.head + 2u, 0x10, 1, 2, 0);
	drv_publish(d, 0, r.head);
	drv_kick(d, 0);
	drv_run(d);
	ASSERT_TRUE(drv_used(d, 0, &id, &len));
	EXPECT_EQ(512, len);
	EXPECT_TRUE(drv_said(d, MODEL_EV_GUEST_ERROR, "status byte"));
	EXPECT_EQ(1, d->host.msis);
	drv_free(d);
}
