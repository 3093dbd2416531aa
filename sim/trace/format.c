/* SPDX-License-Identifier: MIT */
/*
 * One event as a line.  Which fields a kind has, and what they are called, is one
 * table for both formats:
 *
 *   txt    8102.334 disk0    mmio-write    cpu=0 bar=4 offset=0x16 value=0x1 ...
 *   jsonl  {"ps":8102334,"device":"disk0","kind":"mmio-write","cpu":0,"bar":4,...}
 *
 * Times are simulated: nanoseconds with three decimals in text, picoseconds in
 * JSON.
 */
#include "sim/trace/format.h"

#include <string.h>

#include "guestdrv/abi/machine.h"
#include "sim/observe/pattern.h"
#include "sim/trace/decode.h"

enum style {
	STYLE_HEX,
	STYLE_DEC,
	STYLE_SIGNED,
	STYLE_INT32,     /* a result in 32 bits; 0 is not printed */
	STYLE_SOURCE,    /* enum machine_irq_source */
	STYLE_RESOURCE,  /* enum machine_resource */
	STYLE_OPTIONAL,  /* decimal; EVENT_NO_INDEX is not printed */
	STYLE_NONZERO    /* hex; 0 is not printed */
};

struct field {
	const char *name; /* NULL: the kind has no such field */
	enum style style;
};

struct kind_fields {
	struct field index, addr, value, len;
	const char *text; /* its name, or NULL */
};

static const struct kind_fields fields[EV_COUNT] = {
	[EV_CONFIG_READ] = { .addr = { "offset", STYLE_HEX },
			     .value = { "value", STYLE_HEX },
			     .len = { "width", STYLE_DEC } },
	[EV_CONFIG_WRITE] = { .addr = { "offset", STYLE_HEX },
			      .value = { "value", STYLE_HEX },
			      .len = { "width", STYLE_DEC } },
#define ACCESS                                                                 \
	{ .index = { "bar", STYLE_DEC }, .addr = { "offset", STYLE_HEX },      \
	  .value = { "value", STYLE_HEX }, .len = { "width", STYLE_DEC } }
	[EV_MMIO_READ] = ACCESS,
	[EV_MMIO_WRITE] = ACCESS,
	[EV_IO_READ] = ACCESS,
	[EV_IO_WRITE] = ACCESS,
#undef ACCESS
	[EV_BUS_ERROR] = { .addr = { "addr", STYLE_HEX },
			   .value = { "write", STYLE_DEC },
			   .len = { "width", STYLE_DEC } },
	[EV_DMA_READ] = { .addr = { "addr", STYLE_HEX },
			  .value = { "data", STYLE_HEX },
			  .len = { "len", STYLE_DEC } },
	[EV_DMA_WRITE] = { .addr = { "addr", STYLE_HEX },
			   .value = { "data", STYLE_HEX },
			   .len = { "len", STYLE_DEC } },
	[EV_DMA_ERROR] = { .addr = { "addr", STYLE_HEX },
			   .value = { "write", STYLE_DEC },
			   .len = { "len", STYLE_DEC } },
	[EV_DMA_CANCELED] = { .addr = { "addr", STYLE_HEX },
			      .len = { "len", STYLE_DEC } },
	[EV_MSI] = { .index = { "vector", STYLE_DEC },
		     .addr = { "addr", STYLE_HEX },
		     .value = { "data", STYLE_HEX } },
	[EV_MSI_LOST] = { .addr = { "addr", STYLE_HEX },
			  .value = { "data", STYLE_HEX }, .text = "why" },
	[EV_INTX] = { .index = { "line", STYLE_DEC },
		      .value = { "asserted", STYLE_DEC } },
#define IRQ                                                                    \
	{ .index = { "source", STYLE_SOURCE }, .value = { "number", STYLE_DEC } }
	[EV_IRQ_RAISE] = IRQ,
	[EV_IRQ_ENTER] = IRQ,
	[EV_IRQ_EXIT] = IRQ,
#undef IRQ
	[EV_THREAD] = { .value = { "runs", STYLE_DEC }, .text = "name" },
	[EV_LOG] = { .value = { "level", STYLE_DEC }, .text = "text" },
	[EV_NOTE] = { .addr = { "index", STYLE_NONZERO },
		      .value = { "value", STYLE_NONZERO },
		      .len = { "result", STYLE_INT32 }, .text = "text" },
	[EV_MODEL] = { .index = { "index", STYLE_OPTIONAL },
		       .value = { "value", STYLE_HEX }, .text = "text" },
	[EV_ACCOUNT] = { .index = { "resource", STYLE_RESOURCE },
			 .addr = { "id", STYLE_HEX },
			 .value = { "amount", STYLE_SIGNED } },
	[EV_FAULT] = { .index = { "index", STYLE_OPTIONAL },
		       .addr = { "call", STYLE_DEC },
		       .value = { "error", STYLE_DEC }, .text = "point" },
	[EV_DATA] = { .index = { "written", STYLE_DEC },
		      .addr = { "offset", STYLE_HEX },
		      .value = { "crc", STYLE_HEX },
		      .len = { "len", STYLE_DEC } },
	[EV_STEP_BEGIN] = { .index = { "step", STYLE_DEC }, .text = "action" },
	[EV_STEP_END] = { .index = { "step", STYLE_DEC },
			  .value = { "result", STYLE_SIGNED },
			  .text = "action" },
	[EV_GUEST_BUG] = { .text = "text" },
	[EV_END] = { .value = { "end", STYLE_DEC } },
};

