/* SPDX-License-Identifier: MIT */
/*
 * The codes that stand in brackets behind a diagnostic, a finding or a guest's
 * bug, each with an explanation.  `ringside explain CODE` prints them; whoever
 * reports something takes its code from here, and a test holds both together.
 */
#ifndef RINGSIDE_SIM_SCENARIO_DIAG_CODES_H
#define RINGSIDE_SIM_SCENARIO_DIAG_CODES_H

#ifdef __cplusplus
extern "C" {
#endif

/* Who is to blame, and thereby the exit code of a run. */
enum diag_blame {
	DIAG_BLAME_FILE,  /* the scenario or the command line: exit 2 */
	DIAG_BLAME_RUN,   /* an expectation or an invariant: exit 1 */
	DIAG_BLAME_GUEST  /* a guest that broke a rule or crashed: exit 1 */
};

struct diag_code {
	const char *code;    /* "unknown-key" */
	enum diag_blame blame;
	const char *brief;   /* one line */
	const char *text;    /* some sentences: what it means, what to do */
	const char *example; /* lines that bring it about, or NULL */
};

/* Ends with a NULL code. */
extern const struct diag_code diag_codes[];
/* NULL: no such code. */
const struct diag_code *diag_code_find(const char *code);

#ifdef __cplusplus
}
#endif
#endif
