/* SPDX-License-Identifier: MIT */
/*
 * All that many runs have found, in one order whatever the order in which they
 * ended, and the forms in which it is told.  A result is a label and a record, so
 * that whoever has those can have the forms: the cells of a suite, the faults of
 * a sweep, lines of JSON read back.  No form holds wall time: two runs of one
 * selection give the same bytes.
 */
#ifndef RINGSIDE_SIM_SUITE_RESULTS_H
#define RINGSIDE_SIM_SUITE_RESULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/suite/record.h"
#include "sim/suite/select.h"

#define RESULTS_JSON_VERSION 1

/* What a result is called.  Texts may be NULL but for `path`. */
struct result_label {
	const char *file;    /* its heading in the text: as the user named the
	                        file; NULL: as `path` */
	const char *path;    /* of the scenario, without the cell */
	const char *cell;    /* NULL: the file as a whole could not be read */
	const char *guest;   /* in place of the file's, else NULL */
	const char *runs_on; /* the guest's name, whoever says so */
	const char *group;   /* the same for what differs in the guest alone */
	const char *known;   /* from a file of known failures, for this cell */
	bool has_seed;       /* from the command line, in place of the file's */
	uint64_t seed;
};

/* Against an earlier result: results_baseline(). */
enum result_against { AGAINST_NOTHING, AGAINST_NEW, AGAINST_STILL,
		      AGAINST_FIXED };

struct result {
	struct result_label label; /* owned by the results */
	size_t number;             /* its place among all, shards included */
	size_t file;               /* consecutive results of one heading */
	size_t cell;               /* of the selection, unless there is none */
	enum result_against against;
	struct record record;
};

/* Part `index` of `of`, from 1; of == 0: everything. */
#define SHARDS_MAX 100000u
struct shard {
	unsigned int index, of;
};

struct results {
	struct result *items;
	size_t count, capacity;
	size_t total;         /* what there is in all shards */
	struct shard shard;
	uint32_t program;     /* a number that changes when the program does */
	bool interrupted;
	const char *baseline; /* the file that `against` is about, or NULL */
	char *missing;        /* shards that have not been given, or NULL */
	size_t missing_count; /* results of theirs */
};

void results_init(struct results *r);
void results_free(struct results *r);
/* At the end, as not run.  The label is copied. */
struct result *results_add(struct results *r, const struct result_label *label,
			   const struct record_wants *w);
/* What a selection has: files that cannot be read have their result, cells have
 * none yet.  Of a shard only its part; a group is never divided. */
void results_select(struct results *r, const struct selection *s,
		    const struct shard *shard, const struct record_wants *w);
/* Takes over what *record holds. */
void results_put(struct results *r, size_t item, struct record *record);
/* "scenarios/f.yaml[queues=2] --guest mine": as `run` takes it. */
void result_name(const struct result_label *label, struct textbuf *out);

/* What the summary counts; known failures have passed. */
struct results_count {
	size_t passed, failed, skipped;
	size_t by_status[RECORD_STATUSES];
};

/* Of one file, or of all. */
#define RESULTS_ALL ((size_t)-1)
struct results_count results_count(const struct results *r, size_t file);
/* The exit code of all of them (docs/scenario-format.md).  With a baseline of
 * what is new; 2 at least where results are missing. */
int results_exit_code(const struct results *r);
/* Has this status to be told as a failure? */
bool results_failed(enum record_status status);
/* Has this result: one that failed, and not already in the baseline. */
bool result_alarms(const struct result *i);

/* ---- kinds.c: failures that are alike ---- */

struct kind {
	size_t count;
	size_t smallest; /* item: that of the least simulated time */
};

struct kinds {
	struct kind *items;
	size_t count;
	size_t *of_item; /* of each result that alarms: its kind */
};

void kinds_find(struct kinds *k, const struct results *r);
void kinds_free(struct kinds *k);
/* A line or two for each, where there is more than one failure. */
void kinds_text(const struct kinds *k, const struct results *r,
		struct textbuf *out);

/* ---- forms ---- */

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
/* tap.c: version 14 of the Test Anything Protocol. */
void results_tap(const struct results *r, struct textbuf *out);
/* github.c: a line for each failure that GitHub shows beside the source; first
 * one of each kind, since it shows no more than ten. */
void results_github(const struct results *r, struct textbuf *out);
/* results_json.c: a JSON record a line: what `run --json` gives, then what else a
 * suite knows; the last line sums up. */
void results_json(const struct results *r, struct textbuf *out);
/* clauses.c: a row a clause of the specification, as CSV: in how many cells it was
 * kept, broken, and broken but waived. */
void results_clauses(const struct results *r, struct textbuf *out);
/* The line of one result. */
void result_json(const struct results *r, size_t item, struct textbuf *out);
/* What these results are of, as the first line of those that are not all there
 * yet. */
void results_json_head(const struct results *r, struct textbuf *out);

#endif
