/* SPDX-License-Identifier: MIT */
/*
 * Scheduling of guest threads on a CPU, interrupt entry, and the CPU's bus
 * accesses.
 */
#include "sim/platform/cpu.h"

#include <cassert>
#include <cstring>

#include "sim/platform/platform_impl.h"

void machine_event::push(machine_waiter *w)
{
	(last ? last->next : first) = w;
	last = w;
}

void machine_event::remove(machine_waiter *w)
{
	machine_waiter *prev = nullptr;

	for (machine_waiter *o = first; o != w; o = o->next)
		prev = o;
	(prev ? prev->next : first) = w->next;
	if (last == w)
		last = prev;
}

namespace ringside {

cpu::cpu(sc_core::sc_module_name name, platform *p, uint32_t id)
	: sc_module(name), bus("bus"), p_(p), id_(id)
{
	bus.bind(*this);
	payload_.set_byte_enable_ptr(nullptr);
	payload_.set_dmi_allowed(false);
}

/* After each moment in which others may have run. */
void cpu::resumed()
{
	p_->current_cpu = this;
}

/* One bus transaction; false: nobody answers. */
bool cpu::transport(bool write, machine_space space, uint64_t addr,
		    unsigned width, uint64_t *v, sc_core::sc_time *delay)
{
	if (addr >= io_space)
		return false;
	payload_.set_command(write ? tlm::TLM_WRITE_COMMAND :
				     tlm::TLM_READ_COMMAND);
	payload_.set_address(space == MACHINE_IO ? addr | io_space : addr);
	payload_.set_data_ptr((unsigned char *)v);
	payload_.set_data_length(width);
	payload_.set_streaming_width(width);
	payload_.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
	bus->b_transport(payload_, *delay);
	resumed();
	return payload_.is_response_ok();
}

uint64_t cpu::access(bool write, machine_space space, uint64_t addr,
		     unsigned width, uint64_t v)
{
	sc_core::sc_time delay;

	if (!write)
		v = 0;
	if (!transport(write, space, addr, width, &v, &delay)) {
		p_->emit_bus_error(this, write, addr, width);
		v = ~0ull >> (64 - 8 * width);
		delay += sc_core::sc_time::from_value(
			2 * p_->cfg.timing->cpu_access);
	}
	stall(delay);
	safe_point();
	return v;
}

void cpu::stall(const sc_core::sc_time &delay)
{
	context_->strand->sleep(delay);
	resumed();
}

bool cpu::irq_due() const
{
	return !pending_.empty() && pending_.front().ready_at <= p_->now();
}

void cpu::safe_point()
{
	if (irqs_on() && irq_due())
		take_interrupts();
}

void cpu::take_interrupts()
{
	while (irq_due()) {
		irq i = pending_.front();

		pending_.pop();
		enter(i);
	}
}

void cpu::enter(const irq &i)
{
	void *const *frame = context_->frame;

	in_irq_ = true;
	p_->emit_irq(EV_IRQ_ENTER, id_, i.source, i.number);
	p_->image->interrupt(id_, i.source, i.number);
	p_->emit_irq(EV_IRQ_EXIT, id_, i.source, i.number);
	in_irq_ = false;
	context_->frame = frame;
	if (i.source == MACHINE_IRQ_LINE)
		p_->intc->line_done(i.number);
}

/*
 * An edge for a vector that is already pending is absorbed by it, as a local
 * interrupt controller's request bit does.
 */
void cpu::raise(machine_irq_source source, uint32_t number)
{
	uint64_t at = p_->now() + p_->cfg.timing->irq_entry;

	p_->emit_irq(EV_IRQ_RAISE, id_, source, number);
	for (size_t i = 0; i < pending_.size(); i++)
		if (pending_.at(i).source == source &&
		    pending_.at(i).number == number)
			return;
	pending_.push() = { source, number, at };
	wake_for_irq(at);
}

void cpu::wake_for_irq(uint64_t time)
{
	if (in_irq_)
		return;
	if (running_) {
		if (running_->state == thread_state::spinning)
			running_->strand->resume(time);
		return;
	}
	if (!idle_last_)
		add_idle_thread();
	if (idle_last_)
		idle_last_->strand->resume(time);
}

/* A CPU without any thread needs a stack for its interrupts. */
void cpu::add_idle_thread()
{
	static machine_event never{ "nothing" };
	machine_thread *t = p_->new_thread(
		"idle", this,
		[](void *arg) {
			auto *c = static_cast<cpu *>(arg);

			c->wait(&never, UINT64_MAX, false);
		},
		this);

	t->housekeeping = true;
	add(t);
}

void cpu::idle_push(machine_thread *t)
{
	t->idle_prev = idle_last_;
	t->idle_next = nullptr;
	if (idle_last_)
		idle_last_->idle_next = t;
	idle_last_ = t;
}

void cpu::idle_remove(machine_thread *t)
{
	if (t->idle_prev)
		t->idle_prev->idle_next = t->idle_next;
	if (t->idle_next)
		t->idle_next->idle_prev = t->idle_prev;
	if (idle_last_ == t)
		idle_last_ = t->idle_prev;
	t->idle_prev = t->idle_next = nullptr;
}

void cpu::add(machine_thread *t)
{
	t->state = thread_state::ready;
	ready_.push() = t;
	dispatch();
}

/* Gives the free token to the longest ready thread. */
void cpu::dispatch()
{
	if (running_ || in_irq_ || ready_.empty())
		return;
	running_ = context_ = ready_.front();
	ready_.pop();
	running_->state = thread_state::running;
	running_->strand->resume(p_->now());
}

void cpu::wake(machine_waiter *w)
{
	machine_thread *t = w->thread;

	p_->agenda->cancel(&w->deadline);
	w->event->remove(w);
	w->event = nullptr;
	if (w->spins) {
		t->strand->resume(p_->now());
		return;
	}
	idle_remove(t);
	add(t);
}

static void deadline_passed(void *arg)
{
	auto *w = static_cast<machine_waiter *>(arg);

	w->thread->cpu->wake(w);
}

bool cpu::wait(machine_event *ev, uint64_t deadline_ps, bool hold,
	       const char *what)
{
	machine_thread *t = context_;
	machine_event *outer = t->waits;
	const char *outer_for = t->waits_for;
	machine_waiter w = { t, ev, hold, false, nullptr, {} };

	w.deadline.set_order(rank::timer, (uint64_t)id_ << 32 | t->number);
	w.deadline.fire = deadline_passed;
	w.deadline.arg = &w;
	t->waits = ev;
	t->waits_for = what;
	ev->push(&w);
	if (deadline_ps != UINT64_MAX)
		p_->agenda->schedule(&w.deadline,
				     std::max(deadline_ps, p_->now()));
	if (hold)
		spin(&w);
	else
		idle(t);
	resumed();
	t->waits = outer;
	t->waits_for = outer_for;
	return w.woken;
}

/* Keeps the CPU; interrupts stay as they are.  In an interrupt the thread's
 * state is that of the wait below. */
void cpu::spin(machine_waiter *w)
{
	machine_thread *t = w->thread;

	if (!in_irq_)
		t->state = thread_state::spinning;
	while (w->event) {
		if (irqs_on() && !pending_.empty())
			t->strand->resume(std::max(p_->now(),
						   pending_.front().ready_at));
		t->strand->block();
		resumed();
		if (w->event)
			safe_point();
	}
	if (!in_irq_)
		t->state = thread_state::running;
}

void cpu::idle(machine_thread *t)
{
	t->state = thread_state::waiting;
	running_ = nullptr;
	idle_push(t);
	while (running_ != t) {
		if (!running_ && !in_irq_) {
			if (!ready_.empty() && ready_.front() == t) {
				ready_.pop();
				running_ = context_ = t;
				break;
			} else if (!ready_.empty()) {
				dispatch();
			} else if (irq_due()) {
				context_ = t;
				resumed();
				take_interrupts();
				continue;
			} else if (!pending_.empty() && idle_last_) {
				idle_last_->strand->resume(
					pending_.front().ready_at);
			}
		}
		t->strand->block();
	}
	t->state = thread_state::running;
}

void cpu::thread_ended(machine_thread *t)
{
	t->state = thread_state::ended;
	running_ = context_ = nullptr;
	dispatch();
	if (!running_ && !pending_.empty())
		wake_for_irq(std::max(p_->now(), pending_.front().ready_at));
}

} // namespace ringside
