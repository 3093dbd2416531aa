/* SPDX-License-Identifier: MIT */
/* Owners of files, as 9p's structures hold them. */
#ifndef LINUX_UIDGID_H
#define LINUX_UIDGID_H

#include <linux/types.h>

typedef struct {
	unsigned int val;
} kuid_t;

typedef struct {
	unsigned int val;
} kgid_t;

#endif
