/* SPDX-License-Identifier: MIT */
/*
 * How long a machine with that many functions takes from nothing to its guest's
 * first instruction; prints microseconds of a processor.  No scenario, no observers: those are
 * in the rows that run the program.
 *
 *   elaborate FUNCTIONS
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "models/pci/neighbour.h"
#include "sim/fault/fault.h"
#include "sim/observe/event.h"
#include "sim/platform/platform.h"

static double begin;

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int boot(struct machine *m, const struct machine_calls *calls,
		const struct machine_info *info)
{
	(void)m, (void)calls, (void)info;
	printf("%.3f\n", now_us() - begin);
	fflush(stdout);
	_exit(0);
}

static void interrupt(uint32_t cpu, enum machine_irq_source source,
		      uint32_t number)
{
	(void)cpu, (void)source, (void)number;
}

static void nothing(void)
{
}

static const struct guest_image image = {
	.abi_version = MACHINE_ABI_VERSION,
	.size = sizeof(struct guest_image),
	.name = "elaborate",
	.boot = boot,
	.interrupt = interrupt,
	.shutdown = nothing,
};

static void script(void *arg)
{
	(void)arg;
}

static void plug(struct platform *p, unsigned int functions)
{
	static const struct device_value values[2] = { { .i = 0 }, { .i = 1 } };
	struct device_config cfg = {
		.id = "n", .msix_entries = -1, .intx_pin = 1,
		.values = values, .multifunction = true,
	};
	struct device_error err;

	for (unsigned int bdf = 0; bdf < functions; bdf++) {
		struct pci_host *slot = platform_slot(p, bdf, (uint16_t)bdf);

		platform_attach(p, slot,
				pci_neighbour_model.create(&cfg, slot, &err));
	}
}

int main(int argc, char **argv)
{
	static const struct machine_option no_options[] = { { NULL, NULL } };
	struct platform_config cfg = {
		.cpus = 1, .memory = 1 << 20,
		.timing = timing_find("pcie-gen3-x4"), .cpu_vectors = 224,
		.guest_options = no_options,
	};
	unsigned int functions = argc == 2 ? (unsigned int)atoi(argv[1]) : 0;
	struct platform_outcome outcome;
	struct platform *p;
	const char *error;

	if (functions < 1 || functions > 256)
		return 2;
	begin = now_us();
	p = platform_create(&cfg, event_bus_create(), fault_engine_create(1),
			    &error);
	if (!p)
		return 3;
	plug(p, functions);
	platform_run(p, &image, 0, 0, script, NULL, &outcome);
	return 3;
}
