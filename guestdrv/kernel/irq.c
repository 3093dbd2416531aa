/* SPDX-License-Identifier: MIT */
/*
 * Who handles which interrupt: request_irq, free_irq, disable and enable.  What
 * happens when one arrives is in irq_handle.c.
 */
#include "guestdrv/kernel/irq.h"

#include <linux/bug.h>
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <ringside/note.h>

GUEST_FAULT_SITE(site_request, "guest.irq.request");

struct guest_irqs guest_irqs;

static void line_mask(struct irq_desc *desc, bool masked)
{
	/* What waits on the line is taken here, or once interrupts are on. */
	struct guest_context *ctx = guest_leave();

	gk.calls->line_enable(gk.m, desc->index, desc->cpu, !masked);
	guest_return(ctx);
}

/* First it leaves the old CPU, so that none has it twice. */
static int line_set_cpu(struct irq_desc *desc, u32 cpu)
{
	line_mask(desc, true);
	desc->cpu = cpu;
	if (!desc->depth)
		line_mask(desc, false);
	return 0;
}

static const struct irq_chip line_chip = { .mask = line_mask,
					   .set_cpu = line_set_cpu };

int guest_irq_boot(void)
{
	unsigned int n;

	guest_irqs = (struct guest_irqs){ 0 };
	guest_irqs.msi_base = max(IRQ_MSI_BASE,
				  IRQ_LINE_BASE + gk.info->irq_lines);
	guest_irqs.lines = guest_alloc(sizeof(struct irq_desc) *
				       (gk.info->irq_lines + 1));
	if (!guest_irqs.lines)
		return -ENOMEM;
	for (n = 0; n < gk.info->irq_lines; n++) {
		struct irq_desc *desc = &guest_irqs.lines[n];

		desc->irq = IRQ_LINE_BASE + n;
		desc->index = n;
		desc->chip = &line_chip;
		desc->depth = 1;
		desc->allocated = true;
		desc->affinity = *cpu_possible_mask;
		spin_lock_init(&desc->lock);
		init_waitqueue_head(&desc->wait);
	}
	guest_irq_spurious_boot();
	return 0;
}

void guest_irq_shutdown(void)
{
	kfree(guest_irqs.lines);
	guest_irqs.lines = NULL;
}

struct irq_desc *guest_irq_desc(unsigned int irq)
{
	if (irq >= guest_irqs.msi_base) {
		irq -= guest_irqs.msi_base;
		if (irq < guest_irqs.nr_msis && guest_irqs.msis[irq].allocated)
			return &guest_irqs.msis[irq];
		return NULL;
	}
	if (irq < IRQ_LINE_BASE || irq - IRQ_LINE_BASE >= gk.info->irq_lines)
		return NULL;
	return &guest_irqs.lines[irq - IRQ_LINE_BASE];
}

/*
 * The handler's number for account(): the same for request and free, no host
 * address in it.
 */
static u64 handler_id(unsigned int irq, const void *dev_id)
{
	u32 low = virt_addr_valid(dev_id) ?
			  (u32)virt_to_phys(dev_id) :
			  (u32)((unsigned long)dev_id - (unsigned long)&gk);

	return (u64)irq << 32 | (dev_id ? low : 0);
}

static void note_owner(const struct irqaction *action,
		       enum machine_note_kind kind)
{
	const struct irq_desc *desc = action->desc;
	bool msi = desc->irq >= guest_irqs.msi_base;
	u64 number = desc->index;

	if (msi)
		number = gk.info->msi_first_vector + desc->vector;
	gk.calls->note(gk.m, &(struct machine_note){
		.kind = kind,
		.device = action->device,
		.text = action->name,
		.index = msi ? MACHINE_IRQ_MSI : MACHINE_IRQ_LINE,
		.value = (u64)desc->cpu << 16 | number,
	});
}

void guest_irq_note_owners(const struct irq_desc *desc,
			   enum machine_note_kind kind)
{
	const struct irqaction *action;

	for (action = desc->actions; action; action = action->next)
		note_owner(action, kind);
}

/* ---- request ---- */

static irqreturn_t wake_only(int irq, void *dev_id)
{
	(void)irq;
	(void)dev_id;
	return IRQ_WAKE_THREAD;
}

/* May this one join those that are there?  Both sides must agree to share. */
static int check_shared(const struct irq_desc *desc, unsigned long flags)
{
	if (!desc->actions)
		return 0;
	return flags & desc->actions->flags & IRQF_SHARED ? 0 : -EBUSY;
}

static void install(struct irq_desc *desc, struct irqaction *action)
{
	struct irqaction **at;
	bool first = !desc->actions;
	unsigned long flags;

	for (at = &desc->actions; *at; at = &(*at)->next)
		;
	*at = action;
	guest_account(MACHINE_RES_IRQ_HANDLER,
		      handler_id(desc->irq, action->dev_id), 1,
		      action->device);
	note_owner(action, MACHINE_NOTE_IRQ_OWNER);
	if (!first) {
		guest_irq_note_new_handler(desc);
		return;
	}
	spin_lock_irqsave(&desc->lock, flags);
	desc->count = desc->unhandled = 0;
	desc->spurious_disabled = false;
	desc->pending = desc->again = false;
	desc->depth = action->flags & IRQF_NO_AUTOEN ? 1 : 0;
	if (!desc->depth)
		desc->chip->mask(desc, false);
	spin_unlock_irqrestore(&desc->lock, flags);
}

