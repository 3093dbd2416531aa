/* SPDX-License-Identifier: MIT */
/* No tracepoints: none is ever enabled. */
#ifndef LINUX_TRACEPOINT_DEFS_H
#define LINUX_TRACEPOINT_DEFS_H

#define DECLARE_TRACEPOINT(name)
#define tracepoint_enabled(name) 0

#endif
