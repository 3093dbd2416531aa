/* SPDX-License-Identifier: MIT */
/*
 * Names of guest functions in a backtrace, from the test program's own ELF
 * symbol table: exact, static functions too.
 */
#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/sim/rig.h"

/* Where the program was loaded; its addresses begin with 0 (PIE). */
extern char __executable_start[];

static const uint8_t *file;

static bool map_program(void)
{
	struct stat st;
	int fd;

	if (file)
		return true;
	fd = open("/proc/self/exe", O_RDONLY);
	if (fd < 0)
		return false;
	if (!fstat(fd, &st))
		file = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE,
			    fd, 0);
	close(fd);
	return file && file != MAP_FAILED;
}

static const char *name_in(const Elf64_Shdr *sections, const Elf64_Shdr *table,
			   uint64_t addr)
{
	const Elf64_Sym *sym = (const void *)(file + table->sh_offset);
	const char *strings =
		(const char *)file + sections[table->sh_link].sh_offset;
	size_t i;

	for (i = 0; i < table->sh_size / sizeof(*sym); i++)
		if (ELF64_ST_TYPE(sym[i].st_info) == STT_FUNC &&
		    addr - sym[i].st_value < sym[i].st_size)
			return strings + sym[i].st_name;
	return NULL;
}

static const char *name_of(uintptr_t pc)
{
	const Elf64_Ehdr *head = (const void *)file;
	const Elf64_Shdr *sections = (const void *)(file + head->e_shoff);
	uint64_t addr = pc - (uintptr_t)__executable_start;
	const char *name = NULL;
	unsigned int i;

	for (i = 0; i < head->e_shnum && !name; i++)
		if (sections[i].sh_type == SHT_SYMTAB)
			name = name_in(sections, &sections[i], addr);
	return name ? name : "?";
}

const char *rig_chain(const struct rig_stack *s)
{
	static char text[1024];
	size_t i, len = 0;

	text[0] = '\0';
	if (!map_program())
		return "no symbols";
	for (i = 0; i < s->count && len < sizeof(text); i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s",
					i ? " < " : "", name_of(s->frames[i]));
	return text;
}
