/* SPDX-License-Identifier: MIT */
/*
 * The guest's own findings: BUG and the stack protector end the run through the
 * machine, WARN writes to the log.
 */
#include "guestdrv/kernel/kernel.h"

#include <linux/bug.h>
#include <linux/scatterlist.h>
#include <linux/string.h>

#define BUG_TEXT_MAX 240

void __stack_chk_fail(void) __noreturn;

void guest_bug(const char *code, const char *fmt, ...)
{
	char text[BUG_TEXT_MAX];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	for (;;)
		gk.calls->bug(gk.m, code, text);
}

void guest_bug_at(const char *file, int line, const char *func,
		  const char *cond)
{
	guest_bug("bug-on", "BUG in %s() at %s:%d%s%s", func, file, line,
		  cond[0] ? ": " : "", cond);
}

void panic(const char *fmt, ...)
{
	char text[BUG_TEXT_MAX];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	guest_bug("bug-on", "panic: %s", text);
}

void guest_warn_at(const char *file, int line, const char *func,
		   const char *cond)
{
	printk(KERN_WARNING "WARNING: %s() at %s:%d: %s\n", func, file, line,
	       cond);
}

void guest_warn_fmt(const char *file, int line, const char *func,
		    const char *fmt, ...)
{
	struct va_format vaf = { .fmt = fmt };
	va_list args;

	va_start(args, fmt);
	vaf.va = &args;
	printk(KERN_WARNING "WARNING: %s() at %s:%d: %pV", func, file, line,
	       &vaf);
	va_end(args);
}

/* Called by code that gcc's -fstack-protector-strong adds. */
void __stack_chk_fail(void)
{
	/* No buffer here: this stack is damaged. */
	for (;;)
		gk.calls->bug(gk.m, "stack-smashed",
			      "a buffer on the stack was overrun");
}

void guest_sg_bad_buffer(const void *buf, unsigned int len)
{
	(void)buf;
	guest_bug("dma-not-able",
		  "a scatterlist entry of %u bytes is on a stack or in static data; no device can reach it",
		  len);
}
