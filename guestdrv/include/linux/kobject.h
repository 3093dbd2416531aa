/* SPDX-License-Identifier: MIT */
/* Names, references, and what user space would be told of a device. */
#ifndef LINUX_KOBJECT_H
#define LINUX_KOBJECT_H

#include <linux/kref.h>
#include <linux/sysfs.h>

struct kobject {
	char name[32];
	struct kref kref;
};

#define UEVENT_BUFFER_SIZE 2048

struct kobj_uevent_env {
	char buf[UEVENT_BUFFER_SIZE];
	int buflen;
};

enum kobject_action { KOBJ_ADD, KOBJ_REMOVE, KOBJ_CHANGE };

/* Appends a variable; -ENOMEM: the buffer is full. */
__printf(2, 3) int add_uevent_var(struct kobj_uevent_env *env,
				  const char *fmt, ...);

/* There is no user space to tell. */
static inline int kobject_uevent(struct kobject *kobj,
				 enum kobject_action action)
{
	(void)kobj;
	(void)action;
	return 0;
}

#endif
