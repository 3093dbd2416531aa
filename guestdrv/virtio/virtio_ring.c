/* SPDX-License-Identifier: MIT */
/*
 * Split virtqueue, first half: making one, and handing buffers to the device
 * (virtio 1.2, 2.7.13).  The second half is virtio_ring_used.c.
 */
#include "guestdrv/virtio/virtio_ring.h"

#include <linux/err.h>
#include <linux/errno.h>
#include <linux/io.h>
#include <linux/slab.h>

#include "guestdrv/virtio/vring_split.h"

/* ---- handing out ---- */

struct vring_request {
	struct scatterlist **sgs;
	unsigned int out_sgs;
	unsigned int all_sgs;
	unsigned int elems;    /* over all lists */
	u32 writable;          /* bytes */
};

/* 2.7.5.3.1: a chain is not longer than the queue, and its bytes fit 32 bits. */
static int vring_measure(const struct vring_virtqueue *v,
			 struct vring_request *rq)
{
	u64 bytes = 0, writable = 0;
	struct scatterlist *sg;
	unsigned int n;

	for (n = 0; n < rq->all_sgs; n++) {
		for (sg = rq->sgs[n]; sg; sg = sg_next(sg)) {
			rq->elems++;
			bytes += sg->length;
			if (n >= rq->out_sgs)
				writable += sg->length;
		}
	}
	if (!rq->elems || rq->elems > v->num || bytes > U32_MAX)
		return -EINVAL;
	rq->writable = (u32)writable;
	return 0;
}

static int vring_map(struct vring_virtqueue *v, struct vring_elem *e,
		     struct scatterlist *sg, bool write)
{
	e->dir = write ? DMA_FROM_DEVICE : DMA_TO_DEVICE;
	e->len = sg->length;
	e->addr = dma_map_page(v->dma_dev, sg_page(sg), sg->offset, sg->length,
			       e->dir);
	return dma_mapping_error(v->dma_dev, e->addr) ? -ENOMEM : 0;
}

static void vring_write_desc(struct virtq_desc *desc, dma_addr_t addr, u32 len,
			     u16 flags, u16 next)
{
	desc->addr = cpu_to_le64(addr);
	desc->len = cpu_to_le32(len);
	desc->flags = cpu_to_le16(flags);
	desc->next = cpu_to_le16(next);
}

static u16 vring_elem_flags(const struct vring_elem *e)
{
	return e->dir == DMA_FROM_DEVICE ? VIRTQ_DESC_F_WRITE : 0;
}

/* A chain of ring descriptors along the free list.  Returns how many elements
 * were mapped; fewer than asked for if a mapping failed. */
static unsigned int vring_fill_ring(struct vring_virtqueue *v,
				    const struct vring_request *rq)
{
	unsigned int n, done = 0;
	struct scatterlist *sg;
	u16 i = v->free_head;

	for (n = 0; n < rq->all_sgs; n++) {
		for (sg = rq->sgs[n]; sg; sg = sg_next(sg)) {
			struct vring_elem *e = &v->slots[i].elem;
			bool last = done + 1 == rq->elems;

			if (vring_map(v, e, sg, n >= rq->out_sgs))
				return done;
			vring_write_desc(&v->desc[i], e->addr, e->len,
					 vring_elem_flags(e) |
					 (last ? 0 : VIRTQ_DESC_F_NEXT),
					 last ? 0 : v->slots[i].next);
			i = v->slots[i].next;
			done++;
		}
	}
	return done;
}

/* The same in the indirect table of the first free descriptor, whose elements
 * follow each other (2.7.5.3). */
static unsigned int vring_fill_table(struct vring_virtqueue *v,
				     const struct vring_request *rq)
{
	size_t first = (size_t)v->free_head * v->table_len;
	struct virtq_desc *table = &v->tables[first];
	struct vring_elem *elems = &v->table_elems[first];
	unsigned int n, done = 0;
	struct scatterlist *sg;

	for (n = 0; n < rq->all_sgs; n++) {
		for (sg = rq->sgs[n]; sg; sg = sg_next(sg)) {
			struct vring_elem *e = &elems[done];
			bool last = done + 1 == rq->elems;

			if (vring_map(v, e, sg, n >= rq->out_sgs))
				return done;
			done++;
			vring_write_desc(&table[done - 1], e->addr, e->len,
					 vring_elem_flags(e) |
					 (last ? 0 : VIRTQ_DESC_F_NEXT),
					 last ? 0 : (u16)done);
		}
	}
	vring_write_desc(&v->desc[v->free_head],
			 v->tables_dma + first * sizeof(*table),
			 rq->elems * (u32)sizeof(*table),
			 VIRTQ_DESC_F_INDIRECT, 0);
	return done;
}

/* 2.7.13: descriptors first, then the ring entry, then the index, in this order
 * also for whoever looks at memory from the bus. */
