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
 *
 * Traces have millions of lines, so a line's room is made once, pieces are copied
 * in fixed sizes, and there is no printf.
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
	STYLE_OPTIONAL,  /* decimal; EVENT_NO_INDEX and "no queue" are not */
	STYLE_NONZERO    /* hex; 0 is not printed */
};

/* What a model event has for an index that is no queue (models/pci/function.h). */
#define NO_QUEUE 0xffffu

/* A fixed piece of a line, copied whole and advanced by its length. */
#define PIECE 16u

struct piece {
	char bytes[PIECE];
	uint8_t len;
};

#define PIECE_OF(text) { text, sizeof(text) - 1 }

struct field {
	bool there;
	enum style style;
	struct piece txt;  /* " offset=" */
	struct piece json; /* ",\"offset\":" */
};

#define FIELD(name, how)                                                       \
	{ true, how, PIECE_OF(" " name "="), PIECE_OF(",\"" name "\":") }

struct kind_fields {
	struct field index, addr, value, len;
	const char *text; /* its name, or NULL */
};

static const struct kind_fields fields[EV_COUNT] = {
	[EV_CONFIG_READ] = { .addr = FIELD("offset", STYLE_HEX),
			     .value = FIELD("value", STYLE_HEX),
			     .len = FIELD("width", STYLE_DEC) },
	[EV_CONFIG_WRITE] = { .addr = FIELD("offset", STYLE_HEX),
			      .value = FIELD("value", STYLE_HEX),
			      .len = FIELD("width", STYLE_DEC) },
#define ACCESS                                                                 \
	{ .index = FIELD("bar", STYLE_DEC),                                    \
	  .addr = FIELD("offset", STYLE_HEX),                                  \
	  .value = FIELD("value", STYLE_HEX),                                  \
	  .len = FIELD("width", STYLE_DEC) }
	[EV_MMIO_READ] = ACCESS,
	[EV_MMIO_WRITE] = ACCESS,
	[EV_IO_READ] = ACCESS,
	[EV_IO_WRITE] = ACCESS,
#undef ACCESS
	[EV_BUS_ERROR] = { .addr = FIELD("addr", STYLE_HEX),
			   .value = FIELD("write", STYLE_DEC),
			   .len = FIELD("width", STYLE_DEC) },
	[EV_DMA_READ] = { .addr = FIELD("addr", STYLE_HEX),
			  .value = FIELD("data", STYLE_HEX),
			  .len = FIELD("len", STYLE_DEC) },
	[EV_DMA_WRITE] = { .addr = FIELD("addr", STYLE_HEX),
			   .value = FIELD("data", STYLE_HEX),
			   .len = FIELD("len", STYLE_DEC) },
	[EV_DMA_ERROR] = { .addr = FIELD("addr", STYLE_HEX),
			   .value = FIELD("write", STYLE_DEC),
			   .len = FIELD("len", STYLE_DEC) },
	[EV_DMA_CANCELED] = { .addr = FIELD("addr", STYLE_HEX),
			      .len = FIELD("len", STYLE_DEC) },
	[EV_MSI] = { .index = FIELD("vector", STYLE_DEC),
		     .addr = FIELD("addr", STYLE_HEX),
		     .value = FIELD("data", STYLE_HEX), .text = "why" },
	[EV_MSI_LOST] = { .index = FIELD("vector", STYLE_OPTIONAL),
			  .addr = FIELD("addr", STYLE_HEX),
			  .value = FIELD("data", STYLE_HEX), .text = "why" },
	[EV_INTX] = { .index = FIELD("line", STYLE_DEC),
		      .value = FIELD("asserted", STYLE_DEC) },
#define IRQ                                                                    \
	{ .index = FIELD("source", STYLE_SOURCE),                              \
	  .value = FIELD("number", STYLE_DEC) }
	[EV_IRQ_RAISE] = IRQ,
	[EV_IRQ_ENTER] = IRQ,
	[EV_IRQ_EXIT] = IRQ,
#undef IRQ
	[EV_THREAD] = { .value = FIELD("runs", STYLE_DEC), .text = "name" },
	[EV_LOG] = { .value = FIELD("level", STYLE_DEC), .text = "text" },
	[EV_NOTE] = { .addr = FIELD("index", STYLE_NONZERO),
		      .value = FIELD("value", STYLE_NONZERO),
		      .len = FIELD("result", STYLE_INT32), .text = "text" },
	[EV_MODEL] = { .index = FIELD("index", STYLE_OPTIONAL),
		       .value = FIELD("value", STYLE_HEX), .text = "text" },
	[EV_ACCOUNT] = { .index = FIELD("resource", STYLE_RESOURCE),
			 .addr = FIELD("id", STYLE_HEX),
			 .value = FIELD("amount", STYLE_SIGNED) },
	[EV_FAULT] = { .index = FIELD("index", STYLE_OPTIONAL),
		       .addr = FIELD("call", STYLE_DEC),
		       .value = FIELD("error", STYLE_DEC), .text = "point" },
	[EV_DATA] = { .index = FIELD("written", STYLE_DEC),
		      .addr = FIELD("offset", STYLE_HEX),
		      .value = FIELD("crc", STYLE_HEX),
		      .len = FIELD("len", STYLE_DEC) },
	[EV_STEP_BEGIN] = { .index = FIELD("step", STYLE_DEC), .text = "action" },
	[EV_STEP_END] = { .index = FIELD("step", STYLE_DEC),
			  .value = FIELD("result", STYLE_SIGNED),
			  .text = "action" },
	[EV_CLAUSE] = { .addr = FIELD("event", STYLE_DEC),
			.value = FIELD("driver", STYLE_DEC), .text = "text" },
	[EV_GUEST_BUG] = { .text = "text" },
	[EV_END] = { .value = FIELD("end", STYLE_DEC) },
};

