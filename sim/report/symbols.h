/* SPDX-License-Identifier: MIT */
/*
 * Guest addresses as functions and lines, for leak reports and backtraces.  The
 * names come from the image's DWARF through a module that is loaded when the
 * first backtrace is printed, since its library costs start time; without it
 * an address reads "image+0x1234".
 */
#ifndef RINGSIDE_SIM_REPORT_SYMBOLS_H
#define RINGSIDE_SIM_REPORT_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/observe/textbuf.h"

#define SYMBOLS_ABI_VERSION 1u
#define SYMBOLS_NAME 128u

/* One function at an address; several where the compiler has inlined. */
struct symbols_frame {
	char function[SYMBOLS_NAME];
	char file[SYMBOLS_NAME]; /* as in the DWARF; "" unknown */
	int line;
};

/* What the module exports under SYMBOLS_ENTRY. */
struct symbols_ops {
	uint32_t abi_version;
	uint32_t size; /* of this struct */
	/* Functions at `addr` of the object at `path`, loaded at `base`; the
	 * innermost first.  Returns how many, 0: nothing known. */
	size_t (*resolve)(const char *path, uintptr_t base, uintptr_t addr,
			  struct symbols_frame *frames, size_t max);
};
#define SYMBOLS_ENTRY "ringside_symbols"

/* Loads the names from this module instead of ../lib/ringside/ beside the
 * program; before the first address is resolved. */
void symbols_use_module(const char *path);
/* Functions at a code address, innermost first; at least one, of which `function`
 * is "image+0x1234" where nothing is known.  An address lies in an instruction:
 * of a caller's frame in the call, not behind it. */
size_t symbols_resolve(uintptr_t addr, struct symbols_frame *frames,
		       size_t max);
/* Loads what resolving addresses of this one's object takes, for processes that
 * are forked later. */
void symbols_warm(uintptr_t addr);
/* "f < g < h", at most `max` functions.  Of the guest kernel's own ones, with which
 * such a stack begins, only the one that a driver called. */
void symbols_chain(struct textbuf *out, const uintptr_t *addrs, size_t count,
		   size_t max);
/* One line a function: INDENT "f  file.c:12". */
void symbols_stack(struct textbuf *out, const char *indent,
		   const uintptr_t *addrs, size_t count);

#endif
