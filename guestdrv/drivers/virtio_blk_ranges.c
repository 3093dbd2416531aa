/* SPDX-License-Identifier: MIT */
/*
 * Requests about ranges of sectors that carry no contents (virtio 1.2, 5.2.6):
 * DISCARD, SECURE_ERASE, WRITE_ZEROES; and GET_LIFETIME, which like them only
 * devices with a feature of its own have.
 */
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <ringside/note.h>

#include "guestdrv/drivers/virtio_blk.h"
#include "guestdrv/drivers/virtio_blk_actions.h"
#include "guestdrv/virtio/virtio_config.h"

enum { RANGES_DEVICE, RANGES_SECTOR, RANGES_SECTORS, RANGES_SEGMENTS,
       RANGES_QUEUE, RANGES_FLAGS, RANGES_SURPLUS, RANGES_UNCHECKED };
enum { ZEROES_UNMAP = RANGES_UNCHECKED + 1 };
enum { LIFETIME_DEVICE };

/* Of more than this no request is made, whatever is asked for. */
#define VIRTBLK_MAX_RANGES 1024

#define RANGES_PARAMS                                                         \
	{ "device", GUEST_PARAM_DEVICE, true, 0, "the block device" },        \
	{ "sector", GUEST_PARAM_INT, false, 0, "the first sector" },          \
	{ "sectors", GUEST_PARAM_INT, true, 0, "how many" },                  \
	{ "segments", GUEST_PARAM_INT, false, 1,                              \
	  "into how many segments they are cut, all in one request" },        \
	{ "queue", GUEST_PARAM_INT, false, -1, "which queue; -1: any" },      \
	{ "flags", GUEST_PARAM_INT, false, 0,                                 \
	  "flags of each segment beside what else is asked for" },            \
	{ "surplus", GUEST_PARAM_INT, false, 0,                               \
	  "bytes that follow the segments, and belong to none" },             \
	{ "unchecked", GUEST_PARAM_BOOL, false, 0,                            \
	  "send it also where the device's limits or its rules forbid it" }

const struct guest_param virtblk_ranges_params[] = {
	RANGES_PARAMS,
	{ NULL, GUEST_PARAM_INT, false, 0, NULL }
};

const struct guest_param virtblk_zeroes_params[] = {
	RANGES_PARAMS,
	{ "unmap", GUEST_PARAM_BOOL, false, 0, "the device may deallocate them" },
	{ NULL, GUEST_PARAM_INT, false, 0, NULL }
};

const struct guest_param virtblk_lifetime_params[] = {
	{ "device", GUEST_PARAM_DEVICE, true, 0, "the block device" },
	{ NULL, GUEST_PARAM_INT, false, 0, NULL }
};

/* A kind of request, and where the device says how much of it fits into one. */
struct virtblk_kind {
	u32 type;
	unsigned int feature;
	u32 limits;            /* offset in the configuration: sectors, segments */
	u32 flags;             /* that it has */
};

static const struct virtblk_kind virtblk_discard = {
	VIRTIO_BLK_T_DISCARD, VIRTIO_BLK_F_DISCARD, VIRTIO_BLK_CFG_DISCARD, 0,
};
static const struct virtblk_kind virtblk_erase = {
	VIRTIO_BLK_T_SECURE_ERASE, VIRTIO_BLK_F_SECURE_ERASE,
	VIRTIO_BLK_CFG_SECURE_ERASE, 0,
};
static const struct virtblk_kind virtblk_zeroes = {
	VIRTIO_BLK_T_WRITE_ZEROES, VIRTIO_BLK_F_WRITE_ZEROES,
	VIRTIO_BLK_CFG_WRITE_ZEROES, VIRTIO_BLK_RANGE_UNMAP,
};

/* What is asked for. */
struct virtblk_ranges {
	struct virtio_blk *vblk;
	const struct virtblk_kind *kind;
	u64 sector, sectors;
	u32 segments, flags, surplus;
};

/* 5.2.6.1: inside of the disk, no longer and no more ranges than the device
 * takes, no flag that the request does not have. */
static bool virtblk_ranges_keep(const struct virtblk_ranges *r)
{
	struct virtio_device *vdev = r->vblk->vdev;
	u64 most = virtio_cread(vdev, r->kind->limits, 4);
	u64 segments = virtio_cread(vdev, r->kind->limits + 4, 4);
	u64 longest = DIV_ROUND_UP(r->sectors, r->segments);

	return r->sector <= r->vblk->capacity &&
	       r->sectors <= r->vblk->capacity - r->sector &&
	       longest <= most && r->segments <= segments &&
	       !(r->flags & ~r->kind->flags) && !r->surplus &&
	       !r->vblk->read_only;
}

static void virtblk_ranges_fill(const struct virtblk_ranges *r,
				struct virtio_blk_range *range)
{
	u64 sector = r->sector, left = r->sectors;
	u32 i, n;

	for (i = 0; i < r->segments; i++, sector += n, left -= n) {
		n = (u32)(left / (r->segments - i));
		range[i].sector = cpu_to_le64(sector);
		range[i].num_sectors = cpu_to_le32(n);
		range[i].flags = cpu_to_le32(r->flags);
	}
}

/* What the medium holds now: zeroes where they were asked for, and where it says
 * nothing of what became of the sectors, zeroes or what was there. */