/* Room for all of a line but its texts, and for what a piece copies too much. */
#define LINE_ROOM 640u

static char *put_piece(char *p, const struct piece *piece)
{
	memcpy(p, piece->bytes, PIECE);
	return p + piece->len;
}

static char *put_text(char *p, const char *text)
{
	while (*text)
		*p++ = *text++;
	return p;
}

/* How many decimal digits; 1233 / 4096 is a little more than log10(2). */
static unsigned int digits_of(uint64_t value)
{
	static const uint64_t powers[] = {
		1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000,
		1000000000, 10000000000, 100000000000, 1000000000000,
		10000000000000, 100000000000000, 1000000000000000,
		10000000000000000, 100000000000000000, 1000000000000000000,
		10000000000000000000u
	};
	unsigned int bits = 64 - (unsigned int)__builtin_clzll(value | 1);
	unsigned int least = bits * 1233 >> 12;

	return least + (value >= powers[least]);
}

static char *put_dec(char *p, uint64_t value)
{
	char *end;

	if (value < 10) {
		*p = (char)('0' + value);
		return p + 1;
	}
	end = p + digits_of(value);
	text_digits(end, value);
	return end;
}

static char *put_hex(char *p, uint64_t value)
{
	int shift = value ? (63 - __builtin_clzll(value)) & ~3 : 0;

	*p++ = '0';
	*p++ = 'x';
	for (; shift >= 0; shift -= 4)
		*p++ = "0123456789abcdef"[value >> shift & 15];
	return p;
}

static char *put_signed(char *p, int64_t value)
{
	if (value >= 0)
		return put_dec(p, (uint64_t)value);
	*p++ = '-';
	return put_dec(p, -(uint64_t)value);
}

static bool hidden(const struct field *f, uint64_t value)
{
	return !f->there || (f->style == STYLE_OPTIONAL &&
			     (value == EVENT_NO_INDEX || value == NO_QUEUE)) ||
	       ((f->style == STYLE_NONZERO || f->style == STYLE_INT32) &&
		!value);
}

