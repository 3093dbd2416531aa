/* SPDX-License-Identifier: MIT */
/* The errno values, for real headers that ask the architecture. */
#ifndef ASM_ERRNO_H
#define ASM_ERRNO_H

#include <linux/errno.h>

#endif
