/* SPDX-License-Identifier: MIT */
/* Nothing is mapped twice: what vmalloc gives is memory like any other. */
#ifndef LINUX_VMALLOC_H
#define LINUX_VMALLOC_H

#include <linux/mm.h>

#define is_vmalloc_addr(addr) ((void)(addr), false)
#define vmalloc_to_page(addr) virt_to_page(addr)

#endif
