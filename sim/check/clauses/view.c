/* SPDX-License-Identifier: MIT */
/*
 * Keeps a view up to date.
 */
#include "sim/check/clauses/view.h"

#include <stdlib.h>
#include <string.h>

#define CONFIG_VENDOR 0x00u          /* PCI 3.0 6.1 */
#define CONFIG_DEVICE 0x02u
#define CONFIG_COMMAND 0x04u
#define CONFIG_STATUS 0x06u
#define CONFIG_CAP_POINTER 0x34u
#define STATUS_CAPABILITIES 0x10u
#define CAP_VENDOR 0x09u
#define CAP_MSIX 0x11u
#define VENDOR_VIRTIO 0x1af4u        /* virtio 1.2 4.1.2 */

static uint32_t get(const struct view *v, unsigned int at, unsigned int bytes)
{
	uint32_t value = 0;
	unsigned int i;

	for (i = 0; i < bytes && at + i < sizeof(v->config); i++)
		value |= (uint32_t)v->config[at + i] << 8 * i;
	return value;
}

/* ---- the capability list ---- */

/* PCI 3.0 6.8.2: Table Offset and its BAR in one register. */
static struct view_region msix_region(const struct view *v, unsigned int at,
				      uint64_t length)
{
	uint32_t place = get(v, at, 4);

	return (struct view_region){ true, place & 7, place & ~7u, length };
}

static void see_msix(struct view *v, const struct view_cap *c)
{
	v->msix_entries = (get(v, c->at + 2u, 2) & 0x7ff) + 1;
	v->parts[VIEW_MSIX] = msix_region(v, c->at + 4u,
					  16ull * v->msix_entries);
	v->parts[VIEW_PBA] = msix_region(v, c->at + 8u,
					 (v->msix_entries + 63ull) / 64 * 8);
}

/*
 * struct virtio_pci_cap, 4.1.4:
 *   vndr | next | len | cfg_type | bar | id | pad 2 | offset 4 | length 4
 */
static void see_structure(struct view *v, struct view_cap *c)
{
	struct view_region *r = &v->parts[c->cfg_type];

	c->cfg_type = (uint8_t)get(v, c->at + 3u, 1);
	c->bar = (uint8_t)get(v, c->at + 4u, 1);
	c->id = (uint8_t)get(v, c->at + 5u, 1);
	c->offset = get(v, c->at + 8u, 4);
	c->length = get(v, c->at + 12u, 4);
	c->extra = get(v, c->at + 16u, 4);
	if (c->cfg_type < VIEW_COMMON || c->cfg_type > VIEW_PCI_CFG)
		return;
	r = &v->parts[c->cfg_type];
	/* The first of each type that a BAR can hold is the one to use. */
	if (r->known || c->bar > 5)
		return;
	*r = (struct view_region){ true, c->bar, c->offset, c->length };
	if (c->cfg_type == VIEW_NOTIFY)
		v->multiplier = c->extra;
}

/* A list may loop. */
static bool is_listed(const struct view *v, unsigned int at)
{
	unsigned int i = v->ncaps;

	while (i && v->caps[i - 1].at != at)
		i--;
	return i != 0;
}

static void read_capabilities(struct view *v)
{
	unsigned int at = get(v, CONFIG_CAP_POINTER, 1) & 0xfcu;

	v->ncaps = 0;
	memset(v->parts, 0, sizeof(v->parts));
	if (!(get(v, CONFIG_STATUS, 2) & STATUS_CAPABILITIES))
		return;
	while (at >= VIEW_HEADER_BYTES && v->ncaps < VIEW_CAPS &&
	       !is_listed(v, at)) {
		struct view_cap *c = &v->caps[v->ncaps++];

		*c = (struct view_cap){
			.at = (uint8_t)at,
			.vndr = (uint8_t)get(v, at, 1),
			.next = (uint8_t)get(v, at + 1, 1),
			.len = (uint8_t)get(v, at + 2, 1),
		};
		if (c->vndr == CAP_VENDOR)
			see_structure(v, c);
		else if (c->vndr == CAP_MSIX && !v->parts[VIEW_MSIX].known)
			see_msix(v, c);
		at = c->next & 0xfcu;
	}
}

