/* SPDX-License-Identifier: MIT */
/*
 * The machine's making, run and end, and its plain C interface.
 */
#define SC_INCLUDE_DYNAMIC_PROCESSES
#include "sim/platform/platform.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <new>
#include <sys/mman.h>

#include "sim/platform/platform_impl.h"

using namespace ringside;

/* sc_main has no argument of ours. */
static platform *elaborating;

static constexpr uint64_t page_size = 4096;
static constexpr size_t guest_stack = 256 * 1024, lane_stack = 64 * 1024;

static bool make_ram(platform *p)
{
	void *ram = mmap(nullptr, p->cfg.memory, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (ram == MAP_FAILED)
		return false;
	p->ram_bytes = (uint8_t *)ram;
	return true;
}

struct platform *platform_create(const struct platform_config *cfg,
				 struct event_bus *bus,
				 struct fault_engine *faults,
				 const char **error)
{
	platform *p;

	*error = nullptr;
	if (cfg->cpus < 1 || cfg->cpus > 8)
		*error = "a machine has 1 to 8 CPUs";
	else if (cfg->memory < 1 << 20 || cfg->memory > map_ram_max)
		*error = "a machine has 1 MiB to 1792 MiB of memory";
	else if (cfg->cpu_vectors > 224)
		*error = "a CPU has at most 224 vectors";
	if (*error)
		return nullptr;
	p = new (std::nothrow) platform();
	if (!p)
		return nullptr;
	p->cfg = *cfg;
	p->bus = bus;
	p->faults = faults;
	wire_init(&p->bus_wire);
	if (make_ram(p))
		return p;
	delete p;
	return nullptr;
}

void platform_destroy(struct platform *p)
{
	if (p->ram_bytes)
		munmap(p->ram_bytes, p->cfg.memory);
	/* What SystemC knows of stays until the process ends. */
	for (auto &f : p->functions)
		if (f->fn)
			f->fn->ops->destroy(f->fn);
}

struct pci_host *platform_slot(struct platform *p, uint32_t bdf, uint16_t index)
{
	if (bdf >= p->slots.size() || p->slots[bdf])
		return nullptr;
	p->functions.push_back(std::make_unique<function_host>(p, bdf, index));
	p->slots[bdf] = p->functions.back().get();
	return p->slots[bdf];
}

void platform_attach(struct platform *p, struct pci_host *slot,
		     struct pci_function *fn)
{
	(void)p;
	static_cast<function_host *>(slot)->fn = fn;
}

void platform_attach_behind(struct platform *p, struct pci_host *slot,
			    struct pci_function *fn)
{
	(void)p;
	static_cast<function_host *>(slot)->behind = fn;
}

void platform_unplug(struct platform *p, uint32_t bdf)
{
	if (bdf < p->slots.size() && p->slots[bdf])
		p->slots[bdf]->unplug();
}

void platform_on_data(struct platform *p, platform_data_fn *fn, void *arg)
{
	p->on_data = fn;
	p->on_data_arg = arg;
}

void platform_on_fetch(struct platform *p, platform_fetch_fn *fn, void *arg)
{
	p->on_fetch = fn;
	p->on_fetch_arg = arg;
	p->watched.resize(p->cfg.memory / page_size + 1);
}

void platform_watch(struct platform *p, uint64_t addr, uint64_t len)
{
	uint64_t first = (addr - p->info.ram_base) / page_size;
	uint64_t last = (addr - p->info.ram_base + len - 1) / page_size;

	if (!len || p->watched.empty() || !p->dma_reachable(addr, len))
		return;
	for (; first <= last; first++)
		p->watched[first] = 1;
}

const uint8_t *platform_memory(const struct platform *p, uint64_t *at)
{
	*at = map_ram;
	return p->ram_bytes;
}

uint64_t platform_now(const struct platform *p)
{
	return p->now();
}

/* "guest.irq.request"; with an effect "bus.msi=lost", as --inject names it. */
static const char *told(const fault_point *point, uint32_t effect, char *buf,
			size_t size)
{
	char name[FAULT_EFFECT_NAME];

	if (!fault_effect_name(point, effect, name, sizeof(name)))
		return point->name;
	snprintf(buf, size, "%s=%s", point->name, name);
	return buf;
}

bool platform::fault_at(uint32_t point, uint16_t device, uint32_t index,
			uint8_t cpu, fault_hit *hit)
{
	char text[96];
	event ev;

	if (!fault_engine_hit(faults, point,
			      device == EVENT_NO_DEVICE ? FAULT_ANY : device,
			      index, cpu, hit))
		return false;
	ev = new_event(EV_FAULT, device);
	ev.cpu = cpu;
	ev.index = index;
	ev.value = (uint64_t)hit->error;
	ev.addr = hit->call;
	ev.text = event_intern(bus, told(fault_engine_point(faults, point),
					 hit->effect, text, sizeof(text)));
	event_emit(bus, &ev);
	return true;
}

int platform::ask_fault(const char *name, uint32_t *handle, uint16_t device,
			uint32_t index)
{
	fault_hit hit;

	if (!*handle)
		*handle = fault_engine_find(faults, name) + 1;
	/* A point that no table has; or the guest wrote over the handle. */
	if (!*handle || *handle > fault_engine_points(faults))
		return 0;
	return fault_at(*handle - 1, device, index, cpu_id(), &hit) ?
		       fault_hit_value(&hit) : 0;
}

/* ---- posted writes ---- */

void platform::note_writer(function_host *f, uint64_t arrival)
{
	if (arrival == UINT64_MAX)
		return;
	if (std::find(writers.begin(), writers.end(), f) == writers.end())
		writers.push_back(f);
	agenda->flush_at = std::min(agenda->flush_at, arrival);
}

/* In the order of their arrival; at equal times, of the functions' numbers. */
void platform::flush_writes()
{
	for (;;) {
		function_host *next = nullptr;
		uint64_t at = UINT64_MAX;

		for (function_host *f : writers) {
			uint64_t t = f->next_write();

			if (t < at || (t == at && next && f->bdf < next->bdf)) {
				next = f;
				at = t;
			}
		}
		agenda->flush_at = at;
		if (at > now())
			break;
		do /* mostly there is but one */
			next->deliver_write();
		while (writers.size() == 1 && next->next_write() <= now());
	}
	if (agenda->flush_at == UINT64_MAX)
		writers.clear();
}

/* ---- threads ---- */

static void thread_body(void *arg)
{
	auto *t = static_cast<machine_thread *>(arg);
	platform *p = t->p;
	event ev = p->new_event(EV_THREAD, EVENT_NO_DEVICE);

	p->current_cpu = t->cpu;
	t->fn(t->arg);
	if (p->agenda->ended()) /* EV_END is the last */
		return;
	ev.time = p->now();
	ev.cpu = (uint8_t)t->cpu->id();
	ev.text = event_intern(p->bus, t->name.c_str());
	event_emit(p->bus, &ev);
	p->live_threads--;
	t->cpu->thread_ended(t);
}

machine_thread *platform::new_thread(const char *name, cpu *c,
				     void (*fn)(void *), void *arg)
{
	event ev = new_event(EV_THREAD, EVENT_NO_DEVICE);
	auto t = std::make_unique<machine_thread>();
	uint64_t source;

	t->p = this;
	t->cpu = c;
	t->name = name;
	t->fn = fn;
	t->arg = arg;
	t->number = (uint32_t)threads.size();
	source = (uint64_t)c->id() << 32 | t->number;
	t->strand = guest_strands->get();
	t->strand->assign(rank::cpu, source, thread_body, t.get());
	ev.cpu = (uint8_t)c->id();
	ev.value = 1;
	ev.text = event_intern(bus, name);
	event_emit(bus, &ev);
	threads.push_back(std::move(t));
	live_threads++;
	return threads.back().get();
}

struct parallel {
	platform *p;
	size_t left;
	void (*fn)(void *, size_t);
	void *arg;
	machine_event done;
};

struct parallel_one {
	parallel *all;
	size_t i;
};

static void parallel_body(void *a)
{
	auto *one = static_cast<parallel_one *>(a);

	one->all->fn(one->all->arg, one->i);
	if (--one->all->left == 0)
		door_calls.event_signal(one->all->p, &one->all->done, true);
}

/* One thread each, on `first` and the CPUs after it in turn. */
static void run_beside(const char *name, parallel *all, size_t first)
{
	platform *p = all->p;
	size_t n = all->left;
	std::vector<parallel_one> ones(n);

	for (size_t i = 0; i < n; i++) {
		cpu *c = p->cpus[(first + i) % p->cpus.size()].get();

		ones[i] = { all, i };
		c->add(p->new_thread(name, c, parallel_body, &ones[i]));
	}
	while (all->left)
		door_calls.event_wait(p, &all->done, MACHINE_FOREVER, 0);
}

void platform_parallel(struct platform *p, size_t n,
		       void (*fn)(void *arg, size_t i), void *arg)
{
	parallel all = { p, n, fn, arg, { "the other parallel steps" } };

	run_beside("parallel", &all, 0);
}

void platform_on_cpu(struct platform *p, uint32_t cpu,
		     void (*fn)(void *arg, size_t i), void *arg)
{
	parallel all = { p, 1, fn, arg, { "a step on another CPU" } };

	if (cpu == p->cpu_id())
		fn(arg, 0);
	else
		run_beside("on_cpu", &all, cpu);
}

int platform_device_action(struct platform *p, uint32_t bdf,
			   const struct device_action *action,
			   const struct device_value *values,
			   uint64_t within_ps, const char *what)
{
	for (auto &f : p->functions)
		if (f->bdf == bdf)
			return f->act(action, values, within_ps, what);
	return -ENODEV;
}

void platform_sleep_until(struct platform *p, uint64_t ps)
{
	static machine_event never = { "a time that was asked for" };

	while (p->now() < ps)
		door_calls.event_wait(p, &never, ps / 1000 + (ps % 1000 != 0),
				      0);
}

void platform_set_budget(struct platform *p, uint64_t ps)
{
	p->cfg.budget_ps = ps;
	if (p->agenda)
		p->agenda->limit = ps;
}

void platform_forked(struct platform *p)
{
	(void)p;
	crash_guard_forked();
}

/* ---- the run ---- */

void platform::finish(enum run_end end, const char *code, const char *text)
{
	event ev = new_event(end == RUN_FINISHED ? EV_END : EV_GUEST_BUG,
			     EVENT_NO_DEVICE);

	if (agenda->ended())
		return;
	agenda->end();
	outcome.end = end;
	outcome.time_ps = now();
	outcome_code = code ? code : "";
	outcome_text = text ? text : "";
	outcome.code = code ? outcome_code.c_str() : nullptr;
	outcome.text = outcome_text.c_str();
	if (end == RUN_FINISHED) {
		event_emit(bus, &ev);
		return;
	}
	if (end != RUN_USER_ERROR)
		collect_stacks(nullptr, 0, 0);
	ev.cpu = cpu_id();
	ev.value = end;
	ev.text = event_intern(bus,
			       (outcome_code + ": " + outcome_text).c_str());
	event_emit(bus, &ev);
}

void platform_stop(struct platform *p, enum run_end end, const char *code,
		   const char *text)
{
	if (p->agenda->ended())
		return;
	p->finish(end, code, text);
	if (sc_core::sc_get_current_process_handle().proc_kind() !=
	    sc_core::SC_THREAD_PROC_)
		return;
	for (;;)
		p->agenda->block(nullptr);
}

static void first_thread(void *arg)
{
	auto *p = static_cast<platform *>(arg);

	p->outcome.boot_result = p->image->boot(p, &door_calls, &p->info);
	if (p->outcome.boot_result)
		p->finish(RUN_GUEST_BUG, "boot-failed",
			  "the image's boot did not return 0");
	if (!p->agenda->ended() && p->script)
		p->script(p->script_arg);
	if (!p->agenda->ended())
		p->image->shutdown();
	p->finish(RUN_FINISHED, nullptr, nullptr);
}

static void fill_info(platform *p)
{
	machine_info *i = &p->info;

	*i = {};
	i->abi_version = MACHINE_ABI_VERSION;
	i->size = sizeof(*i);
	i->ram = p->ram_bytes;
	i->ram_base = map_ram;
	i->ram_size = p->cfg.memory;
	i->cpus = p->cfg.cpus;
	i->msi_first_vector = msi_first_vector;
	i->cpu_vectors = p->cfg.cpu_vectors;
	i->msi_address = map_msi;
	i->ecam = map_ecam;
	i->window32 = map_window32;
	i->window64 = map_window64;
	i->window_io = map_window_io;
	i->irq_lines = irq_lines;
	i->options = p->cfg.guest_options;
	i->config_ports = map_config_ports;
	i->watched = p->watched.empty() ? nullptr : p->watched.data();
}

void platform::elaborate()
{
	enum { to_ram, to_intc, to_bridge, targets };

	for (uint32_t i = 0; i < fault_engine_points(faults); i++)
		counters.push_back(fault_engine_counter(faults, i));
	agenda = std::make_unique<ringside::agenda>("agenda", &present);
	bus_faults = std::make_unique<ringside::bus_faults>(this);
	fabric = std::make_unique<interconnect>("fabric", cfg.cpus + 1,
						targets);
	memory = std::make_unique<ringside::ram>("ram", ram_bytes, map_ram);
	intc = std::make_unique<interrupt_controller>("intc", this);
	bridge = std::make_unique<host_bridge>("bridge", this);
	for (uint32_t i = 0; i < cfg.cpus; i++) {
		cpus.push_back(std::make_unique<cpu>(
			sc_core::sc_gen_unique_name("cpu"), this, i));
		cpus.back()->bus.bind(fabric->from[i]);
	}
	bridge->up.bind(fabric->from[cfg.cpus]);
	fabric->to[to_ram].bind(memory->bus);
	fabric->to[to_intc].bind(intc->doorbell);
	fabric->to[to_bridge].bind(bridge->down);
	fabric->map({ map_ram, cfg.memory }, to_ram);
	fabric->map(msi_range, to_intc);
	for (const machine_range &r :
	     { map_window64, map_window32, map_ecam,
	       machine_range{ io_space, 0x10000 } })
		fabric->map(r, to_bridge);
	guest_strands = std::make_unique<strand_pool>(agenda.get(), guest_stack);
	lane_strands = std::make_unique<strand_pool>(agenda.get(), lane_stack);
	for (auto &f : functions)
		bridge->add(f.get());
	agenda->on_idle = [this] {
		current_cpu = nullptr;
		finish(RUN_HANG, "wait-never-ends",
		       "every thread waits and nothing is left that could "
		       "wake one");
	};
	agenda->flush = [this] { flush_writes(); };
	agenda->on_limit = [this] {
		current_cpu = nullptr;
		finish(RUN_BUDGET, "budget",
		       "the simulated-time budget of the scenario has passed");
		outcome.time_ps = agenda->limit;
	};
	if (cfg.budget_ps)
		agenda->limit = cfg.budget_ps;
}

extern "C" int sc_main(int, char **)
{
	platform *p = elaborating;

	p->elaborate();
	for (auto &f : p->functions)
		f->fn->ops->reset(f->fn, PCI_RESET_POWER_ON);
	p->cpus[0]->add(p->new_thread("init", p->cpus[0].get(), first_thread, p));
	p->agenda->begin();
	sc_core::sc_start();
	return 0;
}

void platform_run(struct platform *p, const struct guest_image *image,
		  uintptr_t text_start, uintptr_t text_end,
		  void (*script)(void *arg), void *arg,
		  struct platform_outcome *outcome)
{
	char name[] = "ringside", *argv[] = { name, nullptr };

	p->image = image;
	p->text_start = text_start;
	p->text_end = text_end;
	p->script = script;
	p->script_arg = arg;
	p->outcome.end = RUN_INTERNAL;
	p->outcome.text = "the simulation did not come to an end";
	fill_info(p);
	elaborating = p;
	setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);
	crash_guard_on(p);
	if (!sigsetjmp(p->out, 1))
		sc_core::sc_elab_and_sim(1, argv);
	crash_guard_off();
	if (image->dump_coverage)
		image->dump_coverage();
	*outcome = p->outcome;
}
