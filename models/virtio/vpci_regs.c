/* SPDX-License-Identifier: MIT */
/*
 * Common configuration of virtio-pci as register tables, and what each register
 * does (virtio 1.2 4.1.4.3).  The registers behind queue_select are one block
 * with a store for each queue.  Read by `explain`, the trace decoder and the
 * register reference too.
 */
#include "models/virtio/vpci.h"

#define COMMON "virtio 1.2 4.1.4.3"

/* A device chooses what queue_notify_data says; ours differs from the queue's
 * index, so that a driver that sends the wrong one is found out. */
#define NOTIFY_DATA_BASE 0x4000u

enum device_row {
	DEVICE_FEATURE_SELECT,
	DEVICE_FEATURE,
	DRIVER_FEATURE_SELECT,
	DRIVER_FEATURE,
	CONFIG_MSIX_VECTOR,
	NUM_QUEUES,
	DEVICE_STATUS,
	CONFIG_GENERATION,
	QUEUE_SELECT
};

enum queue_row {
	QUEUE_SIZE,
	QUEUE_MSIX_VECTOR,
	QUEUE_ENABLE,
	QUEUE_NOTIFY_OFF,
	QUEUE_DESC,
	QUEUE_DRIVER,
	QUEUE_DEVICE,
	QUEUE_NOTIFY_DATA,
	QUEUE_RESET
};

static const struct reg device_rows[];
static const struct reg queue_rows[];

static uint64_t device_get(const struct vpci *v, enum device_row row)
{
	return reg_get(v->device_regs, &device_rows[row]);
}

static uint64_t queue_get(const struct vpci *v, uint16_t q, enum queue_row row)
{
	return reg_get(v->queue_regs[q], &queue_rows[row]);
}

static void queue_set(struct vpci *v, uint16_t q, enum queue_row row,
		      uint64_t value)
{
	reg_set(v->queue_regs[q], &queue_rows[row], value);
}

static uint16_t selected(const struct vpci *v)
{
	return (uint16_t)device_get(v, QUEUE_SELECT);
}

uint16_t vpci_config_vector(const struct vpci *v)
{
	return (uint16_t)device_get(v, CONFIG_MSIX_VECTOR);
}

uint16_t vpci_queue_vector(const struct vpci *v, uint16_t queue)
{
	return (uint16_t)queue_get(v, queue, QUEUE_MSIX_VECTOR);
}

uint16_t vpci_notify_value(const struct vpci *v, uint16_t queue)
{
	return virtio_has(v->vdev, VIRTIO_F_NOTIF_CONFIG_DATA)
		? (uint16_t)(NOTIFY_DATA_BASE | queue) : queue;
}

/* ---- the device's registers ---- */

static void write_read_only(void *owner, const struct reg *r, uint64_t old,
			    uint64_t now)
{
	struct vpci *v = owner;

	(void)old;
	(void)now;
	virtio_guest_error(v->vdev, r->offset < VPCI_DEVICE_REGS_BYTES
				? VIRTIO_NO_QUEUE : selected(v),
			   "a register that drivers may only read was written: ignored (4.1.4.3.2)");
}

static uint64_t read_device_feature(void *owner, const struct reg *r,
				    uint64_t stored)
{
	struct vpci *v = owner;

	(void)r;
	(void)stored;
	return virtio_device_feature(v->vdev,
		(uint32_t)device_get(v, DEVICE_FEATURE_SELECT));
}

/* The store holds the window that is selected, so that narrow writes merge. */
static void load_driver_feature(struct vpci *v)
{
	uint32_t select = (uint32_t)device_get(v, DRIVER_FEATURE_SELECT);

	reg_set(v->device_regs, &device_rows[DRIVER_FEATURE],
		virtio_driver_feature(v->vdev, select));
}

static uint64_t read_driver_feature(void *owner, const struct reg *r,
				    uint64_t stored)
{
	(void)r;
	return virtio_quirk(((struct vpci *)owner)->vdev,
			    VIRTIO_QUIRK_DRIVER_FEATURE, VIRTIO_NO_QUEUE)
		? 0 : stored;
}

