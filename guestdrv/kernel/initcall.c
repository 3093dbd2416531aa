/* SPDX-License-Identifier: MIT */
/*
 * Initcalls by level and, at shutdown, exit functions in reverse; module
 * parameters and guest options.  Rows come from linker sections
 * (linux/init.h, linux/moduleparam.h).
 */
#include "guestdrv/kernel/kernel.h"

#include <linux/init.h>
#include <linux/moduleparam.h>
#include <linux/string.h>
#include <ringside/image.h>

#define SECTION_END __weak __attribute__((__visibility__("hidden")))

extern const struct guest_initcall *const __start_guest_initcalls[] SECTION_END;
extern const struct guest_initcall *const __stop_guest_initcalls[] SECTION_END;
extern const struct guest_module_param *const __start_guest_params[] SECTION_END;
extern const struct guest_module_param *const __stop_guest_params[] SECTION_END;

/* Modules that are not there: an initcall of theirs failed. */
static const char *absent[16];
static unsigned int nabsent;

static bool is_absent(const char *module)
{
	unsigned int i;

	for (i = 0; i < nabsent; i++)
		if (!strcmp(absent[i], module))
			return true;
	return false;
}

static void init_failed(const struct guest_initcall *call, int err)
{
	printk(KERN_ERR "initcall %s failed with error %d\n", call->name, err);
	if (nabsent < ARRAY_SIZE(absent))
		absent[nabsent++] = call->module;
}

void guest_initcalls_run(void)
{
	const struct guest_initcall *const *row;
	unsigned int level;
	int err;

	nabsent = 0;
	for (level = 0; level < GUEST_LEVELS; level++)
		for (row = __start_guest_initcalls;
		     row < __stop_guest_initcalls; row++) {
			if ((*row)->level != level || !(*row)->init)
				continue;
			err = (*row)->init();
			if (err)
				init_failed(*row, err);
		}
}

void guest_exitcalls_run(void)
{
	const struct guest_initcall *const *row;
	unsigned int level;

	for (level = GUEST_LEVELS; level-- > 0;)
		for (row = __stop_guest_initcalls;
		     row-- > __start_guest_initcalls;)
			if ((*row)->level == level && (*row)->exit &&
			    !is_absent((*row)->module))
				(*row)->exit();
}

/* ---- options ---- */

const char *guest_option(const char *name)
{
	const struct machine_option *o = gk.info->options;

	for (; o && o->name; o++)
		if (!strcmp(o->name, name))
			return o->value;
	return NULL;
}

bool guest_option_bool(const char *name, bool deflt)
{
	const char *text = guest_option(name);
	bool value = deflt;

	if (text && kstrtobool(text, &value))
		printk(KERN_ERR "guest option %s: not true or false: %s\n",
		       name, text);
	return value;
}

long guest_option_int(const char *name, long deflt)
{
	const char *text = guest_option(name);
	long long value = deflt;

	if (text && kstrtoll(text, 0, &value))
		printk(KERN_ERR "guest option %s: not a number: %s\n", name,
		       text);
	return (long)value;
}

/* ---- module parameters ---- */

static void set_bool(void *to, const char *name)
{
	*(bool *)to = guest_option_bool(name, *(bool *)to);
}

static void set_int(void *to, const char *name)
{
	*(int *)to = (int)guest_option_int(name, *(int *)to);
}

static void set_text(void *to, const char *name)
{
	*(const char **)to = guest_option(name);
}

static const struct param_kind {
	const char *type;
	void (*set)(void *to, const char *name);
} param_kinds[] = {
	{ "bool", set_bool },
	{ "int", set_int },
	{ "uint", set_int },
	{ "charp", set_text },
};

static void set_param(const struct guest_module_param *p)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(param_kinds); i++)
		if (!strcmp(param_kinds[i].type, p->type))
			param_kinds[i].set(p->value, p->name);
}

void guest_params_boot(void)
{
	const struct guest_module_param *const *row;

	for (row = __start_guest_params; row < __stop_guest_params; row++)
		if (guest_option((*row)->name))
			set_param(*row);
}
