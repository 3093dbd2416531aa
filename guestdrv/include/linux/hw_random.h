/* SPDX-License-Identifier: MIT */
/*
 * Hardware sources of random bytes (kernel/hwrng.c).  They are read when
 * somebody asks; no thread of the kernel collects from them on its own.
 */
#ifndef LINUX_HW_RANDOM_H
#define LINUX_HW_RANDOM_H

#include <linux/completion.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/types.h>

struct hwrng {
	const char *name;                 /* no other may have it */
	int (*init)(struct hwrng *rng);   /* when it is registered */
	/* When the last reader is gone after hwrng_unregister. */
	void (*cleanup)(struct hwrng *rng);
	/* Bytes that were put at data, up to max; with `wait` it may sleep until
	 * there are some.  0: none now.  Or -errno. */
	int (*read)(struct hwrng *rng, void *data, size_t max, bool wait);
	unsigned long priv;
	unsigned short quality;           /* bits of entropy in 1024 bits */

	struct list_head list;            /* the kernel's own from here */
	struct kref ref;
	struct completion cleanup_done;
	struct completion dying;
	struct mutex reading;             /* one reader at a time */
	u32 device;
};

/* -EINVAL: no name, or nothing to read with; -EEXIST: the name is taken. */
int hwrng_register(struct hwrng *rng);
/* Afterwards none of its functions runs any more. */
void hwrng_unregister(struct hwrng *rng);
/* Sleeps, but not beyond hwrng_unregister; 0: all of the time. */
long hwrng_msleep(struct hwrng *rng, unsigned int msecs);

#endif
