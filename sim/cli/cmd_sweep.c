/* SPDX-License-Identifier: MIT */
/*
 * `ringside sweep`: chooses cells and faults, runs them, and writes what came of
 * them when all have ended.
 */
#include <stdio.h>

#include "sim/cli/cli.h"
#include "sim/cli/interrupt.h"
#include "sim/cli/output.h"
#include "sim/cli/values.h"
#include "sim/suite/progress.h"
#include "sim/sweep/sweep.h"

struct request {
	struct sweep_wants wants;
	uint64_t seed;
	struct selection selection;
	struct sweep_results results;
	struct progress progress;
};

/* ---- what the options ask for ---- */

/* Options that have no meaning together. */
static bool fit_together(const struct cli *cli)
{
	static const int choosing[] = { OPT_POINT, OPT_DEVICE, OPT_QUIRKS,
					OPT_ACCESS, OPT_PAIRS, OPT_RUNS };
	size_t i;

	for (i = 0; i < sizeof(choosing) / sizeof(choosing[0]); i++) {
		if (!cli->ninjects || !cli->given[choosing[i]])
			continue;
		cli_usage(cli->command, "sweep: --inject says which fault; "
			  "leave --%s out", cli_options[choosing[i]].name);
		return false;
	}
	if (cli->given[OPT_ACCESS] && cli->given[OPT_QUIRKS]) {
		cli_usage(cli->command, "sweep: --access and --quirks are two "
			  "sweeps; leave one out");
		return false;
	}
	return true;
}

static bool read_request(const struct cli *cli, struct request *q)
{
	static const int valued[] = { OPT_FILTER, OPT_TAG, OPT_EXCLUDE_TAG,
				      OPT_GUEST, OPT_JSON, OPT_JUNIT,
				      OPT_POINT, OPT_DEVICE };

	if (!cli->nargs) {
		cli_usage(cli->command, "sweep: which scenarios?");
		return false;
	}
	if (!values_not_empty(cli, valued,
			      sizeof(valued) / sizeof(valued[0])) ||
	    !values_differ(cli) || !fit_together(cli) ||
	    !value_number(cli, OPT_SEED, 0, UINT64_MAX, &q->seed) ||
	    !value_jobs(cli, &q->wants.workers) ||
	    !value_number(cli, OPT_RUNS, 1, UINT64_MAX, &q->wants.runs) ||
	    !value_number(cli, OPT_PAIRS, 1, UINT64_MAX, &q->wants.pairs))
		return false;
	q->wants.point = cli->value[OPT_POINT];
	q->wants.device = cli->value[OPT_DEVICE];
	q->wants.quirks = cli->given[OPT_QUIRKS];
	q->wants.access = cli->given[OPT_ACCESS];
	q->wants.no_recheck = cli->given[OPT_NO_RECHECK];
	return true;
}

static bool select_cells(const struct cli *cli, struct request *q)
{
	const struct selection_wants wants = {
		.paths = cli->args, .npaths = cli->nargs,
		.filter = cli->value[OPT_FILTER],
		.tags = cli->value[OPT_TAG],
		.not_tags = cli->value[OPT_EXCLUDE_TAG],
		.guests = cli->value[OPT_GUEST],
	};
	size_t i;

	selection_make(&q->selection, &wants);
	sweep_results_init(&q->results, &q->selection);
	if (!value_guests(cli, &q->selection))
		return false;
	for (i = 0; i < q->selection.nfiles; i++)
		if (!q->selection.files[i].file)
			diag_print(&q->selection.files[i].mistakes, stderr);
	if (q->selection.ncells || q->selection.nfiles)
		return true;
	cli_usage(cli->command, "sweep: nothing is selected");
	return false;
}

/* ---- the runs ---- */

static void on_tick(void *arg, const struct sweep_progress *p)
{
	struct request *q = arg;

	q->progress.done = p->done;
	q->progress.failed = p->failed;
	q->progress.total = p->total > p->done ? p->total : p->done;
	progress_show(&q->progress);
}

static void run_cells(const struct cli *cli, struct request *q)
{
	const struct sweep sweep = {
		.selection = &q->selection, .wants = &q->wants,
		.inject = cli->ninjects ? cli->injects : NULL,
		.has_seed = cli->given[OPT_SEED], .seed = q->seed,
		.tick = on_tick, .stop = interrupt_watch(), .arg = q,
	};

	progress_begin(&q->progress, 0);
	sweep_run(&sweep, &q->results);
	progress_end(&q->progress);
	interrupt_unwatch();
}

/* ---- results ---- */

/* A sweep that had nothing to inject has shown nothing. */
static bool injected(const struct cli *cli, const struct request *q)
{
	struct sweep_count n = sweep_count(&q->results);

	if (n.runs || !n.swept || q->results.interrupted)
		return true;
	cli_usage(cli->command, "sweep: no fault is in reach%s; see ringside "
		  "list faults", cli->given[OPT_POINT] ||
		  cli->given[OPT_DEVICE] || cli->given[OPT_ACCESS] ?
			  " of what was asked for" : "");
	return false;
}

static int tell(const struct cli *cli, const struct request *q)
{
	const struct sweep_results *r = &q->results;
	struct textbuf out;
	bool ok = true;

	textbuf_init(&out);
	if (!cli->given[OPT_JSON] || cli->value[OPT_JSON]) {
		sweep_text(r, cli->given[OPT_VERBOSE], output_colour(), &out);
		ok = output_stdout(&out);
	}
	if (cli->given[OPT_JSON]) {
		sweep_json(r, &out);
		ok = output_text(cli->value[OPT_JSON], &out) && ok;
	}
	if (cli->given[OPT_JUNIT]) {
		sweep_junit(r, &out);
		ok = output_text(cli->value[OPT_JUNIT], &out) && ok;
	}
	if (!ok)
		return CLI_SIMULATOR;
	return injected(cli, q) ? sweep_exit_code(r) : CLI_USAGE;
}

int cmd_sweep(const struct cli *cli)
{
	struct request q = { 0 };
	int code = CLI_USAGE;

	if (!read_request(cli, &q))
		return code;
	if (select_cells(cli, &q)) {
		run_cells(cli, &q);
		code = tell(cli, &q);
	}
	sweep_results_free(&q.results);
	selection_free(&q.selection);
	return code;
}
