/* SPDX-License-Identifier: MIT */
/* Constants with a type suffix; bit masks. */
#ifndef LINUX_CONST_H
#define LINUX_CONST_H

#define CONST_PASTE(x, suffix) x##suffix
#define _AC(x, suffix) CONST_PASTE(x, suffix)
#define UL(x) _AC(x, UL)
#define ULL(x) _AC(x, ULL)

#endif
