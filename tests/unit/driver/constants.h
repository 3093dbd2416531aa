/* SPDX-License-Identifier: MIT */
/* A named number; between constants_guest.c and constants_test.c, which see
 * different headers. */
#ifndef RINGSIDE_TESTS_UNIT_DRIVER_CONSTANTS_H
#define RINGSIDE_TESTS_UNIT_DRIVER_CONSTANTS_H

struct constant {
	const char *name;
	unsigned long value;
};

/* Ends with a null name. */
extern const struct constant guest_constants[];

#endif
