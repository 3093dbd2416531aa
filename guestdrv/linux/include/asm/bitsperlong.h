/* SPDX-License-Identifier: MIT */
/* The size of a long, for uapi headers. */
#ifndef ASM_BITSPERLONG_H
#define ASM_BITSPERLONG_H

#include <linux/bits.h>

#define __BITS_PER_LONG 64

#endif
