/* SPDX-License-Identifier: MIT */
/*
 * Device models against a hostile driver, on the fake host of the unit tests:
 * accesses to config space and BARs, a driver's memory filled with anything, and
 * the three together, so that rings are set up and then broken.  The fake host
 * aborts when a model breaks the contract of door 2; the models' own assertions
 * and the sanitizers do the rest.
 *
 *	| model | lay out rings? | commands of 12 bytes: what, width, offset (2), value (8) |
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/pci/device_model.h"
#include "tests/fake_host/fake_host.h"
#include "tests/fuzz/target.h"

#define RAM (64u << 10)
#define MAX_PROPERTIES 32
#define COMMAND 12u
#define COMMANDS 300u
#define STEPS 64u /* of lanes, between two commands */

/* virtio 1.2, 4.1.4.3; where this project's devices have it: BAR 4, 0. */
#define BAR 4u
#define QUEUES 3u
#define NOTIFY 0x3000u /* 4 bytes a queue */

static struct fake_host host;
static const struct device_model *model;
static struct pci_function *fn;

static struct pci_function *make(void)
{
	static uint8_t medium[32 * 512];
	struct device_value values[MAX_PROPERTIES] = { { 0 } };
	struct device_config cfg = {
		.id = "dev0", .interface = DEVICE_IF_TRANSITIONAL,
		.msix_entries = -1, .intx_pin = 1, .values = values,
	};
	const struct device_feature *f;
	struct device_error err;
	size_t i;

	for (f = model->features; f && f->name; f++)
		cfg.features |= UINT64_C(1) << f->bit;
	for (i = 0; model->properties && model->properties[i].name; i++) {
		values[i].i = model->properties[i].deflt;
		if (model->properties[i].type != DEVICE_PROP_FILE)
			continue;
		values[i] = (struct device_value){ .given = true, .s = "d.img",
			.bytes = medium, .len = sizeof(medium) };
	}
	fn = model->create(&cfg, &host.host, &err);
	/* One that is no virtio device has one interface. */
	cfg.interface = DEVICE_IF_MODERN;
	if (!fn)
		fn = model->create(&cfg, &host.host, &err);
	if (!fn) {
		fprintf(stderr, "no %s: %s\n", model->name, err.text);
		exit(2);
	}
	return fn;
}

static void bar_write(uint64_t offset, uint32_t width, uint64_t value)
{
	fn->ops->bar_write(fn, BAR, offset, width, value);
}

/* What a driver does first (3.1.1), so that the rest has rings to break: status,
 * all features, queues of 8 in one page each. */
static void set_up(void)
{
	uint16_t q;

	fn->ops->config_write(fn, 4, 2, 7); /* I/O, memory, bus master */
	bar_write(0x14, 1, 3);
	bar_write(0x08, 4, 0);
	bar_write(0x0c, 4, fn->ops->bar_read(fn, BAR, 0x04, 4));
	bar_write(0x08, 4, 1);
	bar_write(0x00, 4, 1);
	bar_write(0x0c, 4, 1); /* VERSION_1 */
	bar_write(0x14, 1, 0xb);
	for (q = 0; q < QUEUES; q++) {
		uint64_t at = FAKE_RAM_BASE + 0x1000u * q;

		bar_write(0x16, 2, q);
		bar_write(0x18, 2, 8);
		bar_write(0x20, 4, at);
		bar_write(0x28, 4, at + 0x400);
		bar_write(0x30, 4, at + 0x800);
		bar_write(0x1c, 2, 1);
	}
	bar_write(0x14, 1, 0xf);
}

struct command {
	uint8_t what, width;
	uint16_t offset;
	uint64_t value;
};

static struct command command_of(const uint8_t *p)
{
	struct command c = { .what = p[0], .width = (uint8_t)(1u << p[1] % 4),
			     .offset = (uint16_t)(p[2] | p[3] << 8) };
	int i;

	for (i = 0; i < 8; i++)
		c.value |= (uint64_t)p[4 + i] << 8 * i;
	return c;
}

/* The host has checked that an access is aligned and lies inside. */
static void config_access(const struct command *c, bool write)
{
	uint32_t width = c->width == 8 ? 4 : c->width;
	uint32_t offset = c->offset % 4096 & ~(width - 1);

	if (write)
		fn->ops->config_write(fn, offset, width, (uint32_t)c->value);
	else
		fn->ops->config_read(fn, offset, width);
}

static void bar_access(const struct command *c, bool write)
{
	uint32_t bar;

	/* Any that decodes, as the host would find it. */
	for (bar = c->what / 8u % PCI_BARS; bar < PCI_BARS; bar++)
		if (host.windows[bar].size >= c->width)
			break;
	if (bar == PCI_BARS ||
	    (host.windows[bar].kind == PCI_WINDOW_IO && c->width == 8))
		return;
	uint64_t offset = c->offset % host.windows[bar].size &
			  ~(uint64_t)(c->width - 1);

	if (write)
		fn->ops->bar_write(fn, bar, offset, c->width, c->value);
	else
		fn->ops->bar_read(fn, bar, offset, c->width);
}

