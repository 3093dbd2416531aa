/* SPDX-License-Identifier: MIT */
/*
 * What joins the machine's parts: the interconnect with its decode table, RAM,
 * and the interrupt controller (MSI doorbell and level-triggered lines).
 * TLM-2.0 loosely timed: b_transport carries the delay.
 */
#ifndef RINGSIDE_SIM_PLATFORM_FABRIC_H
#define RINGSIDE_SIM_PLATFORM_FABRIC_H

#include <cstdint>
#include <systemc>
#include <tlm>
#include <vector>

#include "guestdrv/abi/machine.h"
#include "sim/platform/blocking.h"

struct platform;

namespace ringside {

/* I/O ports share the interconnect, above all memory addresses. */
constexpr uint64_t io_space = 1ull << 62;

/* The machine's map. */
constexpr machine_range map_ecam = { 0xb0000000, 0x10000000 };
constexpr machine_range map_window32 = { 0xc0000000, 0x30000000 };
constexpr machine_range map_window64 = { 0x8000000000, 0x8000000000 };
constexpr machine_range map_window_io = { 0x1000, 0xf000 };
/* Configuration mechanism #1: its ports, and what the address holds. */
constexpr machine_range map_config_ports = { 0xcf8, 8 };
constexpr uint64_t config_address_port = 0xcf8, config_data_port = 0xcfc;
constexpr uint32_t config_enable = 1u << 31, config_address_bits = 0x80fffffc;
constexpr uint64_t map_ram = 0x40000000;
constexpr uint64_t map_ram_max = 0x70000000;
constexpr uint64_t map_msi = 0xfee00000;
constexpr machine_range msi_range = { map_msi, 0x100000 };
constexpr uint32_t msi_first_vector = 32;
constexpr uint32_t irq_lines = 4;

inline bool inside(const machine_range &r, uint64_t addr)
{
	return addr - r.base < r.size;
}

class interconnect : public sc_core::sc_module,
		     blocking_target,
		     blocking_initiator {
public:
	using port = tlm::tlm_initiator_socket<>;
	sc_core::sc_vector<tlm::tlm_target_socket<>> from; /* a CPU or bridge */
	sc_core::sc_vector<port> to;

	interconnect(sc_core::sc_module_name name, size_t initiators,
		     size_t targets);
	/* The range goes to `target`; ranges must not overlap.  What is used most
	 * comes first: they are looked through in this order. */
	void map(machine_range range, size_t target);

private:
	struct entry {
		machine_range range;
		port *to;
		tlm::tlm_blocking_transport_if<> *target; /* it is bound to */
	};

	void end_of_elaboration() override;
	void b_transport(tlm::tlm_generic_payload &t,
			 sc_core::sc_time &delay) override;

	std::vector<entry> table_;
};

class ram : public sc_core::sc_module, blocking_target {
public:
	tlm::tlm_target_socket<> bus;

	ram(sc_core::sc_module_name name, uint8_t *bytes, uint64_t base);

private:
	void b_transport(tlm::tlm_generic_payload &t,
			 sc_core::sc_time &delay) override;

	uint8_t *bytes_;
	uint64_t base_;
};

class interrupt_controller : public sc_core::sc_module, blocking_target {
public:
	tlm::tlm_target_socket<> doorbell;

	interrupt_controller(sc_core::sc_module_name name, platform *p);
	/* The level of an input line. */
	void set_line(uint32_t line, bool asserted);
	void enable_line(uint32_t line, uint32_t cpu, bool enable);
	/* A handler for the line has returned: deliver again what still waits. */
	void line_done(uint32_t line);

private:
	struct input {
		bool asserted, enabled, in_service;
		uint32_t cpu;
	};

	void b_transport(tlm::tlm_generic_payload &t,
			 sc_core::sc_time &delay) override;
	void deliver(uint32_t line);

	platform *p_;
	input lines_[irq_lines] = {};
};

} // namespace ringside

#endif
