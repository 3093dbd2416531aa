/* SPDX-License-Identifier: MIT */
/*
 * The module behind symbols.c: reads DWARF through elfutils' libdwfl.  Apart
 * from the program, so that only a run that prints a backtrace loads the library.
 */
#include <dwarf.h>
#include <elfutils/libdwfl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/report/symbols.h"

static const Dwfl_Callbacks callbacks = {
	.find_elf = dwfl_build_id_find_elf,
	.find_debuginfo = dwfl_standard_find_debuginfo,
};

/* Objects that are open, by where they are loaded; one image for most runs, a few
 * for a suite.  A further one takes the oldest's place. */
#define OPEN_MAX 8u
static struct object {
	Dwfl *dwfl;
	uintptr_t base;
} objects[OPEN_MAX];
static unsigned int oldest;

static Dwfl *open_object(const char *path, uintptr_t base)
{
	struct object *o;
	unsigned int i;

	for (i = 0; i < OPEN_MAX; i++)
		if (objects[i].dwfl && objects[i].base == base)
			return objects[i].dwfl;
	o = &objects[oldest++ % OPEN_MAX];
	if (o->dwfl)
		dwfl_end(o->dwfl);
	o->base = base;
	o->dwfl = dwfl_begin(&callbacks);
	if (!o->dwfl)
		return NULL;
	dwfl_report_begin(o->dwfl);
	if (dwfl_report_elf(o->dwfl, "object", path, -1, base, false) &&
	    !dwfl_report_end(o->dwfl, NULL, NULL))
		return o->dwfl;
	dwfl_end(o->dwfl);
	o->dwfl = NULL;
	return NULL;
}

static bool is_function(Dwarf_Die *die)
{
	int tag = dwarf_tag(die);

	return tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine;
}

static void set_name(struct symbols_frame *f, const char *name)
{
	snprintf(f->function, sizeof(f->function), "%s", name ? name : "?");
}

/* Paths are as the compiler was told: relative to the source root, but libdw
 * puts the build folder in front of them. */
static void set_place(struct symbols_frame *f, const char *file, int line)
{
	static const char *const roots[] = { "guestdrv/", "examples/", "labs/",
					     "tests/", "sim/", "models/" };
	const char *at;
	size_t i;

	f->line = line;
	if (file && !strncmp(file, "./", 2)) /* as a student's file has it */
		file += 2;
	for (i = 0; file && i < sizeof(roots) / sizeof(roots[0]); i++) {
		at = strstr(file, roots[i]);
		if (at && (at == file || at[-1] == '/')) {
			file = at;
			break;
		}
	}
	snprintf(f->file, sizeof(f->file), "%s", file ? file : "");
}

static int attribute(Dwarf_Die *die, unsigned int name)
{
	Dwarf_Attribute attr;
	Dwarf_Word value;

	if (!dwarf_attr(die, name, &attr) || dwarf_formudata(&attr, &value))
		return 0;
	return (int)value;
}

static const char *call_file(Dwarf_Die *cu, Dwarf_Die *die)
{
	Dwarf_Files *files;
	size_t count;

	if (dwarf_getsrcfiles(cu, &files, &count))
		return NULL;
	return dwarf_filesrc(files, (size_t)attribute(die, DW_AT_call_file),
			     NULL, NULL);
}

/* From the innermost function outwards; each one's line is where it called the
 * one before. */
static size_t walk(Dwarf_Die *cu, Dwarf_Die *scopes, int nscopes,
		   struct symbols_frame *frames, size_t max)
{
	size_t n = 0;
	int i;

	for (i = 0; i < nscopes && n < max; i++) {
		if (!is_function(&scopes[i]))
			continue;
		set_name(&frames[n], dwarf_diename(&scopes[i]));
		n++;
		if (dwarf_tag(&scopes[i]) == DW_TAG_subprogram)
			break;
		if (n < max)
			set_place(&frames[n], call_file(cu, &scopes[i]),
				  attribute(&scopes[i], DW_AT_call_line));
	}
	return n;
}

static size_t by_dwarf(Dwfl_Module *m, uintptr_t addr,
		       struct symbols_frame *frames, size_t max)
{
	Dwarf_Addr bias;
	Dwarf_Die *cu = dwfl_module_addrdie(m, addr, &bias), *inner, *scopes;
	Dwfl_Line *line = dwfl_module_getsrc(m, addr);
	int n, number = 0;
	const char *file;
	size_t said;

	if (!cu)
		return 0;
	n = dwarf_getscopes(cu, addr - bias, &inner);
	if (n <= 0)
		return 0;
	/* The scopes around inlined code by nesting, not by origin. */
	n = dwarf_getscopes_die(&inner[0], &scopes);
	free(inner);
	if (n <= 0)
		return 0;
	file = line ? dwfl_lineinfo(line, NULL, &number, NULL, NULL, NULL) :
		      NULL;
	set_place(&frames[0], file, number);
	said = walk(cu, scopes, n, frames, max);
	free(scopes);
	return said;
}

static size_t resolve(const char *path, uintptr_t base, uintptr_t addr,
		      struct symbols_frame *frames, size_t max)
{
	Dwfl *dwfl = open_object(path, base);
	Dwfl_Module *m = dwfl ? dwfl_addrmodule(dwfl, addr) : NULL;
	const char *name;
	size_t n, i;

	if (!m || !max)
		return 0;
	for (i = 0; i < max; i++)
		frames[i] = (struct symbols_frame){ .line = 0 };
	n = by_dwarf(m, addr, frames, max);
	if (n)
		return n;
	name = dwfl_module_addrname(m, addr);
	if (!name)
		return 0;
	set_name(&frames[0], name);
	return 1;
}

static const struct symbols_ops ops = {
	.abi_version = SYMBOLS_ABI_VERSION,
	.size = sizeof(ops),
	.resolve = resolve,
};

const struct symbols_ops *ringside_symbols(void);

__attribute__((visibility("default")))
const struct symbols_ops *ringside_symbols(void)
{
	return &ops;
}
