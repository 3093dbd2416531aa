/* SPDX-License-Identifier: MIT */
/*
 * The last resort before an allocation fails (kernel/reclaim.c).  Nobody is
 * killed: there are no processes.
 */
#ifndef LINUX_OOM_H
#define LINUX_OOM_H

#include <linux/notifier.h>

/* The function's data is an unsigned long, to which it adds the pages that it
 * has freed.  It may sleep. -EEXIST: it is registered. */
int register_oom_notifier(struct notifier_block *nb);
/* Afterwards it does not run any more. -ENOENT: it was not registered. */
int unregister_oom_notifier(struct notifier_block *nb);

#endif
