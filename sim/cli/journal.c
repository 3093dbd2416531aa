/* SPDX-License-Identifier: MIT */
/*
 * Lines of results, appended as they are found.
 */
#define _GNU_SOURCE
#include "sim/cli/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *journal_name(const char *path)
{
	struct stat st;
	char *name, *target = NULL;

	if (!stat(path, &st)) {
		if (!S_ISREG(st.st_mode))
			return NULL;
		/* As with the file itself: beside what a link leads to. */
		target = realpath(path, NULL);
	}
	if (asprintf(&name, "%s.partial", target ? target : path) < 0)
		abort();
	free(target);
	return name;
}

/* Nothing more is written, but what there is stays. */
static bool fail(struct journal *j, int error)
{
	fprintf(stderr, "ringside: %s cannot be written: %s\n", j->path,
		strerror(error));
	if (j->fd > 0)
		close(j->fd);
	j->fd = 0;
	j->failed = true;
	return false;
}

static bool put(struct journal *j, struct textbuf *text)
{
	const char *p = text->data;
	size_t left = text->len;
	ssize_t n;
	int error = text->failed ? ENOMEM : 0;

	while (left && !error) {
		n = write(j->fd, p, left);
		if (n < 0 && errno != EINTR)
			error = errno;
		p += n > 0 ? n : 0;
		left -= n > 0 ? (size_t)n : 0;
	}
	textbuf_free(text);
	return !error || fail(j, error);
}

/* How much of the file is whole lines. */
static off_t whole_lines(int fd, off_t size)
{
	char c = '\0';

	while (size > 0 && (pread(fd, &c, 1, size - 1) != 1 || c != '\n'))
		size--;
	return size;
}

/* Not as standard input, output or error, where one of these is closed. */
static int open_high(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	int high = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 3), error = errno;

	if (fd >= 0)
		close(fd);
	errno = error;
	return high;
}

bool journal_open(struct journal *j, const char *path, bool go_on,
		  const struct results *r)
{
	struct textbuf head;
	struct stat st;
	off_t keep;

	*j = (struct journal){ .path = journal_name(path) };
	if (!j->path)
		return true;
	j->fd = open_high(j->path);
	if (j->fd < 0 || fstat(j->fd, &st))
		return fail(j, errno);
	keep = go_on ? whole_lines(j->fd, st.st_size) : 0;
	if (ftruncate(j->fd, keep))
		return fail(j, errno);
	if (keep)
		return true;
	textbuf_init(&head);
	results_json_head(r, &head);
	return put(j, &head);
}

void journal_add(struct journal *j, const struct results *r, size_t item)
{
	struct textbuf line;

	if (j->fd <= 0)
		return;
	textbuf_init(&line);
	result_json(r, item, &line);
	put(j, &line);
}

bool journal_close(struct journal *j, bool done)
{
	bool ok = !j->failed;

	if (j->fd > 0)
		close(j->fd);
	if (j->path && done)
		unlink(j->path);
	free(j->path);
	*j = (struct journal){ 0 };
	return ok;
}
