/* SPDX-License-Identifier: MIT */
/*
 * Disk images, plain and gzip (RFC 1952): the bytes are the file.  It is opened
 * by the small and large way: looked at to its end, then read in places and
 * written to.
 */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "models/virtio/disk_image.h"
#include "tests/fuzz/target.h"

#define MOST (4u << 20) /* of an image, that is read */

static void read_all(struct disk_image *img)
{
	uint64_t size = disk_image_size(img), at, len;

	if (!size || size % DISK_SECTOR_BYTES)
		fuzz_found("an image of %llu bytes", (unsigned long long)size);
	for (at = 0; at < size && at < MOST; at += len) {
		const uint8_t *p = disk_image_peek(img, at, &len);

		if (!p && !disk_image_error(img))
			fuzz_found("no bytes and no reason");
		if (!p)
			return;
		if (!len || len > size - at)
			fuzz_found("%llu bytes at %llu of %llu",
				   (unsigned long long)len,
				   (unsigned long long)at,
				   (unsigned long long)size);
		/* Every byte that is said to be there. */
		if (crc32(0, p, (unsigned int)len) == 1)
			return;
	}
}

static void write_last(struct disk_image *img)
{
	uint64_t at = disk_image_size(img) - DISK_SECTOR_BYTES, len;
	const uint8_t *again;
	uint8_t *p;

	if (at > MOST)
		return;
	p = disk_image_poke(img, at, &len);
	if (!p)
		return;
	memset(p, 0xa5, DISK_SECTOR_BYTES);
	again = disk_image_peek(img, at, &len);
	if (!again || again[DISK_SECTOR_BYTES - 1] != 0xa5)
		fuzz_found("what was written is not there");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct disk_image *img;
	const char *why = NULL;

	disk_image_verify(data, size);
	img = disk_image_open(data, size, &why);
	if (!img && !why)
		fuzz_found("refused without a reason");
	if (!img)
		return 0;
	read_all(img);
	write_last(img);
	disk_image_close(img);
	return 0;
}

/* A good gzip file of a few sectors. */
static size_t pack(uint64_t *state, uint8_t *data)
{
	uint8_t plain[2048];
	z_stream z = { 0 };
	size_t len = DISK_SECTOR_BYTES * (1 + fuzz_next(state) % 4), i;

	for (i = 0; i < len; i++)
		plain[i] = (uint8_t)(i % 7 ? i / 16 : fuzz_next(state));
	deflateInit2(&z, (int)(fuzz_next(state) % 10), Z_DEFLATED, 31, 8,
		     Z_DEFAULT_STRATEGY);
	z.next_in = plain;
	z.avail_in = (unsigned int)len;
	z.next_out = data;
	z.avail_out = FUZZ_INPUT;
	deflate(&z, Z_FINISH);
	deflateEnd(&z);
	return z.total_out;
}

/* One with a few bytes changed, or cut off. */
size_t fuzz_fresh(uint64_t seed, uint64_t run, uint8_t *data)
{
	uint64_t state = fuzz_begin(seed, run);
	size_t len = pack(&state, data);
	uint64_t n = fuzz_next(&state) % 4;

	while (n--)
		data[fuzz_next(&state) % len] ^=
			(uint8_t)(1u << fuzz_next(&state) % 8);
	if (fuzz_next(&state) % 4 == 0)
		len = fuzz_next(&state) % (len + 1);
	return len;
}
