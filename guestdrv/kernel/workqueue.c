/* SPDX-License-Identifier: MIT */
/*
 * Work queues.  Work waits in a list; workers (kernel threads) take it in
 * order.  When something is queued and every worker is busy, another is
 * started, up to max_active.  One work item never runs on two workers at once.
 */
#include "guestdrv/kernel/kernel.h"

#include <linux/kthread.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/spinlock.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#define WORKERS_MAX 16
#define WQ_NAME_MAX 24

GUEST_FAULT_SITE(site_alloc, "guest.work.alloc_queue");

struct worker {
	struct list_head node;
	struct workqueue_struct *wq;
	struct task_struct *task;
	struct work_struct *work; /* that it runs; NULL: idle */
	u64 seq;                  /* of that */
};

struct workqueue_struct {
	struct list_head node;       /* of all queues */
	char name[WQ_NAME_MAX];
	spinlock_t lock;
	struct list_head works;      /* pending */
	struct list_head workers;
	int nr_workers, nr_idle, max_active;
	u64 seq;                     /* of what was queued last */
	struct wait_queue_head more; /* workers wait for work */
	struct wait_queue_head done; /* flushers wait for its end */
};

struct workqueue_struct *system_wq;

static LIST_HEAD(queues);

bool guest_work_queued_in(const void *p, size_t size)
{
	const struct workqueue_struct *wq;
	const struct work_struct *work;

	list_for_each_entry(wq, &queues, node)
		list_for_each_entry(work, &wq->works, entry)
			if ((size_t)((const u8 *)work - (const u8 *)p) < size)
				return true;
	return false;
}

/* ---- workers ---- */

static bool is_running(struct workqueue_struct *wq,
		       const struct work_struct *work)
{
	struct worker *w;

	list_for_each_entry(w, &wq->workers, node)
		if (w->work == work)
			return true;
	return false;
}

/* The first pending item that no other worker runs. */
static struct work_struct *take_work(struct worker *w)
{
	struct workqueue_struct *wq = w->wq;
	struct work_struct *work;
	unsigned long flags;

	spin_lock_irqsave(&wq->lock, flags);
	list_for_each_entry(work, &wq->works, entry)
		if (!is_running(wq, work))
			break;
	if (list_entry_is_head(work, &wq->works, entry)) {
		work = NULL;
	} else {
		list_del(&work->entry);
		work->entry.next = NULL;
		w->work = work;
		w->seq = work->seq;
		wq->nr_idle--;
	}
	spin_unlock_irqrestore(&wq->lock, flags);
	return work;
}

/* The item may be gone when its function returns. */
static void run_work(struct worker *w, struct work_struct *work)
{
	struct guest_context *ctx = guest_current_context();

	ctx->device = work->device;
	work->func(work);
	if (guest_context_atomic(ctx))
		guest_sleep_in_atomic("the end of a work function");
	ctx->device = GUEST_NO_DEVICE;
	w->work = NULL;
	w->wq->nr_idle++;
	wake_up_all(&w->wq->done);
}

static int worker_thread(void *arg)
{
	struct worker *w = arg;
	struct work_struct *work = NULL;

	for (;;) {
		wait_event(w->wq->more, (work = take_work(w)) ||
						kthread_should_stop());
		if (!work)
			return 0;
		run_work(w, work);
	}
}

static void add_worker(struct workqueue_struct *wq)
{
	struct worker *w = guest_alloc(sizeof(*w));
	char name[TASK_COMM_LEN];

	if (!w)
		return;
	w->wq = wq;
	snprintf(name, sizeof(name), "%s/%d", wq->name, wq->nr_workers);
	w->task = guest_kthread_own(worker_thread, w, name, smp_processor_id());
	if (!w->task) {
		kfree(w);
		return;
	}
	list_add_tail(&w->node, &wq->workers);
	wq->nr_workers++;
	wq->nr_idle++;
	wake_up_process(w->task);
}

/* ---- queueing ---- */

bool queue_work(struct workqueue_struct *wq, struct work_struct *work)
{
	unsigned long flags;
	bool was;

	spin_lock_irqsave(&wq->lock, flags);
	was = work_pending(work) || work->canceling;
	if (!was) {
		work->wq = wq;
		work->seq = ++wq->seq;
		work->device = guest_current_context()->device;
		list_add_tail(&work->entry, &wq->works);
		if (!wq->nr_idle && wq->nr_workers < wq->max_active)
			add_worker(wq);
	}
	spin_unlock_irqrestore(&wq->lock, flags);
	if (!was)
		wake_up_nr(&wq->more, 0);
	return !was;
}

