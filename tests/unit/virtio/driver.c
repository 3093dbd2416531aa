/* SPDX-License-Identifier: MIT */
/*
 * The small virtio driver of the devices' unit tests; see driver.h.  Numbers
 * are those of virtio 1.2 and PCI 3.0, on purpose not the model's names.
 */
#include "tests/unit/virtio/driver.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

const struct device_model *drv_model_named(const char *name)
{
	for (size_t i = 0; device_catalogue[i]; i++)
		if (!strcmp(device_catalogue[i]->name, name))
			return device_catalogue[i];
	abort();
}

const struct device_model *drv_model(void)
{
	return drv_model_named("virtio-blk");
}

static const struct device_model *model_of(const struct drv_options *o)
{
	return o->model ? drv_model_named(o->model) : drv_model();
}

static uint64_t default_features(const struct device_model *m)
{
	uint64_t features = 0;

	for (const struct device_feature *f = m->features; f->name; f++)
		if (f->deflt)
			features |= 1ull << f->bit;
	return features;
}

uint64_t drv_default_features(void)
{
	return default_features(drv_model());
}

static struct device_value *value_of(const struct device_model *m,
				     struct device_value *values,
				     const char *name)
{
	for (size_t i = 0; m->properties[i].name; i++)
		if (!strcmp(m->properties[i].name, name))
			return &values[i];
	abort();
}

static void blk_values(const struct drv_options *o, struct device_value *values,
		       const void *image, size_t len)
{
	const struct device_model *m = drv_model();

	value_of(m, values, "image")->bytes = image;
	value_of(m, values, "image")->len = len;
	value_of(m, values, "serial")->s = o->serial;
	value_of(m, values, "read_only")->i = o->read_only;
	value_of(m, values, "seg_max")->i = o->seg_max;
}

struct device_value *drv_values(const struct drv_options *o, const void *image,
				size_t len)
{
	const struct device_model *m = model_of(o);
	struct device_value *values = calloc(32, sizeof(*values));

	for (size_t i = 0; m->properties[i].name; i++)
		values[i].i = m->properties[i].deflt;
	if (m == drv_model())
		blk_values(o, values, image, len);
	if (o->queues)
		value_of(m, values, "queues")->i = o->queues;
	if (o->queue_size)
		value_of(m, values, "queue_size")->i = o->queue_size;
	if (o->latency)
		value_of(m, values, "latency")->i = o->latency;
	for (size_t i = 0; i < 4 && o->set[i].name; i++)
		value_of(m, values, o->set[i].name)->i = o->set[i].i;
	return values;
}

uint8_t *drv_pattern(size_t len)
{
	uint8_t *bytes = malloc(len);

	for (size_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)(i * 7 + i / 512 * 13 + i / 65536);
	return bytes;
}

uint8_t *drv_gzip(const void *bytes, size_t len, size_t *out_len)
{
	z_stream s = { 0 };
	size_t room = len + len / 100 + 1024;
	uint8_t *out = malloc(room);

	if (deflateInit2(&s, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY))
		abort();
	s.next_in = (Bytef *)(uintptr_t)bytes;
	s.avail_in = (uInt)len;
	s.next_out = out;
	s.avail_out = (uInt)room;
	if (deflate(&s, Z_FINISH) != Z_STREAM_END)
		abort();
	*out_len = room - s.avail_out;
	deflateEnd(&s);
	return out;
}

/* Registers without a BAR behind them stay 0. */
static void assign_bars(struct drv *d)
{
	drv_cfg_write(d, 0x10, 4, (uint32_t)DRV_BAR0);
	drv_cfg_write(d, 0x14, 4, (uint32_t)DRV_BAR1);
	drv_cfg_write(d, 0x20, 4, (uint32_t)DRV_BAR4);
	drv_cfg_write(d, 0x24, 4, (uint32_t)(DRV_BAR4 >> 32));
	drv_cfg_write(d, 0x04, 2, 0x0007); /* I/O, memory, Bus Master */
}

