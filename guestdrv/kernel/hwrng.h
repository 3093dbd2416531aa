/* SPDX-License-Identifier: MIT */
/* Reading from a registered source of random bytes; for hwrng_action.c. */
#ifndef GUESTDRV_KERNEL_HWRNG_H
#define GUESTDRV_KERNEL_HWRNG_H

#include <linux/hw_random.h>

/* The source that this device's driver has registered, or NULL.  It stays
 * until the matching put. */
struct hwrng *guest_hwrng_get(u32 device);
void guest_hwrng_put(struct hwrng *rng);
/* Fills all of buf, however long that takes. -ENODEV: it went away meanwhile;
 * -EIO: it has nothing to give. */
int guest_hwrng_read(struct hwrng *rng, u8 *buf, size_t len);

#endif
