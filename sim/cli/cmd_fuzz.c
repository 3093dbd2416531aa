/* SPDX-License-Identifier: MIT */
/*
 * `ringside fuzz`: reads what is wanted, loads the scenario on an image that
 * checks its accesses, and tells what many runs have found, or one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/interrupt.h"
#include "sim/cli/output.h"
#include "sim/cli/record.h"
#include "sim/cli/scenarios.h"
#include "sim/cli/values.h"
#include "sim/fuzz/fuzz.h"
#include "sim/scenario/text.h"
#include "sim/suite/progress.h"

#define RUNS 1000u
#define PS_PER_MS 1000000000

struct request {
	const struct cli *cli;
	struct fuzz fuzz;
	uint64_t run;         /* with --run */
	uint32_t steps;       /* of its plan */
	struct textbuf again; /* the overrides, as words of a shell */
	struct progress progress;
	uint64_t shown;
};

/* ---- what is wanted ---- */

static bool read_time(const struct cli *cli, struct request *q)
{
	int64_t ps = 0;

	if (!cli->given[OPT_TIME])
		return true;
	if (text_time(cli->value[OPT_TIME], &ps) != TEXT_OK ||
	    ps < PS_PER_MS) {
		cli_usage(cli->command, "fuzz: --time takes a time of at least "
			  "1ms with its unit, as 60s, not '%s'",
			  cli->value[OPT_TIME]);
		return false;
	}
	q->fuzz.time_ms = (uint64_t)ps / PS_PER_MS;
	if (!cli->given[OPT_RUNS])
		q->fuzz.runs = SIZE_MAX;
	return true;
}

/* "2,5": steps from 1. */
static bool read_steps(const struct cli *cli, struct request *q)
{
	const char *p = cli->value[OPT_ONLY];
	unsigned long n;
	char *end;

	q->steps = FUZZ_ALL_STEPS;
	if (!cli->given[OPT_ONLY])
		return true;
	if (!cli->given[OPT_RUN]) {
		cli_usage(cli->command, "fuzz: --only is for one run; say which "
			  "with --run");
		return false;
	}
	for (q->steps = 0;; p = end + 1) {
		n = *p >= '0' && *p <= '9' ? strtoul(p, &end, 10) : 0;
		if (!n || n > HOSTILE_STEPS || (*end && *end != ',')) {
			cli_usage(cli->command, "fuzz: --only takes steps of "
				  "the plan, as 1,3, not '%s'",
				  cli->value[OPT_ONLY]);
			return false;
		}
		q->steps |= 1u << (n - 1);
		if (!*end)
			return true;
	}
}

static bool read_request(const struct cli *cli, struct request *q)
{
	q->fuzz.runs = RUNS;
	if (cli->nargs != 1 || !cli->args[0][0]) {
		cli_usage(cli->command, cli->nargs < 2 ?
			  "fuzz: which scenario?" :
			  "fuzz: one scenario at a time");
		return false;
	}
	if (!value_number(cli, OPT_RUNS, 1, UINT64_MAX, &q->fuzz.runs) ||
	    !value_number(cli, OPT_RUN, 0, UINT64_MAX, &q->run) ||
	    !value_number(cli, OPT_SEED, 0, UINT64_MAX, &q->fuzz.seed) ||
	    !value_jobs(cli, &q->fuzz.workers) || !read_time(cli, q) ||
	    !read_steps(cli, q))
		return false;
	if (cli->value[OPT_JSON] && !cli->value[OPT_JSON][0]) {
		cli_usage(cli->command, "fuzz: --json= needs a file's name");
		return false;
	}
	if (record_wanted(cli) && !cli->given[OPT_RUN]) {
		cli_usage(cli->command, "fuzz: --trace and --html are of one "
			  "run; say which with --run");
		return false;
	}
	if (!record_check(cli))
		return false;
	scenarios_again(cli, &q->again);
	return true;
}

/* ---- the scenario ---- */

/* The file's guest, in the image whose accesses are checked if there is one. */
static struct scenario *load(const struct cli *cli, struct scenarios *set)
{
	struct scenario *s = scenarios_load(set, cli->args[0]), *checked;
	const char *const *names;
	char name[256];

	if (!s || cli->given[OPT_GUEST])
		return s;
	snprintf(name, sizeof(name), "%s-checked", s->guest->name);
	names = catalogue_guest_names(set->catalogue);
	while (*names && strcmp(*names, name))
		names++;
	if (!*names)
		return s;
	set->overrides.guest = *names;
	checked = scenarios_load(set, cli->args[0]);
	scenario_free(s);
	return checked;
}

static bool choose_device(const struct cli *cli, struct request *q)
{
	const struct scenario *s = q->fuzz.scenario;
	const char *wanted = cli->value[OPT_DEVICE];
	size_t i;

	q->fuzz.device = s->ndevices;
	if (!s->ndevices) {
		cli_usage(cli->command, "fuzz: the scenario has no device");
		return false;
	}
	if (!cli->given[OPT_DEVICE])
		return true;
	for (i = 0; i < s->ndevices; i++)
		if (!strcmp(s->devices[i].id, wanted))
			break;
	q->fuzz.device = i;
	if (i < s->ndevices)
		return true;
	cli_usage(cli->command, "fuzz: the scenario has no device '%s'; its "
		  "first is '%s'", wanted, s->devices[0].id);
	return false;
}

