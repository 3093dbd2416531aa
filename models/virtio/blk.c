/* SPDX-License-Identifier: MIT */
/*
 * virtio-blk as a device model: scenario keys, features, configuration space
 * (virtio 1.2 5.2.4), life and death.  Requests are served in blk_request.c.
 * Read by the scenario parser and by `ringside list devices`.
 */
#include "models/virtio/blk.h"

#include <stdlib.h>
#include <string.h>

#include "models/virtio/vpci.h"

#define CLASS_MASS_STORAGE_SCSI 0x010000u /* as QEMU's virtio-blk-pci */
#define LAYOUT "virtio 1.2 5.2.4"

/* Rows of `properties`, and places in device_config.values. */
enum vblk_property {
	PROP_IMAGE,
	PROP_QUEUES,
	PROP_QUEUE_SIZE,
	PROP_SERIAL,
	PROP_READ_ONLY,
	PROP_LATENCY,
	PROP_SEG_MAX,
	PROP_COUNT
};

static const struct device_property properties[] = {
	[PROP_IMAGE] = { "image", DEVICE_PROP_FILE, true, 0, 0, 0,
		"the disk's contents, plain or gzip; writes stay in memory" },
	[PROP_QUEUES] = { "queues", DEVICE_PROP_INT, false, 1, 1,
		VIRTIO_MAX_QUEUES, "request queues" },
	[PROP_QUEUE_SIZE] = { "queue_size", DEVICE_PROP_INT, false, 256, 2,
		VQ_SIZE_MAX, "entries of a queue at most, a power of two" },
	[PROP_SERIAL] = { "serial", DEVICE_PROP_STRING, false, 0, 0, 0,
		"what GET_ID answers, at most 20 bytes" },
	[PROP_READ_ONLY] = { "read_only", DEVICE_PROP_BOOL, false, 0, 0, 1,
		"offers VIRTIO_BLK_F_RO and refuses writes" },
	[PROP_LATENCY] = { "latency", DEVICE_PROP_TIME, false, 0, 0,
		INT64_MAX, "what the medium takes for each request" },
	[PROP_SEG_MAX] = { "seg_max", DEVICE_PROP_INT, false, 0, 0,
		VQ_CHAIN_MAX - 2,
		"data buffers of a request at most; 0: queue_size - 2" },
	[PROP_COUNT] = { .name = NULL },
};

static const struct device_feature features[] = {
	{ "VIRTIO_BLK_F_SEG_MAX", VIRTIO_BLK_F_SEG_MAX, true, NULL,
	  "seg_max tells how many data buffers a request may have" },
	{ "VIRTIO_BLK_F_RO", VIRTIO_BLK_F_RO, false, NULL,
	  "the disk cannot be written" },
	{ "VIRTIO_BLK_F_BLK_SIZE", VIRTIO_BLK_F_BLK_SIZE, true, NULL,
	  "blk_size tells the disk's block size" },
	{ "VIRTIO_BLK_F_FLUSH", VIRTIO_BLK_F_FLUSH, true, NULL,
	  "flush requests" },
	{ "VIRTIO_BLK_F_TOPOLOGY", VIRTIO_BLK_F_TOPOLOGY, true, NULL,
	  "the topology fields tell sizes for good performance" },
	{ "VIRTIO_BLK_F_CONFIG_WCE", VIRTIO_BLK_F_CONFIG_WCE, true,
	  "VIRTIO_BLK_F_FLUSH", "writeback chooses the cache's mode" },
	{ "VIRTIO_BLK_F_MQ", VIRTIO_BLK_F_MQ, true, NULL,
	  "num_queues tells how many request queues there are" },
	{ "VIRTIO_BLK_F_DISCARD", VIRTIO_BLK_F_DISCARD, true, NULL,
	  "discard requests" },
	{ "VIRTIO_BLK_F_WRITE_ZEROES", VIRTIO_BLK_F_WRITE_ZEROES, true, NULL,
	  "write zeroes requests" },
	{ "VIRTIO_BLK_F_LIFETIME", VIRTIO_BLK_F_LIFETIME, false, NULL,
	  "requests for how worn the medium is" },
	{ "VIRTIO_BLK_F_SECURE_ERASE", VIRTIO_BLK_F_SECURE_ERASE, false, NULL,
	  "secure erase requests" },
	VPCI_FEATURES,
	{ .name = NULL },
};

