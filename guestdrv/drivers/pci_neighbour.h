/* SPDX-License-Identifier: MIT */
/*
 * The neighbour's rows of an image's action table.  Read by guestdrv/images/ and
 * guestdrv/linux/image.c.
 */
#ifndef RINGSIDE_GUESTDRV_DRIVERS_PCI_NEIGHBOUR_H
#define RINGSIDE_GUESTDRV_DRIVERS_PCI_NEIGHBOUR_H

#include <ringside/image.h>

extern const struct guest_param neighbour_params[];
int neighbour_action_raise(const struct guest_value *values);
int neighbour_action_wait(const struct guest_value *values);

#define NEIGHBOUR_ACTIONS                                                    \
	{ "neighbour.raise", "asks for interrupts, one after the other",     \
	  neighbour_params, neighbour_action_raise },                        \
	{ "neighbour.wait", "waits until so many interrupts have come",      \
	  neighbour_params, neighbour_action_wait }

#endif
