/* SPDX-License-Identifier: MIT */
/*
 * Interrupts that nobody handles.  A shared line that one device keeps asserted
 * comes again for ever and finds no owner; when (nearly) all of the last
 * interrupts were such, the line is disabled.  The other devices on it are then
 * served by a timer that asks the handlers in turn: slowly, but they live.
 *
 * As in Linux a line is given up when more than 99.9 percent of a round had no
 * owner, and unhandled ones that lie further apart than 100 ms do not add up; the
 * round is 1000 interrupts here, a hundredth of Linux's.
 */
#include "guestdrv/kernel/irq.h"

#include <linux/jiffies.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

#define ROUND 1000u
#define ROUND_UNHANDLED 999u
#define APART_MS 100u /* longer ago: another matter */
#define POLL_MS 100u  /* a disabled line is looked at */

static struct timer_list poll_timer;

static void give_up(struct irq_desc *desc)
{
	const struct irqaction *action;

	printk(KERN_EMERG "irq %u: nobody cared\n", desc->irq);
	for (action = desc->actions; action; action = action->next)
		printk(KERN_EMERG "irq %u: handler %s\n", desc->irq,
		       action->name);
	printk(KERN_EMERG "Disabling IRQ #%u\n", desc->irq);
	spin_lock(&desc->lock);
	desc->spurious_disabled = true;
	desc->depth++;
	desc->chip->mask(desc, true);
	spin_unlock(&desc->lock);
	mod_timer(&poll_timer, jiffies + msecs_to_jiffies(POLL_MS));
}

void guest_irq_note_handled(struct irq_desc *desc, bool handled)
{
	if (unlikely(desc->spurious_disabled))
		return;
	if (!handled) {
		if (time_after(jiffies, desc->last_unhandled +
					msecs_to_jiffies(APART_MS)))
			desc->unhandled = 0;
		desc->unhandled++;
		desc->last_unhandled = jiffies;
	}
	if (likely(++desc->count < ROUND))
		return;
	if (desc->unhandled >= ROUND_UNHANDLED)
		give_up(desc);
	desc->count = 0;
	desc->unhandled = 0;
}

/* A handler more: what is counted says nothing about it, and a line that was
 * given up gets another chance. */
void guest_irq_note_new_handler(struct irq_desc *desc)
{
	desc->count = 0;
	desc->unhandled = 0;
	if (!desc->spurious_disabled)
		return;
	desc->spurious_disabled = false;
	enable_irq(desc->irq);
}

/* Runs as softirq; handlers want interrupts off. */
static void poll(struct timer_list *timer)
{
	bool again = false;
	unsigned long flags;
	unsigned int n;

	for (n = 0; n < gk.info->irq_lines; n++) {
		struct irq_desc *desc = &guest_irqs.lines[n];

		if (!desc->spurious_disabled)
			continue;
		if (!desc->actions) {
			desc->spurious_disabled = false;
			continue;
		}
		local_irq_save(flags);
		if (!desc->running)
			guest_irq_run_handlers(desc);
		local_irq_restore(flags);
		/* synchronize_irq may have begun to wait meanwhile. */
		if (waitqueue_active(&desc->wait))
			wake_up_all(&desc->wait);
		again = true;
	}
	if (again)
		mod_timer(timer, jiffies + msecs_to_jiffies(POLL_MS));
}

void guest_irq_spurious_boot(void)
{
	timer_setup(&poll_timer, poll, 0);
}
