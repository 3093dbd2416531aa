/* SPDX-License-Identifier: MIT */
/* Attributes, once-accesses and barriers, as kernel code expects them here. */
#ifndef LINUX_COMPILER_H
#define LINUX_COMPILER_H

#include <linux/compiler_types.h>
#include <ringside/memory_model.h>

#define data_race(expr) (expr)
#define unreachable() __builtin_unreachable()
#define OPTIMIZER_HIDE_VAR(var) __asm__("" : "=r"(var) : "0"(var))
#define COMPILER_PASTE_(a, b) a##b
#define COMPILER_PASTE(a, b) COMPILER_PASTE_(a, b)
#define __UNIQUE_ID(prefix) \
	COMPILER_PASTE(unique_id_##prefix, __COUNTER__)
#define __must_be_array(a) \
	(sizeof(struct { int : (-!!(__same_type((a), &(a)[0]))); }))

#endif
