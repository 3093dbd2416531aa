/* SPDX-License-Identifier: MIT */
/*
 * Door 1, the machine calls, on the SystemC machine.  Each call notes where the
 * guest's frames begin, for backtraces of threads that wait and of whoever
 * takes a resource.
 */
#include <cassert>
#include <cstring>

#include "sim/platform/platform_impl.h"

namespace ringside {

/* Each has a stack of its own. */
static constexpr size_t max_threads = 4096;

/* Guests hold the machine by its base. */
static platform *plat(machine *m)
{
	return static_cast<platform *>(m);
}

[[noreturn]] static void stop_guest(platform *p, enum run_end end,
				    const char *code, const char *text)
{
	p->finish(end, code, text);
	for (;;)
		p->current_cpu->context()->strand->block();
}

[[noreturn]] static void guest_bug(platform *p, const char *code,
				   const char *text)
{
	stop_guest(p, RUN_GUEST_BUG, code, text);
}

/* A loop of calls that take no time: the watchdog could not stop it here. */
static void check_spin(platform *p)
{
	if (p->spins_at == p->agenda->progress)
		stop_guest(p, RUN_SPIN, "endless-loop", spin_text);
}

/* The caller's context; every call begins with it. */
#define ENTER(m)                                                          \
	platform *p = plat(m);                                            \
	cpu *c = p->current_cpu;                                          \
	c->context()->frame = (void *const *)__builtin_frame_address(0);  \
	check_spin(p)

/* ---- what a guest's pointers lead to ---- */

/* Reads a byte of each page, so that a wild pointer faults here and nowhere
 * else (crash.cpp). */
__attribute__((no_sanitize("address", "undefined"))) static void
touch(platform *p, const void *at, uint64_t len)
{
	const volatile char *bytes = (const volatile char *)at;

	if (!len)
		return;
	if ((uintptr_t)at + (len - 1) < (uintptr_t)at)
		guest_bug(p, "bad-argument",
			  "a buffer that reaches over the end of all addresses");
	p->reads_guest = true;
	for (uint64_t i = 0; i < len; i += 4096)
		(void)bytes[i];
	(void)bytes[len - 1];
	p->reads_guest = false;
	/* The compiler must not move the caller's own reads up here. */
	asm volatile("" : : : "memory");
}

/* The text, once it is known that all of it can be read; NULL gives "". */
__attribute__((no_sanitize("address", "undefined"))) static const char *
readable(platform *p, const char *text)
{
	const volatile char *c = text;

	if (!text)
		return "";
	p->reads_guest = true;
	while (*c)
		c++;
	p->reads_guest = false;
	return text;
}

static machine_event *known_event(platform *p, machine_event *ev)
{
	touch(p, ev, sizeof(*ev));
	if (ev->magic != machine_event::is_event)
		guest_bug(p, "bad-argument", "an event that there is not");
	return ev;
}

/* ---- the calls ---- */

static bool width_ok(machine_space space, uint64_t addr, unsigned width)
{
	bool known = width == 1 || width == 2 || width == 4 ||
		     (width == 8 && space == MACHINE_MEM);

	return known && !(addr & (width - 1));
}

static uint64_t door_read(machine *m, machine_space space, uint64_t addr,
			  unsigned width)
{
	ENTER(m);
	if (!width_ok(space, addr, width))
		guest_bug(p, "bad-access",
			  "a bus read of a width or alignment that no CPU has");
	return c->access(false, space, addr, width, 0);
}

static void door_write(machine *m, machine_space space, uint64_t addr,
		       unsigned width, uint64_t value)
{
	ENTER(m);
	if (!width_ok(space, addr, width))
		guest_bug(p, "bad-access",
			  "a bus write of a width or alignment that no CPU has");
	c->access(true, space, addr, width, value);
}

static uint64_t door_now(machine *m)
{
	return plat(m)->now() / 1000;
}

static void door_relax(machine *m)
{
	ENTER(m);
	c->stall(sc_core::sc_time::from_value(p->cfg.timing->relax));
	c->safe_point();
}

static uint32_t door_cpu(machine *m)
{
	return plat(m)->current_cpu->id();
}

static bool door_irqs_enable(machine *m, bool enable)
{
	ENTER(m);
	bool was = c->irqs_on();

	if (c->in_interrupt())
		return was;
	c->context()->irqs_on = enable;
	if (enable)
		c->safe_point();
	return was;
}

static void door_line_enable(machine *m, uint32_t line, uint32_t target,
			     bool enable)
{
	ENTER(m);
	if (line >= irq_lines || target >= p->cpus.size())
		guest_bug(p, "bad-argument",
			  "line_enable of a line or CPU that there is not");
	p->intc->enable_line(line, target, enable);
	c->safe_point();
}

static machine_thread *door_thread_create(machine *m, const char *name,
					  uint32_t target, void (*fn)(void *),
					  void *arg)
{
	ENTER(m);
	(void)c;
	if (target >= p->cpus.size())
		return nullptr;
	if (p->live_threads >= max_threads)
		guest_bug(p, "too-many-threads", "more than 4096 threads");
	machine_thread *t = p->new_thread(readable(p, name),
					  p->cpus[target].get(), fn, arg);

	p->cpus[target]->add(t);
	return t;
}

static machine_thread *door_thread_self(machine *m)
{
	cpu *c = plat(m)->current_cpu;

	return c->in_interrupt() ? nullptr : c->context();
}

static machine_event *door_event_create(machine *m, const char *name)
{
	ENTER(m);

	(void)c;
	p->events.push_back(std::make_unique<machine_event>());
	p->events.back()->name = readable(p, name);
	return p->events.back().get();
}

/* The object itself stays until the end: a destroyed event that is used again
 * is then harmless. */
static void door_event_destroy(machine *m, machine_event *ev)
{
	ENTER(m);
	(void)c;
	if (known_event(p, ev)->first)
		guest_bug(p, "bad-argument",
			  "an event was destroyed while threads wait on it");
	ev->name.clear();
}

static void door_event_signal(machine *m, machine_event *ev, bool all)
{
	ENTER(m);
	(void)c;
	known_event(p, ev);
	while (machine_waiter *w = ev->first) {
		w->woken = true;
		w->thread->cpu->wake(w);
		if (!all)
			break;
	}
}

static bool door_event_wait_for(machine *m, machine_event *ev,
				uint64_t deadline, uint32_t flags,
				const char *what)
{
	ENTER(m);
	bool hold = flags & MACHINE_WAIT_HOLD_CPU;
	uint64_t ps = deadline > UINT64_MAX / 1000 ? UINT64_MAX :
						     deadline * 1000;

	known_event(p, ev);
	if (!hold && !c->irqs_on())
		guest_bug(p, "sleep-in-atomic",
			  c->in_interrupt() ?
				  "a wait inside an interrupt handler" :
				  "a wait with interrupts off");
	return c->wait(ev, ps, hold, what);
}

static bool door_event_wait(machine *m, machine_event *ev, uint64_t deadline,
			    uint32_t flags)
{
	return door_event_wait_for(m, ev, deadline, flags, nullptr);
}

static int door_fault_point(machine *m, machine_fault_site *site,
			    uint32_t device, uint32_t index)
{
	ENTER(m);
	(void)c;
	touch(p, site, sizeof(*site));
	return p->fault(site->handle ? nullptr : readable(p, site->name),
			&site->handle, p->index_of(device), index);
}

/* What a device may do with a DMA mapping of that kind; 0: it is none. */
static uint32_t dma_rights(machine_resource kind)
{
	return kind == MACHINE_RES_DMA_TO_DEVICE ? EVENT_DMA_READS :
	       kind == MACHINE_RES_DMA_FROM_DEVICE ? EVENT_DMA_WRITES :
	       kind == MACHINE_RES_DMA_MAPPING ?
				      EVENT_DMA_READS | EVENT_DMA_WRITES : 0;
}

static void door_account(machine *m, machine_resource kind, uint64_t id,
			 int64_t amount, uint32_t device)
{
	ENTER(m);
	event ev = p->new_event(EV_ACCOUNT, p->index_of(device));

	if ((unsigned)kind >= MACHINE_RES_COUNT)
		guest_bug(p, "bad-argument",
			  "account of a resource that there is not");
	ev.cpu = (uint8_t)c->id();
	ev.len = dma_rights(kind);
	ev.index = ev.len ? MACHINE_RES_DMA_MAPPING : kind;
	ev.addr = id;
	ev.value = (uint64_t)amount;
	event_emit(p->bus, &ev);
}

static void door_note(machine *m, const machine_note *note)
{
	ENTER(m);
	touch(p, note, sizeof(*note));
	event ev = p->new_event(EV_NOTE, p->index_of(note->device));

	if ((unsigned)note->kind >= MACHINE_NOTE_COUNT)
		guest_bug(p, "bad-argument", "a note of a kind that there is not");
	ev.cpu = (uint8_t)c->id();
	ev.index = note->kind;
	ev.addr = note->index;
	ev.value = note->value;
	ev.len = (uint32_t)(int32_t)note->result;
	ev.text = note->text ? event_intern(p->bus, readable(p, note->text)) :
			       0;
	event_emit(p->bus, &ev);
}

static void door_log(machine *m, int level, const char *text)
{
	ENTER(m);
	event ev = p->new_event(EV_LOG, EVENT_NO_DEVICE);

	ev.cpu = (uint8_t)c->id();
	ev.value = (uint64_t)(level < 0 ? 0 : level > 7 ? 7 : level);
	ev.text = event_intern(p->bus, readable(p, text));
	event_emit(p->bus, &ev);
}

static bool door_data(machine *m, machine_data_kind kind, uint32_t device,
		      uint64_t offset, const void *buf, uint64_t len)
{
	ENTER(m);
	(void)c;
	touch(p, buf, len);
	return !p->on_data || p->on_data(p->on_data_arg, kind,
					 p->index_of(device), offset, buf, len);
}

static void door_bug(machine *m, const char *code, const char *text)
{
	ENTER(m);
	(void)c;
	guest_bug(p, code ? readable(p, code) : "guest-bug",
		  readable(p, text));
}

static void door_mention(machine *m, const char *what, const void *code)
{
	ENTER(m);
	uintptr_t at = (uintptr_t)code - 1;

	(void)c;
	if (!p->in_text(at))
		return;
	if (p->mentions.size() == platform::max_mentions)
		p->mentions.pop_front();
	p->mentions.emplace_back(readable(p, what), at);
}

/* From an image that checks its accesses; only of pages that are watched. */
static void door_fetch(machine *m, const void *at, uint32_t size,
		       const void *code)
{
	ENTER(m);
	uint64_t addr = p->info.ram_base +
			(uint64_t)((const uint8_t *)at - p->info.ram);

	(void)c;
	if (p->on_fetch && p->dma_reachable(addr, size))
		p->on_fetch(p->on_fetch_arg, addr, size, (uintptr_t)code - 1);
}

const machine_calls door_calls = {
	MACHINE_ABI_VERSION,
	sizeof(machine_calls),
	door_read,
	door_write,
	door_now,
	door_relax,
	door_cpu,
	door_irqs_enable,
	door_line_enable,
	door_thread_create,
	door_thread_self,
	door_event_create,
	door_event_destroy,
	door_event_signal,
	door_event_wait,
	door_fault_point,
	door_account,
	door_note,
	door_log,
	door_data,
	door_bug,
	door_mention,
	door_event_wait_for,
	door_fetch,
};

} // namespace ringside
