/* SPDX-License-Identifier: MIT */
/* What the kernel counts about memory (linux/vmstat.h). */
#include "guestdrv/kernel/kernel.h"

#include <linux/string.h>
#include <linux/vmstat.h>

static unsigned long vm_events[NR_VM_EVENT_ITEMS];

void guest_vmstat_boot(void)
{
	memset(vm_events, 0, sizeof(vm_events));
}

void count_vm_events(enum vm_event_item item, long delta)
{
	vm_events[item] += (unsigned long)delta;
}

void all_vm_events(unsigned long *sums)
{
	memcpy(sums, vm_events, sizeof(vm_events));
}
