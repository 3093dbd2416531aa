/* SPDX-License-Identifier: MIT */
/*
 * The files that properties of devices name: their contents, those of a small
 * gzip file inflated.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "sim/scenario/build.h"

/* Smaller files are read: cheaper than a mapping, and nobody can cut them off
 * while the run reads them. */
#define READ_BELOW (1u << 20)
#define UNPACK_MOST (1u << 20)
#define GZIP_MIN_BYTES 18u
#define GZIP_WINDOW (15 + 16)        /* zlib: largest window, gzip wrapper */

static void cannot_read(struct build *b, const struct yaml_node *n,
			const char *why)
{
	yaml_error(b->d, n, "cannot-read",
		   n->text[0] == '/' ? NULL
			: "the name is relative to the scenario's folder",
		   "'%s' cannot be read: %s", n->text, why);
}

static bool load(struct build *b, int fd, size_t size, struct device_value *v)
{
	size_t done = 0;
	char *buf;
	ssize_t n;

	if (size >= READ_BELOW) {
		void *map = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);

		if (map == MAP_FAILED)
			return false;
		arena_own_mapping(b->a, map, size);
		v->bytes = map;
		v->len = size;
		return true;
	}
	buf = arena_alloc(b->a, size + 1);
	while (done < size) {
		n = read(fd, buf + done, size - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		if (n == 0)
			break;
		done += (size_t)n;
	}
	v->bytes = buf;
	v->len = done;
	return true;
}

/* ---- gzip, RFC 1952 ---- */

static bool is_gzip(const uint8_t *bytes, size_t len)
{
	return len >= GZIP_MIN_BYTES && bytes[0] == 0x1f && bytes[1] == 0x8b;
}

/* What the file says of its size: its last four bytes. */
static uint32_t told_size(const uint8_t *bytes, size_t len)
{
	return bytes[len - 4] | (uint32_t)bytes[len - 3] << 8 |
	       (uint32_t)bytes[len - 2] << 16 | (uint32_t)bytes[len - 1] << 24;
}

/* False: it is not one whole member of that size. */
static bool inflate_all(const uint8_t *in, size_t len, uint8_t *out,
			uint32_t size)
{
	z_stream z = {
		.next_in = (Bytef *)(uintptr_t)in, .avail_in = (uInt)len,
		.next_out = out, .avail_out = size,
	};
	bool whole;

	if (inflateInit2(&z, GZIP_WINDOW) != Z_OK)
		return false;
	whole = inflate(&z, Z_FINISH) == Z_STREAM_END && !z.avail_in &&
		!z.avail_out;
	inflateEnd(&z);
	return whole;
}

/* Each run of each cell would inflate it, once for the device and once for what
 * its data are compared with, which is a third of what a short run does.  One that
 * is damaged is left to the model to explain; one that is gzip again inside stays
 * what it is, or it would be inflated twice. */
static void unpack(struct build *b, struct device_value *v)
{
	const uint8_t *in = v->bytes;
	uint32_t size;
	uint8_t *out;

	if (v->len >= READ_BELOW || !is_gzip(in, v->len))
		return;
	size = told_size(in, v->len);
	if (!size || size > UNPACK_MOST)
		return;
	out = arena_alloc(b->a, size);
	if (!inflate_all(in, v->len, out, size) || is_gzip(out, size))
		return;
	v->bytes = out;
	v->len = size;
}

bool build_file(struct build *b, const struct yaml_node *n,
		struct device_value *v)
{
	const char *path = n->text[0] == '/' ? n->text
		: arena_printf(b->a, "%s/%s", b->dir, n->text);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	bool ok = false;

	if (fd < 0 || fstat(fd, &st) < 0)
		cannot_read(b, n, strerror(errno));
	else if (S_ISDIR(st.st_mode))
		cannot_read(b, n, "it is a directory");
	else if (!S_ISREG(st.st_mode))
		cannot_read(b, n, "it is not a file");
	else if (!load(b, fd, (size_t)st.st_size, v))
		cannot_read(b, n, strerror(errno));
	else
		ok = true;
	if (fd >= 0)
		close(fd);
	v->s = n->text;
	if (ok)
		unpack(b, v);
	return ok;
}
