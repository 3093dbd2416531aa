/* SPDX-License-Identifier: MIT */
/* UUIDs as the match tables store them; nothing here makes or compares any. */
#ifndef LINUX_UUID_H
#define LINUX_UUID_H

#include <linux/types.h>
/* Older kernels have guid_t there, newer ones only the MEI bus's type. */
#include <uapi/linux/uuid.h>

#define UUID_STRING_LEN 36

typedef struct {
	__u8 b[16];
} uuid_t;

#ifndef GUID_INIT
typedef struct {
	__u8 b[16];
} guid_t;
#endif

#endif
