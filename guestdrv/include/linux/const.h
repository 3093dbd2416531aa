/* SPDX-License-Identifier: MIT */
/* Constants with a type suffix; bit masks. */
#ifndef LINUX_CONST_H
#define LINUX_CONST_H

#define _AC(x, suffix) x##suffix
#define UL(x) _AC(x, UL)
#define ULL(x) _AC(x, ULL)

#endif
