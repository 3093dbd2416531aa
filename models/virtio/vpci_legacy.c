/* SPDX-License-Identifier: MIT */
/*
 * The legacy interface of virtio-pci: the registers in I/O BAR 0 that drivers
 * older than virtio 1.0 know (virtio 1.2 4.1.4.10), and the one block of memory
 * that holds a queue (2.7.2).  A transitional device has them beside the modern
 * structures, a legacy device has nothing else.  Behind the registers follows
 * the device configuration, at 20, or at 24 while MSI-X is enabled.
 *
 *   0        4        8         12    14      16      18      19   20       22
 *   +--------+--------+---------+-----+-------+-------+-------+----+--------+--------+
 *   | device | driver | queue   |queue| queue | queue |device |ISR | config | queue  |
 *   | feat.  | feat.  | address |size | select| notify|status |    | vector | vector |
 *   +--------+--------+---------+-----+-------+-------+-------+----+--------+--------+
 */
#include "models/virtio/vpci.h"

#include <assert.h>

#define LAYOUT "virtio 1.2 4.1.4.10"

#define HEADER_BYTES 20u
#define HEADER_MSIX_BYTES 24u

/* The queue's address is written divided by this, and its used ring begins on
 * such a boundary. */
#define QUEUE_ALIGN 4096u

enum legacy_row {
	DEVICE_FEATURES,
	DRIVER_FEATURES,
	QUEUE_ADDRESS,
	QUEUE_SIZE,
	QUEUE_SELECT,
	QUEUE_NOTIFY,
	DEVICE_STATUS,
	ISR_STATUS,
	CONFIG_MSIX_VECTOR,
	QUEUE_MSIX_VECTOR
};

static const struct reg legacy_rows[];

/* 4.1.2.3: what a transitional device of each type is called. */
static const struct {
	uint16_t type, device_id;
} transitional_ids[] = {
	{ 1, 0x1000 }, /* network card */
	{ 2, 0x1001 }, /* block device */
	{ 5, 0x1002 }, /* memory balloon */
	{ 3, 0x1003 }, /* console */
	{ 8, 0x1004 }, /* SCSI host */
	{ 4, 0x1005 }, /* entropy source */
	{ 9, 0x1009 }, /* 9P transport */
};

uint16_t vpci_transitional_id(uint16_t type)
{
	for (size_t i = 0;
	     i < sizeof(transitional_ids) / sizeof(transitional_ids[0]); i++)
		if (transitional_ids[i].type == type)
			return transitional_ids[i].device_id;
	assert(!"a device type without a transitional id");
	return 0;
}

/* The selected queue, or NULL: the device has none of that number. */
static struct vq *selected(struct vpci *v)
{
	uint64_t q = reg_get(v->legacy_regs, &legacy_rows[QUEUE_SELECT]);

	return q < v->vdev->nqueues ? &v->vdev->queues[q] : NULL;
}

static bool queue_resetting(const struct vpci *v, const struct vq *vq)
{
	return v->vdev->queues_resetting & 1ull << vq->index;
}

/* ---- features ---- */

static uint64_t read_device_features(void *owner, const struct reg *r,
				     uint64_t stored)
{
	(void)r;
	(void)stored;
	return virtio_device_feature(((const struct vpci *)owner)->vdev, 0);
}

static uint64_t read_driver_features(void *owner, const struct reg *r,
				     uint64_t stored)
{
	(void)r;
	(void)stored;
	return virtio_driver_feature(((const struct vpci *)owner)->vdev, 0);
}

static void write_driver_features(void *owner, const struct reg *r,
				  uint64_t old, uint64_t now)
{
	(void)r;
	(void)old;
	virtio_write_legacy_features(((struct vpci *)owner)->vdev,
				     (uint32_t)now);
}

/* ---- queues ---- */

static uint64_t read_queue_address(void *owner, const struct reg *r,
				   uint64_t stored)
{
	const struct vq *vq = selected(owner);

	(void)r;
	(void)stored;
	return vq && vq->enabled ? vq->desc / QUEUE_ALIGN : 0;
}

