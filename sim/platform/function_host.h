/* SPDX-License-Identifier: MIT */
/*
 * The host side of door 2 for one function: lanes with their epochs, the
 * ordered FIFO of what the function posts, and its path to memory.
 */
#ifndef RINGSIDE_SIM_PLATFORM_FUNCTION_HOST_H
#define RINGSIDE_SIM_PLATFORM_FUNCTION_HOST_H

#include <algorithm>
#include <cstdint>
#include <memory>
#include <vector>

#include "models/pci/device_model.h"
#include "sim/platform/agenda.h"
#include "sim/platform/copy.h"
#include "sim/platform/cpu.h"
#include "sim/platform/fifo.h"
#include "sim/platform/path.h"

struct platform;

namespace ringside {

class function_host;

/* Where a function's work runs, one item at a time. */
struct lane {
	function_host *host;
	uint32_t number;
	strand *worker = nullptr;  /* from being scheduled to lane_run's end */
	bool running = false;
	bool again = false;        /* scheduled while running */
	uint64_t again_at = 0;
	uint32_t epoch = 0;        /* raised by cancel */
	uint32_t run_epoch = 0;    /* of the present lane_run */
	uint64_t cursor = 0;       /* batched: how far its time has come */
};

class function_host : public pci_host {
public:
	function_host(platform *p, uint32_t bdf, uint16_t index);
	~function_host() { path_fini(&path); }
	function_host(const function_host &) = delete;
	function_host &operator=(const function_host &) = delete;

	/* door 2 */
	enum dma_result dma_read(uint64_t addr, void *buf, uint32_t len);
	enum dma_result dma_write(uint64_t addr, const void *buf, uint32_t len);
	enum dma_result lane_wait(uint64_t ps);
	void msi(uint32_t vector, uint64_t addr, uint32_t data);
	void intx(uint32_t pin, bool asserted);
	void lane_schedule(uint32_t lane, uint64_t delay);
	void cancel(uint64_t lanes);
	void action_done(int result);

	/* When the last of what has been posted by now will have arrived. */
	uint64_t drained_at();
	/* Arrival of the next plain write, UINT64_MAX: something else is next. */
	uint64_t next_write() const
	{
		return fifo_.empty() || fifo_.front().what != kind::write ?
			       UINT64_MAX :
			       fifo_.front().arrival;
	}
	/* Delivers it. */
	void deliver_write();
	void unplug();
	bool hangs() const;
	/* A message arrives; text: as emit_msi. */
	void message(uint32_t vector, uint64_t addr, uint32_t data,
		     uint32_t text);
	/* On a guest thread: an operator's action, from its start to its end. */
	int act(const device_action *action, const device_value *values,
		uint64_t within_ps, const char *what);

	platform *const p;
	const uint32_t bdf;
	const uint16_t index;
	pci_function *fn = nullptr;
	pci_function *behind = nullptr; /* whose actions it has; null: fn's */
	bus_path path;
	bool gone = false;
	/* Until then it answers nothing, takes nothing and begins no work. */
	uint64_t hangs_until = 0;
	uint32_t pin = 0;           /* of the last INTx message */
	bool intx_asserted = false; /* as delivered */

private:
	enum class kind : uint8_t { write, msi, intx };
	struct posted {
		uint64_t issue, arrival, addr;
		uint32_t vector; /* of msi; the pin of intx */
		kind what;
		uint8_t lane;    /* 0xff: a register handler */
		uint32_t len;
		uint8_t few[16];  /* the data where it fits, */
		std::vector<uint8_t> many; /* or here */

		void assign(const void *data, uint32_t n)
		{
			const uint8_t *from = (const uint8_t *)data;

			len = n;
			if (n <= sizeof(few))
				copy_bytes(few, from, n);
			else
				many.assign(from, from + n);
		}
		uint8_t *data()
		{
			return len <= sizeof(few) ? few : many.data();
		}
	};
	lane *get_lane(uint32_t n);
	static void run_lane(void *arg);
	void enter(lane *l);
	void lane_ended(lane *l);
	void drained(uint64_t bit);
	bool begins(lane *l);
	void withdraw(uint64_t lanes);
	bool pass(lane *l, uint64_t until);
	bool wait_for_posted(lane *l);
	bool read_memory(uint64_t addr, void *buf, uint32_t len);
	bool canceled(const lane *l) const
	{
		return gone || l->epoch != l->run_epoch;
	}
	posted &post(kind what, const lane *l, uint64_t when,
		     uint64_t arrival);
	void deliver();
	void deliver_message();
	void schedule_delivery();
	const lane *running_lane() const;

	std::vector<std::unique_ptr<lane>> lanes_; /* as far as used */
	fifo<posted> fifo_;
	agenda_item deliver_;
	uint64_t last_arrival_ = 0;
	/* Cancels whose lanes still run. */
	struct drain {
		uint64_t lanes, running;
	};
	std::vector<drain> drains_;
	/* The operator's action: a thread waits for it; it has ended. */
	bool acting_ = false, acted_ = false;
	int action_result_ = 0;
	machine_event action_end_;
};

} // namespace ringside

#endif
