/* SPDX-License-Identifier: MIT */
/*
 * What a device says of itself before anybody has touched it: its identity
 * (virtio 1.2 4.1.2), and where its structures are (4.1.4).  A capability:
 *   0       1       2       3         4    5    6      8        12       16
 *   | vndr  | next  | len   | cfg_type| bar| id | 0    | offset | length | ...
 */
#include "sim/check/clauses/chapters.h"

#include <string.h>

#define CAP_VENDOR 0x09u
#define TYPE_SHARED 8u               /* 4.1.4.7 */
#define TYPE_VENDOR 9u               /* 4.1.4.8 */
#define CAP_TYPES 10u
#define VENDOR_VIRTIO 0x1af4u
#define F_NOTIFICATION_DATA 38u
#define TRANSITIONAL 0x1040u         /* below are their device IDs */

static uint32_t config_get(const struct view *v, unsigned int at,
			   unsigned int bytes)
{
	uint32_t value = 0;
	unsigned int i;

	for (i = 0; i < bytes && at + i < sizeof(v->config); i++)
		value |= (uint32_t)v->config[at + i] << 8 * i;
	return value;
}

/* ---- identity ---- */

/* 4.1.2.1, Table of transitional device IDs, and 5: device types. */
static const struct {
	const char *model;
	uint16_t type, transitional;
} kinds[] = {
	{ "virtio-net", 1, 0x1000 },  { "virtio-blk", 2, 0x1001 },
	{ "virtio-rng", 4, 0x1005 },  { "virtio-balloon", 5, 0x1002 },
	{ "virtio-console", 3, 0x1003 },
};

