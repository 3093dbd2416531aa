/* SPDX-License-Identifier: MIT */
/*
 * Cells counted by what they did with a clause.
 */
#include <stdlib.h>
#include <string.h>

#include "sim/check/clauses/rulebook.h"
#include "tests/shim/gtest_c.h"
#include "tests/unit/suite/folder.h"

static struct selection selection;
static struct results results;

static void put(size_t i, enum clause_fate fate)
{
	char *fates = malloc(CLAUSE_COUNT + 1);

	memset(fates, '0', CLAUSE_COUNT);
	fates[CLAUSE_COUNT] = 0;
	fates[CLAUSE_STAT_D2] = (char)('0' + fate);
	folder_put(&results, i, RECORD_PASSED, "", "", "");
	results.items[i].record.clauses = fates;
}

TEST(suite_clauses, cells_are_counted)
{
	struct textbuf out;

	folder_enter();
	folder_file("x.yaml", FOLDER_MACHINE
		    "matrix: {q: [1, 2, 3, 4]}\nname: ${q}\n");
	folder_results(&results, &selection, "x.yaml");
	put(0, CLAUSE_KEPT);
	put(1, CLAUSE_KEPT);
	put(2, CLAUSE_BROKEN);
	folder_put(&results, 3, RECORD_INVALID, "", "", "");
	textbuf_init(&out);
	results_clauses(&results, &out);
	EXPECT_SUBSTR(out.data, "clause,party,strength,observable,checked,"
		      "kept,waived,broken,summary\n");
	EXPECT_SUBSTR(out.data, "\nSTAT-D2,driver,MUST,yes,yes,2,0,1,\"Status "
		      "writes never drop");
	EXPECT_SUBSTR(out.data, "\nPQ-LAY-D1,");
	EXPECT_TRUE(!strstr(out.data, "PQ-LAY-D1,driver,MUST,yes,yes"));
	textbuf_free(&out);
	results_free(&results);
	selection_free(&selection);
	folder_leave();
}
