/* SPDX-License-Identifier: MIT */
/*
 * Files by way of a temporary name beside them, which is on the disk before it
 * becomes the file's; standard output by write(2), so that no buffer hides an
 * error until the exit.
 */
#define _GNU_SOURCE
#include "sim/cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/cli/cli.h"

struct output_file {
	int fd;
	int error;       /* errno of the first write that failed */
	bool direct;     /* a device or a pipe: written in place */
	char *path, *temporary;
};

/* What an interrupt has to remove. */
static char *volatile unfinished;

static void on_interrupt(int signal)
{
	char *path = unfinished;

	(void)signal;
	if (path)
		unlink(path);
	_exit(CLI_INTERRUPTED);
}

void output_init(void)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct sigaction interrupt = { .sa_handler = on_interrupt };

	sigaction(SIGPIPE, &ignore, NULL);
	sigaction(SIGINT, &interrupt, NULL);
	sigaction(SIGTERM, &interrupt, NULL);
}

bool output_colour(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return !(no && *no) && isatty(STDOUT_FILENO) &&
	       !(term && !strcmp(term, "dumb"));
}

/* 0, or errno. */
static int write_all(int fd, const char *bytes, size_t len)
{
	ssize_t n;

	while (len) {
		n = write(fd, bytes, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		bytes += n;
		len -= (size_t)n;
	}
	return 0;
}

static void complain(const char *what, int error)
{
	fprintf(stderr, "ringside: %s cannot be written: %s\n", what,
		error == EPIPE ? "whoever read it has gone" : strerror(error));
}

bool output_stdout(struct textbuf *text)
{
	int error = text->failed ? ENOMEM :
		    write_all(STDOUT_FILENO, text->data, text->len);

	textbuf_free(text);
	if (error)
		complain("standard output", error);
	return !error;
}

static bool open_direct(struct output_file *f)
{
	f->direct = true;
	f->fd = open(f->path, O_WRONLY | O_CLOEXEC);
	return f->fd >= 0;
}

static bool open_temporary(struct output_file *f)
{
	mode_t mask = umask(0);

	umask(mask);
	if (asprintf(&f->temporary, "%s.XXXXXX", f->path) < 0) {
		f->temporary = NULL;
		errno = ENOMEM;
		return false;
	}
	f->fd = mkostemp(f->temporary, O_CLOEXEC);
	if (f->fd < 0)
		return false;
	unfinished = f->temporary;
	fchmod(f->fd, 0666 & ~mask);
	return true;
}

struct output_file *output_open(const char *path)
{
	struct output_file *f = calloc(1, sizeof(*f));
	struct stat st;
	bool exists = stat(path, &st) == 0;

	if (!f)
		goto fail;
	f->fd = -1;
	/* A link's target is what is replaced, not the link. */
	f->path = exists ? realpath(path, NULL) : strdup(path);
	if (!f->path)
		goto fail;
	if (exists && !S_ISREG(st.st_mode) ? open_direct(f) : open_temporary(f))
		return f;
fail:
	complain(path, errno);
	if (f) {
		free(f->temporary);
		free(f->path);
		free(f);
	}
	return NULL;
}

bool output_write(void *file, const void *bytes, size_t len)
{
	struct output_file *f = file;

	if (!f->error)
		f->error = write_all(f->fd, bytes, len);
	return !f->error;
}

/* The name is on the disk when its folder is; 0, or errno.  There are file systems
 * whose folders cannot be told to. */
static int sync_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) :
			       strdup(".");
	int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	int error = fd < 0 || fsync(fd) ? errno : 0;

	if (fd >= 0)
		close(fd);
	free(folder);
	return error == EINVAL || error == EACCES ? 0 : error;
}

/* 0, or errno: then there is no temporary file any more. */
static int give_name(const struct output_file *f, bool ok)
{
	int error;

	if (ok && !rename(f->temporary, f->path))
		return sync_folder(f->path);
	error = ok ? errno : f->error;
	unlink(f->temporary);
	return error;
}

bool output_close(struct output_file *f, bool ok)
{
	if (!f->direct && ok && !f->error && fsync(f->fd))
		f->error = errno;
	if (close(f->fd) && !f->error)
		f->error = errno;
	ok = ok && !f->error;
	if (!f->direct)
		f->error = give_name(f, ok);
	ok = ok && !f->error;
	unfinished = NULL;
	if (!ok)
		complain(f->path, f->error ? f->error : ENOMEM);
	free(f->temporary);
	free(f->path);
	free(f);
	return ok;
}

bool output_text(const char *path, struct textbuf *text)
{
	struct output_file *f;
	bool ok;

	if (!path)
		return output_stdout(text);
	f = output_open(path);
	ok = f && output_close(f, !text->failed &&
			       output_write(f, text->data, text->len));
	textbuf_free(text);
	return ok;
}
