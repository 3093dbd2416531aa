/* SPDX-License-Identifier: MIT */
/*
 * `finds: CODE` of the end's expectations: a finding that has to be made, for a
 * scenario whose point is that something is found out.  The findings that are
 * named may be made and must be; all others still fail the run.
 */
#ifndef RINGSIDE_SIM_CHECK_FINDS_H
#define RINGSIDE_SIM_CHECK_FINDS_H

#include "sim/check/expect.h"

/* The key, of a device or of the run. */
#define FINDS_KEY "finds"

/* Does an entry name the last finding that was made? */
bool finds_last(const struct expect_context *c);
/* When all findings have been made: those that an entry names become expected
 * ones, and each entry that names none is a finding, unless `lenient`: the run
 * was cut short before they could be made. */
void finds_settle(const struct expect_context *c, bool lenient);

#endif
