/* SPDX-License-Identifier: MIT */
/* Time, for those who ask the high-resolution timers' header for it. */
#ifndef LINUX_HRTIMER_H
#define LINUX_HRTIMER_H

#include <linux/ktime.h>

#endif
