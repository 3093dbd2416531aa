/* SPDX-License-Identifier: MIT */
/*
 * `lab.task`: a part of the student's file, by its name (LAB_TASK).
 */
#include <lab.h>
#include <linux/errno.h>
#include <linux/printk.h>
#include <linux/string.h>

#include "guestdrv/lab/lab_kernel.h"

#define SECTION_END __weak __attribute__((__visibility__("hidden")))

extern const struct lab_task *const __start_lab_tasks[] SECTION_END;
extern const struct lab_task *const __stop_lab_tasks[] SECTION_END;

const struct guest_param lab_task_params[] = {
	{ "task", GUEST_PARAM_STRING, true, 0, "its name" },
	{ NULL, GUEST_PARAM_INT, false, 0, NULL }
};

static int task(const struct guest_value *v)
{
	const struct lab_task *const *row;

	for (row = __start_lab_tasks; row < __stop_lab_tasks; row++)
		if (!strcmp((*row)->name, v[0].s))
			return (*row)->run();
	printk(KERN_ERR "the file has no LAB_TASK(%s, ...)\n", v[0].s);
	return -ENOENT;
}

GUEST_ACTION(run, task, lab_task_params);

int lab_action_task(const struct guest_value *values)
{
	return run(values);
}
