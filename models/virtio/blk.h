/* SPDX-License-Identifier: MIT */
/*
 * virtio-blk (virtio 1.2 section 5.2): what blk.c, which builds the device and
 * has its configuration space, shares with blk_request.c, which serves requests.
 */
#ifndef RINGSIDE_MODELS_VIRTIO_BLK_H
#define RINGSIDE_MODELS_VIRTIO_BLK_H

#include "models/virtio/disk_image.h"
#include "models/virtio/virtio.h"

#define VIRTIO_ID_BLOCK 2u

/* Feature bits, 5.2.3. */
#define VIRTIO_BLK_F_SEG_MAX 2
#define VIRTIO_BLK_F_RO 5
#define VIRTIO_BLK_F_BLK_SIZE 6
#define VIRTIO_BLK_F_FLUSH 9
#define VIRTIO_BLK_F_TOPOLOGY 10
#define VIRTIO_BLK_F_CONFIG_WCE 11
#define VIRTIO_BLK_F_MQ 12
#define VIRTIO_BLK_F_DISCARD 13
#define VIRTIO_BLK_F_WRITE_ZEROES 14
#define VIRTIO_BLK_F_LIFETIME 15
#define VIRTIO_BLK_F_SECURE_ERASE 16

#define VIRTIO_BLK_ID_BYTES 20u

/* One request of DISCARD, WRITE_ZEROES or SECURE_ERASE; configuration space says
 * so too. */
#define VBLK_MAX_RANGE_SECTORS 0x8000u
#define VBLK_MAX_RANGES 16u

/* Rules of block devices alone that a disk can be made to break; as
 * models/virtio/quirks.h. */
#define VBLK_QUIRKS(X)                                                        \
	X(VBLK_QUIRK_OVERFLOW, "device.blk.overflow", true, NULL,             \
	  "the range check of a read or write overflows: a sector times 512 " \
	  "is taken modulo 2^64, and what is beyond the disk may be served "  \
	  "from its beginning")                                               \
	X(VBLK_QUIRK_READ_ONLY, "device.blk.read_only", true, NULL,           \
	  "a write to a read-only disk is served")                            \
	X(VBLK_QUIRK_FLAGS, "device.blk.flags", true, NULL,                   \
	  "the flags of a range that is discarded, erased or zeroed are not " \
	  "looked at")                                                        \
	X(VBLK_QUIRK_ZEROES, "device.blk.zeroes", true, NULL,                 \
	  "a range that is to be zeroed keeps what it has")                   \
	X(VBLK_QUIRK_WRITEBACK, "device.blk.writeback", false, NULL,          \
	  "writeback begins as 1 without FLUSH too")                          \
	X(VBLK_QUIRK_PADDING, "device.blk.padding", false, NULL,              \
	  "the padding of the configuration is not 0")                        \
	X(VBLK_QUIRK_LIFETIME, "device.blk.lifetime", true, NULL,             \
	  "GET_LIFETIME answers with values that are reserved")

enum vblk_quirk {
	VBLK_QUIRKS(MODEL_QUIRK_ENUM)
	VBLK_QUIRK_COUNT
};

struct virtio_blk {
	struct virtio_device vdev; /* first */
	struct disk_image *image;
	uint64_t sectors;
	uint64_t latency;          /* ps a request */
	uint32_t seg_max;
	bool read_only;
	char serial[VIRTIO_BLK_ID_BYTES]; /* padded with NUL, not ended by one */
	struct model_fault_site io_fault;
	struct model_fault_site quirks[VBLK_QUIRK_COUNT];
};

/* Shall the rule be broken now, for a queue or VIRTIO_NO_QUEUE? */
static inline bool vblk_quirk(struct virtio_blk *blk, enum vblk_quirk quirk,
			      uint16_t queue)
{
	return model_quirk(blk->vdev.host, &blk->quirks[quirk],
			   queue == VIRTIO_NO_QUEUE ? UINT32_MAX : queue);
}

extern const struct device_model virtio_blk_model;
extern const struct reg_block vblk_config_regs;

/* vq_request_fn: serves the request in vq->chain. */
enum vq_result vblk_request(struct virtio_device *vdev, struct vq *vq,
			    uint32_t *len);

#endif
