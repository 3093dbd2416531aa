/* SPDX-License-Identifier: MIT */
/*
 * A guest that makes bus accesses and nothing else, to price one: door 1 only.
 */
#include "guestdrv/abi/machine.h"

static struct machine *m;
static const struct machine_calls *calls;
static uint64_t device, bar;

enum { COUNT_DEVICE, COUNT_TIMES };

static const struct guest_param count_params[] = {
	{ "device", GUEST_PARAM_DEVICE, true, 0, "a function with a 64-bit BAR4" },
	{ "times", GUEST_PARAM_INT, true, 0, "how many accesses" },
	{ NULL, GUEST_PARAM_INT, false, 0, NULL }
};

static void find(const struct guest_value *v, const struct machine_info *info)
{
	static const struct machine_info *known;

	if (info)
		known = info;
	if (!v)
		return;
	device = known->ecam.base + ((uint64_t)v[COUNT_DEVICE].i << 12);
	bar = known->window64.base;
	calls->write(m, MACHINE_MEM, device + 0x20, 4, (uint32_t)bar);
	calls->write(m, MACHINE_MEM, device + 0x24, 4, bar >> 32);
	calls->write(m, MACHINE_MEM, device + 0x04, 2, 0x0006);
}

static int run_config(const struct guest_value *v)
{
	int64_t i;

	find(v, NULL);
	for (i = 0; i < v[COUNT_TIMES].i; i++)
		calls->read(m, MACHINE_MEM, device, 4);
	return 0;
}

static int run_mmio(const struct guest_value *v)
{
	int64_t i;

	find(v, NULL);
	for (i = 0; i < v[COUNT_TIMES].i; i++)
		calls->read(m, MACHINE_MEM, bar, 4);
	return 0;
}

static int boot(struct machine *machine, const struct machine_calls *c,
		const struct machine_info *info)
{
	m = machine;
	calls = c;
	find(NULL, info);
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
