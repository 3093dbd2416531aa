/* SPDX-License-Identifier: MIT */
/*
 * All that a suite has found, in the order of files and cells whatever the order
 * in which they ended, and the forms in which it is told.  No form holds wall
 * time: two runs of one selection give the same bytes.
 */
#ifndef RINGSIDE_SIM_SUITE_RESULTS_H
#define RINGSIDE_SIM_SUITE_RESULTS_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/suite/record.h"
#include "sim/suite/select.h"

#define RESULTS_JSON_VERSION 1

struct result {
	size_t file;   /* of the selection */
	bool whole;    /* the file as a whole could not be read */
	size_t cell;   /* of the selection, unless whole */
	struct record record;
};

struct results {
	const struct selection *selection;
	struct result *items;
	size_t count;
	size_t *of_cell;  /* the item of each cell of the selection */
	bool interrupted;
};

/* Files that cannot be read have their result, the cells have none yet. */
void results_init(struct results *r, const struct selection *s,
		  const struct record_wants *w);
void results_free(struct results *r);
/* Takes over what *record holds. */
void results_put(struct results *r, size_t cell, struct record *record);

/* What the summary counts; known failures have passed. */
struct results_count {
	size_t passed, failed, skipped;
	size_t by_status[RECORD_STATUSES];
};

/* Of one file of the selection, or of all. */
#define RESULTS_ALL ((size_t)-1)
struct results_count results_count(const struct results *r, size_t file);
/* The suite's exit code (docs/scenario-format.md). */
int results_exit_code(const struct results *r);
/* Has this status to be told as a failure? */
bool results_failed(enum record_status status);

struct results_text {
	bool colour;
	bool only_failed; /* nothing of what passed or was skipped */
	bool compare;     /* what differs between guests, in place of failures */
};

void results_text(const struct results *r, const struct results_text *how,
		  struct textbuf *out);
/* compare.c: the cells whose devices fared differently on their guests. */
void results_compare(const struct results *r, struct textbuf *out);
/* junit.c: the XML that CI systems read. */
void results_junit(const struct results *r, struct textbuf *out);
/* A JSON record a line, as `run --json` gives it; the last line sums up. */
void results_json(const struct results *r, struct textbuf *out);

#endif
