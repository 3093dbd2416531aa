/* SPDX-License-Identifier: MIT */
/*
 * The table of commands.
 */
#include "sim/cli/cli.h"

#include <stdio.h>
#include <string.h>

#include "sim/cli/output.h"
#include "sim/cli/tell.h"
#include "sim/scenario/diag.h"

#define RUN_OPTIONS                                                            \
	(CLI_OPTION(OPT_JSON) | CLI_OPTION(OPT_TRACE) | CLI_OPTION(OPT_HTML) | \
	 CLI_OPTION(OPT_SEED) | CLI_OPTION(OPT_SET) | CLI_OPTION(OPT_INJECT) | \
	 CLI_OPTION(OPT_GUEST) | CLI_OPTION(OPT_STOP_AT) |                     \
	 CLI_OPTION(OPT_GDB) | CLI_OPTION(OPT_DEBUGGER) |                      \
	 CLI_OPTION(OPT_BARE))

#define SUITE_OPTIONS                                                          \
	(CLI_OPTION(OPT_JOBS) | CLI_OPTION(OPT_FILTER) | CLI_OPTION(OPT_TAG) | \
	 CLI_OPTION(OPT_EXCLUDE_TAG) | CLI_OPTION(OPT_GUEST) |                 \
	 CLI_OPTION(OPT_LIST) | CLI_OPTION(OPT_SEED) | CLI_OPTION(OPT_SHARD) | \
	 CLI_OPTION(OPT_KNOWN) | CLI_OPTION(OPT_RESUME) |                      \
	 CLI_OPTION(OPT_LIMIT) | CLI_OPTION(OPT_CLAUSES) | TELL_OPTIONS)

#define SWEEP_OPTIONS                                                          \
	(CLI_OPTION(OPT_JOBS) | CLI_OPTION(OPT_FILTER) | CLI_OPTION(OPT_TAG) | \
	 CLI_OPTION(OPT_EXCLUDE_TAG) | CLI_OPTION(OPT_GUEST) |                 \
	 CLI_OPTION(OPT_JUNIT) | CLI_OPTION(OPT_JSON) | CLI_OPTION(OPT_SEED) | \
	 CLI_OPTION(OPT_INJECT) | CLI_OPTION(OPT_VERBOSE) |                    \
	 CLI_OPTION(OPT_POINT) | CLI_OPTION(OPT_DEVICE) |                      \
	 CLI_OPTION(OPT_QUIRKS) | CLI_OPTION(OPT_ACCESS) |                     \
	 CLI_OPTION(OPT_PAIRS) | CLI_OPTION(OPT_RUNS) |                        \
	 CLI_OPTION(OPT_NO_RECHECK))

static const char *const guest_words[] = { "build", NULL };
static const char *const shells[] = { "bash", NULL };

