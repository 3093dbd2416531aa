/* SPDX-License-Identifier: MIT */
/*
 * What goes wrong between CPU, bus and function, at the points of bus_points.h:
 * the question at each of them, and what the effects need: the values that
 * registers gave before, and messages that come late.
 */
#ifndef RINGSIDE_SIM_PLATFORM_BUS_FAULTS_H
#define RINGSIDE_SIM_PLATFORM_BUS_FAULTS_H

#include <cstdint>
#include <map>
#include <memory>
#include <tuple>
#include <vector>

#include "sim/fault/fault.h"
#include "sim/observe/event.h"
#include "sim/platform/agenda.h"
#include "sim/platform/bus_points.h"

struct platform;

namespace ringside {

class function_host;

class bus_faults {
public:
	explicit bus_faults(platform *p);

	/* A call of the point; the host bridge itself is not asked about.  Its
	 * effect, or 1 where the point has none; 0: all goes as it should.
	 * hit(): the fault that fired last. */
	uint32_t at(enum bus_point point, uint16_t device, uint32_t index,
		    uint8_t cpu)
	{
		fault_counter *c = counters_[point];

		if (device == EVENT_NO_DEVICE)
			return 0;
		if (__builtin_expect(c->watched, false))
			return ask(point, device, index, cpu);
		c->calls++;
		return 0;
	}
	const fault_hit &hit() const { return hit_; }
	/* How long the effect takes: as the rule says, or else this. */
	uint64_t takes(uint64_t otherwise) const
	{
		return hit_.takes ? hit_.takes : otherwise;
	}

	/* What a register gave when it was read last; 0 before the first time.
	 * Kept only while somebody watches reads. */
	uint64_t stale(const function_host *fn, uint32_t bar, uint64_t offset);
	void keep(const function_host *fn, uint32_t bar, uint64_t offset,
		  uint64_t value)
	{
		if (__builtin_expect(counters_[BUS_MMIO_READ]->watched ||
				     counters_[BUS_CONFIG_READ]->watched,
				     false))
			values_[{ fn, bar, offset }] = value;
	}
	/* One bit of `width` bytes: another at each call. */
	uint64_t flipped(uint64_t value, uint32_t width) const
	{
		return value ^ 1ull << (hit_.call - 1) % (8 * width);
	}

	/* A message of the function arrives; `effect` says how. */
	void message(function_host *from, uint32_t effect, uint32_t vector,
		     uint64_t addr, uint32_t data);

private:
	struct late {
		agenda_item item;
		function_host *from;
		uint32_t vector, data;
		uint64_t addr;
		uint32_t text; /* of a copy, or 0 */
	};
	uint32_t ask(enum bus_point point, uint16_t device, uint32_t index,
		     uint8_t cpu);
	void later(function_host *from, uint32_t vector, uint64_t addr,
		   uint32_t data, uint64_t ps, uint32_t text);
	static void arrive(void *arg);

	platform *p_;
	uint32_t numbers_[BUS_POINTS];
	fault_counter *counters_[BUS_POINTS];
	fault_hit hit_ = {};
	/* Only looked up, never walked: the order of pointers does not show. */
	std::map<std::tuple<const function_host *, uint32_t, uint64_t>,
		 uint64_t> values_;
	std::vector<std::unique_ptr<late>> late_;
};

} // namespace ringside

#endif
