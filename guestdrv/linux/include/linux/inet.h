/* SPDX-License-Identifier: MIT */
/* Named by 9p's includes, used by its other transports only. */
#ifndef LINUX_INET_H
#define LINUX_INET_H

#include <linux/types.h>

#endif
