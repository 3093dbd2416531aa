/* SPDX-License-Identifier: MIT */
/*
 * Timers.  One kernel thread, started with the first timer, sleeps until the
 * next is due and runs its function as softirq context: atomic, interrupts on.
 * A timer set for tick t runs when that tick begins, never earlier.
 */
#include "guestdrv/kernel/kernel.h"

#include <linux/kthread.h>
#include <linux/spinlock.h>
#include <linux/timer.h>
#include <linux/wait.h>

static struct {
	spinlock_t lock;
	struct list_head timers;     /* by expires */
	struct timer_list *running;
	struct task_struct *thread;
	struct wait_queue_head idle; /* waits for running to end */
} base = { .timers = LIST_HEAD_INIT(base.timers) };

int guest_timer_boot(void)
{
	base.running = NULL;
	base.thread = NULL;
	spin_lock_init(&base.lock);
	INIT_LIST_HEAD(&base.timers);
	init_waitqueue_head(&base.idle);
	return 0;
}

void guest_timer_shutdown(void)
{
	if (base.thread)
		kthread_stop(base.thread);
	base.thread = NULL;
}

bool guest_timer_armed_in(const void *p, size_t size)
{
	const struct timer_list *timer;

	list_for_each_entry(timer, &base.timers, entry)
		if ((size_t)((const u8 *)timer - (const u8 *)p) < size)
			return true;
	return false;
}

static void run_timer(struct timer_list *timer)
{
	struct guest_context *ctx = guest_current_context();

	ctx->in_timer = true;
	ctx->device = timer->device;
	timer->function(timer);
	ctx->device = GUEST_NO_DEVICE;
	ctx->in_timer = false;
}

/* Takes a timer that is due; else when the next one is, in ns. */
static struct timer_list *take_due(u64 *deadline)
{
	struct timer_list *timer;
	unsigned long flags;

	*deadline = MACHINE_FOREVER;
	spin_lock_irqsave(&base.lock, flags);
	timer = list_first_entry_or_null(&base.timers, struct timer_list,
					 entry);
	if (timer && time_after(timer->expires, jiffies)) {
		*deadline = (u64)timer->expires * NSEC_PER_MSEC;
		timer = NULL;
	}
	if (timer) {
		list_del(&timer->entry);
		timer->entry.next = NULL;
		base.running = timer;
	}
	spin_unlock_irqrestore(&base.lock, flags);
	return timer;
}

static int timer_thread(void *unused)
{
	struct timer_list *timer;
	u64 deadline;

	(void)unused;
	while (!kthread_should_stop()) {
		set_current_state(TASK_INTERRUPTIBLE);
		timer = take_due(&deadline);
		if (!timer) {
			if (!kthread_should_stop())
				guest_sleep_until(deadline);
			continue;
		}
		__set_current_state(TASK_RUNNING);
		run_timer(timer);
		base.running = NULL;
		wake_up_all(&base.idle);
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

void timer_setup(struct timer_list *timer,
		 void (*function)(struct timer_list *timer),
		 unsigned int flags)
{
	*timer = (struct timer_list){ .function = function, .flags = flags };
	timer->device = GUEST_NO_DEVICE;
}

static void insert(struct timer_list *timer)
{
	struct timer_list *at;

	list_for_each_entry_reverse(at, &base.timers, entry)
		if (!time_after(at->expires, timer->expires))
			break;
	list_add(&timer->entry, &at->entry);
}

int mod_timer(struct timer_list *timer, unsigned long expires)
{
	unsigned long flags;
	int was;

	spin_lock_irqsave(&base.lock, flags);
	was = timer_pending(timer);
	if (was)
		list_del(&timer->entry);
	timer->expires = expires;
	timer->device = guest_current_context()->device;
	insert(timer);
	spin_unlock_irqrestore(&base.lock, flags);
	if (!base.thread)
		base.thread = guest_kthread_own(timer_thread, NULL, "ktimers",
						0);
	if (base.thread)
		wake_up_process(base.thread);
	return was;
}

int del_timer(struct timer_list *timer)
{
	unsigned long flags;
	int was;

	spin_lock_irqsave(&base.lock, flags);
	was = timer_pending(timer);
	if (was) {
		list_del(&timer->entry);
		timer->entry.next = NULL;
	}
	spin_unlock_irqrestore(&base.lock, flags);
	return was;
}

int del_timer_sync(struct timer_list *timer)
{
	int was = del_timer(timer);

	if (base.running == timer)
		wait_event(base.idle, base.running != timer);
	return was;
}
