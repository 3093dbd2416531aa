/* SPDX-License-Identifier: MIT */
/*
 * Contended spin locks and mutexes.  Who spins waits on an event of its own,
 * holding its CPU, and is handed the lock in order of arrival.
 */
#include "guestdrv/kernel/kernel.h"

#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/string.h>

static const char *name_of(const struct spinlock *lock)
{
	return lock->name ? lock->name : "?";
}

/*
 * Would this CPU wait for itself?  Either it holds the lock, or the owner spins
 * on a lock whose owner (and so on) is this CPU.
 */
static void check_cycle(struct spinlock *lock, const struct guest_context *ctx)
{
	const struct spinlock *l = lock;
	unsigned int steps;

	if (lock->owner->cpu == ctx->cpu)
		guest_bug("lock-recursion",
			  "spin lock %s is taken in %s, but this CPU holds it already (in %s)",
			  name_of(lock), ctx->what, lock->owner->what);
	for (steps = 0; l && steps < GUEST_MAX_CPUS; steps++) {
		if (l->owner && l->owner->cpu == ctx->cpu)
			guest_bug("lock-recursion",
				  "two CPUs wait for each other: spin locks %s and %s are taken in both orders",
				  name_of(lock), name_of(l));
		l = l->owner ? l->owner->wants : NULL;
	}
}

void guest_spin_wait(spinlock_t *lock, struct guest_context *ctx)
{
	struct guest_context **tail;

	check_cycle(lock, ctx);
	for (tail = &lock->spinners; *tail; tail = &(*tail)->next_spinner)
		;
	ctx->next_spinner = NULL;
	*tail = ctx;
	ctx->wants = lock;
	if (!ctx->spin_event)
		ctx->spin_event = gk.calls->event_create(gk.m, "spin lock");
	guest_leave();
	while (ctx->wants)
		gk.calls->event_wait(gk.m, ctx->spin_event, MACHINE_FOREVER,
				     MACHINE_WAIT_HOLD_CPU);
	guest_return(ctx);
}

/* Locks may be released in another order than they were taken in. */
static void forget_lock(struct guest_context *ctx, struct spinlock *lock)
{
	struct spinlock **at;

	for (at = &ctx->last_lock; *at; at = &(*at)->outer) {
		if (*at == lock) {
			*at = lock->outer;
			return;
		}
	}
}

/* spin_unlock where somebody waits, or something is wrong. */
void guest_spin_hand_over(spinlock_t *lock, struct guest_context *ctx)
{
	struct guest_context *next = lock->spinners;

	if (lock->owner != ctx)
		guest_bug("lock-misuse",
			  "spin lock %s is released in %s, which does not hold it",
			  name_of(lock), ctx->what);
	forget_lock(ctx, lock);
	ctx->preempt_count--;
	lock->owner = next;
	if (!next)
		return;
	lock->spinners = next->next_spinner;
	next->wants = NULL;
	gk.calls->event_signal(gk.m, next->spin_event, true);
}

void guest_mutex_init(struct mutex *lock, const char *name)
{
	lock->owner = NULL;
	lock->name = name;
	guest_waitqueue_init(&lock->wait, name);
}

void mutex_lock(struct mutex *lock)
{
	struct task_struct *me = current;

	guest_may_sleep("mutex_lock");
	if (lock->owner == me)
		guest_bug("lock-recursion",
			  "mutex %s is taken by %s, which holds it already",
			  lock->name ? lock->name : "?", me->comm);
	wait_event(lock->wait, !lock->owner);
	lock->owner = me;
}

int mutex_lock_interruptible(struct mutex *lock)
{
	mutex_lock(lock);
	return 0;
}

int mutex_lock_killable(struct mutex *lock)
{
	mutex_lock(lock);
	return 0;
}

int mutex_trylock(struct mutex *lock)
{
	if (lock->owner)
		return 0;
	lock->owner = current;
	return 1;
}

void mutex_unlock(struct mutex *lock)
{
	if (lock->owner != current)
		guest_bug("lock-misuse",
			  "mutex %s is released by %s, which does not hold it",
			  lock->name ? lock->name : "?", current->comm);
	lock->owner = NULL;
	wake_up_nr(&lock->wait, 0);
}