static bool hidden(const struct field *f, uint64_t value)
{
	return !f->name || (f->style == STYLE_OPTIONAL &&
			    value == EVENT_NO_INDEX) ||
	       ((f->style == STYLE_NONZERO || f->style == STYLE_INT32) &&
		!value);
}

static const char *word_of(enum style style, uint64_t value)
{
	if (style == STYLE_SOURCE)
		return value == MACHINE_IRQ_MSI ? "msi" : "line";
	return style == STYLE_RESOURCE ? resource_name((uint32_t)value) : NULL;
}

static void put_signed(struct textbuf *out, int64_t value)
{
	if (value < 0)
		textbuf_char(out, '-');
	textbuf_dec(out, value < 0 ? -(uint64_t)value : (uint64_t)value);
}

static void put_number(struct textbuf *out, enum style style, uint64_t value,
		       bool json)
{
	if (style == STYLE_SIGNED)
		put_signed(out, (int64_t)value);
	else if (style == STYLE_INT32)
		put_signed(out, (int32_t)value);
	else if (!json && (style == STYLE_HEX || style == STYLE_NONZERO))
		textbuf_hex(out, value);
	else
		textbuf_dec(out, value);
}

/* ---- text ---- */

static void txt_field(struct textbuf *out, const struct field *f,
		      uint64_t value)
{
	const char *word;

	if (hidden(f, value))
		return;
	textbuf_char(out, ' ');
	textbuf_text(out, f->name);
	textbuf_char(out, '=');
	word = word_of(f->style, value);
	if (word)
		textbuf_text(out, word);
	else
		put_number(out, f->style, value, false);
}

/* Left-justified in `width` columns, then a blank. */
static void txt_column(struct textbuf *out, const char *text, size_t width)
{
	size_t len = strlen(text);

	textbuf_bytes(out, text, len);
	textbuf_pad(out, ' ', len < width ? width - len + 1 : 1);
}

static void txt_time(struct textbuf *out, uint64_t ps)
{
	char digits[24];
	size_t i = sizeof(digits), k;

	for (k = 0; k < 3; k++, ps /= 10)
		digits[--i] = (char)('0' + ps % 10);
	digits[--i] = '.';
	do {
		digits[--i] = (char)('0' + ps % 10);
		ps /= 10;
	} while (ps);
	k = sizeof(digits) - i;
	textbuf_pad(out, ' ', k < 14 ? 14 - k : 0);
	textbuf_bytes(out, digits + i, k);
	textbuf_char(out, ' ');
}

/* Control characters of a guest's text would break the line. */
static void txt_quoted(struct textbuf *out, const char *text)
{
	textbuf_char(out, ' ');
	textbuf_json(out, text);
}

void format_txt(const struct world *w, const struct event_bus *bus,
		const struct event *ev, struct textbuf *out)
{
	const struct kind_fields *k = &fields[ev->kind];
	const char *text = k->text ? event_text(bus, ev->text) : NULL;
	const char *reg = decode_register(w, ev);
	const char *name = decode_value(ev);

	txt_time(out, ev->time);
	txt_column(out, world_id(w, ev->device), 8);
	txt_column(out, decode_kind(ev), 13);
	if (ev->cpu != EVENT_NO_CPU) {
		textbuf_text(out, "cpu=");
		textbuf_dec(out, ev->cpu);
	} else {
		textbuf_char(out, '-');
	}
	txt_field(out, &k->index, ev->index);
	txt_field(out, &k->addr, ev->addr);
	txt_field(out, &k->value, ev->value);
	txt_field(out, &k->len, ev->len);
	if (name) {
		textbuf_char(out, ' ');
		textbuf_text(out, name);
	}
	if (reg) {
		textbuf_char(out, ' ');
		textbuf_text(out, reg);
	}
	if (text)
		txt_quoted(out, text);
	textbuf_char(out, '\n');
}

/* ---- JSON ---- */

static void json_name(struct textbuf *out, const char *name)
{
	textbuf_bytes(out, ",\"", 2);
	textbuf_text(out, name);
	textbuf_bytes(out, "\":", 2);
}

static void json_field(struct textbuf *out, const struct field *f,
		       uint64_t value)
{
	const char *word;

	if (hidden(f, value))
		return;
	json_name(out, f->name);
	word = word_of(f->style, value);
	if (word)
		textbuf_json(out, word);
	else
		put_number(out, f->style, value, true);
}

static void json_text(struct textbuf *out, const char *name, const char *text)
{
	if (!text)
		return;
	json_name(out, name);
	textbuf_json(out, text);
}

void format_jsonl(const struct world *w, const struct event_bus *bus,
		  const struct event *ev, struct textbuf *out)
{
	const struct kind_fields *k = &fields[ev->kind];

	textbuf_bytes(out, "{\"ps\":", 6);
	textbuf_dec(out, ev->time);
	if (ev->device < w->ndevices)
		json_text(out, "device", world_id(w, ev->device));
	json_text(out, "kind", event_kind_name((enum event_kind)ev->kind));
	if (ev->kind == EV_NOTE || ev->kind == EV_MODEL)
		json_text(out, "what", decode_kind(ev));
	if (ev->cpu != EVENT_NO_CPU) {
		json_name(out, "cpu");
		textbuf_dec(out, ev->cpu);
	}
	json_field(out, &k->index, ev->index);
	json_field(out, &k->addr, ev->addr);
	json_field(out, &k->value, ev->value);
	json_field(out, &k->len, ev->len);
	json_text(out, "name", decode_value(ev));
	json_text(out, "register", decode_register(w, ev));
	if (k->text)
		json_text(out, k->text, event_text(bus, ev->text));
	textbuf_bytes(out, "}\n", 2);
}
