/* SPDX-License-Identifier: MIT */
/*
 * Which context runs: threads' tasks, each CPU's interrupt context, the pointer
 * to the present one, and lazy disabling of interrupts (ringside/context.h).
 * Everything that takes a lock or sleeps reads guest_context_now.
 */
#include "guestdrv/kernel/kernel.h"

#include <linux/bug.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

struct guest_kernel gk;
struct guest_context *guest_context_now;

static struct guest_context irq_contexts[GUEST_MAX_CPUS];
static struct task_struct idle_tasks[GUEST_MAX_CPUS];
static LIST_HEAD(tasks);

static void irq_context_boot(u32 cpu)
{
	struct task_struct *idle = &idle_tasks[cpu];

	*idle = (struct task_struct){ .ctx.cpu = cpu, .comm = "idle" };
	idle->ctx.device = GUEST_NO_DEVICE;
	idle->ctx.task = idle;
	/* The machine calls the interrupt entry with interrupts off. */
	irq_contexts[cpu] = (struct guest_context){
		.in_irq = true,
		.irqs_off = true,
		.irqs_hard_off = true,
		.cpu = cpu,
		.device = GUEST_NO_DEVICE,
		.task = idle,
		.what = "interrupt",
	};
}

void guest_context_boot(void)
{
	u32 cpu;

	guest_context_now = NULL;
	INIT_LIST_HEAD(&tasks);
	for (cpu = 0; cpu < GUEST_MAX_CPUS; cpu++)
		irq_context_boot(cpu);
}

void guest_context_shutdown(void)
{
	struct task_struct *task, *n;
	u32 cpu;

	list_for_each_entry_safe(task, n, &tasks, node)
		guest_task_free(task);
	guest_context_now = NULL;
	for (cpu = 0; cpu < GUEST_MAX_CPUS; cpu++)
		if (irq_contexts[cpu].spin_event)
			gk.calls->event_destroy(gk.m,
						irq_contexts[cpu].spin_event);
}

struct guest_context *guest_irq_context(u32 cpu)
{
	return &irq_contexts[cpu];
}

void guest_context_register(struct task_struct *task)
{
	list_add_tail(&task->node, &tasks);
}

static struct task_struct *task_of_thread(const void *thread)
{
	struct task_struct *task;

	list_for_each_entry(task, &tasks, node)
		if (task->thread == thread)
			return task;
	return NULL;
}

/*
 * Threads that the machine made (for boot, shutdown, actions) are met here for
 * the first time.
 */
struct guest_context *guest_context_find(void)
{
	void *thread = gk.calls->thread_self(gk.m);
	u32 cpu = gk.calls->cpu(gk.m);
	struct task_struct *task;

	if (!thread)
		return guest_context_now = &irq_contexts[cpu];
	task = task_of_thread(thread);
	if (!task) {
		/* Memory is taken in a context: the idle task's, meanwhile. */
		guest_context_now = &idle_tasks[cpu].ctx;
		task = guest_task_create("workload", cpu);
		if (!task)
			gk.calls->bug(gk.m, "out-of-memory",
				      "no memory for a thread's task");
		task->thread = thread;
	}
	return guest_context_now = &task->ctx;
}

u32 guest_context_device(u32 device)
{
	struct guest_context *ctx = guest_current_context();
	u32 was = ctx->device;

	ctx->device = device;
	return was;
}

void guest_irqs_hard_off(struct guest_context *ctx)
{
	gk.calls->irqs_enable(gk.m, false);
	ctx->irqs_hard_off = true;
}

void guest_irqs_hard_on(struct guest_context *ctx)
{
	if (ctx->in_irq) {
		ctx->irqs_off = true;
		WARN_ONCE(1, "interrupts enabled in interrupt handler %s\n",
			  ctx->what);
		return;
	}
	ctx->irqs_hard_off = false;
	guest_context_now = NULL;
	gk.calls->irqs_enable(gk.m, true);
	guest_context_now = ctx;
}

static const char *lock_name(const struct guest_context *ctx)
{
	const struct spinlock *lock = ctx->last_lock;

	return lock && lock->name ? lock->name : "a lock";
}

void guest_sleep_in_atomic(const char *who)
{
	const struct guest_context *ctx = guest_current_context();

	if (ctx->in_irq)
		guest_bug("sleep-in-atomic",
			  "%s may sleep, in the interrupt handler %s", who,
			  ctx->what ? ctx->what : "?");
	if (ctx->last_lock)
		guest_bug("sleep-in-atomic",
			  "%s may sleep, while holding the spin lock %s", who,
			  lock_name(ctx));
	if (ctx->in_timer)
		guest_bug("sleep-in-atomic",
			  "%s may sleep, in a timer's function", who);
	guest_bug("sleep-in-atomic", "%s may sleep, with %s disabled", who,
		  ctx->irqs_off ? "interrupts" : "preemption");
}

void cpu_relax(void)
{
	struct guest_context *ctx = guest_leave();

	gk.calls->relax(gk.m);
	guest_return(ctx);
}

unsigned int num_online_cpus(void)
{
	return gk.info->cpus;
}
