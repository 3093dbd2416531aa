/* SPDX-License-Identifier: MIT */
/*
 * The medium of a disk, plain or gzip (RFC 1952 by zlib), with its writes in
 * memory.  See disk_image.h.
 *
 * Page n of a plain image is NULL until it is written first, then a copy.  Page n
 * of a gzip image is NULL until the stream has been inflated so far; being ours,
 * it takes the writes itself.
 */
#include "models/virtio/disk_image.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* A gzip member
 *   0    1    2    3               len-8    len-4
 *   +----+----+----+---...---------+--------+-------+
 *   | 1f | 8b | 08 | flags, data   | CRC-32 | ISIZE |
 *   +----+----+----+---...---------+--------+-------+
 */
#define GZIP_MIN_BYTES 18u
#define GZIP_MAX_SIZE (1ull << 32)
#define GZIP_WINDOW (15 + 16) /* zlib: largest window, gzip wrapper */

struct disk_image {
	const uint8_t *bytes;
	size_t len;
	uint64_t size; /* of the medium */
	uint8_t **pages;
	uint64_t npages;
	bool gzip;
	z_stream stream;
	uint64_t inflated;  /* pages so far */
	const char *broken; /* the stream cannot be read on: why */
	const char *error;
};

static bool is_gzip(const uint8_t *bytes, size_t len)
{
	return len >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
}

static const char *check_size(uint64_t size)
{
	if (!size)
		return "the image is empty";
	if (size % DISK_SECTOR_BYTES)
		return "the image's size is not a multiple of 512 bytes";
	return NULL;
}

/* The medium's size, as the file's ends tell it.  A gzip file that was cut off
 * ends in any four bytes: then only inflating it tells what is wrong. */
static const char *find_size(const uint8_t *bytes, size_t len, uint64_t *size)
{
	const uint8_t *isize;
	const char *why, *deeper;

	*size = len;
	if (!is_gzip(bytes, len))
		return check_size(len);
	if (len < GZIP_MIN_BYTES)
		return "the gzip file breaks off before its end";
	isize = bytes + len - 4;
	*size = isize[0] | (uint64_t)isize[1] << 8 | (uint64_t)isize[2] << 16 |
		(uint64_t)isize[3] << 24;
	why = check_size(*size);
	deeper = why ? disk_image_verify(bytes, len) : NULL;
	return deeper ? deeper : why;
}

struct disk_image *disk_image_open(const void *bytes, size_t len,
				   const char **why)
{
	struct disk_image *img;
	uint64_t size;

	*why = find_size(bytes, len, &size);
	if (*why)
		return NULL;
	*why = "out of memory";
	img = calloc(1, sizeof(*img));
	if (!img)
		return NULL;
	img->bytes = bytes;
	img->len = len;
	img->size = size;
	img->gzip = is_gzip(bytes, len);
	img->npages = (size + DISK_PAGE_BYTES - 1) / DISK_PAGE_BYTES;
	img->pages = calloc(img->npages, sizeof(*img->pages));
	if (!img->pages)
		goto free_image;
	if (img->gzip && inflateInit2(&img->stream, GZIP_WINDOW) != Z_OK)
		goto free_pages;
	return img;
free_pages:
	free(img->pages);
free_image:
	free(img);
	return NULL;
}

void disk_image_close(struct disk_image *img)
{
	if (!img)
		return;
	if (img->gzip)
		inflateEnd(&img->stream);
	for (uint64_t i = 0; i < img->npages; i++)
		free(img->pages[i]);
	free(img->pages);
	free(img);
}

uint64_t disk_image_size(const struct disk_image *img)
{
	return img->size;
}

const char *disk_image_error(const struct disk_image *img)
{
	return img->error;
}

/* ---- inflating ---- */

/* zlib counts its input in 32 bits; a larger file is fed in parts. */
static void feed(z_stream *stream, const uint8_t *bytes, size_t len)
{
	size_t done = stream->next_in ? (size_t)(stream->next_in - bytes) : 0;
	size_t left = len - done;

	stream->next_in = (Bytef *)(uintptr_t)(bytes + done);
	stream->avail_in = left > UINT32_MAX ? UINT32_MAX : (uInt)left;
}

static const char *inflate_phrase(int result, const z_stream *stream)
{
	if (result == Z_BUF_ERROR)
		return "the gzip file breaks off before its end";
	if (result == Z_MEM_ERROR)
		return "out of memory";
	if (stream->msg && !strcmp(stream->msg, "incorrect data check"))
		return "the gzip file's CRC does not fit its data";
	if (stream->msg && !strcmp(stream->msg, "incorrect length check"))
		return "the gzip file's length field does not fit its data";
	return "the gzip file's data is damaged";
}

/* Inflates up to `want` bytes to `out`; *ended: the stream and its trailer are
 * complete and right.  Returns how many bytes; less than wanted only if it ended
 * or *why says what is wrong. */
