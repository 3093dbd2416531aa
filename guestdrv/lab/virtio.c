/* SPDX-License-Identifier: MIT */
/*
 * What labs 05 and 06 give of a virtio PCI device; see lab/virtio.h.
 */
#include <lab/virtio.h>

#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/kernel.h>

/* 4.1.4: bytes of a vendor-specific capability. */
#define CAP_CFG_TYPE 3
#define CAP_BAR 4
#define CAP_OFFSET 8
#define CAP_NOTIFY_MULTIPLIER 16

/* A list of config space has no room for more. */
#define CAPS_MAX 48

#define FEATURE_VERSION_1_HIGH 1u /* bit 32 */
#define RESET_MS 100
#define DESC_F_WRITE 2
#define USED_F_NO_NOTIFY 1

/* ---- where the registers are ---- */

int lab_virtio_find(struct lab_virtio *v, struct pci_dev *pdev)
{
	u8 pos = pci_find_capability(pdev, PCI_CAP_ID_VNDR);
	unsigned int found = 0, left = CAPS_MAX;

	*v = (struct lab_virtio){ .pdev = pdev, .bar = -1 };
	for (; pos && left--; pos = pci_find_next_capability(pdev, pos,
							     PCI_CAP_ID_VNDR)) {
		u8 type = 0, bar = 0;

		pci_read_config_byte(pdev, pos + CAP_CFG_TYPE, &type);
		pci_read_config_byte(pdev, pos + CAP_BAR, &bar);
		if (!type || type >= LAB_STRUCTURES || found & 1u << type ||
		    bar >= PCI_STD_NUM_BARS || (found && bar != v->bar))
			continue;
		found |= 1u << type;
		v->bar = bar;
		pci_read_config_dword(pdev, pos + CAP_OFFSET, &v->offset[type]);
		if (type == LAB_NOTIFY)
			pci_read_config_dword(pdev, pos + CAP_NOTIFY_MULTIPLIER,
					      &v->notify_multiplier);
	}
	/* The entropy device has no configuration of its own. */
	found |= 1u << LAB_DEVICE;
	return found == (1u << LAB_STRUCTURES) - 2 ? 0 : -ENODEV;
}

/* ---- status and features ---- */

int lab_virtio_reset(struct lab_virtio *v)
{
	unsigned int ms;

	iowrite8(0, lab_common(v) + COMMON_DEVICE_STATUS);
	for (ms = 0; ms < RESET_MS; ms++) {
		if (!ioread8(lab_common(v) + COMMON_DEVICE_STATUS))
			return 0;
		msleep(1);
	}
	return -ETIMEDOUT;
}

void lab_virtio_add_status(struct lab_virtio *v, u8 bit)
{
	u8 status = ioread8(lab_common(v) + COMMON_DEVICE_STATUS);

	iowrite8(status | bit, lab_common(v) + COMMON_DEVICE_STATUS);
}

void lab_virtio_fail(struct lab_virtio *v)
{
	if (!ioread8(lab_common(v) + COMMON_DEVICE_STATUS))
		return;
	lab_virtio_add_status(v, STATUS_FAILED);
	lab_virtio_reset(v);
}

static u32 offered(struct lab_virtio *v, u32 word)
{
	iowrite32(word, lab_common(v) + COMMON_DEVICE_FEATURE_SELECT);
	return ioread32(lab_common(v) + COMMON_DEVICE_FEATURE);
}

static void accept(struct lab_virtio *v, u32 word, u32 bits)
{
	iowrite32(word, lab_common(v) + COMMON_DRIVER_FEATURE_SELECT);
	iowrite32(bits, lab_common(v) + COMMON_DRIVER_FEATURE);
}

/* Does the device agree to these? */
static bool agreed(struct lab_virtio *v, u32 wanted)
{
	if (!(offered(v, 1) & FEATURE_VERSION_1_HIGH))
		return false;
	accept(v, 0, offered(v, 0) & wanted);
	accept(v, 1, FEATURE_VERSION_1_HIGH);
	lab_virtio_add_status(v, STATUS_FEATURES_OK);
	return ioread8(lab_common(v) + COMMON_DEVICE_STATUS) &
	       STATUS_FEATURES_OK;
}

int lab_virtio_negotiate(struct lab_virtio *v, u32 wanted)
{
	int err = lab_virtio_reset(v);

	if (err)
		return err;
	lab_virtio_add_status(v, STATUS_ACKNOWLEDGE);
	lab_virtio_add_status(v, STATUS_DRIVER);
	return agreed(v, wanted) ? 0 : -ENODEV;
}

/* ---- the ring ---- */

static void write_address(struct lab_virtio *v, u32 reg, u64 at)
{
	iowrite32((u32)at, lab_common(v) + reg);
	iowrite32((u32)(at >> 32), lab_common(v) + reg + 4);
}

static void select(const struct lab_queue *q)
{
	iowrite16(q->index, lab_common(q->v) + COMMON_QUEUE_SELECT);
}

int lab_queue_setup(struct lab_queue *q, struct lab_virtio *v, u16 index,
		    struct lab_ring *ring, dma_addr_t at)
{
	u8 __iomem *common = lab_common(v);

	*q = (struct lab_queue){ .v = v, .index = index, .ring = ring };
	select(q);
	if (ioread16(common + COMMON_QUEUE_SIZE) < LAB_RING_SIZE)
		return -ENODEV;
	iowrite16(LAB_RING_SIZE, common + COMMON_QUEUE_SIZE);
	write_address(v, COMMON_QUEUE_DESC,
		      at + offsetof(struct lab_ring, desc));
	write_address(v, COMMON_QUEUE_DRIVER,
		      at + offsetof(struct lab_ring, avail));
	write_address(v, COMMON_QUEUE_DEVICE,
		      at + offsetof(struct lab_ring, used));
	q->doorbell = lab_structure(v, LAB_NOTIFY) +
		      ioread16(common + COMMON_QUEUE_NOTIFY_OFF) *
			      v->notify_multiplier;
	return 0;
}

void lab_queue_enable(struct lab_queue *q)
{
	select(q);
	iowrite16(1, lab_common(q->v) + COMMON_QUEUE_ENABLE);
}

/* 2.7.13: descriptor, ring entry, barrier, index, barrier, notification where the
 * device wants it. */
void lab_queue_give(struct lab_queue *q, dma_addr_t at, u32 len, bool to_driver)
{
	struct lab_ring *ring = q->ring;
	u16 idx = le16_to_cpu(ring->avail.idx);

	ring->desc[0].addr = cpu_to_le64(at);
	ring->desc[0].len = cpu_to_le32(len);
	ring->desc[0].flags = cpu_to_le16(to_driver ? DESC_F_WRITE : 0);
	ring->avail.ring[idx % LAB_RING_SIZE] = 0;
	dma_wmb();
	WRITE_ONCE(ring->avail.idx, cpu_to_le16((u16)(idx + 1)));
	mb();
	if (!(le16_to_cpu(READ_ONCE(ring->used.flags)) & USED_F_NO_NOTIFY))
		iowrite16(q->index, q->doorbell);
}

bool lab_queue_used(struct lab_queue *q, u32 *len)
{
	struct lab_ring *ring = q->ring;

	if (le16_to_cpu(READ_ONCE(ring->used.idx)) == q->seen)
		return false;
	dma_rmb();
	if (len)
		*len = le32_to_cpu(ring->used.ring[q->seen % LAB_RING_SIZE].len);
	q->seen++;
	return true;
}
