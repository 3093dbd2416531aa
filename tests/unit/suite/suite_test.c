/* SPDX-License-Identifier: MIT */
/*
 * Real cells, run in forked processes, with the changes that a job may ask for.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/suite/suite.h"
#include "tests/shim/gtest_c.h"

#define JOBS 3

struct seen {
	enum record_status status[JOBS];
	char text[JOBS][1024], course[JOBS][256];
	int times;
};

static void done(void *arg, size_t job, struct record *r)
{
	struct seen *s = arg;

	s->status[job] = r->status;
	snprintf(s->text[job], sizeof(s->text[job]), "%s", r->text);
	snprintf(s->course[job], sizeof(s->course[job]), "%s", r->course);
	s->times++;
	record_free(r);
}

/* Two cells of a file; the second one twice, with and without a change. */
static void run(struct seen *seen, const char *name, const char *const *sets,
		const char *guest)
{
	struct suite_job jobs[JOBS] = { { .cell = 0 }, { .cell = 1 },
					{ .cell = 1, .sets = sets,
					  .guest = guest } };
	const struct suite suite = {
		.jobs = jobs, .njobs = JOBS, .workers = 2,
		.has_seed = true, .seed = 9, .done = done, .arg = seen,
	};
	struct scenario_file *file;
	char path[512];
	struct diag d;
	size_t i;

	memset(seen, 0, sizeof(*seen));
	snprintf(path, sizeof(path), "%s/scenarios/ladder/%s",
		 RINGSIDE_SOURCE_DIR, name);
	setenv("RINGSIDE_GUEST_PATH", RINGSIDE_GUEST_DIR, 1);
	diag_init(&d);
	file = scenario_file_open(path, &d);
	ASSERT_TRUE(file != NULL);
	for (i = 0; i < JOBS; i++)
		jobs[i].file = file;
	EXPECT_TRUE(suite_run(&suite));
	EXPECT_EQ(JOBS, seen->times);
	scenario_file_close(file);
	diag_free(&d);
}

TEST(suite_run, a_change_changes_its_own_job)
{
	static const char *const sets[] = { "expect.0.vectors=77", NULL };
	struct seen s;

	run(&s, "top.yaml", sets, NULL);
	EXPECT_EQ(RECORD_PASSED, s.status[0]);
	EXPECT_EQ(RECORD_PASSED, s.status[1]);
	EXPECT_STREQ("", s.text[1]);
	EXPECT_EQ(RECORD_FAILED, s.status[2]);
	EXPECT_SUBSTR(s.text[2], "disk0 vectors: expected 77, got 3");
	EXPECT_SUBSTR(s.text[2],
		      " --seed 9 --set 'expect.0.vectors=77'\n");
}

TEST(suite_run, a_guest_that_is_not_there)
{
	struct seen s;

	run(&s, "top.yaml", NULL, "nowhere");
	EXPECT_EQ(RECORD_PASSED, s.status[1]);
	EXPECT_EQ(RECORD_INVALID, s.status[2]);
	EXPECT_SUBSTR(s.text[2], "[unknown-guest]");
}

TEST(suite_run, course_is_what_the_driver_went_through)
{
	struct seen s;

	run(&s, "allocation-refused-twice.yaml", NULL, NULL);
	EXPECT_STREQ("disk0  msix-per-queue ENOSPC > msix-shared ENOSPC > "
		     "intx\n", s.course[0]);
}