static const char *word_of(enum style style, uint64_t value)
{
	if (style == STYLE_SOURCE)
		return value == MACHINE_IRQ_MSI ? "msi" : "line";
	return style == STYLE_RESOURCE ? resource_name((uint32_t)value) : NULL;
}

static char *put_number(char *p, enum style style, uint64_t value, bool json)
{
	if (style == STYLE_SIGNED)
		return put_signed(p, (int64_t)value);
	if (style == STYLE_INT32)
		return put_signed(p, (int32_t)value);
	if (!json && (style == STYLE_HEX || style == STYLE_NONZERO))
		return put_hex(p, value);
	return put_dec(p, value);
}

char format_field(enum event_kind kind, enum format_number number, char *name)
{
	static const char letters[] = {
		[STYLE_HEX] = 'x', [STYLE_DEC] = 'd', [STYLE_SIGNED] = 's',
		[STYLE_INT32] = 'i', [STYLE_SOURCE] = 'd',
		[STYLE_RESOURCE] = 'd', [STYLE_OPTIONAL] = 'o',
		[STYLE_NONZERO] = 'n',
	};
	const struct kind_fields *k = &fields[kind];
	const struct field *of[] = {
		[FORMAT_INDEX] = &k->index, [FORMAT_ADDR] = &k->addr,
		[FORMAT_VALUE] = &k->value, [FORMAT_LEN] = &k->len,
	};
	const struct field *f = of[number];

	_Static_assert(FORMAT_NAME == PIECE, "a name is a part of a piece");
	if (!f->there)
		return 0;
	/* Between the blank and the sign of equality. */
	memcpy(name, f->txt.bytes + 1, f->txt.len - 2u);
	name[f->txt.len - 2] = '\0';
	return letters[f->style];
}

const char *format_index_word(const struct event *ev)
{
	return word_of(fields[ev->kind].index.style, ev->index);
}

/* ---- text ---- */

static char *txt_field(char *p, const struct field *f, uint64_t value)
{
	const char *word;

	if (hidden(f, value))
		return p;
	p = put_piece(p, &f->txt);
	word = word_of(f->style, value);
	return word ? put_text(p, word) : put_number(p, f->style, value, false);
}

/* Left-justified in `width` columns, then a blank. */
static char *txt_column(char *p, const char *text, size_t width)
{
	char *end = p + width;

	p = put_text(p, text);
	while (p < end)
		*p++ = ' ';
	*p++ = ' ';
	return p;
}

/* Nanoseconds, right-justified in 14 columns. */
static char *txt_time(char *p, uint64_t ps)
{
	char digits[24];
	char *end = digits + sizeof(digits), *at;

	/* A thousand more keeps the zeros behind the point. */
	text_digits(end, ps % 1000 + 1000);
	end[-4] = '.';
	at = text_digits(end - 4, ps / 1000);
	while (end - at < 14)
		*--at = ' ';
	memcpy(p, at, (size_t)(end - at));
	p += end - at;
	*p++ = ' ';
	return p;
}

static char *txt_word(char *p, const char *word)
{
	if (!word)
		return p;
	*p++ = ' ';
	return put_text(p, word);
}

/* A device's id and a register's name may come from a user and be long. */
static size_t line_room(const struct world *w, const struct event *ev,
			const char *reg)
{
	return LINE_ROOM + strlen(world_id(w, ev->device)) +
	       (reg ? strlen(reg) : 0);
}

