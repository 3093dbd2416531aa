/* SPDX-License-Identifier: MIT */
/*
 * The table of clauses.
 */
#define _GNU_SOURCE
#include "sim/check/clauses/clause.h"

#include <strings.h>

const struct clause_row clause_rows[CLAUSE_COUNT] = {
#include "sim/check/clauses/clause_rows.h"
};

const bool clause_checked[CLAUSE_COUNT] = {
#include "sim/check/clauses/clause_checked.h"
};

enum clause clause_find(const char *id)
{
	unsigned int c;

	for (c = CLAUSE_NONE + 1; c < CLAUSE_COUNT; c++)
		if (!strcasecmp(clause_rows[c].id, id))
			return (enum clause)c;
	return CLAUSE_NONE;
}

const char *clause_party_name(enum clause_party party)
{
	return party == CLAUSE_OF_DRIVER ? "driver" : "device";
}

const char *clause_strength_name(enum clause_strength strength)
{
	static const char *const names[] = { "MUST", "SHOULD", "MAY" };

	return names[strength];
}
