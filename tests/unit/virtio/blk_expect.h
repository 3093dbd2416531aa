/* SPDX-License-Identifier: MIT */
/*
 * What the tests of virtio-blk's requests share.  Request types and statuses are
 * the specification's numbers (virtio 1.2 5.2.6).
 */
#ifndef RINGSIDE_TESTS_UNIT_VIRTIO_BLK_EXPECT_H
#define RINGSIDE_TESTS_UNIT_VIRTIO_BLK_EXPECT_H

#include "tests/shim/gtest_c.h"
#include "tests/unit/virtio/driver.h"

#define T_IN 0
#define T_OUT 1
#define T_FLUSH 4
#define T_GET_ID 8
#define T_DISCARD 11
#define T_WRITE_ZEROES 13
#define S_OK 0
#define S_IOERR 1
#define S_UNSUPP 2
#define F_FLUSH (1ull << 9)
#define F_DISCARD (1ull << 13)
#define F_WRITE_ZEROES (1ull << 14)

static inline struct drv *blk_started(uint64_t features)
{
	struct drv *d = drv_new(&(struct drv_options){ 0 });

	drv_start(d, features);
	return d;
}

/* Expects the last request to have ended so. */
static inline void expect_end(struct drv *d, const struct drv_request *r,
		       uint8_t status, uint32_t used_len)
{
	uint32_t id, len;

	ASSERT_TRUE(drv_used(d, 0, &id, &len));
	EXPECT_EQ(r->head, id);
	EXPECT_EQ(used_len, len);
	EXPECT_EQ(status, drv_result(d, r));
	EXPECT_EQ(0xf, drv_read(d, 0x14, 1));
}

static inline void put_bytes(struct drv *d, uint64_t addr, unsigned int bytes,
		      uint64_t value)
{
	uint8_t *p = drv_ram(d, addr, bytes);

	for (unsigned int i = 0; i < bytes; i++)
		p[i] = (uint8_t)(value >> (8 * i));
}

#endif