void format_txt(const struct world *w, const struct event_bus *bus,
		const struct event *ev, struct textbuf *out)
{
	const struct kind_fields *k = &fields[ev->kind];
	const char *text = k->text ? event_text(bus, ev->text) : NULL;
	const char *reg = decode_register(w, ev);
	char *p;

	if (!textbuf_room(out, line_room(w, ev, reg)))
		return;
	p = txt_time(out->data + out->len, ev->time);
	p = txt_column(p, world_id(w, ev->device), 8);
	p = txt_column(p, decode_kind(ev), 13);
	if (ev->cpu != EVENT_NO_CPU)
		p = put_dec(put_text(p, "cpu="), ev->cpu);
	else
		*p++ = '-';
	p = txt_field(p, &k->index, ev->index);
	p = txt_field(p, &k->addr, ev->addr);
	p = txt_field(p, &k->value, ev->value);
	p = txt_field(p, &k->len, ev->len);
	p = txt_word(p, decode_value(ev));
	p = txt_word(p, reg);
	out->len = (size_t)(p - out->data);
	/* Control characters of a guest's text would break the line. */
	if (text) {
		textbuf_char(out, ' ');
		textbuf_json(out, text);
	}
	textbuf_char(out, '\n');
}

/* ---- JSON ---- */

/* A word of our own tables: nothing in it has to be escaped. */
static char *json_word(char *p, const struct piece *name, const char *word)
{
	if (!word)
		return p;
	p = put_piece(p, name);
	*p++ = '"';
	p = put_text(p, word);
	*p++ = '"';
	return p;
}

static char *json_field(char *p, const struct field *f, uint64_t value)
{
	const char *word;

	if (hidden(f, value))
		return p;
	word = word_of(f->style, value);
	if (word)
		return json_word(p, &f->json, word);
	return put_number(put_piece(p, &f->json), f->style, value, true);
}

static void json_text(struct textbuf *out, const char *name, const char *text)
{
	textbuf_bytes(out, ",\"", 2);
	textbuf_text(out, name);
	textbuf_bytes(out, "\":", 2);
	textbuf_json(out, text);
}

static const struct piece piece_ps = PIECE_OF("{\"ps\":");
static const struct piece piece_device = PIECE_OF(",\"device\":");
static const struct piece piece_kind = PIECE_OF(",\"kind\":");
static const struct piece piece_what = PIECE_OF(",\"what\":");
static const struct piece piece_cpu = PIECE_OF(",\"cpu\":");
static const struct piece piece_name = PIECE_OF(",\"name\":");
static const struct piece piece_register = PIECE_OF(",\"register\":");

/* All but the text: words and numbers of our own, and ids, which have letters,
 * digits and signs that need no escape (sim/scenario/build_devices.c). */
static char *json_words(char *p, const struct world *w, const struct event *ev,
			const char *reg)
{
	const struct kind_fields *k = &fields[ev->kind];

	p = put_dec(put_piece(p, &piece_ps), ev->time);
	if (ev->device < w->ndevices)
		p = json_word(p, &piece_device, world_id(w, ev->device));
	p = json_word(p, &piece_kind,
		      event_kind_name((enum event_kind)ev->kind));
	if (ev->kind == EV_NOTE || ev->kind == EV_MODEL)
		p = json_word(p, &piece_what, decode_kind(ev));
	if (ev->cpu != EVENT_NO_CPU)
		p = put_dec(put_piece(p, &piece_cpu), ev->cpu);
	p = json_field(p, &k->index, ev->index);
	p = json_field(p, &k->addr, ev->addr);
	p = json_field(p, &k->value, ev->value);
	p = json_field(p, &k->len, ev->len);
	p = json_word(p, &piece_name, decode_value(ev));
	return json_word(p, &piece_register, reg);
}

void format_jsonl(const struct world *w, const struct event_bus *bus,
		  const struct event *ev, struct textbuf *out)
{
	const char *name = fields[ev->kind].text;
	const char *text = name ? event_text(bus, ev->text) : NULL;
	const char *reg = decode_register(w, ev);
	char *p;

	if (!textbuf_room(out, line_room(w, ev, reg)))
		return;
	p = json_words(out->data + out->len, w, ev, reg);
	out->len = (size_t)(p - out->data);
	if (text)
		json_text(out, name, text);
	textbuf_bytes(out, "}\n", 2);
}
