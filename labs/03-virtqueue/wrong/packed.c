/* SPDX-License-Identifier: MIT */
/*
 * Wrong: the areas follow each other without a gap: the used ring is not aligned to 4
 * Loses: queue, request, round, status, late, again
 * Says: SQ-LAY-D1: the driver enabled queue 0 with rings at
 */
#include <lab.h>
#include <lab/open.h>

#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/slab.h>

#define SIZE 8u              /* descriptors; a request takes three */
#define TIMEOUT_US 10000u
#define SECTOR 512u

/* virtio 1.2, 2.7.5 and 2.7.6. */
#define DESC_F_NEXT 1
#define DESC_F_WRITE 2       /* the device writes this buffer */
#define AVAIL_F_NO_INTERRUPT 1
/* 5.2.6. */
#define BLK_T_IN 0
#define BLK_S_OK 0

/*
 * What the device reaches by DMA: the queue's three areas, and of the one request
 * what is not data.  As members of one struct the areas lie where their alignment
 * wants them: the compiler puts 2 bytes before `used`.
 */
struct shared {
	struct {
		__le64 addr;
		__le32 len;
		__le16 flags, next;
	} desc[SIZE];
	struct {
		__le16 flags, idx, ring[SIZE], used_event;
	} avail;
	struct {
		__le16 flags, idx;
		struct {
			__le32 id, len;
		} ring[SIZE];
		__le16 avail_event;
	} used;
	struct {
		__le32 type, reserved;
		__le64 sector;
	} header;
	u8 status;
} __packed;

struct disk {
	struct lab_virtio v;
	struct shared *shared;
	dma_addr_t shared_dma;   /* where the device finds it */
	u8 __iomem *doorbell;
	u16 size;                /* of the queue, at most SIZE */
	u16 head;                /* descriptor that the next request begins with */
	u16 seen;                /* used.idx, as far as it was looked at */
	bool broken;             /* a request never came back */
};

#define DMA_OF(d, member) ((d)->shared_dma + offsetof(struct shared, member))

/* ---- task queue ---- */

static void write_address(u8 __iomem *reg, dma_addr_t addr)
{
	iowrite32((u32)addr, reg);
	iowrite32((u32)(addr >> 32), reg + 4);
}

/* Between FEATURES_OK and DRIVER_OK. */
static void queue_setup(struct disk *d)
{
	u8 __iomem *common = lab_common(&d->v);

	d->shared->avail.flags = AVAIL_F_NO_INTERRUPT;
	iowrite16(0, common + COMMON_QUEUE_SELECT);
	d->size = min_t(u16, ioread16(common + COMMON_QUEUE_SIZE), SIZE);
	iowrite16(d->size, common + COMMON_QUEUE_SIZE);
	write_address(common + COMMON_QUEUE_DESC, DMA_OF(d, desc));
	write_address(common + COMMON_QUEUE_DRIVER, DMA_OF(d, avail));
	write_address(common + COMMON_QUEUE_DEVICE, DMA_OF(d, used));
	d->doorbell = lab_structure(&d->v, LAB_NOTIFY) +
		      ioread16(common + COMMON_QUEUE_NOTIFY_OFF) *
			      d->v.notify_multiplier;
	iowrite16(1, common + COMMON_QUEUE_ENABLE);
}

/* ---- task request ---- */

/* The n-th descriptor of the request; the last one has no next. */
static void fill_desc(struct disk *d, u16 n, dma_addr_t addr, u32 len,
		      u16 flags)
{
	u16 at = (d->head + n) % d->size;

	d->shared->desc[at].addr = addr;
	d->shared->desc[at].len = len;
	d->shared->desc[at].flags = flags;
	d->shared->desc[at].next = (at + 1) % d->size;
}

