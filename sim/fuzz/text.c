/* SPDX-License-Identifier: MIT */
/*
 * What fuzzing has found, for a person and for a program.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/fuzz/fuzz.h"
#include "sim/report/jsonw.h"

#define COURSES 12u /* that are told, of those without findings */

static void put_again(const struct fuzz *f, uint64_t run, uint32_t steps,
		      struct textbuf *out)
{
	const char *comma = " --only ";
	int i;

	textbuf_text(out, "ringside fuzz ");
	textbuf_shell_cell(out, f->scenario->path, f->scenario->cell);
	textbuf_printf(out, " --seed %" PRIu64 " --run %" PRIu64, f->seed, run);
	if (f->device < f->scenario->ndevices)
		textbuf_printf(out, " --device %s",
			       f->scenario->devices[f->device].id);
	for (i = 0; steps != FUZZ_ALL_STEPS && i < 32; i++) {
		if (!(steps >> i & 1))
			continue;
		textbuf_printf(out, "%s%d", comma, i + 1);
		comma = ",";
	}
	if (f->overrides && f->overrides[0])
		textbuf_printf(out, " %s", f->overrides);
}

/* The line of the report that says how to have a run again leads to one without
 * a hostile device. */
static void put_report(const char *text, struct textbuf *out)
{
	const char *line = text, *end;

	for (; *line; line = end) {
		end = strchr(line, '\n');
		end = end ? end + 1 : line + strlen(line);
		if (strncmp(line, "  again: ", 9))
			textbuf_bytes(out, line, (size_t)(end - line));
	}
}

void fuzz_plan_text(const struct fuzz *f, const struct fuzz_result *r,
		    uint64_t run, uint32_t steps, uint32_t met,
		    struct textbuf *out)
{
	struct trial t = { .scenario = f->scenario };
	char text[200];
	size_t i, n = 0;

	fuzz_plan(f, r, run, FUZZ_ALL_STEPS, &t);
	for (i = 0; i < t.plan.count; i++) {
		if (!(steps >> i & 1))
			continue;
		hostile_step_text(&t.plan.steps[i], text, sizeof(text));
		textbuf_printf(out, "  %s, step %zu: %s%s\n",
			       f->scenario->devices[t.device].id, i + 1, text,
			       met >> n++ & 1 ? "" : " (not reached)");
	}
}

static void put_group(const struct fuzz *f, const struct fuzz_result *r,
		      const struct fuzz_group *g, struct textbuf *out)
{
	textbuf_printf(out, "\n%s: %" PRIu64 " %s, first run %" PRIu64 "\n",
		       g->first.signature, g->count,
		       g->count == 1 ? "run" : "runs", g->run);
	put_report(g->first.text, out);
	fuzz_plan_text(f, r, g->run, g->steps, g->first.met, out);
	textbuf_text(out, "  again: ");
	put_again(f, g->run, g->steps, out);
	textbuf_char(out, '\n');
}

/* "disk0  msix-per-queue" of each device, on one line. */
static void put_course(const struct fuzz_group *g, struct textbuf *out)
{
	const char *p = g->first.course;
	size_t len;

	textbuf_printf(out, "  %7" PRIu64 "  ", g->count);
	for (; *p; p += len + (p[len] == '\n')) {
		len = strcspn(p, "\n");
		textbuf_bytes(out, p, len);
		if (p[len] && p[len + 1])
			textbuf_text(out, " | ");
	}
	textbuf_char(out, '\n');
}

static void put_courses(const struct fuzz_result *r, struct textbuf *out)
{
	uint64_t rest = 0;
	size_t i;

	for (i = 0; i < r->ncourses; i++) {
		if (i < COURSES)
			put_course(&r->courses[i], out);
		else
			rest += r->courses[i].count;
	}
	if (rest)
		textbuf_printf(out, "  %7" PRIu64 "  in %zu other ways\n", rest,
			       r->ncourses - COURSES);
}

static const char *victim(const struct fuzz *f)
{
	if (f->device < f->scenario->ndevices)
		return f->scenario->devices[f->device].id;
	return f->scenario->ndevices == 1 ? f->scenario->devices[0].id :
					    "one device each";
}

static uint64_t count_findings(const struct fuzz_result *r)
{
	uint64_t n = 0;
	size_t i;

	for (i = 0; i < r->ngroups; i++)
		n += r->groups[i].count;
	return n;
}

void fuzz_text(const struct fuzz *f, const struct fuzz_result *r,
	       struct textbuf *out)
{
	uint64_t found = count_findings(r);
	size_t i;

	textbuf_printf(out, "hostile: %s, guest %s, seed %" PRIu64 "\n",
		       victim(f), f->scenario->guest->name, f->seed);
	put_courses(r, out);
	for (i = 0; i < r->ngroups; i++)
		put_group(f, r, &r->groups[i], out);
	if (r->ngroups)
		textbuf_char(out, '\n');
	textbuf_printf(out, "%" PRIu64 " runs, %" PRIu64 " with findings",
		       r->done, found);
	if (r->ngroups)
		textbuf_printf(out, " (%zu kinds)", r->ngroups);
	if (r->unmet)
		textbuf_printf(out, ", %" PRIu64
			       " in which nothing of the plan came to pass",
			       r->unmet);
	textbuf_text(out, r->interrupted ? ", interrupted\n" : "\n");
}

/* ---- JSON lines ---- */

static const char *const kind_names[] = {
	[OUTCOME_GOOD] = "good",
	[OUTCOME_FINDING] = "finding",
	[OUTCOME_FAULT] = "fault",
};

static void json_group(const struct fuzz *f, const struct fuzz_result *r,
		       const struct fuzz_group *g, struct textbuf *out)
{
	struct textbuf again, plan;
	struct jsonw j;

	textbuf_init(&again);
	textbuf_init(&plan);
	put_again(f, g->run, g->steps, &again);
	fuzz_plan_text(f, r, g->run, g->steps, g->first.met, &plan);
	jsonw_init_line(&j, out);
	jsonw_open(&j, NULL, '{');
	jsonw_text(&j, "kind", kind_names[g->first.kind]);
	jsonw_text(&j, "signature", g->first.signature);
	jsonw_uint(&j, "runs", g->count);
	jsonw_uint(&j, "run", g->run);
	jsonw_text(&j, "plan", plan.data ? plan.data : "");
	jsonw_text(&j, "text", g->first.text);
	jsonw_text(&j, "again", again.data ? again.data : "");
	jsonw_close(&j, '}');
	textbuf_free(&again);
	textbuf_free(&plan);
}

void fuzz_json(const struct fuzz *f, const struct fuzz_result *r,
	       struct textbuf *out)
{
	struct jsonw j;
	size_t i;

	for (i = 0; i < r->ngroups; i++)
		json_group(f, r, &r->groups[i], out);
	jsonw_init_line(&j, out);
	jsonw_open(&j, NULL, '{');
	jsonw_text(&j, "kind", "summary");
	jsonw_text(&j, "version", RINGSIDE_VERSION);
	jsonw_text(&j, "scenario", f->scenario->path);
	jsonw_text(&j, "guest", f->scenario->guest->name);
	jsonw_uint(&j, "seed", f->seed);
	jsonw_uint(&j, "runs", r->done);
	jsonw_uint(&j, "findings", count_findings(r));
	jsonw_uint(&j, "kinds", r->ngroups);
	jsonw_uint(&j, "unmet", r->unmet);
	jsonw_close(&j, '}');
}
