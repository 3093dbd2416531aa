/* SPDX-License-Identifier: MIT */
/*
 * Who in the guest did something that is looked at later.
 */
#ifndef RINGSIDE_SIM_PLATFORM_CALL_STACK_H
#define RINGSIDE_SIM_PLATFORM_CALL_STACK_H

#include <cstddef>
#include <cstdint>

namespace ringside {

/* Addresses in the image, innermost first, as platform_callers() gives them. */
struct call_stack {
	static constexpr size_t max = 6;
	uintptr_t frames[max];
	size_t count;
};

} // namespace ringside
#endif
