/* SPDX-License-Identifier: MIT */
/*
 * The simulator's own copy of a medium.
 */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "sim/check/data.h"
#include "tests/shim/gtest_c.h"

#define SIZE 200000u

static uint8_t image[SIZE];

static void fill(void)
{
	uint32_t x = 1;
	size_t i;

	for (i = 0; i < SIZE; i++) {
		x = x * 1103515245 + 12345;
		image[i] = (uint8_t)(x >> 20);
	}
}

/* The image as gzip packs it; returns its length. */
static size_t pack(uint8_t *out, size_t room)
{
	z_stream z = { 0 };

	deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
	z.next_in = image;
	z.avail_in = SIZE;
	z.next_out = out;
	z.avail_out = (uInt)room;
	deflate(&z, Z_FINISH);
	deflateEnd(&z);
	return z.total_out;
}

static bool reads(struct data_check *c, uint64_t offset, const void *buf,
		  size_t len)
{
	return data_check_see(c, MACHINE_DATA_READ, 0, offset, buf, len);
}

TEST(data, plain_image_compares)
{
	struct findings found;
	struct data_check *c;
	uint8_t copy[1024];

	fill();
	findings_init(&found);
	c = data_check_create(1, &found);
	data_check_image(c, 0, image, 131072);
	EXPECT_TRUE(reads(c, 0, image, 131072));
	EXPECT_TRUE(reads(c, 65000, image + 65000, 1024)); /* over a page */
	memcpy(copy, image + 1024, 1024);
	copy[700] ^= 1;
	EXPECT_FALSE(reads(c, 1024, copy, 1024));
	ASSERT_EQ(1, found.count);
	EXPECT_STREQ("data-differs", found.items[0].code);
	/* 1024 + 700 lies in sector 3. */
	EXPECT_SUBSTR(found.items[0].text, "sector 3:");
	EXPECT_EQ(0, found.items[0].device);
	data_check_destroy(c);
	findings_free(&found);
}

TEST(data, gzip_image_from_the_end_and_the_start)
{
	static uint8_t packed[SIZE + 1000];
	struct findings found;
	struct data_check *c;

	fill();
	findings_init(&found);
	c = data_check_create(1, &found);
	data_check_image(c, 0, packed, pack(packed, sizeof(packed)));
	EXPECT_TRUE(reads(c, 199000, image + 199000, 1000));
	EXPECT_TRUE(reads(c, 0, image, 512));
	EXPECT_FALSE(reads(c, 512, image, 512));
	/* The last byte is there, one more is not. */
	EXPECT_TRUE(reads(c, SIZE - 1, image + SIZE - 1, 1));
	EXPECT_FALSE(reads(c, SIZE, image, 1));
	EXPECT_EQ(2, found.count);
	EXPECT_SUBSTR(found.items[1].text, "beyond the medium's end");
	data_check_destroy(c);
	findings_free(&found);
}

TEST(data, what_was_written_is_read_back)
{
	static uint8_t packed[SIZE + 1000];
	struct findings found;
	struct data_check *c;
	uint8_t mine[1536];

	fill();
	memset(mine, 0x5a, sizeof(mine));
	findings_init(&found);
	c = data_check_create(1, &found);
	data_check_image(c, 0, packed, pack(packed, sizeof(packed)));
	EXPECT_TRUE(data_check_see(c, MACHINE_DATA_WRITTEN, 0, 65024, mine,
				   sizeof(mine)));
	EXPECT_TRUE(reads(c, 65024, mine, sizeof(mine)));
	EXPECT_FALSE(reads(c, 65024, image + 65024, 512));
	EXPECT_TRUE(reads(c, 64512, image + 64512, 512));
	EXPECT_TRUE(reads(c, 66560, image + 66560, 512));
	data_check_destroy(c);
	findings_free(&found);
}

static void fails(struct data_check *c, uint64_t offset, const void *buf,
		  size_t len)
{
	data_check_see(c, MACHINE_DATA_IN_DOUBT, 0, offset, buf, len);
}