static void submit(struct disk *d, u64 sector, dma_addr_t data, u32 len)
{
	struct shared *s = d->shared;

	s->header.type = BLK_T_IN;
	s->header.sector = sector;
	s->status = 0xff;
	fill_desc(d, 0, DMA_OF(d, header), sizeof(s->header), DESC_F_NEXT);
	fill_desc(d, 1, data, len, DESC_F_NEXT | DESC_F_WRITE);
	fill_desc(d, 2, DMA_OF(d, status), 1, DESC_F_WRITE);

	/* The device may look at any time: first the entry, then the index. */
	s->avail.ring[s->avail.idx % d->size] = d->head;
	wmb();
	WRITE_ONCE(s->avail.idx, s->avail.idx + 1);
	mb();
	iowrite16(0, d->doorbell);
}

/* 0: the device has given the request back. */
static int wait_used(struct disk *d)
{
	unsigned int us;
	u32 id;

	for (us = 0; READ_ONCE(d->shared->used.idx) == d->seen; us++) {
		if (us == TIMEOUT_US)
			return -ETIMEDOUT;
		udelay(1);
	}
	rmb();
	id = d->shared->used.ring[d->seen % d->size].id;
	d->seen++;
	return id == d->head ? 0 : -EIO;
}

static int disk_read(struct pci_dev *pdev, u64 sector, void *buf,
		     unsigned int sectors)
{
	struct disk *d = pci_get_drvdata(pdev);
	u32 len = sectors * SECTOR;
	dma_addr_t data;
	int err;

	if (d->broken)
		return -EIO;
	data = dma_map_single(&pdev->dev, buf, len, DMA_FROM_DEVICE);
	if (dma_mapping_error(&pdev->dev, data))
		return -ENOMEM;
	submit(d, sector, data, len);
	err = wait_used(d);
	if (err) {
		/* It has the buffer still; only a reset takes it away. */
		lab_virtio_reset(&d->v);
		d->broken = true;
	}
	dma_unmap_single(&pdev->dev, data, len, DMA_FROM_DEVICE);
	d->head = (d->head + 3) % d->size;
	if (!err && d->shared->status != BLK_S_OK)
		err = -EIO;
	return err;
}

/* ---- the driver ---- */

static int disk_start(struct disk *d)
{
	int err = lab_virtio_negotiate(&d->v, 0);

	if (err)
		return err;
	queue_setup(d);
	lab_virtio_add_status(&d->v, STATUS_DRIVER_OK);
	return 0;
}

/* Reset first: as long as the queue is enabled its memory is the device's. */
static void disk_remove(struct pci_dev *pdev)
{
	struct disk *d = pci_get_drvdata(pdev);

	lab_virtio_reset(&d->v);
	dma_free_coherent(&pdev->dev, sizeof(*d->shared), d->shared,
			  d->shared_dma);
	lab_virtio_close(&d->v);
	kfree(d);
}

static int disk_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct disk *d = kzalloc(sizeof(*d), GFP_KERNEL);
	int err;

	(void)id;
	if (!d)
		return -ENOMEM;
	pci_set_drvdata(pdev, d);
	err = lab_virtio_open(&d->v, pdev);
	if (err)
		goto free;
	d->shared = dma_alloc_coherent(&pdev->dev, sizeof(*d->shared),
				       &d->shared_dma, GFP_KERNEL);
	if (!d->shared) {
		err = -ENOMEM;
		goto close;
	}
	pci_set_master(pdev);
	err = disk_start(d);
	if (err)
		disk_remove(pdev);
	return err;
close:
	lab_virtio_close(&d->v);
free:
	kfree(d);
	return err;
}

static const struct pci_device_id disk_ids[] = {
	{ PCI_DEVICE(0x1af4, 0x1042) }, /* virtio 1.2, 5.2: a block device */
	{ 0 }
};

static struct pci_driver disk_driver = {
	.name = "lab-disk",
	.id_table = disk_ids,
	.probe = disk_probe,
	.remove = disk_remove,
};
module_pci_driver(disk_driver);

static const struct lab_ops ops = { .read = disk_read };
LAB_OPS(ops);