static void vring_publish(struct vring_virtqueue *v, u16 head)
{
	v->avail->ring[v->avail_idx & (v->num - 1)] = cpu_to_le16(head);
	v->avail_idx++;
	dma_wmb();
	WRITE_ONCE(v->avail->idx, cpu_to_le16(v->avail_idx));
	if (v->added < U16_MAX)
		v->added++;
}

static struct vring_slot *vring_take(struct vring_virtqueue *v,
				     unsigned int descs)
{
	struct vring_slot *head = &v->slots[v->free_head];

	head->descs = (u16)descs;
	while (descs--)
		v->free_head = v->slots[v->free_head].next;
	v->num_free -= head->descs;
	v->outstanding++;
	return head;
}

static void vring_unmap(struct vring_virtqueue *v, const struct vring_elem *e)
{
	dma_unmap_page(v->dma_dev, e->addr, e->len, e->dir);
}

static void vring_unmap_chain(struct vring_virtqueue *v, u16 head,
			      bool indirect, unsigned int elems)
{
	const struct vring_elem *table;
	u16 i = head;

	if (indirect) {
		table = &v->table_elems[(size_t)head * v->table_len];
		while (elems--)
			vring_unmap(v, table++);
		return;
	}
	for (; elems; elems--, i = v->slots[i].next)
		vring_unmap(v, &v->slots[i].elem);
}

void vring_free_chain(struct vring_virtqueue *v, u16 head)
{
	struct vring_slot *slot = &v->slots[head];
	unsigned int left = slot->descs;
	u16 last = head;

	vring_unmap_chain(v, head, vring_is_indirect(slot), slot->elems);
	/* In order, the free ones are those behind the chains that are out. */
	if (!v->in_order) {
		while (--left)
			last = v->slots[last].next;
		v->slots[last].next = v->free_head;
		v->free_head = head;
	}
	v->num_free += slot->descs;
	v->outstanding--;
	slot->data = NULL;
}

int virtqueue_add_sgs(struct virtqueue *vq, struct scatterlist *sgs[],
		      unsigned int out_sgs, unsigned int in_sgs, void *data,
		      gfp_t gfp)
{
	struct vring_virtqueue *v = to_vvq(vq);
	struct vring_request rq = {
		.sgs = sgs, .out_sgs = out_sgs, .all_sgs = out_sgs + in_sgs,
	};
	struct vring_slot *slot;
	u16 head = v->free_head;
	unsigned int done;
	bool indirect;

	(void)gfp; /* tables are there already */
	if (v->broken)
		return -EIO;
	if (!data || vring_measure(v, &rq))
		return -EINVAL;
	indirect = rq.elems > 1 && rq.elems <= v->table_len;
	if (v->num_free < (indirect ? 1 : rq.elems))
		return -ENOSPC;

	done = indirect ? vring_fill_table(v, &rq) : vring_fill_ring(v, &rq);
	if (done < rq.elems) {
		vring_unmap_chain(v, head, indirect, done);
		return -ENOMEM;
	}
	slot = vring_take(v, indirect ? 1 : rq.elems);
	slot->elems = (u16)rq.elems;
	slot->writable = rq.writable;
	slot->data = data;
	vring_publish(v, head);
	return 0;
}

bool virtqueue_kick_prepare(struct virtqueue *vq)
{
	struct vring_virtqueue *v = to_vvq(vq);
	u16 new = v->avail_idx, added = v->added;

	/* 2.7.13.3.1: the index is visible before the device's wish is read, or
	 * both sides could go to sleep. */
	dma_mb();
	v->added = 0;
	if (!added)
		return false;
	if (!v->event_idx)
		return !(le16_to_cpu(READ_ONCE(v->used->flags)) &
			 VIRTQ_USED_F_NO_NOTIFY);
	/* So many that the index may have gone round: the range says nothing. */
	if (added == U16_MAX)
		return true;
	return vring_need_event(le16_to_cpu(READ_ONCE(*v->avail_event)), new,
				(u16)(new - added));
}

bool virtqueue_notify(struct virtqueue *vq)
{
	struct vring_virtqueue *v = to_vvq(vq);

	if (v->broken)
		return false;
	if (!v->notify(vq)) {
		virtqueue_break(vq);
		return false;
	}
	return true;
}

bool virtqueue_kick(struct virtqueue *vq)
{
	if (virtqueue_kick_prepare(vq))
		return virtqueue_notify(vq);
	return !virtqueue_is_broken(vq);
}

/* ---- making and unmaking ---- */

/* Where the areas lie in their common allocation, and its size. */
struct vring_layout {
	size_t avail, used, end;
};

static struct vring_layout vring_layout(unsigned int num)
{
	struct vring_layout l;

	l.avail = sizeof(struct virtq_desc) * num;
	l.used = l.avail + sizeof(__le16) * (3 + (size_t)num);
	l.used = ALIGN(l.used, VIRTQ_USED_ALIGN);
	l.end = l.used + sizeof(__le16) * 3 +
		sizeof(struct virtq_used_elem) * num;
	return l;
}

