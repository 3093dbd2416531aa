/* SPDX-License-Identifier: MIT */
/*
 * One value of an expectation: a value, {min:, max:}, {not:}, {contains:},
 * {exactly:} or {fails:}, as the key's type allows.
 */
#ifndef RINGSIDE_SIM_SCENARIO_MATCH_H
#define RINGSIDE_SIM_SCENARIO_MATCH_H

#include "sim/scenario/build.h"

#ifdef __cplusplus
extern "C" {
#endif

/* e: the entry, for its device's features.  False: reported. */
bool build_match(struct build *b, const struct yaml_node *n,
		 const struct expect_key *key, const struct scn_expect *e,
		 struct scn_match *match);

#ifdef __cplusplus
}
#endif
#endif
