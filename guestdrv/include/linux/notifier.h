/* SPDX-License-Identifier: MIT */
/* A function that somebody wants called when something happens. */
#ifndef LINUX_NOTIFIER_H
#define LINUX_NOTIFIER_H

#include <linux/types.h>

struct notifier_block;
typedef int (*notifier_fn_t)(struct notifier_block *nb, unsigned long action,
			     void *data);

struct notifier_block {
	notifier_fn_t notifier_call;
	struct notifier_block *next; /* the chain's */
	int priority;                /* higher ones are called first */
	u32 device;                  /* the kernel's own: whose it is */
};

#define NOTIFY_DONE 0x0000      /* does not care */
#define NOTIFY_OK 0x0001
#define NOTIFY_STOP_MASK 0x8000 /* nobody else is called */
#define NOTIFY_BAD (NOTIFY_STOP_MASK | 0x0002)
#define NOTIFY_STOP (NOTIFY_STOP_MASK | NOTIFY_OK)

#endif
