/* SPDX-License-Identifier: MIT */
/*
 * A virtqueue as the device sees it: take a chain of buffers, read and write
 * them by DMA, give the chain back, decide about the interrupt.  Source: virtio
 * 1.2 section 2.7 (split virtqueues).  Read by device types, which call
 * vq_serve() from their lanes.
 *
 * One lane serves a queue, one request at a time and in order.  A request that
 * was cut off (DMA_CANCELED: Bus Master went off) is still the oldest in the
 * ring and is done again when the lane next runs.
 */
#ifndef RINGSIDE_MODELS_VIRTIO_VQ_H
#define RINGSIDE_MODELS_VIRTIO_VQ_H

#include <stdbool.h>
#include <stdint.h>

#include "models/pci/function.h"

#define VQ_SIZE_MAX 32768u  /* virtio 1.2 2.7 */
/* Buffers of one chain; a limit of ours, as 2.7.4.1 permits. */
#define VQ_CHAIN_MAX 1024u
#define VQ_HEADS 16u   /* avail ring entries fetched in one go */
#define VQ_DESCS 32u   /* indirect descriptors fetched in one go */

struct virtio_device;

enum vq_result {
	VQ_OK,
	VQ_EMPTY,   /* nothing available */
	VQ_BROKEN,  /* the device needs a reset; stop */
	VQ_CANCELED /* return at once, touch nothing */
};

/* One buffer: `len` bytes at bus address `addr`. */
struct vq_buf {
	uint64_t addr;
	uint32_t len;
};

/* The next byte of a chain's device-readable or device-writable part. */
struct vq_pos {
	uint32_t buf;    /* index in chain.bufs */
	uint32_t offset; /* bytes into it */
};

/* A request: first nout buffers that the device reads, then nin that it
 * writes. */
struct vq_chain {
	uint16_t head;
	uint32_t nout, nin;
	uint64_t out_len, in_len; /* bytes */
	uint64_t written;         /* by vq_write so far */
	struct vq_pos out, in;    /* moved by vq_read, vq_write */
	struct vq_buf *bufs;      /* VQ_CHAIN_MAX */
};

struct vq {
	struct virtio_device *vdev;
	uint16_t index;
	uint16_t max_size;
	/* Latched by the transport at queue_enable. */
	bool enabled;
	uint16_t size;
	uint64_t desc, avail, used;
	/* Positions, free-running modulo 65536. */
	uint16_t last_avail; /* next to take */
	uint16_t avail_idx;  /* as last read from the driver */
	uint16_t last_used;  /* as last written to the driver */
	uint16_t signalled;  /* last_used when an interrupt was last decided */
	uint16_t avail_event;/* as last written */
	bool avail_event_known;
	bool batched;        /* decide about interrupts once a batch */
	/* Called when a chain has been given back by vq_serve; NULL: nobody. */
	void (*pushed)(struct vq *vq);
	bool no_notify;      /* used.flags holds VIRTQ_USED_F_NO_NOTIFY */
	uint16_t heads_at, nheads; /* heads[] holds positions from heads_at on */
	uint8_t heads[VQ_HEADS * 2];
	uint32_t descs_at, ndescs; /* descs[] holds entries from descs_at on */
	uint8_t descs[VQ_DESCS * 16];
	struct vq_chain chain; /* the request being served */
};

/* False: out of memory. */
bool vq_init(struct vq *vq, struct virtio_device *vdev, uint16_t index,
	     uint16_t max_size);
void vq_fini(struct vq *vq);
/* Everything at reset values, not enabled. */
void vq_reset(struct vq *vq);

/* Serves vq->chain; *len becomes the used length: bytes written without a gap
 * from the first device-writable byte on.  Anything but VQ_OK ends the lane. */
typedef enum vq_result vq_request_fn(struct virtio_device *vdev,
				     struct vq *vq, uint32_t *len);
/* Takes, serves and gives back chains until the queue is empty.  Each used index
 * is written on its own.  The decision about the interrupt comes after each
 * chain or, with vq->batched, after up to VQ_HEADS that were available together:
 * right for devices that take no time between them.  Lane code. */
void vq_serve(struct vq *vq, vq_request_fn *request);

/* ---- the steps of vq_serve, for devices that need them apart ---- */

/* Takes the next chain into vq->chain. */
enum vq_result vq_pop(struct vq *vq);
/* Gives vq->chain back: used element, then used index. */
enum vq_result vq_push(struct vq *vq, uint32_t len);
/* Decides about the interrupt for what was pushed since the last decision. */
enum vq_result vq_notify(struct vq *vq);
/* Before sleeping: kicks on again.  VQ_OK: there is more to take already. */
enum vq_result vq_rearm(struct vq *vq);

/* ---- vq_io.c ---- */

/* Copies between the chain and `buf`, at the chain's positions, and moves them.
 * The caller has checked that so many bytes are left. */
enum dma_result vq_read(struct vq *vq, void *buf, uint64_t len);
enum dma_result vq_write(struct vq *vq, const void *buf, uint64_t len);
/* One byte at the very end of the device-writable part. */
enum dma_result vq_write_last(struct vq *vq, uint8_t byte);

/* The event index rule (2.7.7, 2.7.10): has the index moved past `event` on its way
 * from `old` to `now`? */
static inline bool vq_need_event(uint16_t event, uint16_t now, uint16_t old)
{
	return (uint16_t)(now - event - 1) < (uint16_t)(now - old);
}

#endif
