/* SPDX-License-Identifier: MIT */
/* Named by 9p's includes, used by its other transports only. */
#ifndef LINUX_IPV6_H
#define LINUX_IPV6_H

#include <linux/types.h>

#endif