/* 4.1.2.1: 0x1040 and the virtio device ID, or a transitional one. */
static uint16_t virtio_type(const struct view *v)
{
	static const uint8_t transitional[] = { 1, 2, 5, 3, 8, 4 };
	uint32_t id = get(v, CONFIG_DEVICE, 2);

	if (get(v, CONFIG_VENDOR, 2) != VENDOR_VIRTIO)
		return 0;
	if (id >= 0x1040 && id <= 0x107f)
		return (uint16_t)(id - 0x1040);
	if (id >= 0x1000 && id < 0x1000 + sizeof(transitional))
		return transitional[id - 0x1000];
	return id == 0x1009 ? 9 : 0;
}

static void see_configuration(struct view *v)
{
	v->type = virtio_type(v);
	read_capabilities(v);
}

/* ---- reset ---- */

static void forget_queue(struct view_queue *q)
{
	uint32_t i;

	for (i = 0; q->chains && i < q->size; i++)
		chain_free(&q->chains[i]);
	free(q->chains);
	*q = (struct view_queue){ .vector = VIEW_NO_VECTOR };
}

static void forget(struct view *v)
{
	unsigned int i;

	for (i = 0; i < VIEW_QUEUES && (i < v->nqueues || !i); i++)
		forget_queue(&v->queues[i]);
	v->nqueues = 0;
	v->accepted = v->negotiated = 0;
	v->status = 0;
	v->features_ok = false;
	v->config_vector = VIEW_NO_VECTOR;
}

void view_init(struct view *v, const struct world *w, unsigned int device,
	       const uint8_t *config)
{
	unsigned int i;

	memset(v, 0, sizeof(*v));
	v->world = w;
	v->device = device;
	v->offered = w->devices[device].offered;
	v->generation = UINT32_MAX;
	for (i = 0; i < VIEW_QUEUES; i++)
		v->queues[i].vector = VIEW_NO_VECTOR;
	forget(v);
	if (!config)
		return;
	memcpy(v->config, config, sizeof(v->config));
	memset(v->known, 1, sizeof(v->known));
	see_configuration(v);
}

void view_free(struct view *v)
{
	forget(v);
}

/* ---- accesses ---- */

static bool in_part(const struct view *v, enum view_part part, struct access *a)
{
	const struct view_region *p = &v->parts[part];
	const struct event *ev = a->ev;

	if (!p->known || ev->index != p->bar || ev->addr - p->offset >= p->length)
		return false;
	a->part = part;
	a->offset = (uint32_t)(ev->addr - p->offset);
	return true;
}

static void find_part(const struct view *v, struct access *a)
{
	/* The most used first. */
	static const enum view_part parts[] = {
		VIEW_NOTIFY, VIEW_COMMON, VIEW_ISR, VIEW_DEVICE, VIEW_MSIX,
		VIEW_PBA
	};
	size_t i;

	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (in_part(v, parts[i], a))
			return;
	a->part = VIEW_OTHER;
	a->offset = (uint32_t)a->ev->addr;
}

bool view_access(const struct view *v, const struct event *ev, struct access *a)
{
	*a = (struct access){ .ev = ev, .offset = (uint32_t)ev->addr,
			      .width = ev->len, .value = ev->value };
	switch (ev->kind) {
	case EV_MMIO_WRITE:
	case EV_IO_WRITE:
	case EV_CONFIG_WRITE:
		a->write = true;
		break;
	case EV_MMIO_READ:
	case EV_IO_READ:
	case EV_CONFIG_READ:
		break;
	default:
		return false;
	}
	if (ev->kind == EV_CONFIG_READ || ev->kind == EV_CONFIG_WRITE)
		a->part = ev->addr < VIEW_HEADER_BYTES ? VIEW_HEADER
						       : VIEW_CONFIG;
	else if (ev->kind == EV_IO_READ || ev->kind == EV_IO_WRITE)
		a->part = ev->index == 0 ? VIEW_LEGACY : VIEW_OTHER;
	else
		find_part(v, a);
	return true;
}

struct view_queue *view_notified(struct view *v, const struct access *a)
{
	unsigned int i;

