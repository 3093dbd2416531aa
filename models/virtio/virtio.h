/* SPDX-License-Identifier: MIT */
/*
 * The part of a virtio device that no transport and no device type changes:
 * status, features, reset, configuration space, NEEDS_RESET.  Source: virtio
 * 1.2 chapters 2 and 3.  A transport (vpci.c) calls the functions below
 * from its register hooks; a device type (blk.c) fills in struct
 * virtio_device_ops.
 */
#ifndef RINGSIDE_MODELS_VIRTIO_VIRTIO_H
#define RINGSIDE_MODELS_VIRTIO_VIRTIO_H

#include "models/pci/device_model.h"
#include "models/pci/function.h"
#include "models/pci/registers.h"
#include "models/virtio/quirks.h"
#include "models/virtio/vq.h"

/* One lane a queue. */
#define VIRTIO_MAX_QUEUES PCI_MAX_LANES
/* "Not a queue" in the index of model events: configuration, the device. */
#define VIRTIO_NO_QUEUE 0xffffu

/* device_status, virtio 1.2 2.1. */
#define VIRTIO_STATUS_ACKNOWLEDGE 0x01u
#define VIRTIO_STATUS_DRIVER 0x02u
#define VIRTIO_STATUS_DRIVER_OK 0x04u
#define VIRTIO_STATUS_FEATURES_OK 0x08u
#define VIRTIO_STATUS_DEVICE_NEEDS_RESET 0x40u
#define VIRTIO_STATUS_FAILED 0x80u

/* Device-independent feature bits, virtio 1.2 2.2 and chapter 6. */
#define VIRTIO_F_INDIRECT_DESC 28
#define VIRTIO_F_EVENT_IDX 29
#define VIRTIO_F_VERSION_1 32
#define VIRTIO_F_ACCESS_PLATFORM 33
#define VIRTIO_F_RING_PACKED 34
#define VIRTIO_F_IN_ORDER 35
#define VIRTIO_F_ORDER_PLATFORM 36
#define VIRTIO_F_SR_IOV 37
#define VIRTIO_F_NOTIFICATION_DATA 38
#define VIRTIO_F_NOTIF_CONFIG_DATA 39
#define VIRTIO_F_RING_RESET 40

#define VIRTIO_BIT(bit) (1ull << (bit))

struct virtio_device;

/* What a device type does.  Any of them may be NULL but queue_run, destroy. */
struct virtio_device_ops {
	/* FEATURES_OK has stuck; vdev->features is what was negotiated. */
	void (*features_ok)(struct virtio_device *vdev);
	/* Lane code of one queue: serve it until it is empty. */
	void (*queue_run)(struct virtio_device *vdev, struct vq *vq);
	/* A queue is reset, alone or with the device: what was taken from it and
	 * not given back is the driver's again.  Features are still known. */
	void (*queue_reset)(struct virtio_device *vdev, uint16_t queue);
	/* Device reset: the type's own state to its initial values. */
	void (*reset)(struct virtio_device *vdev);
	/* Frees the device; its queues are freed by virtio_fini before. */
	void (*destroy)(struct virtio_device *vdev);
};

/* What the core asks of the transport; `transport` is vdev->transport. */
struct virtio_transport_ops {
	/* Interrupts for a used buffer of a queue, for a configuration change. */
	enum model_notify (*notify_queue)(void *transport, uint16_t queue);
	enum model_notify (*notify_config)(void *transport);
	/* May lanes do DMA now? (PCI: Bus Master) */
	bool (*dma_enabled)(void *transport);
	/* Transport registers to reset values. */
	void (*queue_reset_done)(void *transport, uint16_t queue);
	void (*reset_done)(void *transport);
};

struct virtio_device {
	struct pci_host *host;
	const struct virtio_device_ops *ops;
	const struct virtio_transport_ops *transport_ops;
	void *transport;
	uint16_t type;                   /* device type: 2 is block */
	uint32_t class_code;             /* PCI, 24 bits */
	uint64_t offered;
	uint64_t driver_features;        /* as written, not yet accepted */
	uint64_t features;               /* negotiated: latched at FEATURES_OK */
	uint8_t status;
	uint8_t generation;
	bool config_was_read;            /* since generation last moved */
	bool resetting;                  /* lanes have not drained yet */
	bool legacy;                     /* driven through the legacy interface */
	uint64_t queues_resetting;       /* one bit a queue */
	uint64_t queues_reset;           /* since the device's own reset */
	uint64_t early_kicks;            /* notified before DRIVER_OK */
	const struct reg_block *config_regs; /* NULL: has none */
	uint8_t *config;                 /* config_regs->size bytes */
	uint16_t nqueues;
	struct vq *queues;
	struct model_fault_site features_ok_fault, needs_reset_fault;
	struct model_fault_site slow_reset_fault, slow_queue_reset_fault;
	struct model_fault_site quirks[VIRTIO_QUIRK_COUNT];
};

