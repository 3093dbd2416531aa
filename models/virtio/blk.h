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

#define VIRTIO_BLK_ID_BYTES 20u

/* One request of DISCARD or WRITE_ZEROES, what configuration space says too. */
#define VBLK_MAX_RANGE_SECTORS 0x8000u
#define VBLK_MAX_RANGES 16u

struct virtio_blk {
	struct virtio_device vdev; /* first */
	struct disk_image *image;
	uint64_t sectors;
	uint64_t latency;          /* ps a request */
	uint32_t seg_max;
	bool read_only;
	char serial[VIRTIO_BLK_ID_BYTES]; /* padded with NUL, not ended by one */
	struct model_fault_site io_fault, overflow_fault;
};

extern const struct device_model virtio_blk_model;
extern const struct reg_block vblk_config_regs;

/* vq_request_fn: serves the request in vq->chain. */
enum vq_result vblk_request(struct virtio_device *vdev, struct vq *vq,
			    uint32_t *len);

#endif
