/* SPDX-License-Identifier: MIT */
/*
 * The image `kernel_cases`: the guest kernel and the cases.  Its boot hands the
 * kernel a copy of the machine's calls in which some are counted first.
 */
#include <linux/string.h>
#include <ringside/image.h>
#include "tests/unit/guest_kernel/guest/cases.h"

struct guest_spy guest_spy;

static const struct machine_calls *real;
static struct machine_calls spied;
static bool machine_irqs_off;
static struct machine *machine;

static bool spy_irqs_enable(struct machine *m, bool enable)
{
	guest_spy.irqs_on_calls += enable;
	guest_spy.irqs_off_calls += !enable;
	machine_irqs_off = !enable;
	return real->irqs_enable(m, enable);
}

static uint64_t spy_read(struct machine *m, enum machine_space space,
			 uint64_t addr, unsigned int width)
{
	guest_spy.off_at_read = machine_irqs_off;
	return real->read(m, space, addr, width);
}

static struct machine_event *spy_event_create(struct machine *m,
					      const char *name)
{
	guest_spy.events++;
	return real->event_create(m, name);
}

static void spy_event_destroy(struct machine *m, struct machine_event *ev)
{
	guest_spy.events--;
	real->event_destroy(m, ev);
}

#define STALE_HANDLE 0xdeadu

extern struct machine_fault_site *const __start_guest_fault_sites[]
	__attribute__((__visibility__("hidden")));
extern struct machine_fault_site *const __stop_guest_fault_sites[]
	__attribute__((__visibility__("hidden")));

static void make_handles_stale(void)
{
	struct machine_fault_site *const *site;

	for (site = __start_guest_fault_sites;
	     site < __stop_guest_fault_sites; site++)
		(*site)->handle = STALE_HANDLE;
}

static int spy_fault_point(struct machine *m, struct machine_fault_site *site,
			   uint32_t device, uint32_t index)
{
	guest_spy.fault_calls++;
	guest_spy.stale_handles += site->handle == STALE_HANDLE;
	return real->fault_point(m, site, device, index);
}

static void spy_note(struct machine *m, const struct machine_note *note)
{
	guest_spy.notes[note->kind]++;
	guest_spy.last[note->kind] = *note;
	if (note->text)
		strscpy(guest_spy.last_text[note->kind], note->text,
			sizeof(guest_spy.last_text[0]));
	real->note(m, note);
}

static int boot(struct machine *m, const struct machine_calls *calls,
		const struct machine_info *info)
{
	memset(&guest_spy, 0, sizeof(guest_spy));
	machine_irqs_off = false;
	machine = m;
	real = calls;
	spied = *calls;
	spied.irqs_enable = spy_irqs_enable;
	spied.read = spy_read;
	spied.event_create = spy_event_create;
	spied.event_destroy = spy_event_destroy;
	spied.note = spy_note;
	spied.fault_point = spy_fault_point;
	make_handles_stale();
	return guest_kernel_boot(m, &spied, info);
}

/* Events are the machine's: none may be left. */
static void shutdown(void)
{
	guest_kernel_shutdown();
	if (guest_spy.events)
		real->bug(machine, "leak", "an event was not destroyed");
}

extern const struct guest_case *const __start_guest_cases[]
	__attribute__((__visibility__("hidden")));
extern const struct guest_case *const __stop_guest_cases[]
	__attribute__((__visibility__("hidden")));

static const struct guest_param case_params[] = {
	{ "name", GUEST_PARAM_STRING, true, 0, "which case" },
	{ "device", GUEST_PARAM_DEVICE, false, 0, "in whose name" },
	{ NULL, GUEST_PARAM_INT, false, 0, NULL }
};

static int run_case(const struct guest_value *v)
{
	const struct guest_case *const *row;

	for (row = __start_guest_cases; row < __stop_guest_cases; row++)
		if (!strcmp((*row)->name, v[0].s))
			return (*row)->run();
	pr_err("no case %s\n", v[0].s);
	return -ENOENT;
}

GUEST_ACTION(run_case_action, run_case, case_params);

static const struct guest_action actions[] = {
	{ "case", "runs a case", case_params, run_case_action },
	GUEST_KERNEL_ACTIONS,
	{ NULL, NULL, NULL, NULL }
};

static const struct guest_param options[] = {
	GUEST_KERNEL_OPTIONS,
	{ NULL, GUEST_PARAM_INT, false, 0, NULL }
};

static const char *const ladder[] = { NULL };

static const struct guest_image image = {
	.abi_version = MACHINE_ABI_VERSION,
	.size = sizeof(struct guest_image),
	.name = "kernel_cases",
	.about = "unit tests of the guest kernel",
	.ladder = ladder,
	.options = options,
	.actions = actions,
	.faults = guest_kernel_fault_points,
	.boot = boot,
	.interrupt = guest_kernel_interrupt,
	.shutdown = shutdown,
	.dump_coverage = guest_kernel_dump_coverage,
};

ringside_guest_fn ringside_guest;

GUEST_EXPORT const struct guest_image *ringside_guest(void)
{
	return &image;
}
