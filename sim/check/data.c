/* SPDX-License-Identifier: MIT */
/*
 * Pages of a medium, filled from its image when first touched; a gzip'd one is
 * inflated from its start up to the page that is wanted.
 */
#include "sim/check/data.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "sim/observe/array.h"

#define PAGE_SIZE 16384u
#define SECTOR 512u
#define MAX_PAGES (1u << 28)         /* 4 TiB; more is beyond any medium */
#define FINDINGS_A_DEVICE 8u

/* What a write that failed may have left in place of what the page has. */
struct doubt {
	struct doubt *next;
	uint64_t offset;
	size_t len;
	uint8_t bytes[SECTOR];
};

struct medium {
	const uint8_t *bytes;
	size_t len;
	bool gzip, bounded;  /* bounded: ends where the image ends */
	bool open;           /* stream is */
	bool broken;         /* the image breaks off or is damaged */
	z_stream stream;
	uint8_t **pages;
	size_t npages;       /* entries of pages */
	size_t inflated;     /* pages that came out of the stream */
	uint64_t size;       /* bytes, once known */
	struct doubt *doubts;
	uint32_t findings;
};

struct data_check {
	struct findings *findings;
	uint32_t count;
	struct medium media[];
};

struct data_check *data_check_create(uint32_t count, struct findings *f)
{
	struct data_check *c;

	c = calloc(1, sizeof(*c) + count * sizeof(c->media[0]));
	if (!c)
		return NULL;
	c->findings = f;
	c->count = count;
	return c;
}

/* What these bytes are is known now. */
static void settle(struct medium *m, uint64_t offset, size_t len)
{
	struct doubt **at = &m->doubts, *d;

	while ((d = *at) != NULL) {
		if (d->offset - offset >= len && offset - d->offset >= d->len) {
			at = &d->next;
			continue;
		}
		*at = d->next;
		free(d);
	}
}

static void forget_doubts(struct medium *m)
{
	struct doubt *d;

	while ((d = m->doubts) != NULL) {
		m->doubts = d->next;
		free(d);
	}
}

void data_check_destroy(struct data_check *c)
{
	uint32_t i;
	size_t p;

	if (!c)
		return;
	for (i = 0; i < c->count; i++) {
		struct medium *m = &c->media[i];

		if (m->open)
			inflateEnd(&m->stream);
		for (p = 0; p < m->npages; p++)
			free(m->pages[p]);
		free(m->pages);
		forget_doubts(m);
	}
	free(c);
}

void data_check_image(struct data_check *c, uint32_t device, const void *bytes,
		      size_t len)
{
	struct medium *m = &c->media[device];

	m->bytes = bytes;
	m->len = len;
	m->bounded = true;
	/* RFC 1952: ID1 ID2 CM. */
	m->gzip = len >= 3 && m->bytes[0] == 0x1f && m->bytes[1] == 0x8b &&
		  m->bytes[2] == 8;
	m->size = m->gzip ? UINT64_MAX : len;
}

static bool room_for_page(struct medium *m, size_t page)
{
	uint8_t **bigger;

	if (page >= MAX_PAGES)
		return false;
	bigger = array_reach(m->pages, &m->npages, sizeof(*bigger), page);
	if (!bigger)
		return false;
	m->pages = bigger;
	return true;
}

static bool open_stream(struct medium *m)
{
	if (m->open)
		return true;
	/* 16: a gzip header is wanted. */
	if (inflateInit2(&m->stream, 15 + 16) != Z_OK)
		return false;
	m->stream.next_in = (Bytef *)(uintptr_t)m->bytes;
	m->stream.avail_in = m->len > UINT32_MAX ? UINT32_MAX : (uInt)m->len;
	m->open = true;
	return true;
}

/* Input beyond 4 GiB is handed over in pieces. */
static void feed_stream(struct medium *m)
{
	size_t used = (size_t)(m->stream.next_in - m->bytes);
	size_t left = m->len - used;

	if (!m->stream.avail_in)
		m->stream.avail_in = left > UINT32_MAX ? UINT32_MAX :
							 (uInt)left;
}

static bool inflate_page(struct medium *m, uint8_t *page)
{
	int result = Z_OK;

	m->stream.next_out = page;
	m->stream.avail_out = PAGE_SIZE;
	while (m->stream.avail_out) {
		feed_stream(m);
		result = inflate(&m->stream, Z_NO_FLUSH);
		if (result == Z_STREAM_END) {
			m->size = m->stream.total_out;
			return true;
		}
		if (result != Z_OK) {
			m->broken = true;
			m->size = m->stream.total_out;
			return false;
		}
	}
	return true;
}

