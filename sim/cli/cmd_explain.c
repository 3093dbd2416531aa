/* SPDX-License-Identifier: MIT */
/*
 * `ringside explain WORD`: looks the word up in every table that the program
 * works by, and in the glossary.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "models/pci/registers.h"
#include "sim/check/clauses/clause.h"
#include "sim/cli/cli.h"
#include "sim/cli/glossary.h"
#include "sim/cli/output.h"
#include "sim/cli/scenarios.h"
#include "sim/cli/timings.h"
#include "sim/scenario/diag_codes.h"
#include "sim/scenario/expect_keys.h"

#define MAX_NAMES 2048u

/* A search goes through everything: what matches is printed, every name is
 * remembered for "did you mean". */
struct search {
	const char *word;
	struct textbuf out;
	size_t found, nnames;
	const char *names[MAX_NAMES + 1];
	struct scenarios set;
};

static bool seen(const struct search *s, const char *name)
{
	size_t i;

	for (i = 0; i < s->nnames; i++)
		if (!strcmp(s->names[i], name))
			return true;
	return false;
}

/* Case does not count, nor a VIRTIO_ before a feature's name. */
static bool hit(struct search *s, const char *name)
{
	if (s->nnames < MAX_NAMES)
		s->names[s->nnames++] = name;
	if (strcasecmp(name, s->word) &&
	    (strncasecmp(name, "VIRTIO_", 7) || strcasecmp(name + 7, s->word)))
		return false;
	if (s->found++)
		textbuf_char(&s->out, '\n');
	return true;
}

static void line(struct search *s, const char *indent, const char *text)
{
	if (text && text[0])
		textbuf_printf(&s->out, "%s%s\n", indent, text);
}

static void search_codes(struct search *s)
{
	static const char *const blames[] = {
		[DIAG_BLAME_FILE] = "a diagnostic about a scenario or the "
				    "command line",
		[DIAG_BLAME_RUN] = "a finding about a run",
		[DIAG_BLAME_GUEST] = "a bug of the guest",
	};
	const struct diag_code *c;

	for (c = diag_codes; c->code; c++) {
		if (!hit(s, c->code))
			continue;
		textbuf_printf(&s->out, "%s: %s\n", c->code, blames[c->blame]);
		line(s, "", c->brief);
		line(s, "\n", c->text);
		line(s, "\nfor example:\n", c->example);
	}
}

static const char *const fault_sides[] = {
	[FAULT_SIDE_GUEST] = "the guest",
	[FAULT_SIDE_DEVICE] = "the device",
	[FAULT_SIDE_BUS] = "the machine",
};

static void fault(struct search *s, const struct fault_point *p)
{
	char effect[FAULT_EFFECT_NAME];

	if (!hit(s, p->name))
		return;
	textbuf_printf(&s->out, "%s: a fault point of %s\n", p->name,
		       fault_sides[p->side]);
	line(s, "", p->about);
	line(s, "errors, the default first: ", p->errors);
	line(s, "effects, the default first: ", p->effects);
	if (p->by_queue)
		line(s, "", "`queue: N` narrows it");
	if (p->quirk)
		line(s, "", "A quirk: the hardware breaks its rules here, so that no driver is to blame for\nwhat follows; a sweep leaves it out unless asked.");
	textbuf_printf(&s->out, "in a scenario: faults: [{point: %s, ", p->name);
	if (fault_effect_name(p, 1, effect, sizeof(effect)))
		textbuf_printf(&s->out, "effect: %s, ", effect);
	textbuf_text(&s->out, "nth: 1}]\n");
}

static void params(struct search *s, const struct guest_param *p)
{
	for (; p && p->name; p++)
		textbuf_printf(&s->out, "  %-14s %s%s\n", p->name,
			       p->about ? p->about : "",
			       p->required ? " (required)" : "");
}

/* "PREFIXmsix-per-queue > msix-shared > intx" */
static void ladder(struct search *s, const char *prefix,
		   const struct guest_image *image)
{
	const char *const *rung = image->ladder;

	if (!rung || !*rung)
		return;
	textbuf_text(&s->out, prefix);
	for (; *rung; rung++)
		textbuf_printf(&s->out, "%s%s", rung == image->ladder ? ""
								      : " > ",
			       *rung);
	textbuf_char(&s->out, '\n');
}

