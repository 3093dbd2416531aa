/* SPDX-License-Identifier: MIT */
/*
 * A stand-in for the DWARF module: what an address means is its last digit.
 */
#include <stdio.h>

#include "sim/report/symbols.h"

static const struct {
	const char *function, *file;
} rows[8] = {
	{ "guest_account", "guestdrv/kernel/kernel.h" },
	{ "kcalloc", "guestdrv/include/linux/slab.h" },
	{ "my_probe", "guestdrv/drivers/my.c" },
	{ "driver_probe", "guestdrv/kernel/driver.c" },
	{ "boot", "guestdrv/kernel/entry.c" },
	{ "", "" }, { "", "" }, { "", "" },
};

static size_t resolve(const char *path, uintptr_t base, uintptr_t addr,
		      struct symbols_frame *frames, size_t max)
{
	(void)path;
	(void)base;
	if (!max || !rows[addr & 7].function[0])
		return 0;
	snprintf(frames->function, SYMBOLS_NAME, "%s", rows[addr & 7].function);
	snprintf(frames->file, SYMBOLS_NAME, "%s", rows[addr & 7].file);
	frames->line = 1;
	return 1;
}

static const struct symbols_ops ops = {
	.abi_version = SYMBOLS_ABI_VERSION,
	.size = sizeof(ops),
	.resolve = resolve,
};

const struct symbols_ops *ringside_symbols(void);

__attribute__((visibility("default")))
const struct symbols_ops *ringside_symbols(void)
{
	return &ops;
}
