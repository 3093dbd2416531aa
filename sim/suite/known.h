/* SPDX-License-Identifier: MIT */
/*
 * A file of cells that are known to fail, beside the scenarios: for who runs them
 * against a driver of their own.  A line each,
 *
 *   PATTERN: REFERENCE      # scenarios/ladder/top*[guest=mine]: bug 12
 *
 * where the pattern is held against the whole of "FILE[cell] --guest NAME" ('*'
 * and '?' are wild) and the first line that fits counts.  A line that begins with
 * '#', and one without anything, says nothing.
 */
#ifndef RINGSIDE_SIM_SUITE_KNOWN_H
#define RINGSIDE_SIM_SUITE_KNOWN_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/scenario/diag.h"
#include "sim/suite/results.h"

struct known {
	struct known_line {
		const char *pattern, *reference; /* in `text` */
		int line;                        /* of the file, from 1 */
		bool fits;                       /* something has been found by it */
	} *lines;
	size_t count;
	char *text;
};

/* False: mistakes are in *d.  Free it in either case. */
bool known_read(struct known *k, const char *path, struct diag *d);
void known_free(struct known *k);
/* What is known of the result, or NULL. */
const char *known_of(struct known *k, const struct result_label *label);

#endif
