/* SPDX-License-Identifier: MIT */
/* msleep gives up the CPU and never ends early; udelay keeps the CPU. */
#ifndef LINUX_DELAY_H
#define LINUX_DELAY_H

#include <linux/jiffies.h>

void msleep(unsigned int msecs);
unsigned long msleep_interruptible(unsigned int msecs);
void usleep_range(unsigned long min, unsigned long max);
void ndelay(unsigned long nsecs);
#define udelay(usecs) ndelay((unsigned long)(usecs) * NSEC_PER_USEC)
#define mdelay(msecs) ndelay((unsigned long)(msecs) * NSEC_PER_MSEC)
#define fsleep(usecs) usleep_range((usecs), 2 * (usecs))
#define ssleep(secs) msleep((secs) * 1000)

#endif
