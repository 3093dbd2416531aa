/* SPDX-License-Identifier: MIT */
/*
 * Lab 3: reads a virtio disk through one split virtqueue, by hand and polling.
 * What has nothing to do with the queue is done; the functions that do nothing
 * yet are yours.  The sheet says what each of them is to do.
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
 * Task queue: what the device reaches by DMA, the queue's three areas and, of the
 * one request, what is not data: its header and its status byte.
 */
struct shared {
	u8 status;
};

struct disk {
	struct lab_virtio v;     /* v.regs, lab_common(), lab_structure() */
	struct shared *shared;
	dma_addr_t shared_dma;   /* where the device finds it */
};

/* Where the device finds a member of struct shared. */
#define DMA_OF(d, member) ((d)->shared_dma + offsetof(struct shared, member))

/* ---- task queue ---- */

/* Between FEATURES_OK and DRIVER_OK: tells the device where queue 0 is. */
static void queue_setup(struct disk *d)
{
	d->shared->status = 0xff;
}

/* ---- task request, and then round, status, late and again ---- */

/* Makes a request of three buffers available, and notifies the device. */
static void submit(struct disk *d, u64 sector, dma_addr_t data, u32 len)
{
	(void)sector;
	(void)data;
	(void)len;
	d->shared->status = 0xff;
}

/* 0: the device has given the request back.  -ETIMEDOUT: it has not. */
static int wait_used(struct disk *d)
{
	(void)d;
	return -ETIMEDOUT;
}

/* Called for each blk.read of a check.  buf can be mapped for DMA. */
static int disk_read(struct pci_dev *pdev, u64 sector, void *buf,
		     unsigned int sectors)
{
	struct disk *d = pci_get_drvdata(pdev);
	u32 len = sectors * SECTOR;
	dma_addr_t data;
	int err;

	data = dma_map_single(&pdev->dev, buf, len, DMA_FROM_DEVICE);
	if (dma_mapping_error(&pdev->dev, data))
		return -ENOMEM;
	submit(d, sector, data, len);
	err = wait_used(d);
	dma_unmap_single(&pdev->dev, data, len, DMA_FROM_DEVICE);
	return err;
}

/* ---- the driver ---- */

static int disk_start(struct disk *d)
{
	int err = lab_virtio_negotiate(&d->v, 0);

	if (err)
		return err;
	queue_setup(d);
	/* Here a virtio device begins to work: something is missing. */
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