/* Addresses that mean something are as likely as any. */
static void memory_write(const struct command *c)
{
	uint64_t value = c->value;

	if (c->what & 8)
		value = FAKE_RAM_BASE + value % RAM;
	memcpy(host.ram + c->offset % (RAM - 8), &value, c->width);
}

static void put(uint64_t at, uint64_t value, size_t width)
{
	memcpy(host.ram + at, &value, width);
}

/* One descriptor, an entry of the available ring, the index moved, a kick (2.7.5,
 * 2.7.6, 4.1.4.4): each field any, but of a size that often makes sense. */
static void offer(const struct command *c)
{
	uint64_t v = c->value, base = 0x1000u * (c->offset % QUEUES);
	uint64_t desc = base + 16 * (v & 7), avail = base + 0x400;
	uint16_t idx;

	memcpy(&idx, host.ram + avail + 2, 2);
	put(desc, FAKE_RAM_BASE + 0x4000 + (v >> 4 & 0xbfff), 8);
	put(desc + 8, v >> 20 & (c->width > 2 ? 0xfff : 0xf), 4);
	put(desc + 12, v >> 32 & 7, 2);
	put(desc + 14, v >> 35 & (c->offset & 0x80 ? 0xffff : 7), 2);
	put(avail + 4 + 2 * (idx & 7u), v >> 52 & (c->offset & 0x40 ? 0xff : 7),
	    2);
	put(avail + 2, (uint16_t)(idx + (c->offset & 0x700 ? 1 : v >> 56)), 2);
	bar_write(NOTIFY + 4u * (c->offset % QUEUES), 2, c->offset % QUEUES);
}

static void run_lanes(void)
{
	unsigned int n;

	for (n = 0; n < STEPS && fake_host_step(&host); n++)
		;
	fake_host_forget(&host);
}

static void run_command(const struct command *c)
{
	switch (c->what % 8) {
	case 0:
		config_access(c, false);
		break;
	case 1:
		config_access(c, true);
		break;
	case 2:
		bar_access(c, false);
		break;
	case 3:
		bar_access(c, true);
		break;
	case 4:
		if (host.windows[BAR].size)
			offer(c);
		break;
	case 5:
	case 6:
		memory_write(c);
		break;
	default:
		/* Something happens within DMA. */
		fake_host_fail_at(&host, 1 + c->offset % 20,
				  c->value & 1 ? FAKE_FAIL_ERROR :
						 FAKE_FAIL_BUS_MASTER);
	}
	run_lanes();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t n, models;

	if (size < 2)
		return 0;
	for (models = 0; device_catalogue[models]; models++)
		;
	model = device_catalogue[data[0] % models];
	fake_host_init(&host, RAM);
	fake_host_attach(&host, make());
	fn->ops->reset(fn, PCI_RESET_POWER_ON);
	/* BARs at their places, as firmware would. */
	fn->ops->config_write(fn, 0x10, 4, 0x1000);
	fn->ops->config_write(fn, 0x14, 4, 0xc0000000);
	fn->ops->config_write(fn, 0x20, 4, 0xc0100000);
	fn->ops->config_write(fn, 4, 2, 7);
	if (data[1] & 1 && host.windows[BAR].size)
		set_up();
	for (n = 0; n < COMMANDS && 2 + (n + 1) * COMMAND <= size; n++) {
		struct command c = command_of(data + 2 + n * COMMAND);

		run_command(&c);
	}
	fn->ops->destroy(fn);
	fake_host_fini(&host);
	return 0;
}

/* A ring's fields, by what they are often: small numbers, and kicks. */
static void fresh_command(uint64_t *state, uint8_t *p)
{
	uint64_t r = fuzz_next(state), v = fuzz_next(state);
	uint16_t offset = (uint16_t)(r >> 16);

	p[0] = (uint8_t)r;
	p[1] = (uint8_t)(r >> 8);
	if (p[0] % 8 >= 5)
		offset = (uint16_t)(offset % 0x3000 & ~1u);
	else if (r >> 40 & 1)
		offset %= 0x40;
	if (r >> 41 & 1)
		v %= 16;
	if (r >> 42 & 1)
		p[1] = 1;
	p[2] = (uint8_t)offset;
	p[3] = (uint8_t)(offset >> 8);
	memcpy(p + 4, &v, sizeof(v));
}

size_t fuzz_fresh(uint64_t seed, uint64_t run, uint8_t *data)
{
	uint64_t state = fuzz_begin(seed, run);
	size_t n = 1 + fuzz_next(&state) % 120, i;

	data[0] = (uint8_t)fuzz_next(&state);
	data[1] = (uint8_t)(fuzz_next(&state) % 4 > 0);
	for (i = 0; i < n; i++)
		fresh_command(&state, data + 2 + i * COMMAND);
	return 2 + n * COMMAND;
}
