/* SPDX-License-Identifier: MIT */
/*
 * What a transport offers (virtio 1.2 chapter 4 in general terms), and reading
 * the device configuration space by field (2.5).  Offsets and widths are those
 * of the device type's section of chapter 5; modern devices are little-endian.
 */
#ifndef RINGSIDE_GUESTDRV_VIRTIO_VIRTIO_CONFIG_H
#define RINGSIDE_GUESTDRV_VIRTIO_VIRTIO_CONFIG_H

#include "guestdrv/virtio/virtio.h"

/*
 * A queue that a driver asks for.  A queue without callback gets no vector and
 * no interrupt.  max_sgs is the longest chain that the driver will ever add:
 * the ring keeps an indirect table of that length for each buffer; 0 and 1
 * mean that no table is worth having.
 */
struct virtqueue_info {
	const char *name;
	void (*callback)(struct virtqueue *vq);
	unsigned int max_sgs;
};

struct cpumask;

struct virtio_config_ops {
	/* One access of 1, 2, 4 or 8 bytes of configuration space, in the CPU's
	 * byte order; 8 bytes are two accesses and not atomic. */
	u64 (*get)(struct virtio_device *vdev, u32 offset, unsigned int width);
	void (*set)(struct virtio_device *vdev, u32 offset, unsigned int width,
		    u64 value);
	u32 (*config_len)(struct virtio_device *vdev); /* bytes */
	u32 (*generation)(struct virtio_device *vdev);
	u8 (*get_status)(struct virtio_device *vdev);
	void (*set_status)(struct virtio_device *vdev, u8 status);
	/* 0, -ENODEV (the device is gone) or -ETIMEDOUT. */
	int (*reset)(struct virtio_device *vdev);
	/* All or nothing; queues become live with DRIVER_OK. */
	int (*find_vqs)(struct virtio_device *vdev, unsigned int nvqs,
			struct virtqueue *vqs[],
			const struct virtqueue_info infos[]);
	/* 2.6.1, with RING_RESET.  The device does not touch the queue when it
	 * returns 0, until enable_vq tells it where the ring is now.  -ENODEV,
	 * -ETIMEDOUT: it may still.  NULL: the transport has no such thing. */
	int (*reset_vq)(struct virtqueue *vq);
	int (*enable_vq)(struct virtqueue *vq);
	/* After a reset only.  Forgives that there are none. */
	void (*del_vqs)(struct virtio_device *vdev);
	u64 (*get_features)(struct virtio_device *vdev);
	/* Tells the device vdev->features, from which bits that the transport
	 * cannot do were taken before. */
	int (*finalize_features)(struct virtio_device *vdev);
	/* No callback that began before runs any more when it returns, on
	 * whatever CPU; may sleep. */
	void (*synchronize_cbs)(struct virtio_device *vdev);
	/* The queue's interrupt goes to a CPU of the mask (NULL: the driver has
	 * no wish any more).  -EINVAL: no such CPU, or a queue without callback;
	 * -EOPNOTSUPP: it has no vector; -ENOSPC: that CPU has none left. */
	int (*set_vq_affinity)(struct virtqueue *vq,
			       const struct cpumask *mask);
	/* Where queue `index` interrupts; NULL: it has no vector. */
	const struct cpumask *(*get_vq_affinity)(struct virtio_device *vdev,
						 unsigned int index);
};

/*
 * Asks the transport for the queues that have a name.  Those without are not
 * there on this device, as their feature was not negotiated: they get no number
 * (the next one that is there has it), no vector, and vqs[i] is NULL.
 */
int virtio_find_vqs(struct virtio_device *vdev, unsigned int nvqs,
		    struct virtqueue *vqs[],
		    const struct virtqueue_info infos[]);

/* Reads a field; one wider than 4 bytes between two equal generations. */
u64 virtio_cread(struct virtio_device *vdev, u32 offset, unsigned int width);
/* Several fields that belong together: fn reads them, and is called again when
 * the configuration changed underneath. */
void virtio_cread_atomic(struct virtio_device *vdev,
			 void (*fn)(struct virtio_device *vdev, void *arg),
			 void *arg);
/* A field that exists only with a feature; `deflt` without it. */
u64 virtio_cread_feature(struct virtio_device *vdev, unsigned int feature,
			 u32 offset, unsigned int width, u64 deflt);

#endif