static const struct model_fault_point faults[] = {
	VPCI_FAULT_POINTS,
	{ .name = "device.blk.io", .errors = "", .by_queue = true,
	  .about = "the medium fails: a request that moves data ends with IOERR" },
	VBLK_QUIRKS(MODEL_QUIRK_POINT)
	VPCI_QUIRK_POINTS
	{ .name = NULL },
};

static const struct model_fault_site quirk_sites[VBLK_QUIRK_COUNT] = {
	VBLK_QUIRKS(MODEL_QUIRK_SITE)
};

/* ---- configuration space ---- */

enum config_row {
	CAPACITY,
	SIZE_MAX_,
	SEG_MAX,
	CYLINDERS,
	HEADS,
	SECTORS,
	BLK_SIZE,
	PHYSICAL_BLOCK_EXP,
	ALIGNMENT_OFFSET,
	MIN_IO_SIZE,
	OPT_IO_SIZE,
	WRITEBACK,
	UNUSED0,
	NUM_QUEUES,
	MAX_DISCARD_SECTORS,
	MAX_DISCARD_SEG,
	DISCARD_SECTOR_ALIGNMENT,
	MAX_WRITE_ZEROES_SECTORS,
	MAX_WRITE_ZEROES_SEG,
	WRITE_ZEROES_MAY_UNMAP,
	MAX_SECURE_ERASE_SECTORS,
	MAX_SECURE_ERASE_SEG,
	SECURE_ERASE_SECTOR_ALIGNMENT
};

static void write_read_only(void *owner, const struct reg *r, uint64_t old,
			    uint64_t now)
{
	(void)r;
	(void)old;
	(void)now;
	virtio_guest_error(owner, VIRTIO_NO_QUEUE,
		"a read-only field of the configuration was written: ignored (5.2.4)");
}

static void write_writeback(void *owner, const struct reg *r, uint64_t old,
			    uint64_t now)
{
	struct virtio_device *vdev = owner;
	const char *rule = NULL;

	if (!virtio_has(vdev, VIRTIO_BLK_F_CONFIG_WCE))
		rule = "writeback was written although CONFIG_WCE was not negotiated: ignored (5.2.5.1)";
	else if (now > 1)
		rule = "writeback is 0 or 1: ignored (5.2.4)";
	if (!rule)
		return;
	reg_set(vdev->config, r, old);
	virtio_guest_error(vdev, VIRTIO_NO_QUEUE, rule);
}

static uint64_t read_padding(void *owner, const struct reg *r, uint64_t stored)
{
	struct virtio_blk *blk = owner; /* vdev is its first member */

	(void)r;
	return stored | vblk_quirk(blk, VBLK_QUIRK_PADDING, VIRTIO_NO_QUEUE);
}

