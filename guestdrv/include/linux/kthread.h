/* SPDX-License-Identifier: MIT */
/* Kernel threads (kernel/kthread.c). */
#ifndef LINUX_KTHREAD_H
#define LINUX_KTHREAD_H

#include <linux/err.h>
#include <linux/sched.h>

/* Runs once it is woken. */
__printf(3, 4) struct task_struct *
kthread_create(int (*fn)(void *data), void *data, const char *fmt, ...);
/* On that CPU; before it is woken. */
void kthread_bind(struct task_struct *task, unsigned int cpu);
bool kthread_should_stop(void);
/* Asks it to end, waits until it did, returns what it returned.  A thread is
 * ended by kthread_stop and by nothing else; it must not return before. */
int kthread_stop(struct task_struct *task);

#define kthread_run(fn, data, fmt, ...)                                    \
	({                                                                 \
		struct task_struct *run_ =                                 \
			kthread_create(fn, data, fmt, ##__VA_ARGS__);      \
		if (!IS_ERR(run_))                                         \
			wake_up_process(run_);                             \
		run_;                                                      \
	})

#endif
