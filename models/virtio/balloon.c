/* SPDX-License-Identifier: MIT */
/*
 * virtio-balloon as a device model: scenario keys, features, queues' numbers,
 * configuration space (virtio 1.2 5.5.4), life and death.  Its queues are served
 * in balloon_queues.c.  Read by the scenario parser and by `ringside list
 * devices`.
 */
#include "models/virtio/balloon.h"

#include <stdlib.h>

#include "models/virtio/vpci.h"

#define CLASS_OTHERS 0x00ff00u /* as QEMU's virtio-balloon-pci */
#define LAYOUT "virtio 1.2 5.5.4"

/* Rows of `properties`, and places in device_config.values. */
enum vballoon_property {
	PROP_PAGES,
	PROP_DISCARD,
	PROP_CHECK_POISON,
	PROP_LATENCY,
	PROP_QUEUE_SIZE,
	PROP_COUNT
};

static const struct device_property properties[] = {
	[PROP_PAGES] = { "pages", DEVICE_PROP_INT, false, 0, 0, UINT32_MAX,
		"num_pages as it is at first, in pages of 4096 bytes" },
	[PROP_DISCARD] = { "discard", DEVICE_PROP_BOOL, false, 0, 0, 1,
		"zeroes, by DMA, the pages that it is given or told are free" },
	[PROP_CHECK_POISON] = { "check_poison", DEVICE_PROP_BOOL, false, 0, 0, 1,
		"looks, by DMA, whether reported pages are filled with "
		"poison_val" },
	[PROP_LATENCY] = { "latency", DEVICE_PROP_TIME, false, 0, 0,
		INT64_MAX, "what the device takes for each request" },
	[PROP_QUEUE_SIZE] = { "queue_size", DEVICE_PROP_INT, false, 128, 2,
		VQ_SIZE_MAX, "entries of a queue at most, a power of two" },
	[PROP_COUNT] = { .name = NULL },
};

static const struct device_feature features[] = {
	{ "VIRTIO_BALLOON_F_MUST_TELL_HOST", VIRTIO_BALLOON_F_MUST_TELL_HOST,
	  true, NULL,
	  "pages are used again only when the device has been told" },
	{ "VIRTIO_BALLOON_F_STATS_VQ", VIRTIO_BALLOON_F_STATS_VQ, true, NULL,
	  "statsq for memory statistics" },
	{ "VIRTIO_BALLOON_F_DEFLATE_ON_OOM", VIRTIO_BALLOON_F_DEFLATE_ON_OOM,
	  true, NULL, "the driver may take pages back when memory runs out" },
	{ "VIRTIO_BALLOON_F_FREE_PAGE_HINT", VIRTIO_BALLOON_F_FREE_PAGE_HINT,
	  false, NULL, "free_page_vq for hints of free pages" },
	{ "VIRTIO_BALLOON_F_PAGE_POISON", VIRTIO_BALLOON_F_PAGE_POISON, true,
	  NULL, "poison_val tells what the guest fills free pages with" },
	{ "VIRTIO_BALLOON_F_PAGE_REPORTING", VIRTIO_BALLOON_F_PAGE_REPORTING,
	  false, NULL, "reporting_vq for reports of free pages" },
	VPCI_FEATURES,
	{ .name = NULL },
};

static const struct model_fault_point faults[] = {
	VPCI_FAULT_POINTS,
	VPCI_QUIRK_POINTS
	{ .name = NULL },
};

/* ---- queues ---- */

static bool has_role(uint64_t bits, enum vballoon_role role)
{
	static const uint64_t needs[] = {
		[VBALLOON_STATSQ] = VIRTIO_BIT(VIRTIO_BALLOON_F_STATS_VQ),
		[VBALLOON_FREE_PAGE] =
			VIRTIO_BIT(VIRTIO_BALLOON_F_FREE_PAGE_HINT),
		[VBALLOON_REPORTING] =
			VIRTIO_BIT(VIRTIO_BALLOON_F_PAGE_REPORTING),
	};

	return (bits & needs[role]) == needs[role];
}

/* How many there are. */
static uint16_t vballoon_queues(uint64_t bits)
{
	uint16_t n = 0;

	for (int role = 0; role < VBALLOON_ROLES; role++)
		n += has_role(bits, (enum vballoon_role)role);
	return n;
}

/* Queues that there are have the numbers 0, 1, 2... without gaps. */
enum vballoon_role vballoon_role(uint64_t bits, uint16_t queue)
{
	int role;

	for (role = 0; role < VBALLOON_ROLES; role++)
		if (has_role(bits, (enum vballoon_role)role) && !queue--)
			break;
	return (enum vballoon_role)role;
}

/* ---- configuration space ---- */

static const struct reg config_rows[];

uint32_t vballoon_get(const struct virtio_balloon *b,
		      enum vballoon_config_row row)
{
	return (uint32_t)reg_get(b->vdev.config, &config_rows[row]);
}

