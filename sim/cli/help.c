/* SPDX-License-Identifier: MIT */
/*
 * Help, man page and completion, all from the tables of commands and options.
 */
#include <stdio.h>
#include <string.h>

#include "sim/cli/cli.h"
#include "sim/cli/output.h"
#include "sim/scenario/diag.h"

#define ABOUT_COLUMN 30u

/* "    --json[=F]", "-h, --help" */
static void option_form(const struct cli_option *o, struct textbuf *out)
{
	if (o->letter)
		textbuf_printf(out, "-%c, ", o->letter);
	else
		textbuf_text(out, "    ");
	textbuf_printf(out, "--%s", o->name);
	if (o->argument == ARG_REQUIRED)
		textbuf_printf(out, " %s", o->value);
	else if (o->argument == ARG_OPTIONAL)
		textbuf_printf(out, "[=%s]", o->value);
}

static bool shown(const struct cli_command *c, int id)
{
	return cli_options[id].about &&
	       (id == OPT_HELP || c->options & CLI_OPTION(id));
}

static void option_lines(const struct cli_command *c, struct textbuf *out)
{
	size_t start, width;
	int id;

	for (id = 0; id < OPT_COUNT; id++) {
		if (!shown(c, id))
			continue;
		start = out->len;
		textbuf_text(out, "  ");
		option_form(&cli_options[id], out);
		width = out->len - start;
		if (width + 2 > ABOUT_COLUMN + 4) {
			textbuf_char(out, '\n');
			width = 0;
		}
		textbuf_pad(out, ' ', ABOUT_COLUMN + 4 - width);
		textbuf_printf(out, "%s\n", cli_options[id].about);
	}
}

void cli_help(const struct cli_command *c, struct textbuf *out)
{
	textbuf_printf(out, "usage: ringside %s%s%s%s\n\n%s\n", c->name,
		       c->options ? " [OPTION]..." : "", c->args[0] ? " " : "",
		       c->args, c->about);
	if (c->details)
		textbuf_printf(out, "\n%s\n", c->details);
	textbuf_text(out, "\noptions:\n");
	option_lines(c, out);
}

void cli_help_all(struct textbuf *out)
{
	const struct cli_command *c;

	textbuf_text(out,
		"usage: ringside COMMAND [ARGUMENT]...\n\n"
		"Simulates a PCI bus, its virtio devices and the guest's "
		"driver in one process,\nand makes the driver's fallbacks "
		"happen on purpose.\n\ncommands:\n");
	for (c = cli_commands; c->name; c++)
		if (!c->hidden)
			textbuf_printf(out, "  %-11s %s\n", c->name, c->about);
	textbuf_text(out, "\nringside help COMMAND tells more. A first run: "
			  "ringside run scenarios/00-first-light.yaml\n");
}

int cmd_help(const struct cli *cli)
{
	const struct cli_command *c;
	struct textbuf out;

	if (cli->nargs > 1)
		return cli_usage(cli->command, "help: one command at a time");
	textbuf_init(&out);
	if (!cli->nargs) {
		cli_help_all(&out);
	} else {
		c = cli_command_find(cli->args[0]);
		if (!c)
			return cli_no_command(cli->args[0]);
		cli_help(c, &out);
	}
	return output_stdout(&out) ? CLI_OK : CLI_SIMULATOR;
}

/* ---- man page ---- */

static void roff(struct textbuf *out, const char *text)
{
	bool start = true;

	for (; *text; text++) {
		if (*text == '\\')
			textbuf_text(out, "\\e");
		else if (*text == '-')
			textbuf_text(out, "\\-");
		else if (start && (*text == '.' || *text == '\''))
			textbuf_printf(out, "\\&%c", *text);
		else
			textbuf_char(out, *text);
		start = *text == '\n';
	}
}

