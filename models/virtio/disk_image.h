/* SPDX-License-Identifier: MIT */
/*
 * The medium of a disk: the bytes of an image file that the caller holds, plain
 * or gzip (RFC 1952), and what was written since.  The file's bytes are never
 * changed; writes live in 64 KiB pages of memory.  A gzip image is inflated page
 * by page, as far as it is read.  Read by blk_request.c, and by `ringside check`
 * through the model's check operation.
 *
 * Limits: a gzip image is one member of less than 4 GiB, since its trailer tells
 * the size modulo 2^32; reading at an offset keeps all pages before it in memory.
 */
#ifndef RINGSIDE_MODELS_VIRTIO_DISK_IMAGE_H
#define RINGSIDE_MODELS_VIRTIO_DISK_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DISK_SECTOR_BYTES 512u
#define DISK_PAGE_BYTES 65536u

struct disk_image;

/* `bytes` must live as long as the image does.  NULL: *why is a phrase.  Looks at
 * the ends of a gzip file only; what is wrong in its middle shows when it is
 * read. */
struct disk_image *disk_image_open(const void *bytes, size_t len,
				   const char **why);
void disk_image_close(struct disk_image *img);
/* In bytes, a multiple of 512, not 0. */
uint64_t disk_image_size(const struct disk_image *img);

/* The bytes from `offset` on, below the image's size; *len becomes how many of
 * them lie together, at least 1.  NULL: they cannot be had, disk_image_error()
 * tells why.  The pointer stays valid until the image is closed; what it points
 * to is overwritten by later writes, or not. */
const uint8_t *disk_image_peek(struct disk_image *img, uint64_t offset,
			       uint64_t *len);
/* The same, to be written. */
uint8_t *disk_image_poke(struct disk_image *img, uint64_t offset,
			 uint64_t *len);
/* Why the last peek or poke returned NULL: a phrase. */
const char *disk_image_error(const struct disk_image *img);

/* Inflates everything once, keeps nothing.  NULL: sound; else a phrase that says
 * what is wrong. */
const char *disk_image_verify(const void *bytes, size_t len);

#endif
