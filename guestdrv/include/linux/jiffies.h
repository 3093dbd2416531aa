/* SPDX-License-Identifier: MIT */
/* Time in ticks of a millisecond; there is no tick, jiffies is computed. */
#ifndef LINUX_JIFFIES_H
#define LINUX_JIFFIES_H

#include <linux/ktime.h>
#include <linux/limits.h>

#define HZ 1000
#define MAX_JIFFY_OFFSET ((LONG_MAX >> 1) - 1)

unsigned long guest_jiffies(void);
#define jiffies guest_jiffies()
#define get_jiffies_64() ((u64)guest_jiffies())

#define time_after(a, b) ((long)((b) - (a)) < 0)
#define time_before(a, b) time_after(b, a)
#define time_after_eq(a, b) ((long)((a) - (b)) >= 0)
#define time_before_eq(a, b) time_after_eq(b, a)
#define time_is_before_jiffies(a) time_after(jiffies, a)
#define time_is_after_jiffies(a) time_before(jiffies, a)

#define msecs_to_jiffies(ms) ((unsigned long)(ms))
#define jiffies_to_msecs(j) ((unsigned int)(j))
#define usecs_to_jiffies(us) (((unsigned long)(us) + 999) / 1000)
#define jiffies_to_usecs(j) ((unsigned int)(j) * 1000u)
#define nsecs_to_jiffies(ns) ((unsigned long)(ns) / NSEC_PER_MSEC)
#define jiffies_to_nsecs(j) ((u64)(j) * NSEC_PER_MSEC)
#define round_jiffies_relative(j) (j)

#endif
