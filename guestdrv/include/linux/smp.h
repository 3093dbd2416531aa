/* SPDX-License-Identifier: MIT */
/* The processors.  A thread is pinned, so its CPU never changes. */
#ifndef LINUX_SMP_H
#define LINUX_SMP_H

#include <ringside/context.h>

#define smp_processor_id() (guest_current_context()->cpu)
#define raw_smp_processor_id() smp_processor_id()
#define get_cpu() (preempt_disable(), smp_processor_id())
#define put_cpu() preempt_enable()
unsigned int num_online_cpus(void);
#define num_possible_cpus() num_online_cpus()
#define num_present_cpus() num_online_cpus()
#define nr_cpu_ids num_online_cpus()

#endif
