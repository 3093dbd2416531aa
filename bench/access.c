/* SPDX-License-Identifier: MIT */
/*
 * A guest that makes bus accesses and nothing else, to price one: door 1 only.
 */
#include "guestdrv/abi/machine.h"

static struct machine *m;
static const struct machine_calls *calls;
static const struct machine_info *info;
static uint64_t device, bar;

enum { COUNT_DEVICE, COUNT_TIMES };

static const struct guest_param count_params[] = {
	{ "device", GUEST_PARAM_DEVICE, true, 0, "a function with a 64-bit BAR4" },
	{ "times", GUEST_PARAM_INT, true, 0, "how many accesses" },
	{ NULL, GUEST_PARAM_INT, false, 0, NULL }
};

static void find(const struct guest_value *v)
{
	device = info->ecam.base + ((uint64_t)v[COUNT_DEVICE].i << 12);
	bar = info->window64.base;
	calls->write(m, MACHINE_MEM, device + 0x20, 4, (uint32_t)bar);
	calls->write(m, MACHINE_MEM, device + 0x24, 4, bar >> 32);
	calls->write(m, MACHINE_MEM, device + 0x04, 2, 0x0006);
}

static int run_config(const struct guest_value *v)
{
	int64_t i;

	find(v);
	for (i = 0; i < v[COUNT_TIMES].i; i++)
		calls->read(m, MACHINE_MEM, device, 4);
	return 0;
}

static int run_mmio(const struct guest_value *v)
{
	int64_t i;

	find(v);
	for (i = 0; i < v[COUNT_TIMES].i; i++)
		calls->read(m, MACHINE_MEM, bar, 4);
	return 0;
}

/* The functions of all_* are 00:00.1 and those that follow it. */
enum { ALL_FUNCTIONS, ALL_TIMES };

#define BAR_BYTES 0x4000u

static const struct guest_param all_params[] = {
	{ "functions", GUEST_PARAM_INT, true, 0,
	  "how many, from 00:00.1, each with a 64-bit BAR4 of 16 KiB" },
	{ "times", GUEST_PARAM_INT, false, 0, "how many accesses" },
	{ NULL, GUEST_PARAM_INT, false, 0, NULL }
};

static uint64_t config_of(int64_t n)
{
	return info->ecam.base + ((uint64_t)(n + 1) << 12);
}

static uint64_t bar_of(int64_t n)
{
	return info->window64.base + (uint64_t)n * BAR_BYTES;
}

/* Nobody else will say that the function has found its driver. */
static void tell_probed(uint32_t bdf)
{
	static struct machine_note note = { .text = "bench-access" };

	note.device = bdf;
	note.kind = MACHINE_NOTE_PROBE_BEGIN;
	calls->note(m, &note);
	note.kind = MACHINE_NOTE_PROBE_END;
	calls->note(m, &note);
}

static int run_open(const struct guest_value *v)
{
	int64_t n;

	for (n = 0; n < v[ALL_FUNCTIONS].i; n++) {
		calls->write(m, MACHINE_MEM, config_of(n) + 0x20, 4,
			     (uint32_t)bar_of(n));
		calls->write(m, MACHINE_MEM, config_of(n) + 0x24, 4,
			     bar_of(n) >> 32);
		calls->write(m, MACHINE_MEM, config_of(n) + 0x04, 2, 0x0006);
		tell_probed((uint32_t)n + 1);
	}
	return 0;
}

static int read_all(const struct guest_value *v, uint64_t (*at)(int64_t n))
{
	int64_t n = 0, i;

	for (i = 0; i < v[ALL_TIMES].i; i++) {
		calls->read(m, MACHINE_MEM, at(n), 4);
		if (++n == v[ALL_FUNCTIONS].i)
			n = 0;
	}
	return 0;
}

static int run_all_config(const struct guest_value *v)
{
	return read_all(v, config_of);
}

static int run_all_mmio(const struct guest_value *v)
{
	return read_all(v, bar_of);
}

static int boot(struct machine *machine, const struct machine_calls *c,
		const struct machine_info *told)
{
	m = machine;
	calls = c;
	info = told;
	return 0;
}

static void interrupt(uint32_t cpu, enum machine_irq_source source,
		      uint32_t number)
{
	(void)cpu, (void)source, (void)number;
}

static void shutdown(void)
{
}

static const char *const no_ladder[] = { NULL };
static const struct guest_param no_options[] = {
	{ NULL, GUEST_PARAM_INT, false, 0, NULL }
};
static const struct guest_fault_point no_faults[] = { { NULL, NULL, NULL } };

static const struct guest_action actions[] = {
	{ "access.config", "reads config space", count_params, run_config },
	{ "access.mmio", "reads a BAR", count_params, run_mmio },
	{ "access.open", "lets the BARs of all functions decode", all_params,
	  run_open },
	{ "access.all_config", "reads config space, a function after the other",
	  all_params, run_all_config },
	{ "access.all_mmio", "reads BARs, a function after the other",
	  all_params, run_all_mmio },
	{ NULL, NULL, NULL, NULL }
};

static const struct guest_image image = {
	.abi_version = MACHINE_ABI_VERSION,
	.size = sizeof(struct guest_image),
	.name = "bench-access",
	.about = "bus accesses and nothing else",
	.ladder = no_ladder,
	.options = no_options,
	.actions = actions,
	.faults = no_faults,
	.boot = boot,
	.interrupt = interrupt,
	.shutdown = shutdown,
};

const struct guest_image *ringside_guest(void);
__attribute__((visibility("default"))) const struct guest_image *
ringside_guest(void)
{
	return &image;
}
