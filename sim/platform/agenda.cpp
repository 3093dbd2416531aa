/* SPDX-License-Identifier: MIT */
/*
 * The agenda's heap and its only link to SystemC: one event, notified for the
 * earliest item, and one method that runs what is due.
 */
#define SC_INCLUDE_DYNAMIC_PROCESSES
#include "sim/platform/agenda.h"

#include <cassert>

namespace ringside {

using sc_core::sc_time;

static bool before(const agenda_item *a, const agenda_item *b)
{
	if (a->time != b->time)
		return a->time < b->time;
	if (a->order != b->order)
		return a->order < b->order;
	return a->seq < b->seq;
}

agenda::agenda(sc_core::sc_module_name name, uint64_t *now)
	: sc_module(name), now_(*now)
{
	sc_core::sc_spawn_options opt;
	opt.spawn_method();
	opt.dont_initialize();
	opt.set_sensitivity(&tick_);
	sc_core::sc_spawn([this] { on_tick(); }, "tick", &opt);
	heap_.reserve(64);
}

void agenda::up(int slot)
{
	agenda_item *item = heap_[slot];

	while (slot > 0 && before(item, heap_[(slot - 1) / 2])) {
		put(slot, heap_[(slot - 1) / 2]);
		slot = (slot - 1) / 2;
	}
	put(slot, item);
}

void agenda::down(int slot)
{
	agenda_item *item = heap_[slot];
	int n = (int)heap_.size();

	for (;;) {
		int child = 2 * slot + 1;

		if (child >= n)
			break;
		if (child + 1 < n && before(heap_[child + 1], heap_[child]))
			child++;
		if (!before(heap_[child], item))
			break;
		put(slot, heap_[child]);
		slot = child;
	}
	put(slot, item);
}

void agenda::schedule(agenda_item *item, uint64_t time)
{
	assert(time >= now_);
	if (item->queued()) {
		if (time >= item->time)
			return;
		item->time = time;
		up(item->slot);
		return;
	}
	item->time = time;
	item->seq = seq_++;
	heap_.push_back(item);
	up((int)heap_.size() - 1);
}

void agenda::cancel(agenda_item *item)
{
	int slot = item->slot;
	agenda_item *last;

	if (slot < 0)
		return;
	item->slot = -1;
	last = heap_.back();
	heap_.pop_back();
	if (last == item)
		return;
	put(slot, last);
	up(slot);
	down(last->slot);
}

agenda_item *agenda::pop()
{
	agenda_item *item = heap_[0], *last = heap_.back();

	item->slot = -1;
	heap_.pop_back();
	if (last != item) {
		heap_[0] = last;
		down(0);
	}
	progress = progress + 1;
	return item;
}

/* Makes sure that on_tick runs at `time` or earlier. */
void agenda::arm(uint64_t time)
{
	if (time >= armed_)
		return;
	armed_ = time;
	if (time == now_)
		tick_.notify(sc_core::SC_ZERO_TIME);
	else
		tick_.notify(sc_time::from_value(time - now_));
}

/*
 * Runs callbacks until the earliest item is in the future (it arms and returns
 * NULL) or wakes a strand (returned, taken out).
 */
agenda_item *agenda::due()
{
	while (!ended_) {
		if (flush_at <= now_)
			flush();
		uint64_t next = next_time();
		if (next == UINT64_MAX) {
			on_idle();
			continue;
		}
		if (next > limit) {
			on_limit();
			continue;
		}
		if (next > now_)
			return nullptr;
		agenda_item *item = pop();
		if (item->wakes)
			return item;
		item->fire(item->arg);
	}
	return nullptr;
}

void agenda::on_tick()
{
	now_ = sc_core::sc_time_stamp().value();
	armed_ = UINT64_MAX;
	if (agenda_item *item = due())
		item->wakes->go_.notify();
	else if (!ended_ && wakes_next())
		take_next()->go_.notify(delay_);
	else if (!ended_)
		arm(next_time());
}

/* Where nothing can come before the next strand, it is woken without a detour
 * over the method.  A strand waits for its go_, to which it is sensitive. */
void agenda::block(strand *self)
{
	agenda_item *item = due();

	if (ended_) {
		sc_core::wait(never_);
	} else if (!item && wakes_next()) {
		take_next()->go_.notify(delay_);
		sc_core::wait();
	} else if (!item) {
		arm(next_time());
		sc_core::wait();
	} else if (item->wakes != self) {
		item->wakes->go_.notify();
		sc_core::wait();
	}
	arrive();
}

/* Who is next anyway need not be entered. */
void agenda::block_until(strand *self, uint64_t time)
{
	if (self->item_.queued() || !nothing_until(time)) {
		schedule(&self->item_, time);
		block(self);
		return;
	}
	skip_to(self, sc_time::from_value(time - now_));
}

void agenda::block_for(strand *self, const sc_time &delay)
{
	if (self->item_.queued() || !nothing_until(now_ + delay.value()))
		block_until(self, now_ + delay.value());
	else
		skip_to(self, delay);
}

/* Nothing comes before. */
void agenda::skip_to(strand *self, const sc_time &delay)
{
	progress = progress + 1;
	self->go_.notify(delay);
	sc_core::wait();
	arrive();
}

/* The strand that is next, later; SystemC's time until then is in delay_. */
strand *agenda::take_next()
{
	delay_ = sc_time::from_value(heap_[0]->time - now_);
	return pop()->wakes;
}

/* On a strand that runs again: the time may have moved. */
void agenda::arrive()
{
	uint64_t time = sc_core::sc_time_stamp().value();

	if (time == now_)
		return;
	now_ = time;
	if (flush_at <= now_)
		flush();
}

strand::strand(agenda *a, size_t stack_size) : agenda_(a), size_(stack_size)
{
	sc_core::sc_spawn_options opt;

	opt.dont_initialize();
	opt.set_sensitivity(&go_);
	opt.set_stack_size((int)stack_size);
	item_.wakes = this;
	sc_core::sc_spawn([this] { loop(); }, nullptr, &opt);
}

void strand::loop()
{
	top_ = (uintptr_t)__builtin_frame_address(0);
	agenda_->arrive();
	for (;;) {
		fn_(arg_);
		fn_ = nullptr;
		block();
	}
}

void strand::assign(rank r, uint64_t source, body fn, void *arg)
{
	assert(idle() && !item_.queued());
	item_.set_order(r, source);
	fn_ = fn;
	arg_ = arg;
}

void strand::withdraw()
{
	agenda_->cancel(&item_);
	fn_ = nullptr;
}

void strand::sleep(const sc_time &delay)
{
	uint64_t end = agenda_->now() + delay.value();

	if (agenda_->now() < end)
		agenda_->block_for(this, delay);
	while (agenda_->now() < end)
		block_until(end);
}

strand *strand_pool::get()
{
	for (auto &s : strands_)
		if (s->idle())
			return s.get();
	strands_.push_back(std::make_unique<strand>(agenda_, size_));
	return strands_.back().get();
}

} // namespace ringside
