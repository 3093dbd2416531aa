/* SPDX-License-Identifier: MIT */
/*
 * Results read back from the JSON lines that a suite has written: to go on where
 * one was cut off, to join those of shards, to hold one against an earlier one.
 */
#ifndef RINGSIDE_SIM_SUITE_REREAD_H
#define RINGSIDE_SIM_SUITE_REREAD_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/observe/textbuf.h"
#include "sim/suite/results.h"

/* One line. */
struct reread_item {
	struct result_label label;
	struct record record;
	size_t number;        /* in its suite, shards included */
	size_t file, line;    /* where it was read */
	/* What the result is of; "" where the line does not tell. */
	char *version, *program, *guest_crc, *scenario_crc;
};

struct reread_file {
	char *path;
	size_t count;         /* results in it */
	struct shard shard;   /* of == 0: it is none */
	size_t total;         /* of all shards */
	bool whole;           /* its last line sums up */
	size_t bad_line;      /* the first that is no result, or 0; a last one that
	                         is cut off is none */
};

struct reread {
	struct reread_item *items;
	size_t count, capacity;
	struct reread_file *files;
	size_t nfiles;
	size_t *by_name;      /* items in this order; NULL: not made yet */
};

void reread_init(struct reread *r);
void reread_free(struct reread *r);
/* Adds a file's.  False: it cannot be read, errno tells why. */
bool reread_file(struct reread *r, const char *path);
/* One line without its end, as `reread_file` takes it; false: it is no result. */
bool reread_line(struct reread_item *item, const char *line, size_t len);
void reread_item_free(struct reread_item *item);
/* The result of this label, the last one that was read; NULL: there is none. */
const struct reread_item *reread_find(struct reread *r,
				      const struct result_label *label);
/* Orders labels: < 0, 0, > 0. */
int reread_compare(const struct result_label *a, const struct result_label *b);

/* ---- merge.c ---- */

/* Joins what has been read to `to`, which is initialised.  False: these do not
 * belong together, *error tells why. */
bool reread_merge(struct reread *r, struct results *to, struct textbuf *error);
/* Compares `to` with what has been read: what fails is new or still failing, what
 * has failed and does no more is fixed. */
void reread_baseline(struct reread *r, struct results *to);

#endif
