/* SPDX-License-Identifier: MIT */
/*
 * Formatting: the C conversions for integers, characters and strings, and of
 * the kernel's extensions %pM (MAC address), %pV (struct va_format), %pe (error
 * pointer) and %pa (physical address).  A plain %p never prints a host address,
 * which would differ from run to run: a pointer into guest RAM prints as its
 * physical address, another as (ptr).
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

struct out {
	char *buf;
	size_t size;
	size_t len; /* that the whole text would have */
};

struct spec {
	bool left, plus, space, alt, zero, sign, upper;
	int width, precision; /* precision < 0: none */
	unsigned int base;
};

static void put(struct out *o, char c)
{
	if (o->len < o->size)
		o->buf[o->len] = c;
	o->len++;
}

static void put_many(struct out *o, char c, int n)
{
	for (; n > 0; n--)
		put(o, c);
}

static void put_text(struct out *o, const struct spec *sp, const char *s,
		     size_t len)
{
	int pad = sp->width > (int)len ? sp->width - (int)len : 0;
	size_t i;

	if (!sp->left)
		put_many(o, ' ', pad);
	for (i = 0; i < len; i++)
		put(o, s[i]);
	if (sp->left)
		put_many(o, ' ', pad);
}

static void put_string(struct out *o, const struct spec *sp, const char *s)
{
	if (!s)
		s = "(null)";
	put_text(o, sp, s,
		 sp->precision < 0 ? strlen(s) :
				     strnlen(s, (size_t)sp->precision));
}

static const char *prefix_of(const struct spec *sp, bool negative, u64 v)
{
	if (sp->sign)
		return negative ? "-" : sp->plus ? "+" : sp->space ? " " : "";
	if (!sp->alt || !v || sp->base == 10)
		return "";
	return sp->base == 8 ? "0" : sp->upper ? "0X" : "0x";
}

static void put_number(struct out *o, const struct spec *sp, u64 v,
		       bool negative)
{
	const char *digits = sp->upper ? "0123456789ABCDEF" :
					 "0123456789abcdef";
	const char *prefix = prefix_of(sp, negative, v);
	char text[24];
	int n = 0, zeros, pad;

	for (; v; v /= sp->base)
		text[n++] = digits[v % sp->base];
	if (!n && sp->precision)
		text[n++] = '0';
	zeros = max(sp->precision - n, 0);
	pad = max(sp->width - n - zeros - (int)strlen(prefix), 0);
	if (sp->zero && !sp->left && sp->precision < 0) {
		zeros += pad;
		pad = 0;
	}
	if (!sp->left)
		put_many(o, ' ', pad);
	for (; *prefix; prefix++)
		put(o, *prefix);
	put_many(o, '0', zeros);
	while (n)
		put(o, text[--n]);
	if (sp->left)
		put_many(o, ' ', pad);
}

static void put_hex(struct out *o, u64 v, int width)
{
	struct spec sp = { .base = 16, .zero = true, .precision = -1,
			   .width = width };

	put_number(o, &sp, v, false);
}

static void put_mac(struct out *o, const u8 *mac)
{
	int i;

	for (i = 0; i < 6; i++) {
		if (i)
			put(o, ':');
		put_hex(o, mac[i], 2);
	}
}

static void put_error(struct out *o, struct spec *sp, const void *p)
{
	sp->base = 10;
	sp->sign = true;
	put_number(o, sp, (u64)-PTR_ERR(p), IS_ERR(p));
}

static void put_va_format(struct out *o, const struct va_format *vaf)
{
	va_list args;
	size_t used = min(o->len, o->size);
	int n;

	va_copy(args, *vaf->va);
	n = vsnprintf(o->size ? o->buf + used : NULL, o->size - used,
		      vaf->fmt, args);
	va_end(args);
	o->len += (size_t)n;
}

static void put_address(struct out *o, struct spec *sp, const void *p)
{
	if (!p)
		put_text(o, sp, "(null)", 6);
	else if (virt_addr_valid(p))
		put_hex(o, virt_to_phys(p), 16);
	else
		put_text(o, sp, "(ptr)", 5);
}

