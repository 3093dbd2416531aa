/* SPDX-License-Identifier: MIT */
/*
 * The grammar of RFC 8259, a function a rule.  Each takes the place where its rule
 * begins and returns the one behind it, or NULL.
 */
#include "sim/report/jsonr.h"

#include <stdlib.h>
#include <string.h>

struct text {
	const char *end;
	unsigned int depth;
};

static const char *value(struct text *t, const char *p);

static const char *blanks(const struct text *t, const char *p)
{
	while (p < t->end && (*p == ' ' || *p == '\t' || *p == '\n' ||
			      *p == '\r'))
		p++;
	return p;
}

static bool is_digit(const struct text *t, const char *p)
{
	return p < t->end && *p >= '0' && *p <= '9';
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Behind "\u". */
static const char *hex4(const char *end, const char *p, uint32_t *code)
{
	int i, digit;

	if (end - p < 4)
		return NULL;
	for (*code = 0, i = 0; i < 4; i++) {
		digit = hex_digit(p[i]);
		if (digit < 0)
			return NULL;
		*code = *code << 4 | (uint32_t)digit;
	}
	return p + 4;
}

static const char *string(const struct text *t, const char *p)
{
	uint32_t code;

	for (p++; p && p < t->end && *p != '"'; ) {
		if ((unsigned char)*p < ' ')
			return NULL;
		if (*p++ != '\\')
			continue;
		if (p == t->end || !strchr("\"\\/bfnrtu", *p))
			return NULL;
		p = *p == 'u' ? hex4(t->end, p + 1, &code) : p + 1;
	}
	return p && p < t->end ? p + 1 : NULL;
}

static const char *digits(const struct text *t, const char *p)
{
	if (!is_digit(t, p))
		return NULL;
	while (is_digit(t, p))
		p++;
	return p;
}

static const char *number(const struct text *t, const char *p)
{
	p += *p == '-';
	p = p < t->end && *p == '0' ? p + 1 : digits(t, p);
	if (p && p < t->end && *p == '.')
		p = digits(t, p + 1);
	if (p && p < t->end && (*p == 'e' || *p == 'E')) {
		p++;
		p += p < t->end && (*p == '+' || *p == '-');
		p = digits(t, p);
	}
	return p;
}

static const char *word(const struct text *t, const char *p)
{
	static const char *const words[] = { "true", "false", "null" };
	size_t i, len;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		len = strlen(words[i]);
		if ((size_t)(t->end - p) >= len && !memcmp(p, words[i], len))
			return p + len;
	}
	return NULL;
}

/* A member's name and its colon; *p is where its value begins then. */
static const char *name(const struct text *t, const char *p)
{
	if (p == t->end || *p != '"')
		return NULL;
	p = string(t, p);
	if (!p)
		return NULL;
	p = blanks(t, p);
	return p < t->end && *p == ':' ? blanks(t, p + 1) : NULL;
}

/* An object or an array. */
static const char *list(struct text *t, const char *p)
{
	const bool object = *p == '{';
	const char close = object ? '}' : ']';

	if (++t->depth > JSONR_DEPTH)
		return NULL;
	p = blanks(t, p + 1);
	if (p < t->end && *p == close)
		goto closed;
	for (;;) {
		p = object ? name(t, p) : p;
		p = p ? value(t, p) : NULL;
		if (!p)
			return NULL;
		p = blanks(t, p);
		if (p == t->end)
			return NULL;
		if (*p == close)
			break;
		if (*p != ',')
			return NULL;
		p = blanks(t, p + 1);
	}
closed:
	t->depth--;
	return p + 1;
}

static const char *value(struct text *t, const char *p)
{
	if (p == t->end)
		return NULL;
	if (*p == '{' || *p == '[')
		return list(t, p);
	if (*p == '"')
		return string(t, p);
	if (*p == '-' || is_digit(t, p))
		return number(t, p);
	return word(t, p);
}

