/* SPDX-License-Identifier: MIT */
/*
 * The block driver's own structures (virtio 1.2, 5.2): one device, its request
 * queues, and a request on its way.  Shared by virtio_blk.c (coming and going),
 * virtio_blk_request.c (requests) and virtio_blk_actions.c (the workload).
 */
#ifndef RINGSIDE_GUESTDRV_DRIVERS_VIRTIO_BLK_H
#define RINGSIDE_GUESTDRV_DRIVERS_VIRTIO_BLK_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/scatterlist.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "guestdrv/virtio/virtio.h"

/* 5.2.3: feature bits. */
#define VIRTIO_BLK_F_SIZE_MAX 1
#define VIRTIO_BLK_F_SEG_MAX 2
#define VIRTIO_BLK_F_RO 5
#define VIRTIO_BLK_F_BLK_SIZE 6
#define VIRTIO_BLK_F_FLUSH 9
#define VIRTIO_BLK_F_MQ 12
#define VIRTIO_BLK_F_DISCARD 13
#define VIRTIO_BLK_F_WRITE_ZEROES 14
#define VIRTIO_BLK_F_LIFETIME 15
#define VIRTIO_BLK_F_SECURE_ERASE 16

/* 5.2.6: kinds of request, and how they end. */
#define VIRTIO_BLK_T_IN 0u
#define VIRTIO_BLK_T_OUT 1u
#define VIRTIO_BLK_T_FLUSH 4u
#define VIRTIO_BLK_T_GET_ID 8u
#define VIRTIO_BLK_T_GET_LIFETIME 10u
#define VIRTIO_BLK_T_DISCARD 11u
#define VIRTIO_BLK_T_WRITE_ZEROES 13u
#define VIRTIO_BLK_T_SECURE_ERASE 14u
#define VIRTIO_BLK_S_OK 0u
#define VIRTIO_BLK_S_IOERR 1u
#define VIRTIO_BLK_S_UNSUPP 2u

/* 5.2.4: a sector is 512 bytes whatever blk_size says; 5.2.6: an id is 20. */
#define VIRTIO_BLK_SECTOR 512u
#define VIRTIO_BLK_ID_BYTES 20u

/* 5.2.4: offsets in the device configuration. */
#define VIRTIO_BLK_CFG_CAPACITY 0u    /* le64, sectors */
#define VIRTIO_BLK_CFG_SIZE_MAX 8u    /* le32, bytes of a segment */
#define VIRTIO_BLK_CFG_SEG_MAX 12u    /* le32 */
#define VIRTIO_BLK_CFG_BLK_SIZE 20u   /* le32 */
#define VIRTIO_BLK_CFG_NUM_QUEUES 34u /* le16 */
/* The largest range and the most ranges of a request, le32 each. */
#define VIRTIO_BLK_CFG_DISCARD 36u
#define VIRTIO_BLK_CFG_WRITE_ZEROES 48u
#define VIRTIO_BLK_CFG_SECURE_ERASE 60u

/*
 * 5.2.6: a request in memory; data and status are elements of their own
 *
 *   +-----------+-----------+-------------------+  read by the device
 *   | type (4)  | reserved  | sector (8)        |
 *   +-----------+-----------+-------------------+
 *   | data, a multiple of 512 bytes             |  read (OUT) or written
 *   +--------+----------------------------------+
 *   | status |                                     written
 *   +--------+
 */
struct virtio_blk_outhdr {
	__le32 type;
	__le32 reserved;
	__le64 sector;
};

_Static_assert(sizeof(struct virtio_blk_outhdr) == 16, "5.2.6");

/*
 * 5.2.6: what DISCARD, WRITE_ZEROES and SECURE_ERASE carry, any number of these
 *
 *   +-------------------+-----------------+-----------+  read by the device
 *   | sector (8)        | num_sectors (4) | flags (4) |
 *   +-------------------+-----------------+-----------+
 */
struct virtio_blk_range {
	__le64 sector;
	__le32 num_sectors;
	__le32 flags;
};

_Static_assert(sizeof(struct virtio_blk_range) == 16, "5.2.6");

/* The only flag: WRITE_ZEROES may deallocate. */
#define VIRTIO_BLK_RANGE_UNMAP 1u

