/* SPDX-License-Identifier: MIT */
/*
 * The end of a grace period.  A reader holds its CPU, interrupts that are being
 * handled on it included; so when a thread has run on every CPU, whoever read
 * before is done.
 */
#include "guestdrv/kernel/kernel.h"

#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/smp.h>

static int pass_through(void *ran)
{
	complete(ran);
	return 0;
}

void synchronize_rcu(void)
{
	struct task_struct *task;
	struct completion ran;
	u32 cpu;

	might_sleep();
	for (cpu = 0; cpu < num_online_cpus(); cpu++) {
		if (cpu == smp_processor_id())
			continue;
		init_completion(&ran);
		task = guest_kthread_own(pass_through, &ran, "rcu", cpu);
		if (!task)
			guest_bug("out-of-memory", "no thread for rcu");
		wake_up_process(task);
		wait_for_completion(&ran);
		kthread_stop(task);
	}
}
