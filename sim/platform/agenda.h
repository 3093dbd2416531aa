/* SPDX-License-Identifier: MIT */
/*
 * The agenda: all timed work of platform and models, ordered by (time, class,
 * source, sequence), so that what happens at equal times does not depend on
 * who else is there.  SystemC is notified of the earliest item only.
 *
 * A strand is a coroutine (an SC_THREAD) that runs only when its item comes up.
 * Whoever blocks looks at the agenda itself: callbacks run on its stack, and a
 * strand that is next again goes on without a switch.
 */
#ifndef RINGSIDE_SIM_PLATFORM_AGENDA_H
#define RINGSIDE_SIM_PLATFORM_AGENDA_H

#include <cstdint>
#include <functional>
#include <memory>
#include <systemc>
#include <vector>

namespace ringside {

/* What comes first at equal times. */
enum class rank : uint8_t {
	posted_write,
	interrupt_line,
	device_lane,
	cpu,
	timer,
};

class strand;

/* Embedded in what wants to be called; must outlive its time in the agenda. */
struct agenda_item {
	uint64_t time = 0;   /* picoseconds */
	uint64_t order = 0;  /* rank and source */
	uint64_t seq = 0;
	int slot = -1;       /* in the heap; -1: not in the agenda */
	strand *wakes = nullptr;
	void (*fire)(void *) = nullptr;
	void *arg = nullptr;

	void set_order(rank r, uint64_t source)
	{
		order = (uint64_t)r << 56 | source;
	}
	bool queued() const { return slot >= 0; }
};

class agenda : public sc_core::sc_module {
public:
	/* now: where it keeps the present, picoseconds since power-on. */
	agenda(sc_core::sc_module_name name, uint64_t *now);

	uint64_t now() const { return now_; }
	/* Puts the item in; an item that is in is moved if `time` is earlier. */
	void schedule(agenda_item *item, uint64_t time);
	/* Puts it in at exactly this time, earlier or later than it was. */
	void reschedule(agenda_item *item, uint64_t time)
	{
		cancel(item);
		schedule(item, time);
	}
	void cancel(agenda_item *item);
	/* Time of the earliest item, or, where there is none before the limit,
	 * of what is to be flushed; UINT64_MAX: nothing is left. */
	uint64_t next_time() const
	{
		if (heap_.empty() ||
		    (heap_[0]->time > limit && flush_at <= limit))
			return flush_at;
		return heap_[0]->time;
	}
	/* Before the simulation starts: makes sure that the first item runs. */
	void begin() { arm(next_time()); }
	/* Called on a strand: runs what is due until its own item comes up. */
	void block(strand *self);
	/* The same with its item at `time` or earlier. */
	void block_until(strand *self, uint64_t time);
	/* The same, `delay` from now. */
	void block_for(strand *self, const sc_core::sc_time &delay);
	/* Nothing runs any more: every strand that blocks stays so. */
	void end() { ended_ = true; }
	bool ended() const { return ended_; }
	/* Called when nothing is left that could ever happen, and when the next
	 * item lies beyond `limit`; both must end the agenda. */
	std::function<void()> on_idle, on_limit;
	uint64_t limit = UINT64_MAX;
	/* What must be done before anything else happens at `flush_at` or later:
	 * it spares an item for each write that nobody may be waiting for. */
	uint64_t flush_at = UINT64_MAX;
	std::function<void()> flush;
	/* Items that have come up; the watchdog looks whether it moves. */
	volatile uint64_t progress = 0;

private:
	friend class strand;
	void on_tick();
	agenda_item *due();
	void arm(uint64_t time);
	/* Nothing is to be done until then, and nothing comes before. */
	bool nothing_until(uint64_t time) const
	{
		return (heap_.empty() || time < heap_[0]->time) &&
		       time <= limit && flush_at > now_ && !ended_;
	}
	/* What comes next is an item, and it wakes a strand. */
	bool wakes_next() const
	{
		return !heap_.empty() && heap_[0]->wakes &&
		       heap_[0]->time <= limit;
	}
	strand *take_next();
	void skip_to(strand *self, const sc_core::sc_time &delay);
	void arrive();
	agenda_item *pop();
	void up(int slot);
	void down(int slot);
	void put(int slot, agenda_item *item)
	{
		heap_[slot] = item;
		item->slot = slot;
	}

	std::vector<agenda_item *> heap_;
	sc_core::sc_event tick_, never_;
	sc_core::sc_time delay_;
	uint64_t &now_;
	uint64_t seq_ = 0, armed_ = UINT64_MAX;
	bool ended_ = false;
};

/* A coroutine.  Comes from a pool and goes back when its function returns. */
class strand {
public:
	using body = void (*)(void *);

	strand(agenda *a, size_t stack_size);
	/* Gives an idle strand work; it begins when it is resumed. */
	void assign(rank r, uint64_t source, body fn, void *arg);
	/* Takes the work back, which has not begun yet. */
	void withdraw();
	/* To be called on another strand or from a callback; repeated calls
	 * count once, the earliest time wins. */
	void resume(uint64_t time) { agenda_->schedule(&item_, time); }
	/* To be called on this strand.  They may return early: look again. */
	void block() { agenda_->block(this); }
	void block_until(uint64_t time) { agenda_->block_until(this, time); }
	void sleep(const sc_core::sc_time &delay);
	bool idle() const { return fn_ == nullptr; }
	/* Highest and lowest address of the stack; 0 before it first ran. */
	uintptr_t stack_top() const { return top_; }
	uintptr_t stack_low() const { return top_ ? top_ - size_ : 0; }

private:
	friend class agenda;
	void loop();

	agenda *agenda_;
	size_t size_;
	uintptr_t top_ = 0;
	agenda_item item_;
	sc_core::sc_event go_;
	body fn_ = nullptr;
	void *arg_ = nullptr;
};

class strand_pool {
public:
	strand_pool(agenda *a, size_t stack_size) : agenda_(a), size_(stack_size)
	{
	}
	strand *get();

private:
	agenda *agenda_;
	size_t size_;
	std::vector<std::unique_ptr<strand>> strands_;
};

} // namespace ringside

#endif
