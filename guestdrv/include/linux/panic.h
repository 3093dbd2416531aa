/* SPDX-License-Identifier: MIT */
/* The end: the run stops with a report. */
#ifndef LINUX_PANIC_H
#define LINUX_PANIC_H

#include <linux/compiler.h>

__printf(1, 2) void panic(const char *fmt, ...) __noreturn __cold;

#endif
