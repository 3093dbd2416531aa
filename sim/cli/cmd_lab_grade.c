/* SPDX-License-Identifier: MIT */
/*
 * `ringside lab check` and `ringside lab grade`: the same grading, told to a
 * student or to an instructor.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cmd_lab.h"
#include "sim/cli/interrupt.h"
#include "sim/cli/output.h"
#include "sim/cli/values.h"
#include "sim/lab/handin.h"
#include "sim/lab/tell.h"

struct request {
	const struct cli *cli;
	struct grading grading;
	struct tell_how how;
	bool pass_asked; /* --pass: the exit code follows it */
};

static bool read_request(struct request *q)
{
	uint64_t pass = 0;

	q->pass_asked = q->cli->given[OPT_PASS];
	q->how.colour = output_colour();
	q->how.whole = q->cli->given[OPT_VERBOSE];
	if (q->cli->value[OPT_PASS] &&
	    !value_number(q->cli, OPT_PASS, 1, 100, &pass))
		return false;
	q->how.pass = (unsigned int)pass;
	return value_jobs(q->cli, &q->grading.workers);
}

static int find(struct request *q, const struct labs *labs, char *const *args,
		size_t nargs)
{
	const char *name = q->cli->value[OPT_LAB];
	const struct lab *lab = name ? labs_find(labs, name) : NULL;
	struct textbuf error, passed_over;
	int code = CLI_OK;

	if (name && !lab)
		return lab_unknown(q->cli, labs, name);
	textbuf_init(&error);
	textbuf_init(&passed_over);
	if (!handin_find(&q->grading, labs, lab, args, nargs, &error,
			 &passed_over))
		code = cli_usage(q->cli->command, "lab %s: %s", q->cli->args[0],
				 error.data ? error.data : "");
	if (passed_over.len)
		fputs(passed_over.data, stderr);
	textbuf_free(&error);
	textbuf_free(&passed_over);
	return code;
}

/* CLI_OK: everything has been graded, whatever the points. */
static int grade(struct request *q)
{
	const char *error;
	bool all;

	q->grading.stop = interrupt_watch();
	all = grading_run(&q->grading, &error);
	interrupt_unwatch();
	if (error) {
		fprintf(stderr, "ringside: no folder to build in: %s\n", error);
		return CLI_SIMULATOR;
	}
	if (!all)
		return CLI_INTERRUPTED;
	if (!q->grading.invalid)
		return CLI_OK;
	fprintf(stderr, "ringside: a check of the lab is wrong itself: %s\n",
		q->grading.invalid);
	return CLI_USAGE;
}

/* A compiler that is missing is nobody's lack of points. */
static int trouble(const struct grading *g)
{
	size_t i;

	for (i = 0; i < g->count; i++)
		if (g->attempts[i].state == ATTEMPT_TROUBLE)
			return CLI_SIMULATOR;
	return CLI_OK;
}

static int below(const struct request *q)
{
	size_t i;

	for (i = 0; i < q->grading.count; i++)
		if (!tell_passed(&q->grading.attempts[i], &q->how))
			return CLI_FAILED;
	return CLI_OK;
}

static int worst(int a, int b)
{
	return a > b ? a : b;
}

/* ---- check ---- */

static int tell_check(struct request *q)
{
	const struct attempt *a = &q->grading.attempts[0];
	struct textbuf out;
	int code = trouble(&q->grading);

	fputs(a->said ? a->said : "", stderr);
	if (code != CLI_OK)
		return a->state == ATTEMPT_TROUBLE ? CLI_USAGE : code;
	textbuf_init(&out);
	tell_attempt(&out, a, &q->how);
	if (!output_stdout(&out))
		return CLI_SIMULATOR;
	if (q->pass_asked)
		return below(q);
	return a->points == a->lab->points ? CLI_OK : CLI_FAILED;
}

int lab_check(const struct cli *cli, const struct labs *labs)
{
	struct request q = { .cli = cli };
	char here[] = ".", *dot[] = { here };
	int code = CLI_USAGE;

	if (cli->nargs > 2)
		return cli_usage(cli->command, "lab check: one folder at a "
				 "time; `lab grade` takes many");
	if (read_request(&q))
		code = find(&q, labs, cli->nargs == 2 ? cli->args + 1 : dot, 1);
	if (code == CLI_OK)
		code = grade(&q);
	if (code == CLI_OK)
		code = tell_check(&q);
	grading_free(&q.grading);
	return code;
}

/* ---- grade ---- */

static int write_files(struct request *q)
{
	const struct cli *cli = q->cli;
	struct textbuf out;
	bool ok = true;

	textbuf_init(&out);
	if (cli->given[OPT_CSV]) {
		tell_csv(&out, &q->grading, &q->how);
		ok = output_text(cli->value[OPT_CSV], &out);
	}
	if (cli->given[OPT_GRADESCOPE]) {
		tell_gradescope(&out, &q->grading.attempts[0]);
		ok = output_text(cli->value[OPT_GRADESCOPE], &out) && ok;
	}
	return ok ? CLI_OK : CLI_SIMULATOR;
}

static int tell_grade(struct request *q)
{
	struct textbuf out;
	int code;

	textbuf_init(&out);
	tell_grading(&out, &q->grading, &q->how);
	code = output_stdout(&out) ? CLI_OK : CLI_SIMULATOR;
	code = worst(code, write_files(q));
	code = worst(code, trouble(&q->grading));
	return code == CLI_OK && q->pass_asked ? below(q) : code;
}

int lab_grade(const struct cli *cli, const struct labs *labs)
{
	struct request q = { .cli = cli };
	int code = CLI_USAGE;

	if (cli->nargs < 2)
		return cli_usage(cli->command, "lab grade: say which folders");
	if (read_request(&q))
		code = find(&q, labs, cli->args + 1, cli->nargs - 1);
	if (code == CLI_OK && cli->given[OPT_GRADESCOPE] &&
	    q.grading.count != 1)
		code = cli_usage(cli->command, "lab grade: --gradescope is for "
				 "one folder at a time");
	if (code == CLI_OK)
		code = grade(&q);
	if (code == CLI_OK)
		code = tell_grade(&q);
	grading_free(&q.grading);
	return code;
}
