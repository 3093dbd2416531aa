/* SPDX-License-Identifier: MIT */
#include "bench/measure.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

const char *path_in(const char *dir, const char *name)
{
	static char buf[8][512];
	static unsigned int turn;
	char *p = buf[turn++ % 8];

	snprintf(p, sizeof(buf[0]), "%s/%s", dir, name);
	return p;
}

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double ms(struct timeval t)
{
	return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

static pid_t start(const char *const *argv, int out)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	dup2(out, 1);
	execv(argv[0], (char *const *)argv);
	_exit(127);
}

struct sample measure(const char *const *argv)
{
	struct sample s = { 0 };
	char buf[4096] = "";
	struct rusage usage;
	size_t len = 0;
	ssize_t got;
	int fd[2], status;
	double begin;
	pid_t pid;

	if (pipe(fd))
		exit(3);
	begin = now_ms();
	pid = start(argv, fd[1]);
	close(fd[1]);
	while ((got = read(fd[0], buf + len, sizeof(buf) - 1 - len)) > 0)
		if (len + (size_t)got < sizeof(buf) - 1)
			len += (size_t)got;
	close(fd[0]);
	wait4(pid, &status, 0, &usage);
	s.wall_ms = now_ms() - begin;
	s.cpu_ms = ms(usage.ru_utime) + ms(usage.ru_stime);
	s.peak_kib = usage.ru_maxrss;
	s.printed = strtod(buf, NULL);
	if (!WIFEXITED(status) || WEXITSTATUS(status)) {
		fprintf(stderr, "failed: %s %s\n%s\n", argv[0],
			argv[1] ? argv[1] : "", buf);
		exit(1);
	}
	return s;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double median(double *values, size_t n)
{
	qsort(values, n, sizeof(*values), compare);
	return n % 2 ? values[n / 2] : (values[n / 2 - 1] + values[n / 2]) / 2;
}

double least(const double *values, size_t n)
{
	double x = values[0];

	for (size_t i = 1; i < n; i++)
		x = values[i] < x ? values[i] : x;
	return x;
}
