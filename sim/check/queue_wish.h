/* SPDX-License-Identifier: MIT */
/*
 * What a driver asks of a device about interrupts, virtio 1.2 2.7.7 and 2.7.10, as
 * far as the device has read it since it last decided.  Of queue.c alone.
 *
 * used_event without EVENT_IDX, and flags with it, are nothing to the device.  One
 * that sends what they alone would suppress was seen to ignore them; a sound device
 * need not read used_event for that.  One that does not send, has read them, and
 * has never ignored them: that is why.
 */
#ifndef RINGSIDE_SIM_CHECK_QUEUE_WISH_H
#define RINGSIDE_SIM_CHECK_QUEUE_WISH_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "sim/observe/world.h"

#define NO_INTERRUPT 1u              /* 2.7.6 */

enum wish_by { WISH_UNKNOWN, WISH_FLAGS, WISH_EVENT };

struct wish {
	enum wish_by by;
	uint16_t value;
	uint16_t ignored;    /* what is to be ignored */
	bool ignored_read;
	bool ignores;        /* the device was seen to, ever */
};

/* Does this ask for an interrupt when the used index has come from `decided` to
 * `used`? */
static inline bool wish_asks(enum wish_by by, uint16_t value, uint16_t decided,
			     uint16_t used)
{
	if (by == WISH_FLAGS)
		return !(value & NO_INTERRUPT);
	/* 2.7.10: has the index moved past used_event? */
	return (uint16_t)(used - value - 1) < (uint16_t)(used - decided);
}

/* Would what is to be ignored suppress it?  False also where it is not known; the
 * driver area has used_event at its byte `event`. */
static inline bool wish_ignored_suppresses(const struct wish *w,
					   const struct world *world,
					   uint64_t event, uint16_t decided,
					   uint16_t used)
{
	const bool by_event = w->by == WISH_FLAGS;
	const uint8_t *m = NULL;
	uint16_t value = w->ignored;

	if (!w->ignored_read && by_event)
		m = world_memory(world, event, 2);
	if (m)
		memcpy(&value, m, 2);
	return (m || w->ignored_read) &&
	       !wish_asks(by_event ? WISH_EVENT : WISH_FLAGS, value, decided,
			  used);
}

#endif
