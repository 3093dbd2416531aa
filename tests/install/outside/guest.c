/* SPDX-License-Identifier: MIT */
/*
 * The smallest guest image: door 1 from an installed tree.  It boots and does
 * nothing; install-test.sh builds it.
 */
#include "guestdrv/abi/machine.h"

static int boot(struct machine *m, const struct machine_calls *calls,
		const struct machine_info *info)
{
	(void)info;
	calls->log(m, 6, "outside: booted");
	return 0;
}

static void interrupt(uint32_t cpu, enum machine_irq_source source,
		      uint32_t number)
{
	(void)cpu;
	(void)source;
	(void)number;
}

static void shutdown(void)
{
}

static const char *const ladder[] = { NULL };
static const struct guest_param options[] = { { .name = NULL } };
static const struct guest_action actions[] = { { .name = NULL } };
static const struct guest_fault_point faults[] = { { .name = NULL } };

static const struct guest_image image = {
	.abi_version = MACHINE_ABI_VERSION,
	.size = sizeof(image),
	.name = "guest",
	.about = "boots and does nothing",
	.ladder = ladder,
	.options = options,
	.actions = actions,
	.faults = faults,
	.boot = boot,
	.interrupt = interrupt,
	.shutdown = shutdown,
};

__attribute__((visibility("default"))) ringside_guest_fn ringside_guest;

const struct guest_image *ringside_guest(void)
{
	return &image;
}
