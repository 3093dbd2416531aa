/* SPDX-License-Identifier: MIT */
/*
 * The whole machine, for the files of this folder.
 */
#ifndef RINGSIDE_SIM_PLATFORM_PLATFORM_IMPL_H
#define RINGSIDE_SIM_PLATFORM_PLATFORM_IMPL_H

#include <array>
#include <csetjmp>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "guestdrv/abi/machine.h"
#include "sim/fault/fault.h"
#include "sim/observe/event.h"
#include "sim/platform/agenda.h"
#include "sim/platform/bus_faults.h"
#include "sim/platform/cpu.h"
#include "sim/platform/fabric.h"
#include "sim/platform/function_host.h"
#include "sim/platform/host_bridge.h"
#include "sim/platform/platform.h"

/* What a guest holds; a platform is its only kind here. */
struct machine {};

struct platform : machine {
	platform_config cfg;
	event_bus *bus;
	fault_engine *faults;
	std::vector<fault_counter *> counters; /* of its points */
	std::vector<std::unique_ptr<ringside::function_host>> functions;
	/* The same by bus, device and function; all are on bus 0. */
	std::array<ringside::function_host *, 256> slots = {};

	/* Made by elaborate(), in this order. */
	uint8_t *ram_bytes = nullptr;
	std::unique_ptr<ringside::agenda> agenda;
	std::unique_ptr<ringside::bus_faults> bus_faults;
	std::unique_ptr<ringside::interconnect> fabric;
	std::unique_ptr<ringside::ram> memory;
	std::unique_ptr<ringside::interrupt_controller> intc;
	std::unique_ptr<ringside::host_bridge> bridge;
	std::vector<std::unique_ptr<ringside::cpu>> cpus;
	std::unique_ptr<ringside::strand_pool> guest_strands, lane_strands;
	std::vector<std::unique_ptr<machine_thread>> threads;
	size_t live_threads = 0;
	std::vector<std::unique_ptr<machine_event>> events;

	/* The bus, where the timing profile has one for all. */
	wire bus_wire;

	/* Functions whose next posted write may have to be delivered. */
	std::vector<ringside::function_host *> writers;

	/* Of the posted write that is being delivered, if one is. */
	const ringside::call_stack *posted_by = nullptr;

	/* The run. */
	uint64_t present = 0; /* picoseconds since power-on; the agenda's */
	const guest_image *image = nullptr;
	uintptr_t text_start = 0, text_end = 0;
	machine_info info;
	ringside::cpu *current_cpu = nullptr;
	ringside::lane *current_lane = nullptr;
	/* What a guest's pointer leads to is being read: a fault is its fault. */
	volatile bool reads_guest = false;
	/* The watchdog wants the guest stopped at its next machine call, unless
	 * the agenda has moved on from this progress. */
	volatile uint64_t spins_at = UINT64_MAX;
	void (*script)(void *) = nullptr;
	void *script_arg = nullptr;
	platform_data_fn *on_data = nullptr;
	void *on_data_arg = nullptr;
	platform_fetch_fn *on_fetch = nullptr;
	void *on_fetch_arg = nullptr;
	std::vector<uint8_t> watched; /* a byte a page; empty: nobody asks */

	/* limits.cpp: what runs beside the script, and may outlive its wait. */
	struct beside {
		platform *p;
		void (*fn)(void *);
		void *arg;
		bool over = false;
		machine_event end;
	};
	std::vector<std::unique_ptr<beside>> besides;
	bool actions_over = false; /* operators' actions end at once */

	/* The end. */
	platform_outcome outcome = {};
	std::string outcome_code, outcome_text;
	/* What the guest has mentioned; no more than max_mentions. */
	static constexpr size_t max_mentions = 4;
	std::deque<std::pair<std::string, uintptr_t>> mentions;
	std::vector<platform_backtrace> stacks;
	std::deque<std::string> wait_texts; /* what they wait for */
	sigjmp_buf out; /* where a guest's crash leaves the simulation */

