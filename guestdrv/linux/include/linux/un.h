/* SPDX-License-Identifier: MIT */
/* Named by 9p's includes, used by its other transports only. */
#ifndef LINUX_UN_H
#define LINUX_UN_H

#include <linux/types.h>

#endif
