/* SPDX-License-Identifier: MIT */
/*
 * The rig: one machine in a child process, its results in shared memory.
 */
#include "tests/sim/rig.h"

#include "sim/platform/bus_points.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef RINGSIDE_COVERAGE
void __gcov_dump(void);
#endif

/* The guest's text, as the linker sees the section. */
extern char __start_guest_text[], __stop_guest_text[];

static struct rig_result *result;
static const struct rig *rig;
struct platform *rig_platform;
struct machine *rig_m;
const struct machine_calls *rig_calls;
const struct machine_info *rig_info;

/* ---- from inside the run ---- */

void say(const char *format, ...)
{
	size_t len = strlen(result->story), room = sizeof(result->story) - len;
	va_list ap;

	if (len && room > 1) {
		result->story[len++] = ' ';
		room--;
	}
	va_start(ap, format);
	vsnprintf(result->story + len, room, format, ap);
	va_end(ap);
}

void keep(unsigned int i, uint64_t value)
{
	result->value[i] = value;
}

uint64_t kept(unsigned int i)
{
	return result->value[i];
}

GUEST void pause_ns(uint64_t ns)
{
	struct machine_event *never = CALL(event_create, "pause");

	CALL(event_wait, never, NOW() + ns, 0);
	CALL(event_destroy, never);
}

/* ---- devices ---- */

static struct rig_device *dev_of(struct pci_function *fn)
{
	return (struct rig_device *)fn;
}

static uint32_t dev_config_read(struct pci_function *fn, uint32_t offset,
				uint32_t width)
{
	(void)width;
	return dev_of(fn)->number << 16 | offset;
}

static void dev_config_write(struct pci_function *fn, uint32_t offset,
			     uint32_t width, uint32_t value)
{
	struct rig_device *d = dev_of(fn);

	(void)width;
	if (d->on_config_write)
		d->on_config_write(d, offset, value);
}

static uint64_t dev_bar_read(struct pci_function *fn, uint32_t bar,
			     uint64_t offset, uint32_t width)
{
	struct rig_device *d = dev_of(fn);

	if (d->on_read)
		return d->on_read(d, bar, offset, width);
	return d->regs[offset / 8 % 64];
}

static void dev_bar_write(struct pci_function *fn, uint32_t bar,
			  uint64_t offset, uint32_t width, uint64_t value)
{
	struct rig_device *d = dev_of(fn);

	(void)width;
	d->regs[offset / 8 % 64] = value;
	if (d->on_write)
		d->on_write(d, bar, offset, value);
}

static void dev_lane_run(struct pci_function *fn, uint32_t lane)
{
	if (dev_of(fn)->run)
		dev_of(fn)->run(dev_of(fn), lane);
}

static void dev_lanes_drained(struct pci_function *fn, uint64_t lanes)
{
	if (dev_of(fn)->drained)
		dev_of(fn)->drained(dev_of(fn), lanes);
}

static void dev_reset(struct pci_function *fn, enum pci_reset_kind kind)
{
	struct rig_device *d = dev_of(fn);

	if (kind == PCI_RESET_POWER_ON && d->size)
		DEV(d, window, 0, d->kind ? d->kind : PCI_WINDOW_MEM, d->base,
		    d->size);
}

static void dev_destroy(struct pci_function *fn)
{
	(void)fn;
}

static const struct pci_function_ops dev_ops = {
	.abi_version = PCI_FUNCTION_ABI_VERSION,
	.size = sizeof(struct pci_function_ops),
	.config_read = dev_config_read,
	.config_write = dev_config_write,
	.bar_read = dev_bar_read,
	.bar_write = dev_bar_write,
	.lane_run = dev_lane_run,
	.lanes_drained = dev_lanes_drained,
	.reset = dev_reset,
	.destroy = dev_destroy,
};

static void plug(struct platform *p)
{
	struct rig_device *d;
	struct pci_host *slot;
	uint16_t i;

	for (i = 0; (d = rig->devices[i]); i++) {
		slot = platform_slot(p, d->bdf, i);
		d->number = i;
		d->fn.ops = &dev_ops;
		d->fn.host = slot;
		platform_attach(p, slot, &d->fn);
	}
}

/* ---- the image ---- */

static int boot(struct machine *m, const struct machine_calls *calls,
		const struct machine_info *info)
{
	rig_m = m;
	rig_calls = calls;
	rig_info = info;
	return rig->boot ? rig->boot() : 0;
}

static void interrupt(uint32_t cpu, enum machine_irq_source source,
		      uint32_t number)
{
	if (rig->interrupt)
		rig->interrupt(cpu, source, number);
}

static void shut_down(void)
{
	if (rig->shutdown)
		rig->shutdown();
}

static const struct guest_image image = {
	.abi_version = MACHINE_ABI_VERSION,
	.size = sizeof(struct guest_image),
	.name = "rig",
	.boot = boot,
	.interrupt = interrupt,
	.shutdown = shut_down,
};

static void script(void *arg)
{
	(void)arg;
	if (rig->script)
		rig->script();
}

