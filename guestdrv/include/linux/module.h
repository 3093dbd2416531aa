/* SPDX-License-Identifier: MIT */
/* Modules are linked into the image: init at device level, exit at shutdown. */
#ifndef LINUX_MODULE_H
#define LINUX_MODULE_H

#include <linux/err.h>
#include <linux/export.h>
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/moduleparam.h>
#include <linux/string.h>

#ifndef KBUILD_MODNAME
#define KBUILD_MODNAME __FILE_NAME__
#endif

#define module_init(fn) device_initcall(fn)
/* Runs after the exits of modules that were initialised later. */
#define module_exit(fn) GUEST_INITCALL(NULL, fn, fn, 6)

#define MODULE_EAT(tag) \
	_Static_assert(1, "")
#define MODULE_LICENSE(x) MODULE_EAT(x)
#define MODULE_AUTHOR(x) MODULE_EAT(x)
#define MODULE_DESCRIPTION(x) MODULE_EAT(x)
#define MODULE_VERSION(x) MODULE_EAT(x)
#define MODULE_ALIAS(x) MODULE_EAT(x)
#define MODULE_PARM_DESC(name, x) MODULE_EAT(x)
#define MODULE_DEVICE_TABLE(type, name) MODULE_EAT(name)
#define MODULE_IMPORT_NS(x) MODULE_EAT(x)
#define MODULE_SOFTDEP(x) MODULE_EAT(x)

/* A module that does nothing but register a driver. */
#define module_driver(drv, reg, unreg)                \
	static int __init drv##_init(void)            \
	{                                             \
		return reg(&(drv));                   \
	}                                             \
	module_init(drv##_init);                      \
	static void __exit drv##_exit(void)           \
	{                                             \
		unreg(&(drv));                        \
	}                                             \
	module_exit(drv##_exit)

static inline bool try_module_get(struct module *m)
{
	(void)m;
	return true;
}

static inline void module_put(struct module *m)
{
	(void)m;
}

#endif
