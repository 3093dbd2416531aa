/* SPDX-License-Identifier: MIT */
/*
 * Diagnostics about what a user wrote: file, line, column, caret, hint.  All
 * mistakes of a file are collected and printed at once, in the file's order.
 */
#ifndef RINGSIDE_SIM_SCENARIO_DIAG_H
#define RINGSIDE_SIM_SCENARIO_DIAG_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Line and column count from 1, columns in code points; 0: unknown. */
struct scn_pos {
	const char *file; /* as the user named it; NULL: the command line */
	int line, column;
};

struct diag_item {
	struct scn_pos pos;
	char *code;    /* "unknown-key": `ringside explain` knows it */
	char *text;    /* one phrase, no newline */
	char *hint;    /* "did you mean 'seed'?", or NULL */
	char *source;  /* the line, for the caret; NULL: not shown */
};

struct diag {
	struct diag_item *items;
	size_t count, capacity;
};

void diag_init(struct diag *d);
void diag_free(struct diag *d);
/* hint may be NULL; source is the text of the line or NULL. */
void diag_add(struct diag *d, struct scn_pos pos, const char *code,
	      const char *hint, const char *source, const char *fmt, ...)
	__attribute__((format(printf, 6, 7)));
/* Prints all, sorted by position:
 *   file.yaml:4:3: error: unknown key 'sede' [unknown-key]
 *       4 | sede: 1
 *         | ^~~~
 *     hint: did you mean 'seed'?                                        */
void diag_print(const struct diag *d, FILE *out);
/* The closest of `names` (ends with NULL) to `word`, or NULL if none is near. */
const char *diag_closest(const char *word, const char *const *names);

#ifdef __cplusplus
}
#endif
#endif
