/* SPDX-License-Identifier: MIT */
/*
 * Memory that is free and of which the balloon device may know: hinting, on the
 * device's request, for as long as its command is the same (virtio 1.2,
 * 5.5.6.4); and reporting, all the time (5.5.6.6).
 */
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <ringside/note.h>

#include "guestdrv/drivers/virtio_balloon.h"

/* Blocks are taken as long as there are any, but nothing is freed for them. */
#define VIRTBALLOON_HINT_GFP (__GFP_NORETRY | __GFP_NOWARN | __GFP_NOMEMALLOC)
#define VIRTBALLOON_HINT_ORDER MAX_PAGE_ORDER
#define VIRTBALLOON_HINT_RETRY_MS 1
#define VIRTBALLOON_HINT_PAGES (1ul << VIRTBALLOON_HINT_ORDER)

/* Where the two IDs lie in vb->cmd_ids. */
enum { ID_ACTIVE, ID_STOP, IDS };

/* ---- the blocks that the device has seen ---- */

static void virtballoon_hint_keep(struct virtio_balloon *vb,
				  struct page *block)
{
	unsigned long flags;

	spin_lock_irqsave(&vb->hints_lock, flags);
	list_add(&block->lru, &vb->hints);
	vb->nr_hints++;
	spin_unlock_irqrestore(&vb->hints_lock, flags);
}

/* Up to n blocks go back to the allocator; how many. */
static unsigned long virtballoon_hint_free(struct virtio_balloon *vb,
					   unsigned long n)
{
	struct page *block;
	unsigned long flags, done;

	for (done = 0; done < n; done++) {
		spin_lock_irqsave(&vb->hints_lock, flags);
		block = list_first_entry_or_null(&vb->hints, struct page, lru);
		if (block) {
			list_del(&block->lru);
			vb->nr_hints--;
		}
		spin_unlock_irqrestore(&vb->hints_lock, flags);
		if (!block)
			break;
		__free_pages(block, VIRTBALLOON_HINT_ORDER);
	}
	return done;
}

static bool virtballoon_is_id(const struct virtio_balloon *vb,
			      const void *data)
{
	return data == &vb->cmd_ids[ID_ACTIVE] || data == &vb->cmd_ids[ID_STOP];
}

/* Takes back what the device has used: IDs, and blocks that are kept. */
static void virtballoon_hint_drain(struct virtio_balloon *vb)
{
	struct virtqueue *vq = vb->vqs[VIRTBALLOON_FREE_PAGE];
	unsigned int len;
	void *data;

	while ((data = virtqueue_get_buf(vq, &len)))
		if (!virtballoon_is_id(vb, data))
			virtballoon_hint_keep(vb, data);
}

static unsigned long virtballoon_hint_count(struct shrinker *s,
					    struct shrink_control *sc)
{
	struct virtio_balloon *vb = s->private_data;

	(void)sc;
	return vb->nr_hints ? vb->nr_hints * VIRTBALLOON_HINT_PAGES :
			      SHRINK_EMPTY;
}

/* 5.5.6.4: blocks may be taken back before the device is done with them. */
static unsigned long virtballoon_hint_scan(struct shrinker *s,
					   struct shrink_control *sc)
{
	unsigned long n = DIV_ROUND_UP(sc->nr_to_scan, VIRTBALLOON_HINT_PAGES);

	return virtballoon_hint_free(s->private_data, n) *
	       VIRTBALLOON_HINT_PAGES;
}

/* ---- a round of hints ---- */

/* The device's command; when it is another one the round is over. */
static u32 virtballoon_cmd_id(struct virtio_balloon *vb)
{
	return virtballoon_read(vb, VIRTIO_BALLOON_CFG_HINT_CMD_ID);
}

static bool virtballoon_hint_over(struct virtio_balloon *vb)
{
	return virtballoon_dead(vb, VIRTBALLOON_FREE_PAGE) ||
	       virtballoon_cmd_id(vb) != vb->cmd_id;
}

