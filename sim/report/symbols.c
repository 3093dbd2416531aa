/* SPDX-License-Identifier: MIT */
/*
 * Finds the object behind a code address and asks the DWARF module for names.
 */
#define _GNU_SOURCE /* dladdr */
#include "sim/report/symbols.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MODULE "../lib/ringside/ringside-symbols.so"
#define MAX_INLINED 16u /* functions at one address */
#define MAX_CHAIN 48u   /* functions of a chain, before it is cut */

static struct {
	const char *path; /* NULL: beside the program */
	bool tried;
	const struct symbols_ops *ops;
} module;

void symbols_use_module(const char *path)
{
	module.path = path;
	module.tried = false;
	module.ops = NULL;
}

static bool beside_program(char *path, size_t size)
{
	ssize_t len = readlink("/proc/self/exe", path, size - 1);
	char *slash;

	if (len <= 0)
		return false;
	path[len] = '\0';
	slash = strrchr(path, '/');
	if (!slash || (size_t)(slash - path) + sizeof(MODULE) + 1 > size)
		return false;
	strcpy(slash + 1, MODULE);
	return true;
}

static const struct symbols_ops *open_module(void)
{
	const struct symbols_ops *(*entry)(void), *ops;
	char path[PATH_MAX];
	void *handle, *symbol;

	if (module.path)
		snprintf(path, sizeof(path), "%s", module.path);
	else if (!beside_program(path, sizeof(path)))
		return NULL;
	handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	symbol = handle ? dlsym(handle, SYMBOLS_ENTRY) : NULL;
	if (!symbol)
		return NULL;
	memcpy(&entry, &symbol, sizeof(entry));
	ops = entry();
	return ops->abi_version == SYMBOLS_ABI_VERSION &&
	       ops->size >= sizeof(*ops) ? ops : NULL;
}

static const struct symbols_ops *load(void)
{
	if (!module.tried)
		module.ops = open_module();
	module.tried = true;
	return module.ops;
}

/* "image+0x1234", without folder and ".so". */
static void nameless(const Dl_info *info, bool known, uintptr_t addr,
		     struct symbols_frame *frame)
{
	const char *path = known && info->dli_fname ? info->dli_fname : "";
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	size_t len = strlen(name);

	if (len > 3 && !strcmp(name + len - 3, ".so"))
		len -= 3;
	if (len > SYMBOLS_NAME - 32)
		len = SYMBOLS_NAME - 32;
	if (known)
		snprintf(frame->function, sizeof(frame->function),
			 "%.*s+0x%lx", (int)len, name,
			 (unsigned long)(addr - (uintptr_t)info->dli_fbase));
	else
		snprintf(frame->function, sizeof(frame->function), "unknown");
	frame->file[0] = '\0';
	frame->line = 0;
}

size_t symbols_resolve(uintptr_t addr, struct symbols_frame *frames,
		       size_t max)
{
	const struct symbols_ops *ops = load();
	Dl_info info;
	bool known = dladdr((void *)addr, &info) != 0;
	size_t n = 0;

	if (!max)
		return 0;
	if (ops && known && info.dli_fname)
		n = ops->resolve(info.dli_fname, (uintptr_t)info.dli_fbase,
				 addr, frames, max);
	if (n)
		return n;
	nameless(&info, known, addr, frames);
	return 1;
}

void symbols_warm(uintptr_t addr)
{
	struct symbols_frame frame;

	symbols_resolve(addr, &frame, 1);
}

/* The guest kernel's own functions: allocators, waits, locks. */
static bool in_kernel(const struct symbols_frame *f)
{
	return !strncmp(f->file, "guestdrv/kernel/", 16) ||
	       !strncmp(f->file, "guestdrv/include/", 17);
}

/* Where a chain begins to tell something: at the kernel's function that a driver
 * called, not deeper in the kernel. */
static size_t chain_start(const struct symbols_frame *frames, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!in_kernel(&frames[i]))
			return i ? i - 1 : 0;
	return 0;
}

void symbols_chain(struct textbuf *out, const uintptr_t *addrs, size_t count,
		   size_t max)
{
	struct symbols_frame frames[MAX_CHAIN];
	size_t i, first, n = 0;

	for (i = 0; i < count && n < MAX_CHAIN; i++)
		n += symbols_resolve(addrs[i], frames + n, MAX_CHAIN - n);
	first = chain_start(frames, n);
	for (i = first; i < n && max; i++) {
		/* A recursion is told once. */
		if (i > first && !strcmp(frames[i].function,
					 frames[i - 1].function))
			continue;
		textbuf_text(out, i > first ? " < " : "");
		textbuf_text(out, frames[i].function);
		max--;
	}
}

/* How many times in a row the address at i stands there. */
static size_t repeats(const uintptr_t *addrs, size_t count, size_t i)
{
	size_t n = 1;

	while (i + n < count && addrs[i + n] == addrs[i])
		n++;
	return n;
}

void symbols_stack(struct textbuf *out, const char *indent,
		   const uintptr_t *addrs, size_t count)
{
	struct symbols_frame frames[MAX_INLINED];
	size_t i, k, n, same;

	for (i = 0; i < count; i += same) {
		same = repeats(addrs, count, i);
		n = symbols_resolve(addrs[i], frames, MAX_INLINED);
		for (k = 0; k < n; k++) {
			textbuf_printf(out, "%s%s", indent,
				       frames[k].function);
			if (frames[k].file[0])
				textbuf_printf(out, "  %s:%d", frames[k].file,
					       frames[k].line);
			/* The middle of a deep stack is not kept, so the
			 * number of calls is not known. */
			textbuf_text(out, same > 1 ? ", again and again\n" :
						     "\n");
		}
	}
}
