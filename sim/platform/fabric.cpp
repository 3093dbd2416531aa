/* SPDX-License-Identifier: MIT */
/*
 * Interconnect, RAM and interrupt controller.  None of them takes time of its
 * own: what an access costs is the host bridge's matter.
 */
#include "sim/platform/fabric.h"

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
	table_.push_back({ range, &to[target], nullptr });
}

void interconnect::end_of_elaboration()
{
	for (entry &e : table_)
		e.target = (*e.to).operator->();
}

void interconnect::b_transport(tlm_generic_payload &t, sc_time &delay)
{
	uint64_t addr = t.get_address(), len = t.get_data_length();

	for (const entry &e : table_) {
		if (!inside(e.range, addr))
			continue;
		if (len > e.range.size - (addr - e.range.base))
			break;
		e.target->b_transport(t, delay);
		return;
	}
	t.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
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
