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

#define GUEST_MODULE_PARAM(pname, text, type_text, var)                  \
	static const struct guest_module_param                           \
		COMPILER_PASTE(param_, pname) = { text, type_text, &(var) }; \
	static const struct guest_module_param *const                    \
		COMPILER_PASTE(param_row_, pname) __used                 \
		__section("guest_params") = &COMPILER_PASTE(param_, pname)
/* The type as it was written: bool itself is a macro. */
#define module_param_named(name, var, type, perm) \
	GUEST_MODULE_PARAM(name, #name, #type, var)
#define module_param(name, type, perm) \
	GUEST_MODULE_PARAM(name, #name, #type, name)

#endif
