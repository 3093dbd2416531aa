/* SPDX-License-Identifier: MIT */
/*
 * The medium: plain and gzip images, lazily inflated, written in memory only, and
 * every way in which a file can be wrong.
 */
#include "models/virtio/disk_image.h"

#include <stdlib.h>
#include <string.h>

#include "tests/shim/gtest_c.h"
#include "tests/unit/virtio/driver.h"

struct gz {
	uint8_t *plain, *bytes;
	size_t plain_len, len;
};

static struct gz gz_new(size_t plain_len)
{
	struct gz g = { .plain = drv_pattern(plain_len), .plain_len = plain_len };

	g.bytes = drv_gzip(g.plain, plain_len, &g.len);
	return g;
}

static void gz_free(struct gz *g)
{
	free(g->plain);
	free(g->bytes);
}

static struct disk_image *open_image(const void *bytes, size_t len)
{
	const char *why;

	return disk_image_open(bytes, len, &why);
}

static const char *open_error(const void *bytes, size_t len)
{
	const char *why = NULL;
	struct disk_image *img = disk_image_open(bytes, len, &why);

	disk_image_close(img);
	return img ? "it opened" : why;
}

/* Reads [offset, offset + len); false: an error. */
static bool get(struct disk_image *img, uint64_t offset, uint8_t *to,
		uint64_t len)
{
	while (len) {
		uint64_t n;
		const uint8_t *from = disk_image_peek(img, offset, &n);

		if (!from)
			return false;
		n = n < len ? n : len;
		memcpy(to, from, n);
		to += n;
		offset += n;
		len -= n;
	}
	return true;
}

static bool set(struct disk_image *img, uint64_t offset, uint8_t byte,
		uint64_t len)
{
	while (len) {
		uint64_t n;
		uint8_t *to = disk_image_poke(img, offset, &n);

		if (!to)
			return false;
		n = n < len ? n : len;
		memset(to, byte, n);
		offset += n;
		len -= n;
	}
	return true;
}

TEST(disk_image, plain_is_read_in_place)
{
	uint8_t *plain = drv_pattern(512 * 300);
	struct disk_image *img = open_image(plain, 512 * 300);
	uint64_t n;

	EXPECT_EQ(512 * 300, disk_image_size(img));
	EXPECT_TRUE(disk_image_peek(img, 65535, &n) == plain + 65535);
	EXPECT_EQ(1, n);
	EXPECT_TRUE(disk_image_peek(img, 65536, &n) == plain + 65536);
	EXPECT_EQ(65536, n);
	disk_image_peek(img, 512 * 300 - 1, &n);
	EXPECT_EQ(1, n);
	disk_image_close(img);
	free(plain);
}

TEST(disk_image, writes_are_an_overlay)
{
	uint8_t *plain = drv_pattern(512 * 300);
	uint8_t *copy = drv_pattern(512 * 300);
	uint8_t *got = malloc(512 * 300);
	struct disk_image *img = open_image(plain, 512 * 300);

	EXPECT_TRUE(set(img, 65000, 0xcc, 1000));
	memset(copy + 65000, 0xcc, 1000);
	EXPECT_TRUE(get(img, 0, got, 512 * 300));
	EXPECT_MEMEQ(copy, got, 512 * 300);
	EXPECT_NE(0xcc, plain[65000]);
	disk_image_close(img);
	free(got);
	free(copy);
	free(plain);
}

TEST(disk_image, gzip_reads_anywhere_in_any_order)
{
	struct gz g = gz_new(512 * 1000);
	struct disk_image *img = open_image(g.bytes, g.len);
	uint8_t *got = malloc(g.plain_len);

	ASSERT_TRUE(img != NULL);
	EXPECT_EQ(512 * 1000, disk_image_size(img));
	EXPECT_TRUE(get(img, 400000, got, 70000));
	EXPECT_MEMEQ(g.plain + 400000, got, 70000);
	EXPECT_TRUE(get(img, 0, got, g.plain_len));
	EXPECT_MEMEQ(g.plain, got, g.plain_len);
	disk_image_close(img);
	free(got);
	gz_free(&g);
}

