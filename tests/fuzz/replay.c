/* SPDX-License-Identifier: MIT */
/*
 * A main() for a fuzz target where there is no fuzzer: runs files, all files of
 * folders, and fresh inputs.
 *
 *	fuzz-driver-blk tests/fuzz/corpus/driver-blk --runs 2000 --seed 1
 *	fuzz-driver-blk --from 1234 --runs 1 --seed 1 --save crash.bin
 *
 * The last line counts.  A finding aborts, and the line before it tells how to
 * have it again.
 */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/fuzz/target.h"

#define FILE_MAX (1u << 20)
#define INPUT_SECONDS 20 /* of one input; more is a hang */

static struct {
	const char *save;   /* fresh inputs are written there too */
	uint64_t seed, from, runs;
	bool keep_going;    /* an input a process */
	uint64_t files, fresh, findings;
	char now[512];      /* which input runs */
} r;

static void on_alarm(int number)
{
	(void)number;
	/* Not safe in a handler, and the process ends with it. */
	fprintf(stderr, "found: an input takes more than %d s\n", INPUT_SECONDS);
	abort();
}

/* Which input it was is the last thing said. */
static void on_end(int number)
{
	ssize_t n = write(STDERR_FILENO, r.now, strlen(r.now));

	(void)n;
	signal(number, SIG_DFL);
	raise(number);
}

static void run_here(const uint8_t *data, size_t len)
{
	alarm(INPUT_SECONDS);
	LLVMFuzzerTestOneInput(data, len);
	alarm(0);
}

/* For looking at many findings at once: the others go on. */
static void run_apart(const uint8_t *data, size_t len)
{
	int status = 0;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (!pid) {
		run_here(data, len);
		_exit(EXIT_SUCCESS);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		exit(EXIT_FAILURE);
	r.findings += status != 0;
}

static void run(const uint8_t *data, size_t len)
{
	if (r.keep_going)
		run_apart(data, len);
	else
		run_here(data, len);
}

static bool run_file(const char *path)
{
	uint8_t *bytes = malloc(FILE_MAX);
	FILE *f = fopen(path, "rb");
	size_t len;

	if (!f || !bytes) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		free(bytes);
		return false;
	}
	len = fread(bytes, 1, FILE_MAX, f);
	fclose(f);
	snprintf(r.now, sizeof(r.now), "input: %s\n", path);
	run(bytes, len);
	r.files++;
	free(bytes);
	return true;
}

static int visible(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

static bool run_folder(const char *path)
{
	struct dirent **names;
	int n = scandir(path, &names, visible, alphasort), i;
	bool ok = n >= 0;
	char file[4096];

	for (i = 0; i < n; i++) {
		snprintf(file, sizeof(file), "%s/%s", path, names[i]->d_name);
		ok = run_file(file) && ok;
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	return ok;
}

static bool run_path(const char *path)
{
	struct stat st;

	if (stat(path, &st)) {
		fprintf(stderr, "%s: %s\n", path, strerror(errno));
		return false;
	}
	return S_ISDIR(st.st_mode) ? run_folder(path) : run_file(path);
}

static void save(const uint8_t *data, size_t len)
{
	FILE *f = fopen(r.save, "wb");

	if (!f || fwrite(data, 1, len, f) != len || fclose(f)) {
		perror(r.save);
		exit(EXIT_FAILURE);
	}
}

static void run_fresh(uint64_t number)
{
	/* Its own piece of memory, so that reading beyond it is found. */
	uint8_t room[FUZZ_INPUT], *data;
	size_t len = fuzz_fresh(r.seed, number, room);

	if (r.save)
		save(room, len);
	data = malloc(len + 1);
	if (!data)
		exit(EXIT_FAILURE);
	memcpy(data, room, len);
	snprintf(r.now, sizeof(r.now),
		 "input: --seed %" PRIu64 " --from %" PRIu64 " --runs 1\n",
		 r.seed, number);
	run(data, len);
	free(data);
	r.fresh++;
}

static int usage(const char *program, const char **paths)
{
	free(paths);
	fprintf(stderr, "usage: %s [PATH...] [--runs N] [--seed S] [--from K] "
		"[--save FILE] [--keep-going]\n", program);
	return 2;
}

static bool option(char **argv, int *i, uint64_t *value)
{
	char *end;

	if (!argv[*i + 1])
		return false;
	*value = strtoull(argv[++*i], &end, 0);
	return !*end && *argv[*i];
}

static bool read_option(char **argv, int *i)
{
	const char *name = argv[*i];

	if (!strcmp(name, "--runs"))
		return option(argv, i, &r.runs);
	if (!strcmp(name, "--seed"))
		return option(argv, i, &r.seed);
	if (!strcmp(name, "--from"))
		return option(argv, i, &r.from);
	if (!strcmp(name, "--save"))
		return (r.save = argv[++*i]) != NULL;
	r.keep_going = !strcmp(name, "--keep-going");
	return r.keep_going;
}

int main(int argc, char **argv)
{
	const char **paths = calloc((size_t)argc + 1, sizeof(*paths));
	bool ok = true;
	int npaths = 0, i;
	uint64_t k;

	if (!paths)
		return EXIT_FAILURE;
	for (i = 1; i < argc; i++) {
		if (argv[i][0] != '-')
			paths[npaths++] = argv[i];
		else if (!read_option(argv, &i))
			return usage(argv[0], paths);
	}
	signal(SIGALRM, on_alarm);
	signal(SIGABRT, on_end);
#if !defined(__SANITIZE_ADDRESS__)
	signal(SIGSEGV, on_end);
#endif
	for (i = 0; i < npaths; i++)
		ok = run_path(paths[i]) && ok;
	for (k = 0; k < r.runs; k++)
		run_fresh(r.from + k);
	free(paths);
	printf("%" PRIu64 " files, %" PRIu64 " fresh inputs, %" PRIu64
	       " findings\n", r.files, r.fresh, r.findings);
	return ok && !r.findings ? EXIT_SUCCESS : EXIT_FAILURE;
}
