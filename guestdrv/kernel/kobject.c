/* SPDX-License-Identifier: MIT */
/* Text that drivers make for user space: uevent variables, attributes. */
#include "guestdrv/kernel/kernel.h"

#include <linux/kobject.h>
#include <linux/mm.h>
#include <linux/sysfs.h>
#include <ringside/fault.h>

GUEST_FAULT_SITE(site_file, "guest.sysfs.create_file");

int sysfs_create_file(struct kobject *kobj, const struct attribute *attr)
{
	(void)kobj;
	(void)attr;
	return guest_fault(&site_file, NULL, ~0u);
}

int add_uevent_var(struct kobj_uevent_env *env, const char *fmt, ...)
{
	size_t room = sizeof(env->buf) - (size_t)env->buflen;
	va_list args;
	int len;

	va_start(args, fmt);
	len = vsnprintf(env->buf + env->buflen, room, fmt, args);
	va_end(args);
	if ((size_t)len >= room)
		return -ENOMEM;
	env->buflen += len + 1;
	return 0;
}

static int emit_at(char *buf, int at, const char *fmt, va_list args)
{
	if (at < 0 || (unsigned long)at >= PAGE_SIZE)
		return 0;
	return vscnprintf(buf + at, PAGE_SIZE - (unsigned long)at, fmt, args);
}

int sysfs_emit(char *buf, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = emit_at(buf, 0, fmt, args);
	va_end(args);
	return len;
}

int sysfs_emit_at(char *buf, int at, const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = emit_at(buf, at, fmt, args);
	va_end(args);
	return len;
}
