/* SPDX-License-Identifier: MIT */
/* Named by 9p's includes, used by its other transports only. */
#ifndef LINUX_UACCESS_H
#define LINUX_UACCESS_H

#include <linux/types.h>

#endif
