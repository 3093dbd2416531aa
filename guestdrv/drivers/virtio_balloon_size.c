/* SPDX-License-Identifier: MIT */
/*
 * The balloon's size (virtio 1.2, 5.5.6): pages go in and out in batches until
 * it is what the device wants.  A page is used by nobody from before it is
 * announced on the inflate queue until after the device has read of it on the
 * deflate queue, which is what MUST_TELL_HOST asks for and what is safe without.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <ringside/note.h>

#include "guestdrv/drivers/virtio_balloon.h"

/* When memory is short the next try is so much later. */
#define VIRTBALLOON_RETRY (HZ / 5)
/* Pages that one OOM notification gives back. */
#define VIRTBALLOON_OOM_PAGES VIRTBALLOON_BATCH

/* Without DEFLATE_ON_OOM the guest cannot count on these pages. */
static void virtballoon_managed(struct virtio_balloon *vb, struct page *page,
				long count)
{
	if (!virtballoon_has(vb, VIRTIO_BALLOON_F_DEFLATE_ON_OOM))
		adjust_managed_page_count(page, count);
}

/* 5.5.6: le32 page numbers, one after the other. */
static int virtballoon_tell_pages(struct virtio_balloon *vb,
				  enum virtballoon_queue queue,
				  struct list_head *pages)
{
	struct scatterlist sg;
	struct page *page;
	unsigned int n = 0;

	list_for_each_entry(page, pages, lru)
		vb->pfns[n++] = cpu_to_le32((u32)(page_to_phys(page) >>
						  VIRTIO_BALLOON_PFN_SHIFT));
	sg_init_one(&sg, vb->pfns, n * (unsigned int)sizeof(*vb->pfns));
	return virtballoon_tell(vb, queue, &sg, false);
}

static void virtballoon_free_pages(struct virtio_balloon *vb,
				   struct list_head *pages)
{
	struct page *page, *next;

	list_for_each_entry_safe(page, next, pages, lru) {
		list_del(&page->lru);
		virtballoon_managed(vb, page, 1);
		put_page(page);
	}
}

/* Up to n pages more; how many there were to be had. */
static unsigned int virtballoon_inflate(struct virtio_balloon *vb,
					unsigned int n)
{
	unsigned int got;
	struct page *page;
	LIST_HEAD(pages);

	/* Before the lock: an allocation may end up in the OOM notifier. */
	for (got = 0; got < min(n, VIRTBALLOON_BATCH); got++) {
		page = balloon_page_alloc();
		if (!page)
			break;
		list_add_tail(&page->lru, &pages);
	}
	if (!got)
		return 0;
	mutex_lock(&vb->lock);
	list_for_each_entry(page, &pages, lru)
		virtballoon_managed(vb, page, -1);
	/* Of a buffer that was not made available the device knows nothing.  On
	 * any other error they stay: who knows what it has read. */
	if (virtballoon_tell_pages(vb, VIRTBALLOON_INFLATE, &pages) == -ENOMEM) {
		virtballoon_free_pages(vb, &pages);
		got = 0;
	}
	vb->num_pages += (u32)balloon_page_list_enqueue(&vb->pages, &pages);
	mutex_unlock(&vb->lock);
	return got;
}

/* Up to n pages fewer; how many. */
static unsigned int virtballoon_deflate(struct virtio_balloon *vb,
					unsigned int n)
{
	LIST_HEAD(pages);
	u32 got;

	mutex_lock(&vb->lock);
	n = min(n, VIRTBALLOON_BATCH);
	got = (u32)balloon_page_list_dequeue(&vb->pages, &pages, n);
	if (got && virtballoon_tell_pages(vb, VIRTBALLOON_DEFLATE, &pages)) {
		balloon_page_list_enqueue(&vb->pages, &pages);
		got = 0;
	}
	vb->num_pages -= got;
	virtballoon_free_pages(vb, &pages);
	mutex_unlock(&vb->lock);
	return got;
}

