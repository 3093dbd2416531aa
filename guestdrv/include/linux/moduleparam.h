/* SPDX-License-Identifier: MIT */
/* Module parameters, set at boot from guest options of the same name. */
#ifndef LINUX_MODULEPARAM_H
#define LINUX_MODULEPARAM_H

#include <linux/compiler.h>
#include <linux/stringify.h>
#include <linux/types.h>

struct guest_module_param {
	const char *name;
	const char *type; /* "bool", "int", "uint", "charp" */
	void *value;
};

#define module_param_named(pname, var, ptype, perm)                      \
	static const struct guest_module_param                           \
		COMPILER_PASTE(param_, pname) = { #pname, #ptype, &(var) }; \
	static const struct guest_module_param *const                    \
		COMPILER_PASTE(param_row_, pname) __used                 \
		__section("guest_params") = &COMPILER_PASTE(param_, pname)
#define module_param(name, type, perm) \
	module_param_named(name, name, type, perm)

#endif