static void write_driver_feature_select(void *owner, const struct reg *r,
					uint64_t old, uint64_t now)
{
	(void)r;
	(void)old;
	(void)now;
	load_driver_feature(owner);
}

static void write_driver_feature(void *owner, const struct reg *r,
				 uint64_t old, uint64_t now)
{
	struct vpci *v = owner;

	(void)r;
	(void)old;
	virtio_write_driver_feature(v->vdev,
		(uint32_t)device_get(v, DRIVER_FEATURE_SELECT), (uint32_t)now);
	load_driver_feature(v);
}

/* The mapping that the driver reads back, 4.1.5.1.2. */
static uint16_t map_vector(struct vpci *v, struct model_fault_site *fault,
			   uint16_t queue, uint16_t was, uint16_t vector)
{
	struct pci_host *h = v->vdev->host;
	uint32_t index = queue == VIRTIO_NO_QUEUE ? UINT32_MAX : queue;

	if (vector == VIRTIO_MSI_NO_VECTOR)
		return was != vector && virtio_quirk(v->vdev,
						     VIRTIO_QUIRK_VECTOR_NONE,
						     queue)
			? was : VIRTIO_MSI_NO_VECTOR;
	if (vector >= v->msix.entries) {
		if (virtio_quirk(v->vdev, VIRTIO_QUIRK_VECTOR_BEYOND, queue))
			return (uint16_t)vector;
		virtio_guest_error(v->vdev, queue,
			"a vector beyond the MSI-X table: NO_VECTOR (4.1.5.1.2)");
		return VIRTIO_MSI_NO_VECTOR;
	}
	if (h->ops->fault(h, fault, index))
		return VIRTIO_MSI_NO_VECTOR;
	return (uint16_t)vector;
}

void vpci_map_config(struct vpci *v, uint16_t was, uint16_t vector)
{
	uint16_t mapped = map_vector(v, &v->config_vector_fault,
				     VIRTIO_NO_QUEUE, was, vector);

	reg_set(v->device_regs, &device_rows[CONFIG_MSIX_VECTOR], mapped);
	virtio_event(v->vdev, MODEL_EV_CONFIG_VECTOR, VIRTIO_NO_QUEUE, mapped,
		     NULL);
}

void vpci_map_queue(struct vpci *v, uint16_t queue, uint16_t was,
		    uint16_t vector)
{
	uint16_t mapped = map_vector(v, &v->queue_vector_fault, queue, was,
				     vector);

	queue_set(v, queue, QUEUE_MSIX_VECTOR, mapped);
	virtio_event(v->vdev, MODEL_EV_QUEUE_VECTOR, queue, mapped, NULL);
}

static void write_config_vector(void *owner, const struct reg *r, uint64_t old,
				uint64_t now)
{
	(void)r;
	vpci_map_config(owner, (uint16_t)old, (uint16_t)now);
}

static uint64_t read_num_queues(void *owner, const struct reg *r,
				uint64_t stored)
{
	(void)r;
	(void)stored;
	return ((const struct vpci *)owner)->vdev->nqueues;
}

uint64_t vpci_read_status(void *owner, const struct reg *r, uint64_t stored)
{
	(void)r;
	(void)stored;
	return ((const struct vpci *)owner)->vdev->status;
}

void vpci_write_status(void *owner, const struct reg *r, uint64_t old,
		       uint64_t now)
{
	(void)r;
	(void)old;
	virtio_write_status(((struct vpci *)owner)->vdev, (uint8_t)now);
}

static uint64_t read_generation(void *owner, const struct reg *r,
				uint64_t stored)
{
	(void)r;
	(void)stored;
	return ((const struct vpci *)owner)->vdev->generation;
}

