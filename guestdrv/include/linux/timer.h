/* SPDX-License-Identifier: MIT */
/*
 * Timers.  Their functions run on a kernel thread with the rules of softirq
 * context: they may not sleep (kernel/timer.c).
 */
#ifndef LINUX_TIMER_H
#define LINUX_TIMER_H

#include <linux/container_of.h>
#include <linux/jiffies.h>
#include <linux/list.h>

struct timer_list {
	struct list_head entry;
	unsigned long expires; /* jiffies */
	void (*function)(struct timer_list *timer);
	u32 flags;
	u32 device;            /* whose code set it; for reports */
};

void timer_setup(struct timer_list *timer,
		 void (*function)(struct timer_list *timer),
		 unsigned int flags);
/* 1: it was pending. */
int mod_timer(struct timer_list *timer, unsigned long expires);
int del_timer(struct timer_list *timer);
/* Also waits for a function that runs. */
int del_timer_sync(struct timer_list *timer);
#define add_timer(timer) ((void)mod_timer((timer), (timer)->expires))
#define timer_delete(timer) del_timer(timer)
#define timer_delete_sync(timer) del_timer_sync(timer)
#define timer_shutdown_sync(timer) del_timer_sync(timer)

static inline bool timer_pending(const struct timer_list *timer)
{
	return timer->entry.next;
}

#define from_timer(var, timer, field) \
	container_of(timer, __typeof__(*var), field)

#endif
