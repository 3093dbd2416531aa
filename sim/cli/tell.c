/* SPDX-License-Identifier: MIT */
/*
 * Results in all the forms that the command line asks for.
 */
#include "sim/cli/tell.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/output.h"
#include "sim/cli/values.h"
#include "sim/suite/reread.h"

/* Forms that take the place of the text where no file is named. */
static const int in_place[] = { OPT_JSON, OPT_TAP };
#define IN_PLACE (sizeof(in_place) / sizeof(in_place[0]))

static bool to_stdout(const struct cli *cli, int id)
{
	return cli->given[id] && !cli->value[id];
}

static bool fits(const struct cli *cli)
{
	static const int valued[] = { OPT_JSON, OPT_JUNIT, OPT_TAP,
				      OPT_BASELINE, OPT_CLAUSES };

	if (!values_not_empty(cli, valued, sizeof(valued) / sizeof(valued[0])))
		return false;
	if (to_stdout(cli, OPT_JSON) && to_stdout(cli, OPT_TAP)) {
		cli_usage(cli->command, "%s: --json and --tap cannot both be "
			  "printed; give one of them a file, as in --json=F",
			  cli->command->name);
		return false;
	}
	return values_differ(cli);
}

struct record_wants tell_wants(const struct cli *cli)
{
	return (struct record_wants){
		.colour = output_colour(), .json = cli->given[OPT_JSON],
		.clauses = cli->given[OPT_CLAUSES],
	};
}

/* ---- what is told ---- */

static bool tell_text(const struct cli *cli, const struct results *r)
{
	const struct results_text how = {
		.colour = output_colour(),
		.only_failed = cli->given[OPT_ONLY_FAILED],
		.compare = cli->given[OPT_COMPARE],
	};
	struct textbuf out;
	size_t i;

	for (i = 0; i < IN_PLACE; i++)
		if (to_stdout(cli, in_place[i]))
			return true;
	textbuf_init(&out);
	results_text(r, &how, &out);
	return output_stdout(&out);
}

static bool tell_form(const struct cli *cli, int id, const struct results *r,
		      void (*form)(const struct results *r,
				   struct textbuf *out))
{
	struct textbuf out;

	if (!cli->given[id])
		return true;
	textbuf_init(&out);
	form(r, &out);
	return output_text(cli->value[id], &out);
}

/* On standard error, whatever standard output is: the runner reads both. */
static void tell_github(const struct cli *cli, const struct results *r)
{
	const char *there = getenv("GITHUB_ACTIONS");
	struct textbuf out;

	if (!cli->given[OPT_GITHUB] && !(there && !strcmp(there, "true")))
		return;
	textbuf_init(&out);
	results_github(r, &out);
	fputs(out.failed || !out.data ? "" : out.data, stderr);
	textbuf_free(&out);
}

/* ---- the whole ---- */

static bool read_baseline(struct tell *t)
{
	const char *path = t->cli->value[OPT_BASELINE];

	if (!reread_file(&t->earlier, path)) {
		cli_usage(t->cli->command, "%s: --baseline: %s cannot be read: "
			  "%s", t->cli->command->name, path, strerror(errno));
		return false;
	}
	if (!t->earlier.count) {
		cli_usage(t->cli->command, "%s: --baseline: %s is no result of "
			  "--json", t->cli->command->name, path);
		return false;
	}
	return true;
}

bool tell_begin(struct tell *t, const struct cli *cli)
{
	t->cli = cli;
	reread_init(&t->earlier);
	return fits(cli) && (!cli->given[OPT_BASELINE] || read_baseline(t));
}

void tell_end(struct tell *t)
{
	reread_free(&t->earlier);
}

int tell(struct tell *t, struct results *r, bool *json)
{
	const struct cli *cli = t->cli;
	bool ok, in_file;

	if (cli->given[OPT_BASELINE])
		reread_baseline(&t->earlier, r);
	ok = tell_text(cli, r);
	in_file = tell_form(cli, OPT_JSON, r, results_json);
	ok = tell_form(cli, OPT_TAP, r, results_tap) && ok;
	ok = tell_form(cli, OPT_JUNIT, r, results_junit) && ok && in_file;
	ok = tell_form(cli, OPT_CLAUSES, r, results_clauses) && ok;
	tell_github(cli, r);
	if (json)
		*json = in_file;
	return ok ? results_exit_code(r) : CLI_SIMULATOR;
}
