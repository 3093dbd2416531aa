/* SPDX-License-Identifier: MIT */
/*
 * `ringside run`: load, run, and only then write what there is to tell.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sim/cli/cli.h"
#include "sim/cli/output.h"
#include "sim/cli/record.h"
#include "sim/cli/scenarios.h"
#include "sim/cli/values.h"
#include "sim/run/run.h"

/* What the options ask for, checked before anything runs. */
struct request {
	uint64_t seed, stop_at;
	struct textbuf again; /* the overrides, as words of a shell */
};

/* --trace F and --json=F invite to write --json F. */
static bool one_scenario(const struct cli *cli)
{
	if (cli->nargs == 1 && cli->args[0][0])
		return true;
	if (cli->nargs < 2)
		cli_usage(cli->command, "run: which scenario?");
	else if (cli->given[OPT_JSON] && !cli->value[OPT_JSON])
		cli_usage(cli->command, "run: one scenario at a time; a file "
			  "for the result is written --json=FILE");
	else
		cli_usage(cli->command, "run: one scenario at a time");
	return false;
}

static bool read_request(const struct cli *cli, struct request *q)
{
	if (!one_scenario(cli) ||
	    !value_number(cli, OPT_SEED, 0, UINT64_MAX, &q->seed) ||
	    !value_number(cli, OPT_STOP_AT, 0, UINT64_MAX, &q->stop_at))
		return false;
	if (cli->given[OPT_STOP_AT] && !q->stop_at) {
		cli_usage(cli->command, "run: --stop-at counts events from 1");
		return false;
	}
	if (cli->value[OPT_JSON] && !cli->value[OPT_JSON][0]) {
		cli_usage(cli->command, "run: --json= needs a file's name");
		return false;
	}
	if (!record_check(cli))
		return false;
	scenarios_again(cli, &q->again);
	return true;
}

/* ---- under gdb ---- */

/* The same command again, as gdb's program: --gdb becomes --debugger, which only
 * says that a stop is a breakpoint. */
static int exec_gdb(const struct cli *cli, bool stops)
{
	const char **args;
	size_t n = 0, i;
	char self[4096];
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);

	for (i = 0; cli->argv[i]; i++)
		;
	args = calloc(i + 16, sizeof(*args));
	if (!args || len <= 0) {
		free(args);
		return CLI_SIMULATOR;
	}
	self[len] = '\0';
	args[n++] = "gdb";
	args[n++] = "-q";
	args[n++] = "-ex";
	args[n++] = "break run_stop_point";
	if (stops) {
		args[n++] = "-ex";
		args[n++] = "run";
	}
	args[n++] = "--args";
	args[n++] = self;
	for (i = 0; cli->argv[i]; i++)
		args[n++] = strcmp(cli->argv[i], "--gdb") ? cli->argv[i] :
							    "--debugger";
	execvp("gdb", (char *const *)args);
	fprintf(stderr, "ringside: gdb: %s\n", errno == ENOENT ?
		"not installed" : strerror(errno));
	free(args);
	return CLI_USAGE;
}

/* ---- results ---- */

static bool write_json(const char *path, const struct report *r)
{
	struct textbuf out;

	textbuf_init(&out);
	report_json(r, &out);
	return output_text(path, &out);
}

static bool write_text(const struct report *r)
{
	struct textbuf out;

	textbuf_init(&out);
	report_text(r, output_colour(), &out);
	return output_stdout(&out);
}

static int tell(const struct cli *cli, const struct run *run)
{
	const struct report *r = run_report(run);
	bool json_only = cli->given[OPT_JSON] && !cli->value[OPT_JSON];
	bool ok = json_only || write_text(r);

	/* Last, so that a complaint about a file does not scroll away. */
	ok = record_write(cli, run) && ok;
	if (cli->given[OPT_JSON])
		ok = write_json(cli->value[OPT_JSON], r) && ok;
	return ok ? report_exit_code(report_verdict(r)) : CLI_SIMULATOR;
}

static int run_scenario(const struct cli *cli, const struct request *q,
			const struct scenario *s)
{
	const struct run_options o = {
		.trace = record_wanted(cli),
		.stop_at = q->stop_at,
		.debugger = cli->given[OPT_DEBUGGER],
		.bare = cli->given[OPT_BARE],
		.overrides = q->again.len ? q->again.data : "",
	};
	const char *error;
	struct run *run = run_create(s, &o, &error);
	int code;

	if (!run) {
		fprintf(stderr, "ringside: %s\n", error);
		return CLI_SIMULATOR;
	}
	run_execute(run);
	code = tell(cli, run);
	run_destroy(run);
	return code;
}

int cmd_run(const struct cli *cli)
{
	struct request q = { 0 };
	struct scenarios set;
	struct scenario *s;
	int code = CLI_USAGE;

	if (read_request(cli, &q) && scenarios_init(&set, cli)) {
		s = scenarios_load(&set, cli->args[0]);
		if (!s)
			code = scenarios_report(&set);
		else if (cli->given[OPT_GDB])
			code = exec_gdb(cli, cli->given[OPT_STOP_AT]);
		else
			code = run_scenario(cli, &q, s);
		if (s)
			scenario_free(s);
		scenarios_free(&set);
	}
	textbuf_free(&q.again);
	return code;
}