static void vring_place_areas(struct vring_virtqueue *v)
{
	struct vring_layout l = vring_layout(v->num);

	v->desc = v->area;
	v->avail = (void *)((u8 *)v->area + l.avail);
	v->used = (void *)((u8 *)v->area + l.used);
	v->used_event = &v->avail->ring[v->num];
	v->avail_event = (void *)&v->used->ring[v->num];
}

static int vring_alloc_area(struct vring_virtqueue *v)
{
	struct vring_layout l = vring_layout(v->num);

	v->area = dma_alloc_coherent(v->dma_dev, l.end, &v->area_dma,
				     GFP_KERNEL);
	if (!v->area)
		return -ENOMEM;
	v->area_size = l.end;
	vring_place_areas(v);
	return 0;
}

static size_t vring_tables_size(const struct vring_virtqueue *v)
{
	return sizeof(struct virtq_desc) * v->made * v->table_len;
}

static int vring_alloc_tables(struct vring_virtqueue *v, unsigned int max_sgs)
{
	if (!virtio_has_feature(v->vq.vdev, VIRTIO_F_INDIRECT_DESC) ||
	    max_sgs < 2)
		return 0;
	v->table_len = min(max_sgs, v->num);
	v->table_elems = kcalloc((size_t)v->num * v->table_len,
				 sizeof(*v->table_elems), GFP_KERNEL);
	if (!v->table_elems)
		return -ENOMEM;
	v->tables = dma_alloc_coherent(v->dma_dev, vring_tables_size(v),
				       &v->tables_dma, GFP_KERNEL);
	if (!v->tables) {
		kfree(v->table_elems);
		return -ENOMEM;
	}
	return 0;
}

static void vring_free_areas(struct vring_virtqueue *v)
{
	if (v->tables) {
		dma_free_coherent(v->dma_dev, vring_tables_size(v), v->tables,
				  v->tables_dma);
		kfree(v->table_elems);
	}
	dma_free_coherent(v->dma_dev, v->area_size, v->area, v->area_dma);
}

/* Everything free, nothing published.  A queue that nobody listens to says so
 * once and for all: by the flag (2.7.7), or by an event index that the device
 * has already passed (2.7.7.1: then the flag stays 0). */
static void vring_start(struct vring_virtqueue *v)
{
	unsigned int i;

	for (i = 0; i < v->num; i++)
		v->slots[i].next = (u16)(i + 1);
	if (v->in_order)
		v->slots[v->num - 1].next = 0;
	v->num_free = v->num;
	if (v->vq.callback)
		return;
	v->cb_off = true;
	if (v->event_idx)
		*v->used_event = cpu_to_le16(U16_MAX);
	else
		v->avail->flags = cpu_to_le16(VIRTQ_AVAIL_F_NO_INTERRUPT);
}

void vring_restart(struct vring_virtqueue *v, unsigned int num)
{
	v->num = num;
	memset(v->area, 0, v->area_size);
	vring_place_areas(v);
	v->free_head = 0;
	v->avail_idx = v->last_used = v->told_used = v->added = 0;
	v->oldest = 0;
	v->cb_off = v->broken = v->batch = false;
	vring_start(v);
}

static struct vring_virtqueue *vring_alloc(unsigned int num, int *err)
{
	struct vring_virtqueue *v;

	/* 2.7: always a power of two, at most 32768. */
	if (!num || num > VIRTQ_MAX_NUM || (num & (num - 1))) {
		*err = -EINVAL;
		return NULL;
	}
	v = kzalloc(struct_size(v, slots, num), GFP_KERNEL);
	if (!v)
		*err = -ENOMEM;
	return v;
}

struct virtqueue *vring_create_virtqueue(struct virtio_device *vdev,
					 unsigned int index, unsigned int num,
					 const struct virtqueue_info *info,
					 bool (*notify)(struct virtqueue *vq),
					 int *err)
{
	struct vring_virtqueue *v = vring_alloc(num, err);

	if (!v)
		return NULL;
	v->vq.vdev = vdev;
	v->vq.index = index;
	v->vq.name = info->name;
	v->vq.callback = info->callback;
	v->notify = notify;
	v->num = v->made = num;
	v->dma_dev = vdev->dev.parent;
	v->event_idx = virtio_has_feature(vdev, VIRTIO_F_EVENT_IDX);
	v->in_order = virtio_has_feature(vdev, VIRTIO_F_IN_ORDER);

	*err = vring_alloc_area(v);
	if (*err)
		goto free_ring;
	*err = vring_alloc_tables(v, info->max_sgs);
	if (*err)
		goto free_areas;
	vring_start(v);
	list_add_tail(&v->vq.list, &vdev->vqs);
	return &v->vq;

free_areas:
	v->tables = NULL;
	vring_free_areas(v);
free_ring:
	kfree(v);
	return NULL;
}

void vring_del_virtqueue(struct virtqueue *vq)
{
	struct vring_virtqueue *v = to_vvq(vq);

	list_del(&vq->list);
	vring_free_areas(v);
	kfree(v);
}
