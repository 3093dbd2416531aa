/* SPDX-License-Identifier: MIT */
/*
 * The generic accessor of register blocks: partial widths, masks, hooks.  The
 * only place that knows how an access of one width meets a register of another
 * (PCI 3.0 3.2.2.3.4 for config space: byte enables select what is written).
 * Every model's register table goes through here.
 */
#include "models/pci/registers.h"

#include <assert.h>
#include <string.h>

/* The low `bytes` bytes of a value, 1..8. */
static uint64_t byte_mask(uint32_t bytes)
{
	return UINT64_MAX >> (64 - 8 * bytes);
}

static inline uint64_t load_bytes(const uint8_t *p, uint32_t n)
{
	uint64_t value = 0;

	for (uint32_t i = 0; i < n; i++)
		value |= (uint64_t)p[i] << (8 * i);
	return value;
}

/* A length that the compiler knows needs no loop. */
static uint64_t load(const uint8_t *p, uint32_t width)
{
	switch (width) {
	case 1:
		return load_bytes(p, 1);
	case 2:
		return load_bytes(p, 2);
	case 4:
		return load_bytes(p, 4);
	default:
		return load_bytes(p, width);
	}
}

static void save(uint8_t *p, uint32_t width, uint64_t value)
{
	for (uint32_t i = 0; i < width; i++)
		p[i] = (uint8_t)(value >> (8 * i));
}

uint64_t reg_get(const uint8_t *store, const struct reg *r)
{
	return load(store + r->offset, r->width);
}

void reg_set(uint8_t *store, const struct reg *r, uint64_t value)
{
	save(store + r->offset, r->width, value);
}

void reg_block_reset(const struct reg_block *block, uint8_t *store)
{
	memset(store, 0, block->size);
	for (size_t i = 0; i < block->count; i++)
		if (block->regs[i].reset)
			reg_set(store, &block->regs[i], block->regs[i].reset);
}

const struct reg *reg_find(const struct reg_block *block, const char *name)
{
	for (size_t i = 0; i < block->count; i++)
		if (!strcmp(block->regs[i].name, name))
			return &block->regs[i];
	return NULL;
}

/* The first register that ends behind `offset`; block->count: none does. */
static size_t first_at(const struct reg_block *block, uint32_t offset)
{
	size_t i = 0;

	while (i < block->count && (uint32_t)block->regs[i].offset +
					   block->regs[i].width <= offset)
		i++;
	return i;
}

/* Where an access and a register meet: `bytes` of them, from byte `in_reg` of
 * the register and byte `in_access` of the access on. */
struct overlap {
	uint32_t in_reg, in_access, bytes;
};

static struct overlap overlap(const struct reg *r, uint32_t offset,
			      uint32_t width)
{
	uint32_t start = offset > r->offset ? offset : r->offset;
	uint32_t reg_end = (uint32_t)r->offset + r->width;
	uint32_t end = offset + width < reg_end ? offset + width : reg_end;

	return (struct overlap){ start - r->offset, start - offset,
				 end - start };
}

static void check_access(const struct reg_block *block, uint32_t offset,
			 uint32_t width)
{
	assert(width == 1 || width == 2 || width == 4 || width == 8);
	assert(offset <= block->size && width <= block->size - offset);
	(void)block;
	(void)offset;
	(void)width;
}

static inline uint64_t read_whole(uint8_t *store, void *owner,
				  const struct reg *r)
{
	uint64_t stored = reg_get(store, r);

	return r->read ? r->read(owner, r, stored) : stored;
}

/* What an access of `width` bytes has from the registers from `i` on. */
static uint64_t read_parts(const struct reg_block *block, uint8_t *store,
			   void *owner, uint32_t offset, uint32_t width,
			   size_t i)
{
	uint64_t value = 0;

	for (; i < block->count && block->regs[i].offset < offset + width; i++) {
		const struct reg *r = &block->regs[i];
		struct overlap o = overlap(r, offset, width);
		uint64_t part = read_whole(store, owner, r) >> (8 * o.in_reg);

		value |= (part & byte_mask(o.bytes)) << (8 * o.in_access);
	}
	return value;
}

uint64_t reg_block_read(const struct reg_block *block, uint8_t *store,
			void *owner, uint32_t offset, uint32_t width)
{
	const size_t i = first_at(block, offset);
	const struct reg *r = &block->regs[i];

	check_access(block, offset, width);
	/* Most accesses are of one register, all of it. */
	if (i < block->count && r->offset == offset && r->width == width)
		return read_whole(store, owner, r) & byte_mask(width);
	return read_parts(block, store, owner, offset, width, i);
}

/* The part of an access that meets `r`, as bits of the register. */
static void reg_write_part(uint8_t *store, void *owner, const struct reg *r,
			   struct overlap o, uint64_t value)
{
	uint64_t touched = byte_mask(o.bytes) << (8 * o.in_reg);
	uint64_t written = (value >> (8 * o.in_access) & byte_mask(o.bytes))
			   << (8 * o.in_reg);
	uint64_t plain = touched & r->writable;
	uint64_t old = reg_get(store, r);
	uint64_t now = (old & ~plain) | (written & plain);

	now &= ~(written & r->w1c);
	reg_set(store, r, now);
	if (r->write)
		r->write(owner, r, old, now);
}

void reg_block_write(const struct reg_block *block, uint8_t *store, void *owner,
		     uint32_t offset, uint32_t width, uint64_t value)
{
	check_access(block, offset, width);
	for (size_t i = first_at(block, offset); i < block->count; i++) {
		const struct reg *r = &block->regs[i];

		if (r->offset >= offset + width)
			break;
		reg_write_part(store, owner, r, overlap(r, offset, width),
			       value);
	}
}
