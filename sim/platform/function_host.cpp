/* SPDX-License-Identifier: MIT */
/*
 * Lanes, DMA and posted writes of one function.
 *
 * `stepwise`: a DMA read waits until its data is there.  `batched`: reads are
 * made at once and only move the lane's time cursor; what the lane posts bears
 * the cursor's time, and the one wait of a batch is the next read's, for what
 * was posted to arrive.
 */
#include "sim/platform/function_host.h"

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstring>

#include "sim/platform/platform_impl.h"

namespace ringside {

static function_host *self(pci_host *h)
{
	return static_cast<function_host *>(h);
}

static void forward_event(pci_host *h, const model_event *ev)
{
	self(h)->p->emit_model(self(h)->index, ev);
}

static int forward_fault(pci_host *h, model_fault_site *site, uint32_t index)
{
	return self(h)->p->fault(site->name, &site->handle, self(h)->index,
				 index);
}

static void forward_window(pci_host *h, uint32_t bar, enum pci_window_kind kind,
			   uint64_t base, uint64_t size)
{
	self(h)->p->bridge->set_window(self(h), bar, kind, base, size);
}

static const pci_host_ops host_ops = {
	PCI_FUNCTION_ABI_VERSION,
	sizeof(pci_host_ops),
	[](pci_host *h, uint64_t addr, void *buf, uint32_t len) {
		return self(h)->dma_read(addr, buf, len);
	},
	[](pci_host *h, uint64_t addr, const void *buf, uint32_t len) {
		return self(h)->dma_write(addr, buf, len);
	},
	[](pci_host *h, uint64_t ps) { return self(h)->lane_wait(ps); },
	[](pci_host *h, uint32_t vector, uint64_t addr, uint32_t data) {
		self(h)->msi(vector, addr, data);
	},
	[](pci_host *h, uint32_t pin, bool asserted) {
		self(h)->intx(pin, asserted);
	},
	[](pci_host *h, uint32_t lane, uint64_t delay) {
		self(h)->lane_schedule(lane, delay);
	},
	[](pci_host *h, uint64_t lanes) { self(h)->cancel(lanes); },
	forward_window,
	forward_event,
	forward_fault,
	[](pci_host *h, int result) { self(h)->action_done(result); },
};

function_host::function_host(platform *plat, uint32_t f, uint16_t i)
	: p(plat), bdf(f), index(i)
{
	ops = &host_ops;
	path_init(&path, p->cfg.timing, &p->bus_wire);
	deliver_.set_order(rank::posted_write, bdf);
	deliver_.fire = [](void *arg) {
		static_cast<function_host *>(arg)->deliver();
	};
	deliver_.arg = this;
}

/* ---- lanes ---- */

lane *function_host::get_lane(uint32_t n)
{
	assert(n < PCI_MAX_LANES);
	if (n >= lanes_.size())
		lanes_.resize(n + 1);
	if (!lanes_[n]) {
		lanes_[n] = std::make_unique<lane>();
		lane *l = lanes_[n].get();

		l->host = this;
		l->number = n;
	}
	return lanes_[n].get();
}

void function_host::lane_schedule(uint32_t n, uint64_t delay)
{
	lane *l = get_lane(n);
	uint64_t at = p->now() + delay;

	if (gone)
		return;
	if (!l->worker) {
		l->worker = p->lane_strands->get();
		l->worker->assign(rank::device_lane, (uint64_t)bdf << 8 | n,
				  run_lane, l);
	}
	if (!l->running) {
		l->worker->resume(std::max(at, l->cursor));
	} else if (!l->again || at < l->again_at) {
		l->again = true;
		l->again_at = at;
	}
}

/* From here on it is the lane that acts, and no CPU. */
void function_host::enter(lane *l)
{
	p->current_lane = l;
	p->current_cpu = nullptr;
}

void function_host::run_lane(void *arg)
{
	auto *l = static_cast<lane *>(arg);
	function_host *h = l->host;

	l->running = true;
	l->run_epoch = l->epoch;
	l->cursor = h->p->now();
	if (!h->hangs_until || h->begins(l)) {
		h->enter(l);
		h->fn->ops->lane_run(h->fn, l->number);
		h->p->current_lane = nullptr;
	}
	h->lane_ended(l);
}

void function_host::lane_ended(lane *l)
{
	uint64_t bit = 1ull << l->number;

	if (!fifo_.empty())
		schedule_delivery();
	l->worker = nullptr;
	l->running = false;
	l->cursor = std::max(l->cursor, p->now());
	if (canceled(l))
		l->cursor = p->now();
	if (l->again) {
		l->again = false;
		lane_schedule(l->number, l->again_at > p->now() ?
						 l->again_at - p->now() :
						 0);
	}
	drained(bit);
}

/* A lane has come to rest: tells it to those cancels that waited for it. */
void function_host::drained(uint64_t bit)
{
	for (drain &d : drains_)
		d.running &= ~bit;
	for (size_t i = 0; i < drains_.size();) {
		uint64_t lanes = drains_[i].lanes;

		if (drains_[i].running) {
			i++;
			continue;
		}
		drains_.erase(drains_.begin() + (ptrdiff_t)i);
		if (!gone)
			fn->ops->lanes_drained(fn, lanes);
	}
}

/* What a lane's cursor has not reached yet was never posted. */
void function_host::withdraw(uint64_t lanes)
{
	size_t n = 0;

	for (size_t i = 0; i < fifo_.size(); i++) {
		posted &e = fifo_.at(i);

		if (e.issue > p->now() && e.lane < PCI_MAX_LANES &&
		    lanes >> e.lane & 1)
			continue;
		if (i != n)
			std::swap(fifo_.at(n), e);
		n++;
	}
	fifo_.cut(n);
	last_arrival_ = fifo_.empty() ? p->now() : fifo_.back().arrival;
	if (fifo_.empty())
		p->agenda->cancel(&deliver_);
	else
		schedule_delivery();
}

void function_host::cancel(uint64_t mask)
{
	uint64_t busy = 0;

	for (uint32_t n = 0; n < lanes_.size(); n++) {
		lane *l = lanes_[n].get();

		if (!l || !(mask >> n & 1))
			continue;
		l->epoch++;
		l->again = false;
		if (l->running) {
			busy |= 1ull << n;
			if (l != p->current_lane)
				l->worker->resume(p->now());
			continue;
		}
		l->cursor = p->now();
		if (l->worker)
			l->worker->withdraw();
		l->worker = nullptr;
	}
	withdraw(mask);
	if (busy)
		drains_.push_back({ mask, busy });
	else if (!gone)
		fn->ops->lanes_drained(fn, mask);
}

void function_host::unplug()
{
	p->bridge->remove_windows(this);
	cancel(~0ull);
	gone = true;
	fifo_.cut(0);
	p->agenda->cancel(&deliver_);
	if (intx_asserted)
		p->bridge->set_intx(this, false);
	action_done(-ENODEV);
}

bool function_host::hangs() const
{
	return hangs_until && hangs_until > p->now();
}

/* A function that hangs begins nothing; a lane that runs comes to the end of its
 * item. */
bool function_host::begins(lane *l)
{
	while (hangs() && !canceled(l)) {
		if (hangs_until != UINT64_MAX)
			l->worker->resume(hangs_until);
		l->worker->block();
	}
	l->cursor = p->now();
	return !canceled(l);
}

/* ---- the operator's actions ---- */

void function_host::action_done(int result)
{
	if (!acting_ || acted_)
		return;
	acted_ = true;
	action_result_ = result;
	if (machine_waiter *w = action_end_.first) {
		w->woken = true;
		w->thread->cpu->wake(w);
	}
}

/* One at a time.  One that has run out of its time goes on in the device, where
 * the next takes its place. */
int function_host::act(const device_action *action, const device_value *values,
		       uint64_t within_ps, const char *what)
{
	uint64_t deadline = MACHINE_FOREVER;
	int result;

	if (gone)
		return -ENODEV;
	if (p->actions_over)
		return -ECANCELED;
	if (acting_)
		return -EBUSY;
	acting_ = true;
	acted_ = false;
	action_end_.name = what;
	if (within_ps)
		deadline = (p->now() + within_ps + 999) / 1000;
	result = action->start(behind ? behind : fn, values);
	while (!result && !acted_)
		if (!door_calls.event_wait(p, &action_end_, deadline, 0) &&
		    !acted_)
			result = -ETIMEDOUT;
	acting_ = false;
	return result ? result : action_result_;
}

/* Lets the lane's time come to `until`; false: it was canceled meanwhile. */
bool function_host::pass(lane *l, uint64_t until)
{
	if (!fifo_.empty())
		schedule_delivery();
	while (p->now() < until && !canceled(l)) {
		p->current_lane = nullptr;
		l->worker->block_until(until);
		enter(l);
	}
	l->cursor = std::max(l->cursor, p->now());
	return !canceled(l);
}

enum dma_result function_host::lane_wait(uint64_t ps)
{
	lane *l = p->current_lane;