static const struct reg device_rows[] = {
	[DEVICE_FEATURE_SELECT] = { "device_feature_select", 0x00, 4,
		0xffffffff, 0, 0, COMMON,
		"which 32 bits device_feature shows: 0 or 1", NULL, NULL },
	[DEVICE_FEATURE] = { "device_feature", 0x04, 4, 0, 0, 0, COMMON,
		"features that the device offers", read_device_feature,
		write_read_only },
	[DRIVER_FEATURE_SELECT] = { "driver_feature_select", 0x08, 4,
		0xffffffff, 0, 0, COMMON,
		"which 32 bits driver_feature shows: 0 or 1", NULL,
		write_driver_feature_select },
	[DRIVER_FEATURE] = { "driver_feature", 0x0c, 4, 0xffffffff, 0, 0,
		COMMON, "features that the driver accepts", read_driver_feature,
		write_driver_feature },
	[CONFIG_MSIX_VECTOR] = { "config_msix_vector", 0x10, 2, 0xffff, 0,
		VIRTIO_MSI_NO_VECTOR, COMMON,
		"vector for configuration changes; reads back NO_VECTOR if refused",
		NULL, write_config_vector },
	[NUM_QUEUES] = { "num_queues", 0x12, 2, 0, 0, 0, COMMON,
		"how many queues the device has", read_num_queues,
		write_read_only },
	[DEVICE_STATUS] = { "device_status", 0x14, 1, 0xff, 0, 0, COMMON,
		"how far initialization has come; writing 0 resets", vpci_read_status,
		vpci_write_status },
	[CONFIG_GENERATION] = { "config_generation", 0x15, 1, 0, 0, 0, COMMON,
		"moves when the device has changed its configuration",
		read_generation, write_read_only },
	[QUEUE_SELECT] = { "queue_select", 0x16, 2, 0xffff, 0, 0, COMMON,
		"the queue that the registers from 0x18 on belong to", NULL,
		NULL },
};

const struct reg_block vpci_device_regs = {
	"virtio-pci common configuration", device_rows,
	sizeof(device_rows) / sizeof(device_rows[0]), VPCI_DEVICE_REGS_BYTES,
};

/* ---- the selected queue's registers ---- */

/* May the queue be set up now?  If not, the register keeps what it had. */
static bool queue_open(struct vpci *v, const struct reg *r, uint64_t old)
{
	uint16_t q = selected(v);

	if (v->vdev->queues_resetting & 1ull << q)
		virtio_guest_error(v->vdev, q,
			"a queue was set up before its reset was complete: ignored (4.1.4.3.2)");
	else if (v->vdev->queues[q].enabled)
		virtio_guest_error(v->vdev, q,
			"a queue was changed while it is enabled: ignored (4.1.4.3.2)");
	else
		return true;
	reg_set(v->queue_regs[q], r, old);
	return false;
}

uint64_t vpci_shown_size(struct vpci *v, uint16_t queue, uint64_t size)
{
	enum { ODD = 1, ZERO };

	switch (virtio_quirk(v->vdev, VIRTIO_QUIRK_QUEUE_SIZE, queue)) {
	case ODD:
		return size > 2 ? size - 1 : size + 1;
	case ZERO:
		return 0;
	default:
		return size;
	}
}

static uint64_t read_queue_size(void *owner, const struct reg *r,
				uint64_t stored)
{
	struct vpci *v = owner;
	uint16_t q = selected(v);

	(void)r;
	if (q < v->vdev->nqueues)
		return vpci_shown_size(v, q, stored);
	return virtio_quirk(v->vdev, VIRTIO_QUIRK_QUEUE_ABSENT,
			    VIRTIO_NO_QUEUE);
}

static void write_queue_size(void *owner, const struct reg *r, uint64_t old,
			     uint64_t now)
{
	struct vpci *v = owner;
	uint16_t q = selected(v);

	if (!queue_open(v, r, old))
		return;
	if (now && !(now & (now - 1)) && now <= v->vdev->queues[q].max_size)
		return;
	reg_set(v->queue_regs[q], r, old);
	virtio_guest_error(v->vdev, q,
		"queue_size must be a power of two and at most what the device offers: ignored (4.1.4.3.2)");
}

