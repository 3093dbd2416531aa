/* SPDX-License-Identifier: MIT */
/*
 * Whether a scenario file's expectations bite: each expected value of each cell
 * is changed, one at a time, as --set does it, and each of these runs must fail.
 * A change that still passes is an expectation that nothing looks at; one that is
 * invalid is a mistake of this test.  What counts as an expected value: every
 * key of `expect:`, at the end and in place, how each step of the workload ends,
 * and that each fault is reached.  The runs are a suite's: forked from here.
 *
 * Exit: 0, 1, or 77 where all cells' guests are not built.
 *
 * Usage: expect-bites <scenario file>...
 */
#define _GNU_SOURCE
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/fault/fault.h"
#include "sim/scenario/catalogue.h"
#include "sim/scenario/diag_codes.h"
#include "sim/scenario/expect_keys.h"
#include "sim/scenario/scenario.h"
#include "sim/suite/suite.h"

/* One run, and what it has to come to. */
struct try {
	const char *sets[2]; /* the change, NULL: as it is; NULL */
	int exit_code;
	const char *word;    /* that its text holds */
};

struct bites {
	const struct scenario *scenario;
	struct suite_job job;      /* of the cell that is looked at */
	struct suite_job *jobs;
	struct try *tries;         /* of each job */
	size_t count, capacity;
	size_t runs;               /* of all files */
	unsigned int wrong, skipped;
};

/* ---- runs to make ---- */

static void add_try(struct bites *b, const char *set, int exit_code,
		    const char *word)
{
	struct try *t;

	if (b->count == b->capacity) {
		b->capacity = b->capacity ? b->capacity * 2 : 256;
		b->jobs = realloc(b->jobs, b->capacity * sizeof(*b->jobs));
		b->tries = realloc(b->tries, b->capacity * sizeof(*b->tries));
	}
	if (!b->jobs || !b->tries)
		abort();
	t = &b->tries[b->count];
	*t = (struct try){ { NULL, NULL }, exit_code, word };
	if (set && !(t->sets[0] = strdup(set)))
		abort();
	b->jobs[b->count++] = b->job;
}

/* With this change it fails, and the output has the word in it. */
static void try_change(struct bites *b, const char *set, const char *word)
{
	add_try(b, set, 1, word);
}

