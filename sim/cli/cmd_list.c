/* SPDX-License-Identifier: MIT */
/*
 * `ringside list`: tables of what there is, from the same rows that the program
 * itself works by.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/output.h"
#include "sim/cli/scenarios.h"
#include "sim/cli/timings.h"
#include "sim/suite/walk.h"

struct listing {
	const struct cli *cli;
	struct scenarios set;
	struct textbuf out;
	size_t rows;
	bool *found; /* of each of the command's arguments */
	bool failed;
};

static void row(struct listing *l, const char *name, const char *about)
{
	textbuf_printf(&l->out, "%-34s  %s\n", name, about ? about : "");
	l->rows++;
}

/* The names after the topic; none: everything. */
static bool asked_for(struct listing *l, const char *name)
{
	bool asked = l->cli->nargs == 1;
	size_t i;

	for (i = 1; i < l->cli->nargs; i++) {
		if (strcmp(l->cli->args[i], name))
			continue;
		l->found[i] = true;
		asked = true;
	}
	return asked;
}

static const struct device_model *model(struct listing *l, const char *name)
{
	const char *error;

	return catalogue_model(l->set.catalogue, name, ".", &error);
}

static void list_devices(struct listing *l)
{
	const char *const *name = catalogue_model_names(l->set.catalogue);
	const struct device_model *m;

	for (; *name; name++) {
		m = model(l, *name);
		if (!m || !asked_for(l, *name))
			continue;
		row(l, m->name, m->about);
		if (m->not_modelled)
			textbuf_printf(&l->out, "%-34s  not modelled: %s\n", "",
				       m->not_modelled);
	}
}

static void list_features(struct listing *l)
{
	const char *const *name = catalogue_model_names(l->set.catalogue);
	const struct device_feature *f;
	const struct device_model *m;

	for (; *name; name++) {
		m = model(l, *name);
		if (!m || !asked_for(l, *name))
			continue;
		textbuf_printf(&l->out, "%s\n", m->name);
		for (f = m->features; f && f->name; f++, l->rows++)
			textbuf_printf(&l->out, "  %2u  %c %-33s  %s\n", f->bit,
				       f->deflt ? '*' : ' ', f->name,
				       f->about ? f->about : "");
	}
	if (l->rows)
		textbuf_text(&l->out,
			     "* offered where the file says nothing\n");
}

static const struct loaded_guest *guest(struct listing *l, const char *name)
{
	const struct loaded_guest *g;
	const char *error;

	g = catalogue_guest(l->set.catalogue, name, ".", &error);
	if (!g)
		row(l, name, error);
	return g;
}

static void list_stubs(struct listing *l, const struct guest_stub *stub)
{
	for (; stub && stub->name; stub++)
		textbuf_printf(&l->out, "%-34s  not modelled: %s: %s\n", "",
			       stub->name, stub->about);
}

static void list_guests(struct listing *l)
{
	const char *const *name = catalogue_guest_names(l->set.catalogue);
	const struct loaded_guest *g;
	const char *const *rung;

	for (; *name; name++) {
		g = asked_for(l, *name) ? guest(l, *name) : NULL;
		if (!g)
			continue;
		row(l, *name, g->image->about);
		textbuf_printf(&l->out, "%-34s  ladder:", "");
		for (rung = g->image->ladder; rung && *rung; rung++)
			textbuf_printf(&l->out, " %s", *rung);
		textbuf_char(&l->out, '\n');
		if (l->cli->given[OPT_VERBOSE])
			list_stubs(l, guest_image_stubs(g->image));
	}
}

static void list_device_actions(struct listing *l)
{
	const char *const *name = catalogue_model_names(l->set.catalogue);
	const struct device_action *a;
	const struct device_property *p;
	const struct device_model *m;

	for (; *name; name++) {
		m = model(l, *name);
		a = m ? device_model_actions(m) : NULL;
		if (!a || !asked_for(l, *name))
			continue;
		textbuf_printf(&l->out, "%s, done to the device: `device` and `within`, and\n",
			       *name);
		for (; a->name; a++, l->rows++) {
			textbuf_printf(&l->out, "  %-32s  %s\n", a->name,
				       a->about);
			for (p = a->params; p && p->name; p++)
				textbuf_printf(&l->out, "    %-30s  %s%s\n",
					       p->name, p->about, p->required ?
					       " (required)" : "");
		}
	}
}