/* Everything at reset; `queue_size` is each queue's largest size, a power of two.
 * False: out of memory. */
bool virtio_init(struct virtio_device *vdev, uint16_t nqueues,
		 uint16_t queue_size);
void virtio_fini(struct virtio_device *vdev);

/* Shall the device break this rule now, for a queue or VIRTIO_NO_QUEUE?  0: no;
 * else the effect, from 1. */
static inline int virtio_quirk(struct virtio_device *vdev,
			       enum virtio_quirk quirk, uint16_t queue)
{
	return model_quirk(vdev->host, &vdev->quirks[quirk],
			   queue == VIRTIO_NO_QUEUE ? UINT32_MAX : queue);
}

static inline bool virtio_has(const struct virtio_device *vdev,
			      unsigned int bit)
{
	return vdev->features >> bit & 1;
}

/* Offered features have what they need, and none is a device-independent one
 * that is not modelled: false, with *err filled, if not.  A bit that no table
 * knows may be offered: drivers leave it alone (2.2.1). */
bool virtio_check_offer(const struct device_feature *table, uint64_t offered,
			struct device_error *err);
/* A queue's largest size, a power of two: false, with *err filled, if not. */
bool virtio_check_queue_size(int64_t size, struct device_error *err);
/* Fills *err with the phrase that the strings up to NULL make; returns false. */
bool virtio_fail(struct device_error *err, const char *property, ...)
	__attribute__((sentinel));

/* ---- for transports ---- */

/* The 32-bit windows of 4.1.4.3: `select` 0 and 1; others read 0 and ignore
 * writes. */
uint32_t virtio_device_feature(struct virtio_device *vdev, uint32_t select);
uint32_t virtio_driver_feature(const struct virtio_device *vdev,
			       uint32_t select);
void virtio_write_driver_feature(struct virtio_device *vdev, uint32_t select,
				 uint32_t value);
/* The legacy interface has one window and no FEATURES_OK: what is written
 * counts at once (3.1.2). */
void virtio_write_legacy_features(struct virtio_device *vdev, uint32_t value);
/* A driver's write of device_status; 0 resets. */
void virtio_write_status(struct virtio_device *vdev, uint8_t value);
/* Device reset: done at once if no lane runs, else when they have drained. */
void virtio_reset(struct virtio_device *vdev);
/* Queue reset, 2.6.1; queues_resetting tells when it is done. */
void virtio_reset_queue(struct virtio_device *vdev, uint16_t queue);
/* An available buffer notification. */
void virtio_kick(struct virtio_device *vdev, uint16_t queue);
/* DMA has become possible again: queues go on where they stopped. */
void virtio_resume(struct virtio_device *vdev);
void virtio_lane_run(struct virtio_device *vdev, uint32_t lane);
void virtio_lanes_drained(struct virtio_device *vdev, uint64_t lanes);
/* The device configuration structure; beyond its end reads 0. */
uint64_t virtio_config_read(struct virtio_device *vdev, uint64_t offset,
			    uint32_t width);
void virtio_config_write(struct virtio_device *vdev, uint64_t offset,
			 uint32_t width, uint64_t value);
/* Is it an access that 4.1.3.1 allows: a field's own width, 64-bit fields in
 * halves?  True also where there is no field. */
bool virtio_width_fits(const struct reg_block *block, uint32_t offset,
		       uint32_t width);

/* ---- for device types ---- */

/* The device has changed its configuration space: generation and interrupt. */
void virtio_config_changed(struct virtio_device *vdev);
/* The device cannot go on: DEVICE_NEEDS_RESET, and the interrupt that tells the
 * driver so.  `queue` or VIRTIO_NO_QUEUE; `why` is one phrase. */
void virtio_needs_reset(struct virtio_device *vdev, uint16_t queue,
			const char *why);
/* The driver broke a rule; `rule` is one phrase that names it. */
void virtio_guest_error(struct virtio_device *vdev, uint16_t queue,
			const char *rule);
void virtio_event(struct virtio_device *vdev, enum model_event_kind kind,
		  uint32_t index, uint64_t value, const char *text);

#endif
