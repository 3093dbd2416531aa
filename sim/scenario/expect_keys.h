/* SPDX-License-Identifier: MIT */
/*
 * The keys that an expectation knows: one row each, with the subject it is
 * about, the type of its value and the forms in which it may be written.  The
 * parser reads `expect:` by this table, sim/check/expect.c evaluates each key,
 * the JSON Schema and docs/scenario-format.md are generated from it.
 */
#ifndef RINGSIDE_SIM_SCENARIO_EXPECT_KEYS_H
#define RINGSIDE_SIM_SCENARIO_EXPECT_KEYS_H

#include "sim/scenario/scenario.h"

#ifdef __cplusplus
extern "C" {
#endif

enum expect_type {
	EXPECT_TYPE_INT,      /* SCN_INT */
	EXPECT_TYPE_TIME,     /* SCN_INT, picoseconds */
	EXPECT_TYPE_MODE,     /* SCN_STRING: an interrupt mode */
	EXPECT_TYPE_MODES,    /* SCN_LIST of interrupt modes, or "fails" */
	EXPECT_TYPE_PROBE,    /* "ok": MATCH_EQUAL, SCN_STRING "ok"; fails:
	                         MATCH_FAILS, SCN_NONE or SCN_INT errno > 0 */
	EXPECT_TYPE_RUNG,     /* SCN_STRING: a rung of the image's ladder */
	EXPECT_TYPE_FEATURES, /* SCN_LIST of SCN_INT bit numbers (.s: the name).
	                         A plain list is MATCH_CONTAINS (at least these);
	                         {not: list} none of these; {exactly: list}
	                         MATCH_EQUAL, the same set in ascending order */
	EXPECT_TYPE_LOG,      /* {contains: text}: MATCH_CONTAINS; {not: text}:
	                         no line contains it; SCN_STRING */
	EXPECT_TYPE_CPUS,     /* SCN_LIST of SCN_STRING: "none" (.i: 255) or a
	                         CPU (.i), of each vector up to the last used */
	EXPECT_TYPE_ORDER,    /* SCN_LIST of SCN_STRING, each names an event as
	                         sim/observe/pattern.h describes; they occur in
	                         this order, others may lie between */
	EXPECT_TYPE_FINDING   /* SCN_STRING: the code of a finding, and behind a
	                         space what its text contains */
};

struct expect_key {
	const char *name;          /* "requests.completed" */
	enum scn_subject subject;
	enum expect_type type;
	bool has_default;          /* checked also where nothing is written */
	int64_t deflt;
	const char *about;         /* one line */
};

/* Ends with a NULL name.  A name may occur once for each subject. */
extern const struct expect_key expect_keys[];
const struct expect_key *expect_key_find(enum scn_subject subject,
					 const char *name);
/* "msix-per-queue", "msix-shared-slow"...; ends with NULL. */
extern const char *const interrupt_modes[];

#ifdef __cplusplus
}
#endif
#endif