static void write_queue_vector(void *owner, const struct reg *r, uint64_t old,
			       uint64_t now)
{
	struct vpci *v = owner;
	uint16_t q = selected(v);

	if (v->vdev->queues_resetting & 1ull << q)
		queue_open(v, r, old);
	else
		vpci_map_queue(v, q, (uint16_t)old, (uint16_t)now);
}

static uint64_t read_queue_address(void *owner, const struct reg *r,
				   uint64_t stored)
{
	struct vpci *v = owner;
	uint16_t q = selected(v);

	(void)r;
	return stored >> 32 && virtio_quirk(v->vdev, VIRTIO_QUIRK_QUEUE_HALF, q)
		? (uint32_t)stored : stored;
}

static void write_queue_address(void *owner, const struct reg *r, uint64_t old,
				uint64_t now)
{
	(void)now;
	queue_open(owner, r, old);
}

/* What a driver must have done before it enables a queue.  The specification
 * names no answer where it has not: the queue works as well as it can. */
static void check_queue_setup(struct vpci *v, uint16_t q)
{
	const struct virtio_device *vdev = v->vdev;
	const struct vq *vq = &vdev->queues[q];

	if (!(vdev->status & VIRTIO_STATUS_FEATURES_OK))
		virtio_guest_error(v->vdev, q,
			"a queue was enabled before FEATURES_OK (3.1.1)");
	if ((vdev->status & VIRTIO_STATUS_DRIVER_OK) &&
	    !(vdev->queues_reset >> q & 1))
		virtio_guest_error(v->vdev, q,
			"a queue was enabled after DRIVER_OK, and had not been reset (3.1.1, 2.6.1)");
	if ((vq->desc & 15) || (vq->avail & 1) || (vq->used & 3))
		virtio_guest_error(v->vdev, q,
			"a ring is not aligned to 16, 2 or 4 bytes (2.7)");
}

static void enable_queue(struct vpci *v, uint16_t q)
{
	struct vq *vq = &v->vdev->queues[q];
	uint16_t size = (uint16_t)queue_get(v, q, QUEUE_SIZE);

	/* With the quirk what it had before a reset of its own, if anything. */
	if (!vq->size || vq->size == size ||
	    !(v->vdev->status & VIRTIO_STATUS_DRIVER_OK) ||
	    !virtio_quirk(v->vdev, VIRTIO_QUIRK_QUEUE_RESET_SIZE, q))
		vq->size = size;
	vq->desc = queue_get(v, q, QUEUE_DESC);
	vq->avail = queue_get(v, q, QUEUE_DRIVER);
	vq->used = queue_get(v, q, QUEUE_DEVICE);
	check_queue_setup(v, q);
	vq->enabled = true;
	virtio_event(v->vdev, MODEL_EV_QUEUE_ENABLE, q, vq->size, NULL);
}

static void write_queue_enable(void *owner, const struct reg *r, uint64_t old,
			       uint64_t now)
{
	struct vpci *v = owner;
	uint16_t q = selected(v);

	if (now != 1) {
		reg_set(v->queue_regs[q], r, old);
		virtio_guest_error(v->vdev, q,
			"queue_enable takes only 1: ignored (4.1.4.3.2)");
		return;
	}
	if (old == 1 && !(v->vdev->queues_resetting & 1ull << q))
		return;
	if (queue_open(v, r, old))
		enable_queue(v, q);
}

static uint64_t read_notify_data(void *owner, const struct reg *r,
				 uint64_t stored)
{
	const struct vpci *v = owner;

	(void)r;
	(void)stored;
	if (!(v->vdev->offered & VIRTIO_BIT(VIRTIO_F_NOTIF_CONFIG_DATA)))
		return 0;
	return selected(v) < v->vdev->nqueues ? NOTIFY_DATA_BASE | selected(v)
					      : 0;
}

static uint64_t read_queue_reset(void *owner, const struct reg *r,
				 uint64_t stored)
{
	struct vpci *v = owner;

	(void)r;
	return stored || virtio_quirk(v->vdev, VIRTIO_QUIRK_QUEUE_RESET_SHOWN,
				      selected(v));
}