struct drv *drv_new(const struct drv_options *o)
{
	struct drv *d = calloc(1, sizeof(*d));
	struct device_value *values;
	struct device_config cfg = {
		.id = "dev0",
		.interface = o->interface,
		.features = (default_features(model_of(o)) & ~o->withhold) |
			    o->offer,
		.msix_entries = o->msix_entries == 0 ? -1
				: o->msix_entries < 0 ? 0 : o->msix_entries,
		.intx_pin = (uint8_t)(o->pin < 0 ? 0 : o->pin ? o->pin : 1),
		.caps = o->caps,
	};

	d->image_len = o->image ? o->image_len : 1u << 20;
	d->image = o->image ? malloc(d->image_len) : drv_pattern(d->image_len);
	if (o->image)
		memcpy(d->image, o->image, d->image_len);
	values = drv_values(o, d->image, d->image_len);
	cfg.values = values;
	fake_host_init(&d->host, DRV_RAM_BYTES);
	d->next = FAKE_RAM_BASE + 0x1000;
	d->fn = model_of(o)->create(&cfg, &d->host.host, &d->error);
	free(values);
	if (d->fn) {
		fake_host_attach(&d->host, d->fn);
		assign_bars(d);
	}
	return d;
}

void drv_free(struct drv *d)
{
	if (d->fn)
		d->fn->ops->destroy(d->fn);
	fake_host_fini(&d->host);
	free(d->image);
	free(d);
}

uint32_t drv_cfg_read(struct drv *d, uint32_t offset, uint32_t width)
{
	return d->fn->ops->config_read(d->fn, offset, width);
}

void drv_cfg_write(struct drv *d, uint32_t offset, uint32_t width,
		   uint32_t value)
{
	d->fn->ops->config_write(d->fn, offset, width, value);
}

uint64_t drv_read(struct drv *d, uint32_t offset, uint32_t width)
{
	return fake_host_read(&d->host, PCI_WINDOW_MEM, DRV_BAR4 + offset,
			      width);
}

void drv_write(struct drv *d, uint32_t offset, uint32_t width, uint64_t value)
{
	fake_host_write(&d->host, PCI_WINDOW_MEM, DRV_BAR4 + offset, width,
			value);
}

uint64_t drv_io_read(struct drv *d, uint32_t offset, uint32_t width)
{
	return fake_host_read(&d->host, PCI_WINDOW_IO, DRV_BAR0 + offset,
			      width);
}

void drv_io_write(struct drv *d, uint32_t offset, uint32_t width,
		  uint64_t value)
{
	fake_host_write(&d->host, PCI_WINDOW_IO, DRV_BAR0 + offset, width,
			value);
}

uint64_t drv_bar1_read(struct drv *d, uint32_t offset, uint32_t width)
{
	return fake_host_read(&d->host, PCI_WINDOW_MEM, DRV_BAR1 + offset,
			      width);
}

void drv_bar1_write(struct drv *d, uint32_t offset, uint32_t width,
		    uint64_t value)
{
	fake_host_write(&d->host, PCI_WINDOW_MEM, DRV_BAR1 + offset, width,
			value);
}

uint32_t drv_find_cap(struct drv *d, uint8_t id, uint8_t cfg_type)
{
	uint32_t at = drv_cfg_read(d, 0x34, 1);

	for (int i = 0; at && i < 48; i++, at = drv_cfg_read(d, at + 1, 1))
		if (drv_cfg_read(d, at, 1) == id &&
		    (id != 0x09 || drv_cfg_read(d, at + 3, 1) == cfg_type))
			return at;
	return 0;
}

uint64_t drv_alloc(struct drv *d, uint32_t len)
{
	uint64_t at = d->next;

	d->next = (at + len + 15) & ~15ull;
	memset(drv_ram(d, at, len), 0, len);
	return at;
}

void *drv_ram(struct drv *d, uint64_t addr, uint32_t len)
{
	return fake_host_ram(&d->host, addr, len);
}

uint16_t drv_ram16(struct drv *d, uint64_t addr)
{
	const uint8_t *p = drv_ram(d, addr, 2);

	return (uint16_t)(p[0] | p[1] << 8);
}