bool cancel_work(struct work_struct *work)
{
	struct workqueue_struct *wq = work->wq;
	unsigned long flags;
	bool was;

	if (!wq)
		return false;
	spin_lock_irqsave(&wq->lock, flags);
	was = work_pending(work);
	if (was) {
		list_del(&work->entry);
		work->entry.next = NULL;
	}
	spin_unlock_irqrestore(&wq->lock, flags);
	return was;
}

/* Also one that queues itself again has come to an end. */
bool cancel_work_sync(struct work_struct *work)
{
	bool was;

	guest_may_sleep("cancel_work_sync");
	if (!work->wq)
		return false;
	work->canceling++;
	was = cancel_work(work);
	wait_event(work->wq->done, !is_running(work->wq, work));
	work->canceling--;
	return was;
}

static bool is_busy(const struct work_struct *work)
{
	return work_pending(work) || is_running(work->wq, work);
}

bool flush_work(struct work_struct *work)
{
	guest_may_sleep("flush_work");
	if (!work->wq || !is_busy(work))
		return false;
	wait_event(work->wq->done, !is_busy(work));
	return true;
}

/* Is anything left that was queued before number `seq`, or as it? */
static bool is_older_left(struct workqueue_struct *wq, u64 seq)
{
	struct work_struct *work;
	struct worker *w;

	list_for_each_entry(work, &wq->works, entry)
		if (work->seq <= seq)
			return true;
	list_for_each_entry(w, &wq->workers, node)
		if (w->work && w->seq <= seq)
			return true;
	return false;
}

void flush_workqueue(struct workqueue_struct *wq)
{
	u64 seq = wq->seq;

	guest_may_sleep("flush_workqueue");
	wait_event(wq->done, !is_older_left(wq, seq));
}

/* ---- queues ---- */

static void wq_init(struct workqueue_struct *wq, int max_active)
{
	spin_lock_init(&wq->lock);
	INIT_LIST_HEAD(&wq->works);
	INIT_LIST_HEAD(&wq->workers);
	init_waitqueue_head(&wq->more);
	init_waitqueue_head(&wq->done);
	list_add_tail(&wq->node, &queues);
	wq->max_active = max_active > 0 && max_active < WORKERS_MAX ?
				 max_active :
				 WORKERS_MAX;
}

static void wq_end(struct workqueue_struct *wq)
{
	struct worker *w, *n;

	while (!list_empty(&wq->works) || wq->nr_idle < wq->nr_workers)
		flush_workqueue(wq);
	list_for_each_entry_safe(w, n, &wq->workers, node) {
		kthread_stop(w->task);
		list_del(&w->node);
		kfree(w);
	}
	list_del(&wq->node);
	kfree(wq);
}

struct workqueue_struct *alloc_workqueue(const char *fmt, unsigned int flags,
					 int max_active, ...)
{
	struct workqueue_struct *wq;
	va_list args;

	if (guest_fault(&site_alloc, NULL, GUEST_FAULT_NO_INDEX))
		return NULL;
	wq = kzalloc(sizeof(*wq), GFP_KERNEL);
	if (!wq)
		return NULL;
	va_start(args, max_active);
	vscnprintf(wq->name, sizeof(wq->name), fmt, args);
	va_end(args);
	wq_init(wq, flags & WQ_ORDERED ? 1 : max_active);
	return wq;
}

void destroy_workqueue(struct workqueue_struct *wq)
{
	guest_may_sleep("destroy_workqueue");
	wq_end(wq);
}

int guest_workqueue_boot(void)
{
	INIT_LIST_HEAD(&queues);
	system_wq = guest_alloc(sizeof(*system_wq));
	if (!system_wq)
		return -ENOMEM;
	snprintf(system_wq->name, sizeof(system_wq->name), "kworker");
	wq_init(system_wq, 0);
	return 0;
}

void guest_workqueue_shutdown(void)
{
	if (system_wq)
		wq_end(system_wq);
	system_wq = NULL;
}