/* Does the device read the data of such a request, and not write it? */
static inline bool virtblk_is_out(u32 type)
{
	return type == VIRTIO_BLK_T_OUT || type >= VIRTIO_BLK_T_DISCARD;
}

/* Requests of one queue that can be in flight, at most. */
#define VIRTBLK_QUEUE_DEPTH 64u
/* Pieces into which a request's data is cut where size_max asks for it. */
#define VIRTBLK_MAX_SEGS 16u

/* Where finished requests go: whoever waits for them. */
struct virtblk_stream {
	spinlock_t lock;
	struct list_head done; /* struct virtblk_req.list, in order of ending */
	wait_queue_head_t wait;
	unsigned int in_flight; /* the waiter's own count */
};

/* A request.  Lives in DMA-able memory as long as its queue does. */
struct virtblk_req {
	struct virtio_blk_outhdr hdr; /* the device reads this */
	u8 status;                    /* the device writes this */
	struct virtblk_queue *queue;
	struct virtblk_stream *stream;
	struct list_head list; /* in queue->free or stream->done */
	u32 type;
	bool sent;             /* the device has, or had it */
	u64 sector;
	void *data;            /* kmalloc'd; NULL: none */
	u32 len;
	int result;            /* once it is done: 0 or -errno */
};

struct virtblk_queue {
	struct virtio_blk *vblk;
	struct virtqueue *vq;
	spinlock_t lock;            /* the virtqueue and the free list */
	struct list_head free;      /* struct virtblk_req.list */
	struct virtblk_req *reqs;
	unsigned int nreqs;
	bool stopped;               /* it is being reset: nothing is sent */
	struct list_head parked;    /* what was in flight then */
	wait_queue_head_t space;    /* the free list got something */
	char name[16];
};

struct virtio_blk {
	struct virtio_device *vdev;
	struct list_head list;      /* of all devices */
	u32 bdf;                    /* how the workload names it */
	struct virtblk_queue *queues;
	unsigned int nqueues;
	u64 capacity;               /* sectors */
	u32 size_max;               /* bytes of a segment */
	u32 max_segs;               /* of a request */
	u32 max_sectors;            /* of a request */
	bool read_only;
	bool flush;
	bool notify_locked;         /* kick with the queue's lock held */
	bool ready;                 /* probe is through, remove not begun */
	int dead;                   /* -errno of every further request */
	unsigned int users;         /* actions that hold it */
	wait_queue_head_t idle;     /* users came down to 0 */
	struct mutex reset_lock;    /* of the device or a queue: one at a time */
	struct work_struct config_work;
	struct work_struct fail_work;
};

/* What a request is about. */
struct virtblk_what {
	u32 type;
	u64 sector;
	void *data;
	u32 len; /* bytes, at most max_sectors * 512 */
};

/* One request, start to end; `queue` -1: any.  guest_note_request is called. */
int virtblk_ask(struct virtio_blk *vblk, int queue,
		const struct virtblk_what *what);

/* The device that the workload means, held until virtblk_put; NULL: none such
 * is bound to this driver. */
struct virtio_blk *virtblk_get(u32 bdf);
void virtblk_put(struct virtio_blk *vblk);

void virtblk_stream_init(struct virtblk_stream *stream);
/*
 * Sends a request; it comes back through virtblk_wait, whatever became of it.
 * -EAGAIN: all requests of the queue are in flight, some of them the caller's;
 * if none is, waits for one.
 */
int virtblk_start(struct virtblk_queue *queue, struct virtblk_stream *stream,
		  const struct virtblk_what *what);
/* The next of the stream's requests to end; waits for it. */
struct virtblk_req *virtblk_wait(struct virtblk_stream *stream);
/* Gives a finished request back to its queue. */
void virtblk_free(struct virtblk_req *req);

/*
 * Resets a queue on its own and gives it back to the device with so many entries
 * (0: as before).  What is in flight is sent again.  -EINVAL: no number of entries
 * that the queue's requests fit into; -EOPNOTSUPP: no RING_RESET.  After other
 * errors the device stays down until it is bound again.
 */
int virtblk_reset_queue(struct virtblk_queue *queue, unsigned int entries);

/* The callback of a request queue: interrupt context. */
void virtblk_done(struct virtqueue *vq);
/* Ends what is in flight with -EIO.  After a reset only: the device has let go
 * of the memory. */
void virtblk_fail_outstanding(struct virtio_blk *vblk);

#endif
