/* SPDX-License-Identifier: MIT */
/* CRC-32 (IEEE 802.3), bit-reversed; seed ~0 and invert for zlib's. */
#ifndef LINUX_CRC32_H
#define LINUX_CRC32_H

#include <linux/types.h>

u32 crc32_le(u32 crc, const unsigned char *p, size_t len);
#define crc32(seed, data, len) \
	crc32_le((seed), (const unsigned char *)(data), (len))

#endif
