/* SPDX-License-Identifier: MIT */
/* Mount options are parsed by the 9p client, not by a transport. */
#ifndef LINUX_PARSER_H
#define LINUX_PARSER_H

#include <linux/types.h>

#endif