	uint64_t now() const { return present; }
	bool in_text(uintptr_t pc) const
	{
		return pc >= text_start && pc < text_end;
	}
	uint8_t cpu_id() const
	{
		return current_cpu ? (uint8_t)current_cpu->id() : EVENT_NO_CPU;
	}
	uint16_t index_of(uint32_t bdf) const
	{
		return bdf < slots.size() && slots[bdf] ? slots[bdf]->index :
							  EVENT_NO_DEVICE;
	}
	bool dma_reachable(uint64_t addr, uint64_t len) const
	{
		uint64_t offset = addr - ringside::map_ram;

		return offset < cfg.memory && len <= cfg.memory - offset;
	}

	/* platform.cpp */
	void elaborate();
	machine_thread *new_thread(const char *name, ringside::cpu *c,
				   void (*fn)(void *), void *arg);
	/* A call of a point; true: a fault fires, and an event has told so. */
	bool fault_at(uint32_t point, uint16_t device, uint32_t index,
		      uint8_t cpu, fault_hit *hit);
	/* Does the call fail?  `name` is read if there is no handle yet. */
	int fault(const char *name, uint32_t *handle, uint16_t device,
		  uint32_t index)
	{
		uint32_t point = *handle - 1;

		if (point >= counters.size() || counters[point]->watched)
			return ask_fault(name, handle, device, index);
		counters[point]->calls++;
		return 0;
	}
	int ask_fault(const char *name, uint32_t *handle, uint16_t device,
		      uint32_t index);
	/* The function has a plain write that arrives then, first in its FIFO. */
	void note_writer(ringside::function_host *f, uint64_t arrival);
	/* Delivers the plain writes of all functions that have arrived. */
	void flush_writes();
	/* The run is over; the first call counts.  On a guest thread or lane it
	 * does not return once the caller blocks. */
	void finish(enum run_end end, const char *code, const char *text);

	/* backtrace.cpp */
	/* Of a crash: its frame pointer, its place, and the caller of a
	 * function that has no frame yet; 0: of a machine call. */
	void collect_stacks(void *const *culprit_frame, uintptr_t culprit_pc,
			    uintptr_t frameless_caller);

	/* emit.cpp */
	event new_event(enum event_kind kind, uint16_t device) const
	{
		event ev = {};

		ev.time = now();
		ev.kind = kind;
		ev.device = device;
		ev.index = EVENT_NO_INDEX;
		ev.cpu = EVENT_NO_CPU;
		return ev;
	}
	void emit_irq(enum event_kind kind, uint32_t cpu,
		      machine_irq_source source, uint32_t number);
	void emit_bus_error(const ringside::cpu *c, bool write, uint64_t addr,
			    uint32_t width);
	void emit_model(uint16_t device, const model_event *ev);
	void emit_dma_read(uint16_t device, uint64_t addr, const void *buf,
			   uint32_t len);
	/* Of a write, when it has arrived. */
	void emit_dma_write(uint64_t time, uint16_t device, uint64_t addr,
			    const void *buf, uint32_t len);
	/* EV_DMA_ERROR or EV_DMA_CANCELED: nothing was read or written. */
	void emit_dma_none(enum event_kind kind, uint16_t device, uint64_t addr,
			   uint32_t len, bool write);
	/* text: of a message that the function has not sent, why there is one. */
	void emit_msi(uint16_t device, uint32_t vector, uint64_t addr,
		      uint32_t data, uint32_t text);
	void emit_msi_lost(uint16_t device, uint32_t vector, uint64_t addr,
			   uint32_t data, const char *why);
	void emit_intx(uint16_t device, uint32_t line, bool asserted);
};

namespace ringside {

/* door.cpp */
extern const machine_calls door_calls;
/* crash.cpp: signal handlers and the watchdog, for the time of a run. */
void crash_guard_on(platform *p);
void crash_guard_off();
/* In a process forked meanwhile. */
void crash_guard_forked();
extern const char spin_text[];

} // namespace ringside

#endif