/* Reads 1 until the queue's lane has drained (4.1.4.3.1). */
static void write_queue_reset(void *owner, const struct reg *r, uint64_t old,
			      uint64_t now)
{
	struct vpci *v = owner;
	uint16_t q = selected(v);

	if (now == 1 && virtio_has(v->vdev, VIRTIO_F_RING_RESET)) {
		if (virtio_quirk(v->vdev, VIRTIO_QUIRK_QUEUE_RESET_IGNORED, q))
			reg_set(v->queue_regs[q], r, old);
		else
			virtio_reset_queue(v->vdev, q);
		return;
	}
	reg_set(v->queue_regs[q], r, old);
	if (now)
		virtio_guest_error(v->vdev, q,
			"queue_reset takes only 1, and that only with RING_RESET negotiated: ignored (4.1.4.3.2)");
}

static const struct reg queue_rows[] = {
	[QUEUE_SIZE] = { "queue_size", 0x18, 2, 0xffff, 0, 0, COMMON,
		"entries; at reset the largest; 0: there is no such queue",
		read_queue_size, write_queue_size },
	[QUEUE_MSIX_VECTOR] = { "queue_msix_vector", 0x1a, 2, 0xffff, 0,
		VIRTIO_MSI_NO_VECTOR, COMMON,
		"vector for used buffers; reads back NO_VECTOR if refused", NULL,
		write_queue_vector },
	[QUEUE_ENABLE] = { "queue_enable", 0x1c, 2, 0xffff, 0, 0, COMMON,
		"1: the device may use the queue", NULL, write_queue_enable },
	[QUEUE_NOTIFY_OFF] = { "queue_notify_off", 0x1e, 2, 0, 0, 0, COMMON,
		"where to notify, times notify_off_multiplier", NULL,
		write_read_only },
	[QUEUE_DESC] = { "queue_desc", 0x20, 8, UINT64_MAX, 0, 0, COMMON,
		"address of the descriptor table", read_queue_address,
		write_queue_address },
	[QUEUE_DRIVER] = { "queue_driver", 0x28, 8, UINT64_MAX, 0, 0, COMMON,
		"address of the available ring", read_queue_address,
		write_queue_address },
	[QUEUE_DEVICE] = { "queue_device", 0x30, 8, UINT64_MAX, 0, 0, COMMON,
		"address of the used ring", read_queue_address,
		write_queue_address },
	[QUEUE_NOTIFY_DATA] = { "queue_notify_data", 0x38, 2, 0, 0, 0, COMMON,
		"what to write to notify, with NOTIF_CONFIG_DATA",
		read_notify_data, write_read_only },
	[QUEUE_RESET] = { "queue_reset", 0x3a, 2, 0xffff, 0, 0, COMMON,
		"writing 1 resets the queue; 1 until that is done",
		read_queue_reset,
		write_queue_reset },
};

const struct reg_block vpci_queue_regs = {
	"virtio-pci common configuration, selected queue", queue_rows,
	sizeof(queue_rows) / sizeof(queue_rows[0]), VPCI_QUEUE_REGS_BYTES,
};

/* What a reset makes of a vector, 4.1.5.1.2. */
static uint16_t vector_after_reset(struct vpci *v, uint16_t queue, uint16_t was)
{
	if (pci_msix_enabled(&v->msix) && was != VIRTIO_MSI_NO_VECTOR &&
	    virtio_quirk(v->vdev, VIRTIO_QUIRK_RESET_VECTORS, queue))
		return was;
	return virtio_quirk(v->vdev, VIRTIO_QUIRK_VECTOR_INITIAL, queue)
		? 0 : VIRTIO_MSI_NO_VECTOR;
}

