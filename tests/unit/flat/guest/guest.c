/* SPDX-License-Identifier: MIT */
/*
 * A guest image for the tests of images and snapshots: counts in its variables
 * and in RAM, and has a thread that counts with it.
 */
#include "guestdrv/abi/machine.h"

#define PAGES 16u

static struct machine *m;
static const struct machine_calls *calls;
static const struct machine_info *info;
static struct machine_event *more, *done;
static int64_t in_data = 5;
static int64_t in_bss, by_thread;

static uint64_t *word(uint32_t page)
{
	return (uint64_t *)(info->ram + 4096u * page);
}

/* Counts in a variable on its own stack, too. */
static void counter(void *arg)
{
	volatile int64_t on_stack = 0;

	(void)arg;
	for (;;) {
		calls->event_wait(m, more, MACHINE_FOREVER, 0);
		on_stack++;
		by_thread = on_stack;
		calls->event_signal(m, done, true);
	}
}

static int boot(struct machine *machine, const struct machine_calls *table,
		const struct machine_info *told)
{
	m = machine;
	calls = table;
	info = told;
	more = calls->event_create(m, "more");
	done = calls->event_create(m, "done");
	calls->thread_create(m, "counter", 0, counter, 0);
	calls->account(m, MACHINE_RES_MEMORY, 1, 1, MACHINE_NO_DEVICE);
	return in_bss ? -1 : 0;
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
	calls->account(m, MACHINE_RES_MEMORY, 1, -1, MACHINE_NO_DEVICE);
}

/* One more everywhere; answers minus the sum of what there is. */
static int count(const struct guest_value *v)
{
	uint32_t page;
	int64_t sum;

	(void)v;
	in_data++;
	in_bss++;
	calls->event_signal(m, more, true);
	calls->event_wait(m, done, MACHINE_FOREVER, 0);
	sum = in_data + in_bss + by_thread;
	for (page = 0; page < PAGES; page++)
		sum += (int64_t)++*word(page);
	calls->account(m, MACHINE_RES_MEMORY, 100 + (uint64_t)in_bss, 1,
		       MACHINE_NO_DEVICE);
	calls->log(m, 6, "counted");
	return (int)-sum;
}

/* A thread more, and then a bug: both are gone after a restore. */
static int crash(const struct guest_value *v)
{
	(void)v;
	calls->thread_create(m, "second", 0, counter, 0);
	calls->event_signal(m, more, true);
	calls->event_wait(m, done, MACHINE_FOREVER, 0);
	calls->bug(m, "double-free", "on purpose");
	return 0;
}

static const struct guest_action actions[] = {
	{ "test.count", "counts", 0, count },
	{ "test.crash", "ends with a bug", 0, crash },
	{ 0 },
};

static const struct guest_image image = {
	.abi_version = MACHINE_ABI_VERSION,
	.size = sizeof(image),
	.name = "flat-test",
	.about = "counts",
	.actions = actions,
	.boot = boot,
	.interrupt = interrupt,
	.shutdown = shutdown,
};

__attribute__((visibility("default")))
const struct guest_image *ringside_guest(void);

const struct guest_image *ringside_guest(void)
{
	return &image;
}