/* ---- results ---- */

static int exit_code(const struct fuzz_result *r)
{
	int code = CLI_OK;
	size_t i;

	for (i = 0; i < r->ngroups; i++) {
		if (r->groups[i].first.kind == OUTCOME_FAULT)
			return CLI_SIMULATOR;
		code = CLI_FAILED;
	}
	return r->interrupted ? CLI_INTERRUPTED : code;
}

static int tell(const struct cli *cli, const struct request *q,
		const struct fuzz_result *r)
{
	struct textbuf out;
	bool ok = true;

	textbuf_init(&out);
	if (!cli->given[OPT_JSON] || cli->value[OPT_JSON]) {
		fuzz_text(&q->fuzz, r, &out);
		ok = output_stdout(&out);
	}
	if (cli->given[OPT_JSON]) {
		fuzz_json(&q->fuzz, r, &out);
		ok = output_text(cli->value[OPT_JSON], &out) && ok;
	}
	return ok ? exit_code(r) : CLI_SIMULATOR;
}

/* ---- the runs ---- */

static void on_tick(void *arg, uint64_t done, uint64_t findings)
{
	struct request *q = arg;

	for (; q->shown < done; q->shown++)
		progress_done(&q->progress, false);
	q->progress.failed = (size_t)findings;
	progress_show(&q->progress);
}

static int run_many(const struct cli *cli, struct request *q,
		    struct fuzz_result *r)
{
	q->fuzz.tick = on_tick;
	q->fuzz.arg = q;
	progress_begin(&q->progress, (size_t)q->fuzz.runs);
	if (!fuzz_run(&q->fuzz, r)) {
		progress_end(&q->progress);
		return -1;
	}
	progress_end(&q->progress);
	if (cli->given[OPT_MINIMIZE] && !r->interrupted)
		fuzz_minimize(&q->fuzz, r);
	return tell(cli, q, r);
}

static void make_one(void *arg, size_t job, struct trial *t)
{
	void *const *both = arg;
	const struct request *q = both[0];

	(void)job;
	fuzz_plan(&q->fuzz, both[1], q->run, q->steps, t);
	t->trace = record_wanted(q->cli);
}

static bool one_seen(void *arg, const struct trial *t)
{
	void *const *both = arg;
	const struct request *q = both[0];

	return record_write(q->cli, t->run);
}

static void one_done(void *arg, size_t job, struct outcome *o)
{
	void *const *both = arg;
	const struct request *q = both[0];
	struct fuzz_result *r = both[1];
	struct fuzz_group *g = calloc(1, sizeof(*g));

	(void)job;
	if (!g)
		abort();
	*g = (struct fuzz_group){ .first = *o, .run = q->run, .count = 1,
				  .steps = q->steps };
	r->done = 1;
	r->unmet = !o->met;
	if (o->kind == OUTCOME_GOOD) {
		r->courses = g;
		r->ncourses = 1;
	} else {
		r->groups = g;
		r->ngroups = 1;
	}
}

static int run_one(const struct cli *cli, struct request *q,
		   struct fuzz_result *r)
{
	void *both[] = { q, r };
	const struct fuzz_batch b = {
		.fuzz = &q->fuzz, .make = make_one, .seen = one_seen,
		.done = one_done,
		.stop = q->fuzz.stop, .arg = both,
	};
	struct textbuf out;

	if (!fuzz_count(&q->fuzz, r))
		return -1;
	r->interrupted = !fuzz_batch(&b, 1);
	if (cli->given[OPT_MINIMIZE] && !cli->given[OPT_ONLY])
		fuzz_minimize(&q->fuzz, r);
	textbuf_init(&out);
	if (r->ncourses && !cli->given[OPT_JSON]) {
		fuzz_plan_text(&q->fuzz, r, q->run, q->steps,
			       r->courses[0].first.met, &out);
		if (!output_stdout(&out))
			return CLI_SIMULATOR;
	}
	return tell(cli, q, r);
}

static int run_scenario(const struct cli *cli, struct request *q)
{
	struct fuzz_result r = { 0 };
	int code;

	if (!choose_device(cli, q))
		return CLI_USAGE;
	if (!cli->given[OPT_SEED])
		q->fuzz.seed = q->fuzz.scenario->seed;
	q->fuzz.stop = interrupt_watch();
	q->fuzz.colour = output_colour();
	q->fuzz.overrides = q->again.len ? q->again.data : "";
	code = cli->given[OPT_RUN] ? run_one(cli, q, &r) :
				     run_many(cli, q, &r);
	interrupt_unwatch();
	if (code < 0) {
		fprintf(stderr, "ringside: fuzz: already without a hostile "
			"device the run is not good:\n%s", r.error);
		code = CLI_FAILED;
	}
	fuzz_result_free(&r, &q->fuzz);
	return code;
}

int cmd_fuzz(const struct cli *cli)
{
	struct request q = { .cli = cli };
	struct scenarios set;
	struct scenario *s;
	int code = CLI_USAGE;

	textbuf_init(&q.again);
	if (read_request(cli, &q) && scenarios_init(&set, cli)) {
		s = load(cli, &set);
		q.fuzz.scenario = s;
		code = s ? run_scenario(cli, &q) : scenarios_report(&set);
		if (s)
			scenario_free(s);
		scenarios_free(&set);
	}
	textbuf_free(&q.again);
	return code;
}