void vpci_reset_queue_regs(struct vpci *v, uint16_t queue)
{
	uint16_t was = vpci_queue_vector(v, queue);
	enum virtio_quirk quirk = v->vdev->resetting
					  ? VIRTIO_QUIRK_RESET_QUEUE_ENABLE
					  : VIRTIO_QUIRK_QUEUE_RESET_ENABLE;
	bool enabled = queue_get(v, queue, QUEUE_ENABLE) &&
		       virtio_quirk(v->vdev, quirk, queue);

	reg_block_reset(&vpci_queue_regs, v->queue_regs[queue]);
	queue_set(v, queue, QUEUE_SIZE, v->vdev->queues[queue].max_size);
	queue_set(v, queue, QUEUE_MSIX_VECTOR,
		  vector_after_reset(v, queue, was));
	queue_set(v, queue, QUEUE_ENABLE, enabled);
	queue_set(v, queue, QUEUE_NOTIFY_OFF, queue);
}

void vpci_reset_regs(struct vpci *v)
{
	uint16_t was = vpci_config_vector(v);

	reg_block_reset(&vpci_device_regs, v->device_regs);
	reg_set(v->device_regs, &device_rows[CONFIG_MSIX_VECTOR],
		vector_after_reset(v, VIRTIO_NO_QUEUE, was));
	reg_block_reset(&vpci_queue_regs, v->absent_queue);
	for (uint16_t q = 0; q < v->vdev->nqueues; q++)
		vpci_reset_queue_regs(v, q);
}

/* ---- accesses ---- */

void vpci_check_width(struct vpci *v, const struct reg_block *block,
		      uint32_t offset, uint32_t width)
{
	if (!virtio_width_fits(block, offset, width))
		virtio_guest_error(v->vdev, VIRTIO_NO_QUEUE,
			"register accessed with another width than its own (4.1.3.1)");
}

/* Behind the last register the structure is longer than this version of the
 * specification knows: reads 0. */
uint64_t vpci_common_read(struct vpci *v, uint32_t offset, uint32_t width)
{
	uint16_t q = selected(v);

	if (offset >= VPCI_QUEUE_REGS_BYTES)
		return 0;
	if (offset < VPCI_DEVICE_REGS_BYTES) {
		vpci_check_width(v, &vpci_device_regs, offset, width);
		return reg_block_read(&vpci_device_regs, v->device_regs, v,
				      offset, width);
	}
	vpci_check_width(v, &vpci_queue_regs, offset, width);
	return reg_block_read(&vpci_queue_regs,
			      q < v->vdev->nqueues ? v->queue_regs[q]
						   : v->absent_queue,
			      v, offset, width);
}

static void write_queue_part(struct vpci *v, uint32_t offset, uint32_t width,
			     uint64_t value)
{
	uint16_t q = selected(v);

	if (q >= v->vdev->nqueues) {
		virtio_guest_error(v->vdev, q,
			"a queue was set up that the device does not have: ignored (4.1.5.1.3)");
		return;
	}
	vpci_check_width(v, &vpci_queue_regs, offset, width);
	reg_block_write(&vpci_queue_regs, v->queue_regs[q], v, offset, width,
			value);
}

void vpci_common_write(struct vpci *v, uint32_t offset, uint32_t width,
		       uint64_t value)
{
	bool reset_again = offset == device_rows[DEVICE_STATUS].offset &&
			   width == 1 && !value;

	if (offset >= VPCI_QUEUE_REGS_BYTES || (v->vdev->resetting && reset_again))
		return;
	if (v->vdev->resetting) {
		virtio_guest_error(v->vdev, VIRTIO_NO_QUEUE,
			"a register was written before device_status read 0 after a reset: ignored (4.1.4.3.2)");
		return;
	}
	if (v->vdev->legacy && v->vdev->status)
		virtio_guest_error(v->vdev, VIRTIO_NO_QUEUE,
			"a common configuration register was written while the legacy interface is in use (4.1.4.10)");
	else
		v->vdev->legacy = false;
	if (offset >= VPCI_DEVICE_REGS_BYTES) {
		write_queue_part(v, offset, width, value);
		return;
	}
	vpci_check_width(v, &vpci_device_regs, offset, width);
	reg_block_write(&vpci_device_regs, v->device_regs, v, offset, width,
			value);
}
