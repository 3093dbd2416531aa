/* SPDX-License-Identifier: MIT */
/*
 * Virtio over PCI, private to virtio_pci*.c: one device, the operations in
 * which the transports (modern; legacy) differ, and the ladder of interrupt
 * modes that they share (virtio 1.2, 4.1).
 */
#ifndef RINGSIDE_GUESTDRV_VIRTIO_VIRTIO_PCI_H
#define RINGSIDE_GUESTDRV_VIRTIO_VIRTIO_PCI_H

#include <linux/pci.h>
#include <linux/spinlock.h>

#include "guestdrv/virtio/virtio_pci_regs.h"
#include "guestdrv/virtio/virtio_ring.h"

/* How the device interrupts; the order is that in which they are tried. */
enum vp_rung {
	VP_RUNG_MSIX_PER_QUEUE, /* a vector for config, one for each queue */
	VP_RUNG_MSIX_SHARED,    /* a vector for config, one for all queues */
	VP_RUNG_INTX,           /* one line, and the ISR register tells */
	VP_RUNGS
};

/* "virtio255-" and a queue's name */
#define VP_IRQ_NAME_LEN 48

/* An interrupt handler that is installed. */
struct vp_irq {
	int number;    /* 0: not installed */
	void *dev_id;
	char name[VP_IRQ_NAME_LEN];
};

/* A queue that find_vqs has made. */
struct vp_queue {
	struct virtqueue *vq;
	u16 vector;        /* mapped in the device, or VIRTIO_MSI_NO_VECTOR */
	struct vp_irq irq; /* its own; only one per queue has it */
};

struct vp_transport;

/* 4.1.4: a structure in a BAR, mapped. */
struct vp_region {
	void __iomem *base; /* NULL: the device has none */
	u32 len;
	u32 offset;         /* in its BAR */
	u8 bar;
};

struct vp_device {
	struct virtio_device vdev;
	struct pci_dev *pdev;
	const struct vp_transport *transport;

	/* The modern transport's. */
	struct vp_region common, isr, notify, config;
	u32 notify_off_multiplier;
	int bars;          /* claimed, a bit each */
	u8 window;         /* capability that is used for `config`; 0: none */
	spinlock_t window_lock;

	/* The ladder's. */
	unsigned int vectors;     /* MSI-X vectors allocated, 0 none */
	u16 config_vector;        /* mapped, or VIRTIO_MSI_NO_VECTOR */
	struct vp_irq config_irq; /* config changes; with INTx everything */
	struct vp_irq shared_irq; /* all queues; only shared has it */
	struct vp_queue *queues;
	unsigned int nqueues;
};

/* What differs between the transports. */
struct vp_transport {
	const char *name;
	const struct virtio_config_ops *config;
	/* Finds and maps the registers. -ENODEV: not of this transport. */
	int (*probe)(struct vp_device *vp);
	void (*remove)(struct vp_device *vp);
	/* Maps a vector and answers what the device then shows. */
	u16 (*set_config_vector)(struct vp_device *vp, u16 vector);
	u16 (*set_queue_vector)(struct vp_device *vp, unsigned int queue,
				u16 vector);
	/* Makes the ring and tells the device where it lies. */
	struct virtqueue *(*setup_queue)(struct vp_device *vp,
					 unsigned int queue,
					 const struct virtqueue_info *info,
					 int *err);
	/* All queues are set up: the device may look at them.  There is no way
	 * back but a reset. */
	void (*enable_queues)(struct vp_device *vp);
	/* Reading clears it and lowers the line. */
	u8 (*read_isr)(struct vp_device *vp);
};

extern const struct vp_transport vp_modern_transport;

static inline struct vp_device *to_vp(struct virtio_device *vdev)
{
	return container_of(vdev, struct vp_device, vdev);
}

/* As many capabilities as fit into config space: a walk that finds more goes in
 * circles. */
#define VP_CAPS_MAX 48u

/* virtio_pci_cap.c: 4.1.4, finds the structures and maps them. -ENODEV: this
 * is no modern device. */
int vp_map_regions(struct vp_device *vp);
void vp_unmap_regions(struct vp_device *vp);

/* virtio_pci_window.c: 4.1.4.9.  -EINVAL: it shall be used and is not there. */
int vp_find_window(struct vp_device *vp);
/* 1, 2 or 4 bytes of a structure, aligned. */
u32 vp_window_read(struct vp_device *vp, const struct vp_region *region,
		   u32 offset, unsigned int width);
void vp_window_write(struct vp_device *vp, const struct vp_region *region,
		     u32 offset, unsigned int width, u32 value);

/* virtio_pci_ladder.c, for the transports' config ops. */
int vp_find_vqs(struct virtio_device *vdev, unsigned int nvqs,
		struct virtqueue *vqs[], const struct virtqueue_info infos[]);
void vp_del_vqs(struct virtio_device *vdev);

/* virtio_pci_irq.c: handlers, and their names as the guest shows them. */
int vp_request_config_irq(struct vp_device *vp);
int vp_request_shared_irq(struct vp_device *vp);
int vp_request_queue_irq(struct vp_device *vp, struct vp_queue *queue,
			 u16 vector);
int vp_request_intx(struct vp_device *vp);
void vp_free_irq(struct vp_irq *irq);
/* The config ops of virtio_config.h, the same for every transport. */
void vp_synchronize_cbs(struct virtio_device *vdev);
int vp_set_vq_affinity(struct virtqueue *vq, const struct cpumask *mask);
const struct cpumask *vp_get_vq_affinity(struct virtio_device *vdev,
					 unsigned int index);

#endif
