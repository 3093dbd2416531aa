/* SPDX-License-Identifier: MIT */
/*
 * Spin locks.  Uncontended they are a store; a contended one waits in order of
 * arrival, holding its CPU, with interrupts as they are (kernel/lock.c).  The
 * guest's bugs found here: taking a lock that this CPU holds, CPUs that wait for
 * each other, releasing what one does not hold, a lock that an interrupt handler
 * takes too although it is held elsewhere with interrupts on.
 */
#ifndef LINUX_SPINLOCK_H
#define LINUX_SPINLOCK_H

#include <linux/irqflags.h>
#include <linux/list.h>
#include <linux/preempt.h>
#include <linux/smp.h>
#include <linux/types.h>
#include <ringside/context.h>

typedef struct spinlock {
	struct guest_context *owner;
	struct guest_context *spinners; /* in order of arrival */
	struct spinlock *outer;         /* taken before this one */
	const char *name;
	unsigned char used;             /* GUEST_LOCK_* */
} spinlock_t;
typedef struct spinlock raw_spinlock_t;

#define __SPIN_LOCK_UNLOCKED(lock) { .name = #lock }
#define DEFINE_SPINLOCK(lock) spinlock_t lock = __SPIN_LOCK_UNLOCKED(lock)
#define spin_lock_init(lock) (*(lock) = (struct spinlock){ .name = #lock })

/* How this one lock has been taken since its init. */
#define GUEST_LOCK_IRQS_ON 1u /* where an interrupt could come in between */
#define GUEST_LOCK_IN_IRQ 2u  /* by an interrupt handler */
#define GUEST_LOCK_UNSAFE (GUEST_LOCK_IRQS_ON | GUEST_LOCK_IN_IRQ)

void guest_spin_wait(spinlock_t *lock, struct guest_context *ctx);
void guest_spin_unsafe(spinlock_t *lock, struct guest_context *ctx)
	__noreturn __cold;
void guest_spin_hand_over(spinlock_t *lock, struct guest_context *ctx);

/* A thread with interrupts off, the usual case, is safe with either. */
static inline void guest_spin_use(spinlock_t *lock, struct guest_context *ctx)
{
	if (ctx->irqs_off && !ctx->in_irq)
		return;
	lock->used |= ctx->in_irq ? GUEST_LOCK_IN_IRQ : GUEST_LOCK_IRQS_ON;
	if (unlikely(lock->used == GUEST_LOCK_UNSAFE))
		guest_spin_unsafe(lock, ctx);
}

static inline void spin_lock(spinlock_t *lock)
{
	struct guest_context *ctx = guest_current_context();

	ctx->preempt_count++;
	if (likely(!lock->owner))
		lock->owner = ctx;
	else
		guest_spin_wait(lock, ctx);
	guest_spin_use(lock, ctx);
	lock->outer = ctx->last_lock;
	ctx->last_lock = lock;
}

static inline void spin_unlock(spinlock_t *lock)
{
	struct guest_context *ctx = guest_current_context();

	if (likely(lock->owner == ctx && ctx->last_lock == lock &&
		   !lock->spinners)) {
		ctx->last_lock = lock->outer;
		lock->owner = NULL;
		ctx->preempt_count--;
	} else {
		guest_spin_hand_over(lock, ctx);
	}
}

/* A handler that only tries cannot wait for what it interrupted. */
static inline bool spin_trylock(spinlock_t *lock)
{
	struct guest_context *ctx = guest_current_context();

	if (lock->owner)
		return false;
	if (!ctx->in_irq)
		guest_spin_use(lock, ctx);
	ctx->preempt_count++;
	lock->owner = ctx;
	lock->outer = ctx->last_lock;
	ctx->last_lock = lock;
	return true;
}

static inline bool spin_is_locked(const spinlock_t *lock)
{
	return lock->owner;
}

static inline void spin_lock_irq(spinlock_t *lock)
{
	local_irq_disable();
	spin_lock(lock);
}

static inline void spin_unlock_irq(spinlock_t *lock)
{
	spin_unlock(lock);
	local_irq_enable();
}

static inline unsigned long guest_spin_lock_irqsave(spinlock_t *lock)
{
	unsigned long flags = guest_irq_save();

	spin_lock(lock);
	return flags;
}

#define spin_lock_irqsave(lock, flags) \
	((flags) = guest_spin_lock_irqsave(lock))

static inline void spin_unlock_irqrestore(spinlock_t *lock,
					  unsigned long flags)
{
	spin_unlock(lock);
	local_irq_restore(flags);
}

#define spin_lock_bh(lock) spin_lock(lock)
#define spin_unlock_bh(lock) spin_unlock(lock)
#define spin_lock_nested(lock, sub) spin_lock(lock)
#define raw_spin_lock_init spin_lock_init
#define raw_spin_lock spin_lock
#define raw_spin_unlock spin_unlock
#define raw_spin_lock_irqsave spin_lock_irqsave
#define raw_spin_unlock_irqrestore spin_unlock_irqrestore
#define assert_spin_locked(lock) ((void)(lock))
#define lockdep_assert_held(lock) ((void)(lock))

#endif