static const struct reg config_rows[] = {
	[CAPACITY] = { "capacity", 0x00, 8, 0, 0, 0, LAYOUT,
		"in sectors of 512 bytes", NULL, write_read_only },
	[SIZE_MAX_] = { "size_max", 0x08, 4, 0, 0, 0, LAYOUT,
		"largest buffer, with SIZE_MAX", NULL, write_read_only },
	[SEG_MAX] = { "seg_max", 0x0c, 4, 0, 0, 0, LAYOUT,
		"data buffers of a request, with SEG_MAX", NULL,
		write_read_only },
	[CYLINDERS] = { "geometry.cylinders", 0x10, 2, 0, 0, 0, LAYOUT,
		"with GEOMETRY", NULL, write_read_only },
	[HEADS] = { "geometry.heads", 0x12, 1, 0, 0, 0, LAYOUT,
		"with GEOMETRY", NULL, write_read_only },
	[SECTORS] = { "geometry.sectors", 0x13, 1, 0, 0, 0, LAYOUT,
		"with GEOMETRY", NULL, write_read_only },
	[BLK_SIZE] = { "blk_size", 0x14, 4, 0, 0, 0, LAYOUT,
		"block size in bytes, with BLK_SIZE", NULL, write_read_only },
	[PHYSICAL_BLOCK_EXP] = { "topology.physical_block_exp", 0x18, 1, 0, 0,
		0, LAYOUT, "log2 of logical blocks in a physical one", NULL,
		write_read_only },
	[ALIGNMENT_OFFSET] = { "topology.alignment_offset", 0x19, 1, 0, 0, 0,
		LAYOUT, "of the first aligned logical block", NULL,
		write_read_only },
	[MIN_IO_SIZE] = { "topology.min_io_size", 0x1a, 2, 0, 0, 0, LAYOUT,
		"suggested smallest I/O, in blocks", NULL, write_read_only },
	[OPT_IO_SIZE] = { "topology.opt_io_size", 0x1c, 4, 0, 0, 0, LAYOUT,
		"best I/O, in blocks", NULL, write_read_only },
	[WRITEBACK] = { "writeback", 0x20, 1, 0xff, 0, 0, LAYOUT,
		"1: write back, 0: write through, with CONFIG_WCE", NULL,
		write_writeback },
	[UNUSED0] = { "unused0", 0x21, 1, 0, 0, 0, LAYOUT, "0", read_padding,
		write_read_only },
	[NUM_QUEUES] = { "num_queues", 0x22, 2, 0, 0, 0, LAYOUT,
		"request queues, with MQ", NULL, write_read_only },
	[MAX_DISCARD_SECTORS] = { "max_discard_sectors", 0x24, 4, 0, 0, 0,
		LAYOUT, "of one range", NULL, write_read_only },
	[MAX_DISCARD_SEG] = { "max_discard_seg", 0x28, 4, 0, 0, 0, LAYOUT,
		"ranges of one request", NULL, write_read_only },
	[DISCARD_SECTOR_ALIGNMENT] = { "discard_sector_alignment", 0x2c, 4, 0,
		0, 0, LAYOUT, "in sectors", NULL, write_read_only },
	[MAX_WRITE_ZEROES_SECTORS] = { "max_write_zeroes_sectors", 0x30, 4, 0,
		0, 0, LAYOUT, "of one range", NULL, write_read_only },
	[MAX_WRITE_ZEROES_SEG] = { "max_write_zeroes_seg", 0x34, 4, 0, 0, 0,
		LAYOUT, "ranges of one request", NULL, write_read_only },
	[WRITE_ZEROES_MAY_UNMAP] = { "write_zeroes_may_unmap", 0x38, 1, 0, 0,
		0, LAYOUT, "1: zeroing may deallocate", NULL,
		write_read_only },
	[MAX_SECURE_ERASE_SECTORS] = { "max_secure_erase_sectors", 0x3c, 4, 0,
		0, 0, LAYOUT, "of one range", NULL, write_read_only },
	[MAX_SECURE_ERASE_SEG] = { "max_secure_erase_seg", 0x40, 4, 0, 0, 0,
		LAYOUT, "ranges of one request", NULL, write_read_only },
	[SECURE_ERASE_SECTOR_ALIGNMENT] = { "secure_erase_sector_alignment",
		0x44, 4, 0, 0, 0, LAYOUT, "in sectors", NULL,
		write_read_only },
};

const struct reg_block vblk_config_regs = {
	"virtio-blk configuration", config_rows,
	sizeof(config_rows) / sizeof(config_rows[0]), 0x60,
};

static void set_if(struct virtio_blk *blk, unsigned int feature,
		   enum config_row row, uint64_t value)
{
	if (blk->vdev.offered >> feature & 1)
		reg_set(blk->vdev.config, &config_rows[row], value);
}

/* Fields of features that are not offered read 0, so that a driver that does not
 * look at the feature first gets what it deserves. */
