/* SPDX-License-Identifier: MIT */
/*
 * The virtio bus as its two sides see it: transports register devices, drivers
 * register themselves with a table of the device types they drive, and the bus
 * brings them together (virtio 1.2, 2.1, 2.2, 3.1).  Read by every transport
 * and every driver.
 */
#ifndef RINGSIDE_GUESTDRV_VIRTIO_VIRTIO_H
#define RINGSIDE_GUESTDRV_VIRTIO_VIRTIO_H

#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>

/* 2.1: device status.  Bits are only ever added; writing 0 resets. */
#define VIRTIO_CONFIG_S_ACKNOWLEDGE 1u
#define VIRTIO_CONFIG_S_DRIVER 2u
#define VIRTIO_CONFIG_S_DRIVER_OK 4u
#define VIRTIO_CONFIG_S_FEATURES_OK 8u
#define VIRTIO_CONFIG_S_NEEDS_RESET 0x40u
#define VIRTIO_CONFIG_S_FAILED 0x80u

/* 6: reserved feature bits: 24 to 40 are given out, 41 to 49 kept. */
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
/* A device type's own bits: 0 to 23 and 50 up. */
#define VIRTIO_TRANSPORT_F_START 24
#define VIRTIO_TRANSPORT_F_END 50

/* 5: device types. */
#define VIRTIO_ID_BLOCK 2u
#define VIRTIO_ID_ENTROPY 4u
#define VIRTIO_ID_BALLOON 5u

#define VIRTIO_DEV_ANY_ID 0xffffffffu

struct virtqueue;
struct virtio_config_ops;

struct virtio_device_id {
	u32 device; /* 0 ends a table */
	u32 vendor;
};

/*
 * A device on the bus.  Embedded in the transport's own structure, which is
 * freed by dev.release when the last user is gone.
 */
struct virtio_device {
	int index;                  /* the n of "virtio<n>" */
	struct device dev;          /* dev.parent does the DMA */
	struct virtio_device_id id;
	const struct virtio_config_ops *config;
	struct list_head vqs;       /* struct virtqueue.list */
	u64 features;               /* negotiated */
	void *priv;                 /* the driver's */
	/* Configuration changes reach the driver only while it is ready; one
	 * that comes earlier is remembered. */
	spinlock_t config_lock;
	bool config_enabled;
	bool config_pending;
};

/*
 * A driver.  It lists every feature that it can use; what it gets is in
 * vdev->features when probe runs, after FEATURES_OK.
 */
struct virtio_driver {
	struct device_driver driver;
	const struct virtio_device_id *id_table;
	const unsigned int *feature_table; /* bit numbers */
	unsigned int feature_table_size;
	/* Takes features out of vdev->features again that are no use without
	 * others, or not here.  May be NULL. */
	void (*choose_features)(struct virtio_device *vdev);
	int (*probe)(struct virtio_device *vdev);
	void (*remove)(struct virtio_device *vdev);
	/* The configuration has changed.  Interrupt context. */
	void (*config_changed)(struct virtio_device *vdev);
	/* The device set DEVICE_NEEDS_RESET: its queues are broken already, what
	 * is in flight may never finish (2.1.2).  Interrupt context. */
	void (*needs_reset)(struct virtio_device *vdev);
};

static inline struct virtio_device *dev_to_virtio(struct device *dev)
{
	return container_of(dev, struct virtio_device, dev);
}

static inline struct virtio_driver *drv_to_virtio(struct device_driver *drv)
{
	return container_of(drv, struct virtio_driver, driver);
}

/* Has this feature been negotiated?  The constant's own range is the caller's
 * business: 0 to 63. */
static inline bool virtio_has_feature(const struct virtio_device *vdev,
				      unsigned int bit)
{
	return vdev->features >> bit & 1;
}

/* For transports.  The device has id, config, dev.parent and dev.release set;
 * after an error the caller still owns it and drops it by put_device. */
int register_virtio_device(struct virtio_device *vdev);
void unregister_virtio_device(struct virtio_device *vdev);
/* The transport's configuration interrupt. */
void virtio_config_changed(struct virtio_device *vdev);
/* No queue of the device is used any more: it is gone or not to be trusted. */
void virtio_break_device(struct virtio_device *vdev);

/* For drivers. */
int register_virtio_driver(struct virtio_driver *drv);
void unregister_virtio_driver(struct virtio_driver *drv);
/* 3.1.1 step 8: sets DRIVER_OK.  From here on buffers may be kicked. */
void virtio_device_ready(struct virtio_device *vdev);
/* 2.4: after it returns the device touches no memory and no callback runs.
 * -ETIMEDOUT: the device never said so and was cut off from the bus. */
int virtio_reset_device(struct virtio_device *vdev);
/* Holds configuration changes back, or lets them through again. */
void virtio_config_enable(struct virtio_device *vdev);
void virtio_config_disable(struct virtio_device *vdev);

/* Status bits, added to those that are set (2.1.1). */
void virtio_add_status(struct virtio_device *vdev, unsigned int status);
/* guestdrv/virtio/virtio_probe.c: 3.1.1 for a device and its driver. */
int virtio_dev_probe(struct device *dev);

#endif
