/* SPDX-License-Identifier: MIT */
/*
 * Wrong: features are accepted after FEATURES_OK
 * Loses: reset, status, features, refusal, ready
 * Says: INIT-D9: the driver wrote 0x200 to driver_feature after FEATURES_OK
 */
#include <lab.h>
#include <linux/delay.h>
#include <linux/errno.h>
#include <linux/io.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/slab.h>

/* The common configuration, at the beginning of BAR 4 (virtio 1.2 4.1.4.3). */
#define DEVICE_FEATURE_SELECT 0x00 /* 32 bits */
#define DEVICE_FEATURE 0x04        /* 32 bits */
#define DRIVER_FEATURE_SELECT 0x08 /* 32 bits */
#define DRIVER_FEATURE 0x0c        /* 32 bits */
#define DEVICE_STATUS 0x14         /* 8 bits */
/* The device's own configuration begins at 2000h of BAR 4: capacity, 64 bits, in
 * sectors of 512 bytes. */
#define CAPACITY 0x2000

#define ACKNOWLEDGE 0x01
#define DRIVER 0x02
#define DRIVER_OK 0x04
#define FEATURES_OK 0x08
#define FAILED 0x80

/* Bits of the features. */
#define VIRTIO_BLK_F_FLUSH 9
#define VIRTIO_F_VERSION_1 32

struct disk {
	struct pci_dev *pdev;
	u8 __iomem *regs; /* BAR 4 */
};

/* Task `reset`: the device forgets everything.  0, or -ETIMEDOUT if it does not
 * come to an end in 100 ms. */
static int reset(struct disk *d)
{
	int ms;

	iowrite8(0, d->regs + DEVICE_STATUS);
	for (ms = 0; ms < 100; ms++) {
		if (!ioread8(d->regs + DEVICE_STATUS))
			return 0;
		msleep(1);
	}
	return -ETIMEDOUT;
}

static void add_status(struct disk *d, u8 bit)
{
	u8 status = ioread8(d->regs + DEVICE_STATUS);

	iowrite8(status | bit, d->regs + DEVICE_STATUS);
}

/* Task `status`: ACKNOWLEDGE, then DRIVER. */
static void introduce(struct disk *d)
{
	add_status(d, ACKNOWLEDGE);
	add_status(d, DRIVER);
}

static u64 offered(struct disk *d)
{
	u64 low, high;

	iowrite32(0, d->regs + DEVICE_FEATURE_SELECT);
	low = ioread32(d->regs + DEVICE_FEATURE);
	iowrite32(1, d->regs + DEVICE_FEATURE_SELECT);
	high = ioread32(d->regs + DEVICE_FEATURE);
	return high << 32 | low;
}

static void accept(struct disk *d, u64 features)
{
	iowrite32(0, d->regs + DRIVER_FEATURE_SELECT);
	iowrite32((u32)features, d->regs + DRIVER_FEATURE);
	iowrite32(1, d->regs + DRIVER_FEATURE_SELECT);
	iowrite32((u32)(features >> 32), d->regs + DRIVER_FEATURE);
}

/* Task `features`: accepts VIRTIO_F_VERSION_1, which must be offered, and
 * VIRTIO_BLK_F_FLUSH, if it is; then FEATURES_OK.  0, or -ENODEV. */
static int negotiate(struct disk *d)
{
	u64 features = offered(d) & (BIT_ULL(VIRTIO_F_VERSION_1) |
				     BIT_ULL(VIRTIO_BLK_F_FLUSH));

	if (!(features & BIT_ULL(VIRTIO_F_VERSION_1)))
		return -ENODEV;
	add_status(d, FEATURES_OK);
	accept(d, features);
	if (!(ioread8(d->regs + DEVICE_STATUS) & FEATURES_OK))
		return -ENODEV;
	return 0;
}

/* Task `refusal`: tells the device that nothing comes of it. */
static void give_up(struct disk *d)
{
	add_status(d, FAILED);
}

/* Task `ready`: reports `capacity`, then DRIVER_OK. */
static void go_live(struct disk *d)
{
	u64 low = ioread32(d->regs + CAPACITY);
	u64 high = ioread32(d->regs + CAPACITY + 4);

	lab_report("capacity", high << 32 | low);
	add_status(d, DRIVER_OK);
}

/* Task `ready`, the other half: the device forgets the driver. */
static void stop(struct disk *d)
{
	reset(d);
}

/* ---- from here on everything is there ---- */

static int handshake(struct disk *d)
{
	int err = reset(d);

	if (err)
		return err;
	introduce(d);
	err = negotiate(d);
	if (err) {
		give_up(d);
		return err;
	}
	go_live(d);
	return 0;
}

static int probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	struct disk *d = kzalloc(sizeof(*d), GFP_KERNEL);
	int err = -ENOMEM;

	(void)id;
	if (!d)
		return err;
	d->pdev = pdev;
	err = pci_enable_device(pdev);
	if (err)
		goto out_free;
	d->regs = pci_iomap(pdev, 4, 0);
	err = d->regs ? handshake(d) : -ENODEV;
	if (err)
		goto out_disable;
	pci_set_drvdata(pdev, d);
	return 0;
out_disable:
	if (d->regs)
		pci_iounmap(pdev, d->regs);
	pci_disable_device(pdev);
out_free:
	kfree(d);
	return err;
}

static void remove(struct pci_dev *pdev)
{
	struct disk *d = pci_get_drvdata(pdev);

	stop(d);
	pci_iounmap(pdev, d->regs);
	pci_disable_device(pdev);
	kfree(d);
}

static const struct pci_device_id ids[] = {
	{ PCI_DEVICE(0x1af4, 0x1042) },
	{ 0 }
};

static struct pci_driver handshake_driver = {
	.name = "handshake",
	.id_table = ids,
	.probe = probe,
	.remove = remove,
};
module_pci_driver(handshake_driver);
