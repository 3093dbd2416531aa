/* SPDX-License-Identifier: MIT */
/*
 * The balloon driver's own structures (virtio 1.2, 5.5).  Shared by
 * virtio_balloon.c (coming and going), virtio_balloon_size.c (inflate, deflate),
 * virtio_balloon_stats.c and virtio_balloon_free.c (hinting, reporting).
 */
#ifndef RINGSIDE_GUESTDRV_DRIVERS_VIRTIO_BALLOON_H
#define RINGSIDE_GUESTDRV_DRIVERS_VIRTIO_BALLOON_H

#include <linux/balloon_compaction.h>
#include <linux/mutex.h>
#include <linux/oom.h>
#include <linux/page_reporting.h>
#include <linux/shrinker.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "guestdrv/virtio/virtio.h"
#include "guestdrv/virtio/virtio_config.h"
#include "guestdrv/virtio/virtio_ring.h"

/* 5.5.3: feature bits. */
#define VIRTIO_BALLOON_F_MUST_TELL_HOST 0
#define VIRTIO_BALLOON_F_STATS_VQ 1
#define VIRTIO_BALLOON_F_DEFLATE_ON_OOM 2
#define VIRTIO_BALLOON_F_FREE_PAGE_HINT 3
#define VIRTIO_BALLOON_F_PAGE_POISON 4
#define VIRTIO_BALLOON_F_PAGE_REPORTING 5

/* 5.5.4: offsets in the device configuration; le32 all of them. */
#define VIRTIO_BALLOON_CFG_NUM_PAGES 0u /* that the device wants */
#define VIRTIO_BALLOON_CFG_ACTUAL 4u    /* that it has; the driver writes */
#define VIRTIO_BALLOON_CFG_HINT_CMD_ID 8u
#define VIRTIO_BALLOON_CFG_POISON_VAL 12u

/* 5.5.6.4: command IDs with a meaning of their own. */
#define VIRTIO_BALLOON_CMD_ID_STOP 0u
#define VIRTIO_BALLOON_CMD_ID_DONE 1u

/* 5.5.6: the balloon counts in pages of 4096 bytes. */
#define VIRTIO_BALLOON_PFN_SHIFT 12
_Static_assert(PAGE_SHIFT == VIRTIO_BALLOON_PFN_SHIFT, "a page is a page");

/* 5.5.2, in its order. */
enum virtballoon_queue {
	VIRTBALLOON_INFLATE,
	VIRTBALLOON_DEFLATE,
	VIRTBALLOON_STATS,
	VIRTBALLOON_FREE_PAGE,
	VIRTBALLOON_REPORTING,
	VIRTBALLOON_QUEUES
};

/* Pages that go in or out with one buffer. */
#define VIRTBALLOON_BATCH 256u

struct virtballoon_stat;

struct virtio_balloon {
	struct virtio_device *vdev;
	struct virtqueue *vqs[VIRTBALLOON_QUEUES]; /* NULL: not there */
	wait_queue_head_t acked;    /* the device has used something */
	spinlock_t stop_lock;
	bool stopping;              /* no work is queued any more */
	unsigned int waiting;       /* for the device, this moment */

	/* Size. */
	struct mutex lock;          /* from here to pfns, and the two queues */
	struct balloon_dev_info pages;
	u32 num_pages;
	__le32 *pfns;               /* of a batch; the device reads it */
	struct delayed_work size_work;
	bool short_of_memory;       /* said already */
	struct notifier_block oom;

	/* Statistics. */
	struct virtballoon_stat *stats; /* the device reads it */
	struct delayed_work stats_work;
	unsigned long stats_next;       /* jiffies; not before */
	bool stats_owed;                /* the device has no buffer */

	/* Hinting. */
	struct work_struct hint_work;
	__le32 *cmd_ids;            /* active, and STOP; the device reads them */
	u32 cmd_id;                 /* the last one that was begun */
	spinlock_t hints_lock;
	struct list_head hints;     /* blocks that the device has seen */
	unsigned long nr_hints;
	struct shrinker *shrinker;

	/* Reporting. */
	struct page_reporting_dev_info reporting;
};

static inline bool virtballoon_has(const struct virtio_balloon *vb,
				   unsigned int feature)
{
	return virtio_has_feature(vb->vdev, feature);
}

static inline u32 virtballoon_read(struct virtio_balloon *vb, u32 field)
{
	return (u32)virtio_cread(vb->vdev, field, 4);
}

/* ---- virtio_balloon.c ---- */
/* Makes one buffer of `sg` available and waits until the device has used it.
 * -EIO: the queue is broken; the device may still have the buffer. */
int virtballoon_tell(struct virtio_balloon *vb, enum virtballoon_queue queue,
		     struct scatterlist *sg, bool device_writes);
/* Does it make no sense any more to go on? */
bool virtballoon_dead(const struct virtio_balloon *vb,
		      enum virtballoon_queue queue);
/* Queues the work unless the driver is going. */
void virtballoon_queue_work(struct virtio_balloon *vb,
			    struct work_struct *work);

/* ---- virtio_balloon_size.c ---- */
void virtballoon_size_init(struct virtio_balloon *vb);
void virtballoon_size_changed(struct virtio_balloon *vb);
/* Gives all pages back: through the device as long as it answers, and (reset)
 * those that are left. */
void virtballoon_deflate_all(struct virtio_balloon *vb);
void virtballoon_release_all(struct virtio_balloon *vb);

/* ---- virtio_balloon_stats.c ---- */
int virtballoon_stats_init(struct virtio_balloon *vb);
/* The first buffer; 5.5.6.3: after initialisation. */
void virtballoon_stats_start(struct virtio_balloon *vb);
void virtballoon_stats_wanted(struct virtqueue *vq);

/* ---- virtio_balloon_free.c ---- */
void virtballoon_hint_init(struct virtio_balloon *vb);
/* Once the queues are there. */
int virtballoon_hint_start(struct virtio_balloon *vb);
void virtballoon_hint_exit(struct virtio_balloon *vb);
void virtballoon_hint_changed(struct virtio_balloon *vb);
void virtballoon_hint_used(struct virtqueue *vq);
/* After a reset: all blocks, wherever they are. */
void virtballoon_hint_release(struct virtio_balloon *vb);
int virtballoon_report(struct page_reporting_dev_info *prdev,
		       struct scatterlist *sg, unsigned int nents);

#endif
