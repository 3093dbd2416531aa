/* SPDX-License-Identifier: MIT */
/*
 * A queue in a ring whose size is a power of two: what goes through it is not
 * allocated each time, and entries keep what they have taken, such as buffers.
 * There is no ring before the first entry.
 */
#ifndef RINGSIDE_SIM_PLATFORM_FIFO_H
#define RINGSIDE_SIM_PLATFORM_FIFO_H

#include <cstddef>
#include <utility>
#include <vector>

namespace ringside {

template <typename T> class fifo {
public:
	bool empty() const { return first_ == end_; }
	size_t size() const { return end_ - first_; }
	/* The i-th, from the front. */
	T &at(size_t i) { return slots_[(first_ + i) & (room_ - 1)]; }
	const T &at(size_t i) const
	{
		return slots_[(first_ + i) & (room_ - 1)];
	}
	T &front() { return at(0); }
	const T &front() const { return at(0); }
	T &back() { return at(size() - 1); }
	/* A new last entry, which may hold an old one's values. */
	T &push()
	{
		if (size() == room_)
			grow();
		return slots_[end_++ & (room_ - 1)];
	}
	void pop() { first_++; }
	/* Only the first n stay. */
	void cut(size_t n) { end_ = first_ + n; }

private:
	/* Cold: what calls it at each push is not to carry it. */
	[[gnu::cold]] void grow()
	{
		std::vector<T> more(room_ ? 2 * room_ : 16);

		for (size_t i = 0; i < room_; i++)
			more[i] = std::move(at(i));
		slots_ = std::move(more);
		first_ = 0;
		end_ = room_;
		room_ = slots_.size();
	}

	std::vector<T> slots_;
	size_t room_ = 0;             /* slots */
	size_t first_ = 0, end_ = 0;  /* of all that were ever pushed */
};

} // namespace ringside

#endif
