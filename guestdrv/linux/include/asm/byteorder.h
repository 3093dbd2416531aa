/* SPDX-License-Identifier: MIT */
/* Byte order, for real headers that ask the architecture. */
#ifndef ASM_BYTEORDER_H
#define ASM_BYTEORDER_H

#include <linux/byteorder.h>

#endif
