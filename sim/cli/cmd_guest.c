/* SPDX-License-Identifier: MIT */
/*
 * `ringside guest build`: an image from a Linux tree, or from C files.  The
 * recipe is a CMake project beside the program (cmake/guest-build); this finds
 * it, gives it absolute paths, and prints what the compiler said without what
 * the build tools say around it.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sim/cli/cli.h"
#include "sim/scenario/catalogue.h"

#define PATH_BYTES 4096u
/* Below the folder of images, one a name: CMake's. */
#define SCRATCH ".build"

struct guest_build {
	const struct cli *cli;
	const char *name;
	char project[PATH_BYTES]; /* of CMake */
	char out[PATH_BYTES];     /* where the image is put */
	char scratch[PATH_BYTES];
	char *sources;            /* "-DTREE=..." or "-DFILES=..." */
};

/* ---- one tool ---- */

typedef void line_fn(void *state, const char *line);

static void run_child(const char *const *argv, int out)
{
	dup2(out, STDOUT_FILENO);
	dup2(out, STDERR_FILENO);
	close(out);
	execvp(argv[0], (char *const *)argv);
	fprintf(stderr, "ringside: cannot run %s: %s\n", argv[0],
		strerror(errno));
	_exit(127);
}

/* Runs it to its end, each line of what it prints to `see`.  Its exit code. */
static int run_tool(const char *const *argv, line_fn *see, void *state)
{
	int fds[2], status = -1;
	char *line = NULL;
	size_t room = 0;
	ssize_t len;
	FILE *said;
	pid_t pid;

	if (pipe(fds))
		return -1;
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		close(fds[0]);
		run_child(argv, fds[1]);
	}
	close(fds[1]);
	said = pid < 0 ? NULL : fdopen(fds[0], "r");
	while (said && (len = getline(&line, &room, said)) > 0) {
		if (line[len - 1] == '\n')
			line[len - 1] = '\0';
		see(state, line);
	}
	free(line);
	if (said)
		fclose(said);
	else
		close(fds[0]);
	if (pid > 0)
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* CMake's own words around a message are left out: headings, call stacks. */
static void see_configure(void *state, const char *line)
{
	bool *message = state;

	if (!strncmp(line, "CMake Error", 11) || !strncmp(line, "ringside:", 9))
		*message = true;
	else if (!strncmp(line, "Call Stack", 10) || !strncmp(line, "--", 2))
		*message = false;
	if (!*message || !*line || !strncmp(line, "CMake Error at", 14))
		return;
	fprintf(stderr, "%s\n", line + strspn(line, " "));
}

/* Of ninja's lines what the compiler and the linker have printed. */
static void see_build(void *state, const char *line)
{
	bool *command = state;
	bool skip = *command;

	*command = !strncmp(line, "FAILED: ", 8);
	if (!skip && !*command && line[0] != '[' && strncmp(line, "ninja: ", 7))
		fprintf(stderr, "%s\n", line);
}

/* ---- where things are ---- */

static bool fits(int n)
{
	return n >= 0 && (size_t)n < PATH_BYTES;
}

/* share/ringside/guest-build, in the build folder and when installed. */
static bool find_project(struct guest_build *b)
{
	char exe[PATH_BYTES];
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);
	char *slash;

	if (n <= 0)
		return false;
	exe[n] = '\0';
	slash = strrchr(exe, '/');
	if (!slash)
		return false;
	*slash = '\0';
	return fits(snprintf(b->project, PATH_BYTES,
			     "%s/../share/ringside/guest-build", exe)) &&
	       !access(b->project, R_OK);
}

static bool make_folder(const char *path)
{
	char part[PATH_BYTES];
	size_t i;

	for (i = 1; path[i]; i++) {
		if (path[i] != '/')
			continue;
		snprintf(part, sizeof(part), "%.*s", (int)i, path);
		mkdir(part, 0777);
	}
	return mkdir(path, 0777) == 0 || errno == EEXIST;
}

static int find_folders(struct guest_build *b)
{
	const char *given = b->cli->value[OPT_OUT];
	char *folder;

	if (!given && !catalogue_user_dir(b->out, sizeof(b->out)))
		return cli_usage(b->cli->command, "guest build: there is no "
				 "HOME to put the image in; say --out");
	if (given && !fits(snprintf(b->out, PATH_BYTES, "%s", given)))
		return cli_usage(b->cli->command, "guest build: --out is too long");
	folder = make_folder(b->out) ? realpath(b->out, NULL) : NULL;
	if (!folder) {
		fprintf(stderr, "ringside: cannot make the folder %s: %s\n",
			b->out, strerror(errno));
		return CLI_USAGE;
	}
	snprintf(b->out, PATH_BYTES, "%s", folder);
	free(folder);
	if (!fits(snprintf(b->scratch, PATH_BYTES, "%s/" SCRATCH "/%s", b->out,
			   b->name)))
		return cli_usage(b->cli->command, "guest build: --out is too long");
	return CLI_OK;
}

