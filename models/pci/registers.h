/* SPDX-License-Identifier: MIT */
/*
 * Register blocks as const tables: a row a register.  One generic accessor
 * applies masks and partial widths and calls the row's hooks.  The same tables
 * feed the trace decoder, `ringside explain`, the register reference and the
 * conformance test that every block goes through.
 */
#ifndef RINGSIDE_MODELS_PCI_REGISTERS_H
#define RINGSIDE_MODELS_PCI_REGISTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct reg;

/* Computes what the register reads as, from `stored`; may have side effects
 * (ISR: read clears).  Called once for an access that touches any byte of it. */
typedef uint64_t reg_read_fn(void *owner, const struct reg *r, uint64_t stored);
/* The bytes of an access are merged and masked: `now` has been stored. */
typedef void reg_write_fn(void *owner, const struct reg *r, uint64_t old,
			  uint64_t now);

struct reg {
	const char *name;    /* as the specification spells it */
	uint16_t offset;     /* bytes, in the block */
	uint8_t width;       /* 1, 2, 4 or 8 bytes */
	uint64_t writable;   /* bits that take the written value */
	uint64_t w1c;        /* bits that a written 1 clears */
	uint64_t reset;      /* value after reset */
	const char *section; /* "virtio 1.2 4.1.4.3", "PCI 3.0 6.2.2" */
	const char *about;   /* one line */
	reg_read_fn *read;   /* NULL: reads as stored */
	reg_write_fn *write; /* NULL: no effect beyond the store */
};

struct reg_block {
	const char *name;
	const struct reg *regs; /* ascending offsets, not overlapping */
	size_t count;
	uint32_t size;          /* bytes; holes read 0 and ignore writes */
};

/* `store`: block->size bytes, little-endian, owned by the caller. */
void reg_block_reset(const struct reg_block *block, uint8_t *store);
/* offset + width must lie in the block; any width of 1, 2, 4, 8.  An access may
 * cover several registers or part of one. */
uint64_t reg_block_read(const struct reg_block *block, uint8_t *store,
			void *owner, uint32_t offset, uint32_t width);
void reg_block_write(const struct reg_block *block, uint8_t *store, void *owner,
		     uint32_t offset, uint32_t width, uint64_t value);
/* The register at exactly this name, or NULL. */
const struct reg *reg_find(const struct reg_block *block, const char *name);
/* Direct access to the stored value, no hooks. */
uint64_t reg_get(const uint8_t *store, const struct reg *r);
void reg_set(uint8_t *store, const struct reg *r, uint64_t value);

#endif
