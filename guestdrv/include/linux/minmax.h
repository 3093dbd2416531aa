/* SPDX-License-Identifier: MIT */
/* Minimum, maximum, clamp, swap; each argument is evaluated once. */
#ifndef LINUX_MINMAX_H
#define LINUX_MINMAX_H

#include <linux/build_bug.h>
#include <linux/compiler.h>

#define MINMAX_PICK(a, op, b, x, y)               \
	({                                        \
		__typeof__(a) x = (a);            \
		__typeof__(b) y = (b);            \
		x op y ? x : y;                   \
	})
#define MINMAX(a, op, b) \
	MINMAX_PICK(a, op, b, __UNIQUE_ID(x_), __UNIQUE_ID(y_))
#define min(a, b) MINMAX(a, <, b)
#define max(a, b) MINMAX(a, >, b)
#define min_t(type, a, b) MINMAX((type)(a), <, (type)(b))
#define max_t(type, a, b) MINMAX((type)(a), >, (type)(b))
#define min3(a, b, c) min(min(a, b), c)
#define max3(a, b, c) max(max(a, b), c)
#define min_not_zero(a, b) ((a) == 0 ? (b) : (b) == 0 ? (a) : min(a, b))
#define clamp(v, lo, hi) min(max(v, lo), hi)
#define clamp_t(type, v, lo, hi) min_t(type, max_t(type, v, lo), hi)
#define clamp_val(v, lo, hi) clamp_t(__typeof__(v), v, lo, hi)
#define swap(a, b)                            \
	do {                                  \
		__typeof__(a) other_ = (a);   \
		(a) = (b);                    \
		(b) = other_;                 \
	} while (0)

#endif
