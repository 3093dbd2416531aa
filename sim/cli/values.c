/* SPDX-License-Identifier: MIT */
/*
 * See values.h.
 */
#include "sim/cli/values.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/scenario/catalogue.h"
#include "sim/suite/pool.h"

bool value_number(const struct cli *cli, int id, uint64_t min, uint64_t max,
		  uint64_t *value)
{
	const char *text = cli->value[id];
	char *end;
	uint64_t n;

	if (!cli->given[id])
		return true;
	errno = 0;
	n = strtoull(text, &end, 0);
	if (*text < '0' || *text > '9' || *end || errno) {
		cli_usage(cli->command, "%s: --%s takes a number, not '%s'",
			  cli->command->name, cli_options[id].name, text);
		return false;
	}
	if (n >= min && n <= max) {
		*value = n;
		return true;
	}
	if (max == UINT64_MAX)
		cli_usage(cli->command, "%s: --%s is at least %llu",
			  cli->command->name, cli_options[id].name,
			  (unsigned long long)min);
	else
		cli_usage(cli->command, "%s: --%s is from %llu to %llu",
			  cli->command->name, cli_options[id].name,
			  (unsigned long long)min, (unsigned long long)max);
	return false;
}

bool value_jobs(const struct cli *cli, unsigned int *workers)
{
	uint64_t n = pool_processors();

	if (!value_number(cli, OPT_JOBS, 1, VALUES_MAX_JOBS, &n))
		return false;
	*workers = (unsigned int)n;
	return true;
}

bool values_not_empty(const struct cli *cli, const int *ids, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (!cli->value[ids[i]] || cli->value[ids[i]][0])
			continue;
		cli_usage(cli->command, "%s: --%s needs a value",
			  cli->command->name, cli_options[ids[i]].name);
		return false;
	}
	return true;
}

bool values_differ(const struct cli *cli)
{
	static const int files[] = { OPT_JSON, OPT_JUNIT, OPT_TAP,
				     OPT_CLAUSES };
	const size_t n = sizeof(files) / sizeof(files[0]);
	size_t i, k;

	for (i = 0; i < n; i++)
		for (k = 0; k < i; k++) {
			const char *a = cli->value[files[k]],
				   *b = cli->value[files[i]];

			if (!a || !b || strcmp(a, b) ||
			    !strncmp(a, "/dev/", 5))
				continue;
			cli_usage(cli->command, "%s: --%s and --%s name one "
				  "file", cli->command->name,
				  cli_options[files[k]].name,
				  cli_options[files[i]].name);
			return false;
		}
	return true;
}

bool value_guests(const struct cli *cli, const struct selection *s)
{
	struct catalogue *c = catalogue_create();
	const char *const *names = catalogue_guest_names(c), *close;
	bool known = true;
	size_t i, k;

	for (i = 0; i < s->nguests && known; i++) {
		if (strchr(s->guests[i], '/') ||
		    catalogue_guest_optional(s->guests[i]))
			continue;
		for (k = 0; names[k] && strcmp(names[k], s->guests[i]); k++)
			;
		known = names[k] != NULL;
		close = known ? NULL : diag_closest(s->guests[i], names);
		if (close)
			cli_usage(cli->command, "%s: no guest '%s'; did you "
				  "mean '%s'?", cli->command->name,
				  s->guests[i], close);
		else if (!known)
			cli_usage(cli->command, "%s: no guest '%s'; see "
				  "ringside list guests", cli->command->name,
				  s->guests[i]);
	}
	catalogue_destroy(c);
	return known;
}
