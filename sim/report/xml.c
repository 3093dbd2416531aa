/* SPDX-License-Identifier: MIT */
/*
 * Which characters XML has, and how it writes those that mean something to it.
 */
#include "sim/report/xml.h"

#include <stddef.h>

#include "sim/scenario/text.h"

/* XML 1.0 2.2: tab, line feed, carriage return, and from the blank on; not the
 * surrogates, U+FFFE and U+FFFF. */
static bool is_char(const unsigned char *s, size_t len)
{
	if (len == 1)
		return *s >= ' ' || *s == '\t' || *s == '\n' || *s == '\r';
	return !(len == 3 && s[0] == 0xef && s[1] == 0xbf && s[2] >= 0xbe);
}

static const char *entity(char c, bool attribute)
{
	static const struct {
		char c;
		bool everywhere; /* or in attributes only */
		const char *text;
	} rows[] = {
		{ '&', true, "&amp;" }, { '<', true, "&lt;" },
		{ '>', true, "&gt;" }, { '\r', true, "&#13;" },
		{ '"', false, "&quot;" }, { '\t', false, "&#9;" },
		{ '\n', false, "&#10;" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].c == c && (rows[i].everywhere || attribute))
			return rows[i].text;
	return NULL;
}

void xml_escaped(struct textbuf *out, const char *text, bool attribute)
{
	const char *replaced;
	size_t len;

	for (; *text; text += len) {
		len = text_utf8_valid(text);
		if (!len || !is_char((const unsigned char *)text, len)) {
			textbuf_text(out, "\xef\xbf\xbd");
			len = len ? len : 1;
			continue;
		}
		replaced = len == 1 ? entity(*text, attribute) :
				      NULL;
		if (replaced)
			textbuf_text(out, replaced);
		else
			textbuf_bytes(out, text, len);
	}
}