/* Waits for `room` free places in the queue. */
static void virtballoon_hint_room(struct virtio_balloon *vb, unsigned int room)
{
	struct virtqueue *vq = vb->vqs[VIRTBALLOON_FREE_PAGE];

	vb->waiting++;
	wait_event(vb->acked,
		   (virtballoon_hint_drain(vb),
		    virtqueue_num_free(vq) >= room ||
			    virtballoon_dead(vb, VIRTBALLOON_FREE_PAGE)));
	vb->waiting--;
}

/* 5.5.6.4: a 4-byte buffer that the device reads, one for each ID.  A round of
 * which it does not hear the beginning or the end never ends: what does not work
 * for want of memory is tried again. */
static int virtballoon_hint_id(struct virtio_balloon *vb, unsigned int which,
			       u32 id)
{
	struct virtqueue *vq = vb->vqs[VIRTBALLOON_FREE_PAGE];
	struct scatterlist sg, *sgs[] = { &sg };
	int err;

	virtballoon_hint_room(vb, 1);
	vb->cmd_ids[which] = cpu_to_le32(id);
	sg_init_one(&sg, &vb->cmd_ids[which], sizeof(vb->cmd_ids[which]));
	while ((err = virtqueue_add_sgs(vq, sgs, 1, 0, &vb->cmd_ids[which],
					GFP_KERNEL)) == -ENOMEM &&
	       !virtballoon_dead(vb, VIRTBALLOON_FREE_PAGE))
		msleep(VIRTBALLOON_HINT_RETRY_MS);
	if (!err)
		virtqueue_kick(vq);
	return err;
}

/* One block as a buffer that the device may write to. -ENOMEM: none is left. */
static int virtballoon_hint_block(struct virtio_balloon *vb)
{
	struct virtqueue *vq = vb->vqs[VIRTBALLOON_FREE_PAGE];
	struct scatterlist sg, *sgs[] = { &sg };
	struct page *block;
	int err;

	/* One place is for the STOP. */
	virtballoon_hint_room(vb, 2);
	block = alloc_pages(VIRTBALLOON_HINT_GFP, VIRTBALLOON_HINT_ORDER);
	if (!block)
		return -ENOMEM;
	sg_init_table(&sg, 1);
	sg_set_page(&sg, block,
		    (unsigned int)PAGE_SIZE << VIRTBALLOON_HINT_ORDER, 0);
	err = virtqueue_add_sgs(vq, sgs, 0, 1, block, GFP_KERNEL);
	if (err)
		__free_pages(block, VIRTBALLOON_HINT_ORDER);
	else
		virtqueue_kick(vq);
	return err;
}

static void virtballoon_hint_round(struct virtio_balloon *vb)
{
	unsigned int blocks = 0;
	int err = virtballoon_hint_id(vb, ID_ACTIVE, vb->cmd_id);

	if (err)
		return;
	while (!virtballoon_hint_over(vb) && !virtballoon_hint_block(vb))
		blocks++;
	virtballoon_hint_id(vb, ID_STOP, VIRTIO_BALLOON_CMD_ID_STOP);
	guest_note_step(&vb->vdev->dev, "command %u: %u free blocks hinted",
			vb->cmd_id, blocks);
}

/* DONE: the blocks are the guest's again; STOP: no more for now; any other
 * value that is new: a round. */
static void virtballoon_hint_work(struct work_struct *work)
{
	struct virtio_balloon *vb = container_of(work, struct virtio_balloon,
						 hint_work);
	u32 id = virtballoon_cmd_id(vb);

	virtballoon_hint_drain(vb);
	if (id == VIRTIO_BALLOON_CMD_ID_DONE) {
		vb->cmd_id = VIRTIO_BALLOON_CMD_ID_STOP;
		virtballoon_hint_free(vb, ULONG_MAX);
	} else if (id != VIRTIO_BALLOON_CMD_ID_STOP && id != vb->cmd_id) {
		vb->cmd_id = id;
		virtballoon_hint_round(vb);
	}
}

