/* SPDX-License-Identifier: MIT */
/*
 * Caches that can give memory back when it gets short (kernel/reclaim.c).  Two
 * generations of the interface: a shrinker that its owner embeds, and one that
 * the kernel allocates (since Linux 6.7).
 */
#ifndef LINUX_SHRINKER_H
#define LINUX_SHRINKER_H

#include <linux/compiler.h>
#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/types.h>

struct shrink_control {
	gfp_t gfp_mask;           /* of the allocation that needs it */
	int nid;
	unsigned long nr_to_scan; /* objects to look at */
	unsigned long nr_scanned; /* that were */
};

#define SHRINK_STOP (~0ul)       /* scan: no use to ask again now */
#define SHRINK_EMPTY (~0ul - 1)  /* count: nothing there */
#define DEFAULT_SEEKS 2

struct shrinker {
	unsigned long (*count_objects)(struct shrinker *s,
				       struct shrink_control *sc);
	/* How many objects it has freed, or SHRINK_STOP. */
	unsigned long (*scan_objects)(struct shrinker *s,
				      struct shrink_control *sc);
	long batch;               /* objects of a scan; 0: the usual number */
	int seeks;
	unsigned int flags;
	void *private_data;
	struct list_head list;    /* the kernel's own from here */
	u32 device;
};

__printf(2, 3) int register_shrinker(struct shrinker *shrinker,
				     const char *fmt, ...);
/* Afterwards it is not called any more. */
void unregister_shrinker(struct shrinker *shrinker);

__printf(2, 3) struct shrinker *shrinker_alloc(unsigned int flags,
					       const char *fmt, ...);
void shrinker_register(struct shrinker *shrinker);
/* Also of one that was never registered, or NULL. */
void shrinker_free(struct shrinker *shrinker);

#endif