/* The word itself is in the glossary: here is what each image climbs down. */
static void search_ladders(struct search *s)
{
	const char *const *name = catalogue_guest_names(s->set.catalogue);
	const struct loaded_guest *g;
	const char *error;

	if (strcasecmp(s->word, "ladder"))
		return;
	textbuf_char(&s->out, '\n');
	for (; *name; name++) {
		g = catalogue_guest(s->set.catalogue, *name, ".", &error);
		/* A checked image climbs as the one that it checks. */
		if (g && g->image->ladder && *g->image->ladder &&
		    !strstr(*name, "-checked")) {
			textbuf_printf(&s->out, "%-12s ", *name);
			ladder(s, "", g->image);
		}
	}
}

static void search_guests(struct search *s)
{
	const char *const *name = catalogue_guest_names(s->set.catalogue);
	const struct guest_fault_point *p;
	const struct guest_action *a;
	const struct loaded_guest *g;
	const char *error;

	for (; *name; name++) {
		g = catalogue_guest(s->set.catalogue, *name, ".", &error);
		if (!g)
			continue;
		if (hit(s, *name)) {
			textbuf_printf(&s->out, "%s: a guest image\n", *name);
			line(s, "", g->image->about);
			ladder(s, "its ladder: ", g->image);
		}
		/* What images share is explained once. */
		for (p = g->image->faults; p && p->name; p++)
			if (!seen(s, p->name))
				fault(s, &(struct fault_point){
					.name = p->name,
					.side = FAULT_SIDE_GUEST,
					.errors = p->errors,
					.about = p->about });
		for (a = g->image->actions; a && a->name; a++) {
			if (seen(s, a->name) || !hit(s, a->name))
				continue;
			textbuf_printf(&s->out, "%s: an action of guest %s\n",
				       a->name, *name);
			line(s, "", a->about);
			params(s, a->params);
		}
	}
}

/* ---- models ---- */

/* Is it something of the model's?  What models share is explained once, with
 * the names of them all. */
typedef bool has_fn(const struct device_model *m, const void *thing);

static bool has_block(const struct device_model *m, const void *block)
{
	const struct device_registers *r;

	for (r = m->registers; r && r->block; r++)
		if (r->block == block)
			return true;
	return false;
}

static bool has_feature(const struct device_model *m, const void *thing)
{
	const struct device_feature *wanted = thing, *f;

	for (f = m->features; f && f->name; f++)
		if (!strcmp(f->name, wanted->name) && f->bit == wanted->bit &&
		    f->deflt == wanted->deflt)
			return true;
	return false;
}

static const struct device_model *model(struct search *s, const char *name)
{
	const char *error;

	return catalogue_model(s->set.catalogue, name, ".", &error);
}

/* Has a model before this one told it? */
static bool told_before(struct search *s, const struct device_model *m,
			has_fn *has, const void *thing)
{
	const char *const *name = catalogue_model_names(s->set.catalogue);
	const struct device_model *other;

	for (; *name && strcmp(*name, m->name); name++) {
		other = model(s, *name);
		if (other && has(other, thing))
			return true;
	}
	return false;
}

static void owners(struct search *s, has_fn *has, const void *thing)
{
	const char *const *name = catalogue_model_names(s->set.catalogue);
	const struct device_model *m;
	const char *comma = "";

	for (; *name; name++) {
		m = model(s, *name);
		if (!m || !has(m, thing))
			continue;
		textbuf_printf(&s->out, "%s%s", comma, m->name);
		comma = ", ";
	}
}

static void search_registers(struct search *s, const struct device_model *m)
{
	const struct device_registers *r;
	const struct reg *reg;
	size_t i;

	for (r = m->registers; r && r->block; r++) {
		if (told_before(s, m, has_block, r->block))
			continue;
		for (i = 0; i < r->block->count; i++) {
			reg = &r->block->regs[i];
			if (!hit(s, reg->name))
				continue;
			textbuf_printf(&s->out, "%s: a register of ", reg->name);
			owners(s, has_block, r->block);
			textbuf_printf(&s->out, ": %s\n", r->block->name);
			line(s, "", reg->about);
			textbuf_printf(&s->out, "at 0x%x, %u byte%s, reset "
				       "0x%llx, writable 0x%llx",
				       r->offset + reg->offset, reg->width,
				       reg->width == 1 ? "" : "s",
				       (unsigned long long)reg->reset,
				       (unsigned long long)reg->writable);
			if (reg->w1c)
				textbuf_printf(&s->out, ", write 1 to clear "
					       "0x%llx",
					       (unsigned long long)reg->w1c);
			textbuf_printf(&s->out, "; %s\n", reg->section ?
				       reg->section : "");
		}
	}
}

