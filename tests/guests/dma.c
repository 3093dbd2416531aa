/* SPDX-License-Identifier: MIT */
/*
 * A driver's mistakes with DMA mappings: undone wrongly, used unchecked, given
 * up while the device is at work in them.  And what looks like one and is none.
 */
#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <ringside/note.h>

#include "guestdrv/drivers/virtio_blk.h"
#include "tests/guests/misbehaving.h"

#define SECTOR 512u

static noinline dma_addr_t map(struct device *dev, void *p, size_t len,
			       enum dma_data_direction dir)
{
	dma_addr_t addr = dma_map_single(dev, p, len, dir);

	return dma_mapping_error(dev, addr) ? 0 : addr;
}

static int with_buffer(const struct guest_value *v,
		       void (*use)(struct device *dev, void *buf))
{
	struct device *dev = guest_device_find((u32)v[0].i);
	void *buf = kmalloc(SECTOR, GFP_KERNEL);
	int err = -ENODEV;

	if (dev && buf) {
		use(dev, buf);
		err = 0;
	}
	kfree(buf);
	return err;
}

/* ---- mappings that are not undone as they were made ---- */

static noinline void unmap_header_only(struct device *dev, void *buf)
{
	dma_addr_t addr = map(dev, buf, SECTOR, DMA_TO_DEVICE);

	dma_unmap_single(dev, addr, 16, DMA_TO_DEVICE);
}

static int dma_wrong_size(const struct guest_value *v)
{
	return with_buffer(v, unmap_header_only);
}
MISBEHAVE(dma_wrong_size, misbehave_device_params);

static noinline void map_in_good_faith(struct device *dev, void *buf)
{
	dma_addr_t addr = dma_map_single(dev, buf, SECTOR, DMA_TO_DEVICE);

	dma_unmap_single(dev, addr, SECTOR, DMA_TO_DEVICE);
}

static int dma_not_checked(const struct guest_value *v)
{
	return with_buffer(v, map_in_good_faith);
}
MISBEHAVE(dma_not_checked, misbehave_device_params);

static noinline void map_twice(struct device *dev, void *buf)
{
	dma_addr_t one = map(dev, buf, SECTOR, DMA_FROM_DEVICE);
	dma_addr_t two = map(dev, buf, 16, DMA_FROM_DEVICE);

	dma_unmap_single(dev, two, 16, DMA_FROM_DEVICE);
	dma_unmap_single(dev, one, SECTOR, DMA_FROM_DEVICE);
}

static int dma_overlap(const struct guest_value *v)
{
	return with_buffer(v, map_twice);
}
MISBEHAVE(dma_overlap, misbehave_device_params);

/* ---- while the device is at work ---- */

/* Sends a read of the first sector, does what one must not, and waits. */
static int during_a_read(const struct guest_value *v,
			 void (*spoil)(struct device *dev, void *buf))
{
	struct device *dev = guest_device_find((u32)v[0].i);
	struct virtio_blk *vblk = virtblk_get((u32)v[0].i);
	struct virtblk_what what = { .type = VIRTIO_BLK_T_IN, .len = SECTOR };
	struct virtblk_stream stream;
	struct virtblk_req *req;
	int err;

	if (!dev || !vblk)
		return -ENODEV;
	what.data = kmalloc(SECTOR, GFP_KERNEL);
	virtblk_stream_init(&stream);
	err = virtblk_start(&vblk->queues[0], &stream, &what);
	if (!err) {
		spoil(dev, what.data);
		req = virtblk_wait(&stream);
		err = req->result;
		virtblk_free(req);
	}
	virtblk_put(vblk);
	return err;
}

static noinline void unmap_early(struct device *dev, void *buf)
{
	dma_unmap_single(dev, virt_to_phys(buf), SECTOR, DMA_FROM_DEVICE);
}

static int dma_early_unmap(const struct guest_value *v)
{
	return during_a_read(v, unmap_early);
}
MISBEHAVE(dma_early_unmap, misbehave_device_params);

static noinline void free_early(struct device *dev, void *buf)
{
	(void)dev;
	kfree(buf);
}

static int dma_early_free(const struct guest_value *v)
{
	return during_a_read(v, free_early);
}
MISBEHAVE(dma_early_free, misbehave_device_params);

static noinline void use_for_output(struct device *dev, void *buf)
{
	unmap_early(dev, buf);
	map(dev, buf, SECTOR, DMA_TO_DEVICE);
}

static int dma_turned(const struct guest_value *v)
{
	return during_a_read(v, use_for_output);
}
MISBEHAVE(dma_turned, misbehave_device_params);

/* ---- none of it is wrong ---- */

static noinline void near_miss(struct device *dev, void *buf)
{
	dma_addr_t a, b;

	/* Two that the device only reads may share a buffer; and both may be
	 * asked about when both are made. */
	a = dma_map_single(dev, buf, SECTOR, DMA_TO_DEVICE);
	b = dma_map_single(dev, buf, SECTOR, DMA_TO_DEVICE);
	if (dma_mapping_error(dev, a) || dma_mapping_error(dev, b))
		return;
	dma_unmap_single(dev, a, SECTOR, DMA_TO_DEVICE);
	dma_unmap_single(dev, b, SECTOR, DMA_TO_DEVICE);
	/* Side by side, a byte apart from sharing one. */
	a = map(dev, buf, 16, DMA_FROM_DEVICE);
	b = map(dev, (u8 *)buf + 16, SECTOR - 16, DMA_TO_DEVICE);
	dma_sync_single_for_cpu(dev, a + 12, 4, DMA_FROM_DEVICE);
	dma_unmap_single(dev, b, SECTOR - 16, DMA_TO_DEVICE);
	dma_unmap_single(dev, a, 16, DMA_FROM_DEVICE);
}

static int dma_near_miss(const struct guest_value *v)
{
	return with_buffer(v, near_miss);
}
MISBEHAVE(dma_near_miss, misbehave_device_params);
