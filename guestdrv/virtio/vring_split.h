/* SPDX-License-Identifier: MIT */
/*
 * The split virtqueue in memory (virtio 1.2, 2.7) and the driver's own books
 * about it.  Private to virtio_ring*.c.  All fields of the three areas are
 * little-endian.
 *
 *   descriptor table   16 bytes each, written by the driver
 *     +--------------------------------+----------------+-------+-------+
 *     | addr (8)                       | len (4)        | flags | next  |
 *     +--------------------------------+----------------+-------+-------+
 *   available ring     written by the driver, read by the device
 *     +-------+-------+---------- - - ----------+------------+
 *     | flags | idx   | ring[0] .. ring[num-1]  | used_event |   2 bytes each
 *     +-------+-------+---------- - - ----------+------------+
 *   used ring          written by the device, read by the driver
 *     +-------+-------+----------- - - --------------+-------------+
 *     | flags | idx   | {id (4), len (4)} times num  | avail_event |
 *     +-------+-------+----------- - - --------------+-------------+
 */
#ifndef RINGSIDE_GUESTDRV_VIRTIO_VRING_SPLIT_H
#define RINGSIDE_GUESTDRV_VIRTIO_VRING_SPLIT_H

#include <linux/dma-mapping.h>

#include "guestdrv/virtio/virtio_ring.h"

/* 2.7.5: descriptor flags. */
#define VIRTQ_DESC_F_NEXT 1u
#define VIRTQ_DESC_F_WRITE 2u
#define VIRTQ_DESC_F_INDIRECT 4u
/* 2.7.6, 2.7.8: ring flags, both only hints. */
#define VIRTQ_AVAIL_F_NO_INTERRUPT 1u
#define VIRTQ_USED_F_NO_NOTIFY 1u
/* 2.7: the largest ring, and how the areas are aligned. */
#define VIRTQ_MAX_NUM 32768u
#define VIRTQ_DESC_ALIGN 16u
#define VIRTQ_AVAIL_ALIGN 2u
#define VIRTQ_USED_ALIGN 4u

struct virtq_desc {
	__le64 addr;
	__le32 len;
	__le16 flags;
	__le16 next;
};

struct virtq_avail {
	__le16 flags;
	__le16 idx;
	__le16 ring[]; /* num entries, then used_event */
};

struct virtq_used_elem {
	__le32 id;
	__le32 len;
};

struct virtq_used {
	__le16 flags;
	__le16 idx;
	struct virtq_used_elem ring[]; /* num entries, then le16 avail_event */
};

_Static_assert(sizeof(struct virtq_desc) == 16, "2.7.5");
_Static_assert(sizeof(struct virtq_used_elem) == 8, "2.7.8");

/*
 * What the driver remembers of one descriptor, of the ring or of an indirect
 * table.  The device could write over the tables, so nothing is ever read back
 * from there.
 */
struct vring_elem {
	dma_addr_t addr; /* mapped for the device */
	u32 len;
	enum dma_data_direction dir;
};

struct vring_slot {
	struct vring_elem elem; /* unless the element is in an indirect table */
	u16 next;               /* of the chain, or of the free list */
	/* Only for a chain's head: */
	u16 descs;              /* ring descriptors that it takes */
	u16 elems;              /* elements that it has */
	u32 writable;           /* bytes that the device may write */
	void *data;             /* NULL: not outstanding */
};

struct vring_virtqueue {
	struct virtqueue vq;
	bool (*notify)(struct virtqueue *vq);
	struct device *dma_dev;
	bool event_idx;
	bool in_order;        /* 2.7.12.1: descriptors are taken round the table */
	bool broken;
	bool cb_off;          /* by virtqueue_disable_cb */

	unsigned int num;
	unsigned int made;    /* entries that there is memory for */
	unsigned int num_free;
	unsigned int outstanding; /* heads that the device owns */
	u16 free_head;
	u16 avail_idx;        /* what avail->idx is, or will be */
	u16 last_used;        /* used entries taken so far */
	u16 told_used;        /* used index at the last interrupt */
	u16 added;            /* since the last kick_prepare */
	/* With in_order: the oldest head that the device owns; and is the
	 * element that was read last one for several buffers, up to which? */
	u16 oldest;
	bool batch;
	u32 batch_id, batch_len;

	struct virtq_desc *desc;
	struct virtq_avail *avail;
	struct virtq_used *used;
	__le16 *used_event;   /* behind avail->ring: the driver's wish */
	__le16 *avail_event;  /* behind used->ring: the device's wish */
	void *area;           /* the three, one coherent allocation */
	dma_addr_t area_dma;
	size_t area_size;

	/* An indirect table of table_len descriptors for each ring descriptor,
	 * and what is known of the elements in it; 0: none. */
	unsigned int table_len;
	struct virtq_desc *tables;
	dma_addr_t tables_dma;
	struct vring_elem *table_elems;

	struct vring_slot slots[]; /* num of them */
};

static inline struct vring_virtqueue *to_vvq(const struct virtqueue *vq)
{
	return container_of((struct virtqueue *)(uintptr_t)vq,
			    struct vring_virtqueue, vq);
}

/* Reads what the device writes, once: it may change between two looks. */
static inline u16 vring_used_idx(const struct vring_virtqueue *v)
{
	return le16_to_cpu(READ_ONCE(v->used->idx));
}

/* Has the index `event` been passed by going from `old` to `new`?  2.7.10,
 * modulo 2^16, a range and not an equality. */
static inline bool vring_need_event(u16 event, u16 new, u16 old)
{
	return (u16)(new - event - 1) < (u16)(new - old);
}

/* Does this chain live in an indirect table?  Then it takes one descriptor of
 * the ring whatever its length. */
static inline bool vring_is_indirect(const struct vring_slot *head)
{
	return head->elems > head->descs;
}

/* Takes a chain apart: unmaps its elements, frees its descriptors. */
void vring_free_chain(struct vring_virtqueue *v, u16 head);
/* As it was when it was made, with `num` entries, at most v->made.  The device
 * does not look at it, and no buffer is in it. */
void vring_restart(struct vring_virtqueue *v, unsigned int num);
/* Reports which rule was broken, once, and gives the ring up. */
void vring_bad(struct vring_virtqueue *v, const char *what, u32 value);

#endif
