/* SPDX-License-Identifier: MIT */
/* Rounding and division. */
#ifndef LINUX_MATH_H
#define LINUX_MATH_H

#define DIV_ROUND_UP(n, d) (((n) + (d) - 1) / (d))
#define DIV_ROUND_UP_ULL(n, d) \
	(((unsigned long long)(n) + (d) - 1) / (unsigned long long)(d))
#define DIV_ROUND_CLOSEST(n, d) (((n) + (d) / 2) / (d))
#define round_up(x, y) ((((x) - 1) | ((__typeof__(x))((y) - 1))) + 1)
#define round_down(x, y) ((x) & ~((__typeof__(x))((y) - 1)))
#define roundup(x, y) (((x) + (y) - 1) / (y) * (y))
#define rounddown(x, y) ((x) - (x) % (y))
#define abs(x)                                \
	({                                    \
		__typeof__(x) abs_ = (x);     \
		abs_ < 0 ? -abs_ : abs_;      \
	})

#endif
