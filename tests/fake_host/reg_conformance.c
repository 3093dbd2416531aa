/* SPDX-License-Identifier: MIT */
/*
 * The conformance checks of register tables.  A model of the block, a byte at a
 * time, goes along with the accesses.
 */
#include "tests/fake_host/reg_conformance.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What each byte of the block holds and does. */
struct model {
	const struct reg_block *block;
	const struct reg_port *port;
	uint8_t *value, *writable, *w1c;
	bool *skip;
	bool aligned;
	struct reg_report *report;
};

static bool __attribute__((format(printf, 2, 3)))
wrong(struct reg_report *report, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(report->text, sizeof(report->text), format, args);
	va_end(args);
	return false;
}

/* ---- the table ---- */

static uint64_t all_ones(uint32_t width)
{
	return UINT64_MAX >> (64 - 8 * width);
}

static bool row_ok(const struct reg_block *block, const struct reg *r,
		   uint32_t end, struct reg_report *report)
{
	uint32_t w = r->width;

	if (!r->name || !*r->name || !r->section || !*r->section ||
	    !r->about || !*r->about)
		return wrong(report, "a row at 0x%x lacks a text", r->offset);
	if (w != 1 && w != 2 && w != 4 && w != 8)
		return wrong(report, "%s: width %u", r->name, w);
	if (r->offset < end)
		return wrong(report, "%s: overlaps or is out of order",
			     r->name);
	if ((uint32_t)r->offset + w > block->size)
		return wrong(report, "%s: beyond the block", r->name);
	if ((r->writable | r->w1c | r->reset) & ~all_ones(w))
		return wrong(report, "%s: wider than its register", r->name);
	if (r->writable & r->w1c)
		return wrong(report, "%s: writable and w1c", r->name);
	return true;
}

bool reg_table_ok(const struct reg_block *block, struct reg_report *report)
{
	uint32_t end = 0;

	if (!block->name || !block->count || !block->size)
		return wrong(report, "an empty block");
	for (size_t i = 0; i < block->count; i++) {
		const struct reg *r = &block->regs[i];

		if (!row_ok(block, r, end, report))
			return false;
		if (reg_find(block, r->name) != r)
			return wrong(report, "%s: twice", r->name);
		end = (uint32_t)r->offset + r->width;
	}
	return true;
}

/* ---- the accesses ---- */

static bool skipped(const struct model *m, uint32_t offset, uint32_t width)
{
	for (uint32_t i = 0; i < width; i++)
		if (m->skip[offset + i])
			return true;
	return false;
}

static uint64_t model_read(const struct model *m, uint32_t offset,
			   uint32_t width)
{
	uint64_t value = 0;

	for (uint32_t i = width; i > 0; i--)
		value = value << 8 | m->value[offset + i - 1];
	return value;
}

static void model_write(struct model *m, uint32_t offset, uint32_t width,
			uint64_t value)
{
	for (uint32_t i = offset; i < offset + width; i++, value >>= 8) {
		uint8_t v = (uint8_t)value, mask = m->writable[i];

		m->value[i] = (uint8_t)((m->value[i] & ~mask) | (v & mask));
		m->value[i] &= (uint8_t)~(v & m->w1c[i]);
	}
}

static bool read_ok(struct model *m, uint32_t offset, uint32_t width,
		    const char *when)
{
	uint64_t want, got;

	if (skipped(m, offset, width))
		return true;
	want = model_read(m, offset, width);
	got = m->port->read(m->port->ctx, offset, width);
	if (want == got)
		return true;
	return wrong(m->report,
		     "%s: %u bytes at 0x%x read 0x%llx, should be 0x%llx %s",
		     m->block->name, width, offset, (unsigned long long)got,
		     (unsigned long long)want, when);
}

/* Reads of every width; all of the block, or what lies around an access. */
static bool reads_ok(struct model *m, uint32_t from, uint32_t to,
		     const char *when)
{
	for (uint32_t w = m->port->min_width; w <= m->port->max_width; w *= 2)
		for (uint32_t at = from / w * w; at + w <= to;
		     at += m->aligned ? w : 1)
			if (!read_ok(m, at, w, when))
				return false;
	return true;
}

static bool write_ok(struct model *m, uint32_t offset, uint32_t width,
		     uint64_t value)
{
	uint32_t from = offset >= 8 ? offset - 8 : 0;
	uint32_t to = offset + width + 8;
	char when[80];

	if (to > m->block->size)
		to = m->block->size;
	snprintf(when, sizeof(when), "after %u bytes 0x%llx at 0x%x", width,
		 (unsigned long long)(value & all_ones(width)), offset);
	m->port->write(m->port->ctx, offset, width, value & all_ones(width));
	model_write(m, offset, width, value & all_ones(width));
	return reads_ok(m, from, to, when);
}

