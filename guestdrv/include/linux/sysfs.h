/* SPDX-License-Identifier: MIT */
/*
 * Attributes of devices: drivers declare them, nothing shows them, for there is
 * no user space.
 */
#ifndef LINUX_SYSFS_H
#define LINUX_SYSFS_H

#include <linux/idr.h>
#include <linux/stringify.h>
#include <linux/types.h>

struct device;
struct kobject;

struct attribute {
	const char *name;
	umode_t mode;
};

struct attribute_group {
	const char *name;
	struct attribute **attrs;
};

struct device_attribute {
	struct attribute attr;
	ssize_t (*show)(struct device *dev, struct device_attribute *attr,
			char *buf);
	ssize_t (*store)(struct device *dev, struct device_attribute *attr,
			 const char *buf, size_t count);
};

#define __ATTR(aname, amode, ashow, astore)                     \
	{                                                       \
		.attr = { .name = #aname, .mode = (amode) },    \
		.show = (ashow), .store = (astore),             \
	}
#define DEVICE_ATTR(aname, amode, ashow, astore)         \
	struct device_attribute dev_attr_##aname =       \
		__ATTR(aname, amode, ashow, astore)
#define DEVICE_ATTR_RO(aname) DEVICE_ATTR(aname, 0444, aname##_show, NULL)
#define DEVICE_ATTR_RW(aname) \
	DEVICE_ATTR(aname, 0644, aname##_show, aname##_store)
#define ATTRIBUTE_GROUPS(gname)                                  \
	static const struct attribute_group gname##_group = {    \
		.attrs = gname##_attrs,                          \
	};                                                       \
	static const struct attribute_group *gname##_groups[] = { \
		&gname##_group, NULL                             \
	}

/* Nobody reads it; creating it may fail. */
int sysfs_create_file(struct kobject *kobj, const struct attribute *attr);

static inline void sysfs_remove_file(struct kobject *kobj,
				     const struct attribute *attr)
{
	(void)kobj;
	(void)attr;
}

/* One page is what a reader would get. */
__printf(2, 3) int sysfs_emit(char *buf, const char *fmt, ...);
__printf(3, 4) int sysfs_emit_at(char *buf, int at, const char *fmt, ...);

#endif