static uint32_t inflate_some(z_stream *stream, const uint8_t *bytes, size_t len,
			     uint8_t *out, uint32_t want, bool *ended,
			     const char **why)
{
	int result = Z_OK;

	*why = NULL;
	*ended = false;
	stream->next_out = out;
	stream->avail_out = want;
	while (stream->avail_out && result == Z_OK) {
		feed(stream, bytes, len);
		result = inflate(stream, Z_NO_FLUSH);
	}
	*ended = result == Z_STREAM_END;
	if (result != Z_OK && result != Z_STREAM_END)
		*why = inflate_phrase(result, stream);
	return want - stream->avail_out;
}

/* All bytes of the medium are out: now the stream must end, its CRC be right and
 * the file with it. */
static const char *check_end(z_stream *stream, const uint8_t *bytes, size_t len,
			     bool ended)
{
	const char *why = NULL;
	uint8_t more;

	if (!ended && inflate_some(stream, bytes, len, &more, 1, &ended, &why))
		return "the gzip file holds more than its length field says (which is below 4 GiB)";
	if (why)
		return why;
	if (stream->next_in != bytes + len)
		return "the gzip file has something behind its first member";
	return NULL;
}

static uint32_t page_bytes(const struct disk_image *img, uint64_t page)
{
	uint64_t left = img->size - page * DISK_PAGE_BYTES;

	return left < DISK_PAGE_BYTES ? (uint32_t)left : DISK_PAGE_BYTES;
}

static const char *inflate_page(struct disk_image *img, uint8_t *to)
{
	uint32_t want = page_bytes(img, img->inflated);
	const char *why;
	bool ended;
	uint32_t got = inflate_some(&img->stream, img->bytes, img->len, to,
				    want, &ended, &why);

	if (why)
		return why;
	if (got < want)
		return "the gzip file holds less than its length field says";
	if (img->inflated + 1 == img->npages)
		return check_end(&img->stream, img->bytes, img->len, ended);
	return ended ? "the gzip file holds less than its length field says"
		     : NULL;
}

/* Inflates up to and with `page`. */
static bool inflate_to(struct disk_image *img, uint64_t page)
{
	while (img->inflated <= page && !img->broken) {
		uint8_t *to = malloc(DISK_PAGE_BYTES);

		if (!to) {
			img->error = "out of memory";
			return false;
		}
		img->broken = inflate_page(img, to);
		if (img->broken)
			free(to);
		else
			img->pages[img->inflated++] = to;
	}
	img->error = img->broken;
	return img->inflated > page;
}

/* ---- access ---- */

static uint64_t rest_of_page(const struct disk_image *img, uint64_t offset)
{
	uint64_t page = offset / DISK_PAGE_BYTES;

	return page_bytes(img, page) - offset % DISK_PAGE_BYTES;
}

const uint8_t *disk_image_peek(struct disk_image *img, uint64_t offset,
			       uint64_t *len)
{
	uint64_t page = offset / DISK_PAGE_BYTES;

	if (img->gzip && !img->pages[page] && !inflate_to(img, page))
		return NULL;
	*len = rest_of_page(img, offset);
	if (!img->pages[page])
		return img->bytes + offset;
	return img->pages[page] + offset % DISK_PAGE_BYTES;
}

uint8_t *disk_image_poke(struct disk_image *img, uint64_t offset,
			 uint64_t *len)
{
	uint64_t page = offset / DISK_PAGE_BYTES;

	if (img->gzip && !img->pages[page] && !inflate_to(img, page))
		return NULL;
	if (!img->pages[page]) {
		img->pages[page] = malloc(DISK_PAGE_BYTES);
		if (!img->pages[page]) {
			img->error = "out of memory";
			return NULL;
		}
		memcpy(img->pages[page], img->bytes + page * DISK_PAGE_BYTES,
		       page_bytes(img, page));
	}
	*len = rest_of_page(img, offset);
	return img->pages[page] + offset % DISK_PAGE_BYTES;
}

/* ---- checking ---- */

static const char *verify_gzip(const uint8_t *bytes, size_t len, uint8_t *page)
{
	z_stream stream = { 0 };
	const char *why = NULL;
	uint64_t size = 0;
	bool ended = false;

	if (inflateInit2(&stream, GZIP_WINDOW) != Z_OK)
		return "out of memory";
	while (!ended && !why && size < GZIP_MAX_SIZE)
		size += inflate_some(&stream, bytes, len, page,
				     DISK_PAGE_BYTES, &ended, &why);
	if (!why && size >= GZIP_MAX_SIZE)
		why = "the gzip file holds 4 GiB or more";
	if (!why && stream.next_in != bytes + len)
		why = "the gzip file has something behind its first member";
	if (!why)
		why = check_size(size);
	inflateEnd(&stream);
	return why;
}

const char *disk_image_verify(const void *bytes, size_t len)
{
	const char *why;
	uint8_t *page;

	if (!is_gzip(bytes, len))
		return check_size(len);
	page = malloc(DISK_PAGE_BYTES);
	if (!page)
		return "out of memory";
	why = verify_gzip(bytes, len, page);
	free(page);
	return why;
}
