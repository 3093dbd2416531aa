/* SPDX-License-Identifier: MIT */
/*
 * How much of the specification the cells of a suite have exercised.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/check/clauses/rulebook.h"
#include "sim/suite/results.h"

struct counts {
	size_t of[CLAUSE_BROKEN + 1]; /* cells, by enum clause_fate */
};

static void count(struct counts *all, const char *fates)
{
	size_t c;

	if (!fates || strlen(fates) != CLAUSE_COUNT)
		return; /* it did not run to its end */
	for (c = 0; c < CLAUSE_COUNT; c++)
		all[c].of[fates[c] - '0']++;
}

static void put_text(struct textbuf *out, const char *text)
{
	textbuf_printf(out, strchr(text, ',') ? "\"%s\"" : "%s", text);
}

static void put_row(struct textbuf *out, const struct clause_row *row,
		    bool checked, const struct counts *n)
{
	static const char *const seen[] = { "yes", "partly", "no" };

	textbuf_printf(out, "%s,%s,%s,%s,%s,%zu,%zu,%zu,", row->id,
		       clause_party_name(row->party),
		       clause_strength_name(row->strength), seen[row->seen],
		       checked ? "yes" : "no", n->of[CLAUSE_KEPT],
		       n->of[CLAUSE_WAIVED], n->of[CLAUSE_BROKEN]);
	put_text(out, row->summary);
	textbuf_char(out, '\n');
}

void results_clauses(const struct results *r, struct textbuf *out)
{
	struct counts *all = calloc(CLAUSE_COUNT, sizeof(*all));
	size_t i;

	if (!all)
		abort();
	for (i = 0; i < r->count; i++)
		count(all, r->items[i].record.clauses);
	textbuf_text(out, "clause,party,strength,observable,checked,kept,waived,"
		     "broken,summary\n");
	for (i = CLAUSE_NONE + 1; i < CLAUSE_COUNT; i++)
		put_row(out, &clause_rows[i], clause_checked[i], &all[i]);
	free(all);
}