	assert(l && l->host == this);
	if (canceled(l))
		return DMA_CANCELED;
	l->cursor += ps;
	if (p->cfg.dma == PLATFORM_DMA_BATCHED)
		return DMA_OK;
	return pass(l, l->cursor) ? DMA_OK : DMA_CANCELED;
}

/* ---- DMA ---- */

/* One bit: the n-th call's is bit n - 1. */
static void flip(void *buf, uint32_t len, uint64_t call)
{
	uint64_t bit = len ? (call - 1) % (8ull * len) : 0;

	if (len)
		static_cast<uint8_t *>(buf)[bit / 8] ^= 1u << bit % 8;
}

/* What was posted comes before a read; false: the lane was canceled meanwhile. */
bool function_host::wait_for_posted(lane *l)
{
	if (!pass(l, last_arrival_))
		return false;
	deliver(); /* what arrives at this very moment */
	return true;
}

bool function_host::read_memory(uint64_t addr, void *buf, uint32_t len)
{
	return !len || (p->dma_reachable(addr, len) &&
			p->bridge->transfer(tlm::TLM_READ_COMMAND, addr, buf,
					    len));
}

enum dma_result function_host::dma_read(uint64_t addr, void *buf, uint32_t len)
{
	lane *l = p->current_lane;
	uint32_t effect;