static void fill_config(struct virtio_blk *blk)
{
	reg_block_reset(&vblk_config_regs, blk->vdev.config);
	reg_set(blk->vdev.config, &config_rows[CAPACITY], blk->sectors);
	set_if(blk, VIRTIO_BLK_F_SEG_MAX, SEG_MAX, blk->seg_max);
	set_if(blk, VIRTIO_BLK_F_BLK_SIZE, BLK_SIZE, DISK_SECTOR_BYTES);
	set_if(blk, VIRTIO_BLK_F_TOPOLOGY, MIN_IO_SIZE, 1);
	set_if(blk, VIRTIO_BLK_F_CONFIG_WCE, WRITEBACK, 1);
	set_if(blk, VIRTIO_BLK_F_MQ, NUM_QUEUES, blk->vdev.nqueues);
	set_if(blk, VIRTIO_BLK_F_DISCARD, MAX_DISCARD_SECTORS,
	       VBLK_MAX_RANGE_SECTORS);
	set_if(blk, VIRTIO_BLK_F_DISCARD, MAX_DISCARD_SEG, VBLK_MAX_RANGES);
	set_if(blk, VIRTIO_BLK_F_DISCARD, DISCARD_SECTOR_ALIGNMENT, 1);
	set_if(blk, VIRTIO_BLK_F_WRITE_ZEROES, MAX_WRITE_ZEROES_SECTORS,
	       VBLK_MAX_RANGE_SECTORS);
	set_if(blk, VIRTIO_BLK_F_WRITE_ZEROES, MAX_WRITE_ZEROES_SEG,
	       VBLK_MAX_RANGES);
	set_if(blk, VIRTIO_BLK_F_SECURE_ERASE, MAX_SECURE_ERASE_SECTORS,
	       VBLK_MAX_RANGE_SECTORS);
	set_if(blk, VIRTIO_BLK_F_SECURE_ERASE, MAX_SECURE_ERASE_SEG,
	       VBLK_MAX_RANGES);
	set_if(blk, VIRTIO_BLK_F_SECURE_ERASE, SECURE_ERASE_SECTOR_ALIGNMENT,
	       1);
}

/* ---- the device ---- */

static struct virtio_blk *blk_of(struct virtio_device *vdev)
{
	return (struct virtio_blk *)vdev; /* vdev is its first member */
}

/* 5.2.5.2: without flushes there is nothing to write back. */
static void features_ok(struct virtio_device *vdev)
{
	if (virtio_has(vdev, VIRTIO_BLK_F_CONFIG_WCE) &&
	    !virtio_has(vdev, VIRTIO_BLK_F_FLUSH) &&
	    !vblk_quirk(blk_of(vdev), VBLK_QUIRK_WRITEBACK, VIRTIO_NO_QUEUE))
		reg_set(vdev->config, &config_rows[WRITEBACK], 0);
}

static void queue_run(struct virtio_device *vdev, struct vq *vq)
{
	/* A medium that takes time finishes requests one after the other. */
	vq->batched = !blk_of(vdev)->latency;
	vq_serve(vq, vblk_request);
}

static void reset(struct virtio_device *vdev)
{
	fill_config(blk_of(vdev));
}

static void destroy(struct virtio_device *vdev)
{
	struct virtio_blk *blk = blk_of(vdev);

	disk_image_close(blk->image);
	free(vdev->config);
	free(blk);
}

static const struct virtio_device_ops ops = {
	.features_ok = features_ok,
	.queue_run = queue_run,
	.reset = reset,
	.destroy = destroy,
};

/* ---- making one ---- */

/* RO is offered where either the key or the feature list asks for it. */
static uint64_t offered_features(const struct device_config *cfg)
{
	uint64_t ro = cfg->values[PROP_READ_ONLY].i ? VIRTIO_BIT(VIRTIO_BLK_F_RO)
						    : 0;

	return cfg->features | ro;
}

static bool check_values(const struct device_config *cfg,
			 struct device_error *err)
{
	const struct device_value *v = cfg->values;

	if (!virtio_check_queue_size(v[PROP_QUEUE_SIZE].i, err))
		return false;
	if (v[PROP_QUEUES].i < 1 || v[PROP_QUEUES].i > (int64_t)VIRTIO_MAX_QUEUES)
		return virtio_fail(err, "queues", "a disk has 1 to 64 queues",
				   NULL);
	if (v[PROP_SEG_MAX].i < 0 ||
	    v[PROP_SEG_MAX].i > (int64_t)VQ_CHAIN_MAX - 2)
		return virtio_fail(err, "seg_max",
			"a request has 1 to 1022 data buffers", NULL);
	if (v[PROP_SERIAL].s && strlen(v[PROP_SERIAL].s) > VIRTIO_BLK_ID_BYTES)
		return virtio_fail(err, "serial",
			"a serial has at most 20 bytes", NULL);
	return vpci_check(cfg, err) &&
	       virtio_check_offer(features, offered_features(cfg), err);
}

