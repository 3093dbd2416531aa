/* SPDX-License-Identifier: MIT */
/* A macro's value as a string. */
#ifndef LINUX_STRINGIFY_H
#define LINUX_STRINGIFY_H

#define STRINGIFY_1(x...) #x
#define __stringify(x...) STRINGIFY_1(x)

#endif
