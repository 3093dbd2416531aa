/* SPDX-License-Identifier: MIT */
/*
 * The questions at the machine's fault points, and messages that go wrong.
 */
#include "sim/platform/bus_faults.h"

#include "sim/platform/platform_impl.h"

namespace ringside {

/* A machine of a test joins the points itself; a run's has them already. */
bus_faults::bus_faults(platform *p) : p_(p)
{
	for (int i = 0; i < BUS_POINTS; i++)
		numbers_[i] = fault_engine_add_point(p->faults,
						     &machine_fault_points[i]);
	for (int i = 0; i < BUS_POINTS; i++)
		counters_[i] = fault_engine_counter(p->faults, numbers_[i]);
}

uint32_t bus_faults::ask(enum bus_point point, uint16_t device, uint32_t index,
			 uint8_t cpu)
{
	if (!p_->fault_at(numbers_[point], device, index, cpu, &hit_))
		return 0;
	return (uint32_t)fault_hit_value(&hit_);
}

uint64_t bus_faults::stale(const function_host *fn, uint32_t bar,
			   uint64_t offset)
{
	auto at = values_.find({ fn, bar, offset });

	return at == values_.end() ? 0 : at->second;
}

/* ---- messages ---- */

void bus_faults::arrive(void *arg)
{
	auto *l = static_cast<late *>(arg);

	l->from->message(l->vector, l->addr, l->data, l->text);
}

/* It is on its way whatever becomes of the function. */
void bus_faults::later(function_host *from, uint32_t vector, uint64_t addr,
		       uint32_t data, uint64_t ps, uint32_t text)
{
	late *l = nullptr;

	for (auto &old : late_)
		if (!old->item.queued())
			l = old.get();
	if (!l) {
		late_.push_back(std::make_unique<late>());
		l = late_.back().get();
	}
	l->from = from;
	l->vector = vector;
	l->addr = addr;
	l->data = data;
	l->text = text;
	l->item.set_order(rank::posted_write, from->bdf);
	l->item.fire = arrive;
	l->item.arg = l;
	p_->agenda->schedule(&l->item, p_->now() + ps);
}

void bus_faults::message(function_host *from, uint32_t effect, uint32_t vector,
			 uint64_t addr, uint32_t data)
{
	uint32_t other;

	switch (effect) {
	case MSI_LOST:
		p_->emit_msi(from->index, vector, addr, data, 0);
		p_->emit_msi_lost(from->index, vector, addr, data,
				  "lost on its way (bus.msi=lost)");
		break;
	case MSI_DUPLICATED:
		from->message(vector, addr, data, 0);
		later(from, vector, addr, data, takes(BUS_DUPLICATED_PS),
		      event_intern(p_->bus, "bus.msi=duplicated"));
		break;
	case MSI_DELAYED:
		later(from, vector, addr, data, takes(BUS_DELAYED_PS), 0);
		break;
	case MSI_WRONG_VECTOR:
		other = data + 1;
		p_->emit_msi(from->index, vector, addr, other, 0);
		p_->bridge->message(addr, other);
		p_->emit_msi_lost(from->index, vector, addr, data,
				  "sent to another vector "
				  "(bus.msi=wrong-vector)");
		break;
	}
}

} // namespace ringside