	for (i = 0; i < v->nqueues; i++)
		if (v->queues[i].notify_off_read && v->queues[i].enabled &&
		    (uint64_t)v->queues[i].notify_off * v->multiplier ==
			    a->offset &&
		    (v->multiplier || a->value == i))
			return &v->queues[i];
	return NULL;
}

static unsigned int parts_at(const struct chain *c, uint64_t addr)
{
	unsigned int found = 0;
	uint32_t i;

	for (i = 0; c->outstanding && i < c->nparts; i++)
		if (addr - c->parts[i].addr < c->parts[i].len)
			found |= chain_part_writable(&c->parts[i])
					 ? VIEW_WRITABLE : VIEW_READABLE;
	return found;
}

unsigned int view_parts_at(const struct view *v, uint64_t addr)
{
	unsigned int found = 0, i;
	uint32_t k;

	for (i = 0; i < v->nqueues; i++)
		for (k = 0; v->queues[i].chains && k < v->queues[i].size; k++)
			found |= parts_at(&v->queues[i].chains[k], addr);
	return found;
}

/* ---- taking them in ---- */

/* A read of what is known already. */
static bool is_known(const struct view *v, const struct access *a)
{
	uint64_t value = 0;
	uint8_t known = 1;
	uint32_t i;

	if (a->write || a->offset + a->width > sizeof(v->config))
		return false;
	for (i = 0; i < a->width; i++) {
		value |= (uint64_t)v->config[a->offset + i] << 8 * i;
		known &= v->known[a->offset + i];
	}
	return known && value == a->value;
}

static void see_config(struct view *v, const struct access *a)
{
	bool list = false;
	uint32_t i;

	if (is_known(v, a))
		return;
	for (i = 0; i < a->width && a->offset + i < sizeof(v->config); i++) {
		uint32_t at = a->offset + i;
		uint8_t byte = (uint8_t)(a->value >> 8 * i);

		/* What a write leaves behind is known of Command alone. */
		if (a->write && at / 2 != CONFIG_COMMAND / 2)
			continue;
		list |= !v->known[at] || v->config[at] != byte;
		v->config[at] = byte;
		v->known[at] = 1;
	}
	if (!a->write && list)
		see_configuration(v);
	v->command = get(v, CONFIG_COMMAND, 2);
	for (i = 0; i < v->ncaps; i++)
		if (v->caps[i].vndr == CAP_MSIX && a->write &&
		    a->offset <= v->caps[i].at + 2u &&
		    a->offset + a->width >= v->caps[i].at + 4u)
			v->msix_control = (uint32_t)(a->value >>
				8 * (v->caps[i].at + 2u - a->offset)) & 0xffff;
}

static void see_status(struct view *v, const struct access *a)
{
	uint8_t status = (uint8_t)a->value;

	if (!a->write) {
		v->shown = status;
		if (!status)
			v->resetting = false;
		/* FEATURES_OK need not have stuck. */
		if (!v->resetting)
			v->status = status & (uint8_t)~STATUS_NEEDS_RESET;
		if (v->status & STATUS_FEATURES_OK && !v->features_ok) {
			v->features_ok = true;
			v->negotiated = v->accepted;
		}
		return;
	}
	if (!status) {
		forget(v);
		v->resetting = true;
		v->was_reset = true;
	}
	v->status = status;
}

/* The 32 bits that a select register chooses of 64. */
static void put_window(uint64_t *all, uint32_t select, uint32_t value)
{
	if (select > 1)
		return;
	*all &= ~(0xffffffffull << 32 * select);
	*all |= (uint64_t)value << 32 * select;
}

static void see_feature(struct view *v, const struct access *a)
{
	if (a->write || v->device_feature_select > 31)
		return;
	v->windows_read |= 1u << v->device_feature_select;
	put_window(&v->seen_offered, v->device_feature_select,
		   (uint32_t)a->value);
}

static void see_driver_feature(struct view *v, const struct access *a)
{
	if (a->write)
		put_window(&v->accepted, v->driver_feature_select,
			   (uint32_t)a->value);
}

