/* SPDX-License-Identifier: MIT */
/* File systems: named by includes, nothing of them is used. */
#ifndef LINUX_FS_H
#define LINUX_FS_H

#include <linux/types.h>

#endif
