/* SPDX-License-Identifier: MIT */
/*
 * The balloon's memory statistics (virtio 1.2, 5.5.6.3): the device has one
 * buffer of them, always, and gives it back when it wants fresh ones.
 */
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmstat.h>

#include "guestdrv/drivers/virtio_balloon.h"

/* 5.5.6.4: tags.  There is no swap and there are no huge pages here, so those
 * of them are left out; a subset is allowed, but always the same. */
#define VIRTIO_BALLOON_S_MAJFLT 2u
#define VIRTIO_BALLOON_S_MINFLT 3u
#define VIRTIO_BALLOON_S_MEMFREE 4u
#define VIRTIO_BALLOON_S_MEMTOT 5u
#define VIRTIO_BALLOON_S_AVAIL 6u
#define VIRTIO_BALLOON_S_CACHES 7u

/*
 *   +---------+-------------+
 *   | tag (2) | value (8)   |  little-endian, no padding; bytes or events
 *   +---------+-------------+
 */
struct virtballoon_stat {
	__le16 tag;
	__le64 val;
} __packed;

_Static_assert(sizeof(struct virtballoon_stat) == 10, "5.5.6.3");

/* Six, so that the buffer's size is a multiple of 10 (entries) and of 6 (what
 * the normative statement says). */
#define VIRTBALLOON_STATS_N 6u

/* When memory is short the next try is so much later. */
#define VIRTBALLOON_STATS_RETRY_MS 1

static u64 pages_to_bytes(u64 pages)
{
	return pages << PAGE_SHIFT;
}

static void virtballoon_put(struct virtballoon_stat *stat, u16 tag, u64 val)
{
	stat->tag = cpu_to_le16(tag);
	stat->val = cpu_to_le64(val);
}

static void virtballoon_collect(struct virtio_balloon *vb)
{
	unsigned long caches = global_node_page_state(NR_FILE_PAGES);
	unsigned long events[NR_VM_EVENT_ITEMS];
	struct virtballoon_stat *stat = vb->stats;
	struct sysinfo si;

	all_vm_events(events);
	si_meminfo(&si);
	virtballoon_put(stat++, VIRTIO_BALLOON_S_MAJFLT, events[PGMAJFAULT]);
	virtballoon_put(stat++, VIRTIO_BALLOON_S_MINFLT, events[PGFAULT]);
	virtballoon_put(stat++, VIRTIO_BALLOON_S_MEMFREE,
			pages_to_bytes(si.freeram));
	virtballoon_put(stat++, VIRTIO_BALLOON_S_MEMTOT,
			pages_to_bytes(si.totalram));
	virtballoon_put(stat++, VIRTIO_BALLOON_S_AVAIL,
			pages_to_bytes((u64)si_mem_available()));
	virtballoon_put(stat++, VIRTIO_BALLOON_S_CACHES,
			pages_to_bytes(caches));
}

void virtballoon_stats_start(struct virtio_balloon *vb)
{
	struct virtqueue *vq = vb->vqs[VIRTBALLOON_STATS];
	struct scatterlist sg, *sgs[] = { &sg };

	virtballoon_collect(vb);
	sg_init_one(&sg, vb->stats,
		    VIRTBALLOON_STATS_N * (unsigned int)sizeof(*vb->stats));
	vb->stats_owed = virtqueue_add_sgs(vq, sgs, 1, 0, vb->stats,
					   GFP_KERNEL) != 0;
	if (!vb->stats_owed)
		virtqueue_kick(vq);
	else if (!virtqueue_is_broken(vq))
		virtballoon_queue_work(vb, &vb->stats_work.work);
}

/* 5.5.6.3.1: never more than one buffer is available, so a new one only where
 * the old one has come back, or could not be made available: the device asks by
 * using it, and without one never could. */
static void virtballoon_stats_work(struct work_struct *work)
{
	struct virtio_balloon *vb =
		container_of(to_delayed_work(work), struct virtio_balloon,
			     stats_work);
	unsigned int len;

	if (vb->stats_owed)
		msleep(VIRTBALLOON_STATS_RETRY_MS);
	if (vb->stats_owed || virtqueue_get_buf(vb->vqs[VIRTBALLOON_STATS], &len))
		virtballoon_stats_start(vb);
}

/* Once a tick at most: a device that gives each buffer back at once would keep
 * a processor busy for ever. */
void virtballoon_stats_wanted(struct virtqueue *vq)
{
	struct virtio_balloon *vb = vq->vdev->priv;
	unsigned long flags, delay;

	spin_lock_irqsave(&vb->stop_lock, flags);
	delay = time_before(jiffies, vb->stats_next);
	if (!vb->stopping && schedule_delayed_work(&vb->stats_work, delay))
		vb->stats_next = jiffies + delay + 1;
	spin_unlock_irqrestore(&vb->stop_lock, flags);
}

int virtballoon_stats_init(struct virtio_balloon *vb)
{
	INIT_DELAYED_WORK(&vb->stats_work, virtballoon_stats_work);
	vb->stats_next = jiffies;
	if (!virtballoon_has(vb, VIRTIO_BALLOON_F_STATS_VQ))
		return 0;
	vb->stats = kcalloc(VIRTBALLOON_STATS_N, sizeof(*vb->stats),
			    GFP_KERNEL);
	return vb->stats ? 0 : -ENOMEM;
}
