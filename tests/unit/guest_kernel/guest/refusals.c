/* SPDX-License-Identifier: MIT */
/*
 * Cases of services that are refused once: the caller gets the error, nothing
 * has been done, and the next call is as if it were the first.
 */
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/idr.h>
#include <linux/interrupt.h>
#include <linux/kobject.h>
#include <linux/wait.h>
#include "tests/unit/guest_kernel/guest/cases.h"
#include "tests/unit/guest_kernel/guest/toy.h"

static const struct bus_type side_bus = { .name = "side" };
static struct device_driver side_driver = { .name = "side", .bus = &side_bus };

static void release(struct device *dev)
{
	(void)dev;
}

GUEST_CASE(refused_bus)
{
	CHECK(bus_register(&side_bus) == -ENOMEM);
	CHECK(driver_register(&side_driver) == -EINVAL);
	CHECK(bus_register(&side_bus) == 0);
	bus_unregister(&side_bus);
	return 0;
}

GUEST_CASE(refused_driver)
{
	CHECK(bus_register(&side_bus) == 0);
	CHECK(driver_register(&side_driver) == -ENOMEM);
	CHECK(driver_register(&side_driver) == 0);
	driver_unregister(&side_driver);
	bus_unregister(&side_bus);
	return 0;
}

GUEST_CASE(refused_device)
{
	static struct device dev;

	device_initialize(&dev);
	dev_set_name(&dev, "side0");
	dev.parent = &toy_dev()->dev;
	dev.release = release;
	CHECK(device_add(&dev) == -ENOMEM);
	CHECK(!dev.added && kref_read(&dev.kobj.kref) == 1);
	CHECK(device_add(&dev) == 0);
	device_unregister(&dev);
	return 0;
}

GUEST_CASE(refused_number)
{
	static DEFINE_IDA(numbers);

	CHECK(ida_alloc(&numbers, GFP_KERNEL) == -ENOSPC);
	CHECK(ida_alloc(&numbers, GFP_KERNEL) == 0);
	CHECK(ida_alloc(&numbers, GFP_KERNEL) == 1);
	ida_free(&numbers, 0);
	ida_free(&numbers, 1);
	return 0;
}

GUEST_CASE(refused_coherent_memory)
{
	struct device *dev = &toy_dev()->dev;
	dma_addr_t at;
	void *p;

	CHECK(!dma_alloc_coherent(dev, 100, &at, GFP_KERNEL));
	p = dma_alloc_coherent(dev, 100, &at, GFP_KERNEL);
	CHECK(p);
	dma_free_coherent(dev, 100, p, at);
	return 0;
}

GUEST_CASE(refused_mask)
{
	struct device *dev = &toy_dev()->dev;
	u64 before = *dev->dma_mask;

	CHECK(dma_set_mask(dev, DMA_BIT_MASK(40)) == -EIO);
	CHECK(*dev->dma_mask == before);
	CHECK(dma_set_mask_and_coherent(dev, DMA_BIT_MASK(40)) == 0);
	CHECK(*dev->dma_mask == 0xffffffffffull);
	CHECK(dev->coherent_dma_mask == 0xffffffffffull);
	return 0;
}

GUEST_CASE(refused_affinity)
{
	struct pci_dev *pdev = toy_dev();
	struct irq_affinity spread = { .pre_vectors = 1 };
	struct irq_affinity_desc *masks;
	int irq;

	CHECK(!irq_create_affinity_masks(4, &spread));
	masks = irq_create_affinity_masks(4, &spread);
	CHECK(masks);
	kfree(masks);
	CHECK(pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_MSIX) == 1);
	irq = pci_irq_vector(pdev, 0);
	CHECK(irq_set_affinity((unsigned int)irq, cpumask_of(0)) == -EIO);
	CHECK(irq_set_affinity((unsigned int)irq, cpumask_of(0)) == 0);
	pci_free_irq_vectors(pdev);
	return 0;
}

GUEST_CASE(refused_attribute)
{
	struct kobject *kobj = &toy_dev()->dev.kobj;
	static const struct attribute attr = { .name = "size" };

	CHECK(sysfs_create_file(kobj, &attr) == -EEXIST);
	CHECK(sysfs_create_file(kobj, &attr) == 0);
	sysfs_remove_file(kobj, &attr);
	return 0;
}

/* A signal ends a wait that would sleep, and no other. */
GUEST_CASE(signal_ends_a_wait)
{
	DECLARE_WAIT_QUEUE_HEAD(wq);
	DECLARE_COMPLETION_ONSTACK(done);
	bool yes = true, no = false;

	CHECK(wait_event_interruptible(wq, yes) == 0);
	CHECK(wait_event_killable_timeout(wq, yes, 1) == 1);
	CHECK(wait_event_interruptible(wq, no) == -ERESTARTSYS);
	CHECK(wait_event_killable(wq, no) == -ERESTARTSYS);
	CHECK(wait_event_interruptible_timeout(wq, no, 1) == -ERESTARTSYS);
	CHECK(wait_event_killable_timeout(wq, no, 1) == -ERESTARTSYS);
	CHECK(wait_for_completion_killable(&done) == -ERESTARTSYS);
	CHECK(wait_for_completion_interruptible(&done) == -ERESTARTSYS);
	complete(&done);
	CHECK(wait_for_completion_killable(&done) == 0);
	return 0;
}