static void list_actions(struct listing *l)
{
	const char *const *name = catalogue_guest_names(l->set.catalogue);
	const struct guest_action *a;
	const struct guest_param *p;
	const struct loaded_guest *g;

	for (; *name; name++) {
		g = asked_for(l, *name) ? guest(l, *name) : NULL;
		if (!g)
			continue;
		textbuf_printf(&l->out, "%s\n", *name);
		for (a = g->image->actions; a && a->name; a++, l->rows++) {
			textbuf_printf(&l->out, "  %-32s  %s\n", a->name,
				       a->about ? a->about : "");
			for (p = a->params; p && p->name; p++)
				textbuf_printf(&l->out, "    %-30s  %s%s\n",
					       p->name, p->about ? p->about :
					       "", p->required ?
					       " (required)" : "");
		}
	}
	list_device_actions(l);
}

/* One line; with -v also what a rule may choose, and who breaks the rules. */
static void fault_row(struct listing *l, const struct fault_point *p)
{
	if (!asked_for(l, p->name))
		return;
	row(l, p->name, p->about);
	if (p->errors && *p->errors)
		textbuf_printf(&l->out, "%-34s  errors: %s\n", "", p->errors);
	if (p->effects && *p->effects)
		textbuf_printf(&l->out, "%-34s  effects: %s\n", "", p->effects);
	if (l->cli->given[OPT_VERBOSE] && p->by_queue)
		textbuf_printf(&l->out, "%-34s  narrowed by `queue`\n", "");
	if (l->cli->given[OPT_VERBOSE] && p->quirk)
		textbuf_printf(&l->out, "%-34s  a quirk: the hardware breaks "
			       "its rules\n", "");
}

static void model_fault_row(struct listing *l, const struct model_fault_point *p)
{
	fault_row(l, &(struct fault_point){ .name = p->name,
					    .errors = p->errors,
					    .by_queue = p->by_queue,
					    .about = p->about,
					    .effects = p->effects,
					    .quirk = p->quirk });
}

/* Guests on one kernel share its points: has a guest before this one it too? */
static bool told_before(struct listing *l, const char *guest_name,
			const char *point)
{
	const char *const *name = catalogue_guest_names(l->set.catalogue);
	const struct guest_fault_point *gp;
	const struct loaded_guest *g;
	const char *error;

	for (; strcmp(*name, guest_name); name++) {
		g = catalogue_guest(l->set.catalogue, *name, ".", &error);
		for (gp = g ? g->image->faults : NULL; gp && gp->name; gp++)
			if (!strcmp(gp->name, point))
				return true;
	}
	return false;
}

/* Nor are a transport's points told for each device that has it. */
static bool told_by_model(struct listing *l, const char *model_name,
			  const char *point)
{
	const char *const *name = catalogue_model_names(l->set.catalogue);
	const struct model_fault_point *mp;
	const struct device_model *m;

	for (; strcmp(*name, model_name); name++) {
		m = model(l, *name);
		for (mp = m ? m->faults : NULL; mp && mp->name; mp++)
			if (!strcmp(mp->name, point))
				return true;
	}
	return false;
}

static void list_faults(struct listing *l)
{
	const char *const *name;
	const struct fault_point *p;
	const struct guest_fault_point *gp;
	const struct model_fault_point *mp;
	const struct loaded_guest *g;
	const struct device_model *m;

	for (p = machine_fault_points; p->name; p++)
		fault_row(l, p);
	for (name = catalogue_model_names(l->set.catalogue); *name; name++) {
		m = model(l, *name);
		for (mp = m ? m->faults : NULL; mp && mp->name; mp++)
			if (!told_by_model(l, *name, mp->name))
				model_fault_row(l, mp);
	}
	for (name = catalogue_guest_names(l->set.catalogue); *name; name++) {
		g = guest(l, *name);
		for (gp = g ? g->image->faults : NULL; gp && gp->name; gp++)
			if (!told_before(l, *name, gp->name))
				fault_row(l, &(struct fault_point){
					.name = gp->name, .errors = gp->errors,
					.about = gp->about });
	}
}

static void list_timings(struct listing *l)
{
	const struct timing_profile *t;

	for (t = timing_profiles; t->name; t++) {
		if (!asked_for(l, t->name))
			continue;
		row(l, t->name, t->about);
		textbuf_printf(&l->out, "%-34s  ", "");
		timings_examples(&l->out, t);
		textbuf_char(&l->out, '\n');
	}
}

