/* SPDX-License-Identifier: MIT */
/* Sleeping locks with an owner (kernel/lock.c). */
#ifndef LINUX_MUTEX_H
#define LINUX_MUTEX_H

#include <linux/wait.h>

struct mutex {
	struct task_struct *owner;
	struct wait_queue_head wait;
	const char *name;
};

#define __MUTEX_INITIALIZER(lock)                                       \
	{ .wait = GUEST_WAIT_QUEUE_INIT((lock).wait, "mutex " #lock), \
	  .name = #lock }
#define DEFINE_MUTEX(lock) struct mutex lock = __MUTEX_INITIALIZER(lock)
#define mutex_init(lock) guest_mutex_init((lock), #lock)
void guest_mutex_init(struct mutex *lock, const char *name);

void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
/* 1: taken. */
int mutex_trylock(struct mutex *lock);
int mutex_lock_interruptible(struct mutex *lock);
int mutex_lock_killable(struct mutex *lock);

static inline bool mutex_is_locked(const struct mutex *lock)
{
	return lock->owner;
}

static inline void mutex_destroy(struct mutex *lock)
{
	(void)lock;
}

#endif
