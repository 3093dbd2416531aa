/* SPDX-License-Identifier: MIT */
/*
 * The interrupt mode that registers show.
 */
#include "sim/observe/facts.h"
#include "tests/shim/gtest_c.h"

static const char *const ladder3[] = { "msix-per-queue", "msix-shared", "intx",
				       NULL };
static const char *const ladder4[] = { "msix-per-queue", "msix-shared-slow",
				       "msix-shared", "intx", NULL };

#define NV 0xffff

struct row {
	const char *name;
	bool msix;
	uint32_t config;
	uint32_t vectors[4]; /* of queues, 0xeeee: no such queue */
	bool line;
	uint32_t attempt;
	const char *const *ladder;
	const char *mode;
	uint32_t count;
};

#define NQ 0xeeee

static const struct row rows[] = {
	{ "per queue", true, 0, { 1, 2, 3, NQ }, false, 1, ladder3,
	  "msix-per-queue", 4 },
	{ "shared", true, 0, { 1, 1, 1, NQ }, false, 2, ladder3, "msix-shared",
	  2 },
	{ "shared slow", true, 0, { 1, 2, 0, NQ }, false, 2, ladder4,
	  "msix-shared-slow", 3 },
	{ "all on the config vector", true, 0, { 0, 0, NQ, NQ }, false, 1,
	  ladder3, "msix-shared-slow", 1 },
	{ "one queue, first attempt", true, 0, { 1, NQ, NQ, NQ }, false, 1,
	  ladder3, "msix-per-queue", 2 },
	{ "one queue, second attempt", true, 0, { 1, NQ, NQ, NQ }, false, 2,
	  ladder3, "msix-shared", 2 },
	{ "one queue, shared-slow does not show", true, 0,
	  { 1, NQ, NQ, NQ }, false, 2, ladder4, "msix-per-queue", 2 },
	{ "one queue, third attempt of four rungs", true, 0,
	  { 1, NQ, NQ, NQ }, false, 3, ladder4, "msix-shared", 2 },
	{ "one queue, more attempts than rungs", true, 0, { 1, NQ, NQ, NQ },
	  false, 9, ladder3, "msix-shared", 2 },
	{ "one queue, no ladder", true, 0, { 1, NQ, NQ, NQ }, false, 2, NULL,
	  "msix-shared", 2 },
	{ "queues decide, not attempts", true, 0, { 1, 2, NQ, NQ }, false, 2,
	  ladder3, "msix-per-queue", 3 },
	{ "a queue without callback has none", true, 0, { 1, NV, 2, NQ },
	  false, 1, ladder3, "msix-per-queue", 3 },
	{ "no config vector", true, NV, { 0, 1, NQ, NQ }, false, 1, ladder3,
	  "msix-per-queue", 2 },
	{ "some share", true, 0, { 1, 1, 2, NQ }, false, 1, ladder3,
	  "msix-shared", 3 },
	{ "MSI-X on, nothing mapped", true, NV, { NV, NV, NQ, NQ }, false, 1,
	  ladder3, "none", 0 },
	{ "MSI-X on, config only", true, 0, { NV, NQ, NQ, NQ }, false, 1,
	  ladder3, "msix-per-queue", 1 },
	{ "line", false, 0, { 1, 2, NQ, NQ }, true, 2, ladder3, "intx", 0 },
	{ "nothing", false, NV, { NV, NQ, NQ, NQ }, false, 0, ladder3, "none",
	  0 },
	{ "the line does not count with MSI-X on", true, 0,
	  { 1, 2, NQ, NQ }, true, 1, ladder3, "msix-per-queue", 3 },
};

TEST(mode, is_what_the_registers_show)
{
	size_t i, q;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct facts_queue queues[4] = { { 0 } };
		struct facts_mode_input in = {
			.msix_enabled = rows[i].msix,
			.config_vector = rows[i].config,
			.queues = queues,
			.line = rows[i].line,
			.attempt = rows[i].attempt,
			.ladder = rows[i].ladder,
		};

		TEST_ROW("%s", rows[i].name);
		for (q = 0; q < 4 && rows[i].vectors[q] != NQ; q++) {
			queues[q].size = 128;
			queues[q].vector = rows[i].vectors[q];
		}
		in.nqueues = q;
		EXPECT_STREQ(rows[i].mode,
			     facts_mode_name(facts_mode_decide(&in)));
		EXPECT_EQ(rows[i].count, facts_vectors(&in));
	}
}

TEST(mode, queues_that_are_not_enabled_do_not_count)
{
	struct facts_queue queues[2] = { { .size = 64, .vector = 1 },
					 { .size = 0, .vector = 1 } };
	struct facts_mode_input in = {
		.msix_enabled = true, .config_vector = 0, .queues = queues,
		.nqueues = 2, .attempt = 1, .ladder = ladder3,
	};

	EXPECT_STREQ("msix-per-queue", facts_mode_name(facts_mode_decide(&in)));
}

TEST(mode, names)
{
	EXPECT_EQ(FACTS_MSIX_SHARED_SLOW, facts_mode_find("msix-shared-slow"));
	EXPECT_EQ(FACTS_INTX, facts_mode_find("intx"));
	EXPECT_EQ(-1, facts_mode_find("msi"));
}
