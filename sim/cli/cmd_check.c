/* SPDX-License-Identifier: MIT */
/*
 * `ringside check`: loads every cell of every file and runs none.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/output.h"
#include "sim/cli/scenarios.h"
#include "sim/cli/values.h"

static bool known(const struct diag *d, const struct diag_item *item)
{
	size_t i;

	for (i = 0; i < d->count; i++)
		if (d->items[i].pos.line == item->pos.line &&
		    d->items[i].pos.column == item->pos.column &&
		    !strcmp(d->items[i].code, item->code))
			return true;
	return false;
}

/* A mistake that several cells have at one place is told once. */
static void merge(struct diag *to, const struct diag *from)
{
	size_t i;

	for (i = 0; i < from->count; i++) {
		const struct diag_item *item = &from->items[i];

		if (!known(to, item))
			diag_add(to, item->pos, item->code, item->hint,
				 item->source, "%s", item->text);
	}
}

static bool check_one(struct scenarios *set, const char *file)
{
	struct diag all = set->diag;
	struct scenario *s;

	diag_init(&set->diag);
	s = scenarios_load(set, file);
	merge(&all, &set->diag);
	diag_free(&set->diag);
	set->diag = all;
	if (s)
		scenario_free(s);
	return s != NULL;
}

/* All cells, or the one that the name ends with. */
static size_t check_file(struct scenarios *set, const char *file)
{
	size_t len = strlen(file), good = 0, i;
	char **cells;
	char *name;

	if (len && file[len - 1] == ']')
		return check_one(set, file);
	cells = scenario_cells(file, &set->diag);
	for (i = 0; cells && cells[i]; i++) {
		name = malloc(len + strlen(cells[i]) + 3);
		if (!name)
			break;
		if (cells[i][0])
			sprintf(name, "%s[%s]", file, cells[i]);
		else
			strcpy(name, file);
		good += check_one(set, name);
		free(name);
	}
	if (cells)
		scenario_cells_free(cells);
	return good;
}

static int check_files(const struct cli *cli, struct textbuf *out)
{
	struct scenarios set;
	size_t i, cells;
	int code = CLI_OK, one;

	for (i = 0; i < cli->nargs; i++) {
		if (!scenarios_init(&set, cli))
			return CLI_SIMULATOR;
		set.overrides.deep = true;
		cells = check_file(&set, cli->args[i]);
		if (set.diag.count) {
			one = scenarios_report(&set);
			/* A file with a mistake outweighs one to be skipped. */
			if (code == CLI_OK || one == CLI_USAGE)
				code = one;
		} else {
			textbuf_printf(out, "%s: ok", cli->args[i]);
			if (cells > 1)
				textbuf_printf(out, ", %zu cells", cells);
			textbuf_char(out, '\n');
		}
		scenarios_free(&set);
	}
	return code;
}

int cmd_check(const struct cli *cli)
{
	struct textbuf out;
	uint64_t seed;
	int code;

	if (!cli->nargs)
		return cli_usage(cli->command, "check: which scenarios?");
	if (!value_number(cli, OPT_SEED, 0, UINT64_MAX, &seed))
		return CLI_USAGE;
	textbuf_init(&out);
	code = check_files(cli, &out);
	return output_stdout(&out) ? code : CLI_SIMULATOR;
}
