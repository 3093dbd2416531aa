/* SPDX-License-Identifier: MIT */
/* Small library functions: numbers from text, bits, CRC-32, random numbers. */
#include "guestdrv/kernel/kernel.h"

#include <linux/crc32.h>
#include <linux/random.h>
#include <linux/string.h>

static int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'z' ? c - 'a' + 10 : 99;
}

/* Base 0: by the prefix, as in C. */
static const char *take_prefix(const char *s, unsigned int *base)
{
	bool hex = s[0] == '0' && (s[1] | 0x20) == 'x';

	if (!*base)
		*base = hex ? 16 : s[0] == '0' ? 8 : 10;
	return *base == 16 && hex ? s + 2 : s;
}

int kstrtoull(const char *s, unsigned int base, unsigned long long *res)
{
	unsigned long long v = 0;

	s += *s == '+';
	s = take_prefix(s, &base);
	if (!*s || *s == '\n')
		return -EINVAL;
	for (; *s && !(*s == '\n' && !s[1]); s++) {
		if ((unsigned int)digit_of(*s) >= base)
			return -EINVAL;
		if (__builtin_mul_overflow(v, base, &v) ||
		    __builtin_add_overflow(v, (unsigned int)digit_of(*s), &v))
			return -ERANGE;
	}
	*res = v;
	return 0;
}

int kstrtoll(const char *s, unsigned int base, long long *res)
{
	bool negative = *s == '-';
	unsigned long long v;
	int err;

	if (negative && s[1] == '+')
		return -EINVAL;
	err = kstrtoull(s + negative, base, &v);
	if (err)
		return err;
	if (v > (unsigned long long)S64_MAX + negative)
		return -ERANGE;
	*res = (long long)(negative ? 0 - v : v);
	return 0;
}

int kstrtouint(const char *s, unsigned int base, unsigned int *res)
{
	unsigned long long v;
	int err = kstrtoull(s, base, &v);

	if (!err && v > UINT_MAX)
		err = -ERANGE;
	if (!err)
		*res = (unsigned int)v;
	return err;
}

int kstrtoint(const char *s, unsigned int base, int *res)
{
	long long v;
	int err = kstrtoll(s, base, &v);

	if (!err && (v < INT_MIN || v > INT_MAX))
		err = -ERANGE;
	if (!err)
		*res = (int)v;
	return err;
}

int kstrtobool(const char *s, bool *res)
{
	static const char *const words[] = { "0", "1",   "n",  "y", "no",
					     "yes", "off", "on", "false",
					     "true" };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (!strcmp(s, words[i])) {
			*res = i % 2;
			return 0;
		}
	return -EINVAL;
}

/* ---- bits ---- */

static unsigned long find_bit(const unsigned long *addr, unsigned long size,
			      unsigned long from, unsigned long invert)
{
	unsigned long word;

	if (from >= size)
		return size;
	word = (addr[from / 64] ^ invert) & ~0ul << (from % 64);
	for (from &= ~63ul; !word; word = addr[from / 64] ^ invert) {
		from += 64;
		if (from >= size)
			return size;
	}
	return min(from + __ffs(word), size);
}

unsigned long find_next_bit(const unsigned long *addr, unsigned long size,
			    unsigned long from)
{
	return find_bit(addr, size, from, 0);
}

unsigned long find_next_zero_bit(const unsigned long *addr,
				 unsigned long size, unsigned long from)
{
	return find_bit(addr, size, from, ~0ul);
}

u32 crc32_le(u32 crc, const unsigned char *p, size_t len)
{
	int bit;

	for (; len; len--, p++) {
		crc ^= *p;
		for (bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
	}
	return crc;
}

/* ---- random numbers: a counter, mixed (splitmix64) ---- */

static u64 random_state;

void guest_random_boot(void)
{
	random_state = 0;
}

u64 get_random_u64(void)
{
	u64 z = random_state += 0x9e3779b97f4a7c15ull;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ z >> 27) * 0x94d049bb133111ebull;
	return z ^ z >> 31;
}

u32 get_random_u32(void)
{
	return (u32)get_random_u64();
}

void get_random_bytes(void *buf, size_t len)
{
	u8 *p = buf;
	u64 word;

	for (; len; len -= min_t(size_t, len, 8), p += 8) {
		word = get_random_u64();
		memcpy(p, &word, min_t(size_t, len, 8));
	}
}
