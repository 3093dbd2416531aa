/* SPDX-License-Identifier: MIT */
/* The size of a cache line, for those who lay out their data by it. */
#ifndef LINUX_CACHE_H
#define LINUX_CACHE_H

#define L1_CACHE_BYTES 64
#define SMP_CACHE_BYTES L1_CACHE_BYTES

#endif
