/* SPDX-License-Identifier: MIT */
/*
 * A text that grows, and the few formats that reports and traces share.
 */
#include "sim/observe/textbuf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void textbuf_init(struct textbuf *t)
{
	memset(t, 0, sizeof(*t));
}

void textbuf_free(struct textbuf *t)
{
	free(t->data);
	textbuf_init(t);
}

bool textbuf_room(struct textbuf *t, size_t len)
{
	size_t want = t->capacity ? t->capacity : 1024;
	char *data;

	if (t->failed)
		return false;
	if (t->capacity - t->len > len)
		return true;
	while (want - t->len <= len) {
		if (want > SIZE_MAX / 2)
			goto fail;
		want *= 2;
	}
	data = realloc(t->data, want);
	if (!data)
		goto fail;
	t->data = data;
	t->capacity = want;
	return true;
fail:
	t->failed = true;
	return false;
}

void textbuf_bytes(struct textbuf *t, const void *bytes, size_t len)
{
	if (!textbuf_room(t, len))
		return;
	if (len)
		memcpy(t->data + t->len, bytes, len);
	t->len += len;
	t->data[t->len] = '\0';
}

void textbuf_text(struct textbuf *t, const char *text)
{
	textbuf_bytes(t, text, strlen(text));
}

void textbuf_char(struct textbuf *t, char c)
{
	textbuf_bytes(t, &c, 1);
}

void textbuf_pad(struct textbuf *t, char c, size_t count)
{
	if (!textbuf_room(t, count))
		return;
	memset(t->data + t->len, c, count);
	t->len += count;
	t->data[t->len] = '\0';
}

void textbuf_printf(struct textbuf *t, const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (len < 0 || !textbuf_room(t, (size_t)len))
		return;
	va_start(ap, fmt);
	vsnprintf(t->data + t->len, (size_t)len + 1, fmt, ap);
	va_end(ap);
	t->len += (size_t)len;
}

/* Two digits at a time: a division is what costs. */
char *text_digits(char *end, uint64_t value)
{
	static const char pairs[] =
		"00010203040506070809101112131415161718192021222324"
		"25262728293031323334353637383940414243444546474849"
		"50515253545556575859606162636465666768697071727374"
		"75767778798081828384858687888990919293949596979899";

	for (; value >= 100; value /= 100) {
		end -= 2;
		memcpy(end, pairs + 2 * (value % 100), 2);
	}
	if (value >= 10) {
		end -= 2;
		memcpy(end, pairs + 2 * value, 2);
	} else {
		*--end = (char)('0' + value);
	}
	return end;
}

void textbuf_dec(struct textbuf *t, uint64_t value)
{
	char digits[20], *end = digits + sizeof(digits);
	char *at = text_digits(end, value);

	textbuf_bytes(t, at, (size_t)(end - at));
}

void textbuf_hex(struct textbuf *t, uint64_t value)
{
	char digits[18];
	size_t i = sizeof(digits);

	do {
		digits[--i] = "0123456789abcdef"[value & 15];
		value >>= 4;
	} while (value);
	digits[--i] = 'x';
	digits[--i] = '0';
	textbuf_bytes(t, digits + i, sizeof(digits) - i);
}

void textbuf_time(struct textbuf *t, uint64_t ps)
{
	static const struct {
		const char *unit;
		uint64_t ps;
	} units[] = {
		{ "s", 1000000000000u }, { "ms", 1000000000u },
		{ "us", 1000000u }, { "ns", 1000u }, { "ps", 1u },
	};
	uint64_t whole, rest;
	size_t i = 0;

	while (i < 4 && ps < units[i].ps)
		i++;
	whole = ps / units[i].ps;
	rest = ps % units[i].ps;
	/* Cut off, not rounded: a time never reads later than it was. */
	if (whole >= 100 || units[i].ps == 1)
		textbuf_printf(t, "%llu %s", (unsigned long long)whole,
			       units[i].unit);
	else
		textbuf_printf(t, "%llu.%llu %s", (unsigned long long)whole,
			       (unsigned long long)(rest / (units[i].ps / 10)),
			       units[i].unit);
}

/* Length of the UTF-8 sequence at s, or 0 if it is none (RFC 3629: no overlong
 * forms, no surrogates, nothing above U+10FFFF). */
static size_t utf8_length(const unsigned char *s)
{
	unsigned char low = 0x80, high = 0xbf;
	size_t len, i;

	if (s[0] < 0x80)
		return 1;
	if (s[0] >= 0xc2 && s[0] <= 0xdf)
		len = 2;
	else if (s[0] >= 0xe0 && s[0] <= 0xef)
		len = 3;
	else if (s[0] >= 0xf0 && s[0] <= 0xf4)
		len = 4;
	else
		return 0;
	if (s[0] == 0xe0)
		low = 0xa0;
	else if (s[0] == 0xed)
		high = 0x9f;
	else if (s[0] == 0xf0)
		low = 0x90;
	else if (s[0] == 0xf4)
		high = 0x8f;
	if (s[1] < low || s[1] > high)
		return 0;
	for (i = 2; i < len; i++)
		if (s[i] < 0x80 || s[i] > 0xbf)
			return 0;
	return len;
}

void textbuf_shell(struct textbuf *t, const char *text)
{
	textbuf_char(t, '\'');
	for (; *text; text++) {
		if (*text == '\'')
			textbuf_text(t, "'\\''");
		else
			textbuf_char(t, *text);
	}
	textbuf_char(t, '\'');
}

void textbuf_shell_cell(struct textbuf *t, const char *path, const char *cell)
{
	struct textbuf name;

	textbuf_init(&name);
	textbuf_text(&name, path);
	if (cell && *cell)
		textbuf_printf(&name, "[%s]", cell);
	if (name.failed)
		t->failed = true;
	else if (name.data && name.data[strspn(name.data,
			"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			"0123456789/._-+,=")])
		textbuf_shell(t, name.data);
	else
		textbuf_text(t, path);
	textbuf_free(&name);
}

void textbuf_shell_option(struct textbuf *t, const char *option,
			  const char *value)
{
	textbuf_printf(t, "%s--%s ", t->len ? " " : "", option);
	textbuf_shell(t, value);
}

static void json_char(struct textbuf *t, unsigned char c)
{
	static const char names[] = "\"\"\\\\\bb\ff\nn\rr\tt";
	size_t i;

	for (i = 0; names[i]; i += 2) {
		if ((unsigned char)names[i] == c) {
			textbuf_char(t, '\\');
			textbuf_char(t, names[i + 1]);
			return;
		}
	}
	if (c < 0x20 || c == 0x7f)
		textbuf_printf(t, "\\u%04x", c);
	else
		textbuf_char(t, (char)c);
}

/* Bytes at the start that stand for themselves. */
static size_t plain_bytes(const unsigned char *s)
{
	size_t n = 0;

	while (s[n] >= 0x20 && s[n] < 0x7f && s[n] != '"' && s[n] != '\\')
		n++;
	return n;
}

void textbuf_json(struct textbuf *t, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	size_t len;

	textbuf_char(t, '"');
	while (*s) {
		len = plain_bytes(s);
		if (len) {
			textbuf_bytes(t, s, len);
			s += len;
			continue;
		}
		len = utf8_length(s);
		if (len == 1)
			json_char(t, *s);
		else if (len)
			textbuf_bytes(t, s, len);
		else
			textbuf_text(t, "\\ufffd");
		s += len ? len : 1;
	}
	textbuf_char(t, '"');
}
