/* SPDX-License-Identifier: MIT */
/*
 * What a driver tells the machine about its progress.  It is printed beside
 * what was observed, never believed.  `dev` is any device at or below a PCI
 * function.
 */
#ifndef RINGSIDE_NOTE_H
#define RINGSIDE_NOTE_H

#include <linux/compiler.h>
#include <linux/types.h>

struct device;

/* MACHINE_BDF of the PCI function that dev is or lies below; GUEST_NO_DEVICE:
 * none.  NULL: whose probe, remove or action is running here. */
u32 guest_device_bdf(const struct device *dev);
/* The PCI function's device by that number (an action's parameter of type
 * GUEST_PARAM_DEVICE), or NULL. */
struct device *guest_device_find(u32 bdf);
/* A rung of the image's ladder is tried; err: 0 or -errno. */
void guest_note_rung_begin(const struct device *dev, const char *rung);
void guest_note_rung_end(const struct device *dev, const char *rung, int err);
/* A service or check that a rung depends on has answered: >= 0 or -errno. */
void guest_note_service(const struct device *dev, const char *text,
			s64 result);
/* A request of the workload has ended: 0 or -errno. */
void guest_note_request(const struct device *dev, int result);
/* Anything else worth a line. */
__printf(2, 3) void guest_note_step(const struct device *dev,
				    const char *fmt, ...);

/* `len` bytes at byte `offset` of the device's medium were read into buf (were
 * acknowledged as written from buf).  False: the machine's copy differs. */
bool guest_data_read(const struct device *dev, u64 offset, const void *buf,
		     u64 len);
bool guest_data_written(const struct device *dev, u64 offset, const void *buf,
			u64 len);
/* The device had a write of them, and it failed: what the medium holds now, they
 * or what was there before, shows when it is read. */
void guest_data_in_doubt(const struct device *dev, u64 offset, const void *buf,
			 u64 len);

#endif
