/* SPDX-License-Identifier: MIT */
/*
 * A text that grows: reports, traces and JSON are written into memory during a
 * run and reach a file or the terminal only after it.  Running out of memory is
 * remembered in `failed` and checked once, by whoever writes the text out.
 */
#ifndef RINGSIDE_SIM_OBSERVE_TEXTBUF_H
#define RINGSIDE_SIM_OBSERVE_TEXTBUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct textbuf {
	char *data; /* always ends with a NUL once anything was added */
	size_t len, capacity;
	bool failed;
};

void textbuf_init(struct textbuf *t);
void textbuf_free(struct textbuf *t);
/* Room for `len` more bytes and a NUL; false: out of memory. */
bool textbuf_room(struct textbuf *t, size_t len);
void textbuf_bytes(struct textbuf *t, const void *bytes, size_t len);
void textbuf_text(struct textbuf *t, const char *text);
void textbuf_char(struct textbuf *t, char c);
void textbuf_pad(struct textbuf *t, char c, size_t count);
void textbuf_printf(struct textbuf *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Puts a number's decimal digits before `end`, 20 at most; where they begin. */
char *text_digits(char *end, uint64_t value);
/* Without printf, for traces of millions of lines. */
void textbuf_dec(struct textbuf *t, uint64_t value);
void textbuf_hex(struct textbuf *t, uint64_t value); /* with 0x */
/* "12.4 us", "128 ns": the unit that fits, one decimal below 100. */
void textbuf_time(struct textbuf *t, uint64_t ps);
/* In single quotes, as a shell takes it for what it is. */
void textbuf_shell(struct textbuf *t, const char *text);
/* FILE or FILE[cell] (cell NULL or "": none), in quotes where a shell needs them. */
void textbuf_shell_cell(struct textbuf *t, const char *path, const char *cell);
/* "--option 'value'", behind a space if it is not the first. */
void textbuf_shell_option(struct textbuf *t, const char *option,
			  const char *value);
/* A JSON string with its quotes; bytes that are no UTF-8 become U+FFFD. */
void textbuf_json(struct textbuf *t, const char *text);

#endif
