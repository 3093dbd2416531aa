/* SPDX-License-Identifier: MIT */
/* Interrupts of the calling context on and off; see ringside/context.h. */
#ifndef LINUX_IRQFLAGS_H
#define LINUX_IRQFLAGS_H

#include <ringside/context.h>

static inline void local_irq_disable(void)
{
	guest_current_context()->irqs_off = true;
}

static inline void local_irq_enable(void)
{
	struct guest_context *ctx = guest_current_context();

	ctx->irqs_off = false;
	if (unlikely(ctx->last_lock))
		guest_locks_irqs_on(ctx);
	if (unlikely(ctx->irqs_hard_off))
		guest_irqs_hard_on(ctx);
}

static inline bool irqs_disabled(void)
{
	return guest_current_context()->irqs_off;
}

static inline unsigned long guest_irq_save(void)
{
	struct guest_context *ctx = guest_current_context();
	bool was = ctx->irqs_off;

	ctx->irqs_off = true;
	return was;
}

#define local_irq_save(flags) ((flags) = guest_irq_save())

static inline void local_irq_restore(unsigned long flags)
{
	struct guest_context *ctx = guest_current_context();

	if (flags)
		return;
	if (unlikely(!ctx->irqs_off))
		guest_irq_restore_bogus(ctx);
	local_irq_enable();
}

#endif
