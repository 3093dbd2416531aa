/* SPDX-License-Identifier: MIT */
/*
 * Copies what mostly has the size of a ring's field, a descriptor or an element:
 * those need no call of the C library.
 */
#ifndef RINGSIDE_SIM_PLATFORM_COPY_H
#define RINGSIDE_SIM_PLATFORM_COPY_H

#include <cstdint>
#include <cstring>

namespace ringside {

inline void copy_bytes(void *to, const void *from, uint32_t len)
{
	switch (len) {
	case 1:
		memcpy(to, from, 1);
		break;
	case 2:
		memcpy(to, from, 2);
		break;
	case 4:
		memcpy(to, from, 4);
		break;
	case 8:
		memcpy(to, from, 8);
		break;
	case 16:
		memcpy(to, from, 16);
		break;
	default:
		memcpy(to, from, len);
	}
}

} // namespace ringside

#endif
