/* SPDX-License-Identifier: MIT */
/*
 * Wrong: nobody looks at the vector that was read back, and a read waits for ever.
 * Loses: device, silent, again
 * Says: every thread waits and nothing is left that could wake one
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
	bool dead; /* it did not answer, and was reset */
};

/* ---- reading ---- */

static irqreturn_t survive_interrupt(int irq, void *data)
{
	struct survive *s = data;

	(void)irq;
	complete(&s->used);
	return IRQ_HANDLED;
}

/* One buffer to the device and back.  What the device may still write to is not
 * taken from it: a device that does not answer is reset first. */
static int survive_fetch(struct survive *s, u32 *len)
{
	struct device *dev = &s->v.pdev->dev;
	dma_addr_t at;

	at = dma_map_single(dev, s->buffer, BUFFER_BYTES, DMA_FROM_DEVICE);
	if (dma_mapping_error(dev, at))
		return -ENOMEM;
	reinit_completion(&s->used);
	lab_queue_give(&s->queue, at, BUFFER_BYTES, true);
	wait_for_completion(&s->used);
	if (!lab_queue_used(&s->queue, len)) {
		lab_virtio_reset(&s->v);
		s->dead = true;
	}
	dma_unmap_single(dev, at, BUFFER_BYTES, DMA_FROM_DEVICE);
	return s->dead ? -EIO : 0;
}

static int survive_read(struct hwrng *rng, void *data, size_t max, bool wait)
{
	struct survive *s = container_of(rng, struct survive, rng);
	u32 len = 0;
	int err;

	(void)wait;
	if (s->dead)
		return -EIO;
	err = survive_fetch(s, &len);
	if (err)
		return err;
	/* The length is the device's word, not more. */
	len = min(len, BUFFER_BYTES);
	len = min(len, (u32)max);
	memcpy(data, s->buffer, len);
	return (int)len;
}

/* ---- probe and remove ---- */

/* The BAR, mapped, of a device that is enabled. */
static int survive_map(struct survive *s)
{
	struct pci_dev *pdev = s->v.pdev;
	int err;

	err = pci_enable_device(pdev);
	if (err)
		return err;
	err = pci_request_region(pdev, s->v.bar, "survive");
	if (err)
		goto disable;
	err = -ENOMEM;
	s->v.regs = pci_iomap(pdev, s->v.bar, 0);
	if (!s->v.regs)
		goto release;
	return 0;
release:
	pci_release_region(pdev, s->v.bar);
disable:
	pci_disable_device(pdev);
	return err;
}

static void survive_unmap(struct survive *s)
{
	pci_iounmap(s->v.pdev, s->v.regs);
	pci_release_region(s->v.pdev, s->v.bar);
	pci_disable_device(s->v.pdev);
}

/* What the device reaches, and where it finds it. */
static int survive_make_queue(struct survive *s)
{
	struct device *dev = &s->v.pdev->dev;
	int err;

	err = dma_set_mask_and_coherent(dev, DMA_BIT_MASK(64));
	if (err)
		return err;
	s->buffer = kmalloc(BUFFER_BYTES, GFP_KERNEL);
	if (!s->buffer)
		return -ENOMEM;
	err = -ENOMEM;
	s->ring = dma_alloc_coherent(dev, sizeof(*s->ring), &s->ring_at,
				     GFP_KERNEL);
	if (!s->ring)
		goto free_buffer;
	err = lab_queue_setup(&s->queue, &s->v, 0, s->ring, s->ring_at);
	if (err)
		goto free_ring;
	return 0;
free_ring:
	dma_free_coherent(dev, sizeof(*s->ring), s->ring, s->ring_at);
free_buffer:
	kfree(s->buffer);
	return err;
}

static void survive_free_queue(struct survive *s)
{
	dma_free_coherent(&s->v.pdev->dev, sizeof(*s->ring), s->ring,
			  s->ring_at);
	kfree(s->buffer);
}

/* 4.1.5.1.2.2: what reads back is what the device has agreed to. */
static int survive_map_vector(struct survive *s)
{
	u8 __iomem *common = lab_common(&s->v);

	iowrite16(0, common + COMMON_QUEUE_SELECT);
	iowrite16(0, common + COMMON_QUEUE_MSIX_VECTOR);
	ioread16(common + COMMON_QUEUE_MSIX_VECTOR);
	return 0;
}

static int survive_take_interrupt(struct survive *s)
{
	struct pci_dev *pdev = s->v.pdev;
	int err;

	err = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSIX);
	if (err < 0)
		return err;
	err = request_irq((unsigned int)pci_irq_vector(pdev, 0),
			  survive_interrupt, 0, "survive", s);
	if (err)
		goto free_vectors;
	err = survive_map_vector(s);
	if (err)
		goto free_handler;
	return 0;
free_handler:
	free_irq((unsigned int)pci_irq_vector(pdev, 0), s);
free_vectors:
	pci_free_irq_vectors(pdev);
	return err;
}

static void survive_free_interrupt(struct survive *s)
{
	free_irq((unsigned int)pci_irq_vector(s->v.pdev, 0), s);
	pci_free_irq_vectors(s->v.pdev);
}

static void survive_start(struct survive *s)
{
	pci_set_master(s->v.pdev);
	lab_queue_enable(&s->queue);
	lab_virtio_add_status(&s->v, STATUS_DRIVER_OK);
}

/* From reset to the first reader.  A device that runs is reset before anything
 * that it uses is taken away. */
static int survive_bring_up(struct survive *s)
{
	int err;

	err = lab_virtio_negotiate(&s->v, 0);
	if (err)
		goto fail;
	err = survive_make_queue(s);
	if (err)
		goto fail;
	err = survive_take_interrupt(s);
	if (err)
		goto free_queue;
	survive_start(s);
	err = hwrng_register(&s->rng);
	if (err)
		goto stop;
	return 0;
stop:
	lab_virtio_fail(&s->v);
	survive_free_interrupt(s);
free_queue:
	survive_free_queue(s);
fail:
	lab_virtio_fail(&s->v);
	return err;
}

static int survive_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct survive *s = kzalloc(sizeof(*s), GFP_KERNEL);
	int err;

	(void)id;
	if (!s)
		return -ENOMEM;
	init_completion(&s->used);
	s->rng = (struct hwrng){ .name = "survive", .read = survive_read };
	err = lab_virtio_find(&s->v, pdev);
	if (err)
		goto free;
	err = survive_map(s);
	if (err)
		goto free;
	err = survive_bring_up(s);
	if (err)
		goto unmap;
	pci_set_drvdata(pdev, s);
	return 0;
unmap:
	survive_unmap(s);
free:
	kfree(s);
	return err;
}

static void survive_remove(struct pci_dev *pdev)
{
	struct survive *s = pci_get_drvdata(pdev);

	hwrng_unregister(&s->rng);
	lab_virtio_reset(&s->v);
	survive_free_interrupt(s);
	survive_free_queue(s);
	survive_unmap(s);
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