static int start_thread(struct irqaction *action)
{
	char name[TASK_COMM_LEN];

	if (!action->thread_fn)
		return 0;
	snprintf(name, sizeof(name), "irq/%u-%s", action->desc->irq,
		 action->name);
	action->thread = guest_kthread_own(guest_irq_thread, action, name,
					   action->desc->cpu);
	if (!action->thread)
		return -ENOMEM;
	wake_up_process(action->thread);
	return 0;
}

static int request(struct irq_desc *desc, const struct irqaction *want)
{
	struct irqaction *action;
	int err = guest_fault(&site_request, NULL, GUEST_FAULT_NO_INDEX);

	if (err)
		return err;
	err = check_shared(desc, want->flags);
	if (err)
		return err;
	action = kzalloc(sizeof(*action), GFP_KERNEL);
	if (!action)
		return -ENOMEM;
	*action = *want;
	action->desc = desc;
	err = start_thread(action);
	if (err) {
		kfree(action);
		return err;
	}
	install(desc, action);
	return 0;
}

static int check_request(const struct irqaction *want)
{
	if (!want->handler && !want->thread_fn)
		return -EINVAL;
	if ((want->flags & IRQF_SHARED) &&
	    (!want->dev_id || (want->flags & IRQF_NO_AUTOEN)))
		return -EINVAL;
	/* A level line would come again at once, before its thread ran. */
	if (!want->handler && !(want->flags & IRQF_ONESHOT))
		return -EINVAL;
	return 0;
}

int request_threaded_irq(unsigned int irq, irq_handler_t handler,
			 irq_handler_t thread_fn, unsigned long flags,
			 const char *name, void *dev_id)
{
	struct irq_desc *desc = guest_irq_desc(irq);
	struct irqaction want = {
		.handler = handler,
		.thread_fn = thread_fn,
		.flags = flags,
		.name = name ? name : "?",
		.dev_id = dev_id,
		.device = guest_current_context()->device,
	};
	char text[64];
	int err;

	guest_may_sleep("request_irq");
	err = desc ? check_request(&want) : -EINVAL;
	if (!handler)
		want.handler = wake_only;
	if (!err)
		err = request(desc, &want);
	snprintf(text, sizeof(text), "request_irq(%s)", want.name);
	guest_note_service(NULL, text, err);
	return err;
}

/* ---- free ---- */

static struct irqaction *unlink_action(struct irq_desc *desc, void *dev_id)
{
	struct irqaction **at, *action;

	for (at = &desc->actions; *at; at = &(*at)->next) {
		action = *at;
		if (action->dev_id == dev_id) {
			*at = action->next;
			return action;
		}
	}
	return NULL;
}

const void *free_irq(unsigned int irq, void *dev_id)
{
	struct irq_desc *desc = guest_irq_desc(irq);
	struct irqaction *action = desc ? unlink_action(desc, dev_id) : NULL;
	unsigned long flags;
	const char *name;

	guest_may_sleep("free_irq");
	if (!action) {
		WARN(1, "Trying to free already-free IRQ %u\n", irq);
		/* The machine reports what is returned twice. */
		guest_account(MACHINE_RES_IRQ_HANDLER, handler_id(irq, dev_id),
			      -1, guest_current_context()->device);
		return NULL;
	}
	if (!desc->actions) {
		spin_lock_irqsave(&desc->lock, flags);
		desc->depth = 1;
		desc->chip->mask(desc, true);
		spin_unlock_irqrestore(&desc->lock, flags);
		WARN(desc->hint, "IRQ %u is freed with an affinity hint\n",
		     irq);
		desc->hint = NULL;
	}
	synchronize_irq(irq);
	if (action->thread)
		kthread_stop(action->thread);
	note_owner(action, MACHINE_NOTE_IRQ_RELEASED);
	guest_account(MACHINE_RES_IRQ_HANDLER, handler_id(irq, dev_id), -1,
		      action->device);
	name = action->name;
	kfree(action);
	return name;
}

/* ---- disable and enable ---- */

static bool is_active(const struct irq_desc *desc)
{
	const struct irqaction *action;

	for (action = desc->actions; action; action = action->next)
		if (action->thread_due || action->thread_runs)
			return true;
	return desc->running;
}

void synchronize_irq(unsigned int irq)
{
	struct irq_desc *desc = guest_irq_desc(irq);

	if (!desc)
		return;
	guest_may_sleep("synchronize_irq");
	wait_event(desc->wait, !is_active(desc));
}

void disable_irq_nosync(unsigned int irq)
{
	struct irq_desc *desc = guest_irq_desc(irq);
	unsigned long flags;

	if (!desc)
		return;
	spin_lock_irqsave(&desc->lock, flags);
	if (desc->depth++ == 0)
		desc->chip->mask(desc, true);
	spin_unlock_irqrestore(&desc->lock, flags);
}

void disable_irq(unsigned int irq)
{
	disable_irq_nosync(irq);
	synchronize_irq(irq);
}

static void unmask(struct irq_desc *desc)
{
	unsigned long flags;

	spin_lock_irqsave(&desc->lock, flags);
	if (!desc->depth)
		desc->chip->mask(desc, false);
	spin_unlock_irqrestore(&desc->lock, flags);
}

void enable_irq(unsigned int irq)
{
	struct irq_desc *desc = guest_irq_desc(irq);
	unsigned long flags;

	if (!desc || WARN(!desc->depth, "Unbalanced enable for IRQ %u\n", irq))
		return;
	if (--desc->depth)
		return;
	if (desc->pending) {
		/* A message that came meanwhile comes now. */
		desc->pending = false;
		local_irq_save(flags);
		guest_irq_handle(desc);
		local_irq_restore(flags);
	}
	unmask(desc);
}