void drv_put16(struct drv *d, uint64_t addr, uint16_t value)
{
	uint8_t *p = drv_ram(d, addr, 2);

	p[0] = (uint8_t)value;
	p[1] = (uint8_t)(value >> 8);
}

static void put(struct drv *d, uint64_t addr, unsigned int bytes,
		uint64_t value)
{
	uint8_t *p = drv_ram(d, addr, bytes);

	for (unsigned int i = 0; i < bytes; i++)
		p[i] = (uint8_t)(value >> (8 * i));
}

static uint32_t get32(struct drv *d, uint64_t addr)
{
	return drv_ram16(d, addr) | (uint32_t)drv_ram16(d, addr + 2) << 16;
}

void drv_status(struct drv *d, uint8_t value)
{
	drv_write(d, 0x14, 1, value);
}

bool drv_negotiate(struct drv *d, uint64_t features)
{
	d->features = features | 1ull << 32;
	drv_status(d, 0);
	drv_status(d, 1);
	drv_status(d, 1 | 2);
	for (uint32_t i = 0; i < 2; i++) {
		drv_write(d, 0x08, 4, i);
		drv_write(d, 0x0c, 4, (uint32_t)(d->features >> (32 * i)));
	}
	drv_status(d, 1 | 2 | 8);
	return drv_read(d, 0x14, 1) & 8;
}

void drv_setup_queue(struct drv *d, uint16_t q, uint16_t size)
{
	struct drv_queue *dq = &d->q[q];

	memset(dq, 0, sizeof(*dq));
	drv_write(d, 0x16, 2, q);
	if (size)
		drv_write(d, 0x18, 2, size);
	dq->size = (uint16_t)drv_read(d, 0x18, 2);
	dq->desc = drv_alloc(d, 16u * dq->size);
	dq->avail = drv_alloc(d, 6 + 2u * dq->size);
	dq->used = drv_alloc(d, 6 + 8u * dq->size);
	drv_write(d, 0x20, 4, (uint32_t)dq->desc);
	drv_write(d, 0x24, 4, (uint32_t)(dq->desc >> 32));
	drv_write(d, 0x28, 4, (uint32_t)dq->avail);
	drv_write(d, 0x2c, 4, (uint32_t)(dq->avail >> 32));
	drv_write(d, 0x30, 4, (uint32_t)dq->used);
	drv_write(d, 0x34, 4, (uint32_t)(dq->used >> 32));
	drv_write(d, 0x1c, 2, 1);
}

void drv_driver_ok(struct drv *d)
{
	drv_status(d, 1 | 2 | 8 | 4);
}

void drv_mask(struct drv *d, uint32_t vector, bool masked)
{
	drv_bar1_write(d, 16 * vector + 12, 4, masked);
}

void drv_enable_msix(struct drv *d)
{
	uint32_t cap = drv_find_cap(d, 0x11, 0);
	uint32_t n = (drv_cfg_read(d, cap + 2, 2) & 0x7ff) + 1;

	/* An entry is written only while it is masked (PCI 3.0 6.8.3.5). */
	for (uint32_t i = 0; i < n; i++) {
		drv_mask(d, i, true);
		drv_bar1_write(d, 16 * i, 4, (uint32_t)DRV_MSI);
		drv_bar1_write(d, 16 * i + 4, 4, 0);
		drv_bar1_write(d, 16 * i + 8, 4, 0x30 + i);
		drv_mask(d, i, false);
	}
	drv_cfg_write(d, cap + 2, 2, 0x8000);
}

static void setup_queues(struct drv *d, bool vectors)
{
	uint16_t n = (uint16_t)drv_read(d, 0x12, 2);

	for (uint16_t q = 0; q < n; q++) {
		if (vectors) {
			drv_write(d, 0x16, 2, q);
			drv_write(d, 0x1a, 2, 1u + q);
		}
		drv_setup_queue(d, q, 0);
	}
}

