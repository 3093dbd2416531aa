/* SPDX-License-Identifier: MIT */
/* Wait queues: sleep until a condition holds (kernel/wait.c). */
#ifndef LINUX_WAIT_H
#define LINUX_WAIT_H

#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

typedef struct wait_queue_entry wait_queue_entry_t;
typedef int (*wait_queue_func_t)(struct wait_queue_entry *entry,
				 unsigned int mode, int flags, void *key);

#define WQ_FLAG_EXCLUSIVE 0x01u
#define WQ_FLAG_WOKEN 0x02u

struct wait_queue_entry {
	unsigned int flags;
	void *private;
	wait_queue_func_t func;
	struct list_head entry;
};

struct wait_queue_head {
	spinlock_t lock;
	struct list_head head;
};
typedef struct wait_queue_head wait_queue_head_t;

/* The lock's name is what a report says that a thread waits for. */
#define GUEST_WAIT_QUEUE_INIT(wq, text) \
	{ .lock = { .name = text }, .head = LIST_HEAD_INIT((wq).head) }
#define __WAIT_QUEUE_HEAD_INITIALIZER(name) \
	GUEST_WAIT_QUEUE_INIT(name, "wait queue " #name)
#define DECLARE_WAIT_QUEUE_HEAD(name) \
	struct wait_queue_head name = __WAIT_QUEUE_HEAD_INITIALIZER(name)
#define DECLARE_WAIT_QUEUE_HEAD_ONSTACK(name) DECLARE_WAIT_QUEUE_HEAD(name)
#define init_waitqueue_head(wq) \
	guest_waitqueue_init((wq), "wait queue " #wq)
void guest_waitqueue_init(struct wait_queue_head *wq, const char *name);

int default_wake_function(struct wait_queue_entry *entry, unsigned int mode,
			  int flags, void *key);
int autoremove_wake_function(struct wait_queue_entry *entry,
			     unsigned int mode, int flags, void *key);
int woken_wake_function(struct wait_queue_entry *entry, unsigned int mode,
			int flags, void *key);

#define DEFINE_WAIT_FUNC(name, function)                    \
	struct wait_queue_entry name = {                    \
		.private = current,                         \
		.func = function,                           \
		.entry = LIST_HEAD_INIT((name).entry),      \
	}
#define DEFINE_WAIT(name) DEFINE_WAIT_FUNC(name, autoremove_wake_function)
#define DECLARE_WAITQUEUE(name, task)                       \
	struct wait_queue_entry name = {                    \
		.private = (task),                          \
		.func = default_wake_function,              \
	}
static inline void init_waitqueue_entry(struct wait_queue_entry *entry,
					struct task_struct *task)
{
	*entry = (struct wait_queue_entry){ .private = task,
					    .func = default_wake_function };
}

void add_wait_queue(struct wait_queue_head *wq,
		    struct wait_queue_entry *entry);
void remove_wait_queue(struct wait_queue_head *wq,
		       struct wait_queue_entry *entry);
void prepare_to_wait(struct wait_queue_head *wq,
		     struct wait_queue_entry *entry, unsigned int state);
void prepare_to_wait_exclusive(struct wait_queue_head *wq,
			       struct wait_queue_entry *entry,
			       unsigned int state);
void finish_wait(struct wait_queue_head *wq, struct wait_queue_entry *entry);
long wait_woken(struct wait_queue_entry *entry, unsigned int mode,
		long timeout);

static inline bool waitqueue_active(const struct wait_queue_head *wq)
{
	return !list_empty(&wq->head);
}

#define wq_has_sleeper(wq) waitqueue_active(wq)

/* Wakes all that wait without, and `exclusive` (0: all) that wait with
 * WQ_FLAG_EXCLUSIVE. */
void __wake_up(struct wait_queue_head *wq, unsigned int mode, int exclusive,
	       void *key);
#define wake_up(wq) __wake_up(wq, TASK_NORMAL, 1, NULL)
#define wake_up_nr(wq, nr) __wake_up(wq, TASK_NORMAL, nr, NULL)
#define wake_up_all(wq) __wake_up(wq, TASK_NORMAL, 0, NULL)
#define wake_up_interruptible(wq) __wake_up(wq, TASK_INTERRUPTIBLE, 1, NULL)
#define wake_up_interruptible_all(wq) __wake_up(wq, TASK_INTERRUPTIBLE, 0, NULL)

/* Sleeps with `sleep` until cond; evaluates to what is left of `timeout`. */
#define GUEST_WAIT_EVENT(wq, cond, st, timeout)                         \
	({                                                              \
		long left_ = (timeout);                                 \
		might_sleep();                                          \
		if (!(cond)) {                                          \
			DEFINE_WAIT(wait_);                             \
			for (;;) {                                      \
				prepare_to_wait(&(wq), &wait_, (st));   \
				if ((cond) || !left_)                   \
					break;                          \
				left_ = schedule_timeout(left_);        \
			}                                               \
			finish_wait(&(wq), &wait_);                     \
		}                                                       \
		left_;                                                  \
	})
/* As the timeout forms return it: 0 when time ran out and cond is false. */
#define GUEST_WAIT_EVENT_TIMEOUT(wq, cond, st, timeout)                 \
	({                                                              \
		bool held_ = false;                                     \
		long rest_ = GUEST_WAIT_EVENT(wq, (held_ = (cond)), st, \
					      timeout);                 \
		held_ && !rest_ ? 1 : rest_;                            \
	})

#define wait_event(wq, cond)                                            \
	((void)GUEST_WAIT_EVENT(wq, cond, TASK_UNINTERRUPTIBLE,         \
				MAX_SCHEDULE_TIMEOUT))
/* 0, or -ERESTARTSYS: a signal has come.  There are none but by the fault point
 * guest.wait.signal, asked before a wait that would sleep. */
int guest_wait_signal(void);
#define GUEST_WAIT_UNLESS_SIGNAL(wq, cond, st)                          \
	({                                                              \
		int signal_ = (cond) ? 0 : guest_wait_signal();         \
		if (!signal_)                                           \
			(void)GUEST_WAIT_EVENT(wq, cond, st,            \
					       MAX_SCHEDULE_TIMEOUT);   \
		signal_;                                                \
	})
#define GUEST_WAIT_TIMEOUT_UNLESS_SIGNAL(wq, cond, st, timeout)         \
	({                                                              \
		int signal_ = (cond) ? 0 : guest_wait_signal();         \
		signal_ ? signal_ :                                     \
			  GUEST_WAIT_EVENT_TIMEOUT(wq, cond, st, timeout); \
	})
#define wait_event_interruptible(wq, cond) \
	GUEST_WAIT_UNLESS_SIGNAL(wq, cond, TASK_INTERRUPTIBLE)
#define wait_event_killable(wq, cond) \
	GUEST_WAIT_UNLESS_SIGNAL(wq, cond, TASK_KILLABLE)
#define wait_event_freezable(wq, cond) wait_event_interruptible(wq, cond)
#define wait_event_timeout(wq, cond, timeout) \
	GUEST_WAIT_EVENT_TIMEOUT(wq, cond, TASK_UNINTERRUPTIBLE, timeout)
#define wait_event_interruptible_timeout(wq, cond, timeout) \
	GUEST_WAIT_TIMEOUT_UNLESS_SIGNAL(wq, cond, TASK_INTERRUPTIBLE, timeout)
#define wait_event_killable_timeout(wq, cond, timeout) \
	GUEST_WAIT_TIMEOUT_UNLESS_SIGNAL(wq, cond, TASK_KILLABLE, timeout)

#endif
