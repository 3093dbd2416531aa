/* SPDX-License-Identifier: MIT */
/*
 * `blk.read` and `blk.write` of a lab's check: each step is some requests, each
 * in a buffer of its own.  What was read goes to the machine, which compares it
 * with its own copy of the medium; what was acknowledged as written changes that
 * copy.  What the driver itself believes plays no part.
 */
#include <lab.h>
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/pci.h>
#include <linux/slab.h>
#include <ringside/note.h>

#include "guestdrv/lab/lab_ops.h"

#define SECTOR 512u
#define MAX_SECTORS 2048 /* of a request: 1 MiB */

enum { DEVICE, FIRST, SECTORS, CHUNK, PATTERN };

#define COMMON_PARAMS                                                        \
	{ "device", GUEST_PARAM_DEVICE, true, 0, "the block device" },       \
	{ "sector", GUEST_PARAM_INT, false, 0, "the first sector" },         \
	{ "sectors", GUEST_PARAM_INT, false, 1, "how many" },                \
	{ "chunk", GUEST_PARAM_INT, false, 8, "sectors of a request, at most" }

const struct guest_param lab_read_params[] = {
	COMMON_PARAMS,
	{ NULL, GUEST_PARAM_INT, false, 0, NULL }
};

const struct guest_param lab_write_params[] = {
	COMMON_PARAMS,
	{ "pattern", GUEST_PARAM_INT, false, 0, "seed of what is written" },
	{ NULL, GUEST_PARAM_INT, false, 0, NULL }
};

/* No two sectors and no two seeds alike; an odd multiplier can be undone. */
static void fill(u8 *buf, u64 sector, unsigned int sectors, u64 seed)
{
	u64 i, value;

	for (i = 0; i < sectors * SECTOR; i++) {
		value = (sector * SECTOR + i + (seed << 40)) *
			0x9e3779b97f4a7c15ull;
		buf[i] = (u8)(value >> 56);
	}
}

static int read_some(struct pci_dev *pdev, u64 sector, u8 *buf,
		     unsigned int sectors)
{
	int err = lab_ops()->read(pdev, sector, buf, sectors);

	guest_note_request(&pdev->dev, err);
	if (!err && !guest_data_read(&pdev->dev, sector * SECTOR, buf,
				     sectors * SECTOR))
		err = -EBADMSG;
	return err;
}

static int write_some(struct pci_dev *pdev, u64 sector, u8 *buf,
		      unsigned int sectors)
{
	int err = lab_ops()->write(pdev, sector, buf, sectors);

	guest_note_request(&pdev->dev, err);
	if (!err)
		guest_data_written(&pdev->dev, sector * SECTOR, buf,
				   sectors * SECTOR);
	return err;
}

static int one_request(struct pci_dev *pdev, const struct guest_value *v,
		       u64 sector, unsigned int sectors, bool write)
{
	u8 *buf = kmalloc(sectors * SECTOR, GFP_KERNEL);
	int err;

	if (!buf)
		return -ENOMEM;
	/* What is there before a read must not be taken for what was read. */
	fill(buf, sector, sectors, write ? (u64)v[PATTERN].i : ~0ull);
	err = write ? write_some(pdev, sector, buf, sectors) :
		      read_some(pdev, sector, buf, sectors);
	kfree(buf);
	return err;
}

static int move(const struct guest_value *v, bool write)
{
	struct pci_dev *pdev = lab_bound_device((u32)v[DEVICE].i);
	s64 sector = v[FIRST].i, left = v[SECTORS].i, chunk = v[CHUNK].i, now;
	int err = 0;

	if (!pdev)
		return -ENODEV;
	if (!lab_ops() || !(write ? (void *)lab_ops()->write :
				    (void *)lab_ops()->read))
		return -ENOSYS;
	if (sector < 0 || left < 1 || chunk < 1 || chunk > MAX_SECTORS)
		return -EINVAL;
	for (; left && !err; sector += now, left -= now) {
		now = min(left, chunk);
		err = one_request(pdev, v, (u64)sector, (unsigned int)now,
				  write);
	}
	return err;
}

static int read_sectors(const struct guest_value *v)
{
	return move(v, false);
}

static int write_sectors(const struct guest_value *v)
{
	return move(v, true);
}

GUEST_ACTION(run_read, read_sectors, lab_read_params);
GUEST_ACTION(run_write, write_sectors, lab_write_params);

int lab_action_read(const struct guest_value *values)
{
	return run_read(values);
}

int lab_action_write(const struct guest_value *values)
{
	return run_write(values);
}
