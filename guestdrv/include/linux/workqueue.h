/* SPDX-License-Identifier: MIT */
/*
 * Work that runs later on a kernel thread (kernel/workqueue.c).  A queue starts a
 * worker when something is queued and all its workers are busy, up to its
 * max_active.
 */
#ifndef LINUX_WORKQUEUE_H
#define LINUX_WORKQUEUE_H

#include <linux/list.h>
#include <linux/timer.h>
#include <linux/types.h>

struct work_struct;
struct workqueue_struct;
typedef void (*work_func_t)(struct work_struct *work);

struct work_struct {
	struct list_head entry;       /* in the queue; next NULL: not pending */
	work_func_t func;
	struct workqueue_struct *wq;  /* where it was last queued */
	u64 seq;                      /* its place among all that was queued */
	u32 device;                   /* whose code queued it */
	u32 canceling;                /* who waits in a cancel_*_sync: while
				       * somebody does it is not queued */
};

struct delayed_work {
	struct work_struct work;
	struct timer_list timer;
	struct workqueue_struct *wq;
};

#define __WORK_INITIALIZER(n, f) { .func = (f), .device = ~0u }
#define DECLARE_WORK(n, f) struct work_struct n = __WORK_INITIALIZER(n, f)
#define INIT_WORK(w, f) \
	(*(w) = (struct work_struct){ .func = (f), .device = ~0u })
#define INIT_DELAYED_WORK(w, f) guest_delayed_work_init((w), (f))
void guest_delayed_work_init(struct delayed_work *dwork, work_func_t func);

static inline struct delayed_work *to_delayed_work(struct work_struct *work)
{
	return container_of(work, struct delayed_work, work);
}

static inline bool work_pending(const struct work_struct *work)
{
	return work->entry.next;
}

#define delayed_work_pending(d) \
	(timer_pending(&(d)->timer) || work_pending(&(d)->work))

#define WQ_UNBOUND 0x02u
#define WQ_FREEZABLE 0x04u
#define WQ_MEM_RECLAIM 0x08u
#define WQ_HIGHPRI 0x10u
#define WQ_CPU_INTENSIVE 0x20u
#define WQ_SYSFS 0x40u
#define WQ_ORDERED 0x20000u

extern struct workqueue_struct *system_wq;
#define system_highpri_wq system_wq
#define system_long_wq system_wq
#define system_unbound_wq system_wq
#define system_freezable_wq system_wq
#define system_power_efficient_wq system_wq

__printf(1, 4) struct workqueue_struct *
alloc_workqueue(const char *fmt, unsigned int flags, int max_active, ...);
#define alloc_ordered_workqueue(fmt, flags, args...) \
	alloc_workqueue(fmt, WQ_ORDERED | (flags), 1, ##args)
#define create_singlethread_workqueue(name) \
	alloc_ordered_workqueue("%s", 0, name)
void destroy_workqueue(struct workqueue_struct *wq);
void flush_workqueue(struct workqueue_struct *wq);
#define drain_workqueue(wq) flush_workqueue(wq)

/* False: it was pending already. */
bool queue_work(struct workqueue_struct *wq, struct work_struct *work);
bool queue_delayed_work(struct workqueue_struct *wq,
			struct delayed_work *dwork, unsigned long delay);
bool mod_delayed_work(struct workqueue_struct *wq, struct delayed_work *dwork,
		      unsigned long delay);
/* True: it was pending.  The _sync forms also wait for a run in progress. */
bool cancel_work(struct work_struct *work);
bool cancel_work_sync(struct work_struct *work);
bool flush_work(struct work_struct *work);
bool cancel_delayed_work(struct delayed_work *dwork);
bool cancel_delayed_work_sync(struct delayed_work *dwork);
bool flush_delayed_work(struct delayed_work *dwork);

#define queue_work_on(cpu, wq, work) queue_work(wq, work)
#define schedule_work(work) queue_work(system_wq, work)
#define schedule_work_on(cpu, work) schedule_work(work)
#define schedule_delayed_work(dwork, delay) \
	queue_delayed_work(system_wq, dwork, delay)
#define flush_scheduled_work() flush_workqueue(system_wq)

#endif
