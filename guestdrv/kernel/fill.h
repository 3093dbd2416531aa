/* SPDX-License-Identifier: MIT */
/*
 * Filling memory with a byte and asking whether it is still filled: redzones
 * and poison, on every kmalloc and kfree, so by words and inline.  Where the
 * first wrong byte is, memchr_inv says afterwards.
 */
#ifndef GUESTDRV_KERNEL_FILL_H
#define GUESTDRV_KERNEL_FILL_H

#include <linux/string.h>
#include <linux/types.h>

typedef u64 fill_word_t __attribute__((__may_alias__, __aligned__(1)));

static inline u64 fill_word(u8 byte)
{
	return byte * 0x0101010101010101ull;
}

static inline u64 fill_diff(const u8 *p, u64 word)
{
	return *(const fill_word_t *)p ^ word;
}

/* The last word overlaps the one before it, when n is no multiple of 8. */
static inline bool guest_filled(const u8 *p, u8 byte, size_t n)
{
	u64 word = fill_word(byte);
	const u8 *last = p + n - 8;

	if (n < 8)
		return !memchr_inv(p, byte, n);
	for (; last - p >= 32; p += 32)
		if (fill_diff(p, word) | fill_diff(p + 8, word) |
		    fill_diff(p + 16, word) | fill_diff(p + 24, word))
			return false;
	for (; p < last; p += 8)
		if (fill_diff(p, word))
			return false;
	return !fill_diff(last, word);
}

static inline void guest_fill(u8 *p, u8 byte, size_t n)
{
	u64 word = fill_word(byte);
	u8 *last = p + n - 8;

	if (n < 8) {
		memset(p, byte, n);
		return;
	}
	for (; p < last; p += 8)
		*(fill_word_t *)p = word;
	*(fill_word_t *)last = word;
}

#endif