/* All pages up to `page`: a stream can only be read forward. */
static bool inflate_to(struct medium *m, size_t page)
{
	if (!open_stream(m))
		return false;
	for (; m->inflated <= page && m->size == UINT64_MAX; m->inflated++) {
		if (!room_for_page(m, m->inflated))
			return false;
		m->pages[m->inflated] = calloc(1, PAGE_SIZE);
		if (!m->pages[m->inflated] ||
		    !inflate_page(m, m->pages[m->inflated]))
			return false;
	}
	return true;
}

static uint8_t *get_page(struct medium *m, uint64_t number)
{
	size_t page = (size_t)number, at, len;

	if (number >= MAX_PAGES || (m->gzip && !inflate_to(m, page)) ||
	    !room_for_page(m, page))
		return NULL;
	if (m->pages[page])
		return m->pages[page];
	m->pages[page] = calloc(1, PAGE_SIZE);
	at = page * PAGE_SIZE;
	if (m->pages[page] && m->bytes && !m->gzip && at < m->len) {
		len = m->len - at < PAGE_SIZE ? m->len - at : PAGE_SIZE;
		memcpy(m->pages[page], m->bytes + at, len);
	}
	return m->pages[page];
}

static void put_in_doubt(struct medium *m, uint64_t offset, const uint8_t *buf,
			 size_t len)
{
	struct doubt *d = calloc(1, sizeof(*d));

	if (!d)
		return;
	d->offset = offset;
	d->len = len;
	memcpy(d->bytes, buf, len);
	d->next = m->doubts;
	m->doubts = d;
}

/* Is that what a write that failed would have left?  Then it did. */
static bool may_be(const struct medium *m, uint64_t offset, const uint8_t *buf,
		   size_t len)
{
	const struct doubt *d;

	for (d = m->doubts; d; d = d->next)
		if (d->offset == offset && d->len == len &&
		    !memcmp(d->bytes, buf, len))
			return true;
	return false;
}

static bool differs(struct data_check *c, uint32_t device, uint64_t offset,
		    const uint8_t *ours, const uint8_t *theirs, size_t len)
{
	struct medium *m = &c->media[device];
	struct finding *f;

	if (!memcmp(ours, theirs, len))
		return false;
	if (m->findings++ >= FINDINGS_A_DEVICE)
		return true;
	f = findings_add(c->findings, "data-differs",
			 "sector %" PRIu64 ": the guest read data of CRC-32 "
			 "0x%08lx, the medium has 0x%08lx", offset / SECTOR,
			 crc32(0, theirs, (uInt)len),
			 crc32(0, ours, (uInt)len));
	f->device = device;
	return true;
}

static bool beyond(struct data_check *c, uint32_t device, uint64_t offset)
{
	struct medium *m = &c->media[device];
	struct finding *f;

	if (m->findings++ >= FINDINGS_A_DEVICE)
		return false;
	f = findings_add(c->findings, "data-differs",
			 m->broken ?
			 "byte %" PRIu64 ": the image breaks off or is damaged "
			 "there, and the guest was given data" :
			 "byte %" PRIu64 ": the guest was given data from "
			 "beyond the medium's end", offset);
	f->device = device;
	return false;
}

/* Within one page, at most one sector. */
static bool see_piece(struct data_check *c, enum machine_data_kind kind,
		      uint32_t device, uint64_t offset, const uint8_t *buf,
		      size_t len)
{
	struct medium *m = &c->media[device];
	uint8_t *page, *at;

	if (kind == MACHINE_DATA_IN_DOUBT) {
		put_in_doubt(m, offset, buf, len);
		return true;
	}
	page = get_page(m, offset / PAGE_SIZE);
	if (!page || (m->bounded && offset + len > m->size))
		return beyond(c, device, offset);
	at = page + offset % PAGE_SIZE;
	if (kind == MACHINE_DATA_READ && !may_be(m, offset, buf, len) &&
	    differs(c, device, offset, at, buf, len))
		return false;
	memcpy(at, buf, len);
	settle(m, offset, len);
	return true;
}

bool data_check_see(struct data_check *c, enum machine_data_kind kind,
		    uint32_t device, uint64_t offset, const void *buf,
		    uint64_t len)
{
	const uint8_t *at = buf;
	bool same = true;

	if (device >= c->count)
		return true;
	while (len) {
		size_t piece = SECTOR - offset % SECTOR;

		if (piece > len)
			piece = (size_t)len;
		if (!see_piece(c, kind, device, offset, at, piece))
			same = false;
		at += piece;
		offset += piece;
		len -= piece;
	}
	return same;
}
