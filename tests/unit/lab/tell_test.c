/* SPDX-License-Identifier: MIT */
/*
 * Points as CSV and as Gradescope's results: what students write into names and
 * remarks stays a text there.
 */
#include <stdio.h>
#include <string.h>

#include "sim/lab/tell.h"
#include "tests/shim/gtest_c.h"

#define HEAD "name,lab,points,max,percent,passed,lost,remark\r\n"

static struct lab_task lab_tasks[] = {
	{ .id = "one", .title = "The first", .points = 2, .hint = "look again" },
	{ .id = "two", .title = "The second", .points = 1 },
};
static struct lab lab = {
	.name = "01-lab", .title = "A lab", .file = "lab.c", .pass = 50,
	.points = 3, .tasks = lab_tasks, .ntasks = 2,
};
static const struct tell_how how = { .pass = 0 };

struct attempted {
	struct attempt_task tasks[2];
	struct attempt attempt;
};

static struct attempt *attempt(struct attempted *a, const char *name,
			       bool one, bool two)
{
	memset(a, 0, sizeof(*a));
	a->tasks[0].task = &lab_tasks[0];
	a->tasks[0].passed = one;
	a->tasks[1].task = &lab_tasks[1];
	a->tasks[1].passed = two;
	a->attempt.name = name;
	a->attempt.lab = &lab;
	a->attempt.tasks = a->tasks;
	a->attempt.points = (one ? 2u : 0) + (two ? 1u : 0);
	return &a->attempt;
}

static void expect_csv(const struct attempt *a, const char *line)
{
	struct attempt copy = *a;
	const struct grading g = { .attempts = &copy, .count = 1 };
	struct textbuf out;

	textbuf_init(&out);
	tell_csv(&out, &g, &how);
	EXPECT_EQ(0, strncmp(out.data, HEAD, strlen(HEAD)));
	EXPECT_STREQ(line, out.data + strlen(HEAD));
	textbuf_free(&out);
}

TEST(lab_csv, has_points_percent_and_what_was_lost)
{
	struct attempted a;

	expect_csv(attempt(&a, "ada", true, true), "ada,01-lab,3,3,100,yes,,\r\n");
	expect_csv(attempt(&a, "bob", true, false),
		   "bob,01-lab,2,3,66,yes,two,\r\n");
	expect_csv(attempt(&a, "eve", false, true),
		   "eve,01-lab,1,3,33,no,one,\r\n");
	expect_csv(attempt(&a, "zoe", false, false),
		   "zoe,01-lab,0,3,0,no,one two,\r\n");
}

TEST(lab_csv, quotes_names_and_lets_none_be_a_formula)
{
	static const struct {
		const char *name, *field;
	} rows[] = {
		{ "a,b", "\"a,b\"" }, { "say \"hi\"", "\"say \"\"hi\"\"\"" },
		{ "two\nlines", "\"two\nlines\"" },
		{ "=1+1", "\"'=1+1\"" }, { "@x", "\"'@x\"" },
		{ "-x", "\"'-x\"" }, { "+x", "\"'+x\"" }, { "a=b", "a=b" },
	};
	struct attempted a;
	char line[128];
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		TEST_ROW("%s", rows[i].name);
		snprintf(line, sizeof(line), "%s,01-lab,3,3,100,yes,,\r\n",
			 rows[i].field);
		expect_csv(attempt(&a, rows[i].name, true, true), line);
	}
}

TEST(lab_csv, tells_why_there_are_no_points)
{
	struct attempted a;
	struct attempt *t = attempt(&a, "ada", false, false);
	char said[] = "lab.c:1:2: warning: odd\nlab.c:3:4: error: wrong, \"x\"\n";

	t->state = ATTEMPT_NOT_COMPILED;
	t->said = said;
	expect_csv(t, "ada,01-lab,0,3,0,no,one two,\"does not compile: "
		   "lab.c:3:4: error: wrong, \"\"x\"\"\"\r\n");
	t->state = ATTEMPT_MISSING;
	expect_csv(t, "ada,01-lab,0,3,0,no,one two,there is no lab.c\r\n");
}

TEST(lab_gradescope, has_a_test_for_each_task)
{
	struct attempted a;
	struct textbuf out;

	textbuf_init(&out);
	tell_gradescope(&out, attempt(&a, "ada", true, false));
	EXPECT_SUBSTR(out.data, "\"score\": 2,");
	EXPECT_SUBSTR(out.data, "\"name\": \"The first\"");
	EXPECT_SUBSTR(out.data, "\"status\": \"passed\"");
	EXPECT_SUBSTR(out.data, "\"name\": \"The second\"");
	EXPECT_SUBSTR(out.data, "\"max_score\": 1");
	EXPECT_SUBSTR(out.data, "\"status\": \"failed\"");
	textbuf_free(&out);
}

/* A run of task t that failed for these reasons. */
static void fail(struct attempted *a, size_t t, struct attempt_cell *c,
		 struct lab_reason *reasons, size_t n)
{
	c->check = t ? "two" : "one";
	c->name = "";
	c->result = (struct lab_cell){
		.state = LAB_CELL_FAILED, .about = "it is tried", .log = "",
		.report = "", .reasons = reasons, .nreasons = n,
	};
	a->tasks[t].cells = c;
	a->tasks[t].ncells = 1;
}

TEST(lab_text, tells_what_two_runs_have_in_common_once)
{
	struct lab_reason first[] = { { "it leaked", "lab.c:7 in f" } };
	struct lab_reason second[] = { { "it leaked", "lab.c:7 in f" },
				       { "it hung", "" } };
	struct attempt_cell cells[2];
	struct attempted a;
	struct textbuf out;

	attempt(&a, "ada", false, false);
	fail(&a, 0, &cells[0], first, 1);
	fail(&a, 1, &cells[1], second, 2);
	textbuf_init(&out);
	tell_attempt(&out, &a.attempt, &how);
	EXPECT_STREQ("01-lab: A lab, 0 of 3 points\n"
		     "  FAIL  one 0/2  The first\n"
		     "          one: it is tried\n"
		     "            it leaked\n"
		     "              at lab.c:7 in f\n"
		     "          hint: look again\n"
		     "  FAIL  two 0/1  The second\n"
		     "          two: it is tried\n"
		     "            the same as in one\n"
		     "            it hung\n", out.data);
	textbuf_free(&out);
}

TEST(lab_text, passed_is_what_the_lab_says_or_what_was_asked)
{
	struct attempted a;
	const struct tell_how all = { .pass = 100 };

	EXPECT_TRUE(tell_passed(attempt(&a, "ada", true, false), &how));
	EXPECT_FALSE(tell_passed(&a.attempt, &all));
	EXPECT_FALSE(tell_passed(attempt(&a, "ada", false, true), &how));
	EXPECT_TRUE(tell_passed(attempt(&a, "ada", true, true), &all));
}
