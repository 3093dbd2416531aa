/* SPDX-License-Identifier: MIT */
/*
 * Interconnect, RAM and interrupt controller.  None of them takes time of its
 * own: what an access costs is the host bridge's matter.
 */
#include "sim/platform/fabric.h"

#include <algorithm>
#include <cstring>

#include "sim/platform/copy.h"
#include "sim/platform/platform_impl.h"

namespace ringside {

using sc_core::sc_time;
using tlm::tlm_generic_payload;

interconnect::interconnect(sc_core::sc_module_name name, size_t initiators,
			   size_t targets)
	: sc_module(name), from("from", initiators), to("to", targets)
{
	for (auto &socket : from)
		socket.bind(*this);
	for (auto &socket : to)
		socket.bind(*this);
}

void interconnect::map(machine_range range, size_t target)
{
	entry e = { range.base, range.base + (range.size - 1), &to[target],
		    nullptr };
	auto at = std::upper_bound(table_.begin(), table_.end(), e,
				   [](const entry &a, const entry &b) {
					   return a.base < b.base;
				   });

	table_.insert(at, e);
}

void interconnect::end_of_elaboration()
{
	for (entry &e : table_)
		e.target = (*e.to).operator->();
}

const interconnect::entry *interconnect::decode(uint64_t addr) const
{
	size_t low = 0, high = table_.size();

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (table_[mid].last < addr)
			low = mid + 1;
		else
			high = mid;
	}
	if (low == table_.size() || table_[low].base > addr)
		return nullptr;
	return &table_[low];
}

void interconnect::b_transport(tlm_generic_payload &t, sc_time &delay)
{
	uint64_t addr = t.get_address();
	const entry *e = last_;

	if (!e || addr - e->base > e->last - e->base) {
		e = before_;
		if (!e || addr - e->base > e->last - e->base)
			e = decode(addr);
		before_ = last_;
	}
	if (!e || t.get_data_length() - 1 > e->last - addr) {
		t.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
		return;
	}
	last_ = e;
	e->target->b_transport(t, delay);
}

ram::ram(sc_core::sc_module_name name, uint8_t *bytes, uint64_t base)
	: sc_module(name), bus("bus"), bytes_(bytes), base_(base)
{
	bus.bind(*this);
}

void ram::b_transport(tlm_generic_payload &t, sc_time &)
{
	uint8_t *at = bytes_ + (t.get_address() - base_);

	if (t.is_read())
		copy_bytes(t.get_data_ptr(), at, t.get_data_length());
	else
		copy_bytes(at, t.get_data_ptr(), t.get_data_length());
	t.set_response_status(tlm::TLM_OK_RESPONSE);
}

interrupt_controller::interrupt_controller(sc_core::sc_module_name name,
					   platform *p)
	: sc_module(name), doorbell("doorbell"), p_(p)
{
	doorbell.bind(*this);
}

/* A message: the CPU is in the address, the vector in the data. */
void interrupt_controller::b_transport(tlm_generic_payload &t, sc_time &)
{
	uint64_t offset = t.get_address() - map_msi;
	uint32_t vector = 0;

	t.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
	if (!t.is_write() || t.get_data_length() != 4 || (offset & 0xfff))
		return;
	memcpy(&vector, t.get_data_ptr(), 4);
	if (offset >> 12 >= p_->cpus.size() ||
	    vector - msi_first_vector >= p_->cfg.cpu_vectors)
		return;
	p_->cpus[offset >> 12]->raise(MACHINE_IRQ_MSI, vector);
	t.set_response_status(tlm::TLM_OK_RESPONSE);
}

void interrupt_controller::deliver(uint32_t line)
{
	input &in = lines_[line];

	if (!in.asserted || !in.enabled || in.in_service)
		return;
	in.in_service = true;
	p_->cpus[in.cpu]->raise(MACHINE_IRQ_LINE, line);
}

void interrupt_controller::set_line(uint32_t line, bool asserted)
{
	lines_[line].asserted = asserted;
	deliver(line);
}

void interrupt_controller::enable_line(uint32_t line, uint32_t cpu, bool enable)
{
	lines_[line].enabled = enable;
	lines_[line].cpu = cpu;
	deliver(line);
}

void interrupt_controller::line_done(uint32_t line)
{
	lines_[line].in_service = false;
	deliver(line);
}

} // namespace ringside
