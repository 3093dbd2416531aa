/* SPDX-License-Identifier: MIT */
/*
 * `ringside lab`: the labs that there are, a folder to work in, the image of a
 * file, points.  What each does is in sim/lab/.
 */
#include <stdio.h>
#include <string.h>

#include "sim/cli/cmd_lab.h"
#include "sim/cli/output.h"
#include "sim/lab/image.h"
#include "sim/lab/start.h"

const char *const lab_words[] = { "list", "start", "check", "grade", "image",
				  NULL };

static int mistakes(const struct diag *d)
{
	diag_print(d, stderr);
	return CLI_USAGE;
}

/* ---- list ---- */

static void put_lab(const struct lab *lab, bool tasks, struct textbuf *out)
{
	size_t i;

	textbuf_printf(out, "%-22s %2u points  %s\n", lab->name, lab->points,
		       lab->about);
	for (i = 0; tasks && i < lab->ntasks; i++)
		textbuf_printf(out, "  %-20s %2u         %s\n", lab->tasks[i].id,
			       lab->tasks[i].points, lab->tasks[i].title);
}

static int lab_list(const struct cli *cli, const struct labs *labs)
{
	const struct lab *lab;
	struct textbuf out;

	if (cli->nargs > 1)
		return cli_usage(cli->command, "lab list: takes no names");
	textbuf_init(&out);
	for (lab = labs->first; lab; lab = lab->next)
		put_lab(lab, cli->given[OPT_VERBOSE], &out);
	return output_stdout(&out) ? CLI_OK : CLI_SIMULATOR;
}

/* ---- start ---- */

int lab_unknown(const struct cli *cli, const struct labs *labs,
		const char *name)
{
	const char *names[64], *close;
	const struct lab *lab;
	size_t n = 0;

	for (lab = labs->first; lab && n < 63; lab = lab->next)
		names[n++] = lab->name;
	names[n] = NULL;
	close = diag_closest(name, names);
	if (close)
		return cli_usage(cli->command,
				 "no lab '%s'; did you mean '%s'?", name,
				 close);
	return cli_usage(cli->command, "no lab '%s'; `ringside lab list` has "
			 "all of them", name);
}

static int run_start(const struct cli *cli, const struct labs *labs)
{
	const struct lab *lab;
	struct textbuf out;
	const char *dir;
	bool ok;

	if (cli->nargs < 2 || cli->nargs > 3)
		return cli_usage(cli->command, "lab start: say which lab, and "
				 "in which folder if not one of its name");
	lab = labs_find(labs, cli->args[1]);
	if (!lab)
		return lab_unknown(cli, labs, cli->args[1]);
	dir = cli->nargs == 3 ? cli->args[2] : lab->name;
	textbuf_init(&out);
	ok = lab_start(lab, dir, &out);
	if (!ok) {
		fprintf(stderr, "ringside: %s\n", out.data ? out.data : "");
		textbuf_free(&out);
		return CLI_USAGE;
	}
	textbuf_printf(&out, "%s: %s\n  %s/sheet.md is the sheet, %s/%s is yours "
		       "to write\n  then: ringside lab check %s\n",
		       lab->name, lab->title, dir, dir, lab->file, dir);
	return output_stdout(&out) ? CLI_OK : CLI_SIMULATOR;
}

/* ---- image ---- */

static int run_image(const struct cli *cli, const struct labs *labs)
{
	const char *dir = cli->value[OPT_OUT] ? cli->value[OPT_OUT] : ".";
	enum image_result result;
	struct textbuf text;

	(void)labs;
	if (cli->nargs != 2)
		return cli_usage(cli->command, "lab image: say which C file");
	textbuf_init(&text);
	result = image_build(cli->args[1], dir, &text);
	fputs(text.data ? text.data : "", stderr);
	textbuf_free(&text);
	if (result != IMAGE_BUILT)
		return CLI_USAGE;
	textbuf_printf(&text, "%s/lab.so\n", dir);
	return output_stdout(&text) ? CLI_OK : CLI_SIMULATOR;
}

/* ---- the command ---- */

#define LABS CLI_OPTION(OPT_LABS)
#define GRADING                                                           \
	(LABS | CLI_OPTION(OPT_LAB) | CLI_OPTION(OPT_JOBS) |              \
	 CLI_OPTION(OPT_PASS))

static const struct verb {
	const char *word;
	int (*run)(const struct cli *cli, const struct labs *labs);
	uint64_t options;
} verbs[] = {
	{ "list", lab_list, LABS | CLI_OPTION(OPT_VERBOSE) },
	{ "start", run_start, LABS },
	{ "check", lab_check, GRADING | CLI_OPTION(OPT_VERBOSE) },
	{ "grade", lab_grade, GRADING | CLI_OPTION(OPT_CSV) |
			      CLI_OPTION(OPT_GRADESCOPE) },
	{ "image", run_image, CLI_OPTION(OPT_OUT) },
};

/* Each takes only its own of the command's options. */
static bool fits(const struct cli *cli, const struct verb *verb)
{
	int id;

	for (id = 0; id < OPT_COUNT; id++) {
		if (!cli->given[id] || verb->options & CLI_OPTION(id))
			continue;
		cli_usage(cli->command, "lab %s: --%s is not for this",
			  verb->word, cli_options[id].name);
		return false;
	}
	return true;
}

static int no_verb(const struct cli *cli)
{
	const char *close = cli->nargs ? diag_closest(cli->args[0], lab_words) :
					 NULL;

	if (close)
		return cli_usage(cli->command, "lab: no '%s'; did you mean '%s'?",
				 cli->args[0], close);
	return cli_usage(cli->command, "lab: say what: list, start, check, grade "
			 "or image");
}

int cmd_lab(const struct cli *cli)
{
	struct labs labs = { .a = NULL };
	struct diag d;
	int code;
	size_t i;

	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (cli->nargs && !strcmp(cli->args[0], verbs[i].word))
			break;
	if (i == sizeof(verbs) / sizeof(verbs[0]))
		return no_verb(cli);
	if (!fits(cli, &verbs[i]))
		return CLI_USAGE;
	if (!(verbs[i].options & LABS))
		return verbs[i].run(cli, &labs);
	diag_init(&d);
	code = labs_read(&labs, cli->value[OPT_LABS], &d) ?
		       verbs[i].run(cli, &labs) : mistakes(&d);
	labs_free(&labs);
	diag_free(&d);
	return code;
}
