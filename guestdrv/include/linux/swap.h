/* SPDX-License-Identifier: MIT */
/* There is no swap; drivers that include this mean si_meminfo(), counters and
 * shrinkers. */
#ifndef LINUX_SWAP_H
#define LINUX_SWAP_H

#include <linux/mm.h>
#include <linux/shrinker.h>
#include <linux/vmstat.h>

#endif
