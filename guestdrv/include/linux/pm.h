/* SPDX-License-Identifier: MIT */
/* Power management: the machine never sleeps, so no callback is kept. */
#ifndef LINUX_PM_H
#define LINUX_PM_H

#include <linux/stddef.h>

#define pm_ptr(ptr) (0 ? (ptr) : NULL)
#define pm_sleep_ptr(ptr) (0 ? (ptr) : NULL)
#define pm_stay_awake(dev) ((void)(dev))
#define pm_relax(dev) ((void)(dev))
#define device_set_wakeup_capable(dev, capable) ((void)(dev))

#endif
