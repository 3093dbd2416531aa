/* SPDX-License-Identifier: MIT */
/*
 * Kernel threads.  The machine's thread is made when the task is first woken;
 * the task lives until kthread_stop, which waits for its end.
 */
#include "guestdrv/kernel/kernel.h"

#include <linux/bug.h>
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/slab.h>
#include <linux/smp.h>

GUEST_FAULT_SITE(site_create, "guest.kthread.create");

struct kthread {
	struct task_struct *task;
	int (*fn)(void *data);
	void *data;
	int result;
	u32 device;
	bool stop;
	bool started;
	struct completion exited;
};

static void kthread_main(void *arg)
{
	struct kthread *k = arg;

	guest_context_now = &k->task->ctx;
	k->task->ctx.device = k->device;
	k->result = k->fn(k->data);
	if (guest_context_atomic(&k->task->ctx))
		guest_sleep_in_atomic("the end of a kernel thread");
	complete_all(&k->exited);
	guest_context_now = NULL;
}

static struct task_struct *create(struct kthread *k, int (*fn)(void *data),
				  void *data, const char *name, u32 cpu)
{
	k->task = guest_task_create(name, cpu);
	if (!k->task)
		return NULL;
	k->fn = fn;
	k->data = data;
	k->device = guest_current_context()->device;
	init_completion(&k->exited);
	k->task->kthread = k;
	k->task->state = TASK_NEW;
	return k->task;
}

struct task_struct *guest_kthread_own(int (*fn)(void *data), void *data,
				      const char *name, u32 cpu)
{
	struct kthread *k = guest_alloc(sizeof(*k));
	struct task_struct *task;

	if (!k)
		return NULL;
	task = create(k, fn, data, name, cpu);
	if (!task)
		kfree(k);
	else
		k->device = GUEST_NO_DEVICE;
	return task;
}

struct task_struct *kthread_create(int (*fn)(void *data), void *data,
				   const char *fmt, ...)
{
	char name[TASK_COMM_LEN];
	struct task_struct *task;
	struct kthread *k;
	va_list args;
	int err = guest_fault(&site_create, NULL, GUEST_FAULT_NO_INDEX);

	if (err)
		return ERR_PTR(err);
	va_start(args, fmt);
	vscnprintf(name, sizeof(name), fmt, args);
	va_end(args);
	k = kzalloc(sizeof(*k), GFP_KERNEL);
	if (!k)
		return ERR_PTR(-ENOMEM);
	task = create(k, fn, data, name, smp_processor_id());
	if (task)
		return task;
	kfree(k);
	return ERR_PTR(-ENOMEM);
}

void kthread_bind(struct task_struct *task, unsigned int cpu)
{
	if (!WARN_ON(cpu >= num_online_cpus() || task->state != TASK_NEW))
		task->ctx.cpu = cpu;
}

void guest_kthread_start(struct task_struct *task)
{
	struct kthread *k = task->kthread;

	k->started = true;
	task->thread = gk.calls->thread_create(gk.m, task->comm, task->ctx.cpu,
					       kthread_main, k);
	if (!task->thread)
		guest_bug("out-of-memory", "no thread for %s", task->comm);
}

bool kthread_should_stop(void)
{
	struct kthread *k = current->kthread;

	return k && READ_ONCE(k->stop);
}

int kthread_stop(struct task_struct *task)
{
	struct kthread *k = task->kthread;
	int result = -EINTR;

	guest_may_sleep("kthread_stop");
	WRITE_ONCE(k->stop, true);
	if (k->started) {
		wake_up_process(task);
		wait_for_completion(&k->exited);
		result = k->result;
	}
	guest_task_free(task);
	kfree(k);
	return result;
}
