/* SPDX-License-Identifier: MIT */
/*
 * Errno names with Linux's numbers (asm-generic), whatever the host's are: these
 * are the guest's errors, in scenarios and in reports.
 */
#include "sim/fault/fault.h"

#include <string.h>

static const struct {
	int number;
	const char *name;
} rows[] = {
	{ 1, "EPERM" }, { 2, "ENOENT" }, { 3, "ESRCH" }, { 4, "EINTR" },
	{ 5, "EIO" }, { 6, "ENXIO" }, { 7, "E2BIG" }, { 8, "ENOEXEC" },
	{ 9, "EBADF" }, { 10, "ECHILD" }, { 11, "EAGAIN" }, { 12, "ENOMEM" },
	{ 13, "EACCES" }, { 14, "EFAULT" }, { 15, "ENOTBLK" }, { 16, "EBUSY" },
	{ 17, "EEXIST" }, { 18, "EXDEV" }, { 19, "ENODEV" }, { 20, "ENOTDIR" },
	{ 21, "EISDIR" }, { 22, "EINVAL" }, { 23, "ENFILE" }, { 24, "EMFILE" },
	{ 25, "ENOTTY" }, { 26, "ETXTBSY" }, { 27, "EFBIG" }, { 28, "ENOSPC" },
	{ 29, "ESPIPE" }, { 30, "EROFS" }, { 31, "EMLINK" }, { 32, "EPIPE" },
	{ 33, "EDOM" }, { 34, "ERANGE" }, { 35, "EDEADLK" },
	{ 36, "ENAMETOOLONG" }, { 37, "ENOLCK" }, { 38, "ENOSYS" },
	{ 39, "ENOTEMPTY" }, { 40, "ELOOP" }, { 42, "ENOMSG" },
	{ 61, "ENODATA" }, { 62, "ETIME" }, { 71, "EPROTO" },
	{ 74, "EBADMSG" }, { 75, "EOVERFLOW" }, { 84, "EILSEQ" },
	{ 85, "ERESTART" }, { 90, "EMSGSIZE" }, { 95, "EOPNOTSUPP" },
	{ 98, "EADDRINUSE" }, { 99, "EADDRNOTAVAIL" }, { 100, "ENETDOWN" },
	{ 103, "ECONNABORTED" }, { 104, "ECONNRESET" }, { 105, "ENOBUFS" },
	{ 107, "ENOTCONN" }, { 108, "ESHUTDOWN" }, { 110, "ETIMEDOUT" },
	{ 111, "ECONNREFUSED" }, { 112, "EHOSTDOWN" }, { 114, "EALREADY" },
	{ 115, "EINPROGRESS" }, { 116, "ESTALE" }, { 121, "EREMOTEIO" },
	{ 123, "ENOMEDIUM" }, { 125, "ECANCELED" }, { 512, "ERESTARTSYS" },
	{ 517, "EPROBE_DEFER" }, { 524, "ENOTSUPP" },
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

int fault_errno_number(const char *name)
{
	size_t i;

	for (i = 0; name && i < ROWS; i++)
		if (!strcmp(rows[i].name, name))
			return rows[i].number;
	return 0;
}

const char *fault_errno_name(int number)
{
	size_t i;

	for (i = 0; i < ROWS; i++)
		if (rows[i].number == number)
			return rows[i].name;
	return NULL;
}
