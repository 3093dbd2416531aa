/* SPDX-License-Identifier: MIT */
/* The longest name of a system. */
#ifndef LINUX_UTSNAME_H
#define LINUX_UTSNAME_H

#define __NEW_UTS_LEN 64

#endif
