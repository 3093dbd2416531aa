/* SPDX-License-Identifier: MIT */
/*
 * Interrupt handlers of a virtio PCI device, and who owns which (virtio 1.2,
 * 4.1.4.5, 4.1.5.3, 4.1.5.4).  The ladder decides which of them are installed.
 */
#include <linux/errno.h>
#include <linux/interrupt.h>
#include <linux/kernel.h>

#include "guestdrv/virtio/virtio_pci.h"

static irqreturn_t vp_config_interrupt(int irq, void *dev_id)
{
	struct vp_device *vp = dev_id;

	(void)irq;
	virtio_config_changed(&vp->vdev);
	return IRQ_HANDLED;
}

/* One vector for several queues: any of them may have news. */
static irqreturn_t vp_queues_interrupt(int irq, void *dev_id)
{
	struct vp_device *vp = dev_id;
	irqreturn_t ret = IRQ_NONE;
	unsigned int i;

	for (i = 0; i < vp->nqueues; i++) {
		struct virtqueue *vq = vp->queues[i].vq;

		if (vq && vring_interrupt(irq, vq) == IRQ_HANDLED)
			ret = IRQ_HANDLED;
	}
	return ret;
}

/* 4.1.5.3, 4.1.5.4: reading ISR acknowledges, before anything is looked at: an
 * event that comes later raises the line again.  Both bits may be set, and the
 * line may be another device's.  Handled is what a queue had news for: a device
 * that keeps ISR set and the line up is found out by the kernel's count, to which
 * now and then a configuration change adds one that nobody misses. */
static irqreturn_t vp_intx_interrupt(int irq, void *dev_id)
{
	struct vp_device *vp = dev_id;
	u8 isr = vp->transport->read_isr(vp);

	if (!isr)
		return IRQ_NONE;
	if (isr & VIRTIO_PCI_ISR_CONFIG)
		vp_config_interrupt(irq, vp);
	return vp_queues_interrupt(irq, vp);
}

static int vp_request_irq(struct vp_device *vp, struct vp_irq *irq, int number,
			  irq_handler_t handler, unsigned long flags,
			  void *dev_id)
{
	int err;

	if (number < 0)
		return number;
	err = request_irq((unsigned int)number, handler, flags, irq->name,
			  dev_id);
	if (err) {
		dev_warn(&vp->vdev.dev, "request_irq(%s) failed: %d\n",
			 irq->name, err);
		return err;
	}
	irq->number = number;
	irq->dev_id = dev_id;
	return 0;
}

int vp_request_config_irq(struct vp_device *vp)
{
	snprintf(vp->config_irq.name, sizeof(vp->config_irq.name), "%s-config",
		 dev_name(&vp->vdev.dev));
	return vp_request_irq(vp, &vp->config_irq, pci_irq_vector(vp->pdev, 0),
			      vp_config_interrupt, 0, vp);
}

int vp_request_shared_irq(struct vp_device *vp)
{
	snprintf(vp->shared_irq.name, sizeof(vp->shared_irq.name),
		 "%s-virtqueues", dev_name(&vp->vdev.dev));
	return vp_request_irq(vp, &vp->shared_irq, pci_irq_vector(vp->pdev, 1),
			      vp_queues_interrupt, 0, vp);
}

int vp_request_queue_irq(struct vp_device *vp, struct vp_queue *queue,
			 u16 vector)
{
	snprintf(queue->irq.name, sizeof(queue->irq.name), "%s-%s",
		 dev_name(&vp->vdev.dev), queue->vq->name);
	return vp_request_irq(vp, &queue->irq,
			      pci_irq_vector(vp->pdev, vector), vring_interrupt,
			      0, queue->vq);
}

/* The line is shared with other devices, so the handler asks ISR first. */
int vp_request_intx(struct vp_device *vp)
{
	snprintf(vp->config_irq.name, sizeof(vp->config_irq.name), "%s",
		 dev_name(&vp->vdev.dev));
	return vp_request_irq(vp, &vp->config_irq, (int)vp->pdev->irq,
			      vp_intx_interrupt, IRQF_SHARED, vp);
}

void vp_free_irq(struct vp_irq *irq)
{
	if (!irq->number)
		return;
	irq_update_affinity_hint((unsigned int)irq->number, NULL);
	free_irq((unsigned int)irq->number, irq->dev_id);
	irq->number = 0;
}

void vp_synchronize_cbs(struct virtio_device *vdev)
{
	struct vp_device *vp = to_vp(vdev);
	unsigned int i;

	for (i = 0; i < vp->nqueues; i++)
		if (vp->queues[i].irq.number)
			synchronize_irq(vp->queues[i].irq.number);
	if (vp->shared_irq.number)
		synchronize_irq(vp->shared_irq.number);
	if (vp->config_irq.number)
		synchronize_irq(vp->config_irq.number);
}

/* The irq of a queue's vector, its own or shared; < 0: it has none. */
static int vp_queue_irq(struct vp_device *vp, unsigned int index)
{
	u16 vector = index < vp->nqueues ? vp->queues[index].vector :
					   VIRTIO_MSI_NO_VECTOR;

	return vector == VIRTIO_MSI_NO_VECTOR ? -EOPNOTSUPP :
						pci_irq_vector(vp->pdev, vector);
}

int vp_set_vq_affinity(struct virtqueue *vq, const struct cpumask *mask)
{
	int irq;

	if (!vq->callback)
		return -EINVAL;
	irq = vp_queue_irq(to_vp(vq->vdev), vq->index);
	if (irq < 0)
		return irq;
	irq_update_affinity_hint((unsigned int)irq, mask);
	return mask ? irq_set_affinity((unsigned int)irq, mask) : 0;
}

const struct cpumask *vp_get_vq_affinity(struct virtio_device *vdev,
					 unsigned int index)
{
	int irq = vp_queue_irq(to_vp(vdev), index);

	return irq < 0 ? NULL : irq_get_affinity_mask((unsigned int)irq);
}
