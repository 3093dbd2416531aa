/* SPDX-License-Identifier: MIT */
/* Is an expression of that very type?  Always 1, or a compiler warning. */
#ifndef LINUX_TYPECHECK_H
#define LINUX_TYPECHECK_H

#define typecheck(type, x)                           \
	({                                           \
		type one_;                           \
		__typeof__(x) other_;                \
		(void)(&one_ == &other_);            \
		1;                                   \
	})

#endif
