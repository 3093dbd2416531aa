/* SPDX-License-Identifier: MIT */
/*
 * A virtual CPU: one token, held while a guest thread runs (bus stalls
 * included) and given up only when it waits.  Interrupts are taken at safe
 * points on the stack of whatever runs there; the last thread to go idle takes
 * its CPU's interrupts itself.
 */
#ifndef RINGSIDE_SIM_PLATFORM_CPU_H
#define RINGSIDE_SIM_PLATFORM_CPU_H

#include <cstdint>
#include <string>
#include <systemc>
#include <tlm>

#include "guestdrv/abi/machine.h"
#include "sim/platform/agenda.h"
#include "sim/platform/blocking.h"
#include "sim/platform/fifo.h"

struct platform;

namespace ringside {
class cpu;
}

enum class thread_state { ready, running, waiting, spinning, ended };

/* A guest thread. */
struct machine_thread {
	platform *p;
	ringside::strand *strand = nullptr;
	ringside::cpu *cpu;
	std::string name;
	void (*fn)(void *);
	void *arg;
	uint32_t number;
	thread_state state = thread_state::ready;
	bool housekeeping = false; /* the machine's own: no part of reports */
	bool irqs_on = true;
	machine_event *waits = nullptr; /* in its newest wait */
	const char *waits_for = nullptr; /* the guest's words; may be a lie */
	machine_thread *idle_prev = nullptr, *idle_next = nullptr;
	/* Where the guest's frames begin, seen from its last machine call. */
	void *const *frame = nullptr;
};

/* One wait.  An interrupt that is taken in the middle of a thread's wait may
 * spin on that thread's stack, so a thread can be in two. */
struct machine_waiter {
	machine_thread *thread;
	machine_event *event; /* NULL: the wait is over */
	bool spins;
	bool woken;
	machine_waiter *next;
	ringside::agenda_item deadline;
};

/* What threads wait on: a FIFO of those who do. */
struct machine_event {
	static constexpr uint64_t is_event = 0x746e65766520aaull;

	std::string name;
	machine_waiter *first = nullptr, *last = nullptr;
	uint64_t magic = is_event; /* guests hold pointers to events */

	void push(machine_waiter *w);
	void remove(machine_waiter *w);
};

namespace ringside {

class cpu : public sc_core::sc_module, blocking_initiator {
public:
	tlm::tlm_initiator_socket<> bus;

	cpu(sc_core::sc_module_name name, platform *p, uint32_t id);

	uint32_t id() const { return id_; }
	/* On whose stack this CPU's code runs: a thread, or, in an interrupt
	 * taken while idle, the thread that lends its stack. */
	machine_thread *context() const { return context_; }
	bool in_interrupt() const { return in_irq_; }
	bool irqs_on() const { return !in_irq_ && context_->irqs_on; }

	/* For machine calls, on the CPU's present context. */
	uint64_t access(bool write, machine_space space, uint64_t addr,
			unsigned width, uint64_t v);
	void stall(const sc_core::sc_time &delay);
	void safe_point();
	bool wait(machine_event *ev, uint64_t deadline_ps, bool hold,
		  const char *what = nullptr);

	/* From anywhere. */
	void add(machine_thread *t);
	/* Ends a wait of one of this CPU's threads. */
	void wake(machine_waiter *w);
	void raise(machine_irq_source source, uint32_t number);
	/* The thread's function has returned; called on its stack. */
	void thread_ended(machine_thread *t);

private:
	struct irq {
		machine_irq_source source;
		uint32_t number;
		uint64_t ready_at;
	};

	bool transport(bool write, machine_space space, uint64_t addr,
		       unsigned width, uint64_t *v, sc_core::sc_time *delay);
	bool irq_due() const;
	void take_interrupts();
	void enter(const irq &i);
	void spin(machine_waiter *w);
	void idle(machine_thread *t);
	void idle_push(machine_thread *t);
	void idle_remove(machine_thread *t);
	void dispatch();
	void wake_for_irq(uint64_t time);
	void add_idle_thread();
	void resumed();

	platform *p_;
	uint32_t id_;
	machine_thread *running_ = nullptr; /* holds the token */
	machine_thread *context_ = nullptr;
	machine_thread *idle_last_ = nullptr; /* the last to go idle */
	fifo<machine_thread *> ready_;
	fifo<irq> pending_;
	bool in_irq_ = false;
	tlm::tlm_generic_payload payload_;
};

} // namespace ringside

#endif
