/* SPDX-License-Identifier: MIT */
/*
 * `ringside merge`: results that several runs of `suite` have written become one,
 * told as `suite` would have told it.
 */
#include <errno.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/tell.h"
#include "sim/suite/reread.h"

static bool read_files(const struct cli *cli, struct reread *r)
{
	size_t i;

	for (i = 0; i < cli->nargs; i++) {
		if (reread_file(r, cli->args[i]))
			continue;
		cli_usage(cli->command, "merge: %s cannot be read: %s",
			  cli->args[i], strerror(errno));
		return false;
	}
	return true;
}

static bool join(const struct cli *cli, struct reread *r, struct results *to)
{
	struct textbuf error;
	bool ok;

	textbuf_init(&error);
	ok = reread_merge(r, to, &error);
	if (!ok)
		cli_usage(cli->command, "merge: %s",
			  error.failed ? "out of memory" : error.data);
	textbuf_free(&error);
	return ok;
}

int cmd_merge(const struct cli *cli)
{
	struct results results;
	struct reread read;
	struct tell how;
	int code = CLI_USAGE;

	if (!cli->nargs)
		return cli_usage(cli->command, "merge: which results?");
	results_init(&results);
	reread_init(&read);
	if (tell_begin(&how, cli) && read_files(cli, &read) &&
	    join(cli, &read, &results))
		code = tell(&how, &results, NULL);
	tell_end(&how);
	reread_free(&read);
	results_free(&results);
	return code;
}
