/* SPDX-License-Identifier: MIT */
/* Integer types, for uapi headers. */
#ifndef ASM_TYPES_H
#define ASM_TYPES_H

#include <linux/types.h>

#endif
