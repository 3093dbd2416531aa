/* SPDX-License-Identifier: MIT */
/*
 * The ladder: how a virtio PCI device comes to interrupt its driver (virtio
 * 1.2, 4.1.5.1.2).  Three rungs, tried from the top; what one of them took is
 * given back completely before the next is tried.  Read by whoever wonders why
 * a device did not get the interrupts that it could have had.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <ringside/note.h>

#include "guestdrv/virtio/virtio_pci.h"

static const char *const vp_rung_names[VP_RUNGS] = {
	[VP_RUNG_MSIX_PER_QUEUE] = "msix-per-queue",
	[VP_RUNG_MSIX_SHARED] = "msix-shared",
	[VP_RUNG_INTX] = "intx",
};

/* What the driver asks for. */
struct vp_ask {
	unsigned int nvqs;
	const struct virtqueue_info *infos;
};

static unsigned int vp_listeners(const struct vp_ask *ask)
{
	unsigned int i, listeners = 0;

	for (i = 0; i < ask->nvqs; i++)
		if (ask->infos[i].callback)
			listeners++;
	return listeners;
}

/* Vector 0 is for the configuration on either MSI-X rung. */
static unsigned int vp_vectors_wanted(enum vp_rung rung,
				      const struct vp_ask *ask)
{
	if (rung == VP_RUNG_MSIX_SHARED)
		return 1 + min(vp_listeners(ask), 1u);
	return 1 + vp_listeners(ask);
}

/* The vector of the queue that is set up now, on a rung: the queues before it
 * that listen have taken theirs. */
static u16 vp_queue_vector(enum vp_rung rung, const struct vp_ask *ask,
			   unsigned int queue)
{
	struct vp_ask before = { .nvqs = queue, .infos = ask->infos };

	if (rung == VP_RUNG_INTX || !ask->infos[queue].callback)
		return VIRTIO_MSI_NO_VECTOR;
	return rung == VP_RUNG_MSIX_SHARED ? 1 :
	       (u16)(1 + vp_listeners(&before));
}

/*
 * 4.1.5.1.2.2: after mapping an event to a vector the driver MUST verify
 * success by reading the vector field: on success it has the value that was
 * written, on failure NO_VECTOR.
 */
static int vp_map_config(struct vp_device *vp, u16 vector)
{
	u16 shown = vp->transport->set_config_vector(vp, vector);
	int err = shown == vector ? 0 : -EBUSY;

	guest_note_service(&vp->vdev.dev, "config vector read-back", err);
	if (!err)
		vp->config_vector = vector;
	return err;
}

static int vp_map_queue(struct vp_device *vp, unsigned int i, u16 vector)
{
	u16 shown = vp->transport->set_queue_vector(vp, i, vector);
	int err = shown == vector ? 0 : -EBUSY;
	char text[40];

	snprintf(text, sizeof(text), "queue %u vector read-back", i);
	guest_note_service(&vp->vdev.dev, text, err);
	if (!err)
		vp->queues[i].vector = vector;
	return err;
}

/* All that a rung wants or none.  Vectors that are one queue's each are spread
 * over the CPUs, so that each CPU has a queue of its own; more queues than CPUs
 * cannot be spread that way, theirs go wherever there is room. */
static int vp_alloc_vectors(struct vp_device *vp, enum vp_rung rung,
			    unsigned int wanted)
{
	struct irq_affinity spread = { .pre_vectors = 1 };
	bool each = rung == VP_RUNG_MSIX_PER_QUEUE &&
		    wanted - spread.pre_vectors <= num_online_cpus();
	int got;

	got = pci_alloc_irq_vectors_affinity(vp->pdev, wanted, wanted,
					     PCI_IRQ_MSIX |
					     (each ? PCI_IRQ_AFFINITY : 0),
					     each ? &spread : NULL);
	if (got < 0)
		return got;
	vp->vectors = (unsigned int)got;
	return 0;
}

/* The vectors of an MSI-X rung, and the handlers that are not one queue's. */
static int vp_take_vectors(struct vp_device *vp, enum vp_rung rung,
			   const struct vp_ask *ask)
{
	unsigned int wanted = vp_vectors_wanted(rung, ask);
	int err;

	err = vp_alloc_vectors(vp, rung, wanted);
	if (err)
		return err;

	/* A handler first, then the mapping: no message finds nobody. */
	err = vp_request_config_irq(vp);
	if (err)
		return err;
	err = vp_map_config(vp, 0);
	if (err)
		return err;
	if (rung == VP_RUNG_MSIX_SHARED && wanted > 1)
		return vp_request_shared_irq(vp);
	return 0;
}

/* The line of the lowest rung.  A function without a pin has none, and irq 0 is
 * the platform's way of saying that the pin leads nowhere. */
