/* SPDX-License-Identifier: MIT */
/* Memory is one zone. */
#ifndef LINUX_MMZONE_H
#define LINUX_MMZONE_H

/* As in the kernel, whose headers count on it. */
#include <linux/spinlock.h>
#include <linux/workqueue.h>

enum zone_type { ZONE_NORMAL, MAX_NR_ZONES };

#endif
