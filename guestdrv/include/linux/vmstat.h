/* SPDX-License-Identifier: MIT */
/*
 * What the kernel counts about memory (kernel/vmstat.c).  There is one zone, no
 * swap, no page cache and no background reclaim, so that most of what drivers
 * ask about stays 0; it is here because they ask.
 */
#ifndef LINUX_VMSTAT_H
#define LINUX_VMSTAT_H

#include <linux/compiler.h>
#include <linux/mmzone.h>
#include <linux/types.h>

#define CONFIG_VM_EVENT_COUNTERS 1

enum vm_event_item {
	ALLOCSTALL_NORMAL, /* allocations that had to reclaim first */
	OOM_KILL,
	PGFAULT,
	PGMAJFAULT,
	PSWPIN,
	PSWPOUT,
	PGSCAN_KSWAPD,
	PGSCAN_DIRECT,
	PGSTEAL_KSWAPD,
	PGSTEAL_DIRECT,
	BALLOON_INFLATE,   /* pages that drivers gave to balloons */
	BALLOON_DEFLATE,   /* and took back */
	BALLOON_MIGRATE,
	NR_VM_EVENT_ITEMS
};

enum node_stat_item { NR_FILE_PAGES, NR_VM_NODE_STAT_ITEMS };

void count_vm_events(enum vm_event_item item, long delta);
/* The sums of all CPUs, NR_VM_EVENT_ITEMS of them. */
void all_vm_events(unsigned long *sums);

static inline void count_vm_event(enum vm_event_item item)
{
	count_vm_events(item, 1);
}

#define __count_vm_event(item) count_vm_event(item)
#define __count_vm_events(item, delta) count_vm_events(item, delta)

static inline unsigned long global_node_page_state(enum node_stat_item item)
{
	(void)item;
	return 0;
}

#endif