static uint64_t read_queue_size(void *owner, const struct reg *r,
				uint64_t stored)
{
	const struct vq *vq = selected(owner);

	(void)r;
	(void)stored;
	return vq ? vpci_shown_size(owner, vq->index, vq->max_size) : 0;
}

/*
 * 2.7.2: one block; the descriptors (16 bytes each), the available ring (flags,
 * index, an entry a descriptor, used_event: 2 bytes each), padding, the used ring.
 */
static void place_queue(struct vq *vq, uint64_t address)
{
	uint64_t avail_bytes = 2ull * (3 + vq->max_size);

	vq->size = vq->max_size;
	vq->desc = address;
	vq->avail = address + 16ull * vq->max_size;
	vq->used = (vq->avail + avail_bytes + QUEUE_ALIGN - 1) &
		   ~(uint64_t)(QUEUE_ALIGN - 1);
	vq->enabled = true;
}

/* A nonzero address sets the queue up, 0 takes it back. */
static void write_queue_address(void *owner, const struct reg *r, uint64_t old,
				uint64_t now)
{
	struct vpci *v = owner;
	struct vq *vq = selected(v);

	(void)r;
	(void)old;
	if (!vq) {
		virtio_guest_error(v->vdev, VIRTIO_NO_QUEUE,
			"a queue was set up that the device does not have: ignored (4.1.5.1.3)");
	} else if (queue_resetting(v, vq) || (now && vq->enabled)) {
		virtio_guest_error(v->vdev, vq->index,
			"the address of a queue that is in use was written: ignored (4.1.5.1.3)");
	} else if (now) {
		place_queue(vq, now * QUEUE_ALIGN);
		virtio_event(v->vdev, MODEL_EV_QUEUE_ENABLE, vq->index,
			     vq->size, NULL);
	} else if (vq->enabled) {
		virtio_reset_queue(v->vdev, vq->index);
	}
}

static void write_queue_notify(void *owner, const struct reg *r, uint64_t old,
			       uint64_t now)
{
	struct vpci *v = owner;

	(void)r;
	(void)old;
	if (now >= v->vdev->nqueues) {
		virtio_guest_error(v->vdev, VIRTIO_NO_QUEUE,
			"a notification that names no queue: ignored (4.1.5.2)");
		return;
	}
	vpci_kick(v, (uint16_t)now, now);
}

/* ---- vectors ---- */

static uint64_t read_config_vector(void *owner, const struct reg *r,
				   uint64_t stored)
{
	(void)r;
	(void)stored;
	return vpci_config_vector(owner);
}

static void write_config_vector(void *owner, const struct reg *r, uint64_t old,
				uint64_t now)
{
	(void)r;
	(void)old;
	vpci_map_config(owner, vpci_config_vector(owner), (uint16_t)now);
}

static uint64_t read_queue_vector(void *owner, const struct reg *r,
				  uint64_t stored)
{
	const struct vq *vq = selected(owner);

	(void)r;
	(void)stored;
	return vq ? vpci_queue_vector(owner, vq->index) : VIRTIO_MSI_NO_VECTOR;
}

static void write_queue_vector(void *owner, const struct reg *r, uint64_t old,
			       uint64_t now)
{
	struct vpci *v = owner;
	const struct vq *vq = selected(v);

	(void)r;
	(void)old;
	if (vq && !queue_resetting(v, vq))
		vpci_map_queue(v, vq->index, vpci_queue_vector(v, vq->index),
			       (uint16_t)now);
	else
		virtio_guest_error(v->vdev, VIRTIO_NO_QUEUE,
			"a vector for a queue that there is not, or not yet again: ignored (4.1.5.1.2)");
}

