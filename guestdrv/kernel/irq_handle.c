/* SPDX-License-Identifier: MIT */
/*
 * An interrupt arrives: the machine's entry, the handlers of the line or vector,
 * threaded handlers.  What nobody handled is irq_spurious.c's.
 */
#include "guestdrv/kernel/irq.h"

#include <linux/kthread.h>

static irqreturn_t run_handler(struct irq_desc *desc, struct irqaction *action)
{
	struct guest_context *ctx = guest_current_context();
	u32 device = ctx->device;
	const char *what = ctx->what;
	unsigned int locks = ctx->preempt_count;
	irqreturn_t ret;

	ctx->device = action->device;
	ctx->what = action->name;
	ret = action->handler((int)desc->irq, action->dev_id);
	if (unlikely(ctx->preempt_count != locks))
		guest_bug("lock-misuse",
			  "interrupt handler %s returns with a spin lock held",
			  action->name);
	if (ret == IRQ_WAKE_THREAD && action->thread)
		guest_irq_wake_thread(action);
	ctx->what = what;
	ctx->device = device;
	return ret;
}

/* Masks the source of an interrupt that came while it was not wanted. */
static void not_now(struct irq_desc *desc)
{
	spin_lock(&desc->lock);
	/* A level comes again by itself, a message does not. */
	if (desc->depth || !desc->actions) {
		desc->pending = desc->irq >= guest_irqs.msi_base;
		desc->chip->mask(desc, true);
	}
	spin_unlock(&desc->lock);
}

bool guest_irq_run_handlers(struct irq_desc *desc)
{
	struct irqaction *action, *next;
	bool handled = false;

	desc->running++;
	for (action = desc->actions; action; action = next) {
		handled |= run_handler(desc, action) != IRQ_NONE;
		next = action->next;
	}
	desc->running--;
	return handled;
}

/*
 * A handler is never entered twice.  After a vector has moved, a message to its
 * new CPU can find the handler of the last one on the old CPU still running:
 * that one then goes round once more.
 */
void guest_irq_handle(struct irq_desc *desc)
{
	if (unlikely(desc->depth || !desc->actions)) {
		not_now(desc);
		return;
	}
	if (unlikely(desc->running)) {
		desc->again = true;
		return;
	}
	do {
		desc->again = false;
		guest_irq_note_handled(desc, guest_irq_run_handlers(desc));
	} while (unlikely(desc->again) && !desc->depth && desc->actions);
	if (waitqueue_active(&desc->wait))
		wake_up_all(&desc->wait);
}

/* The descriptor of what the machine delivers; NULL: nobody asked for it. */
static struct irq_desc *desc_of(u32 cpu, enum machine_irq_source source,
				u32 number)
{
	if (source == MACHINE_IRQ_LINE)
		return number < gk.info->irq_lines ?
			       &guest_irqs.lines[number] : NULL;
	return guest_vector_desc(cpu, number - gk.info->msi_first_vector);
}

void guest_irq_enter(u32 cpu, enum machine_irq_source source, u32 number)
{
	struct guest_context *was = guest_context_now;
	struct irq_desc *desc;

	guest_context_now = guest_irq_context(cpu);
	desc = desc_of(cpu, source, number);
	if (likely(desc))
		guest_irq_handle(desc);
	else
		printk(KERN_WARNING "cpu %u: no irq for %s %u\n", cpu,
		       source == MACHINE_IRQ_MSI ? "vector" : "line", number);
	guest_context_now = was;
}

/* ---- threaded handlers ---- */

void guest_irq_wake_thread(struct irqaction *action)
{
	action->thread_due = true;
	if (action->flags & IRQF_ONESHOT)
		disable_irq_nosync(action->desc->irq);
	wake_up_process(action->thread);
}

static void run_thread_fn(struct irqaction *action)
{
	struct irq_desc *desc = action->desc;

	action->thread_due = false;
	action->thread_runs = true;
	guest_context_device(action->device);
	action->thread_fn((int)desc->irq, action->dev_id);
	guest_context_device(GUEST_NO_DEVICE);
	action->thread_runs = false;
	if (action->flags & IRQF_ONESHOT)
		enable_irq(desc->irq);
	wake_up_all(&desc->wait);
}

int guest_irq_thread(void *arg)
{
	struct irqaction *action = arg;

	while (!kthread_should_stop()) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (!action->thread_due) {
			schedule();
			continue;
		}
		__set_current_state(TASK_RUNNING);
		run_thread_fn(action);
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}
