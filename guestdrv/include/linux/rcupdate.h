/* SPDX-License-Identifier: MIT */
/*
 * Read-copy-update.  A reader is a section without preemption, so it never
 * sleeps; synchronize_rcu waits until every CPU has run something else
 * (kernel/rcu.c).
 */
#ifndef LINUX_RCUPDATE_H
#define LINUX_RCUPDATE_H

#include <linux/preempt.h>

#define rcu_read_lock() preempt_disable()
#define rcu_read_unlock() preempt_enable()
#define rcu_dereference(p) READ_ONCE(p)
#define rcu_assign_pointer(p, v) smp_store_release(&(p), (v))

/* Returns when all readers are done that ran when it was called; sleeps. */
void synchronize_rcu(void);

#endif
