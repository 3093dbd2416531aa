/* SPDX-License-Identifier: MIT */
/*
 * The kernel log and the printf family.  Each line of a message goes to the
 * machine as one; what continues an earlier message (KERN_CONT) is its own.
 */
#include "guestdrv/kernel/kernel.h"

#include <linux/device.h>
#include <linux/slab.h>
#include <linux/string.h>

#define LOG_LINE_MAX 256
#define LOG_DEFAULT_LEVEL 4

int snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(buf, size, fmt, args);
	va_end(args);
	return n;
}

int vscnprintf(char *buf, size_t size, const char *fmt, va_list args)
{
	int n = vsnprintf(buf, size, fmt, args);

	if ((size_t)n < size)
		return n;
	return size ? (int)size - 1 : 0;
}

int scnprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vscnprintf(buf, size, fmt, args);
	va_end(args);
	return n;
}

int sprintf(char *buf, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(buf, INT_MAX, fmt, args);
	va_end(args);
	return n;
}

char *kvasprintf(gfp_t gfp, const char *fmt, va_list args)
{
	size_t size = (size_t)vsnprintf(NULL, 0, fmt, args) + 1;
	char *text = kmalloc(size, gfp);

	if (text)
		vsnprintf(text, size, fmt, args);
	return text;
}

char *kasprintf(gfp_t gfp, const char *fmt, ...)
{
	va_list args;
	char *text;

	va_start(args, fmt);
	text = kvasprintf(gfp, fmt, args);
	va_end(args);
	return text;
}

/* Takes the level, or the mark of a continuation, off the front. */
static const char *log_level(const char *text, int *level)
{
	if (text[0] != KERN_SOH[0] || !text[1])
		return text;
	if (text[1] >= '0' && text[1] <= '7')
		*level = text[1] - '0';
	return text + 2;
}

int vprintk(const char *fmt, va_list args)
{
	char text[LOG_LINE_MAX];
	int level = LOG_DEFAULT_LEVEL;
	int n = vscnprintf(text, sizeof(text), fmt, args);
	const char *start = log_level(text, &level);
	char *line = text + (start - text), *end;

	while ((end = strchr(line, '\n'))) {
		*end = '\0';
		gk.calls->log(gk.m, level, line);
		line = end + 1;
	}
	if (*line)
		gk.calls->log(gk.m, level, line);
	return n;
}

int _printk(const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vprintk(fmt, args);
	va_end(args);
	return n;
}

const char *dev_driver_string(const struct device *dev)
{
	if (dev->driver)
		return dev->driver->name;
	return dev->bus ? dev->bus->name : "";
}

void dev_printk(const char *level, const struct device *dev, const char *fmt,
		...)
{
	struct va_format vaf = { .fmt = fmt };
	va_list args;

	va_start(args, fmt);
	vaf.va = &args;
	if (dev)
		printk("%s%s %s: %pV", level, dev_driver_string(dev),
		       dev_name(dev), &vaf);
	else
		printk("%s(no device): %pV", level, &vaf);
	va_end(args);
}
