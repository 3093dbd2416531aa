/* SPDX-License-Identifier: MIT */
/*
 * The disk of lab 04, all but its interrupts; see lab/disk.h.  A request is a
 * chain of three descriptors, always the same ones (virtio 1.2, 5.2.6):
 *
 *   0 header, 16 bytes  ->  1 data, written by the device  ->  2 status, 1 byte
 */
#include <lab/disk.h>
#include <lab/open.h>

#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/jiffies.h>

#define SECTOR 512u
#define ANSWER_MS 10
#define STATUS_NEEDS_RESET 0x40 /* 2.1 */
#define DESC_F_NEXT 1
#define DESC_F_WRITE 2
#define BLK_T_IN 0
#define BLK_S_OK 0

struct lab_disk_memory {
	struct lab_ring ring;
	struct {
		__le32 type;
		__le32 reserved;
		__le64 sector;
	} header;
	u8 status;
};

/* ---- one request ---- */

static dma_addr_t place(const struct lab_disk *d, size_t offset)
{
	return d->at + offset;
}

static void fill(struct lab_disk *d, u16 n, dma_addr_t at, u32 len, u16 flags)
{
	struct lab_ring *ring = d->queue.ring;

	ring->desc[n].addr = cpu_to_le64(at);
	ring->desc[n].len = cpu_to_le32(len);
	ring->desc[n].flags = cpu_to_le16(flags);
	ring->desc[n].next = cpu_to_le16((u16)(n + 1));
}

static void submit(struct lab_disk *d, u64 sector, dma_addr_t data, u32 len)
{
	struct lab_disk_memory *m = d->memory;
	u16 idx = le16_to_cpu(m->ring.avail.idx);

	m->header.type = cpu_to_le32(BLK_T_IN);
	m->header.sector = cpu_to_le64(sector);
	m->status = 0xff;
	fill(d, 0, place(d, offsetof(struct lab_disk_memory, header)),
	     sizeof(m->header), DESC_F_NEXT);
	fill(d, 1, data, len, DESC_F_NEXT | DESC_F_WRITE);
	fill(d, 2, place(d, offsetof(struct lab_disk_memory, status)), 1,
	     DESC_F_WRITE);
	m->ring.avail.ring[idx % LAB_RING_SIZE] = 0;
	dma_wmb();
	WRITE_ONCE(m->ring.avail.idx, cpu_to_le16((u16)(idx + 1)));
	mb();
	iowrite16(0, d->queue.doorbell);
}

/* No event came: was there one? */
static void complain(struct lab_disk *d)
{
	struct pci_dev *pdev = d->v.pdev;
	u16 command;

	pci_read_config_word(pdev, PCI_COMMAND, &command);
	if (!(command & PCI_COMMAND_MASTER))
		pci_err(pdev, "disk: no answer; Bus Master is off, the device reaches no memory\n");
	else if (lab_queue_used(&d->queue, NULL))
		pci_err(pdev, "disk: the request is done, and no interrupt handler has said so\n");
	else
		pci_err(pdev, "disk: the device has not answered\n");
}

/* One that did not end has its buffers still, until the device is reset. */
static int wait_done(struct lab_disk *d)
{
	unsigned long left = wait_for_completion_timeout(
		&d->done, msecs_to_jiffies(ANSWER_MS));

	if (left && !d->broken)
		return d->memory->status == BLK_S_OK ? 0 : -EIO;
	if (!left)
		complain(d);
	lab_virtio_reset(&d->v);
	d->broken = true;
	return left ? -EIO : -ETIMEDOUT;
}

int lab_disk_read(struct lab_disk *d, u64 sector, void *buf,
		  unsigned int sectors)
{
	struct device *dev = &d->v.pdev->dev;
	u32 len = sectors * SECTOR;
	dma_addr_t data;
	int err;

	if (d->broken)
		return -EIO;
	data = dma_map_single(dev, buf, len, DMA_FROM_DEVICE);
	if (dma_mapping_error(dev, data))
		return -ENOMEM;
	reinit_completion(&d->done);
	submit(d, sector, data, len);
	err = wait_done(d);
	dma_unmap_single(dev, data, len, DMA_FROM_DEVICE);
	return err;
}

/* ---- events ---- */

void lab_disk_queue_event(struct lab_disk *d)
{
	if (lab_queue_used(&d->queue, NULL))
		complete(&d->done);
}

/* 2.1: a device that cannot go on says so; no request ends any more. */
void lab_disk_config_event(struct lab_disk *d)
{
	u8 status = ioread8(lab_common(&d->v) + COMMON_DEVICE_STATUS);

	if (!(status & STATUS_NEEDS_RESET))
		return;
	d->broken = true;
	complete(&d->done);
}

/* ---- from open to close ---- */

static int open_queue(struct lab_disk *d)
{
	struct device *dev = &d->v.pdev->dev;
	int err;

	d->memory = dma_alloc_coherent(dev, sizeof(*d->memory), &d->at,
				       GFP_KERNEL);
	if (!d->memory)
		return -ENOMEM;
	err = lab_queue_setup(&d->queue, &d->v, 0, &d->memory->ring, d->at);
	if (err)
		dma_free_coherent(dev, sizeof(*d->memory), d->memory, d->at);
	return err;
}

int lab_disk_open(struct lab_disk *d, struct pci_dev *pdev)
{
	int err = lab_virtio_open(&d->v, pdev);

	if (err)
		return err;
	init_completion(&d->done);
	d->broken = false;
	err = lab_virtio_negotiate(&d->v, 0);
	if (!err)
		err = open_queue(d);
	if (!err)
		return 0;
	lab_virtio_reset(&d->v);
	lab_virtio_close(&d->v);
	return err;
}

void lab_disk_start(struct lab_disk *d)
{
	lab_queue_enable(&d->queue);
	lab_virtio_add_status(&d->v, STATUS_DRIVER_OK);
}

void lab_disk_stop(struct lab_disk *d)
{
	lab_virtio_reset(&d->v);
}

/* Where the device was started it has been stopped: the memory is ours. */
void lab_disk_close(struct lab_disk *d)
{
	dma_free_coherent(&d->v.pdev->dev, sizeof(*d->memory), d->memory,
			  d->at);
	lab_virtio_close(&d->v);
}