bool jsonr_parse(struct jsonr *v, const char *bytes, size_t len)
{
	struct text t = { .end = bytes + len };
	const char *begin = blanks(&t, bytes), *end = value(&t, begin);

	if (!end || blanks(&t, end) != t.end)
		return false;
	*v = (struct jsonr){ begin, (size_t)(end - begin) };
	return true;
}

/* ---- of what is known to be right ---- */

void jsonr_members(const struct jsonr *object, const char *const *names,
		   struct jsonr *values, size_t count)
{
	struct text t = { .end = object->at + object->len };
	const char *p, *key, *begin;
	size_t i;

	memset(values, 0, count * sizeof(*values));
	if (!object->at || *object->at != '{')
		return;
	for (p = blanks(&t, object->at + 1); *p != '}'; ) {
		key = p;
		begin = name(&t, p);
		p = value(&t, begin);
		for (i = 0; i < count; i++)
			if (!values[i].at && jsonr_is(&(struct jsonr){ key,
					(size_t)(begin - key) }, names[i]))
				values[i] = (struct jsonr){ begin,
						(size_t)(p - begin) };
		p = blanks(&t, p);
		if (*p == ',')
			p = blanks(&t, p + 1);
	}
}

/* The code point in UTF-8. */
static char *put_utf8(char *to, uint32_t c)
{
	if (c < 0x80) {
		*to++ = (char)c;
	} else if (c < 0x800) {
		*to++ = (char)(0xc0 | c >> 6);
		*to++ = (char)(0x80 | (c & 0x3f));
	} else if (c < 0x10000) {
		*to++ = (char)(0xe0 | c >> 12);
		*to++ = (char)(0x80 | (c >> 6 & 0x3f));
		*to++ = (char)(0x80 | (c & 0x3f));
	} else {
		*to++ = (char)(0xf0 | c >> 18);
		*to++ = (char)(0x80 | (c >> 12 & 0x3f));
		*to++ = (char)(0x80 | (c >> 6 & 0x3f));
		*to++ = (char)(0x80 | (c & 0x3f));
	}
	return to;
}

/* Behind "\u"; half of a pair without the other half is U+FFFD. */
static const char *escaped(const char *end, const char *p, uint32_t *code)
{
	uint32_t low;

	p = hex4(end, p, code);
	if (*code < 0xd800 || *code > 0xdfff)
		return p;
	if (*code < 0xdc00 && end - p >= 6 && p[0] == '\\' && p[1] == 'u') {
		hex4(end, p + 2, &low);
		if (low >= 0xdc00 && low <= 0xdfff) {
			*code = 0x10000 + ((*code - 0xd800) << 10) +
				(low - 0xdc00);
			return p + 6;
		}
	}
	*code = 0xfffd;
	return p;
}

char *jsonr_string(const struct jsonr *v)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	const char *p, *end;
	char *text, *out;
	uint32_t code;

	if (!v->at || *v->at != '"')
		return NULL;
	end = v->at + v->len;
	out = text = malloc(v->len);
	if (!text)
		abort();
	for (p = v->at + 1; *p != '"'; ) {
		if (*p != '\\') {
			*out++ = *p++;
		} else if (*++p != 'u') {
			*out++ = to[strchr(from, *p++) - from];
		} else {
			p = escaped(end, p + 1, &code);
			if (!code) {
				free(text);
				return NULL;
			}
			out = put_utf8(out, code);
		}
	}
	*out = '\0';
	return text;
}

bool jsonr_uint(const struct jsonr *v, uint64_t *number)
{
	uint64_t n = 0, digit;
	size_t i;

	if (!v->at)
		return false;
	for (i = 0; i < v->len; i++) {
		if (v->at[i] < '0' || v->at[i] > '9')
			return false;
		digit = (uint64_t)(v->at[i] - '0');
		if (n > (UINT64_MAX - digit) / 10)
			return false;
		n = n * 10 + digit;
	}
	*number = n;
	return true;
}

bool jsonr_is(const struct jsonr *v, const char *text)
{
	size_t len = strlen(text);

	return v->at && v->len >= len + 2 && v->at[0] == '"' &&
	       !memcmp(v->at + 1, text, len) && v->at[len + 1] == '"';
}
