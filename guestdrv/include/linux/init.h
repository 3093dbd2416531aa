/* SPDX-License-Identifier: MIT */
/*
 * Functions that run at boot, by level, and at shutdown in reverse.  A record
 * in a linker section each; kernel/initcall.c walks them.
 */
#ifndef LINUX_INIT_H
#define LINUX_INIT_H

#include <linux/compiler.h>

#define __init
#define __exit
#define __initdata
#define __initconst
#define __exitdata

typedef int (*initcall_t)(void);
typedef void (*exitcall_t)(void);

struct guest_initcall {
	initcall_t init;   /* or NULL */
	exitcall_t exit;   /* or NULL */
	const char *name;
	const char *module; /* the source file that both stand in */
	unsigned int level;
};

#define GUEST_INITCALL(init_fn, exit_fn, fn, lvl)                            \
	static const struct guest_initcall COMPILER_PASTE(initcall_, fn) = { \
		.init = init_fn, .exit = exit_fn,                            \
		.name = #fn, .module = __BASE_FILE__, .level = lvl,          \
	};                                                                   \
	static const struct guest_initcall *const                            \
		COMPILER_PASTE(initcall_row_, fn) __used __in_order          \
		__section("guest_initcalls") = &COMPILER_PASTE(initcall_, fn)

#define early_initcall(fn) GUEST_INITCALL(fn, NULL, fn, 0)
#define core_initcall(fn) GUEST_INITCALL(fn, NULL, fn, 1)
#define postcore_initcall(fn) GUEST_INITCALL(fn, NULL, fn, 2)
#define arch_initcall(fn) GUEST_INITCALL(fn, NULL, fn, 3)
#define subsys_initcall(fn) GUEST_INITCALL(fn, NULL, fn, 4)
#define fs_initcall(fn) GUEST_INITCALL(fn, NULL, fn, 5)
#define device_initcall(fn) GUEST_INITCALL(fn, NULL, fn, 6)
#define late_initcall(fn) GUEST_INITCALL(fn, NULL, fn, 7)
#define GUEST_LEVELS 8u

#endif