/* Is the device's ID that of what it is said to be? */
static void judge_device_id(struct reading *r)
{
	const struct device_model *model =
		r->v->world->devices[r->v->device].model;
	uint32_t id = config_get(r->v, 0x02, 2);
	size_t i;

	for (i = 0; model && i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (!strcmp(model->name, kinds[i].model))
			clause_judge(r, CLAUSE_PCI_DISC_V2,
				     id == 0x1040u + kinds[i].type ||
					     id == kinds[i].transitional,
				     "the device, a %s, shows Device ID 0x%04x",
				     model->name, id);
}

/* One without the legacy interface, which would be BAR 0 in I/O space. */
static bool is_non_transitional(const struct view *v)
{
	return config_get(v, 0x02, 2) >= TRANSITIONAL ||
	       !(config_get(v, 0x10, 4) & 1);
}

static void judge_identity(struct reading *r)
{
	uint32_t id = config_get(r->v, 0x02, 2);
	uint32_t revision = config_get(r->v, 0x08, 1);
	uint32_t subsystem = config_get(r->v, 0x2e, 2);

	judge_device_id(r);
	if (!is_non_transitional(r->v)) {
		clause_judge(r, CLAUSE_PCI_DISC_LV1, !revision,
			     "the device is transitional and shows Revision ID "
			     "%u", revision);
		clause_judge(r, CLAUSE_PCI_DISC_LV2, subsystem == r->v->type,
			     "the device is transitional, of virtio ID %u, and "
			     "shows Subsystem Device ID 0x%04x", r->v->type,
			     subsystem);
		return;
	}
	clause_judge(r, CLAUSE_PCI_DISC_V4, id >= TRANSITIONAL,
		     "the device has no legacy interface and shows Device ID "
		     "0x%04x", id);
	clause_judge(r, CLAUSE_PCI_DISC_V5, revision,
		     "the device is not transitional and shows Revision ID %u",
		     revision);
	clause_judge(r, CLAUSE_PCI_DISC_V6, subsystem >= 0x40,
		     "the device is not transitional and shows Subsystem Device "
		     "ID 0x%04x", subsystem);
}

/* ---- which capabilities there are ---- */

/* By cfg_type: one of them must be there, and how long it is at least. */
static const struct {
	const char *name;
	enum clause required;
	uint8_t bytes;
} types[CAP_TYPES] = {
	[VIEW_COMMON] = { "common configuration", CLAUSE_PCI_COM_V2, 16 },
	[VIEW_NOTIFY] = { "notification", CLAUSE_PCI_NTF_V1, 20 },
	[VIEW_ISR] = { "ISR status", CLAUSE_PCI_ISR_V1, 16 },
	[VIEW_DEVICE] = { "device configuration", CLAUSE_PCI_DCFG_IV1, 16 },
	[VIEW_PCI_CFG] = { "configuration access", CLAUSE_PCI_WIN_V1, 20 },
	[TYPE_SHARED] = { "shared memory", CLAUSE_NONE, 24 },
	[TYPE_VENDOR] = { "vendor data", CLAUSE_NONE, 6 },
};

static bool has(const struct view *v, unsigned int type)
{
	unsigned int i;

	for (i = 0; i < v->ncaps; i++)
		if (v->caps[i].vndr == CAP_VENDOR && v->caps[i].cfg_type == type)
			return true;
	return false;
}

/* Network, block, balloon, SCSI: chapter 5 gives each a layout. */
static bool has_configuration(uint16_t type)
{
	return type == 1 || type == 2 || type == 5 || type == 8;
}

static bool has_any(const struct view *v)
{
	unsigned int type = CAP_TYPES;

	while (--type)
		if (has(v, type))
			return true;
	return false;
}

static void judge_required(struct reading *r)
{
	unsigned int type;

	for (type = 0; type < CAP_TYPES; type++)
		if (types[type].required &&
		    (type != VIEW_DEVICE || has_configuration(r->v->type)))
			clause_judge(r, types[type].required, has(r->v, type),
				     "the device lists no %s capability",
				     types[type].name);
}

/* ---- what each of them says ---- */

static void judge_aligned(struct reading *r, const struct view_cap *c,
			  enum clause clause, uint32_t align)
{
	clause_judge(r, clause, c->offset % align == 0,
		     "the device's %s structure is at offset 0x%x, which is no "
		     "multiple of %u", types[c->cfg_type].name, c->offset, align);
}

static void judge_notify(struct reading *r, const struct view_cap *c)
{
	bool data = r->v->offered >> F_NOTIFICATION_DATA & 1;
	uint32_t least = data ? 4 : 2, m = c->extra;

	judge_aligned(r, c, data ? CLAUSE_PCI_NTF_V8 : CLAUSE_PCI_NTF_V2, least);
	clause_judge(r, data ? CLAUSE_PCI_NTF_V7 : CLAUSE_PCI_NTF_V3,
		     !(m & (m - 1)) && m % least == 0,
		     "the device's notify_off_multiplier is %u, neither 0 nor a "
		     "power of 2 from %u on", m, least);
	clause_judge(r, data ? CLAUSE_PCI_NTF_V9 : CLAUSE_PCI_NTF_V4,
		     c->length >= least,
		     "the device's notification structure has %u bytes of %u "
		     "at least", c->length, least);
}

static void judge_shared(struct reading *r, const struct view_cap *c)
{
	const struct view_cap *other = r->v->caps;

	while (other != c && !(other->vndr == CAP_VENDOR &&
			       other->cfg_type == TYPE_SHARED &&
			       other->id == c->id))
		other++;
	clause_judge(r, CLAUSE_PCI_SHM_V2, other == c,
		     "two shared memory regions of the device have id %u",
		     c->id);
}

static void judge_vendor(struct reading *r, const struct view_cap *c)
{
	uint32_t vendor = config_get(r->v, c->at + 4u, 2);

	clause_judge(r, CLAUSE_PCI_VND_V3, vendor != VENDOR_VIRTIO,
		     "the device's vendor data capability at 0x%x is of vendor "
		     "0x%04x", c->at, vendor);
	clause_judge(r, CLAUSE_PCI_VND_V4, c->len % 4 == 0,
		     "the device's vendor data capability at 0x%x has %u bytes",
		     c->at, c->len);
}

static void judge_capability(struct reading *r, const struct view_cap *c)
{
	if (c->cfg_type >= CAP_TYPES || !types[c->cfg_type].name)
		return;
	clause_judge(r, CLAUSE_PCI_CAP_V1, c->len >= types[c->cfg_type].bytes,
		     "the device's %s capability at 0x%x says cap_len %u, and "
		     "has %u", types[c->cfg_type].name, c->at, c->len,
		     types[c->cfg_type].bytes);
	if (c->cfg_type == VIEW_COMMON)
		judge_aligned(r, c, CLAUSE_PCI_COM_V1, 4);
	else if (c->cfg_type == VIEW_NOTIFY)
		judge_notify(r, c);
	else if (c->cfg_type == VIEW_DEVICE)
		judge_aligned(r, c, CLAUSE_PCI_DCFG_V1, 4);
	else if (c->cfg_type == TYPE_SHARED)
		judge_shared(r, c);
	else if (c->cfg_type == TYPE_VENDOR)
		judge_vendor(r, c);
}

/* Is all of it known?  Where it is learnt from the driver's reads it is not. */
static bool is_known(const struct view *v)
{
	return memchr(v->known, 0, sizeof(v->known)) == NULL;
}

static void begin(struct reading *r)
{
	unsigned int i;

	if (!is_known(r->v))
		return;
	judge_identity(r);
	if (has_any(r->v))
		judge_required(r);
	else if (is_non_transitional(r->v)) /* a legacy one has none: 4.1.5.1.1 */
		clause_broken(r, CLAUSE_PCI_COM_V2,
			      "the device lists no virtio capability at all");
	for (i = 0; i < r->v->ncaps; i++)
		if (r->v->caps[i].vndr == CAP_VENDOR)
			judge_capability(r, &r->v->caps[i]);
	if (r->v->parts[VIEW_MSIX].known)
		clause_judge(r, CLAUSE_PCI_MSIX_V1,
			     r->v->msix_entries >= 2 &&
				     r->v->msix_entries <= 0x800,
			     "the device's MSI-X table has %u vectors",
			     r->v->msix_entries);
}

/* ---- what the driver is shown ---- */

static void access(struct reading *r, const struct access *a)
{
	unsigned int vendor = a->value & 0xffff;

	if (a->write || a->offset || a->width < 2 || access_unanswered(a))
		return;
	clause_judge(r, CLAUSE_PCI_DISC_V1, vendor == VENDOR_VIRTIO,
		     "the device showed Vendor ID 0x%04x", vendor);
}

const struct chapter chapter_pci_caps = {
	.name = "pci_caps",
	.begin = begin,
	.parts = VIEW_BIT(VIEW_HEADER),
	.access = access,
};
