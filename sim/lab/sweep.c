/* SPDX-License-Identifier: MIT */
/*
 * A task's sweep (sim/sweep/), in a child as a cell is: one good run of the file,
 * one for each fault in reach of it.  Sent are the same fields, with a reason for
 * each kind of finding; a sweep that had nothing to inject has shown nothing.
 */
#define _GNU_SOURCE
#include "sim/lab/cell.h"

#include <stdlib.h>
#include <string.h>

#include "sim/lab/lab.h"
#include "sim/sweep/fold.h"
#include "sim/sweep/sweep.h"

#define PLACES 4u /* functions of the student's, in a reason */

/* ---- what was found ---- */

/* "survive.c:42 in survive_map < survive_probe": of "FILE:LINE FUNCTION" lines
 * those in the student's file. */
static void put_place(struct textbuf *out, const char *lines, const char *source)
{
	const char *end, *colon, *blank;
	size_t said = 0;
	char file[256];

	for (; *lines && said < PLACES; lines = *end ? end + 1 : end) {
		end = strchrnul(lines, '\n');
		blank = memrchr(lines, ' ', (size_t)(end - lines));
		colon = blank ? memrchr(lines, ':', (size_t)(blank - lines)) :
				NULL;
		if (!colon || (size_t)(colon - lines) >= sizeof(file))
			continue;
		memcpy(file, lines, (size_t)(colon - lines));
		file[colon - lines] = '\0';
		if (!lab_is_theirs(file, source))
			continue;
		if (!said++)
			textbuf_printf(out, "%s%.*s in ", lab_base_name(source),
				       (int)(blank - colon), colon);
		else
			textbuf_text(out, " < ");
		textbuf_bytes(out, blank + 1, (size_t)(end - blank - 1));
	}
}

/* Like findings have one code and one place. */
static void put_kind(struct textbuf *out, const struct swept *o,
		     const struct swept_finding *f)
{
	textbuf_printf(out, "%s %s", f->code,
		       f->where[0] || !o->nfaults ? f->where :
						    o->faults[0].name);
}

/* The first line of its text; the functions below it are in the place. */
static void put_reason(struct textbuf *out, const struct swept *o,
		       const struct swept_finding *f, const char *source)
{
	struct textbuf text;

	textbuf_init(&text);
	textbuf_printf(&text, "with %s: %.*s", o->faults[0].spec,
		       (int)strcspn(f->text, "\n"), f->text);
	lab_field_free(out, 'R', &text);
	textbuf_init(&text);
	put_place(&text, f->lines, source);
	lab_field_free(out, 'P', &text);
}

static void put_findings(struct textbuf *out, const struct cell_result *c,
			 const char *source)
{
	struct fold kinds = { 0 };
	struct textbuf key;
	size_t i, k;

	for (i = 0; i < c->count; i++) {
		const struct swept *o = &c->outcomes[i];

		for (k = 0; k < o->nfindings && o->nfaults; k++) {
			textbuf_init(&key);
			put_kind(&key, o, &o->findings[k]);
			if (fold_add(&kinds, key.data, i, k)->count == 1)
				put_reason(out, o, &o->findings[k], source);
			textbuf_free(&key);
		}
	}
	fold_free(&kinds);
}

/* ---- the sweep ---- */

/* "guest.pci, guest.irq", of what has commas alone. */
static void put_points(struct textbuf *out, const char *points)
{
	for (; *points; points++) {
		textbuf_char(out, *points);
		if (*points == ',')
			textbuf_char(out, ' ');
	}
}

static void put_about(struct textbuf *out, const struct lab_sweep *s,
		      const struct sweep_count *n)
{
	struct textbuf text;

	textbuf_init(&text);
	textbuf_printf(&text, "%zu runs, in each of which one call goes wrong",
		       n->runs);
	if (s->points) {
		textbuf_text(&text, ", of ");
		put_points(&text, s->points);
	}
	if (s->rebind)
		textbuf_text(&text, "; then the driver is bound once more");
	textbuf_printf(&text, ". %zu ended badly.", n->failed);
	lab_field_free(out, 'A', &text);
}

static void put_results(struct textbuf *out, const struct lab_job *job,
			const struct sweep_results *r)
{
	struct sweep_count n = sweep_count(r);
	struct textbuf text;
	size_t i;

	put_about(out, job->sweep, &n);
	for (i = 0; i < r->selection->ncells; i++)
		put_findings(out, &r->cells[i], job->source);
	if (n.broken)
		lab_field(out, 'R', "it does not work without a fault, so "
				    "nothing was made to fail");
	else if (!n.runs)
		lab_field(out, 'R', "it never came so far that something could "
				    "be made to fail");
	textbuf_init(&text);
	sweep_text(r, false, false, &text);
	lab_field_free(out, 'T', &text);
	lab_field(out, 'V', n.runs && !sweep_exit_code(r) ? "pass" : "fail");
}

void lab_sweep_work(const struct lab_job *job, struct textbuf *out)
{
	char *paths[] = { (char *)job->sweep->path };
	const struct selection_wants chosen = { .paths = paths, .npaths = 1 };
	const struct sweep_wants wants = {
		.point = job->sweep->points,
		.no_recheck = !job->sweep->rebind, .workers = 1,
	};
	struct sweep sweep = { .wants = &wants };
	struct sweep_results results;
	struct selection selection;
	size_t i;

	/* Where the file's `guest: lab` is looked for. */
	setenv("RINGSIDE_GUEST_PATH", job->image_dir, 1);
	selection_make(&selection, &chosen);
	sweep_results_init(&results, &selection);
	sweep.selection = &selection;
	sweep_run(&sweep, &results);
	for (i = 0; i < selection.nfiles; i++)
		lab_put_mistakes(out, &selection.files[i].mistakes);
	put_results(out, job, &results);
	lab_field(out, 'Z', "");
	/* The process ends with it. */
}
