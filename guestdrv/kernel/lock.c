/* SPDX-License-Identifier: MIT */
/*
 * Contended spin locks and mutexes.  Who spins waits on an event of its own,
 * holding its CPU, and is handed the lock in order of arrival.  What may not be
 * done with locks is found in lock_check.c.
 */
#include "guestdrv/kernel/lock.h"

#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/string.h>

void guest_spin_wait(spinlock_t *lock, struct guest_context *ctx)
{
	const struct guest_context *holder = lock->owner;
	u64 since = gk.calls->now(gk.m);
	char what[GUEST_LOCK_TEXT];
	struct guest_context **tail;
	struct machine_note note = {
		.kind = MACHINE_NOTE_CONTENDED,
		.device = ctx->device,
		.text = guest_lock_name(lock),
		.index = holder->cpu,
	};

	guest_lock_check_cycle(lock, ctx);
	guest_spin_text(what, sizeof(what), lock);
	for (tail = &lock->spinners; *tail; tail = &(*tail)->next_spinner)
		;
	ctx->next_spinner = NULL;
	*tail = ctx;
	ctx->wants = lock;
	if (!ctx->spin_event)
		ctx->spin_event = gk.calls->event_create(gk.m, "spin lock");
	guest_leave();
	while (ctx->wants)
		gk.calls->event_wait_for(gk.m, ctx->spin_event,
					 MACHINE_FOREVER,
					 MACHINE_WAIT_HOLD_CPU, what);
	guest_return(ctx);
	note.value = gk.calls->now(gk.m) - since;
	gk.calls->note(gk.m, &note);
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
			  guest_lock_name(lock), ctx->what);
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

static void mutex_wait(struct mutex *lock, struct task_struct *me)
{
	char what[GUEST_LOCK_TEXT];
	DEFINE_WAIT(wait);

	guest_mutex_check_cycle(lock, me);
	me->wants = lock;
	for (;;) {
		prepare_to_wait(&lock->wait, &wait, TASK_UNINTERRUPTIBLE);
		if (!lock->owner)
			break;
		guest_mutex_text(what, sizeof(what), lock);
		me->waits_for = what;
		schedule();
	}
	finish_wait(&lock->wait, &wait);
	me->wants = NULL;
}

void mutex_lock(struct mutex *lock)
{
	struct task_struct *me = current;

	guest_may_sleep("mutex_lock");
	if (unlikely(lock->owner))
		mutex_wait(lock, me);
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
	guest_mutex_check_context(lock, "mutex_trylock");
	if (lock->owner)
		return 0;
	lock->owner = current;
	return 1;
}

void mutex_unlock(struct mutex *lock)
{
	guest_mutex_check_context(lock, "mutex_unlock");
	if (lock->owner != current)
		guest_bug("lock-misuse",
			  "mutex %s is released by %s, which does not hold it",
			  guest_mutex_name(lock), current->comm);
	lock->owner = NULL;
	wake_up_nr(&lock->wait, 0);
}