/* ---- the observer ---- */

static void record(struct observer *o, const struct event *ev)
{
	const char *text = event_text(o->bus, ev->text);
	struct rig_event *e;

	if (result->nevents < RIG_EVENTS) {
		e = &result->events[result->nevents++];
		e->ev = *ev;
		snprintf(e->text, sizeof(e->text), "%s", text ? text : "");
	}
	if (rig->see)
		rig->see(ev);
}

/* ---- the run ---- */

static void copy_outcome(const struct platform_outcome *o)
{
	size_t i;

	result->end = o->end;
	result->time = o->time_ps;
	result->boot_result = o->boot_result;
	snprintf(result->code, sizeof(result->code), "%s",
		 o->code ? o->code : "");
	snprintf(result->text, sizeof(result->text), "%s",
		 o->text ? o->text : "");
	result->nstacks = o->nstacks;
	for (i = 0; i < o->nstacks && i < RIG_STACKS; i++) {
		const struct platform_backtrace *b = &o->stacks[i];
		struct rig_stack *s = &result->stacks[i];

		snprintf(s->thread, sizeof(s->thread), "%s", b->thread);
		snprintf(s->waits, sizeof(s->waits), "%s",
			 b->waits ? b->waits : "");
		s->count = b->count;
		memcpy(s->frames, b->frames, sizeof(s->frames));
	}
}

static const struct fault_point *row_of(const char *name)
{
	const struct fault_point *p = machine_fault_points;

	while (strcmp(p->name, name))
		p++;
	return p;
}

static void add_faults(struct fault_engine *e)
{
	const struct rig_fault *f;

	for (f = rig->faults; f->point; f++) {
		const struct fault_point *p = row_of(f->point);

		fault_engine_add_rule(e, &(struct fault_rule){
			.point = fault_engine_add_point(e, p),
			.device = f->device, .queue = FAULT_ANY,
			.cpu = FAULT_ANY, .nth = f->nth, .times = f->nth != 0,
			.effect = f->effect ? fault_effect_find(p, f->effect) : 0,
			.takes = f->takes,
		});
	}
}

static void child(void)
{
	static const struct machine_option no_options[] = { { NULL, NULL } };
	struct platform_config cfg = {
		.cpus = rig->cpus ? rig->cpus : 1,
		.memory = 4 << 20,
		.timing = timing_find(rig->timing ? rig->timing :
						    "pcie-gen3-x4"),
		.dma = rig->dma,
		.cpu_vectors = rig->cpu_vectors ? rig->cpu_vectors : 224,
		.budget_ps = rig->budget ? rig->budget : 1000000000000,
		.guest_options = no_options,
	};
	struct observer observer = { .kinds = ~0ull, .see = record };
	struct event_bus *bus = event_bus_create();
	struct fault_engine *faults = fault_engine_create(1);
	struct platform_outcome outcome;
	const char *error;

	event_bus_add(bus, &observer);
	add_faults(faults);
	rig_platform = platform_create(&cfg, bus, faults, &error);
	plug(rig_platform);
	platform_run(rig_platform, &image, (uintptr_t)__start_guest_text,
		     (uintptr_t)__stop_guest_text, script, NULL, &outcome);
	copy_outcome(&outcome);
	if (rig_info)
		memcpy(result->ram, rig_info->ram, RIG_RAM);
	result->ok = true;
#ifdef RINGSIDE_COVERAGE
	__gcov_dump();
#endif
}

static void check_times(const struct rig_result *r)
{
	size_t i;

	for (i = 1; i < r->nevents; i++)
		if (r->events[i].ev.time < r->events[i - 1].ev.time)
			FAIL("event %zu (%s) is at %llu ps, behind one at %llu",
			     i, event_kind_name(r->events[i].ev.kind),
			     (unsigned long long)r->events[i].ev.time,
			     (unsigned long long)r->events[i - 1].ev.time);
}

const struct rig_result *rig_run(const struct rig *what)
{
	int status = 0;
	pid_t pid;

	rig = what;
	result = mmap(NULL, sizeof(*result), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (result == MAP_FAILED) {
		static struct rig_result nothing;

		ADD_FAILURE("no memory for the result");
		return &nothing;
	}
	pid = fork();
	if (pid == 0) {
		child();
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0 || status || !result->ok)
		ADD_FAILURE("the machine's process ended with status 0x%x",
			    status);
	check_times(result);
	return result;
}

/* ---- reading a result ---- */

size_t rig_count(const struct rig_result *r, enum event_kind kind)
{
	size_t i, n = 0;

	for (i = 0; i < r->nevents; i++)
		n += r->events[i].ev.kind == kind;
	return n;
}

const struct rig_event *rig_event(const struct rig_result *r,
				  enum event_kind kind, size_t nth)
{
	static const struct rig_event none;
	size_t i;

	for (i = 0; i < r->nevents; i++)
		if (r->events[i].ev.kind == kind && nth-- == 0)
			return &r->events[i];
	return &none;
}
