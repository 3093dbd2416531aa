/* SPDX-License-Identifier: MIT */
/*
 * The host bridge: the two ways to configuration space (ECAM, and mechanism #1
 * through the ports CF8h and CFCh, PCI 3.0 3.2.2.3.2), the memory and I/O
 * windows, and the one shell below it that hosts all functions, which are plain
 * C.  CPU writes to memory are posted and arrive later, in order; reads wait for
 * them.
 */
#ifndef RINGSIDE_SIM_PLATFORM_HOST_BRIDGE_H
#define RINGSIDE_SIM_PLATFORM_HOST_BRIDGE_H

#include <cstdint>
#include <memory>
#include <systemc>
#include <tlm>
#include <vector>

#include "sim/observe/event.h"
#include "sim/platform/agenda.h"
#include "sim/platform/blocking.h"
#include "sim/platform/call_stack.h"
#include "sim/platform/fifo.h"
#include "sim/platform/function_host.h"

struct platform;

namespace ringside {

class host_bridge : public sc_core::sc_module,
		    blocking_target,
		    blocking_initiator {
public:
	tlm::tlm_target_socket<> down;  /* from CPUs */
	tlm::tlm_initiator_socket<> up; /* DMA and MSI */

	host_bridge(sc_core::sc_module_name name, platform *p);

	void add(function_host *f);
	/* A BAR's decode changed; PCI_WINDOW_NONE withdraws it. */
	void set_window(function_host *f, uint32_t bar,
			enum pci_window_kind kind, uint64_t base,
			uint64_t size);
	void remove_windows(function_host *f);
	/* A function's pin changed: lines are wired-OR. */
	void set_intx(function_host *f, bool asserted);
	/* One bus transaction of a function; false: nobody answers.  The address
	 * is in RAM, or where messages go. */
	bool transfer(tlm::tlm_command command, uint64_t addr, void *data,
		      uint32_t len)
	{
		sc_core::sc_time delay;

		payload_.set_command(command);
		payload_.set_address(addr);
		payload_.set_data_ptr((unsigned char *)data);
		payload_.set_data_length(len);
		payload_.set_streaming_width(len);
		payload_.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
		above_->b_transport(payload_, delay);
		return payload_.is_response_ok();
	}
	/* A message of one; it may have any address. */
	bool message(uint64_t addr, uint32_t data);

private:
	struct window {
		uint64_t base, last;
		function_host *fn;
		uint32_t bar;
		uint64_t reach; /* the largest last up to this one */
	};
	/* A CPU's access, decoded. */
	struct target {
		function_host *fn;
		uint32_t bar;    /* or `config` */
		uint64_t offset;
		bool io;
	};
	struct posted {
		uint64_t arrival, value;
		target to;
		uint32_t width;
		uint8_t cpu;
		call_stack callers; /* in the guest, of who wrote it */
	};
	static constexpr uint32_t config = 0xff;

	void end_of_elaboration() override;
	void b_transport(tlm::tlm_generic_payload &t,
			 sc_core::sc_time &delay) override;
	bool decode(uint64_t addr, uint32_t width, target *to) const;
	bool decode_config(uint64_t bdf, uint64_t offset, uint32_t width,
			   target *to) const;
	bool address_port(tlm::tlm_generic_payload &t);
	static void settle(std::vector<window> &table);
	static const window *find(const std::vector<window> &w, uint64_t addr);
	/* late: becomes later where something holds the answer up. */
	uint64_t read(const target &to, uint32_t width, uint64_t *late);
	uint64_t ask(const target &to, uint32_t width);
	uint64_t spoilt(const target &to, uint32_t width, uint32_t effect,
			uint64_t *late);
	bool leaves(const target &to);
	void write(const target &to, uint32_t width, uint64_t v, uint8_t cpu);
	void post(const target &to, uint32_t width, uint64_t v);
	void wait_for_posted(bool posts);
	void deliver();
	void emit(bool is_write, const target &to, uint32_t width, uint64_t v,
		  uint8_t cpu);

	platform *p_;
	tlm::tlm_blocking_transport_if<> *above_; /* what `up` is bound to */
	std::vector<function_host *> by_bdf_;
	std::vector<window> mem_, io_; /* ascending, not overlapping */
	fifo<posted> posted_;
	agenda_item deliver_;
	uint32_t line_count_[4] = {};
	uint32_t config_address_ = 0; /* what the port CF8h holds */
	tlm::tlm_generic_payload payload_;
};

} // namespace ringside

#endif
