/* SPDX-License-Identifier: MIT */
/*
 * Mistakes with locks that would hang a machine, or could: waiting for oneself,
 * two sides that wait for each other (AB-BA), a spin lock that an interrupt
 * handler takes too although it is held with interrupts on, interrupts that come
 * back on too early.  Each is reported at the call that shows it.  A lock is
 * judged by what happened to this one, never by what happened to its like.
 */
#include "guestdrv/kernel/lock.h"

#include <linux/string.h>

/* Links of a circle that a report spells out. */
#define CYCLE_TEXT 200

const char *guest_lock_name(const struct spinlock *lock)
{
	return lock->name ? lock->name : "?";
}

const char *guest_mutex_name(const struct mutex *lock)
{
	return lock->name ? lock->name : "?";
}

void guest_spin_text(char *buf, size_t size, const struct spinlock *lock)
{
	snprintf(buf, size, "spin lock %s, held by %s on CPU %u",
		 guest_lock_name(lock), lock->owner->what, lock->owner->cpu);
}

void guest_mutex_text(char *buf, size_t size, const struct mutex *lock)
{
	snprintf(buf, size, "mutex %s, held by %s on CPU %u",
		 guest_mutex_name(lock), lock->owner->comm,
		 lock->owner->ctx.cpu);
}

/* ---- who waits for whom ---- */

static size_t say_link(char *text, size_t used, const char *who, u32 cpu,
		       const char *holds, const char *wants)
{
	if (used >= CYCLE_TEXT)
		return used;
	return used + (size_t)scnprintf(text + used, CYCLE_TEXT - used,
					"%s%s on CPU %u holds %s and wants %s",
					used ? "; " : "", who, cpu, holds,
					wants);
}

/*
 * The caller, `ctx`, is about to wait for `lock`; follows owner and what that
 * one spins for until it comes back to this CPU, or to somebody who runs.
 */
void guest_lock_check_cycle(const struct spinlock *lock,
			    const struct guest_context *ctx)
{
	const struct spinlock *wants = lock, *back;
	const struct guest_context *owner;
	char text[CYCLE_TEXT] = "";
	size_t used = 0;
	unsigned int steps;

	if (lock->owner->cpu == ctx->cpu)
		guest_bug("lock-recursion",
			  "spin lock %s is taken in %s, but this CPU holds it already (in %s)",
			  guest_lock_name(lock), ctx->what, lock->owner->what);
	for (steps = 0; steps < GUEST_MAX_CPUS; steps++) {
		owner = wants->owner;
		back = owner ? owner->wants : NULL;
		if (!back || !back->owner)
			return;
		used = say_link(text, used, owner->what, owner->cpu,
				guest_lock_name(wants), guest_lock_name(back));
		if (back->owner->cpu == ctx->cpu)
			break;
		wants = back;
	}
	if (steps < GUEST_MAX_CPUS)
		guest_bug("lock-order",
			  "spin locks in a circle: %s on CPU %u holds %s and wants %s; %s",
			  ctx->what, ctx->cpu, guest_lock_name(back),
			  guest_lock_name(lock), text);
}

void guest_mutex_check_cycle(const struct mutex *lock,
			     const struct task_struct *me)
{
	const struct mutex *wants = lock, *back;
	const struct task_struct *owner = lock->owner;
	char text[CYCLE_TEXT] = "";
	size_t used = 0;

	if (owner == me)
		guest_bug("lock-recursion",
			  "mutex %s is taken by %s, which holds it already",
			  guest_mutex_name(lock), me->comm);
	/* Each wait was checked when it began: no circle but through `me`. */
	for (; owner; owner = back->owner) {
		back = owner->wants;
		if (!back)
			return;
		used = say_link(text, used, owner->comm, owner->ctx.cpu,
				guest_mutex_name(wants),
				guest_mutex_name(back));
		if (back->owner == me)
			guest_bug("lock-order",
				  "mutexes in a circle: %s on CPU %u holds %s and wants %s; %s",
				  me->comm, me->ctx.cpu,
				  guest_mutex_name(back),
				  guest_mutex_name(lock), text);
		wants = back;
	}
}

void guest_mutex_check_context(const struct mutex *lock, const char *who)
{
	const struct guest_context *ctx = guest_current_context();

	if (unlikely(ctx->in_irq))
		guest_bug("lock-misuse",
			  "%s of mutex %s in the interrupt handler %s: a mutex belongs to a thread",
			  who, guest_mutex_name(lock), ctx->what);
}

/* ---- locks and interrupts ---- */

void guest_spin_unsafe(spinlock_t *lock, struct guest_context *ctx)
{
	guest_bug("irq-unsafe-lock",
		  ctx->in_irq ?
			  "spin lock %s is taken in the interrupt handler %s, and was taken before with interrupts on: had it come then, the CPU would wait for itself" :
			  "spin lock %s is held in %s with interrupts on, and an interrupt handler takes it too: on this CPU it would wait for ever",
		  guest_lock_name(lock), ctx->what);
}

/* As if each lock that is still held had been taken with interrupts on. */
void guest_locks_irqs_on(struct guest_context *ctx)
{
	struct spinlock *lock;

	for (lock = ctx->last_lock; lock; lock = lock->outer) {
		if (ctx->in_irq)
			return;
		lock->used |= GUEST_LOCK_IRQS_ON;
		if (lock->used == GUEST_LOCK_UNSAFE)
			guest_spin_unsafe(lock, ctx);
	}
}

void guest_irq_restore_bogus(struct guest_context *ctx)
{
	guest_bug("irq-flags",
		  "local_irq_restore in %s turns interrupts on that are on: somebody enabled them in between",
		  ctx->what);
}
