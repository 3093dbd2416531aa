/* SPDX-License-Identifier: MIT */
/*
 * The part of virtio 1.2 that bare.c speaks: names and layouts, no code.
 */
#ifndef RINGSIDE_EXAMPLES_GUEST_BARE_VIRTIO_H
#define RINGSIDE_EXAMPLES_GUEST_BARE_VIRTIO_H

#include <stddef.h>
#include <stdint.h>

/* 4.1.2: vendor 0x1AF4, device 0x1040 + 2 (block), as config dword 0. */
#define VIRTIO_BLK_IDS 0x10421af4u

/* cfg_type of a capability, 4.1.4 */
enum { COMMON = 1, NOTIFY = 2, DEVICE = 4 };

/* The common configuration structure, 4.1.4.3 */
enum {
	DEVICE_FEATURE_SELECT = 0x00,
	DEVICE_FEATURE = 0x04,
	DRIVER_FEATURE_SELECT = 0x08,
	DRIVER_FEATURE = 0x0c,
	STATUS = 0x14,
	CONFIG_GENERATION = 0x15,
	QUEUE_SELECT = 0x16,
	QUEUE_SIZE = 0x18,
	QUEUE_ENABLE = 0x1c,
	QUEUE_NOTIFY_OFF = 0x1e,
	QUEUE_DESC = 0x20,
	QUEUE_DRIVER = 0x28,
	QUEUE_DEVICE = 0x30
};

/* device_status, 2.1 */
enum {
	ACKNOWLEDGE = 1,
	DRIVER = 2,
	DRIVER_OK = 4,
	FEATURES_OK = 8,
	FAILED = 128
};

#define VERSION_1_HIGH 1u /* VIRTIO_F_VERSION_1, bit 32, in the window above */

/* Linux's numbers, as door 1 wants them */
enum { EIO = 5, ENXIO = 6, ENODEV = 19, EINVAL = 22 };

/*
 * A split virtqueue of four (2.7) and one block request (5.2.6).
 *
 *    0 desc[4]  addr:64 len:32 flags:16 next:16
 *   64 avail    flags:16 idx:16 ring[4]:16
 *   76 used     flags:16 idx:16 ring[4]: id:32 len:32
 *  112 request  type:32 reserved:32 sector:64
 *  128 data     then the status byte
 */
#define ENTRIES 4u
#define F_NEXT 1u         /* VIRTQ_DESC_F_NEXT */
#define F_WRITE 2u        /* VIRTQ_DESC_F_WRITE */
#define F_NO_INTERRUPT 1u /* VIRTQ_AVAIL_F_NO_INTERRUPT */
#define F_NO_NOTIFY 1u    /* VIRTQ_USED_F_NO_NOTIFY */

struct desc {
	uint64_t addr;
	uint32_t len;
	uint16_t flags, next;
};

struct memory {
	struct desc desc[ENTRIES];
	struct {
		uint16_t flags, idx, ring[ENTRIES];
	} avail;
	struct {
		uint16_t flags, idx;
		struct {
			uint32_t id, len;
		} ring[ENTRIES];
	} used;
	struct {
		uint32_t type, reserved;
		uint64_t sector;
	} request;
	uint8_t data[512], status;
};

_Static_assert(offsetof(struct memory, avail) == 64, "2.7.6");
_Static_assert(offsetof(struct memory, used) == 76, "2.7.8");
_Static_assert(offsetof(struct memory, request) == 112, "5.2.6");
_Static_assert(offsetof(struct memory, data) == 128, "5.2.6");

#endif