/* ---- scenarios ---- */

static void list_file(void *arg, const char *path)
{
	struct listing *l = arg;
	size_t before = l->set.diag.count;
	char **cells;
	size_t i;

	if (!l->cli->given[OPT_CELLS]) {
		textbuf_printf(&l->out, "%s\n", path);
		l->rows++;
		return;
	}
	cells = scenario_cells(path, &l->set.diag);
	for (i = 0; cells && cells[i]; i++, l->rows++)
		textbuf_printf(&l->out, cells[i][0] ? "%s[%s]\n" : "%s\n", path,
			       cells[i]);
	if (cells)
		scenario_cells_free(cells);
	l->failed = l->failed || l->set.diag.count > before;
}

static void list_path(struct listing *l, const char *path)
{
	if (suite_walk(path, list_file, l))
		return;
	fprintf(stderr, "ringside: %s: no such file or folder\n", path);
	l->failed = true;
}

static void list_scenarios(struct listing *l)
{
	size_t i;

	if (l->cli->nargs == 1)
		list_path(l, "scenarios");
	for (i = 1; i < l->cli->nargs; i++) {
		list_path(l, l->cli->args[i]);
		l->found[i] = true; /* or it has complained */
	}
}

/* ---- topics ---- */

static const struct {
	const char *name;
	void (*list)(struct listing *l);
	const char *what; /* the names after it are those of */
} topics[] = {
	{ "devices", list_devices, "device model" },
	{ "features", list_features, "device model" },
	{ "faults", list_faults, "fault point" },
	{ "guests", list_guests, "guest" },
	{ "timings", list_timings, "timing profile" },
	{ "actions", list_actions, "guest" },
	{ "scenarios", list_scenarios, "scenario" },
};

#define TOPICS (sizeof(topics) / sizeof(topics[0]))

const char *const list_topics[] = {
	"devices", "features", "faults", "guests", "timings", "actions",
	"scenarios", NULL
};

#define LIST_TOPICS                                                            \
	"devices, features, faults, guests, timings, actions, scenarios"

static int no_such_topic(const struct cli *cli)
{
	const char *close = diag_closest(cli->args[0], list_topics);

	if (close)
		return cli_usage(cli->command, "list: no topic '%s'; did you "
				 "mean '%s'?", cli->args[0], close);
	return cli_usage(cli->command, "list: no topic '%s'; there are "
			 LIST_TOPICS, cli->args[0]);
}

/* Names that nothing has. */
static int missing(const struct listing *l, const char *what)
{
	const struct cli *cli = l->cli;
	int code = CLI_OK;
	size_t i;

	for (i = 1; i < cli->nargs; i++)
		if (!l->found[i])
			code = cli_usage(cli->command, "list %s: no %s '%s'",
					 cli->args[0], what, cli->args[i]);
	if (!l->rows && code == CLI_OK)
		code = cli_usage(cli->command, "list %s: no %s there",
				 cli->args[0], what);
	return code;
}

static int finish(struct listing *l, const char *what)
{
	int code = CLI_OK;

	if (!output_stdout(&l->out))
		code = CLI_SIMULATOR;
	else if (l->set.diag.count)
		code = scenarios_report(&l->set);
	else if (l->failed)
		code = CLI_USAGE;
	else
		code = missing(l, what);
	scenarios_free(&l->set);
	free(l->found);
	return code;
}

int cmd_list(const struct cli *cli)
{
	struct listing l = { .cli = cli };
	size_t i;

	if (!cli->nargs)
		return cli_usage(cli->command, "list: what? " LIST_TOPICS);
	for (i = 0; i < TOPICS && strcmp(topics[i].name, cli->args[0]); i++)
		;
	if (i == TOPICS)
		return no_such_topic(cli);
	if (cli->given[OPT_CELLS] && topics[i].list != list_scenarios)
		return cli_usage(cli->command, "list %s: --cells is for "
				 "scenarios", cli->args[0]);
	l.found = calloc(cli->nargs, sizeof(*l.found));
	if (!l.found || !scenarios_init(&l.set, cli)) {
		free(l.found);
		return CLI_SIMULATOR;
	}
	topics[i].list(&l);
	return finish(&l, topics[i].what);
}
