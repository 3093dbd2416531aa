/* SPDX-License-Identifier: MIT */
/*
 * Tasks: one for each guest thread.  A task that is not TASK_RUNNING and calls
 * schedule() waits until somebody wakes it.
 */
#ifndef LINUX_SCHED_H
#define LINUX_SCHED_H

#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/preempt.h>
#include <ringside/context.h>

#define TASK_RUNNING 0x0u
#define TASK_INTERRUPTIBLE 0x1u
#define TASK_UNINTERRUPTIBLE 0x2u
#define TASK_WAKEKILL 0x100u
#define TASK_IDLE (TASK_UNINTERRUPTIBLE | 0x400u)
#define TASK_KILLABLE (TASK_WAKEKILL | TASK_UNINTERRUPTIBLE)
#define TASK_NEW 0x800u /* a kernel thread that has not been woken yet */
#define TASK_NORMAL (TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE)
#define MAX_SCHEDULE_TIMEOUT LONG_MAX
#define TASK_COMM_LEN 24

struct mutex;

struct task_struct {
	struct guest_context ctx;
	unsigned int state;
	char comm[TASK_COMM_LEN];
	void *thread; /* struct machine_thread */
	void *event;  /* struct machine_event: what it sleeps on */
	const char *waits_for; /* in words, for reports; NULL: a wake-up */
	struct mutex *wants;   /* waits for this one */
	void *kthread; /* struct kthread; NULL: the machine's thread */
	struct list_head node;
};

#define current (guest_current_context()->task)

#define set_current_state(s) smp_store_mb(current->state, (s))
#define __set_current_state(s) WRITE_ONCE(current->state, (s))

void schedule(void);
/* Jiffies that were left; 0: the time is up. */
long schedule_timeout(long timeout);
long schedule_timeout_interruptible(long timeout);
long schedule_timeout_uninterruptible(long timeout);
int wake_up_process(struct task_struct *task);

static inline bool signal_pending(struct task_struct *task)
{
	(void)task;
	return false;
}

#define fatal_signal_pending(task) signal_pending(task)
#define cond_resched() ((void)0)
void yield(void);

#endif