static void search_actions(struct search *s, const struct device_model *m)
{
	const struct device_action *a = device_model_actions(m);
	const struct device_property *p;

	for (; a && a->name; a++) {
		if (!hit(s, a->name))
			continue;
		textbuf_printf(&s->out, "%s: an action that is done to a %s\n",
			       a->name, m->name);
		line(s, "", a->about);
		line(s, "  device         ", "the device (required)");
		line(s, "  within         ",
		     "after this time the step ends with ETIMEDOUT; 0: never");
		for (p = a->params; p && p->name; p++)
			textbuf_printf(&s->out, "  %-14s %s%s\n", p->name,
				       p->about, p->required ?
				       " (required)" : "");
	}
}

static bool has_reading(const struct device_model *m, const void *thing)
{
	const struct device_reading *wanted = thing;
	const struct device_reading *r = device_model_readings(m);

	for (; r && r->name; r++)
		if (!strcmp(r->name, wanted->name))
			return true;
	return false;
}

/* Keys of expectations that a model brings along; its fields by name. */
static void search_readings(struct search *s, const struct device_model *m)
{
	const struct device_reading *r = device_model_readings(m);
	const struct reg *f;
	size_t i;

	for (; r && r->name; r++) {
		if (!told_before(s, m, has_reading, r) && hit(s, r->name)) {
			textbuf_printf(&s->out, "%s: a key of expectations of ",
				       r->name);
			owners(s, has_reading, r);
			textbuf_printf(&s->out, "\n%s\n", r->about);
		}
		for (i = 0; i < r->fields->count; i++) {
			f = &r->fields->regs[i];
			if (has_block(m, r->fields) || !hit(s, f->name))
				continue;
			textbuf_printf(&s->out, "%s: a value of `%s` in expectations of %s\n",
				       f->name, r->name, m->name);
			line(s, "", f->about);
			line(s, "", f->section);
		}
	}
}

static void search_model(struct search *s, const struct device_model *m)
{
	const struct device_property *p;
	const struct model_fault_point *f;
	const struct device_feature *b;

	if (hit(s, m->name)) {
		textbuf_printf(&s->out, "%s: a device model\n", m->name);
		line(s, "", m->about);
		line(s, "not modelled: ", m->not_modelled);
		for (p = m->properties; p && p->name; p++)
			textbuf_printf(&s->out, "  %-14s %s%s\n", p->name,
				       p->about ? p->about : "",
				       p->required ? " (required)" : "");
	}
	for (b = m->features; b && b->name; b++) {
		if (told_before(s, m, has_feature, b) || !hit(s, b->name))
			continue;
		textbuf_printf(&s->out, "%s: feature bit %u of ", b->name,
			       b->bit);
		owners(s, has_feature, b);
		textbuf_text(&s->out, b->deflt ?
			     ": offered unless withheld\n" :
			     ": not offered unless asked for\n");
		line(s, "", b->about);
		line(s, "needs ", b->needs);
	}
	for (f = m->faults; f && f->name; f++)
		if (!seen(s, f->name))
			fault(s, &(struct fault_point){
				.name = f->name, .side = FAULT_SIDE_DEVICE,
				.errors = f->errors, .by_queue = f->by_queue,
				.about = f->about, .effects = f->effects,
				.quirk = f->quirk });
	search_registers(s, m);
	search_actions(s, m);
	search_readings(s, m);
}

static void search_models(struct search *s)
{
	const char *const *name = catalogue_model_names(s->set.catalogue);
	const struct device_model *m;

	for (; *name; name++) {
		m = model(s, *name);
		if (m)
			search_model(s, m);
	}
}

