/* SPDX-License-Identifier: MIT */
/*
 * The balloon of lab 05, all but its interrupts; see lab/balloon.h.  Pages go in
 * and out in batches; each batch is one buffer on a queue, and the next one waits
 * for the device to have used it.
 */
#include <lab/balloon.h>

#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>

enum { INFLATE, DEFLATE };

#define FEATURE_MUST_TELL_HOST 1u

/* 5.5.4: offsets in the device configuration. */
#define CONFIG_NUM_PAGES 0
#define CONFIG_ACTUAL 4

/* 5.5.6: the unit of page numbers is 4096 bytes. */
#define PFN_SHIFT 12
#define BATCH 64u
/* The device answers in microseconds. */
#define ANSWER_MS 20

struct balloon_memory {
	struct {
		struct lab_ring ring;
		__le32 pfns[BATCH];
	} __aligned(16) queues[BALLOON_QUEUES];
};

/* ---- telling the device ---- */

static bool tell(struct balloon *b, unsigned int which, u32 n)
{
	dma_addr_t at = b->at + offsetof(struct balloon_memory,
					 queues[which].pfns);

	reinit_completion(&b->used[which]);
	lab_queue_give(&b->queues[which], at, n * (u32)sizeof(__le32), false);
	if (wait_for_completion_timeout(&b->used[which],
					msecs_to_jiffies(ANSWER_MS)))
		return true;
	pci_err(b->v.pdev, "balloon: no interrupt told that queue %u's buffer was used\n",
		which);
	b->silent = true;
	return false;
}

static __le32 page_number(struct page *page)
{
	return cpu_to_le32((u32)(page_to_phys(page) >> PFN_SHIFT));
}

/* Up to `want` pages more.  They stay ours to return whether or not the device
 * has answered.  False: none more are to be had. */
static bool inflate(struct balloon *b, u32 want)
{
	__le32 *pfns = b->memory->queues[INFLATE].pfns;
	struct page *page;
	u32 n;

	for (n = 0; n < min(want, BATCH); n++) {
		page = alloc_page(GFP_KERNEL);
		if (!page)
			break;
		list_add_tail(&page->lru, &b->pages);
		pfns[n] = page_number(page);
	}
	if (!n || !tell(b, INFLATE, n))
		return false;
	b->count += n;
	return true;
}

static bool deflate(struct balloon *b, u32 want)
{
	__le32 *pfns = b->memory->queues[DEFLATE].pfns;
	struct page *page, *next;
	u32 n = 0, i = 0;

	want = min(want, BATCH);
	list_for_each_entry(page, &b->pages, lru) {
		if (n == want)
			break;
		pfns[n++] = page_number(page);
	}
	if (!tell(b, DEFLATE, n))
		return false;
	list_for_each_entry_safe(page, next, &b->pages, lru) {
		if (i++ == n)
			break;
		list_del(&page->lru);
		put_page(page);
	}
	b->count -= n;
	return true;
}

/* 2.5.3: read between two looks at a generation that stands still. */
static u32 read_target(struct balloon *b)
{
	u8 __iomem *generation = lab_common(&b->v) + COMMON_CONFIG_GENERATION;
	u8 before;
	u32 target;

	do {
		before = ioread8(generation);
		target = ioread32(lab_structure(&b->v, LAB_DEVICE) +
				  CONFIG_NUM_PAGES);
	} while (ioread8(generation) != before);
	return target;
}

/* 5.5.6: until there are as many as the device wants; then it is told. */
static void resize(struct work_struct *work)
{
	struct balloon *b = container_of(work, struct balloon, resize);
	u32 target = read_target(b);

	bool moved = true;

	while (!b->silent && moved && b->count != target) {
		moved = b->count < target ? inflate(b, target - b->count) :
					    deflate(b, b->count - target);
		target = read_target(b);
	}
	iowrite32(b->count, lab_structure(&b->v, LAB_DEVICE) + CONFIG_ACTUAL);
}

