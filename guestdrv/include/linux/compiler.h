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
/* Is x a constant that can be used where the language wants one? */
#define __is_constexpr(x) \
	__builtin_types_compatible_p(__typeof__(sizeof(int)), \
		__typeof__(sizeof(*(1 ? (void *)((long)(x) * 0l) : (int *)8))))
#define statically_true(x) (__builtin_constant_p(x) && (x))
/* For conditions that only the optimizer knows to be constant. */
#define is_signed_type(type) ((type)-1 < (type)1)
#define compiletime_assert(cond, msg) \
	COMPILETIME_ASSERT(cond, msg, __UNIQUE_ID(compiletime_))
#define COMPILETIME_ASSERT(cond, msg, fail)                            \
	do {                                                           \
		extern void fail(void)                                 \
			__attribute__((__error__(msg), __noreturn__)); \
		if (!(cond))                                           \
			fail();                                        \
	} while (0)
#define __must_be_array(a) \
	(sizeof(struct { int : (-!!(__same_type((a), &(a)[0]))); }))

#endif
