/* SPDX-License-Identifier: MIT */
/*
 * The image: what door 1 wants of any guest, short words for reads and writes,
 * and PCI: BARs, which no firmware has placed, and capabilities.
 */
#include "examples/guest-bare/bare.h"

struct machine *m;
const struct machine_calls *call;
const struct machine_info *info;
uint32_t bdf;

uint32_t rd(uint64_t addr, unsigned int width)
{
	return (uint32_t)call->read(m, MACHINE_MEM, addr, width);
}

void wr(uint64_t addr, unsigned int width, uint64_t value)
{
	call->write(m, MACHINE_MEM, addr, width, value);
}

uint64_t cfg(uint32_t offset)
{
	return info->ecam.base + ((uint64_t)bdf << 12) + offset;
}

void note(enum machine_note_kind kind, int result)
{
	struct machine_note n = {
		.kind = kind,
		.device = bdf,
		.text = "bare",
		.result = result,
	};

	call->note(m, &n);
}

/* The compiler's stack protector ends here. */
void __stack_chk_fail(void);

void __stack_chk_fail(void)
{
	call->bug(m, "stack-smashed", "a function wrote beyond its frame");
	__builtin_unreachable();
}

/* PCI 3.0 6.2.5.1: all ones, written while nothing decodes, give the size. */
void place_bars(void)
{
	uint64_t next = info->window32.base;

	for (uint32_t bar = 0x10; bar < 0x28; bar += 4) {
		uint32_t old = rd(cfg(bar), 4), size;

		wr(cfg(bar), 4, 0xffffffff);
		size = -(rd(cfg(bar), 4) & ~0xfu);
		if (old & 1 || !size) /* I/O, or none */
			continue;
		next = (next + size - 1) & -(uint64_t)size;
		wr(cfg(bar), 4, next);
		next += size;
		if ((old & 6) == 4) /* 64 bits wide */
			wr(cfg(bar += 4), 4, 0);
	}
}

/* 4.1.4: of each type the first vendor capability whose BAR is not reserved. */
bool find_structures(uint64_t at[DEVICE + 1], uint64_t *multiplier)
{
	uint32_t cap = rd(cfg(0x34), 1) & 0xfc, n;

	for (n = 0; cap && n < 48; n++, cap = rd(cfg(cap + 1), 1) & 0xfc) {
		uint32_t type = rd(cfg(cap + 3), 1), bar = rd(cfg(cap + 4), 1);

		if (rd(cfg(cap), 1) != 9 || type > DEVICE || bar > 5 || at[type])
			continue;
		bar = rd(cfg(0x10 + 4 * bar), 4) & ~0xfu;
		at[type] = (uint64_t)bar + rd(cfg(cap + 8), 4);
		if (type == NOTIFY)
			*multiplier = rd(cfg(cap + 16), 4);
	}
	return at[COMMON] && at[NOTIFY] && at[DEVICE];
}

/* The first virtio-blk on bus 0; a machine without one is no error of boot. */
static int boot(struct machine *machine, const struct machine_calls *calls,
		const struct machine_info *told)
{
	m = machine;
	call = calls;
	info = told;
	for (bdf = 0; bdf < 256; bdf++) {
		if (rd(cfg(0), 4) == VIRTIO_BLK_IDS)
			break;
	}
	if (bdf < 256)
		probe();
	return 0;
}

static int bare_read(const struct guest_value *values)
{
	int err = read_sector((uint32_t)values[0].i, (uint64_t)values[1].i);

	note(MACHINE_NOTE_REQUEST, err);
	return err;
}

static void interrupt(uint32_t cpu, enum machine_irq_source source,
		      uint32_t number)
{
	(void)cpu; /* never: no line is enabled and MSI-X is off */
	(void)source;
	(void)number;
}

static const char *const ladder[] = { "none", NULL };
static const struct guest_param no_options[] = { { .name = NULL } };
static const struct guest_fault_point no_faults[] = { { .name = NULL } };

static const struct guest_param read_params[] = {
	{ "device", GUEST_PARAM_DEVICE, true, 0, "the disk" },
	{ "sector", GUEST_PARAM_INT, false, 0, "of 512 bytes" },
	{ .name = NULL },
};

static const struct guest_action actions[] = {
	{ "bare.read", "Reads one sector and checks it", read_params, bare_read },
	{ .name = NULL },
};

static const struct guest_image image = {
	.abi_version = MACHINE_ABI_VERSION,
	.size = sizeof(image),
	.name = "bare",
	.about = "a polling virtio-blk driver without a kernel (an example)",
	.ladder = ladder,
	.options = no_options,
	.actions = actions,
	.faults = no_faults,
	.boot = boot,
	.interrupt = interrupt,
	.shutdown = stop,
};

__attribute__((visibility("default"))) ringside_guest_fn ringside_guest;

const struct guest_image *ringside_guest(void)
{
	return &image;
}