__attribute__((format(printf, 2, 3)))
static void change(struct bites *b, const char *fmt, ...)
{
	char set[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(set, sizeof(set), fmt, ap);
	va_end(ap);
	try_change(b, set, "FAIL ");
}

/* ---- a value of each type, changed ---- */

static void bite_number(struct bites *b, const char *path,
			const struct scn_match *m)
{
	int64_t v = m->value.i;

	if (m->kind == MATCH_NOT) {
		change(b, "%s=%" PRId64, path, v);
	} else if (m->kind == MATCH_RANGE) {
		if (m->has_max)
			change(b, "%s={min: %" PRId64 "}", path, m->max + 1);
		if (m->has_min && m->min > 0)
			change(b, "%s={max: %" PRId64 "}", path, m->min - 1);
	} else {
		change(b, "%s=%" PRId64, path, v + 1);
		change(b, "%s={not: %" PRId64 "}", path, v);
		if (v > 0)
			change(b, "%s=%" PRId64, path, v - 1);
	}
}

/* Times are written with a unit, and kept in picoseconds. */
static void bite_time(struct bites *b, const char *path,
		      const struct scn_match *m)
{
	if (m->kind == MATCH_RANGE && m->has_max)
		change(b, "%s={min: %" PRId64 "ns}", path, m->max / 1000 + 1);
	if (m->kind == MATCH_RANGE && m->has_min && m->min >= 1000)
		change(b, "%s={max: %" PRId64 "ns}", path, m->min / 1000 - 1);
	if (m->kind == MATCH_EQUAL)
		change(b, "%s=%" PRId64 "ns", path, m->value.i / 1000 + 1);
}

static void bite_word(struct bites *b, const char *path,
		      const struct scn_match *m, const char *const *words)
{
	size_t i;

	if (m->kind == MATCH_NOT) {
		change(b, "%s=%s", path, m->value.s);
		return;
	}
	change(b, "%s={not: %s}", path, m->value.s);
	for (i = 0; words[i]; i++)
		if (strcmp(words[i], m->value.s))
			change(b, "%s=%s", path, words[i]);
}

static void bite_mode(struct bites *b, const char *path,
		      const struct scn_match *m)
{
	bite_word(b, path, m, interrupt_modes);
}

static void bite_rung(struct bites *b, const char *path,
		      const struct scn_match *m)
{
	bite_word(b, path, m, b->scenario->guest->image->ladder);
}

/* The first `n` words, and a further one. */
static const char *words_of(const struct scn_value *list, size_t n,
			    const char *more)
{
	static char text[512];
	size_t len = 0, i;

	text[0] = '\0';
	for (i = 0; i < n && len < sizeof(text); i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len,
					"%s%s", i ? ", " : "",
					list->items[i].s);
	if (more && len < sizeof(text))
		snprintf(text + len, sizeof(text) - len, "%s%s",
			 n ? ", " : "", more);
	return text;
}

/* `other` is a word that the list's last one is not. */
static void bite_words(struct bites *b, const char *path,
		       const struct scn_match *m, const char *other)
{
	const struct scn_value *v = &m->value;

	if (m->kind == MATCH_NOT) {
		change(b, "%s=[%s]", path, words_of(v, v->count, NULL));
		return;
	}
	change(b, "%s={not: [%s]}", path, words_of(v, v->count, NULL));
	change(b, "%s=[%s]", path, words_of(v, v->count, "none"));
	if (!v->count)
		return;
	change(b, "%s=[%s]", path, words_of(v, v->count - 1, NULL));
	change(b, "%s=[%s]", path, words_of(v, v->count - 1, other));
}

static void bite_modes(struct bites *b, const char *path,
		       const struct scn_match *m)
{
	bite_words(b, path, m, "msix-shared-slow");
}

static void bite_cpus(struct bites *b, const char *path,
		      const struct scn_match *m)
{
	const struct scn_value *v = &m->value;

	bite_words(b, path, m, v->count &&
		   !strcmp(v->items[v->count - 1].s, "7") ? "6" : "7");
}

static void bite_probe(struct bites *b, const char *path,
		       const struct scn_match *m)
{
	if (m->kind == MATCH_FAILS) {
		change(b, "%s=ok", path);
		change(b, "%s={fails: EXDEV}", path);
	} else {
		change(b, "%s=fails", path);
		change(b, "%s={fails: EXDEV}", path);
	}
}

/* The bits of a list but for item `without`, and one more (or -1). */
static const char *bits_of(const struct scn_value *list, size_t without,
			   int more)
{
	static char text[1024];
	size_t len = 0, i;

	text[0] = '\0';
	for (i = 0; i < list->count && len < sizeof(text); i++)
		if (i != without)
			len += (size_t)snprintf(text + len, sizeof(text) - len,
						"%s{bit: %" PRId64 "}",
						len ? ", " : "",
						list->items[i].i);
	if (more >= 0 && len < sizeof(text))
		snprintf(text + len, sizeof(text) - len, "%s{bit: %d}",
			 len ? ", " : "", more);
	return text;
}

/* A bit that the device knows and does not offer: the last, since the device's
 * type may add one of its own (read_only). */
static int not_offered(const struct scn_device *d)
{
	const struct device_feature *f;
	int bit = -1;

	for (f = d->model->features; f && f->name; f++)
		if (!(d->config.features >> f->bit & 1))
			bit = f->bit;
	return bit;
}

#define NONE SIZE_MAX
#define VERSION_1 32 /* negotiated, or there is no modern driver */

static void bite_features(struct bites *b, const char *path,
			  const struct scn_match *m, const struct scn_device *d)
{
	const struct scn_value *v = &m->value;
	size_t i;

	if (m->kind == MATCH_NOT) {
		change(b, "%s={not: [%s]}", path, bits_of(v, NONE, VERSION_1));
		if (v->count)
			change(b, "%s=[%s]", path, bits_of(v, NONE, -1));
		return;
	}
	if (m->kind == MATCH_EQUAL)
		for (i = 0; i < v->count; i++)
			change(b, "%s={exactly: [%s]}", path,
			       bits_of(v, i, -1));
	for (i = 0; i < v->count; i++)
		change(b, "%s={not: [{bit: %" PRId64 "}]}", path,
		       v->items[i].i);
	if (not_offered(d) >= 0)
		change(b, "%s=[%s]", path, bits_of(v, NONE, not_offered(d)));
}

static void bite_log(struct bites *b, const char *path,
		     const struct scn_match *m)
{
	if (m->kind == MATCH_NOT) {
		change(b, "%s={contains: '%s'}", path, m->value.s);
	} else {
		change(b, "%s={not: '%s'}", path, m->value.s);
		change(b, "%s={contains: '%s, and no more'}", path,
		       m->value.s);
	}
}

/* Turned round; each item twice as often as it can be. */
static void bite_order(struct bites *b, const char *path,
		       const struct scn_match *m)
{
	const struct scn_value *v = &m->value;
	char text[1024];
	size_t len = 0, i;

	text[0] = '\0';
	for (i = v->count; i-- > 0 && len < sizeof(text); )
		len += (size_t)snprintf(text + len, sizeof(text) - len,
					"%s'%s'", len ? ", " : "",
					v->items[i].s);
	if (v->count > 1)
		change(b, "%s=[%s]", path, text);
	change(b, "%s=[%s, 'end', 'end']", path, text);
}

/* Another finding; the same with words that it does not have. */
static void bite_finding(struct bites *b, const char *path,
			 const struct scn_match *m)
{
	change(b, "%s=%s", path, strncmp(m->value.s, "leak", 4) ? "leak" :
								  "crash");
	change(b, "%s=\"%s and no more\"", path, m->value.s);
}

static void bite_check(struct bites *b, const char *prefix,
		       const struct scn_expect *e, const struct scn_check *c)
{
	static void (*const by_type[])(struct bites *b, const char *path,
				       const struct scn_match *m) = {
		[EXPECT_TYPE_INT] = bite_number,
		[EXPECT_TYPE_TIME] = bite_time,
		[EXPECT_TYPE_MODE] = bite_mode,
		[EXPECT_TYPE_MODES] = bite_modes,
		[EXPECT_TYPE_PROBE] = bite_probe,
		[EXPECT_TYPE_RUNG] = bite_rung,
		[EXPECT_TYPE_LOG] = bite_log,
		[EXPECT_TYPE_CPUS] = bite_cpus,
		[EXPECT_TYPE_ORDER] = bite_order,
		[EXPECT_TYPE_FINDING] = bite_finding,
	};
	const struct expect_key *key = expect_key_find(e->subject, c->key);
	char path[256];

	snprintf(path, sizeof(path), "%s.%s", prefix, c->key);
	if (c->reading)
		bite_number(b, path, &c->match);
	else if (key->type == EXPECT_TYPE_FEATURES)
		bite_features(b, path, &c->match,
			      &b->scenario->devices[e->device]);
	else
		by_type[key->type](b, path, &c->match);
}

/* ---- what a scenario expects ---- */

static void bite_expects(struct bites *b, const char *prefix,
			 const struct scn_expect *e, size_t n)
{
	char *path;
	size_t i, k;

	for (i = 0; i < n; i++) {
		if (e[i].guest &&
		    strcmp(e[i].guest, b->scenario->guest->name))
			continue;
		if (asprintf(&path, "%s.%zu", prefix, i) < 0)
			abort();
		for (k = 0; k < e[i].nchecks; k++)
			bite_check(b, path, &e[i], &e[i].checks[k]);
		free(path);
	}
}

/* `prefix` names the list that the steps are in. */
static void bite_steps(struct bites *b, const char *prefix,
		       const struct scn_step *s, size_t n)
{
	static const char *const inside[] = {
		[STEP_ACTION] = "", [STEP_DEVICE_ACTION] = "",
		[STEP_EXPECT] = "expect",
		[STEP_PARALLEL] = "parallel", [STEP_REPEAT] = "repeat.steps",
	};
	char *path;
	size_t i;

	for (i = 0; i < n; i++) {
		if (asprintf(&path, "%s.%zu.%s", prefix, i,
			     inside[s[i].kind]) < 0)
			abort();
		if (s[i].kind == STEP_ACTION ||
		    s[i].kind == STEP_DEVICE_ACTION)
			change(b, "%s%s.fails=EXDEV", path, s[i].name);
		else if (s[i].kind == STEP_EXPECT)
			bite_expects(b, path, s[i].expects, s[i].nexpects);
		else
			bite_steps(b, path, s[i].steps, s[i].nsteps);
		free(path);
	}
}

/* A fault that is never reached is told of, whatever else is wrong then. */
static void bite_faults(struct bites *b)
{
	char set[64];
	size_t i;

	for (i = 0; i < b->scenario->nfaults; i++) {
		snprintf(set, sizeof(set), "faults.%zu.nth=100000", i);
		try_change(b, set, "[unreached-fault]");
	}
}

/* Does it expect that the guest breaks off?  Its last step then has no end. */
static bool breaks_off(const struct scenario *s)
{
	size_t i, k;

	for (i = 0; i < s->nexpects; i++) {
		const struct scn_expect *e = &s->expects[i];
		char code[64];

		if (e->guest && strcmp(e->guest, s->guest->name))
			continue;
		for (k = 0; k < e->nchecks; k++) {
			if (strcmp(e->checks[k].key, "finds"))
				continue;
			snprintf(code, sizeof(code), "%.*s",
				 (int)strcspn(e->checks[k].match.value.s, " "),
				 e->checks[k].match.value.s);
			if (diag_code_find(code)->blame == DIAG_BLAME_GUEST)
				return true;
		}
	}
	return false;
}

static void bite_scenario(struct bites *b)
{
	const struct scenario *s = b->scenario;
	size_t steps = s->nsteps;

	if (steps && breaks_off(s))
		steps--;
	add_try(b, NULL, 0, "");
	bite_expects(b, "expect", s->expects, s->nexpects);
	bite_steps(b, "workload", s->steps, steps);
	bite_faults(b);
}

/* ---- cells and files ---- */

/* A cell whose guest is not built has nothing to bite with here. */
static bool only_not_built(const struct diag *d)
{
	size_t i;

	for (i = 0; i < d->count; i++)
		if (strcmp(d->items[i].code, "guest-not-built"))
			return false;
	return d->count != 0;
}

static void bite_cell(struct bites *b, struct catalogue *catalogue)
{
	struct scenario *s;
	struct diag d;

	diag_init(&d);
	s = scenario_file_load(b->job.file, b->job.cell, NULL, catalogue, &d);
	if (s && s->known_ref) {
		/* It fails as it is: no change can make it. */
		b->skipped++;
		printf("%s[%s]: skipped, a known failure\n",
		       scenario_file_path(b->job.file),
		       scenario_file_cell(b->job.file, b->job.cell));
		scenario_free(s);
	} else if (s) {
		b->scenario = s;
		bite_scenario(b);
		scenario_free(s);
	} else if (only_not_built(&d)) {
		b->skipped++;
		printf("%s[%s]: skipped\n", scenario_file_path(b->job.file),
		       scenario_file_cell(b->job.file, b->job.cell));
	} else {
		diag_print(&d, stdout);
		b->wrong++;
	}
	diag_free(&d);
}

static void on_done(void *arg, size_t job, struct record *r)
{
	struct bites *b = arg;
	const struct try *t = &b->tries[job];
	int code = record_exit_code(r->status);

	if (code != t->exit_code || !strstr(r->text, t->word)) {
		b->wrong++;
		printf("%s[%s] --set '%s': exit %d, not %d and '%s'\n",
		       scenario_file_path(b->jobs[job].file),
		       scenario_file_cell(b->jobs[job].file,
					  b->jobs[job].cell),
		       t->sets[0] ? t->sets[0] : "", code, t->exit_code,
		       t->word);
	}
	record_free(r);
}

static void run_all(struct bites *b)
{
	const struct suite suite = {
		.jobs = b->jobs, .njobs = b->count, .workers = 1,
		.done = on_done, .arg = b,
	};
	size_t i;

	/* Only now the tries stay where they are. */
	for (i = 0; i < b->count; i++)
		b->jobs[i].sets = b->tries[i].sets;
	suite_run(&suite);
}

static void bite_file(struct bites *b, const char *path, struct diag *d)
{
	struct scenario_file *file = scenario_file_open(path, d);
	struct catalogue *catalogue = catalogue_create();
	size_t i;

	b->count = 0;
	for (i = 0; file && i < scenario_file_count(file); i++) {
		b->job = (struct suite_job){ .file = file, .cell = i };
		bite_cell(b, catalogue);
	}
	run_all(b);
	printf("%s: %zu runs\n", path, b->count);
	b->runs += b->count;
	for (i = 0; i < b->count; i++)
		free((char *)b->tries[i].sets[0]);
	catalogue_destroy(catalogue);
	scenario_file_close(file);
}

int main(int argc, char **argv)
{
	struct bites b = { .wrong = 0 };
	struct diag d;
	int i;

	if (argc < 2) {
		fprintf(stderr, "usage: expect-bites FILE...\n");
		return 2;
	}
	setenv("RINGSIDE_GUEST_PATH", RINGSIDE_GUEST_DIR, 1);
	diag_init(&d);
	for (i = 1; i < argc; i++)
		bite_file(&b, argv[i], &d);
	diag_print(&d, stderr);
	i = b.wrong || d.count ? 1 : b.runs ? 0 : b.skipped ? 77 : 1;
	diag_free(&d);
	free(b.jobs);
	free(b.tries);
	return i;
}