	assert(l && l->host == this);
	if (canceled(l) || (!fifo_.empty() && !wait_for_posted(l))) {
		p->emit_dma_none(EV_DMA_CANCELED, index, addr, len, false);
		return DMA_CANCELED;
	}
	l->cursor = path_dma_read(&path, p->now(), l->cursor, addr, len);
	if (p->cfg.dma == PLATFORM_DMA_STEPWISE && !pass(l, l->cursor)) {
		p->emit_dma_none(EV_DMA_CANCELED, index, addr, len, false);
		return DMA_CANCELED;
	}
	effect = p->bus_faults->at(BUS_DMA_READ, index, len, EVENT_NO_CPU);
	if (effect == DMA_READ_ABORTED || effect == DMA_READ_POISONED ||
	    !read_memory(addr, buf, len)) {
		p->emit_dma_none(EV_DMA_ERROR, index, addr, len, false);
		return DMA_ERROR;
	}
	if (effect == DMA_READ_FLIP)
		flip(buf, len, p->bus_faults->hit().call);
	p->emit_dma_read(index, addr, buf, len);
	return DMA_OK;
}

enum dma_result function_host::dma_write(uint64_t addr, const void *buf,
					 uint32_t len)
{
	const lane *l = p->current_lane;
	uint32_t effect;

	assert(l && l->host == this);
	if (canceled(l)) {
		p->emit_dma_none(EV_DMA_CANCELED, index, addr, len, false);
		return DMA_CANCELED;
	}
	effect = p->bus_faults->at(BUS_DMA_WRITE, index, len, EVENT_NO_CPU);
	if (effect == DMA_WRITE_ABORTED || !p->dma_reachable(addr, len)) {
		p->emit_dma_none(EV_DMA_ERROR, index, addr, len, true);
		return DMA_ERROR;
	}
	if (effect == DMA_WRITE_LOST)
		return DMA_OK;
	posted &e = post(kind::write, l, l->cursor,
			 path_dma_write(&path, p->now(), l->cursor, addr, len));
	e.addr = addr;
	e.assign(buf, len);
	if (effect == DMA_WRITE_POISONED)
		memset(e.data(), 0xff, len);
	if (fifo_.size() == 1)
		p->note_writer(this, e.arrival);
	return DMA_OK;
}

/* ---- what is posted ---- */

/* The lane of this function on which the caller runs, or NULL. */
const lane *function_host::running_lane() const
{
	const lane *l = p->current_lane;

	return l && l->host == this ? l : nullptr;
}

/* Plain writes have no item in the agenda: nobody can see when they arrive but
 * who comes after them.  The item stands at the first message.  A lane sees to
 * it when it waits or ends. */
void function_host::schedule_delivery()
{
	for (size_t i = 0; i < fifo_.size(); i++) {
		if (fifo_.at(i).what != kind::write) {
			p->agenda->reschedule(&deliver_, fifo_.at(i).arrival);
			return;
		}
	}
	p->agenda->cancel(&deliver_);
}

/* l: the lane that posts it, whose time is `when`; NULL: a register handler. */
function_host::posted &function_host::post(kind what, const lane *l,
					   uint64_t when, uint64_t arrival)
{
	posted &e = fifo_.push();

	last_arrival_ = std::max(last_arrival_, arrival);
	e.issue = when;
	e.arrival = last_arrival_;
	e.what = what;
	e.lane = l ? (uint8_t)l->number : 0xff;
	return e;
}

void function_host::msi(uint32_t vector, uint64_t addr, uint32_t data)
{
	const lane *l = running_lane();
	uint64_t when = l ? l->cursor : p->now();

	if (gone)
		return;
	posted &e = post(kind::msi, l, when,
			 path_dma_write(&path, p->now(), when, addr, 4));
	e.addr = addr;
	e.vector = vector;
	e.assign(&data, 4);
	if (!l)
		schedule_delivery();
}

void function_host::intx(uint32_t which, bool asserted)
{
	const lane *l = running_lane();
	uint64_t when = l ? l->cursor : p->now();
	uint8_t level = asserted;

	if (gone)
		return;
	posted &e = post(kind::intx, l, when,
			 path_intx(&path, p->now(), when));
	e.vector = which;
	e.assign(&level, 1);
	if (!l)
		schedule_delivery();
}

/* A batched lane is ahead of the present: what it will post does not count. */
uint64_t function_host::drained_at()
{
	for (size_t i = fifo_.size(); i-- > 0;)
		if (fifo_.at(i).issue <= p->now())
			return fifo_.at(i).arrival;
	return 0;
}

void function_host::deliver_write()
{
	posted &e = fifo_.front();

	if (e.len)
		p->bridge->transfer(tlm::TLM_WRITE_COMMAND, e.addr, e.data(),
				    e.len);
	p->emit_dma_write(e.arrival, index, e.addr, e.data(), e.len);
	fifo_.pop();
}

void function_host::deliver()
{
	while (!fifo_.empty() && fifo_.front().arrival <= p->now()) {
		if (fifo_.front().what == kind::write)
			deliver_write();
		else
			deliver_message();
	}
	if (fifo_.empty())
		return;
	p->note_writer(this, next_write());
	schedule_delivery();
}

void function_host::message(uint32_t vector, uint64_t addr, uint32_t data,
			    uint32_t text)
{
	p->emit_msi(index, vector, addr, data, text);
	if (!p->bridge->message(addr, data))
		p->emit_msi_lost(index, EVENT_NO_INDEX, addr, data,
				 "no interrupt vector at this address");
}

void function_host::deliver_message()
{
	posted &e = fifo_.front();
	uint32_t data = 0, effect;

	if (e.what == kind::intx) {
		pin = e.vector;
		p->bridge->set_intx(this, e.data()[0]);
	} else {
		memcpy(&data, e.data(), 4);
		effect = p->bus_faults->at(BUS_MSI, index, e.vector,
					   EVENT_NO_CPU);
		if (effect)
			p->bus_faults->message(this, effect, e.vector, e.addr,
					       data);
		else
			message(e.vector, e.addr, data, 0);
	}
	fifo_.pop();
}

} // namespace ringside
