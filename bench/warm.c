/* SPDX-License-Identifier: MIT */
/*
 * A scenario as a suite runs it: loaded once, guest image and all, then a fork
 * for each run.  Prints the processor's milliseconds that a run takes, user and
 * system, the parent's share included.
 *
 *   warm FILE COUNT
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/run/run.h"
#include "sim/scenario/catalogue.h"
#include "sim/scenario/diag.h"
#include "sim/scenario/scenario.h"

static double cpu_ms(int who)
{
	struct rusage u;

	getrusage(who, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e3 +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e3;
}

/* In the child; 0: all as expected. */
static int run_once(const struct scenario *s)
{
	const struct run_options o = { .overrides = "" };
	const char *error;
	struct run *run = run_create(s, &o, &error);

	if (!run)
		return 3;
	run_execute(run);
	return report_exit_code(report_verdict(run_report(run)));
}

static bool forked(const struct scenario *s)
{
	int status;
	pid_t child = fork();

	if (!child)
		_exit(run_once(s));
	return child > 0 && waitpid(child, &status, 0) == child && !status;
}

int main(int argc, char **argv)
{
	struct scn_overrides none = { 0 };
	struct diag diag;
	struct scenario *s;
	double before;
	int n, i;

	if (argc != 3 || (n = atoi(argv[2])) < 1)
		return 2;
	diag_init(&diag);
	s = scenario_load(argv[1], &none, catalogue_create(), &diag);
	if (!s) {
		diag_print(&diag, stderr);
		return 2;
	}
	before = cpu_ms(RUSAGE_SELF) + cpu_ms(RUSAGE_CHILDREN);
	for (i = 0; i < n; i++)
		if (!forked(s))
			return 1;
	printf("%.3f\n", (cpu_ms(RUSAGE_SELF) + cpu_ms(RUSAGE_CHILDREN) -
			  before) / n);
	return 0;
}