TEST(disk_image, gzip_of_exactly_whole_pages)
{
	struct gz g = gz_new(2 * 65536);
	struct disk_image *img = open_image(g.bytes, g.len);
	uint8_t *got = malloc(g.plain_len);

	EXPECT_TRUE(get(img, 65536, got, 65536));
	EXPECT_MEMEQ(g.plain + 65536, got, 65536);
	EXPECT_TRUE(disk_image_verify(g.bytes, g.len) == NULL);
	disk_image_close(img);
	free(got);
	gz_free(&g);
}

TEST(disk_image, gzip_of_one_sector)
{
	struct gz g = gz_new(512);
	struct disk_image *img = open_image(g.bytes, g.len);
	uint8_t got[512];

	EXPECT_TRUE(get(img, 0, got, 512));
	EXPECT_MEMEQ(g.plain, got, 512);
	disk_image_close(img);
	gz_free(&g);
}

TEST(disk_image, gzip_writes_leave_the_compressed_bytes_alone)
{
	struct gz g = gz_new(512 * 300);
	uint8_t *before = malloc(g.len), got[600];
	struct disk_image *img = open_image(g.bytes, g.len);

	memcpy(before, g.bytes, g.len);
	EXPECT_TRUE(set(img, 70000, 0x11, 512)); /* the second page, unread */
	EXPECT_TRUE(get(img, 69990, got, 600));
	EXPECT_MEMEQ(g.plain + 69990, got, 10);
	EXPECT_EQ(0x11, got[10]);
	EXPECT_EQ(0x11, got[521]);
	EXPECT_MEMEQ(g.plain + 70512, got + 522, 78);
	EXPECT_MEMEQ(before, g.bytes, g.len);
	disk_image_close(img);
	free(before);
	gz_free(&g);
}

TEST(disk_image, gzip_is_inflated_no_further_than_read)
{
	struct gz g = gz_new(512 * 2000);
	struct disk_image *img;
	uint8_t got[512];

	memset(g.bytes + g.len / 2, 0xff, 100); /* damage in the middle */
	img = open_image(g.bytes, g.len);
	ASSERT_TRUE(img != NULL);
	EXPECT_TRUE(get(img, 0, got, 512));
	EXPECT_FALSE(get(img, 512 * 1999, got, 512));
	EXPECT_TRUE(disk_image_error(img) != NULL);
	EXPECT_TRUE(get(img, 512, got, 512)); /* what was there is still */
	EXPECT_FALSE(set(img, 512 * 1999, 0, 512));
	disk_image_close(img);
	gz_free(&g);
}

TEST(disk_image, wrong_sizes)
{
	static const uint8_t zero[1024];

	EXPECT_STREQ("the image is empty", open_error(zero, 0));
	EXPECT_STREQ("the image's size is not a multiple of 512 bytes",
		     open_error(zero, 511));
	EXPECT_STREQ("the image's size is not a multiple of 512 bytes",
		     open_error(zero, 513));
	EXPECT_STREQ("it opened", open_error(zero, 1024));
	EXPECT_STREQ("the image is empty", disk_image_verify(zero, 0));
	EXPECT_TRUE(disk_image_verify(zero, 512) == NULL);
}

TEST(disk_image, gzip_of_wrong_sizes)
{
	struct gz g = gz_new(1000);

	EXPECT_STREQ("the image's size is not a multiple of 512 bytes",
		     open_error(g.bytes, g.len));
	EXPECT_STREQ("the image's size is not a multiple of 512 bytes",
		     disk_image_verify(g.bytes, g.len));
	gz_free(&g);
	g = gz_new(0);
	EXPECT_STREQ("the image is empty", open_error(g.bytes, g.len));
	gz_free(&g);
}

TEST(disk_image, a_truncated_gzip_is_called_so_wherever_it_is_cut)
{
	struct gz g = gz_new(512 * 40);

	for (size_t len = 2; len < g.len; len += len < 40 ? 1 : 97) {
		const char *why = disk_image_verify(g.bytes, len);

		TEST_ROW("%zu of %zu bytes", len, g.len);
		EXPECT_SUBSTR(why ? why : "sound", "breaks off");
		/* Unless its last four bytes look like a size by chance. */
		why = open_error(g.bytes, len);
		if (strcmp(why, "it opened"))
			EXPECT_SUBSTR(why, "breaks off");
	}
	gz_free(&g);
}

