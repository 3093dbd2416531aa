/* SPDX-License-Identifier: MIT */
/*
 * UTF-8 and numbers with units.  Overflow is checked at each step: the text is
 * the user's.
 */
#include <string.h>

#include "sim/scenario/text.h"

/*
 * Bits of the first byte that tell the length, the least value that needs it:
 *
 *   0xxxxxxx                             U+0000   ..
 *   110xxxxx 10xxxxxx                    U+0080   ..
 *   1110xxxx 10xxxxxx 10xxxxxx           U+0800   .. without D800..DFFF
 *   11110xxx 10xxxxxx 10xxxxxx 10xxxxxx  U+10000  .. U+10FFFF
 */
static const struct {
	uint8_t mask, lead;
	uint32_t least;
} utf8_forms[] = {
	{ 0x80, 0x00, 0 },
	{ 0xe0, 0xc0, 0x80 },
	{ 0xf0, 0xe0, 0x800 },
	{ 0xf8, 0xf0, 0x10000 },
};

size_t text_utf8_valid(const char *s)
{
	const uint8_t *p = (const uint8_t *)s;

	for (size_t n = 0; n < 4; n++) {
		uint32_t code = p[0] & (uint8_t)~utf8_forms[n].mask;

		if ((p[0] & utf8_forms[n].mask) != utf8_forms[n].lead)
			continue;
		for (size_t i = 1; i <= n; i++) {
			if ((p[i] & 0xc0) != 0x80)
				return 0;
			code = code << 6 | (p[i] & 0x3f);
		}
		if (code < utf8_forms[n].least || code > 0x10ffff ||
		    (code >= 0xd800 && code <= 0xdfff))
			return 0;
		return n + 1;
	}
	return 0;
}

size_t text_utf8_len(const char *s)
{
	size_t n = text_utf8_valid(s);

	return n ? n : 1;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 99;
}

/* Reads digits of `base`; '_' may stand between two of them. */
static const char *digits(const char *s, unsigned base, uint64_t *value,
			  bool *too_big)
{
	const char *p = s;

	*value = 0;
	for (; (unsigned)digit(*p) < base ||
	       (*p == '_' && p != s && (unsigned)digit(p[1]) < base);
	     p++) {
		if (*p == '_')
			continue;
		if (__builtin_mul_overflow(*value, base, value) ||
		    __builtin_add_overflow(*value, (uint64_t)digit(*p), value))
			*too_big = true;
	}
	return p == s ? NULL : p;
}

/* The number at the start of `s`; *end: what follows it. */
static enum text_number number(const char *s, uint64_t *value,
			       const char **end)
{
	bool too_big = false;

	if (s[0] == '0' && (s[1] == 'x' || s[1] == 'X'))
		*end = digits(s + 2, 16, value, &too_big);
	else
		*end = digits(s, 10, value, &too_big);
	if (!*end)
		return TEXT_NOT_A_NUMBER;
	return too_big ? TEXT_TOO_BIG : TEXT_OK;
}

enum text_number text_uint(const char *s, uint64_t *value)
{
	const char *end;
	enum text_number r = number(s, value, &end);

	if (r == TEXT_NOT_A_NUMBER)
		return r;
	return *end ? TEXT_BAD_UNIT : r;
}

enum text_number text_int(const char *s, int64_t *value)
{
	bool negative = *s == '-';
	uint64_t u;
	enum text_number r = text_uint(s + (*s == '-' || *s == '+'), &u);

	if (r != TEXT_OK)
		return r;
	if (u > (uint64_t)INT64_MAX)
		return TEXT_TOO_BIG;
	*value = negative ? -(int64_t)u : (int64_t)u;
	return TEXT_OK;
}

struct unit {
	const char *name;
	uint64_t factor;
};

static const struct unit sizes[] = {
	{ "", 1 },
	{ "B", 1 },
	{ "KiB", UINT64_C(1) << 10 },
	{ "MiB", UINT64_C(1) << 20 },
	{ "GiB", UINT64_C(1) << 30 },
	{ NULL, 0 },
};

static const struct unit times[] = {
	{ "ps", 1 },
	{ "ns", UINT64_C(1000) },
	{ "us", UINT64_C(1000000) },
	{ "ms", UINT64_C(1000000000) },
	{ "s", UINT64_C(1000000000000) },
	{ NULL, 0 },
};

static const struct unit *find_unit(const struct unit *u, const char *name)
{
	while (*name == ' ')
		name++;
	for (; u->name; u++)
		if (strcmp(u->name, name) == 0)
			return u;
	return NULL;
}

/* whole * factor, into an int64_t. */
static enum text_number scale(uint64_t whole, uint64_t factor, int64_t *value)
{
	uint64_t v;

	if (__builtin_mul_overflow(whole, factor, &v) ||
	    v > (uint64_t)INT64_MAX)
		return TEXT_TOO_BIG;
	*value = (int64_t)v;
	return TEXT_OK;
}

enum text_number text_size(const char *s, int64_t *value)
{
	const char *end;
	uint64_t whole;
	enum text_number r = number(s, &whole, &end);
	const struct unit *u;

	if (r == TEXT_NOT_A_NUMBER)
		return r;
	u = find_unit(sizes, end);
	if (!u)
		return TEXT_BAD_UNIT;
	return r == TEXT_OK ? scale(whole, u->factor, value) : r;
}

/* ".25" of a unit; what lies below a picosecond is cut off. */
static const char *fraction(const char *s, uint64_t *numerator,
			    uint64_t *denominator)
{
	*numerator = 0;
	*denominator = 1;
	if (*s != '.' || digit(s[1]) > 9)
		return s;
	for (s++; digit(*s) <= 9; s++) {
		if (*denominator >= UINT64_C(1000000))
			continue;
		*numerator = *numerator * 10 + (uint64_t)digit(*s);
		*denominator *= 10;
	}
	return s;
}

enum text_number text_time(const char *s, int64_t *value)
{
	const char *end;
	uint64_t whole, num, den;
	enum text_number r = number(s, &whole, &end);
	const struct unit *u;
	int64_t part;

	if (r == TEXT_NOT_A_NUMBER)
		return r;
	end = fraction(end, &num, &den);
	if (!*end && whole == 0 && num == 0) {
		*value = 0;
		return TEXT_OK;
	}
	if (!*end)
		return TEXT_NEEDS_UNIT;
	u = find_unit(times, end);
	if (!u)
		return TEXT_BAD_UNIT;
	if (r != TEXT_OK)
		return r;
	r = scale(whole, u->factor, value);
	if (r != TEXT_OK)
		return r;
	part = (int64_t)(num * (u->factor / den > 0 ? u->factor / den : 0));
	return __builtin_add_overflow(*value, part, value) ? TEXT_TOO_BIG
							   : TEXT_OK;
}
