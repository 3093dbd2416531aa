/* SPDX-License-Identifier: MIT */
/*
 * Checks that every register table goes through: the table is well formed, the
 * generic accessor does with it what it says, and a device does the same at its
 * bus.  What should happen is worked out a byte at a time, not a register at a
 * time as the accessor does.  Read by the unit tests of the models.
 */
#ifndef RINGSIDE_TESTS_FAKE_HOST_REG_CONFORMANCE_H
#define RINGSIDE_TESTS_FAKE_HOST_REG_CONFORMANCE_H

#include "models/pci/registers.h"

/* What was found wrong first, as one phrase. */
struct reg_report {
	char text[200];
};

/* Rows: named, documented, of width 1, 2, 4 or 8, ascending, apart, inside the
 * block; masks and reset fit the width; no bit is both writable and w1c. */
bool reg_table_ok(const struct reg_block *block, struct reg_report *report);

/* Every access of every width at every offset with every single bit, against the
 * table; without the rows' hooks. */
bool reg_accessor_ok(const struct reg_block *block, struct reg_report *report);

/* The same at a device, in its reset state; accesses are aligned.  `read` and
 * `write` see offsets of the block. */
struct reg_port {
	void *ctx;
	uint64_t (*read)(void *ctx, uint32_t offset, uint32_t width);
	void (*write)(void *ctx, uint32_t offset, uint32_t width,
		      uint64_t value);
	uint32_t min_width, max_width;
};

/* `skip`: names, ended by NULL, of registers that are neither written nor looked
 * at; NULL: those whose rows have hooks. */
bool reg_port_ok(const struct reg_block *block, const struct reg_port *port,
		 const char *const *skip, struct reg_report *report);

#endif
