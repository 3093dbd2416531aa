/* SPDX-License-Identifier: MIT */
/* Internet addresses: named by 9p's includes, used by its other transports. */
#ifndef LINUX_IN_H
#define LINUX_IN_H

#include <linux/types.h>

#endif