/* What follows %p; answers how many letters it took. */
static int put_pointer(struct out *o, struct spec *sp, const char *ext,
		       const void *p)
{
	switch (*ext) {
	case 'M':
		put_mac(o, p);
		return 1;
	case 'V':
		put_va_format(o, p);
		return 1;
	case 'e':
		put_error(o, sp, p);
		return 1;
	case 'a':
		put_hex(o, *(const phys_addr_t *)p, 0);
		return 1;
	case 'S':
	case 's':
		put_text(o, sp, "(function)", 10);
		return 1;
	default:
		put_address(o, sp, p);
		return 0;
	}
}

static const char *parse_flags(struct spec *sp, const char *f)
{
	for (;; f++) {
		if (*f == '-')
			sp->left = true;
		else if (*f == '+')
			sp->plus = true;
		else if (*f == ' ')
			sp->space = true;
		else if (*f == '#')
			sp->alt = true;
		else if (*f == '0')
			sp->zero = true;
		else
			return f;
	}
}

static const char *parse_count(const char *f, int *count)
{
	*count = 0;
	for (; *f >= '0' && *f <= '9'; f++)
		*count = min(*count * 10 + (*f - '0'), 4096);
	return f;
}

/* An integer of the length that the modifiers say: -2 hh, -1 h, 1 l, 2 ll. */
static u64 fetch(va_list *args, int length, bool sign)
{
	u64 v;

	if (length >= 1)
		return length == 1 ? va_arg(*args, unsigned long) :
				     va_arg(*args, unsigned long long);
	v = va_arg(*args, unsigned int);
	if (length == -2)
		return sign ? (u64)(s8)v : (u8)v;
	if (length == -1)
		return sign ? (u64)(s16)v : (u16)v;
	return sign ? (u64)(s32)v : v;
}

static const char *parse_length(const char *f, int *length)
{
	for (;; f++) {
		if (*f == 'l')
			++*length;
		else if (*f == 'h')
			--*length;
		else if (*f == 'z' || *f == 't')
			*length = 1;
		else if (*f == 'L')
			*length = 2;
		else
			return f;
	}
}

static void put_integer(struct out *o, struct spec *sp, char conv, int length,
			va_list *args)
{
	u64 v;

	sp->sign = conv == 'd' || conv == 'i';
	sp->upper = conv == 'X';
	sp->base = conv == 'x' || conv == 'X' ? 16 : conv == 'o' ? 8 : 10;
	v = fetch(args, length, sp->sign);
	if (sp->sign && (s64)v < 0)
		put_number(o, sp, 0 - v, true);
	else
		put_number(o, sp, v, false);
}

/* One conversion, behind its '%'. */
static const char *convert(struct out *o, const char *f, va_list *args)
{
	struct spec sp = { .precision = -1 };
	char c;
	int length = 0;

	f = parse_flags(&sp, f);
	if (*f == '*') {
		sp.width = va_arg(*args, int);
		sp.left |= sp.width < 0;
		sp.width = sp.width < 0 ? -sp.width : sp.width;
		f++;
	} else {
		f = parse_count(f, &sp.width);
	}
	if (*f == '.' && f[1] == '*') {
		sp.precision = va_arg(*args, int);
		f += 2;
	} else if (*f == '.') {
		f = parse_count(f + 1, &sp.precision);
	}
	f = parse_length(f, &length);
	c = *f;
	if (!c)
		return f;
	f++;
	if (c == 's')
		put_string(o, &sp, va_arg(*args, const char *));
	else if (c == 'p')
		f += put_pointer(o, &sp, f, va_arg(*args, void *));
	else if (c == '%')
		put(o, c);
	else if (c == 'c') {
		c = (char)va_arg(*args, int);
		put_text(o, &sp, &c, 1);
	} else if (strchr("diuxXo", c))
		put_integer(o, &sp, c, length, args);
	return f;
}

int vsnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	struct out o = { buf, size, 0 };
	va_list ap;

	va_copy(ap, args);
	while (*fmt) {
		if (*fmt == '%')
			fmt = convert(&o, fmt + 1, &ap);
		else
			put(&o, *fmt++);
	}
	va_end(ap);
	if (size)
		buf[min(o.len, size - 1)] = '\0';
	return (int)o.len;
}