void drv_start(struct drv *d, uint64_t features)
{
	drv_negotiate(d, features);
	drv_enable_msix(d);
	drv_write(d, 0x10, 2, 0);
	setup_queues(d, true);
	drv_driver_ok(d);
}

void drv_start_intx(struct drv *d, uint64_t features)
{
	drv_negotiate(d, features);
	setup_queues(d, false);
	drv_driver_ok(d);
}

void drv_desc(struct drv *d, uint64_t table, uint16_t i, uint64_t addr,
	      uint32_t len, uint16_t flags, uint16_t next)
{
	put(d, table + 16u * i, 8, addr);
	put(d, table + 16u * i + 8, 4, len);
	put(d, table + 16u * i + 12, 2, flags);
	put(d, table + 16u * i + 14, 2, next);
}

uint16_t drv_chain(struct drv *d, uint16_t q, const struct drv_buf *bufs,
		   unsigned int n)
{
	struct drv_queue *dq = &d->q[q];
	uint16_t head = (uint16_t)(dq->next_desc % dq->size);

	for (unsigned int i = 0; i < n; i++) {
		uint16_t at = (uint16_t)(dq->next_desc++ % dq->size);
		uint16_t next = (uint16_t)(dq->next_desc % dq->size);
		uint16_t more = i + 1 < n ? 1 : 0;

		drv_desc(d, dq->desc, at, bufs[i].addr, bufs[i].len,
			 bufs[i].flags | more, more ? next : 0);
	}
	return head;
}

void drv_publish(struct drv *d, uint16_t q, uint16_t head)
{
	struct drv_queue *dq = &d->q[q];

	drv_put16(d, dq->avail + 4 + 2u * (dq->avail_idx % dq->size), head);
	drv_put16(d, dq->avail + 2, ++dq->avail_idx);
}

void drv_kick(struct drv *d, uint16_t q)
{
	drv_write(d, 0x3000 + 4u * q, 2, q);
}

void drv_run(struct drv *d)
{
	fake_host_run(&d->host);
}

bool drv_used(struct drv *d, uint16_t q, uint32_t *id, uint32_t *len)
{
	struct drv_queue *dq = &d->q[q];
	uint64_t at = dq->used + 4 + 8u * (dq->used_idx % dq->size);

	if (drv_ram16(d, dq->used + 2) == dq->used_idx)
		return false;
	*id = get32(d, at);
	*len = get32(d, at + 4);
	dq->used_idx++;
	return true;
}

struct drv_request drv_prepare(struct drv *d, uint16_t q, uint32_t type,
			       uint64_t sector, uint32_t data_len)
{
	struct drv_request r = {
		.header = drv_alloc(d, 16),
		.data = drv_alloc(d, data_len + 16),
		.status = drv_alloc(d, 1),
		.data_len = data_len,
	};
	bool reads = type == 0 || type == 8 || type == 10;
	uint16_t writable = reads ? 2 : 0;
	struct drv_buf bufs[3] = { { r.header, 16, 0 } };
	unsigned int n = 1;

	put(d, r.header, 4, type);
	put(d, r.header + 8, 8, sector);
	*(uint8_t *)drv_ram(d, r.status, 1) = 0xee;
	if (data_len)
		bufs[n++] = (struct drv_buf){ r.data, data_len, writable };
	bufs[n++] = (struct drv_buf){ r.status, 1, 2 };
	r.head = drv_chain(d, q, bufs, n);
	return r;
}

struct drv_request drv_submit(struct drv *d, uint16_t q, uint32_t type,
			      uint64_t sector, uint32_t data_len)
{
	struct drv_request r = drv_prepare(d, q, type, sector, data_len);

	drv_publish(d, q, r.head);
	drv_kick(d, q);
	drv_run(d);
	return r;
}

uint8_t drv_result(struct drv *d, const struct drv_request *r)
{
	return *(uint8_t *)drv_ram(d, r->status, 1);
}

bool drv_said(struct drv *d, enum model_event_kind kind, const char *text)
{
	const struct fake_event *ev = fake_host_event(&d->host, kind);

	return ev && strstr(ev->text, text);
}
