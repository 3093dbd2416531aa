/* SPDX-License-Identifier: MIT */
/*
 * Preloaded before the C library: the n-th call of one kind that is about files
 * below a folder fails, as on a full or a broken disk.
 *
 *   IO_FAULT=write:3:ENOSPC   the kind (write, fsync, rename), which, and how
 *   IO_FAULT_BELOW=/tmp/x     where
 *   IO_FAULT_HIT=/tmp/hit     a file that is made when it has happened
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_below(const char *path)
{
	const char *below = getenv("IO_FAULT_BELOW");
	size_t len = below ? strlen(below) : 0;

	return len && path && !strncmp(path, below, len);
}

static bool fd_is_below(int fd)
{
	char link[64], path[4096];
	ssize_t len;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = readlink(link, path, sizeof(path) - 1);
	if (len < 0)
		return false;
	path[len] = '\0';
	return is_below(path);
}

/* Counts this call; true: it fails, errno is set. */
static bool fails(const char *kind)
{
	static unsigned int calls;
	const char *spec = getenv("IO_FAULT"), *hit = getenv("IO_FAULT_HIT");
	char what[16], error[16];
	unsigned int nth;
	int fd;

	if (!spec || sscanf(spec, "%15[^:]:%u:%15s", what, &nth, error) != 3 ||
	    strcmp(what, kind) || ++calls != nth)
		return false;
	fd = hit ? open(hit, O_WRONLY | O_CREAT | O_CLOEXEC, 0666) : -1;
	if (fd >= 0)
		close(fd);
	errno = strcmp(error, "EIO") ? ENOSPC : EIO;
	return true;
}

ssize_t write(int fd, const void *bytes, size_t len)
{
	static ssize_t (*real)(int fd, const void *bytes, size_t len);
	size_t half = len / 2;

	if (!real)
		real = (ssize_t (*)(int, const void *, size_t))
			dlsym(RTLD_NEXT, "write");
	if (fd_is_below(fd) && fails("write")) {
		/* What fits is written before a disk is full. */
		if (errno == ENOSPC && half && real(fd, bytes, half) > 0)
			errno = ENOSPC;
		return -1;
	}
	return real(fd, bytes, len);
}

int fsync(int fd)
{
	static int (*real)(int fd);

	if (!real)
		real = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
	return fd_is_below(fd) && fails("fsync") ? -1 : real(fd);
}

int rename(const char *from, const char *to)
{
	static int (*real)(const char *from, const char *to);
	char here[4096];

	if (!real)
		real = (int (*)(const char *, const char *))
			dlsym(RTLD_NEXT, "rename");
	if (is_below(to[0] == '/' ? to : getcwd(here, sizeof(here))) &&
	    fails("rename"))
		return -1;
	return real(from, to);
}