/* 5.5.6: actual is told after each change. */
static void virtballoon_write_actual(struct virtio_balloon *vb)
{
	vb->vdev->config->set(vb->vdev, VIRTIO_BALLOON_CFG_ACTUAL, 4,
			      vb->num_pages);
}

static void virtballoon_queue_size(struct virtio_balloon *vb,
				   unsigned long delay)
{
	unsigned long flags;

	spin_lock_irqsave(&vb->stop_lock, flags);
	if (!vb->stopping)
		mod_delayed_work(system_wq, &vb->size_work, delay);
	spin_unlock_irqrestore(&vb->stop_lock, flags);
}

void virtballoon_size_changed(struct virtio_balloon *vb)
{
	virtballoon_queue_size(vb, 0);
}

/* One batch towards the target; true: memory was too short for all of it. */
static bool virtballoon_step(struct virtio_balloon *vb, u32 target)
{
	u32 n;

	if (target < vb->num_pages) {
		virtballoon_deflate(vb, vb->num_pages - target);
		return false;
	}
	n = min(target - vb->num_pages, (u32)VIRTBALLOON_BATCH);
	return virtballoon_inflate(vb, n) < n;
}

/* Once for each time that memory runs out. */
static void virtballoon_say_short(struct virtio_balloon *vb, bool is_short)
{
	if (is_short && !vb->short_of_memory)
		dev_info(&vb->vdev->dev,
			 "no memory for more than %u pages at present\n",
			 vb->num_pages);
	vb->short_of_memory = is_short;
}

static void virtballoon_size_work(struct work_struct *work)
{
	struct virtio_balloon *vb =
		container_of(to_delayed_work(work), struct virtio_balloon,
			     size_work);
	u32 target = virtballoon_read(vb, VIRTIO_BALLOON_CFG_NUM_PAGES);
	bool is_short;

	if (target == vb->num_pages ||
	    virtballoon_dead(vb, VIRTBALLOON_INFLATE) ||
	    virtballoon_dead(vb, VIRTBALLOON_DEFLATE))
		return;
	is_short = virtballoon_step(vb, target);
	virtballoon_write_actual(vb);
	virtballoon_say_short(vb, is_short);
	if (vb->num_pages == target)
		guest_note_step(&vb->vdev->dev, "balloon holds %u pages",
				vb->num_pages);
	/* Also when it is reached: the target may have moved meanwhile. */
	virtballoon_queue_size(vb, is_short ? VIRTBALLOON_RETRY : 0);
}

/* 5.5.6: with DEFLATE_ON_OOM the guest takes pages back when it needs them. */
static int virtballoon_on_oom(struct notifier_block *nb, unsigned long action,
			      void *data)
{
	struct virtio_balloon *vb = container_of(nb, struct virtio_balloon,
						 oom);
	unsigned long *freed = data;
	unsigned int n = virtballoon_deflate(vb, VIRTBALLOON_OOM_PAGES);

	(void)action;
	if (n) {
		virtballoon_write_actual(vb);
		guest_note_step(&vb->vdev->dev,
				"out of memory: %u pages from the balloon", n);
	}
	*freed += n;
	return NOTIFY_OK;
}

void virtballoon_size_init(struct virtio_balloon *vb)
{
	mutex_init(&vb->lock);
	balloon_devinfo_init(&vb->pages);
	INIT_DELAYED_WORK(&vb->size_work, virtballoon_size_work);
	vb->oom.notifier_call = virtballoon_on_oom;
}

void virtballoon_deflate_all(struct virtio_balloon *vb)
{
	while (vb->num_pages && virtballoon_deflate(vb, vb->num_pages))
		virtballoon_write_actual(vb);
}

void virtballoon_release_all(struct virtio_balloon *vb)
{
	LIST_HEAD(pages);

	balloon_page_list_dequeue(&vb->pages, &pages, vb->num_pages);
	vb->num_pages = 0;
	virtballoon_free_pages(vb, &pages);
}