void vballoon_set(struct virtio_balloon *b, enum vballoon_config_row row,
		  uint32_t value)
{
	reg_set(b->vdev.config, &config_rows[row], value);
}

static void write_read_only(void *owner, const struct reg *r, uint64_t old,
			    uint64_t now)
{
	(void)r;
	(void)old;
	(void)now;
	virtio_guest_error(owner, VIRTIO_NO_QUEUE,
		"a field of the configuration was written that is the device's: ignored (5.5.4)");
}

/* One write may cover several requests, so it need not be what is in the balloon
 * at this moment (5.5.6.1). */
static void write_actual(void *owner, const struct reg *r, uint64_t old,
			 uint64_t now)
{
	struct virtio_balloon *b = vballoon_of(owner);

	(void)r;
	(void)old;
	virtio_event(&b->vdev, MODEL_EV_NOTE, VIRTIO_NO_QUEUE, now, "actual");
	if (now == vballoon_get(b, VBALLOON_NUM_PAGES))
		vballoon_done(b, VBALLOON_TARGET_REACHED);
}

static void write_poison(void *owner, const struct reg *r, uint64_t old,
			 uint64_t now)
{
	struct virtio_balloon *b = vballoon_of(owner);
	const char *rule = NULL;

	(void)now;
	if (!virtio_has(&b->vdev, VIRTIO_BALLOON_F_PAGE_POISON))
		rule = "poison_val written although PAGE_POISON was not negotiated: ignored (5.5.4)";
	else if (b->vdev.status & VIRTIO_STATUS_DRIVER_OK)
		rule = "poison_val written after DRIVER_OK: ignored (5.5.6.6.1)";
	if (!rule)
		return;
	reg_set(b->vdev.config, r, old);
	virtio_guest_error(&b->vdev, VIRTIO_NO_QUEUE, rule);
}

static const struct reg config_rows[] = {
	[VBALLOON_NUM_PAGES] = { "num_pages", 0x00, 4, 0, 0, 0, LAYOUT,
		"pages that the device wants in the balloon", NULL,
		write_read_only },
	[VBALLOON_ACTUAL] = { "actual", 0x04, 4, 0xffffffff, 0, 0, LAYOUT,
		"pages that are in the balloon, as the driver says", NULL,
		write_actual },
	[VBALLOON_CMD_ID] = { "free_page_hint_cmd_id", 0x08, 4, 0, 0, 0,
		LAYOUT, "0 STOP, 1 DONE, else hints are wanted for this ID",
		NULL, write_read_only },
	[VBALLOON_POISON_VAL] = { "poison_val", 0x0c, 4, 0xffffffff, 0, 0,
		LAYOUT, "what the guest fills free pages with", NULL,
		write_poison },
};

const struct reg_block vballoon_config_regs = {
	"virtio-balloon configuration", config_rows,
	sizeof(config_rows) / sizeof(config_rows[0]), 0x10,
};

/* ---- what expectations may ask for ---- */

#define TAG(name, tag, about) \
	{ name, 8 * (tag), 8, 0, 0, 0, "virtio 1.2 5.5.6.4", about, NULL, NULL }

static const struct reg stats_rows[] = {
	TAG("swap-in", 0, "bytes swapped in"),
	TAG("swap-out", 1, "bytes swapped out"),
	TAG("major-faults", 2, "page faults that took a disk"),
	TAG("minor-faults", 3, "page faults that did not"),
	TAG("free-memory", 4, "bytes that nothing uses"),
	TAG("total-memory", 5, "bytes in all, the balloon's not counted"),
	TAG("available-memory", 6, "bytes that could be used without swapping"),
	TAG("disk-caches", 7, "bytes that could be had back from caches"),
	TAG("hugetlb-allocations", 8, "huge pages that were allocated"),
	TAG("hugetlb-failures", 9, "huge pages that were not"),
};

static const struct reg_block stats_fields = {
	"virtio-balloon statistics", stats_rows,
	sizeof(stats_rows) / sizeof(stats_rows[0]), 8 * VBALLOON_STATS,
};

static const struct virtio_balloon *looked_at(struct pci_function *fn)
{
	return vballoon_of(((struct vpci *)fn)->vdev);
}

/* As the driver's last buffer had them. */
static bool get_stat(struct pci_function *fn, const struct reg *field,
		     uint64_t *value)
{
	unsigned int tag = field->offset / 8u;

	*value = looked_at(fn)->stats[tag];
	return looked_at(fn)->stats_known >> tag & 1;
}

enum balloon_row { PAGES, HINTED, REPORTED };

static const struct reg balloon_rows[] = {
	[PAGES] = { "pages", 0, 8, 0, 0, 0, "virtio 1.2 5.5.6",
		"pages in the balloon, as the device counts them", NULL, NULL },
	[HINTED] = { "hinted", 8, 8, 0, 0, 0, "virtio 1.2 5.5.6.5",
		"free pages that the driver named in the last hinting", NULL,
		NULL },
	[REPORTED] = { "reported", 16, 8, 0, 0, 0, "virtio 1.2 5.5.6.7",
		"free pages that the driver has reported", NULL, NULL },
};