void virtballoon_hint_changed(struct virtio_balloon *vb)
{
	if (vb->vqs[VIRTBALLOON_FREE_PAGE])
		virtballoon_queue_work(vb, &vb->hint_work);
}

void virtballoon_hint_used(struct virtqueue *vq)
{
	struct virtio_balloon *vb = vq->vdev->priv;

	wake_up_all(&vb->acked);
	/* Blocks that come back after DONE have nobody waiting for them. */
	virtballoon_queue_work(vb, &vb->hint_work);
}

void virtballoon_hint_init(struct virtio_balloon *vb)
{
	spin_lock_init(&vb->hints_lock);
	INIT_LIST_HEAD(&vb->hints);
	INIT_WORK(&vb->hint_work, virtballoon_hint_work);
	vb->cmd_id = VIRTIO_BALLOON_CMD_ID_STOP;
}

int virtballoon_hint_start(struct virtio_balloon *vb)
{
	if (!virtballoon_has(vb, VIRTIO_BALLOON_F_FREE_PAGE_HINT))
		return 0;
	if (virtqueue_get_vring_size(vb->vqs[VIRTBALLOON_FREE_PAGE]) < 2) {
		dev_err(&vb->vdev->dev, "a hint does not fit the queue\n");
		return -ENOSPC;
	}
	vb->cmd_ids = kcalloc(IDS, sizeof(*vb->cmd_ids), GFP_KERNEL);
	if (!vb->cmd_ids)
		return -ENOMEM;
	vb->shrinker = shrinker_alloc(0, "virtio-balloon");
	if (!vb->shrinker)
		return -ENOMEM;
	vb->shrinker->count_objects = virtballoon_hint_count;
	vb->shrinker->scan_objects = virtballoon_hint_scan;
	vb->shrinker->private_data = vb;
	shrinker_register(vb->shrinker);
	return 0;
}

void virtballoon_hint_exit(struct virtio_balloon *vb)
{
	shrinker_free(vb->shrinker);
	vb->shrinker = NULL;
}

void virtballoon_hint_release(struct virtio_balloon *vb)
{
	struct virtqueue *vq = vb->vqs[VIRTBALLOON_FREE_PAGE];
	void *data;

	while (vq && (data = virtqueue_detach_unused_buf(vq)))
		if (!virtballoon_is_id(vb, data))
			__free_pages(data, VIRTBALLOON_HINT_ORDER);
	virtballoon_hint_free(vb, ULONG_MAX);
	kfree(vb->cmd_ids);
}

/* ---- reporting ---- */

/* The device has not given the blocks back and will not: after a reset it has
 * them no more, and they may be used again. */
static void virtballoon_report_failed(struct virtio_balloon *vb)
{
	struct virtqueue *vq = vb->vqs[VIRTBALLOON_REPORTING];

	virtio_reset_device(vb->vdev);
	while (virtqueue_detach_unused_buf(vq))
		;
}

/* 5.5.6.6: a buffer's elements are the free blocks; they stay out of use until
 * the device has used it.  As many at once as the queue takes. */
int virtballoon_report(struct page_reporting_dev_info *prdev,
		       struct scatterlist *sg, unsigned int nents)
{
	struct virtio_balloon *vb = container_of(prdev, struct virtio_balloon,
						 reporting);
	unsigned int room = virtqueue_get_vring_size(
		vb->vqs[VIRTBALLOON_REPORTING]);
	struct scatterlist part[PAGE_REPORTING_CAPACITY];
	unsigned int n, i;
	int err = 0;

	room = min(room, (unsigned int)PAGE_REPORTING_CAPACITY);
	for (; nents && !err; nents -= n) {
		n = min(nents, room);
		sg_init_table(part, n);
		for (i = 0; i < n; i++, sg = sg_next(sg))
			sg_set_page(&part[i], sg_page(sg), sg->length,
				    sg->offset);
		err = virtballoon_tell(vb, VIRTBALLOON_REPORTING, part, true);
	}
	if (err && virtqueue_is_broken(vb->vqs[VIRTBALLOON_REPORTING]))
		virtballoon_report_failed(vb);
	return err;
}