TEST(data, a_write_that_failed_may_be_there_or_not)
{
	struct findings found;
	struct data_check *c;
	uint8_t mine[2048], other[512];

	fill();
	memset(mine, 0x5a, sizeof(mine));
	memset(other, 0x5b, sizeof(other));
	findings_init(&found);
	c = data_check_create(1, &found);
	data_check_image(c, 0, image, 131072);
	/* Each sector by itself: the first and third came to be, the others not. */
	fails(c, 512, mine, sizeof(mine));
	EXPECT_TRUE(reads(c, 512, mine, 512));
	EXPECT_TRUE(reads(c, 1024, image + 1024, 512));
	EXPECT_TRUE(reads(c, 1536, mine, 512));
	EXPECT_FALSE(reads(c, 2048, other, 512));
	EXPECT_TRUE(reads(c, 2048, image + 2048, 512));
	/* What has been seen is no longer in doubt. */
	EXPECT_FALSE(reads(c, 512, image + 512, 512));
	EXPECT_FALSE(reads(c, 1024, mine, 512));
	EXPECT_TRUE(reads(c, 1536, mine, 512));
	EXPECT_EQ(3, found.count);
	data_check_destroy(c);
	findings_free(&found);
}

TEST(data, of_writes_that_failed_each_may_be_there)
{
	struct findings found;
	struct data_check *c;
	uint8_t one[512], two[512], three[512];

	fill();
	memset(one, 1, sizeof(one));
	memset(two, 2, sizeof(two));
	memset(three, 3, sizeof(three));
	findings_init(&found);
	c = data_check_create(1, &found);
	data_check_image(c, 0, image, 131072);
	fails(c, 0, one, sizeof(one));
	fails(c, 0, two, sizeof(two));
	fails(c, 512, one, sizeof(one));
	EXPECT_TRUE(reads(c, 0, one, sizeof(one)));
	EXPECT_FALSE(reads(c, 0, two, sizeof(two)));
	/* A write that does not fail ends all doubt. */
	EXPECT_TRUE(data_check_see(c, MACHINE_DATA_WRITTEN, 0, 512, three,
				   sizeof(three)));
	EXPECT_FALSE(reads(c, 512, one, sizeof(one)));
	EXPECT_TRUE(reads(c, 512, three, sizeof(three)));
	EXPECT_EQ(2, found.count);
	data_check_destroy(c);
	findings_free(&found);
}

TEST(data, truncated_and_damaged_gzip)
{
	static uint8_t packed[SIZE + 1000];
	struct findings found;
	struct data_check *c;
	size_t len;

	fill();
	len = pack(packed, sizeof(packed));
	findings_init(&found);
	c = data_check_create(1, &found);
	data_check_image(c, 0, packed, len / 2);
	EXPECT_TRUE(reads(c, 0, image, 512));
	EXPECT_FALSE(reads(c, 389 * 512, image + 389 * 512, 512));
	ASSERT_EQ(1, found.count);
	EXPECT_SUBSTR(found.items[0].text, "breaks off");
	data_check_destroy(c);
	findings_free(&found);
}

TEST(data, no_image_reads_as_zeros)
{
	static const uint8_t zeros[512];
	struct findings found;
	struct data_check *c;
	uint8_t one[512] = { 1 };

	findings_init(&found);
	c = data_check_create(1, &found);
	EXPECT_TRUE(reads(c, 1 << 30, zeros, 512));
	EXPECT_FALSE(reads(c, 0, one, 512));
	/* Nobody's device, and a range that wraps. */
	EXPECT_TRUE(data_check_see(c, MACHINE_DATA_READ, 7, 0, one, 512));
	EXPECT_FALSE(reads(c, UINT64_MAX - 10, one, 512));
	EXPECT_FALSE(reads(c, UINT64_MAX / 2, one, 512));
	data_check_destroy(c);
	findings_free(&found);
}

TEST(data, findings_of_one_device_are_bounded)
{
	struct findings found;
	struct data_check *c;
	static uint8_t ones[512 * 100];

	memset(ones, 1, sizeof(ones));
	findings_init(&found);
	c = data_check_create(1, &found);
	EXPECT_FALSE(reads(c, 0, ones, sizeof(ones)));
	EXPECT_EQ(8, found.count);
	data_check_destroy(c);
	findings_free(&found);
}

TEST(findings, are_kept_up_to_a_limit)
{
	struct findings found;
	unsigned int i;

	findings_init(&found);
	for (i = 0; i < 250; i++)
		findings_add(&found, "leak", "finding %u", i)->event = i;
	EXPECT_EQ(200, found.count);
	EXPECT_EQ(50, found.dropped);
	EXPECT_STREQ("finding 199", found.items[199].text);
	EXPECT_TRUE(findings_has(&found, "leak"));
	EXPECT_FALSE(findings_has(&found, "violation"));
	findings_free(&found);
}