/* All ones, none, patterns, and each bit alone; forth and back. */
static bool writes_ok(struct model *m, uint32_t offset, uint32_t width)
{
	static const uint64_t patterns[] = {
		UINT64_MAX, 0, 0xa5a5a5a5a5a5a5a5, 0x5a5a5a5a5a5a5a5a, 0,
	};

	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
		if (!write_ok(m, offset, width, patterns[i]))
			return false;
	for (uint32_t bit = 0; bit < 8 * width; bit++)
		if (!write_ok(m, offset, width, 1ull << bit) ||
		    !write_ok(m, offset, width, 0))
			return false;
	return true;
}

static bool accesses_ok(struct model *m)
{
	const struct reg_port *port = m->port;

	if (!reads_ok(m, 0, m->block->size, "at first"))
		return false;
	for (uint32_t w = port->min_width; w <= port->max_width; w *= 2)
		for (uint32_t at = 0; at + w <= m->block->size;
		     at += m->aligned ? w : 1)
			if (!skipped(m, at, w) && !writes_ok(m, at, w))
				return false;
	return true;
}

/* ---- the model ---- */

static bool is_skipped(const struct reg *r, const char *const *skip)
{
	if (!skip)
		return r->read || r->write;
	for (; *skip; skip++)
		if (!strcmp(r->name, *skip))
			return true;
	return false;
}

static bool model_init(struct model *m, const char *const *skip)
{
	const struct reg_block *block = m->block;

	m->value = calloc(block->size, 1);
	m->writable = calloc(block->size, 1);
	m->w1c = calloc(block->size, 1);
	m->skip = calloc(block->size, sizeof(bool));
	if (!m->value || !m->writable || !m->w1c || !m->skip)
		return wrong(m->report, "out of memory");
	for (size_t i = 0; i < block->count; i++) {
		const struct reg *r = &block->regs[i];

		for (uint32_t b = 0; b < r->width; b++) {
			uint32_t at = r->offset + b;

			m->value[at] = (uint8_t)(r->reset >> (8 * b));
			m->writable[at] = (uint8_t)(r->writable >> (8 * b));
			m->w1c[at] = (uint8_t)(r->w1c >> (8 * b));
			m->skip[at] = is_skipped(r, skip);
		}
	}
	return true;
}

static void model_fini(struct model *m)
{
	free(m->value);
	free(m->writable);
	free(m->w1c);
	free(m->skip);
}

bool reg_port_ok(const struct reg_block *block, const struct reg_port *port,
		 const char *const *skip, struct reg_report *report)
{
	struct model m = {
		.block = block, .port = port, .aligned = true,
		.report = report,
	};
	bool ok = model_init(&m, skip) && accesses_ok(&m);

	model_fini(&m);
	return ok;
}

/* ---- the accessor on its own ---- */

struct bare {
	struct reg_block block;
	uint8_t *store;
};

static uint64_t bare_read(void *ctx, uint32_t offset, uint32_t width)
{
	struct bare *b = ctx;

	return reg_block_read(&b->block, b->store, NULL, offset, width);
}

static void bare_write(void *ctx, uint32_t offset, uint32_t width,
		       uint64_t value)
{
	struct bare *b = ctx;

	reg_block_write(&b->block, b->store, NULL, offset, width, value);
}

/* A second round from registers that are all ones, so that there is something
 * for w1c to clear and for read-only to keep. */
static bool rounds_ok(struct model *m, struct bare *b)
{
	reg_block_reset(&b->block, b->store);
	if (!accesses_ok(m))
		return false;
	for (size_t i = 0; i < b->block.count; i++) {
		const struct reg *r = &b->block.regs[i];

		reg_set(b->store, r, UINT64_MAX);
		memset(m->value + r->offset, 0xff, r->width);
	}
	return accesses_ok(m);
}

bool reg_accessor_ok(const struct reg_block *block, struct reg_report *report)
{
	static const char *const none[] = { NULL };
	struct reg *rows = malloc(block->count * sizeof(*rows));
	struct bare b = { .block = *block, .store = malloc(block->size) };
	const struct reg_port port = {
		.ctx = &b, .read = bare_read, .write = bare_write,
		.min_width = 1, .max_width = 8,
	};
	struct model m = { .block = block, .port = &port, .report = report };
	bool ok = false;

	if (rows && b.store) {
		memcpy(rows, block->regs, block->count * sizeof(*rows));
		for (size_t i = 0; i < block->count; i++)
			rows[i].read = NULL, rows[i].write = NULL;
		b.block.regs = rows;
		ok = model_init(&m, none) && rounds_ok(&m, &b);
	}
	model_fini(&m);
	free(b.store);
	free(rows);
	return ok;
}
