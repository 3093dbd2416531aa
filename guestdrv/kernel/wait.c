/* SPDX-License-Identifier: MIT */
/*
 * Wait queues and completions.  A queue is a list of entries with a function
 * each; the usual ones wake a task.  Whoever finds its condition true after it
 * queued itself takes itself off again.
 */
#include "guestdrv/kernel/kernel.h"

#include <linux/completion.h>
#include <linux/wait.h>
#include <ringside/fault.h>

GUEST_FAULT_SITE(site_signal, "guest.wait.signal");

void guest_waitqueue_init(struct wait_queue_head *wq, const char *name)
{
	wq->lock = (struct spinlock){ .name = name };
	INIT_LIST_HEAD(&wq->head);
}

int default_wake_function(struct wait_queue_entry *entry, unsigned int mode,
			  int flags, void *key)
{
	struct task_struct *task = entry->private;

	(void)flags;
	(void)key;
	return task->state & mode ? wake_up_process(task) : 0;
}

int autoremove_wake_function(struct wait_queue_entry *entry,
			     unsigned int mode, int flags, void *key)
{
	int woken = default_wake_function(entry, mode, flags, key);

	if (woken)
		list_del_init(&entry->entry);
	return woken;
}

int woken_wake_function(struct wait_queue_entry *entry, unsigned int mode,
			int flags, void *key)
{
	entry->flags |= WQ_FLAG_WOKEN;
	return default_wake_function(entry, mode, flags, key);
}

void add_wait_queue(struct wait_queue_head *wq,
		    struct wait_queue_entry *entry)
{
	unsigned long flags;

	entry->flags &= ~WQ_FLAG_EXCLUSIVE;
	spin_lock_irqsave(&wq->lock, flags);
	list_add(&entry->entry, &wq->head);
	spin_unlock_irqrestore(&wq->lock, flags);
}

void remove_wait_queue(struct wait_queue_head *wq,
		       struct wait_queue_entry *entry)
{
	unsigned long flags;

	spin_lock_irqsave(&wq->lock, flags);
	list_del(&entry->entry);
	spin_unlock_irqrestore(&wq->lock, flags);
}

static void prepare(struct wait_queue_head *wq,
		    struct wait_queue_entry *entry, unsigned int state)
{
	unsigned long flags;

	spin_lock_irqsave(&wq->lock, flags);
	if (list_empty(&entry->entry)) {
		if (entry->flags & WQ_FLAG_EXCLUSIVE)
			list_add_tail(&entry->entry, &wq->head);
		else
			list_add(&entry->entry, &wq->head);
	}
	current->waits_for = wq->lock.name;
	set_current_state(state);
	spin_unlock_irqrestore(&wq->lock, flags);
}

void prepare_to_wait(struct wait_queue_head *wq,
		     struct wait_queue_entry *entry, unsigned int state)
{
	entry->flags &= ~WQ_FLAG_EXCLUSIVE;
	prepare(wq, entry, state);
}

void prepare_to_wait_exclusive(struct wait_queue_head *wq,
			       struct wait_queue_entry *entry,
			       unsigned int state)
{
	entry->flags |= WQ_FLAG_EXCLUSIVE;
	prepare(wq, entry, state);
}

void finish_wait(struct wait_queue_head *wq, struct wait_queue_entry *entry)
{
	unsigned long flags;

	__set_current_state(TASK_RUNNING);
	current->waits_for = NULL;
	if (list_empty(&entry->entry))
		return;
	spin_lock_irqsave(&wq->lock, flags);
	list_del_init(&entry->entry);
	spin_unlock_irqrestore(&wq->lock, flags);
}

long wait_woken(struct wait_queue_entry *entry, unsigned int mode,
		long timeout)
{
	set_current_state(mode);
	if (!(entry->flags & WQ_FLAG_WOKEN))
		timeout = schedule_timeout(timeout);
	__set_current_state(TASK_RUNNING);
	entry->flags &= ~WQ_FLAG_WOKEN;
	return timeout;
}

static void wake_locked(struct wait_queue_head *wq, unsigned int mode,
			int exclusive, void *key)
{
	struct wait_queue_entry *entry, *n;

	list_for_each_entry_safe(entry, n, &wq->head, entry) {
		unsigned int flags = entry->flags;

		if (entry->func(entry, mode, 0, key) &&
		    (flags & WQ_FLAG_EXCLUSIVE) && !--exclusive)
			break;
	}
}

void __wake_up(struct wait_queue_head *wq, unsigned int mode, int exclusive,
	       void *key)
{
	unsigned long flags;

	spin_lock_irqsave(&wq->lock, flags);
	wake_locked(wq, mode, exclusive, key);
	spin_unlock_irqrestore(&wq->lock, flags);
}

/* ---- completions; x->wait.lock protects done ---- */

#define DONE_ALL UINT_MAX

void complete(struct completion *x)
{
	unsigned long flags;

	spin_lock_irqsave(&x->wait.lock, flags);
	if (x->done != DONE_ALL)
		x->done++;
	wake_locked(&x->wait, TASK_NORMAL, 1, NULL);
	spin_unlock_irqrestore(&x->wait.lock, flags);
}

void complete_all(struct completion *x)
{
	unsigned long flags;

	spin_lock_irqsave(&x->wait.lock, flags);
	x->done = DONE_ALL;
	wake_locked(&x->wait, TASK_NORMAL, 0, NULL);
	spin_unlock_irqrestore(&x->wait.lock, flags);
}

bool try_wait_for_completion(struct completion *x)
{
	if (!x->done)
		return false;
	if (x->done != DONE_ALL)
		x->done--;
	return true;
}

bool completion_done(struct completion *x)
{
	return x->done;
}

static long wait_done(struct completion *x, long left)
{
	DEFINE_WAIT(wait);

	guest_may_sleep("wait_for_completion");
	while (!try_wait_for_completion(x)) {
		if (!left)
			return 0;
		prepare_to_wait_exclusive(&x->wait, &wait,
					  TASK_UNINTERRUPTIBLE);
		if (!x->done)
			left = schedule_timeout(left);
		finish_wait(&x->wait, &wait);
	}
	return left ? left : 1;
}

void wait_for_completion(struct completion *x)
{
	wait_done(x, MAX_SCHEDULE_TIMEOUT);
}

unsigned long wait_for_completion_timeout(struct completion *x,
					  unsigned long timeout)
{
	return (unsigned long)wait_done(
		x, (long)min_t(unsigned long, timeout, MAX_JIFFY_OFFSET));
}

int guest_wait_signal(void)
{
	return guest_fault(&site_signal, NULL, ~0u);
}

int wait_for_completion_interruptible(struct completion *x)
{
	int err = x->done ? 0 : guest_wait_signal();

	if (!err)
		wait_for_completion(x);
	return err;
}

int wait_for_completion_killable(struct completion *x)
{
	return wait_for_completion_interruptible(x);
}
