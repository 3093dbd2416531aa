/* SPDX-License-Identifier: MIT */
/*
 * What is asked of a lock before somebody waits for it: between lock.c and
 * lock_check.c.  None of the checks returns when it finds something.
 */
#ifndef GUESTDRV_KERNEL_LOCK_H
#define GUESTDRV_KERNEL_LOCK_H

#include <linux/mutex.h>
#include <linux/spinlock.h>
#include "guestdrv/kernel/kernel.h"

/* Of a text that says what a thread waits for. */
#define GUEST_LOCK_TEXT 100

const char *guest_lock_name(const struct spinlock *lock);
const char *guest_mutex_name(const struct mutex *lock);
/* "spin lock a, held by kworker/0 on CPU 1" */
void guest_spin_text(char *buf, size_t size, const struct spinlock *lock);
void guest_mutex_text(char *buf, size_t size, const struct mutex *lock);

/* Would whoever takes the lock now wait for itself, directly or through the
 * locks that others hold and want? */
void guest_lock_check_cycle(const struct spinlock *lock,
			    const struct guest_context *ctx);
void guest_mutex_check_cycle(const struct mutex *lock,
			     const struct task_struct *me);
/* A mutex belongs to a thread: not in an interrupt handler. */
void guest_mutex_check_context(const struct mutex *lock, const char *who);

#endif
