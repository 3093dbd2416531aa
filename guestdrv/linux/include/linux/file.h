/* SPDX-License-Identifier: MIT */
/* Named by 9p's includes, used by its other transports only. */
#ifndef LINUX_FILE_H
#define LINUX_FILE_H

#include <linux/types.h>

#endif