TEST(disk_image, a_truncated_gzip_never_reads_past_its_end)
{
	struct gz g = gz_new(512 * 40);

	for (size_t len = 18; len < g.len; len += 61) {
		uint8_t *cut = malloc(len), got[512];
		struct disk_image *img;
		uint64_t n;

		memcpy(cut, g.bytes, len);
		memcpy(cut + len - 4, "\0\0\2\0", 4); /* 128 KiB */
		img = open_image(cut, len);
		ASSERT_TRUE(img != NULL);
		EXPECT_FALSE(get(img, 100000, got, 512));
		EXPECT_TRUE(disk_image_poke(img, 0, &n) == NULL);
		disk_image_close(img);
		free(cut);
	}
	gz_free(&g);
}

TEST(disk_image, what_is_wrong_is_said_in_one_phrase)
{
	struct gz g = gz_new(512 * 40);
	uint8_t *more = malloc(2 * g.len);
	struct disk_image *img;
	uint64_t n;

	memcpy(more, g.bytes, g.len);
	more[g.len - 8] ^= 1;
	EXPECT_SUBSTR(disk_image_verify(more, g.len), "CRC");
	memcpy(more, g.bytes, g.len);
	more[g.len - 3] ^= 2; /* the length, by 512 */
	EXPECT_SUBSTR(disk_image_verify(more, g.len), "length field");
	memcpy(more, g.bytes, g.len);
	more[3] = 0xe0; /* reserved flags */
	EXPECT_SUBSTR(disk_image_verify(more, g.len), "damaged");
	memcpy(more, g.bytes, g.len);
	memcpy(more + g.len, g.bytes, g.len);
	EXPECT_SUBSTR(disk_image_verify(more, 2 * g.len), "behind its first");
	img = open_image(more, 2 * g.len);
	EXPECT_TRUE(disk_image_peek(img, 0, &n) == NULL);
	EXPECT_SUBSTR(disk_image_error(img), "behind its first");
	disk_image_close(img);
	more[g.len] = 0;
	EXPECT_SUBSTR(disk_image_verify(more, g.len + 1), "behind its first");
	free(more);
	gz_free(&g);
}

TEST(disk_image, a_length_field_that_lies_is_found_when_read)
{
	static const struct {
		uint8_t isize[4];
		const char *said;
	} rows[] = {
		{ { 0x00, 0x02, 0, 0 }, "more than its length" },
		{ { 0x00, 0x00, 0x01, 0 }, "more than its length" },
		{ { 0x00, 0x42, 0x01, 0 }, "" },
		{ { 0x00, 0x00, 0x02, 0 }, "" },
	};
	struct gz g = gz_new(512 * 160); /* 0x14000 bytes */

	for (size_t i = 0; i < 4; i++) {
		struct disk_image *img;
		uint8_t got[512];

		TEST_ROW("row %zu", i);
		memcpy(g.bytes + g.len - 4, rows[i].isize, 4);
		img = open_image(g.bytes, g.len);
		ASSERT_TRUE(img != NULL);
		EXPECT_FALSE(get(img, disk_image_size(img) - 512, got, 512));
		EXPECT_SUBSTR(disk_image_error(img), rows[i].said);
		disk_image_close(img);
	}
	gz_free(&g);
}

TEST(disk_image, a_second_member_that_is_longer_is_found_when_read)
{
	struct gz g = gz_new(512 * 40), h = gz_new(512 * 200);
	uint8_t *both = malloc(g.len + h.len), got[512];
	struct disk_image *img;

	memcpy(both, g.bytes, g.len);
	memcpy(both + g.len, h.bytes, h.len);
	img = open_image(both, g.len + h.len);
	ASSERT_TRUE(img != NULL);
	EXPECT_EQ(512 * 200, disk_image_size(img));
	EXPECT_FALSE(get(img, 0, got, 512));
	EXPECT_SUBSTR(disk_image_error(img), "less than its length");
	disk_image_close(img);
	free(both);
	gz_free(&g);
	gz_free(&h);
}

TEST(disk_image, any_damage_is_found_and_none_crashes)
{
	struct gz g = gz_new(512 * 8);
	unsigned int sound = 0;

	for (size_t i = 10; i < g.len; i += 3) {
		g.bytes[i] ^= 0x10;
		sound += disk_image_verify(g.bytes, g.len) == NULL;
		g.bytes[i] ^= 0x10;
	}
	EXPECT_EQ(0, sound);
	EXPECT_TRUE(disk_image_verify(g.bytes, g.len) == NULL);
	gz_free(&g);
}
