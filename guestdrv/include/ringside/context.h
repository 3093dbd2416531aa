/* SPDX-License-Identifier: MIT */
/*
 * What runs: a context is a thread or the interrupt entry of one CPU.  Lock,
 * preemption and interrupt state belong to it.  guest_current_context() is a
 * load: nothing else runs between two machine calls, so the kernel keeps one
 * pointer and restores it after each call that may switch (kernel/context.c).
 *
 * Disabling interrupts is lazy: the machine takes them only at safe points, so
 * it is told (irqs_hard_off) only when one comes up inside the section.
 */
#ifndef RINGSIDE_CONTEXT_H
#define RINGSIDE_CONTEXT_H

#include <linux/compiler.h>
#include <linux/types.h>

struct task_struct;
struct spinlock;

/* ctx->device when nobody's; equals MACHINE_NO_DEVICE. */
#define GUEST_NO_DEVICE 0xffffffffu

struct guest_context {
	unsigned int preempt_count; /* spin locks held, preempt_disable */
	bool in_irq;                /* the interrupt entry of a CPU */
	bool in_timer;              /* a timer's function: atomic too */
	bool irqs_off;
	bool irqs_hard_off;         /* and the machine knows */
	bool reclaiming;            /* its allocations start no reclaim */
	u32 cpu;
	u32 device;                 /* whose probe, remove, action, handler */
	struct task_struct *task;   /* NULL: an interrupt of an idle CPU */
	const char *what;           /* irq handler's or thread's name */
	struct spinlock *last_lock; /* newest taken; further ones by ->outer */
	struct spinlock *wants;     /* spins on this one */
	struct guest_context *next_spinner;
	void *spin_event;           /* struct machine_event */
};

extern struct guest_context *guest_context_now;
struct guest_context *guest_context_find(void);

static inline struct guest_context *guest_current_context(void)
{
	struct guest_context *ctx = guest_context_now;

	return likely(ctx) ? ctx : guest_context_find();
}

static inline bool guest_context_atomic(const struct guest_context *ctx)
{
	return ctx->in_irq || ctx->in_timer || ctx->irqs_off ||
	       ctx->preempt_count;
}

/* Interrupts are turned on with spin locks held, or restored to on while they
 * are (kernel/lock_check.c). */
void guest_locks_irqs_on(struct guest_context *ctx);
void guest_irq_restore_bogus(struct guest_context *ctx);
/* Tells the machine that interrupts are on again. */
void guest_irqs_hard_on(struct guest_context *ctx);
/* Reports sleeping in atomic context as the guest's bug; `who` slept. */
void guest_sleep_in_atomic(const char *who);

static inline void guest_may_sleep(const char *who)
{
	if (unlikely(guest_context_atomic(guest_current_context())))
		guest_sleep_in_atomic(who);
}

#endif