static void virtblk_ranges_tell(const struct virtblk_ranges *r, int err)
{
	struct device *dev = &r->vblk->vdev->dev;
	bool certain = !err && r->kind->type == VIRTIO_BLK_T_WRITE_ZEROES;
	u64 left = min(r->sectors, r->vblk->capacity - r->sector);
	u64 at = r->sector * VIRTIO_BLK_SECTOR;
	static const u8 zeroes[VIRTIO_BLK_SECTOR];

	for (; left; left--, at += VIRTIO_BLK_SECTOR) {
		if (certain)
			guest_data_written(dev, at, zeroes, sizeof(zeroes));
		else
			guest_data_in_doubt(dev, at, zeroes, sizeof(zeroes));
	}
}

static int virtblk_ranges_send(const struct virtblk_ranges *r, int queue)
{
	u32 bytes = r->segments * (u32)sizeof(struct virtio_blk_range);
	struct virtblk_what what = {
		.type = r->kind->type, .len = bytes + r->surplus,
	};
	int err;

	what.data = kzalloc(what.len, GFP_KERNEL);
	if (!what.data)
		return -ENOMEM;
	virtblk_ranges_fill(r, what.data);
	err = virtblk_ask(r->vblk, queue, &what);
	if (r->sector < r->vblk->capacity)
		virtblk_ranges_tell(r, err);
	kfree(what.data);
	return err;
}

static int virtblk_ranges_check(struct virtblk_ranges *r,
				const struct guest_value *v)
{
	s64 queue = v[RANGES_QUEUE].i;

	if (v[RANGES_SECTOR].i < 0 || v[RANGES_SECTORS].i < 1 ||
	    v[RANGES_SECTORS].i > U32_MAX || v[RANGES_SEGMENTS].i < 1 ||
	    v[RANGES_SEGMENTS].i > VIRTBLK_MAX_RANGES ||
	    v[RANGES_SEGMENTS].i > v[RANGES_SECTORS].i ||
	    v[RANGES_SURPLUS].i < 0 ||
	    v[RANGES_SURPLUS].i >= (s64)PAGE_SIZE ||
	    v[RANGES_FLAGS].i < 0 || v[RANGES_FLAGS].i > U32_MAX ||
	    queue < -1 || queue >= (s64)r->vblk->nqueues)
		return -EINVAL;
	r->sector = (u64)v[RANGES_SECTOR].i;
	r->sectors = (u64)v[RANGES_SECTORS].i;
	r->segments = (u32)v[RANGES_SEGMENTS].i;
	r->surplus = (u32)v[RANGES_SURPLUS].i;
	r->flags |= (u32)v[RANGES_FLAGS].i;
	if (!virtio_has_feature(r->vblk->vdev, r->kind->feature))
		return -EOPNOTSUPP;
	/* Who breaks a limit has looked at it first. */
	return virtblk_ranges_keep(r) || v[RANGES_UNCHECKED].i ? 0 : -EINVAL;
}

static int virtblk_ranges(const struct guest_value *v,
			  const struct virtblk_kind *kind, u32 flags)
{
	struct virtblk_ranges r = {
		.vblk = virtblk_get((u32)v[RANGES_DEVICE].i), .kind = kind,
		.flags = flags,
	};
	int err;

	if (!r.vblk)
		return -ENODEV;
	err = virtblk_ranges_check(&r, v);
	if (!err)
		err = virtblk_ranges_send(&r, (int)v[RANGES_QUEUE].i);
	virtblk_put(r.vblk);
	return err;
}

static int virtblk_do_discard(const struct guest_value *v)
{
	return virtblk_ranges(v, &virtblk_discard, 0);
}

static int virtblk_do_erase(const struct guest_value *v)
{
	return virtblk_ranges(v, &virtblk_erase, 0);
}

static int virtblk_do_zeroes(const struct guest_value *v)
{
	return virtblk_ranges(v, &virtblk_zeroes,
			      v[ZEROES_UNMAP].i ? VIRTIO_BLK_RANGE_UNMAP : 0);
}

/* 5.2.6: pre_eol_info, device_lifetime_est_typ_a and _b, le16 each. */
static int virtblk_ask_lifetime(struct virtio_blk *vblk)
{
	__le16 *life = kcalloc(3, sizeof(*life), GFP_KERNEL);
	struct virtblk_what what = {
		.type = VIRTIO_BLK_T_GET_LIFETIME, .data = life,
		.len = 3 * sizeof(*life),
	};
	int err;

	if (!life)
		return -ENOMEM;
	err = virtblk_ask(vblk, -1, &what);
	if (!err)
		dev_info(&vblk->vdev->dev, "lifetime: %u, %u, %u\n",
			 le16_to_cpu(life[0]), le16_to_cpu(life[1]),
			 le16_to_cpu(life[2]));
	kfree(life);
	return err;
}

static int virtblk_lifetime(const struct guest_value *v)
{
	struct virtio_blk *vblk = virtblk_get((u32)v[LIFETIME_DEVICE].i);
	int err = -EOPNOTSUPP;

	if (!vblk)
		return -ENODEV;
	if (virtio_has_feature(vblk->vdev, VIRTIO_BLK_F_LIFETIME))
		err = virtblk_ask_lifetime(vblk);
	virtblk_put(vblk);
	return err;
}

int virtblk_action_discard(const struct guest_value *values)
{
	return guest_action_run(virtblk_do_discard, virtblk_ranges_params,
				values);
}

int virtblk_action_erase(const struct guest_value *values)
{
	return guest_action_run(virtblk_do_erase, virtblk_ranges_params,
				values);
}

int virtblk_action_zeroes(const struct guest_value *values)
{
	return guest_action_run(virtblk_do_zeroes, virtblk_zeroes_params,
				values);
}

int virtblk_action_lifetime(const struct guest_value *values)
{
	return guest_action_run(virtblk_lifetime, virtblk_lifetime_params,
				values);
}
