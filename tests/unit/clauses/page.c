/* SPDX-License-Identifier: MIT */
/*
 * Makes what a driver and a device do, as events.
 */
#include "tests/unit/clauses/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BAR 4u
#define STATUS 0x14u

static uint32_t config_read(struct pci_function *fn, uint32_t at, uint32_t width)
{
	struct page_test *p = (struct page_test *)((char *)fn -
				offsetof(struct page_test, function));
	uint32_t value = 0;

	memcpy(&value, p->config + at, width);
	return value;
}

static const struct pci_function_ops ops = { .config_read = config_read };

void *page_bytes(struct page_test *p, uint64_t addr)
{
	return p->memory + (addr - PAGE_MEMORY);
}

void page_put16(struct page_test *p, uint64_t addr, uint16_t value)
{
	memcpy(page_bytes(p, addr), &value, 2);
}

/* ---- the device's capability list ---- */

static void put(uint8_t *at, uint32_t value, unsigned int bytes)
{
	unsigned int i;

	for (i = 0; i < bytes; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

/* struct virtio_pci_cap, 4.1.4. */
static void put_cap(struct page_test *p, unsigned int at, unsigned int next,
		    unsigned int len, unsigned int type, uint32_t offset,
		    uint32_t length)
{
	uint8_t *c = p->config + at;

	c[0] = 9;
	c[1] = (uint8_t)next;
	c[2] = (uint8_t)len;
	c[3] = (uint8_t)type;
	c[4] = BAR;
	put(c + 8, offset, 4);
	put(c + 12, length, 4);
}

static void put_config(struct page_test *p, uint16_t type)
{
	put(p->config, 0x1af4, 2);
	put(p->config + 2, 0x1040u + type, 2);
	put(p->config + 6, 0x0010, 2);
	p->config[8] = 1; /* Revision ID: non-transitional */
	put(p->config + 0x2e, 0x40, 2);
	p->config[0x34] = 0x40;
	put_cap(p, 0x40, 0x50, 16, 1, 0x0000, 0x3c);
	put_cap(p, 0x50, 0x60, 16, 3, 0x1000, 1);
	put_cap(p, 0x60, 0x70, 16, 4, 0x2000, 0x100);
	put_cap(p, 0x70, 0x84, 20, 2, 0x3000, 0x1000);
	put(p->config + 0x80, 4, 4); /* notify_off_multiplier */
	put_cap(p, 0x84, 0x98, 20, 5, 0, 0);
	p->config[0x98] = 0x11; /* MSI-X, PCI 3.0 6.8.2 */
	put(p->config + 0x9a, 7, 2);
	put(p->config + 0x9c, 0x4000 | BAR, 4);
	put(p->config + 0xa0, 0x4800 | BAR, 4);
	p->last_cap = 0x98;
}

void page_config_put(struct page_test *p, unsigned int at, unsigned int bytes,
		     uint32_t value)
{
	put(p->config + at, value, bytes);
}

unsigned int page_config_cap(struct page_test *p, unsigned int type,
			     unsigned int len, uint32_t offset,
			     uint32_t length)
{
	unsigned int at = p->last_cap + 0x18;

	put_cap(p, at, 0, len, type, offset, length);
	p->config[p->last_cap + 1] = (uint8_t)at;
	p->last_cap = at;
	return at;
}

void page_open(struct page_test *p, const struct chapter *c, uint16_t type,
	       uint64_t features)
{
	memset(p, 0, sizeof(*p));
	feed_init(&p->f);
	p->f.devices[0].offered = features;
	p->f.world.ndevices = 1;
	p->f.world.memory = p->memory;
	p->f.world.memory_at = PAGE_MEMORY;
	p->f.world.memory_bytes = sizeof(p->memory);
	p->function.ops = &ops;
	p->functions[0] = &p->function;
	put_config(p, type);
	findings_init(&p->found);
	p->chapters[0] = c;
	p->book = rulebook_create(&p->f.world, p->f.bus, &p->found,
				  p->functions, p->chapters);
}

void page_close(struct page_test *p)
{
	rulebook_destroy(p->book);
	findings_free(&p->found);
	feed_done(&p->f);
}

/* ---- the driver ---- */

static void access(struct page_test *p, enum event_kind kind, uint32_t index,
		   uint64_t at, unsigned int width, uint64_t value)
{
	feed_event(&p->f, (struct event){ .kind = (uint8_t)kind, .index = index,
		.addr = at, .len = width, .value = value, .device = 0 });
}

void page_config_read(struct page_test *p, unsigned int at, unsigned int width)
{
	access(p, EV_CONFIG_READ, EVENT_NO_INDEX, at, width,
	       config_read(&p->function, at, width));
}

void page_config_write(struct page_test *p, unsigned int at, unsigned int width,
		       uint32_t value)
{
	access(p, EV_CONFIG_WRITE, EVENT_NO_INDEX, at, width, value);
}

void page_bar_write(struct page_test *p, uint64_t at, unsigned int width,
		    uint64_t value)
{
	access(p, EV_MMIO_WRITE, BAR, at, width, value);
}

void page_bar_read(struct page_test *p, uint64_t at, unsigned int width,
		   uint64_t value)
{
	access(p, EV_MMIO_READ, BAR, at, width, value);
}

void page_write(struct page_test *p, unsigned int offset, unsigned int width,
		uint64_t value)
{
	page_bar_write(p, offset, width, value);
}

void page_read(struct page_test *p, unsigned int offset, unsigned int width,
	       uint64_t value)
{
	page_bar_read(p, offset, width, value);
}

void page_negotiate(struct page_test *p, uint64_t without)
{
	const uint64_t offered = p->f.devices[0].offered;
	const uint64_t accepted = offered & ~without;
	uint32_t window;

	page_write(p, STATUS, 1, 0);
	page_reset_done(p);
	page_read(p, STATUS, 1, 0);
	page_write(p, STATUS, 1, 1);
	page_write(p, STATUS, 1, 3);
	for (window = 0; window < 2; window++) {
		page_write(p, 0x00, 4, window);
		page_read(p, 0x04, 4, (uint32_t)(offered >> 32 * window));
	}
	for (window = 0; window < 2; window++) {
		page_write(p, 0x08, 4, window);
		page_write(p, 0x0c, 4, (uint32_t)(accepted >> 32 * window));
	}
	page_write(p, STATUS, 1, 0xb);
	page_model(p, MODEL_EV_FEATURES, 0xffff, accepted);
	page_model(p, MODEL_EV_STATUS, 0xffff, 0xb);
	page_read(p, STATUS, 1, 0xb);
}

void page_queue(struct page_test *p, unsigned int q, uint32_t size)
{
	page_write(p, 0x16, 2, q);
	page_read(p, 0x18, 2, size);
	page_read(p, 0x1e, 2, q);
	page_write(p, 0x18, 2, size);
	page_write(p, 0x20, 4, (uint32_t)(PAGE_DESC + 0x4000 * q));
	page_write(p, 0x24, 4, 0);
	page_write(p, 0x28, 4, (uint32_t)(PAGE_DRIVER + 0x4000 * q));
	page_write(p, 0x2c, 4, 0);
	page_write(p, 0x30, 4, (uint32_t)(PAGE_DEVICE + 0x4000 * q));
	page_write(p, 0x34, 4, 0);
	page_write(p, 0x1c, 2, 1);
	page_model(p, MODEL_EV_QUEUE_ENABLE, q, size);
}

void page_driver_ok(struct page_test *p)
{
	page_write(p, STATUS, 1, 0xf);
	page_model(p, MODEL_EV_STATUS, 0xffff, 0xf);
}

void page_bring_up(struct page_test *p)
{
	page_negotiate(p, 0);
	page_queue(p, 0, 8);
	page_driver_ok(p);
}

void page_desc_at(struct page_test *p, uint64_t table, unsigned int i,
		  uint64_t addr, uint32_t len, unsigned int flags,
		  unsigned int next)
{
	uint8_t *d = page_bytes(p, table + 16ull * i);

	memcpy(d, &addr, 8);
	put(d + 8, len, 4);
	put(d + 12, flags, 2);
	put(d + 14, next, 2);
}

void page_desc(struct page_test *p, unsigned int q, unsigned int i,
	       uint64_t addr, uint32_t len, unsigned int flags,
	       unsigned int next)
{
	page_desc_at(p, PAGE_DESC + 0x4000ull * q, i, addr, len, flags, next);
}

static uint32_t size_of(const struct page_test *p, unsigned int q)
{
	return rulebook_view(p->book, 0)->queues[q].size;
}

void page_available(struct page_test *p, unsigned int q, unsigned int head)
{
	const uint64_t driver = PAGE_DRIVER + 0x4000ull * q;

	page_put16(p, driver + 4 + 2ull * (p->avail[q] % size_of(p, q)),
		   (uint16_t)head);
	page_put16(p, driver + 2, ++p->avail[q]);
}

void page_kick(struct page_test *p, unsigned int q)
{
	page_bar_write(p, 0x3000 + 4ull * q, 2, q);
	page_model(p, MODEL_EV_KICK, q, q);
}

/* ---- the device ---- */

static uint64_t first_bytes(struct page_test *p, uint64_t addr, uint32_t len)
{
	uint64_t value = 0;

	memcpy(&value, page_bytes(p, addr), len < 8 ? len : 8);
	return value;
}

static void dma(struct page_test *p, enum event_kind kind, uint64_t addr,
		uint32_t len)
{
	feed_event(&p->f, (struct event){ .kind = (uint8_t)kind, .addr = addr,
		.len = len, .value = first_bytes(p, addr, len),
		.cpu = EVENT_NO_CPU, .device = 0 });
}

void page_dma_read(struct page_test *p, uint64_t addr, uint32_t len)
{
	dma(p, EV_DMA_READ, addr, len);
}

void page_dma_write(struct page_test *p, uint64_t addr, uint32_t len)
{
	dma(p, EV_DMA_WRITE, addr, len);
}

void page_fetch(struct page_test *p, unsigned int q)
{
	const uint64_t driver = PAGE_DRIVER + 0x4000ull * q;

	page_dma_read(p, driver + 2, 2);
	page_dma_read(p, driver + 4 +
		      2ull * ((uint16_t)(p->avail[q] - 1) % size_of(p, q)), 2);
}

void page_used(struct page_test *p, unsigned int q, uint32_t id, uint32_t len)
{
	const uint64_t device = PAGE_DEVICE + 0x4000ull * q;
	const uint64_t at = device + 4 + 8ull * (p->used[q] % size_of(p, q));

	memcpy(page_bytes(p, at), &id, 4);
	memcpy(page_bytes(p, at + 4), &len, 4);
	page_dma_write(p, at, 8);
	page_put16(p, device + 2, ++p->used[q]);
	page_model(p, MODEL_EV_USED, q, p->used[q]);
	page_dma_write(p, device + 2, 2);
}

void page_model(struct page_test *p, enum model_event_kind kind, uint32_t index,
		uint64_t value)
{
	feed_event(&p->f, (struct event){ .kind = EV_MODEL, .len = kind,
		.index = index, .value = value, .cpu = EVENT_NO_CPU,
		.device = 0 });
}

void page_reset_done(struct page_test *p)
{
	page_model(p, MODEL_EV_RESET, 0xffff, 0);
	page_model(p, MODEL_EV_RESET, 0xffff, 1);
}

/* ---- what came of it ---- */

void page_said(const char *what, enum clause c)
{
	const char *path = getenv("RINGSIDE_CLAUSES_SAID");
	FILE *f = path ? fopen(path, "a") : NULL;

	if (!f)
		return;
	fprintf(f, "%s %s\n", what, clause_rows[c].id);
	fclose(f);
}
