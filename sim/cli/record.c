/* SPDX-License-Identifier: MIT */
#include "sim/cli/record.h"

#include <string.h>

#include "sim/cli/output.h"
#include "sim/report/html/html.h"

bool record_wanted(const struct cli *cli)
{
	return cli->given[OPT_TRACE] || cli->given[OPT_HTML];
}

static bool is_page(const char *name)
{
	static const char ending[] = ".html";
	size_t len = strlen(name), n = sizeof(ending) - 1;

	return len > n && !strcmp(name + len - n, ending);
}

bool record_check(const struct cli *cli)
{
	enum trace_format format;
	bool gzip;

	if (cli->given[OPT_TRACE] &&
	    !trace_format_of(cli->value[OPT_TRACE], &format, &gzip)) {
		cli_usage(cli->command, "%s: --trace %s: the name must end in "
			  ".txt, .jsonl, .txt.gz or .jsonl.gz",
			  cli->command->name, cli->value[OPT_TRACE]);
		return false;
	}
	if (cli->given[OPT_HTML] && !is_page(cli->value[OPT_HTML])) {
		cli_usage(cli->command, "%s: --html %s: the name must end in "
			  ".html", cli->command->name, cli->value[OPT_HTML]);
		return false;
	}
	return true;
}

static bool write_trace(const char *path, const struct run *run)
{
	struct output_file *f = output_open(path);
	enum trace_format format;
	bool gzip;

	if (!f)
		return false;
	return output_close(f, trace_format_of(path, &format, &gzip) &&
				       trace_write(run_trace(run), format, gzip,
						   output_write, f));
}

static bool write_html(const char *path, const struct run *run)
{
	struct textbuf out;

	textbuf_init(&out);
	report_html(run_report(run), run_trace(run), &out);
	return output_text(path, &out);
}

bool record_write(const struct cli *cli, const struct run *run)
{
	bool ok = true;

	if (cli->given[OPT_TRACE])
		ok = write_trace(cli->value[OPT_TRACE], run);
	if (cli->given[OPT_HTML])
		ok = write_html(cli->value[OPT_HTML], run) && ok;
	return ok;
}