/* An address, written whole or by halves. */
static void put_address(uint64_t *address, bool *written, const struct access *a,
			uint32_t offset)
{
	uint32_t shift = (a->offset - offset) * 8;
	uint64_t mask = a->width >= 8 ? UINT64_MAX
				      : ((1ull << 8 * a->width) - 1) << shift;

	*address = (*address & ~mask) | (a->value << shift & mask);
	*written = true;
}

static void set_size(struct view_queue *q, const struct access *a)
{
	if (q->chains)
		return; /* the rings stay as long as they were */
	q->size = (uint32_t)a->value;
	if (!a->write && !q->largest)
		q->largest = q->size;
}

static void see_queue(struct view *v, const struct access *a)
{
	struct view_queue *q = view_selected(v);

	if (!q)
		return;
	if (view_queue_number(v, q) >= v->nqueues)
		v->nqueues = view_queue_number(v, q) + 1;
	switch (a->offset) {
	case COMMON_QUEUE_SIZE:
		set_size(q, a);
		break;
	case COMMON_QUEUE_MSIX_VECTOR:
		if (a->write)
			q->vector = (uint32_t)a->value;
		break;
	case COMMON_QUEUE_ENABLE:
		if (a->write && a->value == 1)
			q->enabled = true;
		break;
	case COMMON_QUEUE_NOTIFY_OFF:
		q->notify_off = (uint32_t)a->value;
		q->notify_off_read = true;
		break;
	case COMMON_QUEUE_NOTIFY_DATA:
		q->notify_data = (uint32_t)a->value;
		q->notify_data_read = true;
		break;
	case COMMON_QUEUE_RESET:
		if (a->write && a->value == 1) {
			uint32_t largest = q->largest;

			forget_queue(q);
			q->largest = largest;
			q->resetting = q->was_reset = true;
		} else if (!a->write && !a->value) {
			q->resetting = false;
		}
		break;
	case COMMON_QUEUE_DESC:
	case COMMON_QUEUE_DESC + 4:
		if (a->write)
			put_address(&q->desc, &q->desc_written, a,
				    COMMON_QUEUE_DESC);
		break;
	case COMMON_QUEUE_DRIVER:
	case COMMON_QUEUE_DRIVER + 4:
		if (a->write)
			put_address(&q->driver, &q->driver_written, a,
				    COMMON_QUEUE_DRIVER);
		break;
	case COMMON_QUEUE_DEVICE:
	case COMMON_QUEUE_DEVICE + 4:
		if (a->write)
			put_address(&q->device, &q->device_written, a,
				    COMMON_QUEUE_DEVICE);
		break;
	default:
		break;
	}
}

static void see_common(struct view *v, const struct access *a)
{
	switch (a->offset) {
	case COMMON_DEVICE_FEATURE_SELECT:
		if (a->write) {
			v->device_feature_select = (uint32_t)a->value;
			v->feature_selected = true;
		}
		break;
	case COMMON_DEVICE_FEATURE:
		see_feature(v, a);
		break;
	case COMMON_DRIVER_FEATURE_SELECT:
		if (a->write)
			v->driver_feature_select = (uint32_t)a->value;
		break;
	case COMMON_DRIVER_FEATURE:
		see_driver_feature(v, a);
		break;
	case COMMON_CONFIG_MSIX_VECTOR:
		if (a->write)
			v->config_vector = (uint32_t)a->value;
		break;
	case COMMON_NUM_QUEUES:
		v->num_queues = (uint32_t)a->value;
		break;
	case COMMON_DEVICE_STATUS:
		see_status(v, a);
		break;
	case COMMON_CONFIG_GENERATION:
		v->generation = (uint32_t)a->value;
		break;
	case COMMON_QUEUE_SELECT:
		if (a->write)
			v->queue_select = (uint32_t)a->value;
		break;
	default:
		see_queue(v, a);
		break;
	}
}

void view_update(struct view *v, const struct access *a)
{
	if (a->part == VIEW_HEADER || a->part == VIEW_CONFIG)
		see_config(v, a);
	else if (a->part == VIEW_COMMON)
		see_common(v, a);
	else if (a->part == VIEW_LEGACY && a->write)
		v->legacy = true;
}
