/* SPDX-License-Identifier: MIT */
/*
 * What labs 05 and 06 give of a virtio PCI device (virtio 1.2, 4.1): where its
 * registers are, reset and features, and a split ring with one buffer under way.
 * Nothing here takes anything from the kernel: memory, the BAR, vectors and
 * handlers are the driver's own, to take and to give back.
 */
#ifndef LAB_VIRTIO_H
#define LAB_VIRTIO_H

#include <linux/io.h>
#include <linux/pci.h>
#include <linux/types.h>

/* 4.1.4: cfg_type of the structures. */
enum lab_structure {
	LAB_COMMON = 1,
	LAB_NOTIFY = 2,
	LAB_ISR = 3,
	LAB_DEVICE = 4,
	LAB_STRUCTURES
};

/* 4.1.4.3: offsets in the common configuration. */
#define COMMON_DEVICE_FEATURE_SELECT 0x00
#define COMMON_DEVICE_FEATURE 0x04
#define COMMON_DRIVER_FEATURE_SELECT 0x08
#define COMMON_DRIVER_FEATURE 0x0c
#define COMMON_CONFIG_MSIX_VECTOR 0x10
#define COMMON_NUM_QUEUES 0x12
#define COMMON_DEVICE_STATUS 0x14
#define COMMON_CONFIG_GENERATION 0x15
#define COMMON_QUEUE_SELECT 0x16
#define COMMON_QUEUE_SIZE 0x18
#define COMMON_QUEUE_MSIX_VECTOR 0x1a
#define COMMON_QUEUE_ENABLE 0x1c
#define COMMON_QUEUE_NOTIFY_OFF 0x1e
#define COMMON_QUEUE_DESC 0x20
#define COMMON_QUEUE_DRIVER 0x28
#define COMMON_QUEUE_DEVICE 0x30

/* 2.1: device_status. */
#define STATUS_ACKNOWLEDGE 1
#define STATUS_DRIVER 2
#define STATUS_DRIVER_OK 4
#define STATUS_FEATURES_OK 8
#define STATUS_FAILED 128

/* 4.1.5.1.2: no entry of the MSI-X table. */
#define VIRTIO_MSI_NO_VECTOR 0xffff

/* 4.1.4.5: ISR status; reading it clears it and lowers the pin. */
#define ISR_QUEUE 1
#define ISR_CONFIG 2

struct lab_virtio {
	struct pci_dev *pdev;
	int bar;                      /* that the structures are in */
	u32 offset[LAB_STRUCTURES];   /* of each, in it */
	u32 notify_multiplier;
	u8 __iomem *regs;             /* the mapped BAR: the driver sets it */
};

static inline u8 __iomem *lab_structure(const struct lab_virtio *v,
					enum lab_structure which)
{
	return v->regs + v->offset[which];
}

static inline u8 __iomem *lab_common(const struct lab_virtio *v)
{
	return lab_structure(v, LAB_COMMON);
}

/* Looks through the capability list; only pdev, bar, offset and
 * notify_multiplier are filled.  -ENODEV: a structure is missing. */
int lab_virtio_find(struct lab_virtio *v, struct pci_dev *pdev);
/* Until device_status reads 0.  -ETIMEDOUT: it does not come to that. */
int lab_virtio_reset(struct lab_virtio *v);
/* For a driver that cannot finish what it has begun: FAILED (3.1.1), then a reset.
 * A device that was reset already is left alone. */
void lab_virtio_fail(struct lab_virtio *v);
/* 3.1.1, steps 1 to 6: reset to FEATURES_OK.  Accepted are VIRTIO_F_VERSION_1, and
 * of the bits 0 to 31 those that are wanted and offered.  -ENODEV: the device does
 * not agree. */
int lab_virtio_negotiate(struct lab_virtio *v, u32 wanted);
/* Adds a bit to device_status. */
void lab_virtio_add_status(struct lab_virtio *v, u8 bit);

/* ---- a ring with one buffer under way ---- */

#define LAB_RING_SIZE 4

/*
 * 2.7: the three parts of a split ring; the device reads descriptors and
 * available ring, and writes the used ring.  For dma_alloc_coherent().
 */
struct lab_ring {
	struct {
		__le64 addr;
		__le32 len;
		__le16 flags;
		__le16 next;
	} desc[LAB_RING_SIZE];
	struct {
		__le16 flags;
		__le16 idx;
		__le16 ring[LAB_RING_SIZE];
	} avail;
	struct {
		__le16 flags;
		__le16 idx;
		struct {
			__le32 id;
			__le32 len;
		} ring[LAB_RING_SIZE];
	} used __aligned(4);
};

struct lab_queue {
	struct lab_virtio *v;
	u16 index;
	struct lab_ring *ring;
	u8 __iomem *doorbell;
	u16 seen; /* used entries that were taken notice of */
};

/* Tells the device where ring `index` is; `ring` is all zero, `at` its address
 * for the device.  It is enabled later.  -ENODEV: there is no such queue. */
int lab_queue_setup(struct lab_queue *q, struct lab_virtio *v, u16 index,
		    struct lab_ring *ring, dma_addr_t at);
/* After the vectors are mapped (4.1.4.3.2), before DRIVER_OK. */
void lab_queue_enable(struct lab_queue *q);
/* Makes one buffer available and notifies the device; `to_driver`: the device
 * writes it. */
void lab_queue_give(struct lab_queue *q, dma_addr_t at, u32 len,
		    bool to_driver);
/* Has the device used the buffer?  Then *len is what it wrote (len may be NULL). */
bool lab_queue_used(struct lab_queue *q, u32 *len);

#endif
