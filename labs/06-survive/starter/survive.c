/* SPDX-License-Identifier: MIT */
/*
 * Lab 06: a driver of the entropy device (virtio 1.2, 5.4) that works as long as
 * nothing fails.  Each line of probe may fail, and so may a read.
 */
#include <lab/virtio.h>

#include <linux/completion.h>
#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/hw_random.h>
#include <linux/interrupt.h>
#include <linux/jiffies.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <linux/string.h>

#define BUFFER_BYTES 64u

struct survive {
	struct lab_virtio v;
	struct lab_queue queue;
	struct lab_ring *ring;
	dma_addr_t ring_at;
	struct hwrng rng;
	struct completion used;
	u8 *buffer;
};

/* ---- reading ---- */

static irqreturn_t survive_interrupt(int irq, void *data)
{
	struct survive *s = data;

	(void)irq;
	complete(&s->used);
	return IRQ_HANDLED;
}

/* Task `silent`: what if there is no mapping, and what if no answer comes? */
static int survive_read(struct hwrng *rng, void *data, size_t max, bool wait)
{
	struct survive *s = container_of(rng, struct survive, rng);
	struct device *dev = &s->v.pdev->dev;
	dma_addr_t at;
	u32 len = 0;

	(void)wait;
	at = dma_map_single(dev, s->buffer, BUFFER_BYTES, DMA_FROM_DEVICE);
	if (dma_mapping_error(dev, at))
		pci_warn(s->v.pdev, "no mapping\n");
	reinit_completion(&s->used);
	lab_queue_give(&s->queue, at, BUFFER_BYTES, true);
	wait_for_completion(&s->used);
	lab_queue_used(&s->queue, &len);
	dma_unmap_single(dev, at, BUFFER_BYTES, DMA_FROM_DEVICE);
	len = min(len, (u32)max);
	memcpy(data, s->buffer, len);
	return (int)len;
}

/* ---- probe and remove ---- */

/* Task `device`: the register says whether the device has agreed. */
static void survive_map_vector(struct survive *s)
{
	u8 __iomem *common = lab_common(&s->v);

	iowrite16(0, common + COMMON_QUEUE_SELECT);
	iowrite16(0, common + COMMON_QUEUE_MSIX_VECTOR);
}

/* Tasks `kernel`, `device` and `late`: what if a step fails, and what has been
 * taken by then? */
static int survive_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct survive *s = kzalloc(sizeof(*s), GFP_KERNEL);
	int err;

	(void)id;
	init_completion(&s->used);
	s->rng = (struct hwrng){ .name = "survive", .read = survive_read };
	err = lab_virtio_find(&s->v, pdev);

	/* The BAR, mapped, of a device that is enabled. */
	err = pci_enable_device(pdev);
	err = pci_request_region(pdev, s->v.bar, "survive");
	s->v.regs = pci_iomap(pdev, s->v.bar, 0);
	err = lab_virtio_negotiate(&s->v, 0);

	/* What the device reaches, and where it finds it. */
	err = dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64));
	s->buffer = kmalloc(BUFFER_BYTES, GFP_KERNEL);
	s->ring = dma_alloc_coherent(&pdev->dev, sizeof(*s->ring), &s->ring_at,
				     GFP_KERNEL);
	err = lab_queue_setup(&s->queue, &s->v, 0, s->ring, s->ring_at);

	/* A handler first, then the vector. */
	err = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSIX);
	err = request_irq((unsigned int)pci_irq_vector(pdev, 0),
			  survive_interrupt, 0, "survive", s);
	survive_map_vector(s);

	/* From here on the device works, and may be asked. */
	pci_set_master(pdev);
	lab_queue_enable(&s->queue);
	lab_virtio_add_status(&s->v, STATUS_DRIVER_OK);
	err = hwrng_register(&s->rng);

	pci_set_drvdata(pdev, s);
	if (err)
		pci_warn(pdev, "the last step returned %d\n", err);
	return 0;
}

/* Right as it is: in reverse order, and the device first. */
static void survive_remove(struct pci_dev *pdev)
{
	struct survive *s = pci_get_drvdata(pdev);

	hwrng_unregister(&s->rng);
	lab_virtio_reset(&s->v);
	free_irq((unsigned int)pci_irq_vector(pdev, 0), s);
	pci_free_irq_vectors(pdev);
	dma_free_coherent(&pdev->dev, sizeof(*s->ring), s->ring, s->ring_at);
	kfree(s->buffer);
	pci_iounmap(pdev, s->v.regs);
	pci_release_region(pdev, s->v.bar);
	pci_disable_device(pdev);
	kfree(s);
}

static const struct pci_device_id survive_ids[] = {
	{ PCI_DEVICE(0x1af4, 0x1044) }, /* virtio 1.2, 5.4: entropy */
	{ 0 }
};

static struct pci_driver survive_driver = {
	.name = "survive",
	.id_table = survive_ids,
	.probe = survive_probe,
	.remove = survive_remove,
};

module_pci_driver(survive_driver);
MODULE_LICENSE("MIT");
