/* SPDX-License-Identifier: MIT */
/* Assertions at compile time. */
#ifndef LINUX_BUILD_BUG_H
#define LINUX_BUILD_BUG_H

#include <linux/compiler.h>

#define BUILD_BUG_ON_ZERO(e) ((int)sizeof(struct { int : (-!!(e)); }))
#define BUILD_BUG_ON_MSG(cond, msg) _Static_assert(!(cond), msg)
#define BUILD_BUG_ON(cond) BUILD_BUG_ON_MSG(cond, #cond)
#define BUILD_BUG_ON_NOT_POWER_OF_2(n) \
	BUILD_BUG_ON((n) == 0 || (((n) & ((n) - 1)) != 0))
#ifndef static_assert
#define static_assert(...) STATIC_ASSERT_PICK(__VA_ARGS__, #__VA_ARGS__, )
#define STATIC_ASSERT_PICK(expr, msg, ...) _Static_assert(expr, msg)
#endif

#endif