/* ---- what was asked for ---- */

/* A file's name without ending, and a target's of CMake. */
static bool good_name(const char *name)
{
	const char *c;

	for (c = name; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("._-+", *c))
			return false;
	return isalnum((unsigned char)name[0]) && strlen(name) < 64;
}

/* Images of these names would be found before this one. */
static bool taken(const struct guest_build *b)
{
	static const char *const own[] = { "reference", "bare" };
	size_t i;

	for (i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		if (!strcmp(own[i], b->name))
			return true;
	return catalogue_guest_optional(b->name);
}

/* The path as the build sees it, appended to *list. NULL and a message: no such
 * file, or one that CMake cannot take. */
static bool add_source(char **list, const char *path)
{
	char *real = realpath(path, NULL), *longer = NULL;

	if (!real) {
		fprintf(stderr, "ringside: %s: %s\n", path, strerror(errno));
		return false;
	}
	if (strpbrk(real, ";\"\\$"))
		fprintf(stderr, "ringside: %s: a path with %c cannot be built\n",
			path, *strpbrk(real, ";\"\\$"));
	else if (asprintf(&longer, "%s%s%s", *list,
			  strchr(*list, '=')[1] ? ";" : "", real) < 0)
		longer = NULL;
	free(real);
	if (!longer)
		return false;
	free(*list);
	*list = longer;
	return true;
}

static int read_sources(struct guest_build *b)
{
	const char *tree = b->cli->value[OPT_TREE];
	size_t i;

	b->sources = strdup(tree ? "-DTREE=" : "-DFILES=");
	if (!b->sources)
		return CLI_SIMULATOR;
	if (tree)
		return add_source(&b->sources, tree) ? CLI_OK : CLI_USAGE;
	for (i = 1; i < b->cli->nargs; i++)
		if (!add_source(&b->sources, b->cli->args[i]))
			return CLI_USAGE;
	return CLI_OK;
}

static int read_request(struct guest_build *b)
{
	const struct cli_command *c = b->cli->command;

	if (!b->cli->nargs || strcmp(b->cli->args[0], "build"))
		return cli_usage(c, "guest: say what: guest build");
	b->name = b->cli->value[OPT_NAME];
	if (!b->name)
		return cli_usage(c, "guest build: say the image's --name");
	if (!good_name(b->name))
		return cli_usage(c, "guest build: '%s' is no name for an image: "
				 "letters, digits and . _ - +", b->name);
	if (taken(b))
		return cli_usage(c, "guest build: '%s' is the name of an image "
				 "of Ringside's own", b->name);
	if (!b->cli->given[OPT_TREE] == (b->cli->nargs < 2))
		return cli_usage(c, "guest build: say either a --tree or C files");
	return read_sources(b);
}

static int build(struct guest_build *b)
{
	char name[PATH_BYTES], out[PATH_BYTES + 8];
	const char *const configure[] = { "cmake", "-S", b->project, "-B", b->scratch, "-G",
			      "Ninja", "--no-warn-unused-cli", name, out,
			      b->sources,
			      b->cli->given[OPT_TREE] ? "-UFILES" : "-UTREE",
			      NULL };
	const char *const compile[] = { "cmake", "--build", b->scratch, "--target",
			    b->name, NULL };
	bool state = false;

	snprintf(name, sizeof(name), "-DNAME=%s", b->name);
	snprintf(out, sizeof(out), "-DOUT=%s", b->out);
	if (run_tool(configure, see_configure, &state))
		return CLI_USAGE;
	state = false;
	if (run_tool(compile, see_build, &state))
		return CLI_USAGE;
	printf("%s/%s.so\n", b->cli->value[OPT_OUT] ? b->cli->value[OPT_OUT] :
						      b->out, b->name);
	return CLI_OK;
}

int cmd_guest(const struct cli *cli)
{
	struct guest_build b = { .cli = cli };
	int code = read_request(&b);

	if (code == CLI_OK)
		code = find_folders(&b);
	if (code == CLI_OK && !find_project(&b)) {
		fputs("ringside: the recipe of images is not beside the program\n",
		      stderr);
		code = CLI_SIMULATOR;
	}
	if (code == CLI_OK)
		code = build(&b);
	if (code != CLI_OK && b.sources)
		fprintf(stderr, "ringside: no image %s was built\n", b.name);
	free(b.sources);
	return code;
}
