/* SPDX-License-Identifier: MIT */
/*
 * From options and file names to loaded scenarios.
 */
#include "sim/cli/scenarios.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool scenarios_init(struct scenarios *set, const struct cli *cli)
{
	char *end;

	memset(set, 0, sizeof(*set));
	set->catalogue = catalogue_create();
	if (!set->catalogue) {
		fputs("ringside: out of memory\n", stderr);
		return false;
	}
	diag_init(&set->diag);
	set->overrides.set = cli->nsets ? cli->sets : NULL;
	set->overrides.inject = cli->ninjects ? cli->injects : NULL;
	set->overrides.guest = cli->value[OPT_GUEST];
	set->overrides.has_seed = cli->given[OPT_SEED];
	if (cli->given[OPT_SEED])
		set->overrides.seed = strtoull(cli->value[OPT_SEED], &end, 0);
	return true;
}

void scenarios_again(const struct cli *cli, struct textbuf *again)
{
	size_t i;

	if (cli->given[OPT_GUEST])
		textbuf_shell_option(again, "guest", cli->value[OPT_GUEST]);
	for (i = 0; i < cli->nsets; i++)
		textbuf_shell_option(again, "set", cli->sets[i]);
	for (i = 0; i < cli->ninjects; i++)
		textbuf_shell_option(again, "inject", cli->injects[i]);
}

void scenarios_free(struct scenarios *set)
{
	diag_free(&set->diag);
	catalogue_destroy(set->catalogue);
}

struct scenario *scenarios_load(struct scenarios *set, const char *file)
{
	return scenario_load(file, &set->overrides, set->catalogue, &set->diag);
}

int scenarios_report(struct scenarios *set)
{
	bool skipped = set->diag.count != 0;
	size_t i;

	for (i = 0; i < set->diag.count; i++)
		if (strcmp(set->diag.items[i].code, "guest-not-built"))
			skipped = false;
	diag_print(&set->diag, stderr);
	return skipped ? CLI_SKIPPED : CLI_USAGE;
}
