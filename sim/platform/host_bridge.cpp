/* SPDX-License-Identifier: MIT */
/*
 * Decoding of CPU accesses to functions, posting of writes, wired-OR interrupt
 * lines, and the functions' way up to memory.
 *
 * The address port, CF8h (PCI 3.0 3.2.2.3.2):
 *
 *    31     30       24 23    16 15    11 10      8 7         2 1 0
 *   | enable | reserved |  bus   | device | function | register | 0 |
 */
#include "sim/platform/host_bridge.h"

#include <algorithm>
#include <cassert>
#include <cstring>

#include "sim/platform/platform_impl.h"

namespace ringside {

using sc_core::sc_time;
using tlm::tlm_generic_payload;

host_bridge::host_bridge(sc_core::sc_module_name name, platform *p)
	: sc_module(name), down("down"), up("up"), p_(p), by_bdf_(256)
{
	down.bind(*this);
	up.bind(*this);
	payload_.set_byte_enable_ptr(nullptr);
	deliver_.set_order(rank::posted_write, ~0ull >> 8);
	deliver_.fire = [](void *arg) {
		static_cast<host_bridge *>(arg)->deliver();
	};
	deliver_.arg = this;
}

void host_bridge::end_of_elaboration()
{
	above_ = up.operator->();
}

void host_bridge::add(function_host *f)
{
	assert(f->bdf < by_bdf_.size());
	by_bdf_[f->bdf] = f;
}

/* ---- windows ---- */

void host_bridge::set_window(function_host *f, uint32_t bar,
			     enum pci_window_kind kind, uint64_t base,
			     uint64_t size)
{
	for (auto *table : { &mem_, &io_ }) {
		auto was = std::find_if(table->begin(), table->end(),
					[=](const window &w) {
						return w.fn == f &&
						       w.bar == bar;
					});

		if (was != table->end()) {
			table->erase(was);
			settle(*table);
		}
	}
	if (kind == PCI_WINDOW_NONE || !size || base + (size - 1) < base)
		return;
	auto &table = kind == PCI_WINDOW_IO ? io_ : mem_;
	window w = { base, base + (size - 1), f, bar, 0 };
	auto at = std::upper_bound(table.begin(), table.end(), w,
				   [](const window &a, const window &b) {
					   return a.base < b.base;
				   });
	table.insert(at, w);
	settle(table);
}

void host_bridge::settle(std::vector<window> &table)
{
	uint64_t reach = 0;

	for (window &w : table)
		w.reach = reach = std::max(reach, w.last);
}

void host_bridge::remove_windows(function_host *f)
{
	for (uint32_t bar = 0; bar < PCI_BARS; bar++)
		set_window(f, bar, PCI_WINDOW_NONE, 0, 0);
}

/* Of windows that a guest lets overlap, the one with the highest base answers. */
const host_bridge::window *host_bridge::find(const std::vector<window> &table,
					     uint64_t addr)
{
	auto at = std::upper_bound(table.begin(), table.end(), addr,
				   [](uint64_t a, const window &w) {
					   return a < w.base;
				   });

	while (at != table.begin() && (--at)->reach >= addr)
		if (at->last >= addr)
			return &*at;
	return nullptr;
}

static bool is_config_data(uint64_t addr)
{
	return (addr & ~3ull) == (io_space | config_data_port);
}

bool host_bridge::decode_config(uint64_t bdf, uint64_t offset, uint32_t width,
				target *to) const
{
	*to = { bdf < by_bdf_.size() ? by_bdf_[bdf] : nullptr, config, offset,
		false };
	return to->fn && !to->fn->gone && width <= 4;
}

bool host_bridge::decode(uint64_t addr, uint32_t width, target *to) const
{
	const window *w;

	if (is_config_data(addr) && config_address_ & config_enable)
		return decode_config(config_address_ >> 8 & 0xffff,
				     (config_address_ & 0xfc) | (addr & 3),
				     width, to);
	if (inside(map_ecam, addr))
		return decode_config((addr - map_ecam.base) >> 12, addr & 0xfff,
				     width, to);
	w = addr & io_space ? find(io_, addr - io_space) : find(mem_, addr);
	if (!w || (addr & ~io_space) + (width - 1) > w->last)
		return false;
	to->fn = w->fn;
	to->bar = w->bar;
	to->offset = (addr & ~io_space) - w->base;
	to->io = addr & io_space;
	return true;
}

/* ---- CPU accesses ---- */

/* Only a whole dword is the register's; anything else goes on as I/O, so that
 * devices may have the byte ports in it. */
bool host_bridge::address_port(tlm_generic_payload &t)
{
	if (t.get_address() != (io_space | config_address_port) ||
	    t.get_data_length() != 4)
		return false;
	if (t.is_write()) {
		memcpy(&config_address_, t.get_data_ptr(), 4);
		config_address_ &= config_address_bits;
	} else {
		memcpy(t.get_data_ptr(), &config_address_, 4);
	}
	t.set_response_status(tlm::TLM_OK_RESPONSE);
	return true;
}

void host_bridge::emit(bool is_write, const target &to, uint32_t width,
		       uint64_t v, uint8_t cpu)
{
	static const enum event_kind kinds[3][2] = {
		{ EV_CONFIG_READ, EV_CONFIG_WRITE },
		{ EV_IO_READ, EV_IO_WRITE },
		{ EV_MMIO_READ, EV_MMIO_WRITE },
	};
	event ev = p_->new_event(
		kinds[to.bar == config ? 0 : to.io ? 1 : 2][is_write],
		to.fn->index);

	ev.addr = to.offset;
	ev.value = v;
	ev.len = width;
	ev.index = to.bar == config ? EVENT_NO_INDEX : to.bar;
	ev.cpu = cpu;
	event_emit(p_->bus, &ev);
}

/* The function's answer. */
uint64_t host_bridge::ask(const target &to, uint32_t width)
{
	pci_function *fn = to.fn->fn;
	uint64_t v;

	if (to.bar == config)
		v = fn->ops->config_read(fn, to.offset, width);
	else
		v = fn->ops->bar_read(fn, to.bar, to.offset, width);
	p_->bus_faults->keep(to.fn, to.bar, to.offset, v);
	return v;
}

/* A read that goes wrong.  One that nobody answers and one whose answer is an
 * old one do not reach the function; the others have their effect there. */
uint64_t host_bridge::spoilt(const target &to, uint32_t width, uint32_t effect,
			     uint64_t *late)
{
	const ringside::bus_faults &f = *p_->bus_faults;

	switch (effect) {
	case READ_TIMEOUT:
		*late = p_->now() + f.takes(p_->cfg.timing->timeout);
		return ~0ull;
	case READ_ZERO:
		ask(to, width);
		return 0;
	case READ_FLIP:
		return f.flipped(ask(to, width), width);
	case READ_STALE:
		return p_->bus_faults->stale(to.fn, to.bar, to.offset);
	case READ_SLOW:
		*late = p_->now() + f.takes(BUS_SLOW_PS);
		return ask(to, width);
	default:
		return ~0ull;
	}
}

uint64_t host_bridge::read(const target &to, uint32_t width, uint64_t *late)
{
	uint32_t effect = p_->bus_faults->at(
		to.bar == config ? BUS_CONFIG_READ : BUS_MMIO_READ,
		to.fn->index, (uint32_t)to.offset, p_->cpu_id());
	uint64_t v;

	if (to.fn->hangs()) {
		*late = p_->now() + p_->cfg.timing->timeout;
		v = ~0ull;
	} else {
		v = effect ? spoilt(to, width, effect, late) : ask(to, width);
	}
	v &= ~0ull >> (64 - 8 * width);
	emit(false, to, width, v, p_->cpu_id());
	return v;
}

/* Is the function pulled out at this access?  It may begin to hang as well. */
bool host_bridge::leaves(const target &to)
{
	ringside::bus_faults &f = *p_->bus_faults;
	uint64_t takes;

	switch (f.at(BUS_DEVICE, to.fn->index, EVENT_NO_INDEX, p_->cpu_id())) {
	case DEVICE_GONE:
		to.fn->unplug();
		return true;
	case DEVICE_STUCK:
		takes = f.takes(0);
		to.fn->hangs_until = takes ? p_->now() + takes : UINT64_MAX;
		return false;
	default:
		return false;
	}
}

/* Observers see the access before what it causes. */
void host_bridge::write(const target &to, uint32_t width, uint64_t v,
			uint8_t cpu)
{
	pci_function *fn = to.fn->fn;

	if (p_->bus_faults->at(to.bar == config ? BUS_CONFIG_WRITE :
						  BUS_MMIO_WRITE,
			       to.fn->index, (uint32_t)to.offset, cpu))
		return;
	emit(true, to, width, v, cpu);
	if (to.fn->gone || to.fn->hangs())
		return;
	if (to.bar == config)
		fn->ops->config_write(fn, to.offset, width, v);
	else
		fn->ops->bar_write(fn, to.bar, to.offset, width, v);
}

/* Posted: neither I/O nor configuration is. */
static bool is_memory(uint64_t addr)
{
	return !(addr & io_space) && !inside(map_ecam, addr);
}

void host_bridge::b_transport(tlm_generic_payload &t, sc_time &delay)
{
	const timing_profile *timing = p_->cfg.timing;
	uint32_t width = t.get_data_length();
	uint64_t v = 0, done, late = 0;
	target to;

	bool posts = t.is_write() && is_memory(t.get_address());

	t.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
	wait_for_posted(posts);
	if (address_port(t)) {
		delay += sc_time::from_value(2 * timing->cpu_access);
		return;
	}
	if (!decode(t.get_address(), width, &to) || leaves(to)) {
		delay += sc_time::from_value(
			path_unclaimed(timing, &p_->bus_wire, p_->now()));
		return;
	}
	t.set_response_status(tlm::TLM_OK_RESPONSE);
	if (t.is_write())
		memcpy(&v, t.get_data_ptr(), width);
	if (posts) {
		post(to, width, v);
		delay += sc_time::from_value(timing->cpu_post);
		return;
	}
	if (t.is_write()) {
		write(to, width, v, p_->cpu_id());
	} else {
		v = read(to, width, &late);
		memcpy(t.get_data_ptr(), &v, width);
	}
	/* A completion pushes what the function posted before it. */
	done = std::max({ path_cpu_access(&to.fn->path, p_->now(), t.is_write(),
					  width),
			  to.fn->drained_at(), late });
	delay += sc_time::from_value(done - p_->now());
}

/* Reads and configuration requests go behind posted writes; a write that finds
 * the buffer full waits for the first to leave it. */
void host_bridge::wait_for_posted(bool posts)
{
	size_t room = posts ? p_->cfg.timing->posted_depth - 1 : 0;

	while (posted_.size() > room) {
		const posted &last = posts ? posted_.front() : posted_.back();

		p_->current_cpu->stall(
			sc_time::from_value(last.arrival - p_->now()));
	}
}

void host_bridge::post(const target &to, uint32_t width, uint64_t v)
{
	uint64_t arrival = path_cpu_write(&to.fn->path, p_->now(), width);

	if (!posted_.empty())
		arrival = std::max(arrival, posted_.back().arrival);
	posted &e = posted_.push();
	e.arrival = arrival;
	e.value = v;
	e.to = to;
	e.width = width;
	e.cpu = p_->cpu_id();
	e.callers.count = platform_callers(p_, e.callers.frames,
					   call_stack::max);
	if (arrival <= p_->now() && posted_.size() == 1)
		deliver();
	else if (!deliver_.queued())
		p_->agenda->schedule(&deliver_, posted_.front().arrival);
}

void host_bridge::deliver()
{
	while (!posted_.empty() && posted_.front().arrival <= p_->now()) {
		const posted &e = posted_.front();

		p_->current_cpu = p_->cpus[e.cpu].get();
		p_->posted_by = &e.callers;
		write(e.to, e.width, e.value, e.cpu);
		p_->posted_by = nullptr;
		posted_.pop();
	}
	if (!posted_.empty())
		p_->agenda->schedule(&deliver_, posted_.front().arrival);
}

/* ---- the functions' way up ---- */

void host_bridge::set_intx(function_host *f, bool asserted)
{
	uint32_t line = ((f->bdf >> 3 & 31) + f->pin - 1) % irq_lines;

	if (asserted == f->intx_asserted)
		return;
	f->intx_asserted = asserted;
	line_count_[line] += asserted ? 1 : -1;
	p_->emit_intx(f->index, line, asserted);
	p_->intc->set_line(line, line_count_[line] > 0);
}

bool host_bridge::message(uint64_t addr, uint32_t data)
{
	return (inside(msi_range, addr) || p_->dma_reachable(addr, 4)) &&
	       transfer(tlm::TLM_WRITE_COMMAND, addr, &data, 4);
}

} // namespace ringside