/* A small image is inflated once to see that it is whole; of a larger one a
 * mistake shows when it is read, or at a deep check. */
#define QUICK_LOOK (1u << 20)

static bool check(const struct device_config *cfg, struct device_error *err)
{
	const struct device_value *image = &cfg->values[PROP_IMAGE];
	const char *why;

	if (!check_values(cfg, err))
		return false;
	if (!cfg->deep && image->len > QUICK_LOOK)
		return true;
	why = disk_image_verify(image->bytes, image->len);
	return why ? virtio_fail(err, "image", why, NULL) : true;
}

static void set_up(struct virtio_blk *blk, const struct device_config *cfg,
		   struct pci_host *host)
{
	const struct device_value *v = cfg->values;
	int64_t seg_max = v[PROP_SEG_MAX].i;
	const char *serial = v[PROP_SERIAL].s ? v[PROP_SERIAL].s : "";

	if (!seg_max)
		seg_max = v[PROP_QUEUE_SIZE].i - 2;
	if (seg_max > (int64_t)VQ_CHAIN_MAX - 2)
		seg_max = VQ_CHAIN_MAX - 2;
	blk->seg_max = seg_max ? (uint32_t)seg_max : 1;
	blk->latency = (uint64_t)v[PROP_LATENCY].i;
	memcpy(blk->serial, serial, strlen(serial));
	blk->sectors = disk_image_size(blk->image) / DISK_SECTOR_BYTES;
	blk->io_fault.name = "device.blk.io";
	memcpy(blk->quirks, quirk_sites, sizeof(blk->quirks));
	blk->vdev.host = host;
	blk->vdev.ops = &ops;
	blk->vdev.type = VIRTIO_ID_BLOCK;
	blk->vdev.class_code = CLASS_MASS_STORAGE_SCSI;
	blk->vdev.offered = offered_features(cfg);
	blk->read_only = blk->vdev.offered >> VIRTIO_BLK_F_RO & 1;
	blk->vdev.config_regs = &vblk_config_regs;
}

static struct pci_function *create(const struct device_config *cfg,
				   struct pci_host *host,
				   struct device_error *err)
{
	const struct device_value *image = &cfg->values[PROP_IMAGE];
	struct pci_function *fn;
	struct virtio_blk *blk;
	const char *why;

	if (!check_values(cfg, err))
		return NULL;
	virtio_fail(err, NULL, "out of memory", NULL);
	blk = calloc(1, sizeof(*blk));
	if (!blk)
		return NULL;
	blk->image = disk_image_open(image->bytes, image->len, &why);
	if (!blk->image) {
		virtio_fail(err, "image", why, NULL);
		goto free_blk;
	}
	set_up(blk, cfg, host);
	blk->vdev.config = malloc(vblk_config_regs.size);
	if (!blk->vdev.config)
		goto close_image;
	if (!virtio_init(&blk->vdev, (uint16_t)cfg->values[PROP_QUEUES].i,
			 (uint16_t)cfg->values[PROP_QUEUE_SIZE].i))
		goto free_config;
	fill_config(blk);
	fn = vpci_create(&blk->vdev, cfg, err);
	if (fn)
		return fn;
	virtio_fini(&blk->vdev);
free_config:
	free(blk->vdev.config);
close_image:
	disk_image_close(blk->image);
free_blk:
	free(blk);
	return NULL;
}

static const struct device_registers registers[] = {
	VPCI_REGISTERS,
	{ VPCI_BAR, VPCI_DEVICE, &vblk_config_regs },
	{ 0, 0, NULL },
};

static const struct device_reading readings[] = {
	VPCI_CONFIG_READING(vblk_config_regs),
	{ .name = NULL },
};

const struct device_model virtio_blk_model = {
	.abi_version = DEVICE_MODEL_ABI_VERSION,
	.size = sizeof(struct device_model),
	.name = "virtio-blk",
	.about = "a disk: virtio 1.2 section 5.2 over virtio-pci",
	.not_modelled = "packed rings, "
			"SIZE_MAX, GEOMETRY, wear of the medium, zoned "
			"disks, a volatile write cache, resizing",
	.properties = properties,
	.features = features,
	.faults = faults,
	.create = create,
	.check = check,
	.registers = registers,
	.readings = readings,
};