static const struct reg legacy_rows[] = {
	[DEVICE_FEATURES] = { "Device Features", 0x00, 4, 0, 0, 0, LAYOUT,
		"features 0 to 31 that the device offers",
		read_device_features, NULL },
	[DRIVER_FEATURES] = { "Driver Features", 0x04, 4, 0xffffffff, 0, 0,
		LAYOUT, "features 0 to 31 that the driver accepts",
		read_driver_features, write_driver_features },
	[QUEUE_ADDRESS] = { "Queue Address", 0x08, 4, 0xffffffff, 0, 0, LAYOUT,
		"the selected queue's address / 4096; 0: not set up",
		read_queue_address, write_queue_address },
	[QUEUE_SIZE] = { "queue_size", 0x0c, 2, 0, 0, 0, LAYOUT,
		"the selected queue's entries, fixed; 0: there is no such queue",
		read_queue_size, NULL },
	[QUEUE_SELECT] = { "queue_select", 0x0e, 2, 0xffff, 0, 0, LAYOUT,
		"the queue that address, size and vector belong to", NULL,
		NULL },
	[QUEUE_NOTIFY] = { "Queue Notify", 0x10, 2, 0xffff, 0, 0, LAYOUT,
		"writing a queue's index notifies it", NULL,
		write_queue_notify },
	[DEVICE_STATUS] = { "Device Status", 0x12, 1, 0xff, 0, 0, LAYOUT,
		"how far initialization has come; writing 0 resets",
		vpci_read_status, vpci_write_status },
	[ISR_STATUS] = { "ISR status", 0x13, 1, 0, 0, 0, LAYOUT,
		"bit 0: a queue, bit 1: the configuration; reading clears",
		vpci_read_isr, NULL },
	[CONFIG_MSIX_VECTOR] = { "config_msix_vector", 0x14, 2, 0xffff,
		0, VIRTIO_MSI_NO_VECTOR, LAYOUT,
		"there while MSI-X is enabled: vector for configuration changes",
		read_config_vector, write_config_vector },
	[QUEUE_MSIX_VECTOR] = { "queue_msix_vector", 0x16, 2, 0xffff, 0,
		VIRTIO_MSI_NO_VECTOR, LAYOUT,
		"there while MSI-X is enabled: the selected queue's vector",
		read_queue_vector, write_queue_vector },
};

const struct reg_block vpci_legacy_regs = {
	"virtio-pci legacy registers", legacy_rows,
	sizeof(legacy_rows) / sizeof(legacy_rows[0]), VPCI_LEGACY_REGS_BYTES,
};

void vpci_reset_legacy_regs(struct vpci *v)
{
	reg_block_reset(&vpci_legacy_regs, v->legacy_regs);
}

uint64_t vpci_legacy_bar_bytes(const struct virtio_device *vdev)
{
	uint64_t need = HEADER_MSIX_BYTES +
			(vdev->config_regs ? vdev->config_regs->size : 0);
	uint64_t size = 32;

	while (size < need)
		size *= 2;
	return size;
}

/* ---- accesses ---- */

static uint32_t header_bytes(const struct vpci *v)
{
	return pci_msix_enabled(&v->msix) ? HEADER_MSIX_BYTES : HEADER_BYTES;
}

/* A driver uses one interface or the other; which one it is shows at its first
 * access after a reset. */
static void choose_legacy(struct vpci *v)
{
	if (!v->vdev->legacy && v->vdev->status)
		virtio_guest_error(v->vdev, VIRTIO_NO_QUEUE,
			"a legacy register was accessed while the modern interface is in use (4.1.4.10)");
	else
		v->vdev->legacy = true;
}

uint64_t vpci_legacy_read(struct vpci *v, uint32_t offset, uint32_t width)
{
	uint32_t header = header_bytes(v);

	choose_legacy(v);
	if (offset >= header)
		return virtio_config_read(v->vdev, offset - header, width);
	return reg_block_read(&vpci_legacy_regs, v->legacy_regs, v, offset,
			      width);
}

void vpci_legacy_write(struct vpci *v, uint32_t offset, uint32_t width,
		       uint64_t value)
{
	uint32_t header = header_bytes(v);

	if (v->vdev->resetting) {
		if (value || offset != legacy_rows[DEVICE_STATUS].offset)
			virtio_guest_error(v->vdev, VIRTIO_NO_QUEUE,
				"a register was written before Device Status read 0 after a reset: ignored (3.1.2)");
		return;
	}
	choose_legacy(v);
	if (offset >= header)
		virtio_config_write(v->vdev, offset - header, width, value);
	else
		reg_block_write(&vpci_legacy_regs, v->legacy_regs, v, offset,
				width, value);
}
