/* SPDX-License-Identifier: MIT */
/* A module that says that it is there; guest-build-test.sh builds it. */
#include <linux/module.h>

static int __init hello(void)
{
	pr_info("hello from a module\n");
	return 0;
}
module_init(hello);