static void search_tables(struct search *s)
{
	const struct timing_profile *t;
	const struct expect_key *k;
	const struct fault_point *p;
	const struct glossary_word *g;

	for (p = machine_fault_points; p->name; p++)
		fault(s, p);
	for (k = expect_keys; k->name; k++) {
		if (!hit(s, k->name))
			continue;
		textbuf_printf(&s->out, "%s: a key of expectations\n", k->name);
		line(s, "", k->about);
	}
	for (t = timing_profiles; t->name; t++) {
		if (!hit(s, t->name))
			continue;
		textbuf_printf(&s->out, "%s: a timing profile\n", t->name);
		line(s, "", t->about);
		timings_figures(&s->out, t);
	}
	for (g = glossary; g->word; g++) {
		if (!hit(s, g->word))
			continue;
		textbuf_printf(&s->out, "%s\n", g->word);
		line(s, "", g->text);
	}
}

static void search_clauses(struct search *s)
{
	static const char *const seen[] = {
		[CLAUSE_SEEN_YES] = "Whether it is kept can be seen from outside",
		[CLAUSE_SEEN_PARTLY] = "Whether it is kept can be seen in part",
		[CLAUSE_SEEN_NO] = "Whether it is kept cannot be seen from outside",
	};
	unsigned int i;

	for (i = CLAUSE_NONE + 1; i < CLAUSE_COUNT; i++) {
		const struct clause_row *c = &clause_rows[i];

		if (!hit(s, c->id))
			continue;
		textbuf_printf(&s->out, "%s: a clause of virtio 1.2, %s / %s\n"
			       "%s %s: %s\n%s; %s.\n"
			       "in a scenario, to let it be broken: waive: "
			       "[{clause: %s, reason: \"...\"}]\n",
			       c->id, c->chapter, c->section,
			       clause_party_name(c->party),
			       clause_strength_name(c->strength), c->summary,
			       seen[c->seen], clause_checked[i] ?
			       "the rule book has a check of it" :
			       "the rule book has no check of it", c->id);
	}
}

#define MAX_SHOWN 12u

/* Names that have the word in them, each once; how many there are. */
static size_t containing(const struct search *s, struct textbuf *out)
{
	size_t n = 0, i, k;

	for (i = 0; i < s->nnames; i++) {
		if (!strcasestr(s->names[i], s->word))
			continue;
		for (k = 0; k < i && strcmp(s->names[k], s->names[i]); k++)
			;
		if (k == i && n++ < MAX_SHOWN)
			textbuf_printf(out, "%s%s", n > 1 ? ", " : "",
				       s->names[i]);
	}
	if (n > MAX_SHOWN)
		textbuf_printf(out, " and %zu more", n - MAX_SHOWN);
	return n;
}

static int not_found(const struct search *s)
{
	const char *close = diag_closest(s->word, s->names);
	struct textbuf names;

	textbuf_init(&names);
	if (strlen(s->word) > 1 && containing(s, &names) && !names.failed)
		fprintf(stderr, "ringside: nothing is called '%s' alone; "
			"there is %s\n", s->word, names.data);
	else if (close)
		fprintf(stderr, "ringside: nothing is called '%s'; did you "
			"mean '%s'?\n", s->word, close);
	else
		fprintf(stderr, "ringside: nothing is called '%s'\n", s->word);
	textbuf_free(&names);
	return CLI_USAGE;
}

static int explain(struct search *s)
{
	search_codes(s);
	search_models(s);
	search_guests(s);
	search_tables(s);
	search_clauses(s);
	search_ladders(s);
	s->names[s->nnames] = NULL;
	if (s->found)
		return output_stdout(&s->out) ? CLI_OK : CLI_SIMULATOR;
	return not_found(s);
}

int cmd_explain(const struct cli *cli)
{
	struct search s = { .word = "" };
	int code;

	if (cli->nargs != 1)
		return cli_usage(cli->command, cli->nargs ?
				 "explain: one word at a time; several words "
				 "of one name go in quotes" :
				 "explain: which word?");
	s.word = cli->args[0];
	if (!scenarios_init(&s.set, cli))
		return CLI_SIMULATOR;
	code = explain(&s);
	textbuf_free(&s.out);
	scenarios_free(&s.set);
	return code;
}