static int vp_take_line(struct vp_device *vp)
{
	u8 pin = 0;

	pci_read_config_byte(vp->pdev, PCI_INTERRUPT_PIN, &pin);
	if (!pin || !vp->pdev->irq) {
		dev_warn(&vp->vdev.dev, "no INTx: %s\n",
			 pin ? "irq 0" : "no interrupt pin");
		guest_note_service(&vp->vdev.dev, "interrupt line", -ENODEV);
		return -ENODEV;
	}
	return vp_request_intx(vp);
}

/* A queue: its ring, the handler if it has one of its own, its vector. */
static int vp_make_queue(struct vp_device *vp, enum vp_rung rung,
			 unsigned int i, const struct vp_ask *ask)
{
	struct vp_queue *queue = &vp->queues[i];
	u16 vector = vp_queue_vector(rung, ask, i);
	int err = 0;

	queue->vq = vp->transport->setup_queue(vp, i, &ask->infos[i], &err);
	if (!queue->vq)
		return err;
	if (rung == VP_RUNG_INTX)
		return 0;
	/* 4.1.5.1.2: an event that nobody waits for is not mapped. */
	if (vector == VIRTIO_MSI_NO_VECTOR) {
		vp->transport->set_queue_vector(vp, i, vector);
		return 0;
	}
	if (rung == VP_RUNG_MSIX_PER_QUEUE) {
		err = vp_request_queue_irq(vp, queue, vector);
		if (err)
			return err;
	}
	return vp_map_queue(vp, i, vector);
}

/* One rung: everything of it, or an error and whatever was taken until then. */
static int vp_climb(struct vp_device *vp, enum vp_rung rung,
		    const struct vp_ask *ask)
{
	unsigned int i;
	int err;

	vp->queues = kcalloc(ask->nvqs, sizeof(*vp->queues), GFP_KERNEL);
	if (!vp->queues)
		return -ENOMEM;
	vp->nqueues = ask->nvqs;
	for (i = 0; i < ask->nvqs; i++)
		vp->queues[i].vector = VIRTIO_MSI_NO_VECTOR;

	err = rung == VP_RUNG_INTX ? vp_take_line(vp) :
				     vp_take_vectors(vp, rung, ask);
	for (i = 0; !err && i < ask->nvqs; i++)
		err = vp_make_queue(vp, rung, i, ask);
	return err;
}

/*
 * From the top: MSI-X with a vector for each queue; MSI-X with one for all of
 * them; the INTx line.  Whatever goes wrong on a rung, it is left as if it had
 * never been tried, and the next one is.  Where there is no line at all, what
 * counts is why MSI-X failed.
 */
int vp_find_vqs(struct virtio_device *vdev, unsigned int nvqs,
		struct virtqueue *vqs[], const struct virtqueue_info infos[])
{
	const struct vp_ask ask = { .nvqs = nvqs, .infos = infos };
	struct vp_device *vp = to_vp(vdev);
	unsigned int rung, i;
	int err, result = -EINVAL;

	for (rung = 0; rung < VP_RUNGS; rung++) {
		guest_note_rung_begin(&vdev->dev, vp_rung_names[rung]);
		err = vp_climb(vp, rung, &ask);
		guest_note_rung_end(&vdev->dev, vp_rung_names[rung], err);
		if (!err)
			goto found;
		vp_del_vqs(vdev);
		if (rung != VP_RUNG_INTX || err != -ENODEV)
			result = err;
	}
	return result;

found:
	vp->transport->enable_queues(vp);
	for (i = 0; i < nvqs; i++)
		vqs[i] = vp->queues[i].vq;
	return 0;
}

/* No event of the device leads to a vector any more.  Only while MSI-X is on:
 * without it the registers mean nothing, or are not there. */
static void vp_unmap_vectors(struct vp_device *vp)
{
	unsigned int i;

	for (i = 0; i < vp->nqueues; i++) {
		if (vp->queues[i].vector == VIRTIO_MSI_NO_VECTOR)
			continue;
		vp->transport->set_queue_vector(vp, i, VIRTIO_MSI_NO_VECTOR);
		vp->queues[i].vector = VIRTIO_MSI_NO_VECTOR;
	}
	if (vp->config_vector == VIRTIO_MSI_NO_VECTOR)
		return;
	vp->transport->set_config_vector(vp, VIRTIO_MSI_NO_VECTOR);
	vp->config_vector = VIRTIO_MSI_NO_VECTOR;
}

/* Everything that vp_climb may have taken, the last first. */
void vp_del_vqs(struct virtio_device *vdev)
{
	struct vp_device *vp = to_vp(vdev);
	unsigned int i;

	vp_unmap_vectors(vp);
	for (i = vp->nqueues; i-- > 0;)
		vp_free_irq(&vp->queues[i].irq);
	vp_free_irq(&vp->shared_irq);
	vp_free_irq(&vp->config_irq);
	for (i = vp->nqueues; i-- > 0;)
		if (vp->queues[i].vq)
			vring_del_virtqueue(vp->queues[i].vq);
	if (vp->vectors)
		pci_free_irq_vectors(vp->pdev);
	vp->vectors = 0;
	kfree(vp->queues);
	vp->queues = NULL;
	vp->nqueues = 0;
}