static void man_command(const struct cli_command *c, struct textbuf *out)
{
	struct textbuf form;
	int id;

	textbuf_text(out, ".SS ringside ");
	roff(out, c->name);
	textbuf_char(out, ' ');
	roff(out, c->args);
	textbuf_char(out, '\n');
	roff(out, c->about);
	textbuf_text(out, ".\n");
	if (c->details) {
		textbuf_text(out, ".PP\n");
		roff(out, c->details);
		textbuf_char(out, '\n');
	}
	for (id = 0; id < OPT_COUNT; id++) {
		if (!shown(c, id) || id == OPT_HELP)
			continue;
		textbuf_init(&form);
		option_form(&cli_options[id], &form);
		textbuf_text(out, ".TP\n.B ");
		roff(out, form.failed ? "" : form.data + strspn(form.data,
								" "));
		textbuf_char(out, '\n');
		roff(out, cli_options[id].about);
		textbuf_text(out, ".\n");
		textbuf_free(&form);
	}
}

int cmd_man(const struct cli *cli)
{
	const struct cli_command *c;
	struct textbuf out;

	(void)cli;
	textbuf_init(&out);
	textbuf_text(&out,
		".TH RINGSIDE 1 \"\" \"ringside " RINGSIDE_VERSION "\"\n"
		".SH NAME\nringside \\- simulates a PCI bus, virtio devices "
		"and the guest's driver\n"
		".SH SYNOPSIS\n.B ringside\n.I COMMAND\n[\n.I ARGUMENT\n"
		"]...\n.SH COMMANDS\n");
	for (c = cli_commands; c->name; c++)
		if (!c->hidden)
			man_command(c, &out);
	textbuf_text(&out,
		".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nNo colours, whatever the "
		"terminal.\n.TP\n.B RINGSIDE_GUEST_PATH\nFolders with guest "
		"images, separated by colons.\n");
	return output_stdout(&out) ? CLI_OK : CLI_SIMULATOR;
}

/* ---- completion ---- */

static void bash_command(const struct cli_command *c, struct textbuf *out)
{
	const char *const *w;
	int id;

	textbuf_printf(out, "\t%s) options='", c->name);
	for (id = 0; id < OPT_COUNT; id++)
		if (shown(c, id))
			textbuf_printf(out, "--%s ", cli_options[id].name);
	textbuf_text(out, "' words='");
	for (w = c->words; w && *w; w++)
		textbuf_printf(out, "%s ", *w);
	textbuf_text(out, "';;\n");
}

int cmd_completion(const struct cli *cli)
{
	const struct cli_command *c;
	struct textbuf out;

	if (cli->nargs != 1 || strcmp(cli->args[0], "bash"))
		return cli_usage(cli->command, "completion: the shell is bash");
	textbuf_init(&out);
	textbuf_text(&out, "_ringside() {\n"
		     "\tlocal word=${COMP_WORDS[COMP_CWORD]} options= words=\n"
		     "\tif [ \"$COMP_CWORD\" = 1 ]; then\n"
		     "\t\tCOMPREPLY=($(compgen -W '");
	for (c = cli_commands; c->name; c++)
		if (!c->hidden)
			textbuf_printf(&out, "%s ", c->name);
	textbuf_text(&out, "' -- \"$word\"))\n\t\treturn\n\tfi\n"
			   "\tcase ${COMP_WORDS[1]} in\n");
	for (c = cli_commands; c->name; c++)
		if (!c->hidden)
			bash_command(c, &out);
	textbuf_text(&out, "\tesac\n"
		     "\tcase $word in\n"
		     "\t-*) COMPREPLY=($(compgen -W \"$options\" -- \"$word\"));;\n"
		     "\t*) COMPREPLY=($(compgen -W \"$words\" -- \"$word\")"
		     " $(compgen -f -- \"$word\"));;\n"
		     "\tesac\n\treturn 0\n}\ncomplete -o filenames -F _ringside ringside\n");
	return output_stdout(&out) ? CLI_OK : CLI_SIMULATOR;
}
