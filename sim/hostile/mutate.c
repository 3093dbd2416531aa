/* SPDX-License-Identifier: MIT */
/*
 * Changes of values.  Little-endian fields at their natural places.
 */
#include "sim/hostile/mutate.h"

#include <string.h>

/* How far an index or a length is off, when it is a little off. */
static const int64_t offsets[] = { 1, -1, 2, -2, 8, -8, 16, 64, 128, 256 };

/* Ends of ranges: of signs, widths, queue sizes, pages. */
static const uint64_t edges[] = {
	0, 1, 2, 3, 7, 8, 0x10, 0x3f, 0x40, 0x7f, 0x80, 0xff, 0x100, 0x1ff,
	0x200, 0xfff, 0x1000, 0x7fff, 0x8000, 0x8001, 0xfffe, 0xffff, 0x10000,
	0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff, 0x100000000,
	0x7fffffffffffffff, 0x8000000000000000, 0xffffffffffffffff,
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static uint64_t mask_of(uint32_t width)
{
	return width >= 8 ? UINT64_MAX : (UINT64_C(1) << 8 * width) - 1;
}

bool hostile_is_value(const struct hostile_step *step)
{
	return step->act <= HOSTILE_ZERO;
}

uint64_t hostile_value(const struct hostile_step *step, uint64_t good,
		       uint64_t stale, uint32_t width)
{
	uint64_t bad = good;

	switch (step->act) {
	case HOSTILE_FLIP:
		bad = good ^ UINT64_C(1) << step->arg % (8 * width);
		break;
	case HOSTILE_ADD:
		bad = good + (uint64_t)offsets[step->arg % COUNT(offsets)];
		break;
	case HOSTILE_EDGE:
		bad = edges[step->arg % COUNT(edges)];
		break;
	case HOSTILE_STALE:
		bad = stale;
		break;
	case HOSTILE_ANY:
		bad = hostile_mix(step->arg);
		break;
	case HOSTILE_ONES:
		bad = UINT64_MAX;
		break;
	case HOSTILE_ZERO:
		bad = 0;
		break;
	}
	return bad & mask_of(width);
}

void hostile_field(const struct hostile_step *step, uint8_t *bytes,
		   const uint8_t *stale, uint32_t len)
{
	uint32_t width = 1u << (step->arg >> 24) % 4, at;
	struct hostile_step inner = *step;
	uint64_t good = 0, before = 0, bad;

	if (!len)
		return;
	while (width > len)
		width /= 2;
	at = (step->arg >> 8 & 0xffff) % (len / width) * width;
	inner.arg = step->arg & 0xff;
	if (step->act == HOSTILE_ANY)
		inner.arg = step->arg;
	memcpy(&good, bytes + at, width);
	memcpy(&before, stale + at, width);
	bad = hostile_value(&inner, good, before, width);
	memcpy(bytes + at, &bad, width);
}