const struct cli_command cli_commands[] = {
	{ .name = "run", .args = "FILE[cell]",
	  .about = "one run: its verdict and what the driver went through",
	  .details =
		"FILE is a scenario; a file with a matrix needs the name of "
		"one of its cells\nin brackets.\n\n"
		"Exit: 0 all as expected; 1 an expectation or invariant "
		"failed, or the guest\ncrashed or hung; 2 wrong usage or an "
		"invalid file; 3 the simulator's own fault,\nor a result that "
		"could not be written; 77 the guest is not built; 130\n"
		"interrupted.",
	  .options = RUN_OPTIONS, .run = cmd_run },
	{ .name = "suite", .args = "PATH...",
	  .about = "any number of scenarios, side by side",
	  .details =
		"A PATH is a file, a FILE[cell], or a folder: every *.yaml "
		"below it but those\nnamed common.yaml. All of their cells "
		"run, each in a process of its own, and\nresults are in the "
		"order of files and cells. The last line is\n"
		"\"N passed, N failed, N skipped\".\n\n"
		"--guest A,B runs each cell on each of these guests. Cells "
		"that differ in a matrix'\naxis `guest` alone count as one: "
		"it runs on a guest of the axis as the file says,\nand on "
		"another one in place of the first that was asked for; one "
		"that lacks an action\nor a fault point is skipped. With "
		"--compare only what differs between guests is\nprinted.\n\n"
		"--json has a line for each cell, as `run --json` gives it "
		"and what else a suite\nknows, and a last one that sums up. "
		"While it runs the lines are in F.partial; with\n--resume "
		"the cells that are in F or F.partial, of this program, guest "
		"and scenario,\nare not run again. --shard divides the "
		"cells for several machines; `merge` joins\nthe results.\n\n"
		"--known names a file with a line \"PATTERN: REFERENCE\" for "
		"cells that are known to\nfail; passing is an error then. With "
		"--baseline only what fails and did not do so in\nthat "
		"earlier --json result makes the exit code 1.\n\n"
		"Exit: the worst of 3 a fault of the simulator's own, 2 an "
		"invalid file, 1 a\nfailure; 0 all as expected; 2 also for "
		"wrong usage or nothing selected; 77 all\nwere skipped; 130 "
		"interrupted.",
	  .options = SUITE_OPTIONS, .run = cmd_suite },
	{ .name = "merge", .args = "F...",
	  .about = "joins results of `suite --json=F`, such as those of shards",
	  .details =
		"Each F is what `suite --json=F` has written, or the F.partial "
		"of one that was cut\noff. Out comes what one suite of all the "
		"cells would have told, byte for byte.\n\n"
		"Results of different programs, guest images, scenarios or "
		"seeds are refused, and\ncells that are there twice.\n\n"
		"Exit: as `suite`; 2 also where shards or cells are missing.",
	  .options = TELL_OPTIONS, .run = cmd_merge },
	{ .name = "fuzz", .args = "FILE[cell]",
	  .about = "a hostile device, many times over",
	  .details =
		"Each run of the scenario has one device that lies by a plan "
		"of its own: wrong values\nin registers, configuration and "
		"memory, work and messages that are lost, late or for\n"
		"nothing. The driver may fail; it must not crash, break a rule "
		"of its kernel, touch memory\nthat is not its own, read twice "
		"what it has checked once, keep anything, or wait on\nwhen the "
		"device is honest again and the driver unbound. What the "
		"scenario expects counts\nfor nothing.\n\n"
		"The guest is the file's, in the image NAME-checked if there is "
		"one, so that each access\nto memory is checked. Findings that "
		"are alike are told once, with a line that shows\nthe first "
		"again.\n\n"
		"Exit: 0 nothing was found; 1 findings; 2 wrong usage or an "
		"invalid file; 3 the\nsimulator's own fault; 77 the guest is "
		"not built; 130 interrupted.",
	  .options = CLI_OPTION(OPT_RUNS) | CLI_OPTION(OPT_SEED) |
		     CLI_OPTION(OPT_TIME) | CLI_OPTION(OPT_JOBS) |
		     CLI_OPTION(OPT_DEVICE) | CLI_OPTION(OPT_GUEST) |
		     CLI_OPTION(OPT_SET) | CLI_OPTION(OPT_MINIMIZE) |
		     CLI_OPTION(OPT_RUN) | CLI_OPTION(OPT_ONLY) |
		     CLI_OPTION(OPT_TRACE) | CLI_OPTION(OPT_HTML) |
		     CLI_OPTION(OPT_JSON),
	  .run = cmd_fuzz },
	{ .name = "sweep", .args = "PATH...",
	  .about = "every fault point of a good run, at every call, in a run of "
		   "its own",
	  .details =
		"A PATH is as for `suite`. Each cell runs once without a fault "
		"more than the file's;\nthen once for each call that a fault "
		"point had, and each error that makes sense\nthere, with that "
		"call failing. What the file expects is not asked then: the\n"
		"driver may end on another rung, or fail, but must not crash, "
		"hang, leak, break a\nrule of the specification, or lose an "
		"interrupt. After its workload each run binds\nall devices "
		"again without a fault and runs the workload once more: every "
		"access\nmust be as on a machine that had no fault.\n\n"
		"Like outcomes are printed together, and each kind of finding "
		"once, with the line\nthat shows it again. --inject runs one "
		"fault of a sweep, its second bind included.\n\n"
		"--json has a line for each cell and each run, and a last one "
		"that sums up.\n\n"
		"Exit: as `suite`; a cell that fails without a fault, and a "
		"run with a finding, are\nfailures; 2 also where no fault is "
		"in reach.",
	  .options = SWEEP_OPTIONS, .run = cmd_sweep },
	{ .name = "check", .args = "FILE...",
	  .about = "validate scenarios, run nothing",
	  .details = "Every cell of every file is loaded, and all mistakes "
		     "are printed.",
	  .options = CLI_OPTION(OPT_SET) | CLI_OPTION(OPT_INJECT) |
		     CLI_OPTION(OPT_GUEST) | CLI_OPTION(OPT_SEED),
	  .run = cmd_check },
	{ .name = "list", .args = "TOPIC [NAME...]",
	  .about = "what there is: devices, features, faults, guests, timings, "
		   "actions, scenarios",
	  .details = "With names: only these.  Features are named by their "
		     "device model, actions by\ntheir guest image, scenarios "
		     "by files and folders; without a name those below\n"
		     "`scenarios`.",
	  .options = CLI_OPTION(OPT_CELLS) | CLI_OPTION(OPT_VERBOSE),
	  .run = cmd_list,
	  .words = list_topics },
	{ .name = "explain", .args = "WORD",
	  .about = "a fault point, register, feature bit, diagnostic code, "
		   "device, or word of the glossary",
	  .run = cmd_explain },
	{ .name = "guest", .args = "build [FILE.c...]",
	  .about = "a guest image of one's own, from a Linux tree or from C files",
	  .details = "guest build --tree DIR --name NAME: virtio's core, "
		     "transports and drivers of that tree\non the guest kernel. "
		     "Nothing but the virtio files is read; no configuration "
		     "is needed.\nWhere the tree is a git checkout the image "
		     "tells its commit.\n\n"
		     "guest build --name NAME FILE.c...: the files, on the guest "
		     "kernel and its virtio stack,\nor with a ringside_guest() "
		     "of their own.\n\n"
		     "The image goes to $XDG_DATA_HOME/ringside/guests "
		     "(~/.local/share/ringside/guests),\nwhere scenarios find it "
		     "by its name. What is built once is built again in a "
		     "second\nor two, changed files only. Needs cmake, ninja and "
		     "gcc.",
	  .options = CLI_OPTION(OPT_TREE) | CLI_OPTION(OPT_NAME) |
		     CLI_OPTION(OPT_OUT),
	  .run = cmd_guest, .words = guest_words },
	{ .name = "lab", .args = "list | start | check | grade | image",
	  .about = "lab sheets: learn PCI and virtio by writing the driver",
	  .details = "lab list: the labs that there are; --verbose: their tasks "
		     "and points.\n\n"
		     "lab start N [DIR]: makes a folder to work in, with sheet, "
		     "starter, Makefile, and\ncompile_flags.txt for editors. N "
		     "is the lab's number or name; DIR is the lab's name\nif "
		     "nothing is said. Overwrites nothing.\n\n"
		     "lab check [DIR]: compiles the file in it, runs the lab's "
		     "checks on it, and tells the\npoints of each task; for one "
		     "that failed also what the driver did, where, and a\nhint. "
		     "--verbose: with the report of each run that failed.\n\n"
		     "lab grade DIR...: the same for many, a line each. A folder "
		     "without the file gets no\npoints.\n\n"
		     "lab image FILE.c: the image `lab` of one C file, as "
		     "lab.so in this folder or in that of\n--out, for scenarios "
		     "with `guest: lab`: RINGSIDE_GUEST_PATH=. ringside run "
		     "FILE.\n\n"
		     "A file is compiled and run as the user who asks, without "
		     "a sandbox: grade what you\ndo not trust where it can do "
		     "no harm. Needs gcc, or the compiler that CC names.\n\n"
		     "Exit: check: 0 all points, 1 fewer; grade: 0; both with "
		     "--pass: 1 below it; 2 wrong\nusage, or no such lab, file "
		     "or compiler; 3 a fault of the simulator's own; 130\n"
		     "interrupted.",
	  .options = CLI_OPTION(OPT_LABS) | CLI_OPTION(OPT_LAB) |
		     CLI_OPTION(OPT_OUT) | CLI_OPTION(OPT_VERBOSE) |
		     CLI_OPTION(OPT_JOBS) | CLI_OPTION(OPT_PASS) |
		     CLI_OPTION(OPT_CSV) | CLI_OPTION(OPT_GRADESCOPE),
	  .run = cmd_lab, .words = lab_words },
	{ .name = "test", .args = "[CTEST ARGUMENT...]",
	  .about = "the project's own tests (source tree only)",
	  .run = cmd_test },
	{ .name = "completion", .args = "SHELL",
	  .about = "a completion script: bash",
	  .details = "In ~/.bashrc: eval \"$(ringside completion bash)\"",
	  .run = cmd_completion, .words = shells },
	{ .name = "version", .args = "",
	  .about = "the program's version",
	  .run = cmd_version },
	{ .name = "help", .args = "[COMMAND]",
	  .about = "this overview, or all about one command",
	  .run = cmd_help },
	{ .name = "man", .args = "",
	  .about = "the man page, as roff",
	  .run = cmd_man, .hidden = true },
	{ .name = NULL },
};

const struct cli_command *cli_command_find(const char *name)
{
	const struct cli_command *c;

	for (c = cli_commands; c->name; c++)
		if (!strcmp(c->name, name))
			return c;
	return NULL;
}

int cli_no_command(const char *name)
{
	const char *names[32], *close;
	const struct cli_command *c;
	size_t n = 0;

	for (c = cli_commands; c->name && n < 31; c++)
		if (!c->hidden)
			names[n++] = c->name;
	names[n] = NULL;
	close = diag_closest(name, names);
	if (close)
		return cli_usage(NULL, "no command '%s'; did you mean '%s'?",
				 name, close);
	return cli_usage(NULL, "no command '%s'", name);
}

/* The launcher at the top of the source tree keeps this command to itself. */
int cmd_test(const struct cli *cli)
{
	(void)cli;
	fputs("ringside: the project's tests need its source tree; "
	      "run ./ringside test there\n", stderr);
	return CLI_USAGE;
}

int cmd_version(const struct cli *cli)
{
	struct textbuf out;

	(void)cli;
	textbuf_init(&out);
	textbuf_text(&out, "ringside " RINGSIDE_VERSION "\n");
	return output_stdout(&out) ? CLI_OK : CLI_SIMULATOR;
}