/* ---- events ---- */

void balloon_queue_event(struct balloon *b, unsigned int queue)
{
	if (lab_queue_used(&b->queues[queue], NULL))
		complete(&b->used[queue]);
}

void balloon_config_event(struct balloon *b)
{
	if (b->running)
		schedule_work(&b->resize);
}

/* ---- from open to close ---- */

static int setup_queues(struct balloon *b)
{
	u16 i;
	int err = 0;

	for (i = 0; i < BALLOON_QUEUES && !err; i++) {
		init_completion(&b->used[i]);
		err = lab_queue_setup(&b->queues[i], &b->v, i,
				      &b->memory->queues[i].ring,
				      b->at + offsetof(struct balloon_memory,
						       queues[i].ring));
	}
	return err;
}

static int map(struct balloon *b)
{
	struct pci_dev *pdev = b->v.pdev;
	int err = pci_request_region(pdev, b->v.bar, "balloon");

	if (err)
		return err;
	b->v.regs = pci_iomap(pdev, b->v.bar, 0);
	if (b->v.regs)
		return 0;
	pci_release_region(pdev, b->v.bar);
	return -ENOMEM;
}

static void unmap(struct balloon *b)
{
	pci_iounmap(b->v.pdev, b->v.regs);
	pci_release_region(b->v.pdev, b->v.bar);
}

static int open_device(struct balloon *b)
{
	struct device *dev = &b->v.pdev->dev;
	int err = dma_set_mask_and_coherent(dev, DMA_BIT_MASK(64));

	if (!err)
		err = lab_virtio_negotiate(&b->v, FEATURE_MUST_TELL_HOST);
	if (err)
		return err;
	b->memory = dma_alloc_coherent(dev, sizeof(*b->memory), &b->at,
				       GFP_KERNEL);
	if (!b->memory)
		return -ENOMEM;
	pci_set_master(b->v.pdev);
	err = setup_queues(b);
	if (err)
		dma_free_coherent(dev, sizeof(*b->memory), b->memory, b->at);
	return err;
}

int balloon_open(struct balloon *b, struct pci_dev *pdev)
{
	int err;

	*b = (struct balloon){ .count = 0 };
	INIT_LIST_HEAD(&b->pages);
	INIT_WORK(&b->resize, resize);
	err = lab_virtio_find(&b->v, pdev);
	if (err)
		return err;
	err = pci_enable_device(pdev);
	if (err)
		return err;
	err = map(b);
	if (err)
		goto disable;
	err = open_device(b);
	if (!err)
		return 0;
	lab_virtio_fail(&b->v);
	unmap(b);
disable:
	pci_disable_device(pdev);
	return err;
}

void balloon_start(struct balloon *b)
{
	unsigned int i;

	for (i = 0; i < BALLOON_QUEUES; i++)
		lab_queue_enable(&b->queues[i]);
	b->running = true;
	lab_virtio_add_status(&b->v, STATUS_DRIVER_OK);
	/* The write is posted: when this returns the device runs. */
	ioread8(lab_common(&b->v) + COMMON_DEVICE_STATUS);
	/* The target may have been moved while nobody listened. */
	balloon_config_event(b);
}

/* A page is used again when the device knows: told, or reset. */
void balloon_stop(struct balloon *b)
{
	struct page *page, *next;

	b->running = false;
	cancel_work_sync(&b->resize);
	while (!b->silent && b->count)
		deflate(b, b->count);
	lab_virtio_reset(&b->v);
	list_for_each_entry_safe(page, next, &b->pages, lru) {
		list_del(&page->lru);
		put_page(page);
	}
	b->count = 0;
}

void balloon_close(struct balloon *b)
{
	struct pci_dev *pdev = b->v.pdev;

	lab_virtio_fail(&b->v);
	dma_free_coherent(&pdev->dev, sizeof(*b->memory), b->memory, b->at);
	unmap(b);
	pci_disable_device(pdev);
}
