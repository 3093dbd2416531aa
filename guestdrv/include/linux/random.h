/* SPDX-License-Identifier: MIT */
/* Pseudo-random numbers: the same in every run. */
#ifndef LINUX_RANDOM_H
#define LINUX_RANDOM_H

#include <linux/types.h>

u32 get_random_u32(void);
u64 get_random_u64(void);
void get_random_bytes(void *buf, size_t len);

#endif
