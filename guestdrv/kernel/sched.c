/* SPDX-License-Identifier: MIT */
/*
 * Tasks that sleep and are woken.  Each has a machine event of its own, made on
 * its first sleep; what it sleeps for it says with each wait.  A waker sets TASK_RUNNING, then signals; a sleeper looks at
 * its state and waits, with no machine call between, so no wake-up is lost.
 */
#include "guestdrv/kernel/kernel.h"

#include <linux/jiffies.h>
#include <linux/slab.h>
#include <linux/string.h>

struct task_struct *guest_task_create(const char *name, u32 cpu)
{
	struct task_struct *task = guest_alloc(sizeof(*task));

	if (!task)
		return NULL;
	strscpy(task->comm, name, sizeof(task->comm));
	task->ctx.cpu = cpu;
	task->ctx.device = GUEST_NO_DEVICE;
	task->ctx.task = task;
	task->ctx.what = task->comm;
	guest_context_register(task);
	return task;
}

void guest_task_free(struct task_struct *task)
{
	if (task->event)
		gk.calls->event_destroy(gk.m, task->event);
	if (task->ctx.spin_event)
		gk.calls->event_destroy(gk.m, task->ctx.spin_event);
	if (guest_context_now == &task->ctx)
		guest_context_now = NULL;
	list_del(&task->node);
	kfree(task);
}

bool guest_sleep_until(u64 deadline)
{
	struct task_struct *task = current;
	struct guest_context *ctx;
	bool woken = true;

	guest_may_sleep("schedule");
	if (!task->event)
		task->event = gk.calls->event_create(gk.m, "a wake-up");
	ctx = guest_leave();
	while (task->state != TASK_RUNNING && woken)
		woken = gk.calls->event_wait_for(gk.m, task->event, deadline,
						 0, task->waits_for);
	guest_return(ctx);
	woken = task->state == TASK_RUNNING;
	task->state = TASK_RUNNING;
	return woken;
}

void schedule(void)
{
	guest_sleep_until(MACHINE_FOREVER);
}

long schedule_timeout(long timeout)
{
	u64 now, deadline;

	if (timeout == MAX_SCHEDULE_TIMEOUT) {
		schedule();
		return timeout;
	}
	now = gk.calls->now(gk.m);
	deadline = now + (u64)max(timeout, 0l) * NSEC_PER_MSEC;
	if (deadline < now)
		deadline = MACHINE_FOREVER;
	guest_sleep_until(deadline);
	now = gk.calls->now(gk.m);
	return now >= deadline ? 0 :
	       (long)DIV_ROUND_UP(deadline - now, (u64)NSEC_PER_MSEC);
}

long schedule_timeout_interruptible(long timeout)
{
	__set_current_state(TASK_INTERRUPTIBLE);
	return schedule_timeout(timeout);
}

long schedule_timeout_uninterruptible(long timeout)
{
	__set_current_state(TASK_UNINTERRUPTIBLE);
	return schedule_timeout(timeout);
}

int wake_up_process(struct task_struct *task)
{
	bool fresh = task->state == TASK_NEW;

	if (task->state == TASK_RUNNING)
		return 0;
	task->state = TASK_RUNNING;
	if (fresh)
		guest_kthread_start(task);
	else if (task->event)
		gk.calls->event_signal(gk.m, task->event, false);
	return 1;
}

/* Lets others of this CPU run: a sleep that ends at once. */
void yield(void)
{
	__set_current_state(TASK_UNINTERRUPTIBLE);
	guest_sleep_until(gk.calls->now(gk.m) + 1);
}