static const struct reg_block balloon_fields = {
	"virtio-balloon's own count", balloon_rows,
	sizeof(balloon_rows) / sizeof(balloon_rows[0]), 24,
};

static bool get_count(struct pci_function *fn, const struct reg *field,
		      uint64_t *value)
{
	const struct virtio_balloon *b = looked_at(fn);
	const uint64_t counts[] = {
		[PAGES] = b->pages.count,
		[HINTED] = b->hinted,
		[REPORTED] = b->reported,
	};

	*value = counts[field - balloon_rows];
	return true;
}

static const struct device_reading readings[] = {
	VPCI_CONFIG_READING(vballoon_config_regs),
	{ "stats", "memory statistics, as the driver told them last",
	  &stats_fields, get_stat },
	{ "balloon", "what the device counts itself", &balloon_fields,
	  get_count },
	{ .name = NULL },
};

/* ---- the device ---- */

/* The target and the command ID are the operator's and stay.  What was in the
 * balloon is the guest's again. */
static void reset(struct virtio_device *vdev)
{
	struct virtio_balloon *b = vballoon_of(vdev);

	pfn_set_clear(&b->pages);
	vballoon_set(b, VBALLOON_ACTUAL, 0);
	vballoon_set(b, VBALLOON_POISON_VAL, 0);
}

static void destroy(struct virtio_device *vdev)
{
	struct virtio_balloon *b = vballoon_of(vdev);

	pfn_set_clear(&b->pages);
	free(vdev->config);
	free(b);
}

static const struct virtio_device_ops ops = {
	.queue_run = vballoon_queue_run,
	.queue_reset = vballoon_queue_reset,
	.reset = reset,
	.destroy = destroy,
};

/* ---- making one ---- */

static bool check(const struct device_config *cfg, struct device_error *err)
{
	return virtio_check_queue_size(cfg->values[PROP_QUEUE_SIZE].i, err) &&
	       vpci_check(cfg, err) &&
	       virtio_check_offer(features, cfg->features, err);
}

static void set_up(struct virtio_balloon *b, const struct device_config *cfg,
		   struct pci_host *host)
{
	const struct device_value *v = cfg->values;

	b->latency = (uint64_t)v[PROP_LATENCY].i;
	b->discard = v[PROP_DISCARD].i;
	b->check_poison = v[PROP_CHECK_POISON].i;
	b->next_cmd_id = VBALLOON_FIRST_CMD_ID;
	b->vdev.host = host;
	b->vdev.ops = &ops;
	b->vdev.type = VIRTIO_ID_BALLOON;
	b->vdev.class_code = CLASS_OTHERS;
	b->vdev.offered = cfg->features;
	b->vdev.config_regs = &vballoon_config_regs;
}

static struct pci_function *create(const struct device_config *cfg,
				   struct pci_host *host,
				   struct device_error *err)
{
	struct virtio_balloon *b;
	struct pci_function *fn;

	if (!check(cfg, err))
		return NULL;
	virtio_fail(err, NULL, "out of memory", NULL);
	b = calloc(1, sizeof(*b));
	if (!b)
		return NULL;
	set_up(b, cfg, host);
	b->vdev.config = calloc(1, vballoon_config_regs.size);
	if (!b->vdev.config)
		goto free_balloon;
	if (!virtio_init(&b->vdev, vballoon_queues(cfg->features),
			 (uint16_t)cfg->values[PROP_QUEUE_SIZE].i))
		goto free_config;
	vballoon_set(b, VBALLOON_NUM_PAGES,
		     (uint32_t)cfg->values[PROP_PAGES].i);
	fn = vpci_create(&b->vdev, cfg, err);
	if (fn)
		return fn;
	virtio_fini(&b->vdev);
free_config:
	free(b->vdev.config);
free_balloon:
	free(b);
	return NULL;
}

static const struct device_registers registers[] = {
	VPCI_REGISTERS,
	{ VPCI_BAR, VPCI_DEVICE, &vballoon_config_regs },
	{ 0, 0, NULL },
};

const struct device_model virtio_balloon_model = {
	.abi_version = DEVICE_MODEL_ABI_VERSION,
	.size = sizeof(struct device_model),
	.name = "virtio-balloon",
	.about = "a memory balloon: virtio 1.2 section 5.5 over virtio-pci",
	.not_modelled = "packed rings, "
			"migration, which free page hints are for, queue "
			"numbers with gaps, whether a page is used before its "
			"deflate was acknowledged",
	.properties = properties,
	.features = features,
	.faults = faults,
	.create = create,
	.check = check,
	.registers = registers,
	.actions = vballoon_actions,
	.readings = readings,
};
