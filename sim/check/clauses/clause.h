/* SPDX-License-Identifier: MIT */
/*
 * The normative statements of virtio 1.2 as a table, a row a clause, in words of
 * our own: made from clauses.csv, which has some columns more.  Read by the rule
 * book, by scenarios (`waive:`), by `explain`, and by the coverage table.
 */
#ifndef RINGSIDE_SIM_CHECK_CLAUSES_CLAUSE_H
#define RINGSIDE_SIM_CHECK_CLAUSES_CLAUSE_H

#include <stdbool.h>
#include <stddef.h>

/* CLAUSE_STAT_D2 of "STAT-D2". */
enum clause {
	CLAUSE_NONE,
#include "sim/check/clauses/clause_ids.h"
	CLAUSE_COUNT
};

/* Who is bound by it. */
enum clause_party { CLAUSE_OF_DRIVER, CLAUSE_OF_DEVICE };

/* A MAY permits, and cannot be broken. */
enum clause_strength { CLAUSE_MUST, CLAUSE_SHOULD, CLAUSE_MAY };

/* Can somebody who sees every access, DMA and interrupt tell? */
enum clause_seen { CLAUSE_SEEN_YES, CLAUSE_SEEN_PARTLY, CLAUSE_SEEN_NO };

struct clause_row {
	char id[16];           /* "STAT-D2"; in place: a pointer is work at start */
	const char *chapter;   /* of virtio 1.2, and the section in it */
	const char *section;
	const char *summary;   /* what it asks */
	enum clause_party party;
	enum clause_strength strength;
	enum clause_seen seen;
};

/* From 1 on: row CLAUSE_NONE is empty. */
extern const struct clause_row clause_rows[CLAUSE_COUNT];
/* Is there a check of it? */
extern const bool clause_checked[CLAUSE_COUNT];

/* CLAUSE_NONE: there is none of that id.  Case does not count. */
enum clause clause_find(const char *id);
const char *clause_party_name(enum clause_party party);
const char *clause_strength_name(enum clause_strength strength);

#endif
