/* SPDX-License-Identifier: MIT */
/* There is no page cache; drivers that include this mean linux/mm.h. */
#ifndef LINUX_PAGEMAP_H
#define LINUX_PAGEMAP_H

#include <linux/mm.h>

#endif
